"""Evaluation standards (评审标准) and their versions."""

import datetime as dt
from typing import Any

import pghistory
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Deferrable, F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.records import TransitionRecord
from committees.plans import asked as asking
from committees.plans import scoring
from committees.plans.querysets import VersionQuerySet

from .committees import Committee
from .decisions import BureauDecision
from .ranges import Days
from .register import Level, Series


class Standard(models.Model):
    """The standard of a committee for a series and a level; its content stands in versions."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="standards")
    series = models.ForeignKey(Series, models.PROTECT, related_name="standards")
    level = models.CharField(_("level"), max_length=20, choices=Level.choices)

    class Meta:
        verbose_name = _("evaluation standard")
        ordering = ["committee__code", "series", "level"]
        constraints = [
            models.UniqueConstraint(fields=["committee", "series", "level"], name="standard_once"),
        ]

    def __str__(self) -> str:
        return f"{self.committee} · {self.series} · {self.get_level_display()}"

    def version_on(self, day: dt.date) -> "StandardVersion | None":
        """The approved version effective on the day."""
        return self.versions.effective_on(day).first()


@pghistory.track()
class StandardVersion(BureauDecision):
    """A version of a standard; approved before it is applied (notice IV(2)).

    ``questions``, ``evidence_required``: what is asked of the applicant and what is uploaded, as in
    ``committees.plans.questions`` and ``asked``; read them through ``asked``.
    ``self_scoring``: the sheet for scoring oneself (量化自评), as in ``committees.plans.scoring``; see
    ``sheet``.
    ``tilts``: list of {"code", "text", "years_less", "hours_less", "free_of", "evidence", "document"}: relief for
    hardship areas and grass-roots posts (倾斜政策); years in the title, class hours of a year's total, codes of
    ``evidence_required`` that need not be brought; what proves the claim; the document it rests on.
    ``classes``: list of {"code", "text", "hint", "level_from", "years", "evidence", "document"}: classes of applicants
    without a classical employer (新型农业经营主体 …), who declare through a talent agency; the title from which they
    may ask ("none": without one), years of work in the field.
    ``anonymous``: the jury of a meeting under this version reads neither names nor units (匿名评审).
    ``effective_to`` is written when the next version is approved.
    """

    standard = models.ForeignKey(Standard, models.PROTECT, related_name="versions")
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    effective_from = models.DateField(_("effective from"))
    effective_to = models.DateField(_("effective until"), null=True, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    questions = models.JSONField(_("questions"), default=list, blank=True)
    evidence_required = models.JSONField(_("evidence required"), default=list, blank=True)
    self_scoring = models.JSONField(_("self-scoring sheet"), default=list, blank=True)
    tilts = models.JSONField(_("relief for hardship areas and grass-roots posts"), default=list, blank=True)
    classes = models.JSONField(_("classes of applicants"), default=list, blank=True)
    anonymous = models.BooleanField(
        _("anonymous review"),
        default=False,
        help_text=_("The jury reads numbers instead of names, and no work unit, until the results are public."),
    )
    copied_from = models.OneToOneField("self", models.PROTECT, null=True, editable=False, related_name="copy")
    dates_to_confirm = models.BooleanField(default=False, editable=False)  # as of a line of the plan

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a standard")
        ordering = ["standard", "-version"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.UniqueConstraint(fields=["standard", "version"], name="standard_version_once"),
            models.CheckConstraint(
                condition=Q(effective_to__isnull=True) | Q(effective_to__gte=F("effective_from")),
                name="standard_version_span",
            ),
            # Deferred: the approval of a version ends the one before it within the same transaction.
            ExclusionConstraint(
                name="standard_one_in_force",
                expressions=[
                    ("standard", RangeOperators.EQUAL),
                    (Days("effective_from", "effective_to"), RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=["approved", "published", "superseded"]),
                deferrable=Deferrable.DEFERRED,
            ),
        ]

    def __str__(self) -> str:
        return str(_("{standard}, version {version}").format(standard=self.standard, version=self.version))

    def holds_on(self, day: dt.date) -> bool:
        """Whether an approved version is effective on the day."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)

    def _texts_of(self, codes: Any) -> list[str]:
        """What people read: the texts of the evidence with these codes."""
        return [entry["text"] for entry in self.evidence_required if entry["code"] in codes]

    def class_named(self, code: str) -> dict[str, Any] | None:
        """The class of applicants with that code, or None."""
        return next((row for row in self.classes if row["code"] == code), None)

    @property
    def asked(self) -> asking.Asked:
        """Questions and evidence."""
        return asking.read(self.questions, self.evidence_required)

    @property
    def sheet(self) -> scoring.Sheet:
        """The self-scoring sheet."""
        return scoring.read(self.self_scoring)

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("plans:version-detail", args=[self.pk])

    def return_items(self) -> list[tuple[object, object]]:
        """What can be sent back one by one: the parts of the version."""
        parts = ("effective_from", "summary", "questions", "evidence_required", "self_scoring", "tilts", "classes")
        return [(part, self._meta.get_field(part).verbose_name) for part in parts]

    def decision_content(self) -> dict[str, object]:
        """What the bureau confirms."""
        return {
            "standard": str(self.standard),
            "version": self.version,
            "effective_from": self.effective_from,
            "summary": self.summary,
            "questions": self.questions,
            "evidence_required": self.evidence_required,
            "self_scoring": self.self_scoring,
            "tilts": [{**row, "free_of": self._texts_of(row.get("free_of", ()))} for row in self.tilts],
            "classes": self.classes,
            **({"anonymous": True} if self.anonymous else {}),  # what was proposed without it keeps its hash
        }


class StandardRecord(TransitionRecord):
    """Who moved a version of a standard."""

    subject = models.ForeignKey(StandardVersion, models.PROTECT, related_name="records")
