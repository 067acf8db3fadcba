"""Examination certificates, an appointment and a holder's switch in the world of the matrix."""

import datetime as dt
from typing import Any

from appraisal_portal.home.story import claims
from certificates.services import appointments, disclosures


def tell(world: Any, day: dt.date) -> None:
    """A claim waiting for the second person, one not handed in; an appointment waiting for the head; a unit shown."""
    rows, user = world.rows, world.people["applicant"]
    certificate = rows["certificate"]
    disclosures.switch(certificate, "employer", shown=True, user=certificate.person.user)
    rows["disclosure"] = certificate.disclosures.get()
    rows["claim"] = claims.propose(claims.submit(claims.enter(world.city, 6000, title="会计师", user=user)))
    rows["claim_draft"] = claims.enter(world.city, 6001, title="经济师", user=user)
    rows["appointment"] = appointments.propose(
        rows["certificate"],
        unit=world.unit,
        level="intermediate",
        starts_on=day,
        user=world.people["unit_clerk"],
    )
