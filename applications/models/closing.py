"""The end of the window: interruptions, extensions (延期), and the receipts of everything handed in before it."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.querysets import ExtensionQuerySet, OfDeclaration, OutageQuerySet
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.models import StoredDocument
from appraisal_portal.kernel.records import TransitionRecord

from .declaration import Declaration, DeclarationSnapshot


class Outage(models.Model):
    """A time in which the portal could not be used (系统故障), logged by the operator. Append-only: a wrong entry is
    followed by a right one.
    """

    what = models.CharField(_("what did not work"), max_length=300)
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    logged_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    logged_at = models.DateTimeField(default=clock.now)

    objects = OutageQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        constraints = [models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="outage_lasts")]
        triggers = [pgtrigger.Protect(name="outage_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        first, last = clock.local(self.starts_at), clock.local(self.ends_at)
        return f"{first:%Y-%m-%d %H:%M} – {last:%Y-%m-%d %H:%M}"


class Extension(TwoPerson):
    """A later closing day of one line (延期): for one person with a reason, for everybody after a logged outage."""

    class Status(models.TextChoices):
        PROPOSED = "proposed", _("Waiting for the second person")
        IN_FORCE = "in_force", _("In force")
        REFUSED = "refused", _("Refused")

    line = models.ForeignKey("plans.PlanLine", models.PROTECT, related_name="extensions")
    person = models.ForeignKey("accounts.Person", models.PROTECT, null=True, blank=True, related_name="extensions")
    until = models.DateField(_("new last day"))
    reason = models.TextField(_("reason"), max_length=1000)
    outage = models.ForeignKey(Outage, models.PROTECT, null=True, blank=True, related_name="extensions")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PROPOSED)

    objects = ExtensionQuerySet.as_manager()

    class Meta(TwoPerson.Meta):
        abstract = False
        ordering = ["-pk"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.CheckConstraint(
                condition=Q(person__isnull=False) | Q(outage__isnull=False), name="extension_of_all_needs_outage"
            ),
        ]
        indexes = [models.Index(fields=["line", "status", "person"], name="extension_of_line")]

    def __str__(self) -> str:
        return f"{self.line} → {self.until:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        """The page of the extension at the bureau."""
        return reverse("applications:extension-detail", args=[self.pk])

    def decision_content(self) -> dict[str, object]:
        """What the two people of the bureau decide about."""
        return {
            "line": self.line_id,
            "person": self.person_id,
            "until": self.until,
            "reason": self.reason,
            "outage": self.outage_id,
        }


class ExtensionRecord(TransitionRecord):
    """Who decided about an extension, and why."""

    subject = models.ForeignKey(Extension, models.PROTECT, related_name="records")


class Receipt(models.Model):
    """What the applicant holds of one hand-in (回执): each has its own, none is ever changed."""

    class Act(models.TextChoices):
        SUBMIT = "submit", _("submitted")
        RESUBMIT = "resubmit", _("submitted again after correction")
        SUPPLY = "supply", _("supplement sent")

    declaration = models.ForeignKey(Declaration, models.PROTECT, related_name="receipts")
    version = models.PositiveSmallIntegerField()
    act = models.CharField(max_length=8, choices=Act.choices)
    at = models.DateTimeField()
    snapshot = models.ForeignKey(DeclarationSnapshot, models.PROTECT, related_name="receipts")
    committee = models.CharField(max_length=200)  # as it stood then; a redirection must not rewrite an old receipt
    next_step = models.CharField(max_length=300)
    document = models.ForeignKey(StoredDocument, models.PROTECT, null=True, blank=True, related_name="+")

    objects = OfDeclaration.as_manager()

    CODE_LENGTH = 16
    """So many first characters of the hash stand on the paper."""

    class Meta:
        ordering = ["declaration", "-version"]
        constraints = [models.UniqueConstraint(fields=["declaration", "version"], name="receipt_version_once")]
        triggers = [
            pgtrigger.Protect(name="receipt_stays", operation=pgtrigger.Delete),
            pgtrigger.Protect(
                name="receipt_as_given",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(
                    "declaration", "version", "act", "at", "snapshot", "committee", "next_step"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.declaration} · {self.version}"

    @property
    def code(self) -> str:
        """The first characters of the content hash: with the number they prove the receipt."""
        return str(self.snapshot.sha256[: self.CODE_LENGTH])
