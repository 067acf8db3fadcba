"""Rows of the supervision campaign: one check of one committee for one year, item by item."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.records import TransitionRecord
from appraisal_portal.supervision.querysets import CheckQuerySet


class SupervisionCheck(TwoPerson):
    """The check of one committee's work in one year (督查): what the portal's records say, what was found, what was
    mended. The two people decide about withdrawing the committee's authority.
    """

    class Status(models.TextChoices):
        OPEN = "open", _("Being checked")
        SENT = "sent", _("To be mended")
        ANSWERED = "answered", _("Answered")
        PROPOSED = "proposed", _("Withdrawal proposed")
        CLOSED = "closed", _("Closed")
        WITHDRAWN = "withdrawn", _("Authority withdrawn")

    year = models.PositiveSmallIntegerField(_("year of the appraisal"))
    committee = models.ForeignKey(
        "plans.Committee", models.PROTECT, related_name="supervision_checks", verbose_name=_("committee")
    )
    opened_on = models.DateField()
    computed_at = models.DateTimeField(default=clock.now)
    rectify_by = models.DateField(_("to be mended by"), null=True, blank=True)
    answer = models.TextField(_("what was mended"), max_length=4000, blank=True)
    answered_on = models.DateField(null=True, blank=True)
    ground = models.TextField(_("why the authority should be withdrawn"), max_length=4000, blank=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)

    objects = CheckQuerySet.as_manager()

    class Meta(TwoPerson.Meta):
        abstract = False
        verbose_name = _("supervision check")
        ordering = ["-year", "committee__code"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.UniqueConstraint(fields=["year", "committee"], name="supervision_once_a_year"),
            models.CheckConstraint(
                condition=Q(status__in=["open", "closed"]) | Q(rectify_by__isnull=False), name="supervision_rectify_by"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.committee} {self.year}"

    def get_absolute_url(self) -> str:
        """Its page for bureau, supervisor and the committee's office."""
        return reverse("supervision:check-detail", args=[self.pk])

    def decision_content(self) -> dict[str, Any]:
        """What the two people read before they withdraw the authority."""
        items = self.items.order_by("pk").values_list("code", "computed", "finding", "note")
        return {
            "committee": self.committee_id,
            "year": self.year,
            "ground": self.ground,
            "answer": self.answer,
            "items": [list(item) for item in items],
        }


class SupervisionRecord(TransitionRecord):
    """Who opened, sent, answered and closed a check."""

    subject = models.ForeignKey(SupervisionCheck, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


class SupervisionItem(models.Model):
    """One line of the checklist. ``computed``: what the portal's own records say; ``evidence``: list of
    {"says": code of a sentence, …its words}; ``finding``: what a reviewer of the bureau judged, with a note.
    """

    class Computed(models.TextChoices):
        OK = "ok", _("in order")
        BAD = "bad", _("not in order")
        LOOK = "look", _("to be looked at")
        NONE = "none", _("nothing to check")

    class Finding(models.TextChoices):
        CONFORMS = "conforms", _("conforms")
        DEFECT = "defect", _("defect")

    check_of = models.ForeignKey(SupervisionCheck, models.PROTECT, related_name="items")
    code = models.CharField(max_length=12)
    computed = models.CharField(max_length=4, choices=Computed.choices)
    evidence = models.JSONField(default=list)
    finding = models.CharField(max_length=8, choices=Finding.choices, blank=True)
    note = models.CharField(_("note"), max_length=1000, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["check_of", "code"], name="supervision_item_once"),
            models.CheckConstraint(condition=~Q(finding="defect") | ~Q(note=""), name="supervision_defect_in_words"),
        ]

    def __str__(self) -> str:
        return f"{self.check_of_id} {self.code}"
