"""Series, subfields and titles, loaded from a data file (domain.md §5.2)."""

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from committees.plans.querysets import DatedQuerySet

from .ranges import Days


class Level(models.TextChoices):
    """职称级别: the first two are junior (初级), the last two senior (高级)."""

    TECHNICIAN = "technician", _("technician level")
    ASSISTANT = "assistant", _("assistant level")
    INTERMEDIATE = "intermediate", _("intermediate level")
    ASSOCIATE_SENIOR = "associate_senior", _("associate senior level")
    SENIOR = "senior", _("senior level")


SENIOR_LEVELS = (Level.ASSOCIATE_SENIOR, Level.SENIOR)


class Series(models.Model):
    """职称系列. ``by_exam_levels``: levels reached by a national or provincial examination only (以考代评)."""

    number = models.PositiveSmallIntegerField(_("number"))
    name = models.CharField(_("designation"), max_length=60)
    name_en = models.CharField(max_length=100, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    by_exam_levels = ArrayField(models.CharField(max_length=20, choices=Level.choices), default=list, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("series")
        ordering = ["number", "pk"]
        constraints = [
            ExclusionConstraint(
                name="series_once",
                expressions=[("name", RangeOperators.EQUAL), (Days("valid_from", "valid_to"), RangeOperators.OVERLAPS)],
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def by_exam(self, level: str) -> bool:
        """Whether the level is reached by examination only."""
        return level in self.by_exam_levels

    def titles_on(self, day: dt.date) -> DatedQuerySet:
        """The titles of the series that exist on the day."""
        return self.titles.valid_on(day)


class Subfield(models.Model):
    """专业 within a series, as far as committees divide it. ``by_exam_levels`` adds to those of the series."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="subfields")
    code = models.SlugField(max_length=40)
    name = models.CharField(_("designation"), max_length=60)
    name_en = models.CharField(max_length=100, blank=True)
    by_exam_levels = ArrayField(models.CharField(max_length=20, choices=Level.choices), default=list, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("subfield")
        ordering = ["series", "pk"]
        constraints = [models.UniqueConstraint(fields=["series", "code"], name="subfield_once")]

    def __str__(self) -> str:
        return self.name


class Title(models.Model):
    """职称名称 of a level in a series for a span of days: 正高级工程师 exists only since 1 February 2019."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="titles")
    level = models.CharField(_("level"), max_length=20, choices=Level.choices)
    name = models.CharField(_("designation"), max_length=60)
    name_en = models.CharField(max_length=100, blank=True)
    by_exam = models.BooleanField(default=False)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = DatedQuerySet.as_manager()

    class Meta:
        verbose_name = _("title")
        ordering = ["series", "pk"]
        constraints = [
            ExclusionConstraint(
                name="title_once",
                expressions=[
                    ("series", RangeOperators.EQUAL),
                    ("name", RangeOperators.EQUAL),
                    (Days("valid_from", "valid_to"), RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="title_span"
            ),
        ]

    def __str__(self) -> str:
        return self.name
