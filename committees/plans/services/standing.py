"""Naming the standing body of a committee; who leaves keeps the row with its last day."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from appraisal_portal.accounts.models import Membership, User
from appraisal_portal.kernel import clock
from committees.plans.models import Committee, StandingSeat


def people(accounts: Iterable[int]) -> Iterable[User]:
    """The accounts by their keys."""
    return User.objects.filter(pk__in=list(accounts)).order_by("pk")


def candidates(committee: Committee, day: dt.date) -> list[tuple[User, str, bool]]:
    """Who can be named: members of the approved term who neither direct nor deputise, then discipline inspection; with
    words about them, and whether they are members."""
    term = committee.term_on(day)
    members = term.members_on(day).filter(office="member").select_related("user").order_by("pk") if term else ()
    found = {row.user_id: (row.user, " · ".join(filter(None, [row.specialty, row.unit])), True) for row in members}
    observers = Membership.objects.active().filter(role=Membership.Role.OBSERVER)
    for row in observers.select_related("user", "organisation").order_by("pk"):
        found.setdefault(row.user_id, (row.user, str(row.organisation or ""), False))
    return list(found.values())


@transaction.atomic
def name_body(committee: Committee, kinds: Mapping[int, str]) -> None:
    """Account → kind ("" for none), for everybody on the page; a changed kind ends the seat before it."""
    today = clock.today()
    Committee.objects.select_for_update(of=("self",)).get(pk=committee.pk)
    held: dict[int, Any] = {seat.user_id: seat for seat in committee.standing_seats.filter(until=None)}
    for user, kind in sorted(kinds.items()):
        seat = held.get(user)
        if seat is not None and seat.kind != kind:
            _end(seat, today)
        if kind and (seat is None or seat.kind != kind):
            StandingSeat.objects.create(committee=committee, user_id=user, kind=kind, since=today)


def _end(seat: StandingSeat, today: dt.date) -> None:
    """A seat of this very day never was one; an older one ends with yesterday, so that one day has one body."""
    if seat.since >= today:
        seat.delete()
        return
    seat.until = today - dt.timedelta(days=1)
    seat.save(update_fields=["until"])
