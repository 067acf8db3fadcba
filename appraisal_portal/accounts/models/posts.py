"""The approved post structure of public institutions (岗位结构比例): how many posts of each level a unit has."""

import pghistory
import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.querysets import PostHoldingQuerySet, PostStructureQuerySet
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.models import StoredDocument

from .organisations import Organisation


@pghistory.track()
class PostStructure(models.Model):
    """Posts of one level in one unit from a day on, by the document of the authority; a unit never edits it itself.

    ``used``: posts taken on ``valid_from`` according to the document. A later document ends the row before it.
    """

    class Level(models.TextChoices):
        JUNIOR = "junior", _("junior posts")  # 初级: technician and assistant level
        INTERMEDIATE = "intermediate", _("intermediate posts")  # 中级
        ASSOCIATE_SENIOR = "associate_senior", _("associate senior posts")  # 副高级
        SENIOR = "senior", _("senior posts")  # 正高级

    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="post_structures", verbose_name=_("unit"))
    level = models.CharField(_("level of the posts"), max_length=16, choices=Level.choices)
    approved = models.PositiveSmallIntegerField(_("approved posts"))
    used = models.PositiveSmallIntegerField(_("of these taken"), default=0)
    document = models.CharField(_("number of the approval"), max_length=60)
    decided_on = models.DateField(_("approved on"))
    authority = models.ForeignKey(
        Organisation, models.PROTECT, related_name="approved_structures", verbose_name=_("approved by"), null=True
    )
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)
    valid_from = models.DateField(_("valid from"))
    valid_to = models.DateField(_("valid until"), null=True, blank=True)

    objects = PostStructureQuerySet.as_manager()

    class Meta:
        verbose_name = _("post structure")
        ordering = ["unit", "level", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="post_structure_span"
            ),
            ExclusionConstraint(
                name="post_structure_once",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("level", RangeOperators.EQUAL),
                    (
                        Func(
                            F("valid_from"), F("valid_to"), Value("[]"),
                            function="daterange", output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.unit} · {self.get_level_display()}"


class PostHolding(models.Model):
    """A post somebody holds (占岗), written when an appointment is confirmed: ``accounts`` counts posts, it does not
    judge who may be appointed.

    ``ends_on``: last day; empty: until it is ended. Days before the structure's ``valid_from`` are in its ``used``.
    """

    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="post_holdings")
    person = models.ForeignKey("accounts.Person", models.PROTECT, related_name="post_holdings")
    level = models.CharField(max_length=16, choices=PostStructure.Level.choices)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    objects = PostHoldingQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="post_holding_span"
            ),
            ExclusionConstraint(
                name="post_holding_one_at_a_time",
                expressions=[
                    ("unit", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_on"), F("ends_on"), Value("[]"),
                            function="daterange", output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.person} · {self.get_level_display()}"


class PostInformation(models.Model):
    """Posts a unit published among its staff before anybody declared (岗位信息公布); published anew, never changed."""

    unit = models.ForeignKey(Organisation, models.PROTECT, related_name="post_information", verbose_name=_("unit"))
    year = models.PositiveSmallIntegerField(_("year"))
    posts = models.TextField(_("what was published"), max_length=2000)
    place = models.CharField(_("where it is posted"), max_length=200)
    posted_on = models.DateField(_("published on"))
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)
    sheet = models.ForeignKey(StoredDocument, models.PROTECT, null=True, related_name="+")

    objects = PostStructureQuerySet.as_manager()

    class Meta:
        verbose_name = _("post information")
        ordering = ["-year", "-pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(posts="") & ~Q(place=""), name="post_information_says_something"),
        ]
        triggers = [
            pgtrigger.Protect(name="post_information_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.year}"

    def get_absolute_url(self) -> str:
        """The page of the unit's posts."""
        return reverse("accounts:post-detail", args=[self.unit_id])
