"""Reasons and filing of a decided case; its papers."""

from typing import Any

from django.db import transaction

from applications.models import Declaration
from applications.services import papers
from appraisal_portal.kernel.models import StoredDocument
from committees.reviews.models import PersonalFile
from committees.reviews.models.outcome import CODES, OUTCOMES
from committees.reviews.workflow.outcome import PERSONAL_FILE


def decided(user: Any) -> Any:
    """Decided declarations this user may see, with names and the personal file."""
    seen = Declaration.objects.visible_to(user).filter(status__in=OUTCOMES)
    return seen.select_related("applicant", "unit", "title", "committee__office", "line", "personal_file")


@transaction.atomic
def write(declaration: Declaration, name: str, *, actor: Any, address: str | None = None, **data: Any) -> PersonalFile:
    """Fire a transition of the person's file, which begins with the first of them. Raises Refused."""
    locked = Declaration.objects.select_for_update(of=("self",)).get(pk=declaration.pk)
    file = PersonalFile.objects.filter(declaration=locked).first() or PersonalFile(declaration=locked)
    PERSONAL_FILE.fire(file, name, actor=actor, address=address, **data)
    return file


def paper(declaration: Declaration, code: str, *, actor: Any) -> StoredDocument:
    """The completed 2-1 or the decision letter, made when first asked for. Raises KeyError, PaperNotMade."""
    if code not in CODES:
        raise KeyError(code)
    return papers.ensure(declaration, code, actor=actor)
