"""What a specialty panel leaves behind of a person: score sheets, the defence, its opinion (评分、答辩、专业组意见)."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.records import TransitionRecord
from committees.reviews.querysets.panel import PanelWorkQuerySet

from .meeting import Admission


class ScoreSheet(models.Model):
    """One member's points for one person, by the sheet of the standard the person declared under (量化评分表)."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Handed in")

    admission = models.ForeignKey(Admission, models.PROTECT, related_name="score_sheets")
    member = models.ForeignKey("plans.CommitteeMember", models.PROTECT, related_name="score_sheets")
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.DRAFT)

    objects = PanelWorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("score sheet")
        ordering = ["admission", "pk"]
        constraints = [models.UniqueConstraint(fields=["admission", "member"], name="score_sheet_once")]

    def __str__(self) -> str:
        # No name: the review may be anonymous.
        return gettext("score sheet of no. {seq}").format(seq=self.admission.seq)

    def get_absolute_url(self) -> str:
        """The page of the panel's work on the person; from there the member's own sheet."""
        return reverse("reviews:panel-case", args=[self.admission.meeting_id, self.admission_id])

    @property
    def entries(self) -> dict[str, str]:
        """What was entered, by the code of the indicator."""
        return {row.code: row.entry for row in self.scores.all()}

    @property
    def total(self) -> Decimal:
        """The sum by the rules of the standard: capped by line and by group."""
        return self.admission.declaration.sheet.total(self.entries)


class ScoreSheetRecord(TransitionRecord):
    """Who handed a sheet in, who opened it again, and why."""

    subject = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


class Score(models.Model):
    """One cell: an indicator of the standard, as entered (``scoring.Row``); goes with its sheet's draft."""

    sheet = models.ForeignKey(ScoreSheet, models.PROTECT, related_name="scores")
    code = models.CharField(max_length=20)
    entry = models.CharField(max_length=20)

    class Meta:
        verbose_name = _("score")
        ordering = ["sheet", "pk"]
        constraints = [models.UniqueConstraint(fields=["sheet", "code"], name="score_once")]
        triggers = [
            pgtrigger.Trigger(
                name="sheet_is_open",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                declare=[("changed", "RECORD")],
                func="""
                    changed := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
                    IF (SELECT status FROM reviews_scoresheet WHERE id = changed.sheet_id) <> 'draft' THEN
                        RAISE EXCEPTION 'this score sheet is handed in' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN changed;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.entry}"


@pghistory.track()
class DefenceAttendance(models.Model):
    """Whether the person came to the defence (答辩), what was asked, how it went."""

    class Grade(models.TextChoices):
        EXCELLENT = "excellent", _("excellent")  # 优秀
        GOOD = "good", _("good")  # 良好
        FAIR = "fair", _("satisfactory")  # 合格
        POOR = "poor", _("not satisfactory")  # 不合格

    admission = models.OneToOneField(Admission, models.PROTECT, related_name="defence")
    attended = models.BooleanField(_("came to the defence"))
    questions = models.TextField(_("questions and answers in short"), max_length=2000, blank=True)
    grade = models.CharField(_("grade"), max_length=9, choices=Grade.choices, blank=True)
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    noted_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("defence")
        constraints = [
            models.CheckConstraint(
                condition=Q(attended=True) & ~Q(grade="") | Q(attended=False, grade=""), name="defence_graded"
            )
        ]

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        """The grade, or that the person was absent."""
        return str(self.get_grade_display()) if self.attended else gettext("absent from the defence")


class PanelOpinion(models.Model):
    """A panel's opinion on one person (专业组意见), signed by its head; read with the ballot, printed in 2-1.

    ``average_num / average_den``: the exact average of the score sheets at the signature, where the meeting scores.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SIGNED = "signed", _("Signed")

    admission = models.OneToOneField(Admission, models.PROTECT, related_name="panel_opinion")
    text = models.TextField(_("opinion of the panel"), max_length=1000, blank=True)
    status = models.CharField(max_length=6, choices=Status.choices, default=Status.DRAFT)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField(null=True, blank=True)
    average_num = models.BigIntegerField(null=True, blank=True)
    average_den = models.BigIntegerField(null=True, blank=True)

    objects = PanelWorkQuerySet.as_manager()

    class Meta:
        verbose_name = _("opinion of the panel")
        ordering = ["admission"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="draft", signed_by__isnull=True, signed_at__isnull=True)
                | Q(status="signed", signed_by__isnull=False, signed_at__isnull=False) & ~Q(text=""),
                name="opinion_signed",
            ),
            models.CheckConstraint(
                condition=Q(average_num__isnull=True, average_den__isnull=True)
                | Q(status="signed", average_num__gte=0, average_den__gte=1),
                name="opinion_average",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="signed_text_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__status="signed") & ~pgtrigger.Q(old__text=pgtrigger.F("new__text")),
            )
        ]

    def __str__(self) -> str:
        return gettext("opinion on no. {seq}").format(seq=self.admission.seq)

    def get_absolute_url(self) -> str:
        """The page of the panel's work on the person."""
        return reverse("reviews:panel-case", args=[self.admission.meeting_id, self.admission_id])

    @property
    def average(self) -> Fraction | None:
        """Of the score sheets when it was signed."""
        return None if self.average_num is None else Fraction(self.average_num, self.average_den or 1)


class PanelOpinionRecord(TransitionRecord):
    """Who signed, who took the signature back, and why."""

    subject = models.ForeignKey(PanelOpinion, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


def opinion_of(admission: Admission) -> Any:
    """The signed opinion, or None."""
    found = getattr(admission, "panel_opinion", None)
    return found if found and found.status == PanelOpinion.Status.SIGNED else None
