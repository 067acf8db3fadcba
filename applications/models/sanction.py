"""The ban after falsification (弄虚作假), notice IV(4)."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.querysets import SanctionQuerySet
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.models import StoredDocument
from appraisal_portal.kernel.records import TransitionRecord


class Sanction(TwoPerson):
    """Bars a person for three review years, counted from the year after the review. It ends by its year, without a
    transition.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        HEARD = "heard", _("Statement heard")
        PROPOSED = "proposed", _("Waiting for the second person")
        IN_FORCE = "in_force", _("In force")
        LIFTED = "lifted", _("Lifted")

    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="sanctions")
    ground = models.TextField(max_length=2000)
    review_year = models.PositiveSmallIntegerField()
    from_year = models.PositiveSmallIntegerField()
    to_year = models.PositiveSmallIntegerField()
    unit_responsible = models.BooleanField(default=False)
    heard_at = models.DateTimeField(null=True, blank=True)
    statement = models.TextField(max_length=4000, blank=True)
    statement_refused = models.BooleanField(default=False)
    evidence = models.TextField(max_length=4000, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    decided_document = models.ForeignKey(StoredDocument, models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField(default=clock.now)

    objects = SanctionQuerySet.as_manager()

    class Meta(TwoPerson.Meta):
        abstract = False
        ordering = ["-pk"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.CheckConstraint(condition=Q(from_year=F("review_year") + 1), name="sanction_from_next_year"),
            models.CheckConstraint(condition=Q(to_year=F("from_year") + 2), name="sanction_three_years"),
        ]

    def __str__(self) -> str:
        return f"{self.from_year}–{self.to_year}"

    def stands_in(self, year: int) -> bool:
        """Whether the ban stands against the person in a review year."""
        return self.status == self.Status.IN_FORCE and self.from_year <= year <= self.to_year

    def get_absolute_url(self) -> str:
        """The page of the ban at the bureau."""
        return reverse("applications:sanction-detail", args=[self.pk])

    def decision_content(self) -> dict[str, object]:
        """What the two people of the bureau decide about."""
        return {
            "person": self.person_id,
            "ground": self.ground,
            "review_year": self.review_year,
            "from_year": self.from_year,
            "to_year": self.to_year,
            "unit_responsible": self.unit_responsible,
            "statement": self.statement,
            "statement_refused": self.statement_refused,
            "evidence": self.evidence,
        }


class SanctionRecord(TransitionRecord):
    """Who decided about a ban, and why."""

    subject = models.ForeignKey(Sanction, models.PROTECT, related_name="records")
