"""The yearly review plan (年度评审计划) and its lines."""

import datetime as dt

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Deferrable, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.records import TransitionRecord
from committees.plans.querysets import IN_FORCE, PlanLineQuerySet, PlanQuerySet

from .committees import Committee
from .decisions import BureauDecision
from .register import Level


class Channel(models.TextChoices):
    """申报途径: by which way a title is asked for."""

    REGULAR = "regular", _("regular review")
    PRELIMINARY = "preliminary", _("preliminary determination")
    CONFIRMATION = "confirmation", _("confirmation of a title held elsewhere")
    TRANSFER = "transfer", _("transfer to another series")
    EXCEPTIONAL = "exceptional", _("exceptional application")
    RECOMMEND = "recommend", _("recommendation to the province")
    SPECIAL = "special", _("case by case for urgently needed talent")
    AUTONOMOUS = "autonomous", _("autonomous unit")
    EXAM_PLUS = "exam_plus", _("examination plus appraisal")  # 考评结合


class DecidedBy(models.TextChoices):
    """Who decides about the persons of a line: the committee by vote, or a bureau without one (R-21, a setting)."""

    COMMITTEE = "committee", _("the committee by vote")
    CITY_BUREAU = "city_bureau", _("the municipal bureau without a vote")
    COUNTY_BUREAU = "county_bureau", _("the county bureau of the unit without a vote")


def counted_years_default() -> int:
    """How many years a new line counts, from the settings."""
    return int(settings.PORTAL_COUNTED_YEARS)


@pghistory.track()
class ReviewPlan(BureauDecision):
    """One version of the plan of a year; a later version, once approved, supersedes it."""

    year = models.PositiveSmallIntegerField(_("year"), validators=[MinValueValidator(2018), MaxValueValidator(2100)])
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    copied_from = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="copies")

    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = _("review plan")
        ordering = ["-year", "-version"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.UniqueConstraint(fields=["year", "version"], name="plan_version_once"),
            # Deferred: the approval of a version supersedes the one before it within the same transaction.
            ExclusionConstraint(
                name="plan_one_in_force",
                expressions=[("year", RangeOperators.EQUAL)],
                condition=Q(status__in=["approved", "published"]),
                deferrable=Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return str(_("Review plan {year}, version {version}").format(year=self.year, version=self.version))

    def get_absolute_url(self) -> str:
        """Its page at the bureau."""
        return reverse("plans:plan-detail", args=[self.pk])

    def return_items(self) -> list[tuple[object, object]]:
        """What can be sent back one by one: each line."""
        return [(line.pk, line) for line in self.lines.select_related("committee")]

    def decision_content(self) -> dict[str, object]:
        """What the bureau confirms: every line with its dates and day counts, by committee, level and channel."""
        return {
            "year": self.year,
            "version": self.version,
            "lines": {
                f"{line.committee.code} {line.level} {line.channel}": line.content()
                for line in self.lines.select_related("committee")
            },
        }


class PlanRecord(TransitionRecord):
    """Who moved a review plan."""

    subject = models.ForeignKey(ReviewPlan, models.PROTECT, related_name="records")


@pghistory.track()
class PlanLine(models.Model):
    """One row of the plan: committee × level × channel, its declaration window and meeting month.

    The three day counts are working days, prefilled from settings and approved with the plan: the notice of 2018 gives
    no length for publicity. ``counted_to`` is the cut-off day for years of service. ``rule_set`` names the rules of the
    cycle (``PORTAL_RULE_SETS``). ``decided_by`` is a bureau only where a title is determined or confirmed without a
    vote.
    """

    plan = models.ForeignKey(ReviewPlan, models.PROTECT, related_name="lines")
    committee = models.ForeignKey(Committee, models.PROTECT, related_name="plan_lines", verbose_name=_("committee"))
    level = models.CharField(_("level"), max_length=20, choices=Level.choices)
    channel = models.CharField(_("channel"), max_length=14, choices=Channel.choices, default=Channel.REGULAR)
    opens_on = models.DateField(_("window opens"))
    closes_on = models.DateField(_("window closes"))
    # set by an extension for everybody (延期) alone, after a logged outage; never part of what was approved
    extended_to = models.DateField(_("window extended to"), null=True, blank=True, editable=False)
    unit_deadline = models.DateField(_("last day for work units"))
    counted_to = models.DateField(_("years counted to"))
    counted_years = models.PositiveSmallIntegerField(
        _("years of continuing education and assessments counted"),
        default=counted_years_default,
        validators=[MaxValueValidator(10)],
    )
    decided_by = models.CharField(
        _("decided by"), max_length=14, choices=DecidedBy.choices, default=DecidedBy.COMMITTEE
    )
    meeting_month = models.DateField(_("month of the meeting"))
    # taken over from the year before and not looked at yet; never part of what is approved, for it stops submission
    dates_to_confirm = models.BooleanField(default=False, editable=False)
    rule_set = models.CharField(_("rule set"), max_length=20)
    unit_publicity_days = models.PositiveSmallIntegerField(_("unit publicity, working days"))
    result_publicity_days = models.PositiveSmallIntegerField(_("result publicity, working days"))
    supplement_days = models.PositiveSmallIntegerField(_("reply to a supplement notice, working days"))
    # 评前公示: the persons going to the meeting, before it; 0: the plan foresees none
    pre_review_days = models.PositiveSmallIntegerField(_("publicity before the meeting, working days"), default=0)

    objects = PlanLineQuerySet.as_manager()

    class Meta:
        verbose_name = _("plan line")
        ordering = ["committee__code", "level", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "committee", "level", "channel"], name="plan_line_once"),
            models.CheckConstraint(condition=Q(opens_on__lte=F("closes_on")), name="plan_line_window"),
            models.CheckConstraint(
                condition=Q(extended_to__isnull=True) | Q(extended_to__gte=F("closes_on")), name="plan_line_only_longer"
            ),
            models.CheckConstraint(condition=Q(unit_deadline__gte=F("opens_on")), name="plan_line_unit_deadline"),
            models.CheckConstraint(
                condition=Q(unit_publicity_days__gte=1, result_publicity_days__gte=1, supplement_days__gte=1),
                name="plan_line_days",
            ),
            models.CheckConstraint(
                condition=Q(decided_by="committee") | Q(channel__in=["preliminary", "confirmation"]),
                name="plan_line_decided_by",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.committee} · {self.get_level_display()} · {self.get_channel_display()}"

    @property
    def year(self) -> int:
        """The year of the plan."""
        return self.plan.year

    @property
    def last_day(self) -> dt.date:
        """The closing day for everybody: that of the plan, or the later one of an extension (延期)."""
        return max(self.closes_on, self.extended_to or self.closes_on)

    @property
    def is_in_force(self) -> bool:
        """Whether the plan and the committee are in force, whatever the day."""
        return self.plan.status in IN_FORCE and self.committee.status == Committee.Status.ACTIVE

    @property
    def by_vote(self) -> bool:
        """Whether a committee decides; where it does not, the level need not lie in its scope."""
        return self.decided_by == DecidedBy.COMMITTEE

    def is_open(self, day: dt.date | None = None) -> bool:
        """Whether declarations may be handed in on the day (today when none is given)."""
        asked = day or clock.today()
        return self.is_in_force and self.opens_on <= asked <= self.last_day

    def content(self) -> dict[str, object]:
        """What is approved with the plan."""
        names = (
            "opens_on", "closes_on", "unit_deadline", "counted_to", "counted_years", "decided_by", "meeting_month",
            "rule_set", "unit_publicity_days", "result_publicity_days", "supplement_days", "pre_review_days",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}
