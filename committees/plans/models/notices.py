"""Notices of the bureau and the committees (评审通知) with their attachments."""

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.files import clean_filename
from appraisal_portal.kernel.models import StoredDocument, Upload
from appraisal_portal.kernel.records import TransitionRecord
from committees.plans.querysets import NoticeQuerySet

from .committees import Committee
from .decisions import BureauDecision


@pghistory.track()
class Notice(BureauDecision):
    """A notice, published only after the bureau's approval (notice IV(1)); without a committee it is the bureau's."""

    committee = models.ForeignKey(
        Committee, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name=_("committee")
    )
    title = models.CharField(_("heading"), max_length=200)
    body = models.TextField(_("text"), blank=True)
    published_on = models.DateField(_("published on"), null=True, blank=True)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("replaces")
    )

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        ordering = ["-published_on", "-pk"]
        constraints = [
            *TwoPerson.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_on__isnull=False), name="notice_published_on"
            ),
        ]
        indexes = [models.Index(fields=["status", "-published_on"], name="notice_public")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Its page for those who work on it."""
        return reverse("plans:notice-desk", args=[self.pk])

    def get_public_url(self) -> str:
        """Its page for everybody."""
        return reverse("plans:notice-detail", args=[self.pk])

    def return_items(self) -> list[tuple[object, object]]:
        """What can be sent back one by one: heading, text, each attachment."""
        attachments = self.attachments.order_by("position", "pk").values_list("pk", "title")
        return [("title", _("heading")), ("body", _("text")), *attachments]

    def decision_content(self) -> dict[str, object]:
        """What the bureau confirms: the text and each attachment by its hash."""
        return {
            "committee": self.committee.name if self.committee else "",
            "title": self.title,
            "body": self.body,
            "attachments": [
                {"title": a.title, "sha256": a.sha256}
                for a in self.attachments.select_related("upload", "document").order_by("position", "pk")
            ],
        }


class NoticeRecord(TransitionRecord):
    """Who moved a notice."""

    subject = models.ForeignKey(Notice, models.PROTECT, related_name="records")


class NoticeAttachment(models.Model):
    """A file that goes with a notice: uploaded, or one of the portal's own papers."""

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="attachments")
    position = models.PositiveSmallIntegerField(default=1)
    title = models.CharField(_("heading"), max_length=200)
    upload = models.ForeignKey(Upload, models.PROTECT, null=True, blank=True, related_name="+")
    document = models.ForeignKey(StoredDocument, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = _("attachment")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(upload__isnull=False, document__isnull=True)
                | Q(upload__isnull=True, document__isnull=False),
                name="attachment_one_file",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def stored(self) -> StoredDocument | Upload:
        """The file behind it; *attachment_one_file* says there is exactly one."""
        found = self.upload or self.document
        assert found is not None  # noqa: S101 - the database constraint, told to the type checker
        return found

    @property
    def filename(self) -> str:
        """What it is saved as: its heading, not the name it had on somebody's machine."""
        kind = self.upload.original_name.rpartition(".")[2] if self.upload else self.stored.kind
        return clean_filename(f"{self.title.replace('/', '-')}.{kind.lower()}")

    @property
    def sha256(self) -> str:
        """Hash of the file's bytes."""
        return self.stored.sha256

    @property
    def size(self) -> int:
        """Bytes."""
        return self.stored.size
