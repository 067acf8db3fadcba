"""Forms around the end of the window: interruptions, extensions, the check of a receipt."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from applications.models import Outage
from appraisal_portal.accounts.models import Person
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.days import last_day_said
from appraisal_portal.kernel.identity import normalise_id_number
from committees.plans.forms.fields import DayField
from committees.plans.models import PlanLine


class Moment(forms.DateTimeField):
    """A minute on the clock of Asia/Shanghai (``TIME_ZONE``)."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "class": "w20"}, format="%Y-%m-%dT%H:%M")

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("error_messages", {"invalid": _("Write the time like 2026-03-01 14:30.")})
        super().__init__(**kwargs)


class OutageForm(forms.Form):
    """What did not work, from when to when."""

    what = forms.CharField(label=_("What did not work"), max_length=300)
    starts_at = Moment(label=_("From"), help_text=_("Beijing time."))
    ends_at = Moment(label=_("To"), help_text=_("Beijing time; log it when it is over."))


class LineChoice(forms.ModelChoiceField):
    """A line with its present closing day."""

    def label_from_instance(self, obj: PlanLine) -> str:
        """Committee, level, way, day."""
        return _("{line}, closes on {day}").format(line=obj, day=last_day_said(obj.last_day))


class ExtensionForm(forms.Form):
    """For whom the window stays open longer, until when and why."""

    line = LineChoice(
        PlanLine.objects.none(), label=_("Line of the plan"), empty_label=_("Please choose"),
    )  # fmt: skip
    whom = forms.ChoiceField(
        label=_("For whom"),
        choices=[("one", _("For one person")), ("all", _("For everybody, after a logged interruption"))],
        widget=forms.RadioSelect,
        initial="one",
    )
    id_number = forms.CharField(
        label=_("Document number of the person"), max_length=30, required=False,
        help_text=_("Only for one person. The whole number, so that nobody else is meant."),
    )  # fmt: skip
    outage = forms.ModelChoiceField(
        Outage.objects.none(), label=_("Interruption"), required=False, empty_label=_("Please choose"),
        help_text=_("Only for everybody. The operator logs interruptions."),
    )  # fmt: skip
    until = DayField(label=_("New last day"), help_text=_("Until 24:00."))
    reason = forms.CharField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Both people of the bureau and the supervisor read it."),
    )  # fmt: skip

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = PlanLine.objects.in_force().filter(unit_deadline__gte=clock.today())
        self.fields["line"].queryset = lines.select_related("committee", "plan")  # type: ignore[attr-defined]
        self.fields["outage"].queryset = Outage.objects.visible_to(user)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """``person`` for one, ``outage`` for everybody; the other one is left out."""
        data = super().clean() or {}
        data["person"] = None
        if data.get("whom") == "all":
            if not data.get("outage") and "outage" not in self.errors:
                self.add_error("outage", _("Choose the logged interruption."))
            return data
        data["outage"] = None
        number = normalise_id_number(data.get("id_number") or "")
        if not number:
            self.add_error("id_number", _("Enter the document number of the person."))
            return data
        data["person"] = Person.objects.filter(id_number=number).first()
        if data["person"] is None:
            self.add_error("id_number", _("Nobody with this document number is registered."))
        return data


class ReceiptCheckForm(forms.Form):
    """Number and code, as both stand on the receipt."""

    number = forms.CharField(label=_("Number of the declaration"), max_length=40)
    code = forms.CharField(
        label=_("Check code of the receipt"), max_length=80,
        help_text=_("16 characters on the receipt, or the whole SHA-256 hash."),
    )  # fmt: skip
