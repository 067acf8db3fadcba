"""Forms of the yearly plan and its lines."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.plans.models import Channel, Committee, DecidedBy, PlanLine, ReviewPlan
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
        opens, closes, unit = (data.get(name) for name in ("opens_on", "closes_on", "unit_deadline"))
        if opens and closes and closes < opens:
            self.add_error("closes_on", _("The window closes before it opens."))
        elif closes and unit and unit < closes:
            self.add_error("unit_deadline", _("Work units need at least until the window closes."))
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
