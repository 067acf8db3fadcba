"""Recusal from data (回避): whom applicants name, what jurors declare, what the office decides about it."""

from typing import Any

import pgtrigger
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.records import TransitionRecord
from committees.reviews.querysets.conflict import ProposalQuerySet

from .meeting import Admission


class NamedMember(models.Model):
    """Somebody an applicant asks to be kept away from the own case (申请回避), by name: the jury itself is secret."""

    declaration = models.ForeignKey("applications.Declaration", models.PROTECT, related_name="named_members")
    name = models.CharField(_("name"), max_length=50)
    reason = models.CharField(_("reason"), max_length=200)
    named_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("named member")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["declaration", "name"], name="named_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(reason=""), name="named_with_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.declaration_id} {self.pk}"


class ConflictAnswer(models.Model):
    """What a juror declared about one case before its dossier opened; given once, never changed."""

    admission = models.ForeignKey(Admission, models.PROTECT, related_name="conflict_answers")
    member = models.ForeignKey("plans.CommitteeMember", models.PROTECT, related_name="conflict_answers")
    conflict = models.BooleanField()
    ground = models.CharField(_("ground"), max_length=200, blank=True)
    answered_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("declaration of conflicts")
        ordering = ["admission", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["admission", "member"], name="conflict_answered_once"),
            models.CheckConstraint(condition=Q(conflict=False) | ~Q(ground=""), name="conflict_with_ground"),
        ]
        triggers = [pgtrigger.Protect(name="answer_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.admission_id} {self.member_id}"


class RecusalProposal(models.Model):
    """A recusal proposed from data; the office confirms it (then a ``Recusal`` stands) or refuses it with a reason.

    While it is open the member sees nothing of the case.
    """

    class Source(models.TextChoices):
        NAMED = "named", _("named by the applicant")
        DECLARED = "declared", _("declared by the member")
        CO_AUTHOR = "co_author", _("named in an achievement")

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        CONFIRMED = "confirmed", _("Confirmed")
        REFUSED = "refused", _("Refused")

    admission = models.ForeignKey(Admission, models.PROTECT, related_name="recusal_proposals")
    member = models.ForeignKey("plans.CommitteeMember", models.PROTECT, related_name="recusal_proposals")
    source = models.CharField(_("source"), max_length=9, choices=Source.choices)
    ground = models.CharField(_("ground"), max_length=200)
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.OPEN)

    objects = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("proposed recusal")
        ordering = ["admission", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["admission", "member", "source"], name="recusal_proposed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.admission.seq} · {self.member.user}"

    def get_absolute_url(self) -> str:
        """The office's page of recusals."""
        return reverse("reviews:meeting-recusals", args=[self.admission.meeting_id])

    @property
    def meeting(self) -> Any:
        """The meeting it belongs to."""
        return self.admission.meeting


class RecusalProposalRecord(TransitionRecord):
    """Who confirmed or refused, and why."""

    subject = models.ForeignKey(RecusalProposal, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False
