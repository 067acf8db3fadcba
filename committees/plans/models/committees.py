"""Committees, their terms and members, and what each may review."""

import datetime as dt

import pghistory
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import Organisation
from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.records import TransitionRecord
from committees.plans.querysets import CommitteeQuerySet, ScopeQuerySet, TermQuerySet

from .decisions import BureauDecision
from .ranges import Days
from .register import Level, Series, Subfield


@pghistory.track()
class Committee(models.Model):
    """评审委员会: its office in a sector bureau, the highest level it reviews, its quorum and pass fractions."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("Active")
        SUSPENDED = "suspended", _("Suspended")

    name = models.CharField(_("designation"), max_length=100)
    code = models.CharField(_("code"), max_length=3, unique=True, validators=[RegexValidator(r"^\d{3}$")])
    office = models.ForeignKey(Organisation, models.PROTECT, related_name="committees")
    top_level = models.CharField(_("highest level"), max_length=20, choices=Level.choices)
    quorum_num = models.PositiveSmallIntegerField(default=2)
    quorum_den = models.PositiveSmallIntegerField(default=3)
    pass_num = models.PositiveSmallIntegerField(default=2)
    pass_den = models.PositiveSmallIntegerField(default=3)
    member_count_min = models.PositiveSmallIntegerField(_("smallest number of members"), default=7)
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.ACTIVE)

    objects = CommitteeQuerySet.as_manager()

    class Meta:
        verbose_name = _("committee")
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(quorum_num__gt=0, quorum_num__lte=F("quorum_den")), name="committee_quorum_fraction"
            ),
            models.CheckConstraint(
                condition=Q(pass_num__gt=0, pass_num__lte=F("pass_den")), name="committee_pass_fraction"
            ),
            models.CheckConstraint(condition=Q(code__regex=r"^[0-9]{3}$"), name="committee_code_digits"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("plans:committee-detail", args=[self.pk])

    def term_on(self, day: dt.date) -> "CommitteeTerm | None":
        """The approved term that runs on the day."""
        return self.terms.valid_on(day).first()

    def quorum(self, members: int) -> int:
        """Smallest attendance of that many members that makes a quorum (integer arithmetic, rounded up)."""
        return -(-members * self.quorum_num // self.quorum_den)


class CommitteeRecord(TransitionRecord):
    """Who suspended or restored a committee."""

    subject = models.ForeignKey(Committee, models.PROTECT, related_name="records")


@pghistory.track()
class CommitteeTerm(BureauDecision):
    """届: at most three years (setting), confirmed by the bureau; no meeting outside an approved term."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="terms")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    approval_document = models.CharField(_("approval document"), max_length=100, blank=True)
    copied_from = models.OneToOneField("self", models.PROTECT, null=True, editable=False, related_name="copy")
    dates_to_confirm = models.BooleanField(default=False, editable=False)  # as of a line of the plan

    objects = TermQuerySet.as_manager()

    class Meta:
        verbose_name = _("committee term")
        ordering = ["-starts_on", "committee"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="term_span"),
            ExclusionConstraint(
                name="term_once",
                expressions=[
                    ("committee", RangeOperators.EQUAL),
                    (Days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=["approved", "published"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.committee} {self.starts_on:%Y-%m-%d} – {self.ends_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("plans:term-detail", args=[self.pk])

    def members_on(self, day: dt.date) -> models.QuerySet["CommitteeMember"]:
        """Who belongs to the committee on the day, alternates aside."""
        return self.members.filter(Q(left_on__isnull=True) | Q(left_on__gte=day), joined_on__lte=day).exclude(
            office=CommitteeMember.Office.ALTERNATE
        )

    def return_items(self) -> list[tuple[object, object]]:
        """What can be sent back one by one: days, document, each seat."""
        seats = self.members.select_related("user").order_by("pk")
        return [
            ("days", _("first day and last day")),
            ("document", self._meta.get_field("approval_document").verbose_name),
            *((seat.pk, f"{seat.user.full_name} · {seat.get_office_display()}") for seat in seats),
        ]

    def decision_content(self) -> dict[str, object]:
        """What the bureau confirms: span, document, and everybody by name and office."""
        return {
            "committee": self.committee.name,
            "starts_on": self.starts_on,
            "ends_on": self.ends_on,
            "approval_document": self.approval_document,
            "members": [
                {"name": m.user.full_name, "office": m.office, "specialty": m.specialty, "unit": m.unit}
                for m in self.members.select_related("user").order_by("pk")
            ],
        }


class TermRecord(TransitionRecord):
    """Who moved a committee term."""

    subject = models.ForeignKey(CommitteeTerm, models.PROTECT, related_name="records")


@pghistory.track()
class CommitteeMember(models.Model):
    """评委: a juror in a term."""

    class Office(models.TextChoices):
        CHAIR = "chair", _("chair")
        VICE_CHAIR = "vice_chair", _("vice chair")
        MEMBER = "member", _("member")
        ALTERNATE = "alternate", _("alternate")

    term = models.ForeignKey(CommitteeTerm, models.PROTECT, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="committee_seats")
    office = models.CharField(_("seat on the committee"), max_length=10, choices=Office.choices, default=Office.MEMBER)
    specialty = models.CharField(_("specialty"), max_length=60, blank=True)
    unit = models.CharField(_("work unit"), max_length=100, blank=True)
    joined_on = models.DateField(_("since"))
    left_on = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("committee member")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["term", "user"], name="member_once"),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")), name="member_span"
            ),
        ]

    def __str__(self) -> str:
        return _("{user} ({office})").format(user=self.user, office=self.get_office_display())


@pghistory.track()
class CommitteeScope(models.Model):
    """评审范围: which committee reviews, or only recommends, a subfield at a level for a kind of employer.

    One answer for each question and day: *scope_once* excludes a second row for the same five keys.
    """

    class Action(models.TextChoices):
        REVIEW = "review", _("reviews")
        RECOMMEND = "recommend", _("recommends to the province")

    class Source(models.TextChoices):
        NOTICE = "notice", _("said by the notice")
        BUREAU = "bureau", _("set by the bureau")

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="scopes")
    series = models.ForeignKey(Series, models.PROTECT, related_name="scopes")
    subfield = models.ForeignKey(Subfield, models.PROTECT, null=True, blank=True, related_name="scopes")
    level = models.CharField(_("level"), max_length=20, choices=Level.choices)
    employer_kind = models.CharField(
        _("kind of employer"), max_length=20, choices=Organisation.EmployerKind.choices, blank=True
    )
    action = models.CharField(_("action"), max_length=10, choices=Action.choices)
    source = models.CharField(max_length=10, choices=Source.choices, default=Source.BUREAU)
    basis = models.CharField(max_length=60, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = ScopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("committee scope")
        ordering = ["committee", "series", "subfield", "level"]
        constraints = [
            ExclusionConstraint(
                name="scope_once",
                expressions=[
                    ("series", RangeOperators.EQUAL),
                    (
                        Coalesce(F("subfield"), 0, output_field=models.BigIntegerField()),
                        RangeOperators.EQUAL,
                    ),
                    ("level", RangeOperators.EQUAL),
                    ("employer_kind", RangeOperators.EQUAL),
                    ("action", RangeOperators.EQUAL),
                    (Days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="scope_span"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.committee}: {self.subfield or self.series} {self.get_level_display()}"

    def covers(self, series: int, subfield: int | None, level: str, employer_kind: str, day: dt.date) -> bool:
        """The question of :meth:`ScopeQuerySet.asked` to a row that has been read already (series, subfield: keys)."""
        return (
            (self.series_id, self.level) == (series, level)
            and self.subfield_id in (None, subfield)
            and self.employer_kind in ("", employer_kind)
            and self.valid_from <= day
            and (self.valid_to is None or day <= self.valid_to)
        )
