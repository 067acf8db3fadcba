"""Opening the case of a ban after falsification; everything later is a transition."""

from typing import Any

from applications.models import Sanction
from applications.workflow import SANCTION
from appraisal_portal import law
from appraisal_portal.accounts.models import Person, User
from appraisal_portal.kernel import clock


def open_case(
    person: Person,
    *,
    review_year: int,
    ground: str,
    actor: User,
    unit_responsible: bool = False,
    address: str | None = None,
) -> Sanction:
    """A case against a person for the review of a year: the years of the ban follow from the rule in force today.

    Raises Blocked or NotAllowed. The revocation of a certificate may open one; the ban itself takes two people of the
    bureau.
    """
    years: Any = law.value("falsification.ban_years", clock.today()) or 0
    case = Sanction(
        person=person,
        ground=ground,
        review_year=review_year,
        from_year=review_year + 1,
        to_year=review_year + years,
        unit_responsible=unit_responsible,
    )
    SANCTION.fire(case, "open", actor=actor, reason=ground, address=address)
    return case
