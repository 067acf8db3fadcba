"""Recusal of the office's staff: whom the case itself names, and what may still be decided about it."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from applications.querysets_recusal import known_rows
from appraisal_portal.kernel.workflow import Act, Problem

SHORTEST = 2
"""A shorter name is no name in a text."""


def named_in_achievements(declaration: Any, names: set[str]) -> set[str]:
    """Those of the names that achievements or the representative work mention: co-authors, partners (合作者).

    Exact text, so a name inside a longer one is found as well: what follows is a proposal that a person decides.
    """
    said = [declaration.representative_title, declaration.representative_role, declaration.representative_text]
    for row in declaration.achievements.all():
        said += [row.title, row.role, row.rank]
    text = "\n".join(said)
    return {name for name in names if len(name) >= SHORTEST and name in text and name != declaration.applicant.name}


def said_to(actor: Any, declaration: Any) -> str:
    """How a refusal names a case: by its number, and to somebody of the office who keeps away from it not even so."""
    known = actor is None or known_rows(actor, type(declaration)._base_manager.filter(pk=declaration.pk), "").exists()
    return str(declaration) if known else _("A person you keep away from")


def not_declared_by_that_person(recusal: Any, act: Act) -> Iterator[Problem]:
    """What somebody declares about oneself stands."""
    if recusal.source == recusal.Source.DECLARED:
        yield Problem(_("That person declared it: it stands."))
