"""What the deciding pages show: the content in words, and what changed since the proposal and the version before."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock
from committees.plans import words
from committees.plans.models import Notice, ReviewPlan, StandardVersion
from committees.plans.rules import class_demands, tilt_effects


def before(row: Any) -> Any:
    """The decided row this one follows, or None: the plan or version before, the notice it replaces."""
    decided = ("approved", "published", "superseded")
    if isinstance(row, ReviewPlan):
        earlier = ReviewPlan.objects.filter(status__in=decided).exclude(pk=row.pk)
        return (
            earlier.filter(year=row.year, version__lt=row.version).order_by("-version").first()
            or earlier.filter(year__lt=row.year).order_by("-year", "-version").first()
        )
    if isinstance(row, StandardVersion):
        return row.standard.versions.filter(status__in=decided, version__lt=row.version).order_by("-version").first()
    if isinstance(row, Notice):
        return row.replaces
    return None


def conditions(version: StandardVersion) -> dict[str, list[dict[str, Any]]]:
    """Relief and classes of a version with what they mean in words, for the pages that show a standard."""
    shown = version.evidence_required
    return {
        "tilts": [{"row": row, "words": tilt_effects(row, shown)} for row in version.tilts],
        "classes": [{"row": row, "words": class_demands(row)} for row in version.classes],
    }


def changes(row: Any) -> dict[str, Any]:
    """For the templates: ``since_proposal`` (None: nothing proposed) and ``since_version`` with ``earlier``."""
    content = row.decision_content()
    earlier = before(row)
    return {
        "since_proposal": row.changes() if row.status == "proposed" and row.proposed_content else None,
        "earlier": earlier,
        "since_version": words.between(earlier.decision_content(), content) if earlier else [],
    }


def facts(row: Any) -> list[tuple[Any, Any]]:
    """Who proposed and decided, and when, as label and value pairs."""
    found: list[tuple[Any, Any]] = []
    if row.proposed_by_id:
        found.append((_("Proposed by"), f"{row.proposed_by} · {clock.local(row.proposed_at):%Y-%m-%d %H:%M}"))
    if row.decided_by_id:
        found.append((_("Confirmed by"), f"{row.decided_by} · {clock.local(row.decided_at):%Y-%m-%d %H:%M}"))
    if getattr(row, "published_on", None):
        found.append((_("Published on"), row.published_on.isoformat()))
    return found
