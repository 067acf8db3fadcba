"""What announces results and gives the order to issue: the bureau's document, its batches, the items of work."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.differences import NAMES
from appraisal_portal.kernel.models import StoredDocument
from appraisal_portal.kernel.records import TransitionRecord
from appraisal_portal.kernel.returning import by_place
from certificates.querysets import IssueDocumentQuerySet
from committees.plans.models import Channel


class IssueDocument(TwoPerson):
    """The bureau's document that announces approved results (发文); published, it is the result notice (公布)."""

    decided_about = "applications.Declaration"

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Proposed for approval")
        APPROVED = "approved", _("Approved")
        PUBLISHED = "published", _("Published")
        RETURNED = "returned", _("Returned")

    number = models.CharField(max_length=40, null=True, unique=True)  # noqa: DJ001 - null until approved
    title = models.CharField(_("title"), max_length=200)
    dated = models.DateField(null=True)
    reports = models.ManyToManyField("reviews.ResultReport", related_name="issue_documents")
    document = models.ForeignKey(StoredDocument, models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(default=clock.now)
    published_on = models.DateField(null=True)

    objects = IssueDocumentQuerySet.as_manager()

    class Meta(TwoPerson.Meta):
        abstract = False
        ordering = ["-pk"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status__in=["draft", "proposed", "returned"])
                | Q(number__isnull=False, dated__isnull=False),
                name="issue_document_numbered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.number or ''}".strip()

    def get_absolute_url(self) -> str:
        return reverse("certificates:document-detail", args=[self.pk])

    def rows(self) -> list[Any]:
        """The approved items of its reports in the order of the reports, without whom a spot check took out since."""
        found = []
        for report in self.reports.order_by("pk"):
            approved = report.items.filter(decision="approved").exclude(declaration__status="rejected")
            # Who was recommended to a higher committee leaves with a letter instead (reviews.EntrustmentLetter).
            approved = approved.exclude(declaration__line__channel=Channel.RECOMMEND)
            approved = approved.select_related("declaration", "photo")
            found += list(approved.order_by("pk"))
        return found

    def return_items(self) -> list[tuple[Any, ...]]:
        """What can be sent back one by one: the heading, each person."""
        people = ((item.pk, place, item.data_3_6["name"]) for place, item in enumerate(self.rows(), 1))
        return [("title", NAMES["issuedocument.title"]), *by_place(people)]

    def decision_content(self) -> dict[str, Any]:
        """Title, and each person with what the certificate will say."""
        return {
            "title": self.title,
            "reports": [str(pk) for pk in self.reports.order_by("pk").values_list("pk", flat=True)],
            "people": [[item.declaration_id, item.data_3_6] for item in self.rows()],
        }


class IssueDocumentRecord(TransitionRecord):
    """Who prepared, approved and published an issue document."""

    subject = models.ForeignKey(IssueDocument, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


class IssueDocumentPaper(models.Model):
    """A table of certificate data the bureau had made of a document (证书信息导出), each version kept."""

    subject = models.ForeignKey(IssueDocument, models.PROTECT, related_name="papers")
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    document = models.ForeignKey(StoredDocument, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "code", "version"], name="issue_document_paper_version")
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class IssueBatch(TwoPerson):
    """The certificates of one published document, released by a second person who types their number (签发批次)."""

    decided_about = "applications.Declaration"

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Waiting for release")
        ISSUING = "issuing", _("Being issued")
        DONE = "done", _("Issued")

    issue_document = models.ForeignKey(IssueDocument, models.PROTECT, related_name="batches")
    expected = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    released_at = models.DateTimeField(null=True)

    objects = IssueDocumentQuerySet.as_manager()

    class Meta(TwoPerson.Meta):
        abstract = False
        ordering = ["-pk"]

    def __str__(self) -> str:
        place = self.issue_document.batches.filter(pk__lt=self.pk).count() + 1 if self.pk else 1
        return str(_("Batch {number} of {document}")).format(number=place, document=self.issue_document.number)

    def get_absolute_url(self) -> str:
        return reverse("certificates:batch-detail", args=[self.pk])

    def return_items(self) -> list[tuple[Any, ...]]:
        """What can be sent back one by one: each person."""
        people = self.items.order_by("pk").values_list("pk", "report_item__data_3_6__name")
        return by_place((key, place, name) for place, (key, name) in enumerate(people, 1))

    def decision_content(self) -> dict[str, Any]:
        """The document and everybody who gets a certificate."""
        return {
            "document": self.issue_document.number,
            "declarations": [str(pk) for pk in self.items.order_by("pk").values_list("declaration_id", flat=True)],
        }


class IssueBatchRecord(TransitionRecord):
    """Who proposed and released a batch."""

    subject = models.ForeignKey(IssueBatch, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


class IssueItem(models.Model):
    """One unit of work: one person's certificate, ordered by a batch, or by the decision on a claim or on a unit's own
    results.

    Unsigned (P18): key or time-stamp authority could not be had at ``tried_at``; nothing is stored but the number.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        UNSIGNED = "unsigned", _("Unsigned, waiting")
        ISSUED = "issued", _("Issued")
        FAILED = "failed", _("Failed")

    batch = models.ForeignKey(IssueBatch, models.PROTECT, null=True, related_name="items")
    report_item = models.ForeignKey("reviews.ReportItem", models.PROTECT, null=True, related_name="+")
    declaration = models.ForeignKey("applications.Declaration", models.PROTECT, null=True, related_name="issue_items")
    claim = models.ForeignKey("certificates.Claim", models.PROTECT, null=True, related_name="issue_items")
    filed_row = models.ForeignKey("autonomous.FiledRow", models.PROTECT, null=True, related_name="issue_items")
    # Reserved before the sheet is drawn; a failed item hands it to the next one, so that no number is lost.
    number = models.CharField(max_length=22, null=True, unique=True)  # noqa: DJ001
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.WAITING)
    error = models.TextField(blank=True)
    tried_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    OPEN = (Status.WAITING, Status.UNSIGNED)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["declaration"], condition=~Q(status="failed"), name="issue_item_once"),
            models.UniqueConstraint(fields=["claim"], condition=~Q(status="failed"), name="issue_item_claim_once"),
            models.UniqueConstraint(fields=["filed_row"], condition=~Q(status="failed"), name="issue_item_filed_once"),
            models.CheckConstraint(
                condition=Q(
                    claim__isnull=True, declaration__isnull=False, batch__isnull=False, report_item__isnull=False,
                    filed_row__isnull=True,
                )
                | Q(
                    Q(claim__isnull=False) ^ Q(filed_row__isnull=False),
                    declaration__isnull=True, batch__isnull=True, report_item__isnull=True,
                ),
                name="issue_item_one_source",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.declaration or self.claim or self.filed_row} {self.status}"
