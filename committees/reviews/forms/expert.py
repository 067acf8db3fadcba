"""Forms of the pool of experts and its draws."""

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.widgets import UploadField, UploadInput
from committees.plans.models import Committee
from committees.reviews.models import Expert
from committees.reviews.services import experts

_DAY = {"type": "date", "class": "w10"}
_LINE = re.compile(r"(.+?)[:：=\s]\s*([0-9]{1,3})")


class ExpertForm(forms.ModelForm):
    """One expert of the pool."""

    class Meta:
        model = Expert
        fields = ("committee", "name", "unit", "held_title", "specialty", "phone", "account", "term_from", "term_until")
        widgets = {
            "term_from": forms.DateInput(format="%Y-%m-%d", attrs=_DAY),
            "term_until": forms.DateInput(format="%Y-%m-%d", attrs=_DAY),
        }
        help_texts = {"account": _("The juror's account that answers invitations. Without one nobody is drawn.")}

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Committee.objects.filter(office=user.acting_organisation_id)
        self.fields["committee"].queryset = own  # type: ignore[attr-defined]
        jurors = {user.pk for committee in own for user in experts.jurors_of(committee).values()}
        accounts = self.fields["account"].queryset.filter(pk__in=jurors)  # type: ignore[attr-defined]
        self.fields["account"].queryset = accounts.order_by("full_name", "pk")  # type: ignore[attr-defined]
        self.initial.setdefault("committee", own.first())

    def _post_clean(self) -> None:
        """Values go onto the row; what must hold is said by the service, at the field it belongs to."""
        self.instance = forms.models.construct_instance(self, self.instance, self._meta.fields)


class RosterForm(forms.Form):
    """A roster of experts from Excel."""

    committee = forms.ModelChoiceField(Committee.objects.none(), label=_("Committee"))
    file = UploadField(label=_("Workbook (.xlsx)"), check=None, widget=UploadInput(attrs={"accept": ".xlsx"}))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Committee.objects.filter(office=user.acting_organisation_id)
        self.fields["committee"].queryset = own  # type: ignore[attr-defined]
        self.initial.setdefault("committee", own.first())


class PoolFilter(forms.Form):
    """What the list of the pool is narrowed to."""

    q = forms.CharField(label=_("Name or unit"), required=False)
    specialty = forms.ChoiceField(label=_("Specialty"), required=False)
    term = forms.ChoiceField(
        label=_("Term"), required=False,
        choices=[("", _("All")), ("now", _("In office today")), ("over", _("Not in office today"))],
    )  # fmt: skip
    account = forms.ChoiceField(
        label=_("Account"), required=False,
        choices=[("", _("All")), ("with", _("Can be drawn")), ("without", _("Without an account"))],
    )  # fmt: skip

    def __init__(self, *args: Any, specialties: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["specialty"].choices = [("", _("All")), *((name, name) for name in specialties)]  # type: ignore[attr-defined]

    def narrowed(self, rows: Any, today: dt.date) -> Any:
        """The rows that match; nonsense in the address narrows nothing."""
        self.is_valid()
        chosen = self.cleaned_data
        for word in chosen.get("q", "").split():
            rows = rows.filter(name__contains=word) | rows.filter(unit__contains=word)
        if chosen.get("specialty"):
            rows = rows.filter(specialty=chosen["specialty"])
        if chosen.get("term"):
            in_office = rows.model.objects.in_term(today).values("pk")
            rows = rows.filter(pk__in=in_office) if chosen["term"] == "now" else rows.exclude(pk__in=in_office)
        if chosen.get("account"):
            rows = rows.filter(account__isnull=chosen["account"] == "without")
        return rows


class DrawForm(forms.Form):
    """How many, of which specialties at least, how many of one unit at most."""

    wanted = forms.IntegerField(label=_("Experts to draw"), min_value=1, max_value=99)
    specialties = forms.CharField(
        label=_("At least so many of a specialty"), required=False,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=_("One a line, like “森林培育 3”."),
    )  # fmt: skip
    per_unit = forms.IntegerField(
        label=_("At most so many of one work unit"), min_value=0, max_value=99, initial=0, required=False,
        help_text=_("0: no limit."),
    )  # fmt: skip

    def __init__(self, *args: Any, known: set[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = known

    def clean_specialties(self) -> dict[str, int]:
        """{name: number}; a line that is none, or a specialty nobody has, is named."""
        found: dict[str, int] = {}
        for line in filter(None, map(str.strip, self.cleaned_data["specialties"].splitlines())):
            match = _LINE.fullmatch(line)
            if match is None:
                raise forms.ValidationError(_("“%(line)s” is not a specialty and a number."), params={"line": line})
            if match[1] not in self.known:
                raise forms.ValidationError(
                    _("Nobody in the pool has the specialty “%(name)s”."), params={"name": match[1]}
                )
            found[match[1]] = int(match[2])
        return found

    def clean(self) -> dict[str, Any]:
        """The parts cannot be more than the whole."""
        data = super().clean() or {}
        data["per_unit"] = data.get("per_unit") or 0
        if sum((data.get("specialties") or {}).values()) > (data.get("wanted") or 99):
            self.add_error("specialties", _("These are more than are drawn."))
        return data
