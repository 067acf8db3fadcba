"""Forms of entrusted appraisal: the letter, and what the higher committee decided about each person."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal.accounts.forms.fields import day_field
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.telephones import reachable
from appraisal_portal.kernel.widgets import UploadField
from committees.reviews.models import EntrustmentItem, EntrustmentLetter, ExternalResult, ExternalResultItem

OPEN = "open"


class LetterForm(forms.ModelForm):
    """Whom the bureau entrusts and who answers questions."""

    class Meta:
        model = EntrustmentLetter
        fields = ["addressee", "contact", "phone"]
        help_texts = {
            "addressee": gettext_lazy("The higher committee as its own letters name it, or the body that keeps it.")
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"].validators.append(reachable)
        self.helper = FormHelper()
        self.helper.attrs = {"novalidate": True}
        self.helper.add_input(Submit("save", gettext_lazy("Store and look through")))


class ResultForm(forms.Form):
    """The document from outside; ``outcome-<item>`` and ``reason-<item>`` for each person it can be about."""

    authority = forms.CharField(label=gettext_lazy("Decided by"), max_length=100)
    reference = forms.CharField(
        label=gettext_lazy("Number of the document"), max_length=60, help_text=gettext_lazy("As printed on it.")
    )
    dated = day_field(gettext_lazy("Date of the document"))
    file = UploadField(label=gettext_lazy("The document (PDF, JPEG or PNG, at most 10 MB)"))

    def __init__(
        self, *args: Any, items: list[EntrustmentItem], result: ExternalResult | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.items = items
        self.fields["dated"].widget.attrs["max"] = clock.today().isoformat()
        before: dict[int, tuple[str, str]] = {}
        if result is not None:
            self.fields["file"].required = False
            self.fields["file"].help_text = _("Leave empty to keep: {name}").format(name=result.file)
            before = {row.item_id: (row.outcome, row.reason) for row in result.items.all()}
        for item in items:
            name = item.report_item.data_3_6["name"]
            outcome, reason = before.get(item.pk, (OPEN, ""))
            self.fields[f"outcome-{item.pk}"] = forms.ChoiceField(
                label=_("Outcome for %(name)s") % {"name": name},
                choices=[(OPEN, _("not in this document")), *ExternalResultItem.Outcome.choices],
                initial=outcome,
            )
            self.fields[f"reason-{item.pk}"] = forms.CharField(
                label=_("Reason for %(name)s, when refused") % {"name": name},
                max_length=300,
                required=False,
                initial=reason,
            )

    def clean(self) -> dict[str, Any]:
        """Somebody is in the document."""
        given = super().clean() or {}
        if not any(given.get(f"outcome-{item.pk}") in ExternalResultItem.Outcome.values for item in self.items):
            self.add_error(None, _("Enter the outcome of at least one person."))
        return given

    def outcomes(self) -> dict[int, tuple[str, str]]:
        """Item → (outcome, reason), those not in the document aside; a grant needs no reason."""
        given = self.cleaned_data
        found = {item.pk: (given[f"outcome-{item.pk}"], given[f"reason-{item.pk}"]) for item in self.items}
        return {
            pk: (outcome, reason if outcome == ExternalResultItem.Outcome.REFUSED else "")
            for pk, (outcome, reason) in found.items()
            if outcome != OPEN
        }

    def values(self) -> dict[str, Any]:
        """The columns of the result but the file."""
        return {name: self.cleaned_data[name] for name in ("authority", "reference", "dated")}

    def rows(self) -> list[tuple[Any, Any, Any]]:
        """(item, control of the outcome, control of the reason) of each person."""
        return [(item, self[f"outcome-{item.pk}"], self[f"reason-{item.pk}"]) for item in self.items]
