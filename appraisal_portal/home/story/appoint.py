"""Appointments as a unit's clerk and head make them. The caller travels in time."""

import datetime as dt
from typing import Any

from appraisal_portal.accounts.services import post_level
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import clock
from certificates.models import Appointment, Certificate
from certificates.services import appointments as service
from certificates.workflow import APPOINTMENT


def propose(certificate: Certificate, unit: Any, **how: Any) -> Appointment:
    """Entered by the clerk, from today on and at the level of the title unless said otherwise."""
    given = {"level": post_level(certificate.title.level), "starts_on": clock.today(), **how}
    return service.propose(certificate, unit=unit, user=holder("unit_clerk", unit), **given)


def confirm(row: Appointment) -> Appointment:
    """Confirmed by the head."""
    APPOINTMENT.fire(row, "confirm", actor=holder("unit_head", row.unit), content_hash=row.content_hash())
    return row


def appoint(certificate: Certificate, unit: Any, **how: Any) -> Appointment:
    """Entered and confirmed today."""
    return confirm(propose(certificate, unit, **how))


def end(row: Appointment, reason: str, last_day: dt.date | None = None) -> Appointment:
    """Ended by the clerk."""
    actor = holder("unit_clerk", row.unit)
    APPOINTMENT.fire(row, "end", actor=actor, reason=reason, last_day=last_day or clock.today())
    return row
