"""What the four kinds of bureau decisions have in common."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.differences import Difference


class Decision(models.TextChoices):
    """Statuses of a plan, a term, a standard or a notice (model.md §7, bureau decisions)."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for the bureau")
    PROPOSED = "proposed", _("Waiting for the second person")
    RETURNED = "returned", _("Returned")
    APPROVED = "approved", _("Approved")
    PUBLISHED = "published", _("Published")
    SUPERSEDED = "superseded", _("Superseded")


EDITABLE = (Decision.DRAFT, Decision.RETURNED)


class BureauDecision(TwoPerson):
    """A row that an office drafts, a reviewer proposes and another person of the bureau confirms (两人审批)."""

    status = models.CharField(_("status"), max_length=12, choices=Decision.choices, default=Decision.DRAFT)

    class Meta(TwoPerson.Meta):
        abstract = True

    def between(self, before: Any, after: Any, reader: Any = None) -> list[Difference]:
        """What two contents say differently, in the words of the deciding pages."""
        from committees.plans import words  # noqa: PLC0415 - it names the choices of the models, made by then

        return words.between(before, after)

    @property
    def is_editable(self) -> bool:
        """Whether its content may still change."""
        return self.status in EDITABLE
