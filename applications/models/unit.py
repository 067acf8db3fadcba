"""Publicity inside the unit (单位公示), objections raised there, and the unit's recommendation (推荐)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from applications.querysets import OfDeclaration, UnitObjectionQuerySet
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.models import Period, StoredDocument, Upload
from appraisal_portal.kernel.records import TransitionRecord

from .declaration import Declaration


class UnitPublicityQuerySet(models.QuerySet[Any]):
    """Publicity inside units."""

    def visible_to(self, user: Any) -> "UnitPublicityQuerySet":
        """The unit's own; the supervisor and the bureau all."""
        if not user.is_authenticated:
            return self.none()
        if user.acts_as("supervisor", "bureau_reviewer", "bureau_approver"):
            return self.exclude(status="draft")
        if user.acts_as("unit_clerk", "unit_head"):
            return self.filter(unit=user.acting_organisation_id)
        return self.none()


class UnitPublicity(Period):
    """Material of several persons of a unit shown to its staff for the working days the plan line says."""

    period_name = _("publicity inside the unit")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        RUNNING = "running", pgettext_lazy("publicity", "Public now")
        HALTED = "halted", _("Halted")
        CLOSED = "closed", _("Publicity over")

    unit = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="publicities")
    place = models.CharField(_("where it is posted"), max_length=200)
    contact = models.CharField(_("whom to tell an objection"), max_length=200)
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    halted_on = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)

    objects = UnitPublicityQuerySet.as_manager()

    class Meta:
        verbose_name = _("publicity inside the unit")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.unit} {self.starts_on or ''}".strip()

    def get_absolute_url(self) -> str:
        """Its page in the unit."""
        return reverse("applications:unitpublicity-detail", args=[self.pk])


class UnitPublicityRecord(TransitionRecord):
    """Who started, halted or resumed a publicity inside a unit."""

    subject = models.ForeignKey(UnitPublicity, models.PROTECT, related_name="records")


class UnitPublicityPaper(models.Model):
    """The posting sheet (公示) and, when it is over, the publicity certificate (申报材料公示确认表)."""

    subject = models.ForeignKey(UnitPublicity, models.PROTECT, related_name="papers")
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    document = models.ForeignKey(StoredDocument, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "code", "version"], name="unit_publicity_paper_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class UnitPublicityItem(models.Model):
    """One person on the list. ``shown`` is what colleagues read: no identity number, no telephone (domain.md §6)."""

    publicity = models.ForeignKey(UnitPublicity, models.PROTECT, related_name="items")
    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="publicity_items")
    content_sha256 = models.CharField(max_length=64)
    shown = models.JSONField()
    voided_at = models.DateTimeField(null=True, blank=True)

    objects = OfDeclaration.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["declaration"], condition=Q(voided_at__isnull=True), name="unit_publicity_item_live_once"
            ),
        ]

    def __str__(self) -> str:
        return str(self.declaration)


class UnitObjection(models.Model):
    """What a colleague raised; while its outcome is empty it holds this one person's recommendation.

    With a real name and inside the period it is an objection (异议); late or without a name a report (举报): the unit
    answers for the truth of what it recommends, so it checks that first as well (decision 47).
    """

    class Outcome(models.TextChoices):
        UNFOUNDED = "unfounded", _("not upheld")
        UPHELD = "upheld", _("upheld")

    item = models.ForeignKey(UnitPublicityItem, models.PROTECT, related_name="objections")
    filed_by = models.CharField(_("raised by"), max_length=50, blank=True)  # empty: a report without a name
    received_on = models.DateField(_("received on"), default=clock.today)
    content = models.TextField(_("what is objected to"), max_length=2000)
    substance = models.TextField(_("what the person concerned is told"), max_length=500, blank=True)
    evidence = models.ForeignKey(Upload, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    report = models.TextField(_("report on the check"), max_length=2000, blank=True)
    report_file = models.ForeignKey(Upload, models.PROTECT, null=True, blank=True, related_name="+")
    concluded_at = models.DateTimeField(null=True, blank=True)

    objects = UnitObjectionQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="") | (Q(handler__isnull=False) & ~Q(report="")), name="unit_objection_reported"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.filed_by} {self.received_on}".strip()

    @property
    def in_time(self) -> bool:
        """Received by 24:00 of the last day (R-19)."""
        return not self.item.publicity.is_over(self.received_on)

    @property
    def is_report(self) -> bool:
        """Late or without a name: a report (举报), no objection."""
        return not (self.filed_by and self.in_time)


class Recommendation(models.Model):
    """The unit's opinion with its post statement (岗位结构), signed by the head, never by the verifying clerk. The seal
    is a mark of 2-9 (:class:`~applications.models.Signature`)."""

    declaration = models.OneToOneField(Declaration, models.PROTECT, related_name="recommendation")
    opinion = models.CharField(_("opinion of the unit"), max_length=1000)
    posts_approved = models.PositiveSmallIntegerField(_("approved posts of this level"), null=True, blank=True)
    posts_used = models.PositiveSmallIntegerField(_("of these taken"), null=True, blank=True)
    posts_document = models.CharField(_("number of the approval"), max_length=60, blank=True)
    clerk = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    head = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)

    objects = OfDeclaration.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(head__isnull=True) | ~Q(head=F("clerk")), name="recommendation_two_people"
            ),
        ]

    def __str__(self) -> str:
        return self.opinion
