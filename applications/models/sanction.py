"""The ban after falsification (弄虚作假), notice IV(4): hearing, decision, return of the material, lifting."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.querysets import LiftingQuerySet, SanctionFileQuerySet, SanctionQuerySet
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.models import Period, StoredDocument, Upload
from appraisal_portal.kernel.records import TransitionRecord


class Heard(models.TextChoices):
    """How a person was heard (听取陈述申辩)."""

    STATEMENT = "statement", _("A statement was given in writing")
    HEARING = "hearing", _("A hearing was held")
    ABSENT = "absent", _("The person did not come to the hearing")
    REFUSED = "refused", _("The person refused a statement")
    SILENT = "silent", _("No statement came within the time given")


class Sanction(TwoPerson, Period):
    """A case about false material, and the ban it ends in: three review years, counted from the year after the review.

    It ends by its year, without a transition. The period is the time in which person and unit can answer.
    ``declaration``: where the false material was handed in; its title is cancelled with the decision.
    """

    period_name = _("statement about false material")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Being heard")
        HEARD = "heard", _("Statement heard")
        PROPOSED = "proposed", _("Waiting for the second person")
        IN_FORCE = "in_force", _("In force")
        LIFTED = "lifted", _("Lifted")
        DROPPED = "dropped", _("Dropped")

    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="sanctions")
    declaration = models.ForeignKey(
        "applications.Declaration", models.PROTECT, null=True, blank=True, related_name="sanctions"
    )
    ground = models.TextField(max_length=2000)
    review_year = models.PositiveSmallIntegerField()
    from_year = models.PositiveSmallIntegerField()
    to_year = models.PositiveSmallIntegerField()
    evidence = models.TextField(max_length=4000, blank=True)
    unit_responsible = models.BooleanField(default=False)
    unit_statement = models.TextField(max_length=4000, blank=True)
    statement = models.TextField(max_length=4000, blank=True)
    wants_hearing = models.BooleanField(default=False)
    hearing_at = models.DateTimeField(null=True, blank=True)
    hearing_place = models.CharField(max_length=200, blank=True)
    heard_how = models.CharField(max_length=10, choices=Heard.choices, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    minutes = models.TextField(max_length=8000, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    decided_document = models.ForeignKey(StoredDocument, models.PROTECT, null=True, blank=True, related_name="+")
    returned_on = models.DateField(null=True, blank=True)
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

    @property
    def unit(self) -> Any:
        """The unit that vouched for the material, or None."""
        return self.declaration.unit if self.declaration_id and self.declaration is not None else None

    @property
    def is_decided(self) -> bool:
        """Whether there is a ban, in force or lifted since; before that, and after a case is dropped, there is none."""
        return self.status in (self.Status.IN_FORCE, self.Status.LIFTED)

    def stands_in(self, year: int) -> bool:
        """Whether the ban stands against the person in a review year."""
        return self.status == self.Status.IN_FORCE and self.from_year <= year <= self.to_year

    def get_absolute_url(self) -> str:
        """The page of the case, for everybody who may read it."""
        return reverse("applications:sanction-detail", args=[self.pk])

    def message_words(self) -> dict[str, str]:
        """For messages: day and place of the hearing, who vouched."""
        at = f"{clock.local(self.hearing_at):%Y-%m-%d %H:%M}" if self.hearing_at else ""
        return {"hearing_at": at, "hearing_place": self.hearing_place, "unit": str(self.unit or "")}

    def decision_content(self) -> dict[str, object]:
        """What the two people of the bureau decide about."""
        return {
            "person": self.person_id,
            "declaration": self.declaration_id,
            "ground": self.ground,
            "review_year": self.review_year,
            "from_year": self.from_year,
            "to_year": self.to_year,
            "unit_responsible": self.unit_responsible,
            "unit_statement": self.unit_statement,
            "heard_how": self.heard_how,
            "statement": self.statement,
            "minutes": self.minutes,
            "evidence": self.evidence,
            "files": list(self.files.order_by("pk").values_list("upload__sha256", flat=True)) if self.pk else [],
        }


class SanctionRecord(TransitionRecord):
    """Who decided about a ban, and why."""

    subject = models.ForeignKey(Sanction, models.PROTECT, related_name="records")


class SanctionFile(models.Model):
    """A file that shows something in a case of false material."""

    class Side(models.TextChoices):
        BUREAU = "bureau", _("found by the bureau")
        PERSON = "person", _("with the statement of the person concerned")
        UNIT = "unit", _("with the statement of the work unit")

    sanction = models.ForeignKey(Sanction, models.PROTECT, related_name="files")
    side = models.CharField(max_length=6, choices=Side.choices)
    upload = models.OneToOneField(Upload, models.PROTECT, related_name="+")

    objects = SanctionFileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="sanction_file_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_side_display()}: {self.upload}"


class Lifting(TwoPerson):
    """A new decision, after a hearing, about lifting a ban (解除): the ban and this decision both stay on record."""

    class Status(models.TextChoices):
        ASKED = "asked", _("Asked for")
        HEARD = "heard", _("Statement heard")
        PROPOSED = "proposed", _("Waiting for the second person")
        LIFTED = "lifted", _("Ban lifted")
        REFUSED = "refused", _("Ban stands")

    sanction = models.ForeignKey(Sanction, models.PROTECT, related_name="liftings")
    ground = models.TextField(max_length=4000)
    hearing_at = models.DateTimeField(null=True, blank=True)
    hearing_place = models.CharField(max_length=200, blank=True)
    heard_how = models.CharField(max_length=10, choices=Heard.choices, blank=True)
    heard_at = models.DateTimeField(null=True, blank=True)
    minutes = models.TextField(max_length=8000, blank=True)
    opinion = models.TextField(max_length=4000, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.ASKED)

    objects = LiftingQuerySet.as_manager()

    class Meta(TwoPerson.Meta):
        abstract = False
        ordering = ["-pk"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.UniqueConstraint(
                fields=["sanction"], condition=Q(status__in=["asked", "heard", "proposed"]), name="one_open_lifting"
            ),
            models.CheckConstraint(
                condition=Q(status="asked") | (Q(heard_at__isnull=False) & ~Q(heard_how="")),
                name="lifting_after_hearing",
            ),
        ]

    def __str__(self) -> str:
        return str(self.sanction)

    @property
    def person(self) -> Any:
        """Whom it is about."""
        return self.sanction.person

    def get_absolute_url(self) -> str:
        """It stands on the page of the ban."""
        return self.sanction.get_absolute_url()

    def message_words(self) -> dict[str, str]:
        """For messages: day and place of the hearing, what is thought of it."""
        at = f"{clock.local(self.hearing_at):%Y-%m-%d %H:%M}" if self.hearing_at else ""
        return {"hearing_at": at, "hearing_place": self.hearing_place, "opinion": self.opinion}

    def decision_content(self) -> dict[str, object]:
        """What the two people of the bureau decide about."""
        return {
            "ban": self.sanction_id,
            "ground": self.ground,
            "heard_how": self.heard_how,
            "minutes": self.minutes,
            "opinion": self.opinion,
        }


class LiftingRecord(TransitionRecord):
    """Who asked for the lifting of a ban, heard, proposed and decided."""

    subject = models.ForeignKey(Lifting, models.PROTECT, related_name="records")
