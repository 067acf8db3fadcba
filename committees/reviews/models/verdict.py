"""What a vote decided on each person (表决结果)."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.utils.translation import gettext_lazy as _

from .ballot import BallotRound
from .meeting import Admission

_FOR = F("pass_den") * F("agree")
_NEEDED = F("pass_num") * F("present")


class Verdict(models.Model):
    """What the committee decided on one person. The arithmetic is checked by the database, in integers (R-02, R-06).

    ``present``: the members the pass line counts: the roll of this person (in the room and not recused), or everybody
    in the room where the setting says so. Abstentions, invalid and missing ballots stay in it.
    ``pass_num / pass_den``: the committee's fraction, copied, so that a later change of the committee alters nothing.
    """

    class Basis(models.TextChoices):
        VOTE = "vote", _("vote")  # 投票
        DETERMINATION = "determination", _("determination without a vote")  # 认定

    class Outcome(models.TextChoices):
        PASSED = "passed", _("Passed")
        NOT_PASSED = "not_passed", _("Not passed")
        DEFERRED = "deferred", _("Deferred")

    admission = models.OneToOneField(Admission, models.PROTECT, related_name="verdict")
    basis = models.CharField(max_length=14, choices=Basis.choices, default=Basis.VOTE)
    round = models.ForeignKey(BallotRound, models.PROTECT, null=True, blank=True, related_name="verdicts")
    members = models.PositiveSmallIntegerField(null=True, blank=True)
    present = models.PositiveSmallIntegerField(null=True, blank=True)
    agree = models.PositiveSmallIntegerField(_("for"), null=True, blank=True, db_column="for")
    against = models.PositiveSmallIntegerField(_("against"), null=True, blank=True)
    abstain = models.PositiveSmallIntegerField(_("abstained"), null=True, blank=True)
    invalid = models.PositiveSmallIntegerField(_("invalid"), null=True, blank=True)
    missing = models.PositiveSmallIntegerField(_("not cast"), default=0)
    pass_num = models.PositiveIntegerField()
    pass_den = models.PositiveIntegerField()
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    ground = models.CharField(_("ground"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("verdict")
        ordering = ["admission__seq"]
        constraints = [
            models.CheckConstraint(
                condition=Q(basis="vote", outcome__in=["passed", "not_passed"], round__isnull=False)
                & Q(members__isnull=False, present__isnull=False, agree__isnull=False)
                & Q(against__isnull=False, abstain__isnull=False, invalid__isnull=False)
                | (Q(basis="determination") | Q(outcome="deferred"))
                & Q(members__isnull=True, present__isnull=True, agree__isnull=True)
                & Q(against__isnull=True, abstain__isnull=True, invalid__isnull=True, missing=0),
                name="verdict_counts_of_a_vote",
            ),
            models.CheckConstraint(
                condition=Q(present__isnull=True)
                | Q(present=F("agree") + F("against") + F("abstain") + F("invalid") + F("missing"))
                & Q(present__gte=1, present__lte=F("members")),
                name="verdict_sum",
            ),
            # Integers throughout: den·for ≥ num·present, never a fraction of 0.666…
            models.CheckConstraint(
                condition=Q(present__isnull=True)
                | Q(outcome="passed") & Q(GreaterThanOrEqual(_FOR, _NEEDED))
                | Q(outcome="not_passed") & Q(LessThan(_FOR, _NEEDED)),
                name="verdict_arithmetic",
            ),
            models.CheckConstraint(
                condition=Q(pass_num__gte=1) & Q(pass_num__lte=F("pass_den")), name="verdict_fraction"
            ),
            models.CheckConstraint(condition=~Q(outcome="deferred") | ~Q(ground=""), name="verdict_deferred_ground"),
        ]
        triggers = [pgtrigger.Protect(name="verdict_stays", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.admission_id} {self.outcome}"

    @property
    def rest(self) -> int | None:
        """Neither for nor against: abstained, invalid, not cast."""
        if self.abstain is None or self.invalid is None:
            return None
        return self.abstain + self.invalid + self.missing
