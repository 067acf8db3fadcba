"""Decided cases, with everything the papers on them say."""

from typing import Any

from applications.models import Declaration
from committees.reviews.models.outcome import OUTCOMES


def decided(user: Any) -> Any:
    """Decided declarations this user may see, with names and the personal file."""
    seen = Declaration.objects.visible_to(user).filter(status__in=OUTCOMES)
    return seen.select_related("applicant", "unit", "title", "committee__office", "line", "personal_file")
