"""Forms of the yearly plan and its lines."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from committees.plans.models import Channel, Committee, DecidedBy, Level, PlanLine, ReviewPlan
from committees.plans.rules import rule_sets
from committees.plans.services import decider_of

from .fields import DayField, MonthField


class NewPlanForm(forms.Form):
    """A new version of a year's plan, empty or copied."""

    year = forms.IntegerField(label=_("Year"), min_value=2018, max_value=2100)
    source = forms.ModelChoiceField(
        ReviewPlan.objects.none(),
        label=_("Copy the lines of"),
        required=False,
        empty_label=_("begin without lines"),
        help_text=_("All days are moved to the new year; check them line by line."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].queryset = ReviewPlan.objects.all()  # type: ignore[attr-defined]


def _judge_days(form: forms.BaseForm, data: dict[str, Any]) -> None:
    """Days in order, at the field that is wrong; the plan is judged as a whole by rules.windows_in_order."""
    opens, closes, unit, month = (
        data.get(name) for name in ("opens_on", "closes_on", "unit_deadline", "meeting_month")
    )
    if opens and closes and closes < opens:
        form.add_error("closes_on", _("The window closes before it opens."))
    elif closes and unit and unit < closes:
        form.add_error("unit_deadline", _("Work units need at least until the window closes."))
    if unit and month and month.replace(day=1) < unit.replace(day=1):
        form.add_error("meeting_month", _("The committee meets after the last day for work units."))


class PlanLineForm(forms.ModelForm):
    """One line of the plan; order of days is checked here already, the rest when the plan is submitted."""

    opens_on = DayField(label=_("Window opens"))
    closes_on = DayField(label=_("Window closes"), help_text=_("The last day, until 24:00."))
    unit_deadline = DayField(label=_("Last day for work units"))
    counted_to = DayField(label=_("Years counted to"))
    meeting_month = MonthField(label=_("Month of the meeting"))
    rule_set = forms.ChoiceField(label=_("Rule set"))
    decided_by = forms.ChoiceField(
        label=_("Decided by"),
        required=False,
        choices=[("", _("as usual for the channel")), *DecidedBy.choices],
        help_text=_("Left open, determination and confirmation go to the bureau, everything else to the committee."),
    )

    class Meta:
        model = PlanLine
        fields = (
            "committee",
            "level",
            "channel",
            "opens_on",
            "closes_on",
            "unit_deadline",
            "counted_to",
            "counted_years",
            "decided_by",
            "meeting_month",
            "rule_set",
            "unit_publicity_days",
            "result_publicity_days",
            "supplement_days",
            "pre_review_days",
        )
        help_texts = {"pre_review_days": _("The persons going to the meeting are publicised before it; 0: not.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rule_set"].choices = [(rules.key, rules.key) for rules in rule_sets()]  # type: ignore[attr-defined]
        self.fields["committee"].queryset = Committee.objects.active()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Days in order, day counts at least 1, the line only once."""
        data = super().clean() or {}
        _judge_days(self, data)
        for name in ("unit_publicity_days", "result_publicity_days", "supplement_days"):
            if data.get(name) == 0:
                self.add_error(name, _("At least one working day."))
        data["decided_by"] = data.get("decided_by") or decider_of(data.get("channel") or Channel.REGULAR)
        bureau = data.get("decided_by") not in (None, DecidedBy.COMMITTEE)
        if bureau and data.get("channel") not in (Channel.PRELIMINARY, Channel.CONFIRMATION):
            self.add_error("decided_by", _("Only determination and confirmation are decided without a vote."))
        key = {name: data.get(name) for name in ("committee", "level", "channel")}
        if all(key.values()) and self.instance.plan.lines.filter(**key).exclude(pk=self.instance.pk).exists():
            self.add_error("channel", _("The plan has a line for this committee, level and channel already."))
        return data


class SuggestionForm(forms.Form):
    """What a committee would like its line of the plan to be (评委会建议); in words it is the reason on record."""

    committee = forms.ModelChoiceField(Committee.objects.none(), label=_("Committee"))
    level = forms.ChoiceField(label=_("Level"), choices=Level.choices)
    channel = forms.ChoiceField(label=_("Channel"), choices=Channel.choices)
    opens_on = DayField(label=_("Window opens"))
    closes_on = DayField(label=_("Window closes"), help_text=_("The last day, until 24:00."))
    unit_deadline = DayField(label=_("Last day for work units"))
    meeting_month = MonthField(label=_("Month of the meeting"))
    reason = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The bureau reads it beside the dates."),
    )  # fmt: skip

    def __init__(self, *args: Any, obj: ReviewPlan, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = Committee.objects.active().filter(office=user.acting_organisation_id)
        self.fields["committee"].queryset = own  # type: ignore[attr-defined]
        line = obj.lines.filter(committee__in=own).order_by("pk").first()
        if line is not None:
            self.initial |= {name: getattr(line, name) for name in self.fields if name != "reason"}

    def clean(self) -> dict[str, Any]:
        """Days in order; the key of the committee and the first day of the month go on record."""
        data = super().clean() or {}
        if self.errors:
            return data
        _judge_days(self, data)
        opens, closes, unit, month = (
            data[name] for name in ("opens_on", "closes_on", "unit_deadline", "meeting_month")
        )
        line = PlanLine(committee=data["committee"], level=data["level"], channel=data["channel"])
        said = gettext("{line}: {opens} to {closes}, units until {unit}, meeting in {month}. {why}")
        words = said.format(
            line=line, opens=opens, closes=closes, unit=unit, month=f"{month:%Y-%m}", why=data["reason"]
        )
        return {**data, "committee": data["committee"].pk, "reason": words}
