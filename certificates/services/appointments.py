"""Entering an appointment (聘任); everything after it is a transition of its own."""

import datetime as dt
from typing import Any

from django.db import transaction

from appraisal_portal.accounts.models import Organisation, PostHolding
from appraisal_portal.kernel import clock
from certificates.models import Appointment, Certificate
from certificates.workflow import APPOINTMENT


def candidates(unit: int) -> Any:
    """Valid certificates of the unit's people who hold no post in it today and whom no entry waits for."""
    held = PostHolding.objects.between(clock.today(), None).filter(unit=unit)
    waiting = Appointment.objects.filter(unit=unit, status=Appointment.Status.PROPOSED)
    return (
        Certificate.objects.filter(
            status=Certificate.Status.VALID, person__employments__unit=unit, person__employments__status="confirmed"
        )
        .exclude(person__in=held.values("person"))
        .exclude(pk__in=waiting.values("certificate"))
        .select_related("person", "title")
        .order_by("person__name", "pk")
        .distinct()
    )


@transaction.atomic
def propose(
    certificate: Certificate,
    *,
    unit: Organisation,
    level: str,
    starts_on: dt.date,
    ends_on: dt.date | None = None,
    user: Any,
    address: str | None = None,
) -> Appointment:
    """An appointment that waits for the head. Raises Refused with every reason."""
    Certificate.objects.select_for_update(of=("self",)).get(pk=certificate.pk)  # two clicks, one entry
    row = Appointment(certificate=certificate, unit=unit, level=level, starts_on=starts_on, ends_on=ends_on)
    APPOINTMENT.fire(row, "propose", actor=user, address=address)
    return row
