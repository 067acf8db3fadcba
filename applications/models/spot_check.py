"""Spot checks of the bureau (抽查): rule and population announced first, the seed later, findings per case."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.querysets import SpotCheckItemQuerySet, SpotCheckQuerySet
from appraisal_portal.kernel.approvals import content_sha256
from appraisal_portal.kernel.models import StoredDocument
from appraisal_portal.kernel.records import TransitionRecord
from committees.plans.models import PlanLine

from .declaration import Declaration


class SpotCheck(models.Model):
    """One spot check. ``population``: [[number of the declaration, number of its series, pk], …] in ascending numbers,
    frozen when it was announced; ``sample``: numbers in ascending order, frozen when it was drawn.

    The seed is the daily head of the hash chain of a working day after the announcement (decision 41).
    """

    class Status(models.TextChoices):
        ANNOUNCED = "announced", _("Announced")
        DRAWN = "drawn", _("Drawn")
        FOUND = "found", _("Findings recorded")
        RE_EXAMINING = "re_examining", _("Being examined again")
        CLOSED = "closed", _("Closed")

    year = models.PositiveSmallIntegerField(_("review year"))
    number = models.PositiveSmallIntegerField(_("number in the year"))
    lines = models.ManyToManyField(PlanLine, related_name="spot_checks", verbose_name=_("cycle lines"))
    statuses = models.JSONField(_("states"))
    share = models.PositiveSmallIntegerField(
        _("share in percent"), validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    minimum = models.PositiveSmallIntegerField(_("at least so many of each series"))
    population = models.JSONField()
    population_sha256 = models.CharField(max_length=64)
    announced_on = models.DateField()
    announced_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    seed = models.CharField(_("seed"), max_length=64, blank=True)
    seed_day = models.DateField(null=True, blank=True)
    chain_seq = models.PositiveBigIntegerField(null=True, blank=True)
    sample = models.JSONField(default=list)
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    drawn_on = models.DateField(null=True, blank=True)
    findings_by = models.DateField(null=True, blank=True)
    status = models.CharField(max_length=14, choices=Status.choices, default=Status.ANNOUNCED)

    objects = SpotCheckQuerySet.as_manager()

    class Meta:
        verbose_name = _("spot check")
        ordering = ["-year", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["year", "number"], name="spot_check_number"),
            models.CheckConstraint(condition=Q(share__gte=1, share__lte=100), name="spot_check_share"),
            models.CheckConstraint(
                condition=Q(status="announced", seed="", chain_seq__isnull=True)
                | (~Q(status="announced") & ~Q(seed="") & Q(chain_seq__isnull=False)),
                name="spot_check_seed_when_drawn",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="spot_check_announced",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "year", "number", "statuses", "share", "minimum", "population", "population_sha256",
                    "announced_on", "announced_by",
                ),
            ),
            pgtrigger.Protect(
                name="spot_check_drawn_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.seed <> '' AND (OLD.seed, OLD.chain_seq, OLD.sample, OLD.drawn_by_id)"
                    " IS DISTINCT FROM (NEW.seed, NEW.chain_seq, NEW.sample, NEW.drawn_by_id)"
                ),
            ),
            pgtrigger.Protect(name="spot_check_not_removed", operation=pgtrigger.Delete),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.year}-{self.number}"

    def get_absolute_url(self) -> str:
        """Its page."""
        return reverse("applications:spotcheck-detail", args=[self.pk])

    @property
    def rule(self) -> dict[str, int]:
        """The announced rule, as the draw takes it."""
        return {"share": self.share, "minimum": self.minimum}

    def population_hash(self) -> str:
        """SHA-256 of the frozen list, as it was announced."""
        return content_sha256(self.population)


class SpotCheckRecord(TransitionRecord):
    """Who announced, drew, recorded, ordered, closed; rule, population's hash and seed stand in the hash chain."""

    subject = models.ForeignKey(SpotCheck, models.PROTECT, related_name="records")


class SpotCheckPaper(models.Model):
    """The report of a spot check (抽查报告)."""

    subject = models.ForeignKey(SpotCheck, models.PROTECT, related_name="papers")
    code = models.CharField(max_length=40)
    version = models.PositiveIntegerField(default=1)
    document = models.ForeignKey(StoredDocument, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "code", "version"], name="spot_check_paper_once")]

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"


class SpotCheckItem(models.Model):
    """One sampled case. Frozen, that is neither on a roster nor published, reported, announced or certified, from the
    draw to a clear finding, and after a defect until it was examined again and found eligible.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("To be checked")
        CLEAR = "clear", _("No defect")
        DEFECT = "defect", _("Defect found")
        RE_EXAMINING = "re_examining", _("Being examined again")
        CONFIRMED = "confirmed", _("Examined again: eligible")
        NOT_ELIGIBLE = "not_eligible", _("Examined again: not eligible")
        EXCLUDED = "excluded", _("Excluded")

    spot_check = models.ForeignKey(SpotCheck, models.PROTECT, related_name="items", verbose_name=_("spot check"))
    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="spot_check_items")
    note = models.CharField(_("finding"), max_length=1000, blank=True)
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    found_on = models.DateField(null=True, blank=True)
    re_examine_by = models.DateField(_("to be examined again by"), null=True, blank=True)
    re_examined_at = models.DateTimeField(null=True, blank=True)
    status = models.CharField(max_length=14, choices=Status.choices, default=Status.PENDING)

    objects = SpotCheckItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("sampled case")
        ordering = ["spot_check", "declaration__number"]
        constraints = [
            models.UniqueConstraint(fields=["spot_check", "declaration"], name="spot_check_item_once"),
            models.CheckConstraint(
                condition=Q(status="pending", found_by__isnull=True) | ~Q(status="pending") & Q(found_by__isnull=False),
                name="spot_check_item_found_by",
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "clear", "defect", "re_examining"])
                | Q(re_examined_at__isnull=False),
                name="spot_check_item_re_examined",
            ),
        ]

    def __str__(self) -> str:
        return str(self.declaration)

    def get_absolute_url(self) -> str:
        """Its page: the findings on each item beside the file."""
        return reverse("applications:spotcheckitem-detail", args=[self.pk])

    def message_words(self) -> dict[str, Any]:
        """For messages: which check it is, and what was found."""
        return {"check": str(self.spot_check), "finding": self.note}


class SpotCheckItemRecord(TransitionRecord):
    """Who found what in a sampled case, and what became of it."""

    subject = models.ForeignKey(SpotCheckItem, models.PROTECT, related_name="records")
