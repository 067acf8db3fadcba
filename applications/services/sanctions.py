"""Opening the case of a ban after falsification, and asking for its lifting; everything later is a transition."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from applications.models import Declaration, Lifting, Sanction
from applications.workflow import LIFTING, SANCTION
from appraisal_portal import law
from appraisal_portal.accounts.models import User
from appraisal_portal.kernel import clock


@transaction.atomic
def open_case(
    declaration: Declaration,
    *,
    review_year: int,
    ground: str,
    evidence: str,
    actor: User,
    unit_responsible: bool = False,
    files: Iterable[Any] = (),
    address: str | None = None,
) -> Sanction:
    """A case about the material of a declaration: the years of the ban follow from the rule in force today.

    Raises Blocked or NotAllowed. The ban itself takes a hearing and two people of the bureau.
    """
    years: Any = law.value("falsification.ban_years", clock.today()) or 0
    Declaration.objects.select_for_update(of=("self",)).get(pk=declaration.pk)  # two clicks, one case
    case = Sanction(
        person=declaration.applicant,
        declaration=declaration,
        review_year=review_year,
        from_year=review_year + 1,
        to_year=review_year + years,
        ground=ground,
        evidence=evidence,
        unit_responsible=unit_responsible,
    )
    SANCTION.fire(case, "open", actor=actor, reason=ground, address=address, files=files)
    return case


@transaction.atomic
def ask_for_lifting(sanction: Sanction, *, reason: str, actor: User, address: str | None = None) -> Lifting:
    """Person or bureau asks for a new decision about a ban. Raises Blocked or NotAllowed."""
    Sanction.objects.select_for_update(of=("self",)).get(pk=sanction.pk)  # two clicks, one request
    lifting = Lifting(sanction=sanction)
    LIFTING.fire(lifting, "ask", actor=actor, reason=reason, address=address)
    return lifting
