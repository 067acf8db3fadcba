"""Independent appraisal (自主评聘): what is delegated to a unit, its plan of a year, the log, and the filed results."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import Organisation, PostStructure
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.differences import NAMES
from appraisal_portal.kernel.models import Upload
from appraisal_portal.kernel.records import TransitionRecord
from appraisal_portal.kernel.returning import by_place
from committees.autonomous.querysets import AutonomousPlanQuerySet, DelegationQuerySet, FiledBatchQuerySet
from committees.plans.models import Level, Series, Title

JUNIOR = (str(Level.TECHNICIAN), str(Level.ASSISTANT))
"""What schools may be given (notice II(5)): junior teacher titles."""


class Delegation(TwoPerson):
    """The bureau, for a school also its county bureau, leaves titles of a series to a unit from a day on (notice II).

    ``authority`` decides with two people: about the delegation, the plans under it and the results filed.
    """

    class Kind(models.TextChoices):
        UNIVERSITY = "university", _("university or college")  # 高等学校
        HOSPITAL = "hospital", _("hospital")  # 医疗卫生机构
        INSTITUTE = "institute", _("research institute")  # 科研院所
        SCHOOL = "school", _("primary or secondary school")  # 中小学

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Waiting for the second person")
        RETURNED = "returned", _("Returned")
        IN_FORCE = "in_force", _("In force")
        ENDED = "ended", _("Ended")

    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="delegations", verbose_name=_("unit"))
    kind = models.CharField(_("kind of unit"), max_length=10, choices=Kind.choices)
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="delegated")
    series = models.ForeignKey(Series, models.PROTECT, related_name="delegations", verbose_name=_("series"))
    levels = ArrayField(models.CharField(max_length=20, choices=Level.choices), verbose_name=_("levels"))
    document = models.CharField(_("number of the document"), max_length=60)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = DelegationQuerySet.as_manager()

    class Meta(TwoPerson.Meta):
        abstract = False
        verbose_name = _("delegation of independent appraisal")
        ordering = ["-pk"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="delegation_span"
            ),
            models.CheckConstraint(
                condition=~Q(kind="school") | Q(levels__contained_by=list(JUNIOR)), name="delegation_school_junior"
            ),
            ExclusionConstraint(
                name="delegation_once",
                condition=Q(status="in_force"),
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("series", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_on"), F("ends_on"), Value("[]"),
                            function="daterange", output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.unit} · {self.series}"

    def get_absolute_url(self) -> str:
        """Its page for authority, unit and supervisor."""
        return reverse("autonomous:delegation-detail", args=[self.pk])

    @property
    def level_words(self) -> str:
        """The levels in words, the lowest first."""
        return str(_(", ")).join(str(label) for code, label in Level.choices if code in self.levels)

    def decision_content(self) -> dict[str, Any]:
        """Which titles are left to whom, from when, by which document."""
        return {
            "unit": self.unit.name, "kind": self.kind, "series": self.series.name, "levels": sorted(self.levels),
            "document": self.document, "starts_on": self.starts_on, "ends_on": self.ends_on,
        }  # fmt: skip


class DelegationRecord(TransitionRecord):
    """Who proposed, decided and ended a delegation."""

    subject = models.ForeignKey(Delegation, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


class AutonomousPlan(TwoPerson):
    """What a unit wants to appraise in a year and how (自主评聘方案); nothing starts before the authority's consent.

    ``due_on``: last day for the plan; ``result_due_on``: last day for results and work summary. The authority opens
    the plan with both days; those of universities are the notice's.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for the authority")
        PROPOSED = "proposed", _("Waiting for the second person")
        RETURNED = "returned", _("Returned")
        CONSENTED = "consented", _("Consented")

    delegation = models.ForeignKey(Delegation, models.PROTECT, related_name="plans")
    year = models.PositiveSmallIntegerField(_("year"))
    due_on = models.DateField(_("plan due on"))
    result_due_on = models.DateField(_("results due on"))
    procedure = models.TextField(_("procedure"), max_length=4000, blank=True)
    standard = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+", verbose_name=_("own standard"))
    consented_on = models.DateField(null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)

    objects = AutonomousPlanQuerySet.as_manager()

    class Meta(TwoPerson.Meta):
        abstract = False
        verbose_name = _("plan of independent appraisal")
        ordering = ["-year", "-pk"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.UniqueConstraint(fields=["delegation", "year"], name="autonomous_plan_once"),
            models.CheckConstraint(condition=Q(result_due_on__gt=F("due_on")), name="autonomous_plan_days"),
            models.CheckConstraint(
                condition=~Q(status="consented") | Q(consented_on__isnull=False, decided_by__isnull=False),
                name="autonomous_plan_consented_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.delegation} {self.year}"

    def get_absolute_url(self) -> str:
        """Its page for unit, authority and supervisor."""
        return reverse("autonomous:plan-detail", args=[self.pk])

    def return_items(self) -> list[tuple[str, Any]]:
        """What can be sent back one by one: the parts of the plan."""
        parts = [(name, self._meta.get_field(name).verbose_name) for name in ("procedure", "standard")]
        return [*parts, ("posts", NAMES["posts"])]

    def decision_content(self) -> dict[str, Any]:
        """What the authority consents to: standard, procedure, posts and days."""
        posts = self.posts.order_by("pk").values_list("level", "approved", "used", "wanted")
        return {
            "due_on": self.due_on,
            "result_due_on": self.result_due_on,
            "procedure": self.procedure,
            "standard": self.standard.sha256 if self.standard else "",
            "posts": [list(row) for row in posts],
        }


class AutonomousPlanRecord(TransitionRecord):
    """Who opened, submitted and consented."""

    subject = models.ForeignKey(AutonomousPlan, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


class AutonomousPost(models.Model):
    """Posts of one level in the unit's inventory (岗位设置): approved, taken, wanted this year."""

    plan = models.ForeignKey(AutonomousPlan, models.CASCADE, related_name="posts")
    level = models.CharField(_("level of the posts"), max_length=16, choices=PostStructure.Level.choices)
    approved = models.PositiveSmallIntegerField(_("approved posts"))
    used = models.PositiveSmallIntegerField(_("of these taken"))
    wanted = models.PositiveSmallIntegerField(_("to be filled this year"))

    class Meta:
        ordering = ["plan", "pk"]
        constraints = [models.UniqueConstraint(fields=["plan", "level"], name="autonomous_post_once")]

    def __str__(self) -> str:
        return f"{self.get_level_display()} {self.used}/{self.approved}"


@pgtrigger.register(pgtrigger.Protect(name="log_append_only", operation=pgtrigger.Update | pgtrigger.Delete))
class ProcessEntry(models.Model):
    """One line of the process log (过程记录) a unit keeps while it appraises; what is written stays."""

    plan = models.ForeignKey(AutonomousPlan, models.PROTECT, related_name="log")
    held_on = models.DateField(_("day"))
    what = models.CharField(_("what was done, and by whom"), max_length=1000)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["plan", "held_on", "pk"]

    def __str__(self) -> str:
        return f"{self.held_on} {self.what}"


class FiledBatch(TwoPerson):
    """Results and work summary a unit files under its plan (结果备案); two people of the authority accept them.

    ``number``: of the record (备案号), drawn when they do.
    """

    decided_about = "accounts.Person"

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        FILED = "filed", _("Waiting for the authority")
        PROPOSED = "proposed", _("Waiting for the second person")
        RETURNED = "returned", _("Returned")
        ACCEPTED = "accepted", _("Taken on record")

    plan = models.ForeignKey(AutonomousPlan, models.PROTECT, related_name="batches")
    summary = models.ForeignKey(Upload, models.PROTECT, related_name="+", verbose_name=_("work summary"))
    filed_on = models.DateField(null=True)
    number = models.CharField(max_length=40, null=True, unique=True)  # noqa: DJ001 - null until accepted
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = FiledBatchQuerySet.as_manager()

    class Meta(TwoPerson.Meta):
        abstract = False
        verbose_name = _("filed results")
        ordering = ["-pk"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status__in=["draft", "returned"]) | Q(filed_on__isnull=False), name="filed_batch_dated"
            ),
            models.CheckConstraint(
                condition=~Q(status="accepted") | Q(decided_by__isnull=False, number__isnull=False),
                name="filed_batch_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.plan} {self.number or self.filed_on or ''}".strip()

    def get_absolute_url(self) -> str:
        """Its page for unit, authority and supervisor."""
        return reverse("autonomous:batch-detail", args=[self.pk])

    @property
    def title(self) -> str:
        """Heading of the notice anybody reads once the results are on record."""
        delegation = self.plan.delegation
        words = gettext("{unit}: results of its own appraisal {year}, {series}")
        return words.format(unit=delegation.unit.name, year=self.plan.year, series=delegation.series.name)

    def return_items(self) -> list[tuple[Any, ...]]:
        """What can be sent back one by one: the work summary, each person."""
        people = self.rows.order_by("seq").values_list("pk", "seq", "person__name")
        return [("summary", self._meta.get_field("summary").verbose_name), *by_place(people)]

    def decision_content(self) -> dict[str, Any]:
        """Everybody with title, specialty and day, and the work summary."""
        rows = self.rows.order_by("seq").values_list(
            "person_id", "title__name", "specialty", "passed_on", "photo__sha256"
        )
        return {"summary": self.summary.sha256, "people": [list(row) for row in rows]}


class FiledBatchRecord(TransitionRecord):
    """Who filed, returned and accepted results."""

    subject = models.ForeignKey(FiledBatch, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


class FiledRow(models.Model):
    """One person a unit has passed, as its list says (自主评聘结果)."""

    batch = models.ForeignKey(FiledBatch, models.CASCADE, related_name="rows")
    seq = models.PositiveIntegerField()
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="filed_rows")
    title = models.ForeignKey(Title, models.PROTECT, related_name="+")
    specialty = models.CharField(max_length=60)
    passed_on = models.DateField()
    photo = models.ForeignKey(Upload, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["batch", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "seq"], name="filed_row_seq"),
            models.UniqueConstraint(fields=["batch", "person"], name="filed_row_person_once"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.person}"
