"""What unit and office note of each item, what they ask to be corrected, and what the forwarder says."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.querysets import OfDeclaration
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.models import Period

from .declaration import Declaration


class ItemCheck(models.Model):
    """The judgement of one item at one stage (逐项核实). It counts while the item is as it was when judged."""

    class Stage(models.TextChoices):
        UNIT = "unit", _("work unit")
        OFFICE = "office", _("committee office")
        SPOT_CHECK = "spot_check", _("spot check of the bureau")

    class Result(models.TextChoices):
        TRUE = "true", _("true")
        FALSE = "false", _("not true")
        UNCLEAR = "unclear", _("unclear")

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="item_checks")
    item = models.CharField(max_length=80)
    stage = models.CharField(max_length=10, choices=Stage.choices)
    result = models.CharField(max_length=8, choices=Result.choices)
    note = models.CharField(_("note"), max_length=500, blank=True)
    content_sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = OfDeclaration.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["declaration", "item", "stage"], name="item_check_current")]

    def __str__(self) -> str:
        return f"{self.item}: {self.result}"


class CorrectionSlip(Period):
    """Everything to be corrected, told at once (一次性告知). The office has one, with a reply window."""

    period_name = _("reply to a supplement notice")

    class Stage(models.TextChoices):
        UNIT = "unit", _("work unit")
        OFFICE = "office", _("committee office")

    class Follows(models.TextChoices):
        SIGN = "sign", _("signed again by the unit")
        PUBLICISE = "publicise", _("confirmed by the unit and publicised again")

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="correction_slips")
    stage = models.CharField(max_length=8, choices=Stage.choices)
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_on = models.DateField(default=clock.today)
    # the whole content when the slip was issued: what is not named must still be like this
    content = models.JSONField()
    answered_at = models.DateTimeField(null=True, blank=True)
    # what the answer leads to for the unit, and when it has done it
    follows = models.CharField(max_length=10, choices=Follows.choices, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    objects = OfDeclaration.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["declaration"], condition=models.Q(stage="office"), name="one_supplement"),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()} {self.issued_on}"


class CorrectionItem(models.Model):
    """One item to be corrected, with the reason; what its code may name: ``rules/corrections.py``."""

    slip = models.ForeignKey(CorrectionSlip, models.PROTECT, related_name="items")
    item = models.CharField(max_length=80)
    named = models.CharField(max_length=200, blank=True)  # what names the row, as the applicant typed it
    reason = models.CharField(_("reason"), max_length=500)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)
    done = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["slip", "item"], name="correction_item_once")]

    def __str__(self) -> str:
        return f"{self.item} {self.named}".rstrip()

    @property
    def section(self) -> str:
        """The section of the form that is unlocked for it."""
        return self.item.partition(":")[0].partition(".")[0]


class ForwardingOpinion(models.Model):
    """What the county bureau or competent department said when it forwarded (报送意见)."""

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="forwarding_opinions")
    forwarder = models.ForeignKey("accounts.Organisation", models.PROTECT, related_name="+")
    opinion = models.CharField(_("opinion"), max_length=1000)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=clock.now)

    objects = OfDeclaration.as_manager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.opinion
