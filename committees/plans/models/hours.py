"""Continuing education asked for in a year (继续教育要求): general subjects by the bureau, others by the industry.

The yearly totals are a published rule (``law.py``); what stands here is entered year by year from a document.
"""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import Organisation
from appraisal_portal.kernel import clock
from committees.plans.querysets import RequirementQuerySet

from .register import Series, Subfield


@pghistory.track()
class Industry(models.Model):
    """Which competent department speaks for a series, or for a subfield of it (行业主管部门); set by the bureau."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="industries", verbose_name=_("series"))
    subfield = models.ForeignKey(
        Subfield, models.PROTECT, null=True, blank=True, related_name="industries", verbose_name=_("subfield")
    )
    department = models.ForeignKey(
        Organisation, models.PROTECT, related_name="industries", verbose_name=_("competent department")
    )

    class Meta:
        verbose_name = _("industry")
        ordering = ["series__number", "subfield", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["series", "subfield"], name="industry_once", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return str(self.subfield or self.series)


@pghistory.track()
class HoursRequirement(models.Model):
    """Class hours of one kind asked for in one year, with the document that says so."""

    class Kind(models.TextChoices):
        GENERAL = "general", _("general subjects")  # 一般公需科目
        PROFESSIONAL = "professional", _("professional subjects")  # 专业科目

    year = models.PositiveSmallIntegerField(_("year"))
    kind = models.CharField(_("kind of subjects"), max_length=12, choices=Kind.choices)
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, related_name="requirements", verbose_name=_("industry")
    )
    hours = models.PositiveSmallIntegerField(_("class hours at least"))
    subjects = models.CharField(_("subjects"), max_length=200)
    document = models.CharField(_("document"), max_length=100)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)

    objects = RequirementQuerySet.as_manager()

    class Meta:
        verbose_name = _("requirement of class hours")
        ordering = ["-year", "kind", "industry", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["year", "kind", "industry"], name="hours_once_a_year", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(kind="general", industry__isnull=True) | Q(kind="professional", industry__isnull=False),
                name="hours_of_whom",
            ),
            models.CheckConstraint(condition=Q(hours__gte=1, hours__lte=1000), name="hours_possible"),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.get_kind_display()} {self.hours}"
