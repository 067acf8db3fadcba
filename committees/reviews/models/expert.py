"""The pool of experts (专家库) a committee draws its jury from: rows, imports, draws and invitations."""

from typing import Any

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.records import TransitionRecord
from committees.plans.models import Committee
from committees.reviews.querysets.expert import DrawQuerySet, ExpertQuerySet, InvitationQuerySet

from .meeting import Meeting


@pghistory.track()
class Expert(models.Model):
    """One expert of a committee's pool for a term of office (聘期) of at most three years (setting).

    ``account``: who answers an invitation in the portal; without one somebody stands in the pool but is not drawn.
    """

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="experts", verbose_name=_("committee"))
    name = models.CharField(_("name"), max_length=50)
    unit = models.CharField(_("work unit"), max_length=100)
    held_title = models.CharField(_("title held"), max_length=60, blank=True)
    specialty = models.CharField(_("specialty"), max_length=60)
    phone = models.CharField(_("telephone"), max_length=20, blank=True)
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("account")
    )
    term_from = models.DateField(_("term begins"))
    term_until = models.DateField(_("term ends"))
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    objects = ExpertQuerySet.as_manager()

    class Meta:
        verbose_name = _("expert")
        ordering = ["committee", "specialty", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["committee", "name", "unit"], name="expert_once"),
            models.UniqueConstraint(fields=["committee", "account"], name="expert_account_once"),
            models.CheckConstraint(condition=Q(term_until__gte=F("term_from")), name="expert_term"),
        ]

    def __str__(self) -> str:
        return self.name


class ExpertImport(models.Model):
    """A roster of experts that was read without a fault and waits for "import": nothing of it counts before."""

    committee = models.ForeignKey(Committee, models.PROTECT, related_name="expert_imports")
    rows = models.JSONField()
    read_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    read_at = models.DateTimeField(default=clock.now)
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("import of experts")

    def __str__(self) -> str:
        return f"{self.committee_id} {self.read_at:%Y-%m-%d %H:%M}"


class Draw(models.Model):
    """A random draw (随机抽取) of experts for a meeting, kept with all it needs to be run again (decision 32).

    ``population``: [[expert, specialty, unit], …] in ascending id; ``rule``: {"wanted", "specialties", "per_unit"};
    ``drawn``: ids in the order of the draw. None of the four ever changes.
    """

    class Status(models.TextChoices):
        DRAWN = "drawn", _("Drawn")
        CONFIRMED = "confirmed", _("Confirmed")
        SET_ASIDE = "set_aside", _("Set aside")

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="draws")
    number = models.PositiveSmallIntegerField(_("draw"))
    seed = models.CharField(_("seed"), max_length=64)
    chain_seq = models.PositiveBigIntegerField()
    rule = models.JSONField()
    population = models.JSONField()
    drawn = models.JSONField()
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField(default=clock.now)
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAWN)

    objects = DrawQuerySet.as_manager()

    class Meta:
        verbose_name = _("draw")
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="draw_number"),
            models.UniqueConstraint(fields=["meeting"], condition=Q(status="drawn"), name="draw_one_open"),
            models.CheckConstraint(condition=~Q(drawn_by=F("confirmed_by")), name="draw_two_people"),
            models.CheckConstraint(
                condition=Q(status="drawn", confirmed_by__isnull=True)
                | ~Q(status="drawn") & Q(confirmed_by__isnull=False),
                name="draw_decided_by_somebody",
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="draw_stays",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("meeting", "seed", "rule", "population", "drawn", "drawn_by"),
            ),
            pgtrigger.Protect(name="draw_not_removed", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} · {self.number}"

    def get_absolute_url(self) -> str:
        """Its page: seed, population, result, run again."""
        return reverse("reviews:draw-detail", args=[self.pk])


class DrawRecord(TransitionRecord):
    """Who drew, confirmed or set aside; the seed stands in the record and so in the hash chain."""

    subject = models.ForeignKey(Draw, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False


class Invitation(models.Model):
    """An invitation to a drawn expert, who answers in the portal."""

    class Status(models.TextChoices):
        INVITED = "invited", _("Waiting for the answer")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")

    draw = models.ForeignKey(Draw, models.PROTECT, related_name="invitations")
    expert = models.ForeignKey(Expert, models.PROTECT, related_name="invitations")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.INVITED)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        ordering = ["draw", "pk"]
        constraints = [models.UniqueConstraint(fields=["draw", "expert"], name="invitation_once")]

    def __str__(self) -> str:
        return str(self.draw.meeting)

    def get_absolute_url(self) -> str:
        """Where the expert answers."""
        return reverse("reviews:call-up-list")

    @property
    def meeting(self) -> Any:
        """The meeting one is invited to."""
        return self.draw.meeting


class InvitationRecord(TransitionRecord):
    """When the expert was invited and what the answer was."""

    subject = models.ForeignKey(Invitation, models.PROTECT, related_name="records")

    class Meta(TransitionRecord.Meta):
        abstract = False
