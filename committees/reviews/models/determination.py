"""Determination (初定) and confirmation (确认): a bureau decides about persons without a vote (R-21)."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import Organisation
from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.records import TransitionRecord
from appraisal_portal.kernel.returning import by_place
from committees.plans.models import PlanLine
from committees.reviews.querysets.determination import DeterminationQuerySet

LETTER, REGISTER = "determination", "determination-register"
CODES = (LETTER, REGISTER)
"""The papers, both made in one go, of one content."""


class Determination(TwoPerson):
    """One decision (认定) of a county bureau or the municipal bureau about persons of one plan line.

    ``reference`` is the number of the letter (文号). Publicity and report hang on it as they do on a meeting.
    """

    decided_about = "applications.Declaration"

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Waiting for the second person")
        RETURNED = "returned", _("Returned")
        DECIDED = "decided", _("Decided")

    line = models.ForeignKey(PlanLine, models.PROTECT, related_name="determinations")
    authority = models.ForeignKey(Organisation, models.PROTECT, related_name="determinations")
    reference = models.CharField(_("number of the letter"), max_length=40)
    contact = models.CharField(_("contact person"), max_length=50)
    phone = models.CharField(_("telephone"), max_length=20)
    decided_on = models.DateField(null=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = DeterminationQuerySet.as_manager()

    class Meta(TwoPerson.Meta):
        abstract = False
        verbose_name = _("determination")
        ordering = ["-pk"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(status="decided")
                | Q(decided_on__isnull=False, decided_by__isnull=False, proposed_by__isnull=False),
                name="determination_decided_by_two",
            ),
            models.UniqueConstraint(fields=["authority", "reference"], name="determination_reference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.line.get_channel_display()}"

    def get_absolute_url(self) -> str:
        """Its page for the authority, the bureau and the supervisor."""
        return reverse("reviews:determination-detail", args=[self.pk])

    @property
    def committee(self) -> Any:
        """The committee in whose field the titles lie; it takes no part."""
        return self.line.committee

    @property
    def office(self) -> Organisation:
        """Who makes list and report: the authority itself."""
        return self.authority

    @property
    def body(self) -> str:
        """Who decided, in words."""
        return self.authority.name

    @property
    def held_on(self) -> Any:
        """The day the persons hold the title from (资格取得时间)."""
        return self.decided_on

    def return_items(self) -> list[tuple[Any, ...]]:
        """What can be sent back one by one: number and contact of the letter, each person."""
        people = self.items.order_by("seq").values_list("pk", "seq", "declaration__applicant__name")
        return [
            ("reference", self._meta.get_field("reference").verbose_name),
            ("contact", self._meta.get_field("contact").verbose_name),
            *by_place(people),
        ]

    def decision_content(self) -> dict[str, Any]:
        """What the second person confirms: the letter's number and every person with outcome and reason."""
        rows = self.items.order_by("seq").values_list("declaration_id", "outcome", "reason")
        return {
            "line": self.line_id,
            "authority": self.authority_id,
            "reference": self.reference,
            "contact": f"{self.contact} {self.phone}",
            "people": [list(row) for row in rows],
        }


class DeterminationRecord(TransitionRecord):
    """Who proposed, returned and decided."""

    subject = models.ForeignKey(Determination, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


class DeterminationItem(models.Model):
    """One person of a determination with the outcome; a refusal has its reason."""

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("refused")

    determination = models.ForeignKey(Determination, models.PROTECT, related_name="items")
    declaration = models.ForeignKey("applications.Declaration", models.PROTECT, related_name="determination_items")
    seq = models.PositiveIntegerField()
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices, default=Outcome.GRANTED)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["determination", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["determination", "seq"], name="determination_item_seq"),
            models.UniqueConstraint(fields=["determination", "declaration"], name="determination_item_once"),
            models.CheckConstraint(
                condition=~Q(outcome="refused") | ~Q(reason=""), name="determination_refused_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.declaration}"


class DeterminationPaper(models.Model):
    """A paper of a determination: the letter of decision."""

    subject = models.ForeignKey(Determination, models.PROTECT, related_name="papers")
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    document = models.ForeignKey("kernel.StoredDocument", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "code", "version"], name="determination_paper_version")
        ]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"
