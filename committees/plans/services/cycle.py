"""Taking last year's cycle over: drafts only, each once, nothing submitted, approved or published."""

import datetime as dt
from typing import Any

from django.db import transaction

from appraisal_portal.accounts.models import Membership
from committees.plans.models import CommitteeMember, CommitteeTerm, StandardVersion
from committees.plans.rules.cycle import overview

from .drafts import alone, copy_plan, draft_version


@transaction.atomic
def take_over(year: int, *, bureau: bool, office: int | None) -> int:
    """Copy what is ready: the plan for the bureau's reviewer, terms and standards for the office. Returns how many.

    Raises Blocked when somebody else does the same at this moment; then nothing is copied.
    """
    found = overview(year, bureau=bureau, office=office)
    made: list[Any] = []
    if bureau and found.plan is not None:
        made.append(copy_plan(found.plan, year, leave_out=found.left_out))
    if office is not None:
        made += [_next_term(term) for term in found.terms]
        made += [_next_version(version, opens_on) for version, opens_on in found.versions]
    return len(made)


def _next_term(term: CommitteeTerm) -> CommitteeTerm:
    """The same seats, from the day after the last one on and as long; the document is the new one's own.

    Whoever left or is no expert of the office any more is not in it.
    """
    starts_on = term.ends_on + dt.timedelta(days=1)
    with alone():
        made = CommitteeTerm.objects.create(
            committee=term.committee,
            starts_on=starts_on,
            ends_on=starts_on + (term.ends_on - term.starts_on),
            copied_from=term,
            dates_to_confirm=True,
        )
    experts = Membership.objects.active().filter(role="juror", organisation=term.committee.office)
    seats = term.members.filter(left_on=None, user__in=experts.values("user"), user__frozen_at=None)
    CommitteeMember.objects.bulk_create(
        CommitteeMember(
            term=made,
            user_id=seat.user_id,
            office=seat.office,
            specialty=seat.specialty,
            unit=seat.unit,
            joined_on=starts_on,
        )
        for seat in seats
    )
    return made


def _next_version(version: StandardVersion, opens_on: dt.date) -> StandardVersion:
    """All it asks, from the opening of the new window on."""
    standard = version.standard
    return draft_version(
        standard.committee, standard.series, standard.level,
        effective_from=opens_on, copied_from=version, dates_to_confirm=True,
    )  # fmt: skip
