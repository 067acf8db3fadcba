"""The report of passed persons to the bureau: 3-4 (letter), 3-5 (list), 3-6 (certificate data), photographs."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.records import TransitionRecord
from appraisal_portal.kernel.returning import by_place
from committees.reviews.querysets.results import ResultReportQuerySet

from .determination import Determination
from .meeting import Meeting
from .publicity import ResultPublicityItem

CODES = ("3-4", "3-5", "3-6", "3-6-photos")
"""The four papers of a report, all from one content."""


class ResultReport(TwoPerson):
    """One report over the persons whose publicity ended without open objection; others follow in a supplement."""

    decided_about = "applications.Declaration"

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SENT = "sent", _("Waiting for the bureau")
        PROPOSED = "proposed", _("Waiting for the second person")
        RETURNED = "returned", _("Returned")
        DECIDED = "decided", _("Decided")

    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="reports")
    determination = models.ForeignKey(Determination, models.PROTECT, null=True, related_name="reports")
    supplementary = models.BooleanField(default=False)
    contact = models.CharField(_("contact person"), max_length=50)
    phone = models.CharField(_("telephone"), max_length=20)
    content = models.JSONField(default=dict)
    content_sha256 = models.CharField(max_length=64, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    sent_on = models.DateField(null=True)

    objects = ResultReportQuerySet.as_manager()

    class Meta(TwoPerson.Meta):
        abstract = False
        verbose_name = _("result report")
        ordering = ["-pk"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.CheckConstraint(
                condition=Q(meeting__isnull=False) ^ Q(determination__isnull=False), name="result_report_one_source"
            ),
        ]

    def __str__(self) -> str:
        kind = _("supplementary report") if self.supplementary else _("result report")
        return f"{self.source} {kind}"

    @property
    def source(self) -> Any:
        """The meeting or the determination that passed the persons; both name ``office``, ``body``, ``held_on``."""
        return self.meeting if self.meeting_id else self.determination

    def get_absolute_url(self) -> str:
        """Its page for office and bureau."""
        return reverse("reviews:report-detail", args=[self.pk])

    def return_items(self) -> list[tuple[Any, ...]]:
        """What can be sent back one by one: each paper, each person; in the reason by the number on the list, for a
        clerk of the office may keep away from somebody on it."""
        papers = [
            ("3-4", _("3-4, letter of the report")),
            ("3-5", _("3-5, list of the passed")),
            ("3-6", _("3-6, certificate information")),
            ("photos", _("the photographs")),
        ]
        people = self.items.order_by("seq").values_list("pk", "seq", "data_3_6__name")
        return [*papers, *by_place(people)]

    def decision_content(self) -> dict[str, Any]:
        """The papers' content and the decision on each person."""
        rows = self.items.order_by("seq").values_list("declaration_id", "decision", "reason")
        return {"content": self.content_sha256, "decisions": [list(row) for row in rows]}

    def shown_content(self) -> dict[str, Any]:
        """With the data of 3-6 that the hash of the papers stands for."""
        rows = self.items.order_by("seq").values_list("declaration_id", "data_3_6")
        return {**self.decision_content(), "people": [list(row) for row in rows]}


class ResultReportRecord(TransitionRecord):
    """Who sent, proposed and decided a report."""

    subject = models.ForeignKey(ResultReport, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


class ReportPaper(models.Model):
    """A paper of a report: 3-4, 3-5, 3-6, the photographs."""

    subject = models.ForeignKey(ResultReport, models.PROTECT, related_name="papers")
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    document = models.ForeignKey("kernel.StoredDocument", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "code", "version"], name="report_paper_version")]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class ReportItem(models.Model):
    """One person of a report. ``data_3_6``: the certificate information as text, see docs of ``services.reports``."""

    class Decision(models.TextChoices):
        PENDING = "pending", _("not decided")
        APPROVED = "approved", _("approve")
        REJECTED = "rejected", _("not approve")

    report = models.ForeignKey(ResultReport, models.PROTECT, related_name="items")
    publicity_item = models.ForeignKey(ResultPublicityItem, models.PROTECT, related_name="report_items")
    declaration = models.ForeignKey("applications.Declaration", models.PROTECT, related_name="report_items")
    seq = models.PositiveIntegerField()
    data_3_6 = models.JSONField()
    photo = models.ForeignKey("kernel.StoredDocument", models.PROTECT, null=True, related_name="+")
    decision = models.CharField(max_length=10, choices=Decision.choices, default=Decision.PENDING)
    reason = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["report", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["report", "seq"], name="report_item_seq"),
            models.UniqueConstraint(fields=["declaration"], condition=~Q(decision="rejected"), name="reported_once"),
            models.CheckConstraint(
                condition=~Q(decision="rejected") | ~Q(reason=""), name="report_item_rejected_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.data_3_6.get('name', '')}"
