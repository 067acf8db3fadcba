"""Entering an appointment (聘任); everything after it is a transition of its own."""

import datetime as dt
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import Exists, Func, IntegerField

from applications.rules.unit_overview import Waiting
from appraisal_portal.accounts.models import Employment, Organisation, PostHolding, PostStructure
from appraisal_portal.kernel import clock
from certificates.models import Appointment, Certificate
from certificates.workflow import APPOINTMENT


def candidates(unit: int) -> Any:
    """Valid certificates of the unit's people who hold no post in it today and whom no entry waits for."""
    held = PostHolding.objects.between(clock.today(), None).filter(unit=unit)
    waiting = Appointment.objects.filter(unit=unit, status=Appointment.Status.PROPOSED)
    employed = Employment.objects.filter(unit=unit, status=Employment.Status.CONFIRMED)
    return (
        Certificate.objects.filter(status=Certificate.Status.VALID, person__in=employed.values("person"))
        .exclude(person__in=held.values("person"))
        .exclude(pk__in=waiting.values("certificate"))
        .select_related("person", "title")
        .order_by("person__name", "pk")
    )


def waits(sender: Any, *, unit: int, **kwargs: Any) -> tuple[Waiting, ...]:
    """Receiver of ``applications.signals.unit_waits``: people to appoint, where the unit has posts, and entries to
    confirm. One statement: it is asked at every reading of the dashboard.
    """
    here = Organisation.objects.filter(pk=unit)
    posts = PostStructure.objects.on(clock.today()).filter(unit=unit)
    people = candidates(unit).order_by().values("person").distinct()
    proposed = Appointment.objects.filter(unit=unit, status=Appointment.Status.PROPOSED).order_by().values("pk")
    found = here.values_list(Exists(posts), _number(people), _number(proposed)).first()
    has_posts, to_appoint, to_confirm = found or (False, 0, 0)
    url = "certificates:appointment-list"
    return (
        Waiting("appoint", to_appoint if has_posts else 0, "unit_clerk", url),
        Waiting("confirm", to_confirm, "unit_head", url),
    )


def _number(rows: Any) -> Any:
    """How many rows, as a part of another statement."""
    return Func(ArraySubquery(rows), function="cardinality", output_field=IntegerField())


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
