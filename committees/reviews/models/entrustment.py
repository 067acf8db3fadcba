"""Senior titles: the bureau entrusts a higher committee by letter (委托评审函) and registers what that one decided."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.models import Upload
from appraisal_portal.kernel.records import TransitionRecord
from appraisal_portal.kernel.returning import by_place
from committees.reviews.querysets.entrustment import EntrustmentQuerySet, ExternalResultQuerySet

from .report import ReportItem, ResultReport

LETTER = "entrustment"
"""Code of the letter among the papers."""


class EntrustmentLetter(TwoPerson):
    """One numbered letter over the recommended people of one decided report; only the bureau issues it (notice IV(3)).

    ``addressee``: the higher committee or the body that keeps it.
    """

    decided_about = "applications.Declaration"

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Waiting for the second person")
        RETURNED = "returned", _("Returned")
        ISSUED = "issued", _("Issued")

    report = models.ForeignKey(ResultReport, models.PROTECT, related_name="entrustments")
    addressee = models.CharField(_("addressed to"), max_length=100)
    contact = models.CharField(_("contact person"), max_length=50)
    phone = models.CharField(_("telephone"), max_length=20)
    number = models.CharField(max_length=40, null=True, unique=True)  # noqa: DJ001 - null until issued
    issued_on = models.DateField(null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(default=clock.now)

    objects = EntrustmentQuerySet.as_manager()

    class Meta(TwoPerson.Meta):
        abstract = False
        verbose_name = _("letter of entrusted appraisal")
        ordering = ["-pk"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(status="issued")
                | Q(number__isnull=False, issued_on__isnull=False, decided_by__isnull=False),
                name="entrustment_numbered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.addressee} {self.number or ''}".strip()

    def get_absolute_url(self) -> str:
        """Its page for the bureau; the person concerned reads the letter on the page of the case."""
        return reverse("reviews:entrustment-detail", args=[self.pk])

    def people(self) -> Any:
        """Its items in order, with everything a page or the paper says of them."""
        return self.items.select_related(
            "report_item", "declaration__applicant", "declaration__unit", "declaration__title", "declaration__line"
        ).order_by("seq")

    def return_items(self) -> list[tuple[Any, ...]]:
        """What can be sent back one by one: addressee, contact, each person."""
        people = self.items.order_by("seq").values_list("pk", "seq", "report_item__data_3_6__name")
        return [
            ("addressee", self._meta.get_field("addressee").verbose_name),
            ("contact", self._meta.get_field("contact").verbose_name),
            *by_place(people),
        ]

    def decision_content(self) -> dict[str, Any]:
        """To whom, and everybody on it as the report gave them to the bureau."""
        return {
            "addressee": self.addressee,
            "contact": f"{self.contact} {self.phone}",
            "people": [[item.declaration_id, item.report_item.data_3_6] for item in self.people()],
        }


class EntrustmentRecord(TransitionRecord):
    """Who proposed, returned and issued a letter."""

    subject = models.ForeignKey(EntrustmentLetter, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


class EntrustmentPaper(models.Model):
    """The letter as PDF."""

    subject = models.ForeignKey(EntrustmentLetter, models.PROTECT, related_name="papers")
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    document = models.ForeignKey("kernel.StoredDocument", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "code", "version"], name="entrustment_paper_version")]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class EntrustmentItem(models.Model):
    """One recommended person of a letter; nobody is entrusted twice."""

    letter = models.ForeignKey(EntrustmentLetter, models.PROTECT, related_name="items")
    report_item = models.ForeignKey(ReportItem, models.PROTECT, related_name="+")
    declaration = models.OneToOneField("applications.Declaration", models.PROTECT, related_name="entrustment")
    seq = models.PositiveIntegerField()

    class Meta:
        ordering = ["letter", "seq"]
        constraints = [models.UniqueConstraint(fields=["letter", "seq"], name="entrustment_item_seq")]

    def __str__(self) -> str:
        return f"{self.seq} {self.report_item.data_3_6.get('name', '')}"


class ExternalResult(TwoPerson):
    """What the higher committee decided about people of one letter, registered from its document; no certificate of
    this city follows."""

    decided_about = "applications.Declaration"

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Waiting for the second person")
        RETURNED = "returned", _("Returned")
        REGISTERED = "registered", _("Registered")

    letter = models.ForeignKey(EntrustmentLetter, models.PROTECT, related_name="results")
    authority = models.CharField(_("decided by"), max_length=100)
    reference = models.CharField(_("number of the document"), max_length=60)
    dated = models.DateField(_("date of the document"))
    file = models.ForeignKey(Upload, models.PROTECT, related_name="+", verbose_name=_("the document"))
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ExternalResultQuerySet.as_manager()

    class Meta(TwoPerson.Meta):
        abstract = False
        verbose_name = _("result from outside")
        ordering = ["-pk"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(status="registered") | Q(decided_by__isnull=False), name="external_result_by_two"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.authority} {self.reference}"

    def get_absolute_url(self) -> str:
        """Its page for the bureau."""
        return reverse("reviews:external-detail", args=[self.pk])

    def return_items(self) -> list[tuple[Any, ...]]:
        """What can be sent back one by one: what the document says, each person by the place in the letter."""
        parts = ("authority", "reference", "dated", "file")
        people = self.items.order_by("item__seq").values_list("pk", "item__seq", "item__report_item__data_3_6__name")
        return [*((part, self._meta.get_field(part).verbose_name) for part in parts), *by_place(people)]

    def decision_content(self) -> dict[str, Any]:
        """The document and the outcome of everybody in it."""
        rows = self.items.order_by("item__seq").values_list("item__declaration_id", "outcome", "reason")
        return {
            "authority": self.authority,
            "reference": self.reference,
            "dated": self.dated,
            "file": self.file.sha256,
            "people": [list(row) for row in rows],
        }


class ExternalResultRecord(TransitionRecord):
    """Who proposed, returned and registered a result."""

    subject = models.ForeignKey(ExternalResult, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


class ExternalResultItem(models.Model):
    """The outcome of one person; each has one."""

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")

    result = models.ForeignKey(ExternalResult, models.PROTECT, related_name="items")
    item = models.OneToOneField(EntrustmentItem, models.PROTECT, related_name="outcome")
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["result", "pk"]

    def __str__(self) -> str:
        return f"{self.item} {self.outcome}"
