"""The register of objections (异议) against persons on a publicity list."""

import datetime as dt
import secrets
from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.models import Period, Upload
from appraisal_portal.kernel.records import TransitionRecord
from committees.reviews.querysets.results import ObjectionFileQuerySet, ObjectionQuerySet

from .publicity import ResultPublicityItem


def new_code() -> str:
    """The code with which somebody follows the own objection: 50 random bits, easy to write down."""
    return "".join(secrets.choice("ABCDEFGHJKLMNPQRSTUVWXYZ23456789") for _ in range(10))


class Objection(TwoPerson, Period):
    """An objection or report about one person on a list. The period is the handler's time to investigate (核查期限)."""

    period_name = _("handling of an objection")

    class Opinion(models.TextChoices):
        UPHELD = "upheld", _("upheld")
        UNFOUNDED = "unfounded", _("not upheld")

    class Status(models.TextChoices):
        RECEIVED = "received", _("Received")
        INVESTIGATING = "investigating", _("Under investigation")
        REPORTED_LATE = "reported_late", _("Taken as a report")
        SETTLED = "settled", _("Report followed up")
        CONCLUDED = "concluded", _("Waiting for the bureau")
        UNFOUNDED = "unfounded", _("Not upheld")
        UPHELD = "upheld", _("Upheld")

    code = models.CharField(max_length=10, unique=True, default=new_code)
    item = models.ForeignKey(ResultPublicityItem, models.PROTECT, related_name="objections")
    filed_by = models.CharField(_("your name"), max_length=50, blank=True)
    contact = models.CharField(_("how to reach you"), max_length=100, blank=True)
    content = models.TextField(_("what is wrong, and what shows it"), max_length=4000)
    received_at = models.DateTimeField(default=clock.now)
    in_time = models.BooleanField()
    status = models.CharField(max_length=14, choices=Status.choices, default=Status.RECEIVED)
    handler = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    extended = models.BooleanField(default=False)
    checkable = models.BooleanField(_("the report names something that can be checked"), null=True)
    substance = models.TextField(_("what the person concerned is told"), max_length=2000, blank=True)
    evidence = models.TextField(_("what was found"), blank=True)
    reply = models.TextField(_("written reply to whoever objected"), max_length=2000, blank=True)
    opinion = models.CharField(_("opinion"), max_length=10, choices=Opinion.choices, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta(TwoPerson.Meta):
        abstract = False
        verbose_name = _("objection")
        ordering = ["-pk"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.CheckConstraint(
                condition=Q(status__in=["received", "reported_late"]) | Q(handler__isnull=False),
                name="objection_handled",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["concluded", "unfounded", "upheld"]) | (~Q(evidence="") & ~Q(opinion="")),
                name="objection_concluded_on_evidence",
            ),
            models.CheckConstraint(
                condition=~Q(status="settled") | (Q(checkable=True) & ~Q(evidence="")),
                name="report_settled_on_evidence",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.item.shown_name}"

    def get_absolute_url(self) -> str:
        """Its page for the office, the bureau and the supervisor."""
        return reverse("reviews:objection-detail", args=[self.pk])

    def decision_content(self) -> dict[str, Any]:
        """The objection and what was found; the author's name is not part of it."""
        return {
            "code": self.code,
            "content": self.content,
            "answers": list(self.answers.order_by("pk").values_list("content", flat=True)),
            "files": list(self.files.order_by("pk").values_list("upload__sha256", flat=True)),
            "evidence": self.evidence,
            "opinion": self.opinion,
            "reply": self.reply,
        }

    @property
    def due_on(self) -> dt.date | None:
        """Last day of the investigation."""
        return self.ends_on

    @property
    def person_url(self) -> str:
        """Its page for the person it is about."""
        return reverse("reviews:objection-about-me", args=[self.pk])


class ObjectionRecord(TransitionRecord):
    """The life of an objection."""

    subject = models.ForeignKey(Objection, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


class ObjectionAnswer(models.Model):
    """What the person concerned says to an objection (陈述申辩)."""

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="answers")
    content = models.TextField(_("your answer"), max_length=4000)
    given_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="answer_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.objection.code} {self.given_at:%Y-%m-%d}"


class ObjectionFile(models.Model):
    """A file that shows something in the matter of an objection; whoever sent it in is named by the side only."""

    class Side(models.TextChoices):
        AUTHOR = "author", _("with the objection")
        PERSON = "person", _("with the answer of the person concerned")
        OFFICE = "office", _("found by the office")

    objection = models.ForeignKey(Objection, models.PROTECT, related_name="files")
    side = models.CharField(max_length=6, choices=Side.choices)
    upload = models.OneToOneField(Upload, models.PROTECT, related_name="+")

    objects = ObjectionFileQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        triggers = [pgtrigger.Protect(name="evidence_stands", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.get_side_display()}: {self.upload}"
