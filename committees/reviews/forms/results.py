"""Forms of publicity and reports."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.telephones import reachable
from committees.reviews.models import ReportItem, ResultPublicity


def _helper(label: Any) -> FormHelper:
    helper = FormHelper()
    helper.attrs = {"novalidate": True}
    helper.add_input(Submit("save", label))
    return helper


class PublicityForm(forms.ModelForm):
    """Where the list is made public and whom readers can reach."""

    class Meta:
        model = ResultPublicity
        fields = ["how", "contact", "phone"]
        help_texts = {
            "how": _("For instance: the title column of the bureau's site, and the notice board of the office.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].validators.append(reachable)
        self.helper = _helper(_("Make the list"))


class DecisionsForm(forms.Form):
    """The reviewer's decision on each person of a report, a row of the table each."""

    def __init__(self, *args: Any, items: list[ReportItem], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        for item in items:
            name = item.data_3_6["name"]
            before = ReportItem.Decision.APPROVED if item.decision == ReportItem.Decision.PENDING else item.decision
            self.fields[f"decision-{item.pk}"] = forms.ChoiceField(
                label=_("Decision on %(name)s") % {"name": name},
                choices=[
                    (word.value, word.label) for word in (ReportItem.Decision.APPROVED, ReportItem.Decision.REJECTED)
                ],
                initial=before,
            )
            self.fields[f"reason-{item.pk}"] = forms.CharField(
                label=_("Reason for %(name)s, when not approved") % {"name": name},
                max_length=ReportItem._meta.get_field("reason").max_length,
                required=False,
                initial=item.reason,
                widget=forms.Textarea(attrs={"rows": 2, "class": "w20"}),
            )

    def decisions(self) -> dict[int, tuple[str, str]]:
        """Item pk → (decision, reason), from valid input."""
        given = self.cleaned_data
        return {item.pk: (given[f"decision-{item.pk}"], given[f"reason-{item.pk}"]) for item in self.items}

    def of(self, item: ReportItem) -> dict[str, Any]:
        """The two controls of a person, empty for somebody who is not decided on."""
        if f"decision-{item.pk}" not in self.fields:
            return {}
        return {"decision": self[f"decision-{item.pk}"], "reason": self[f"reason-{item.pk}"]}


class ReportForm(forms.Form):
    """Whom the bureau can ask about the report."""

    contact = forms.CharField(label=_("Contact person"), max_length=50)
    phone = forms.CharField(label=_("Telephone"), max_length=20, validators=[reachable])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(_("Prepare the report"))
