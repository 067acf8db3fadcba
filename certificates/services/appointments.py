"""Entering an appointment (聘任); everything after it is a transition of its own."""

import datetime as dt
from functools import cache
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, transaction
from django.db.models import Case, Exists, Func, IntegerField, OuterRef, Q, Subquery, Value, When
from django.utils.translation import gettext as _

from applications.rules.unit_overview import Waiting
from appraisal_portal.accounts.models import Employment, Organisation, PostHolding, PostStructure
from appraisal_portal.accounts.services import post_level
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.prepared import execute, name_for
from certificates.models import Appointment, Certificate
from certificates.rules.appointment import RANKS
from certificates.workflow import APPOINTMENT
from committees.plans.models import Level


def candidates(unit: int) -> Any:
    """Valid certificates of the unit's people on which nobody is appointed and no entry waits, and which are for a
    higher post than the person holds in it today, if any."""
    found = _to_appoint(unit, clock.today()).filter(person__in=_employed(unit).values("person"))
    return with_post(found.select_related("person", "title").order_by("person__name", "pk"), Value(unit), "person")


def _to_appoint(unit: int, day: dt.date) -> Any:
    own = PostHolding.objects.between(day, None).filter(unit=unit, person=OuterRef("person"))
    as_high = own.annotate(rank=_rank("level")).filter(
        Q(rank__gte=OuterRef("rank")) | Q(appointment__certificate=OuterRef("pk"))
    )
    return _valid(unit).annotate(rank=_rank("title__level")).filter(~Exists(as_high))


def with_post(rows: Any, unit: Any, person: str) -> Any:
    """Rows with the post that the person holds in the unit today: ``post_now`` (its level) and ``post_since``; both
    None of somebody without one. ``unit``, ``person``: how the row names them."""
    held = PostHolding.objects.on(clock.today()).filter(unit=OuterRef("unit_of"), person=OuterRef(person))
    return rows.annotate(unit_of=unit).annotate(
        post_now=Subquery(held.values("level")[:1]), post_since=Subquery(held.values("starts_on")[:1])
    )


def post_words(row: Any) -> str:
    """Which post the person of a row of :func:`with_post` holds today, and since when."""
    if not row.post_now:
        return _("no post at present")
    level = PostStructure.Level(row.post_now).label
    return _("{level} since {day}").format(level=level, day=row.post_since.isoformat())


def _rank(level: str) -> Any:
    """Of a post, or of the post a title is for: from 0, junior, upwards."""
    found = [When(**{level: each}, then=RANKS.index(PostStructure.Level(post_level(each)))) for each in Level.values]
    return Case(*found, When(**{level: PostStructure.Level.JUNIOR}, then=0), output_field=IntegerField())


def _employed(unit: int) -> Any:
    return Employment.objects.filter(unit=unit, status=Employment.Status.CONFIRMED)


def _valid(unit: int) -> Any:
    waiting = Appointment.objects.filter(unit=unit, status=Appointment.Status.PROPOSED)
    valid = Certificate.objects.filter(status=Certificate.Status.VALID).order_by()
    return valid.exclude(pk__in=waiting.values("certificate"))


def waits(sender: Any, *, unit: int, **kwargs: Any) -> tuple[Waiting, ...]:
    """Receiver of ``applications.signals.unit_waits``: people :func:`candidates` offers, where the unit has posts, and
    entries to confirm. One statement: it is asked at every reading of the dashboard.
    """
    with connection.cursor() as cursor:
        execute(cursor, {_WAITS: _waits()}, f"EXECUTE {_WAITS} (%s, %s)", [unit, clock.today()])
        has_posts, to_appoint, to_confirm = cursor.fetchone() or (False, 0, 0)
    return (
        Waiting("appoint", to_appoint if has_posts else 0, "unit_clerk", "certificates:appointment-new"),
        Waiting("confirm", to_confirm, "unit_head", "certificates:appointment-list"),
    )


_WAITS = name_for(Appointment)
_UNIT, _DAY = -1, dt.date.min


@cache
def _waits() -> str:
    """PREPARE …, put together once: to build it took longer than to answer it. Unit and day stay open."""
    posts = PostStructure.objects.on(_DAY).filter(unit=_UNIT)
    # One look for each person employed: joined, all certificates of the city would be gone through.
    theirs = Subquery(_to_appoint(_UNIT, _DAY).filter(person=OuterRef("person")).values("pk")[:1])
    people = _employed(_UNIT).annotate(open=theirs).filter(open__isnull=False).order_by().values("person").distinct()
    proposed = Appointment.objects.filter(unit=_UNIT, status=Appointment.Status.PROPOSED).order_by().values("pk")
    here = Organisation.objects.filter(pk=_UNIT).order_by()
    sql, given = here.values_list(Exists(posts), _number(people), _number(proposed)).query.sql_with_params()
    with connection.cursor() as cursor:
        places = [{_UNIT: "$1", _DAY: "$2"}.get(value) or cursor.mogrify("%s", [value]) for value in given]
    return f"PREPARE {_WAITS} (bigint, date) AS {sql % tuple(places)}"


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
