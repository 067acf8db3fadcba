"""Publicity of the results (评审结果公示)."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.models import Period
from appraisal_portal.kernel.records import TransitionRecord
from committees.plans.models import Channel
from committees.reviews.querysets.results import ResultPublicityQuerySet

from .determination import Determination, DeterminationItem
from .meeting import Admission, Meeting
from .verdict import Verdict


class ResultPublicity(Period):
    """One list of persons made public for a number of working days; its end is fixed when it starts.

    Those who passed (评审结果公示), or before the meeting those who go to it (评前公示).
    """

    period_name = _("publicity of a list")

    class Kind(models.TextChoices):
        RESULT = "result", _("publicity of results")  # 评审结果公示
        PRE_REVIEW = "pre_review", _("publicity before the meeting")  # 评前公示

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SIGNED = "signed", _("Signed, not started")
        RUNNING = "running", _("Public now")
        HALTED = "halted", _("Halted")
        CLOSED = "closed", _("Publicity over")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.RESULT)
    # either a meeting or a determination without a vote has passed the persons
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, related_name="publicities")
    determination = models.ForeignKey(Determination, models.PROTECT, null=True, related_name="publicities")
    supplementary_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="supplements")
    how = models.CharField(_("where it is made public"), max_length=200)
    contact = models.CharField(_("contact for objections"), max_length=100)
    phone = models.CharField(_("telephone of the office"), max_length=20)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(null=True)
    content_sha256 = models.CharField(max_length=64, blank=True)
    halted_on = models.DateField(null=True)
    take_down_on = models.DateField(null=True)

    objects = ResultPublicityQuerySet.as_manager()

    class Meta:
        verbose_name = _("result publicity")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["draft", "signed"]) | Q(starts_on__isnull=False, ends_on__isnull=False),
                name="result_publicity_dated",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(signed_by__isnull=False), name="result_publicity_signed"
            ),
            models.CheckConstraint(
                condition=Q(meeting__isnull=False) ^ Q(determination__isnull=False), name="result_publicity_one_source"
            ),
            models.CheckConstraint(
                condition=Q(determination__isnull=True) | Q(signed_by__isnull=True) | ~Q(signed_by=F("prepared_by")),
                name="result_publicity_two_people",
            ),
        ]

    def __str__(self) -> str:
        name = f"{self.source.body} {self.source.held_on:%Y-%m-%d}"
        return gettext("{list}, before the meeting").format(list=name) if self.before_review else name

    @property
    def before_review(self) -> bool:
        """Whether it shows who goes to the meeting, not who has passed."""
        return self.kind == self.Kind.PRE_REVIEW

    @property
    def days_of_the_plan(self) -> int:
        """Working days the plan's line says for this kind of list."""
        line = self.source.line
        return int(line.pre_review_days if self.before_review else line.result_publicity_days)

    @property
    def source(self) -> Any:
        """The meeting or the determination the list comes from; both name ``office``, ``body``, ``held_on``."""
        return self.meeting if self.meeting_id else self.determination

    def get_absolute_url(self) -> str:
        """Its page for office, bureau and supervisor; the public reads another."""
        return reverse("reviews:publicity-detail", args=[self.pk])

    def content(self) -> dict[str, Any]:
        """Everything the list shows: what the director signs."""
        names = ("seq", "shown_name", "shown_unit", "shown_title", "shown_specialty", "shown_mode", "disambiguation")
        return {
            **({"kind": self.kind} if self.before_review else {}),
            **({"meeting": self.meeting_id} if self.meeting_id else {"determination": self.determination_id}),
            "how": self.how,
            "contact": self.contact,
            "phone": self.phone,
            "people": [[getattr(item, name) for name in names] for item in self.items.order_by("seq")],
        }


class ResultPublicityRecord(TransitionRecord):
    """Who signed, started, halted or closed a list."""

    subject = models.ForeignKey(ResultPublicity, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


class ResultPublicityItem(models.Model):
    """One person on a list, with exactly what is shown of them: never an identity number."""

    publicity = models.ForeignKey(ResultPublicity, models.PROTECT, related_name="items")
    verdict = models.ForeignKey(Verdict, models.PROTECT, null=True, related_name="publicity_items")
    determined = models.ForeignKey(DeterminationItem, models.PROTECT, null=True, related_name="publicity_items")
    admission = models.ForeignKey(Admission, models.PROTECT, null=True, related_name="publicity_items")
    declaration = models.ForeignKey("applications.Declaration", models.PROTECT, related_name="result_publicity_items")
    seq = models.PositiveIntegerField()
    shown_name = models.CharField(max_length=50)
    shown_unit = models.CharField(max_length=100)
    shown_title = models.CharField(max_length=60)
    shown_specialty = models.CharField(max_length=60, blank=True)
    shown_mode = models.CharField(max_length=14, choices=Channel.choices)  # a key, for each reads it in their language
    disambiguation = models.CharField(max_length=60, blank=True)
    live = models.BooleanField(default=True)

    class Meta:
        ordering = ["publicity", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["publicity", "seq"], name="publicity_item_seq"),
            models.UniqueConstraint(fields=["verdict"], condition=Q(live=True), name="publicity_item_live"),
            models.UniqueConstraint(fields=["determined"], condition=Q(live=True), name="publicity_item_determined"),
            models.UniqueConstraint(fields=["admission"], condition=Q(live=True), name="publicity_item_admission"),
            models.CheckConstraint(
                condition=Q(verdict__isnull=False, determined__isnull=True, admission__isnull=True)
                | Q(verdict__isnull=True, determined__isnull=False, admission__isnull=True)
                | Q(verdict__isnull=True, determined__isnull=True, admission__isnull=False),
                name="publicity_item_one_source",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="shown_as_signed",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    *("seq", "shown_name", "shown_unit", "shown_title", "shown_specialty", "shown_mode"),
                    *("disambiguation", "verdict", "determined", "admission"),
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.shown_name}"
