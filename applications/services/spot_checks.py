"""Announcing and drawing a spot check, judging the items of a sampled case, running a draw again from its file."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Declaration, ItemCheck, SpotCheck
from applications.rules import spot_check as rules
from applications.rules.items import items_of
from applications.services.unit import demand, record_checks
from applications.workflow.spot_check import SPOT_CHECK
from applications.workflow.spot_check_item import SPOT_CHECK_ITEM
from appraisal_portal.kernel import approvals, calendar, chain, clock, references
from appraisal_portal.kernel.models import DailyHead
from appraisal_portal.kernel.workflow import WrongState
from committees.plans.models import PlanLine


def open_lines() -> Any:
    """Lines that have somebody to draw from."""
    there = Declaration.objects.filter(status__in=rules.STATES).order_by().values("line")
    return PlanLine.objects.filter(pk__in=there).select_related("committee", "plan").order_by("committee__code", "pk")


def population(lines: Iterable[Any], statuses: Iterable[str]) -> list[list[Any]]:
    """[number, number of the series, pk] of everybody who stands there now, in ascending numbers."""
    rows = Declaration.objects.filter(line__in=list(lines), status__in=list(statuses)).order_by("number")
    return [list(row) for row in rows.values_list("number", "series__number", "pk")]


@transaction.atomic
def announce(
    *, lines: Iterable[Any], statuses: Iterable[str], share: int, minimum: int, actor: Any, address: str | None = None
) -> SpotCheck:
    """Freeze rule and population and put both on record, before any seed exists. Raises Refused."""
    lines = list(lines)
    today = clock.today()
    people = population(lines, statuses)
    check = SpotCheck(
        year=today.year,
        number=references.next_number("spot_check", today.year),
        statuses=list(statuses),
        share=share,
        minimum=minimum,
        population=people,
        population_sha256=approvals.content_sha256(people),
        announced_on=today,
        announced_by_id=actor.pk,
    )
    SPOT_CHECK.fire(
        check, "announce", actor=actor, address=address, lines=lines, rule=check.rule, population=len(people),
        population_sha256=check.population_sha256,
    )  # fmt: skip
    return check


def first_seed_day(check: SpotCheck) -> dt.date:
    """The next working day after the announcement: its head is the seed, unless nothing was recorded until then."""
    return calendar.add_working_days(check.announced_on, 1).ends_on


def seed_head(check: SpotCheck) -> DailyHead | None:
    """The head that is the seed: of the first working day after the announcement that came with anything recorded.

    A head that is still the announcement's own entry would have been known from the start, so the next day counts.
    None while that day is not over.
    """
    announced = chain.place_of(check.records.get(transition="announce"))
    day = first_seed_day(check)
    while day < clock.today():
        head = chain.daily_head(day)
        if head is None or head.seq > announced:
            return head
        day = calendar.add_working_days(day, 1).ends_on
    return None


def draw(check: SpotCheck, *, actor: Any, address: str | None = None) -> Any:
    """Draw with the seed of its day. Raises Refused, for instance before that day is over."""
    return SPOT_CHECK.fire(check, "draw", actor=actor, address=address, head=seed_head(check))


def check_items(item: Any, judged: Mapping[str, tuple[str, str]], *, actor: Any) -> list[ItemCheck]:
    """Judgements of the bureau on a sampled case that has no finding yet."""
    row = SPOT_CHECK_ITEM.transitions["clear"]
    if item.status not in row.sources:
        raise WrongState(_("The finding is recorded; nothing can be changed any more."))
    demand(row.allowed, actor, item)
    return record_checks(item.declaration, judged, stage=ItemCheck.Stage.SPOT_CHECK, actor=actor)


def judgements(item: Any) -> dict[str, Any]:
    """``judged``: code → [result, note] of what was judged since the draw and stands; ``claims``: code → label."""
    claims = items_of(item.declaration)
    since = clock.at(item.spot_check.drawn_on, 0)
    rows = item.declaration.item_checks.filter(stage=ItemCheck.Stage.SPOT_CHECK, at__gte=since)
    there = {row.item: row for row in rows}
    return {
        "claims": {claim.code: claim.label for claim in claims},
        "judged": {
            claim.code: [there[claim.code].result, there[claim.code].note]
            for claim in claims
            if claim.code in there and there[claim.code].content_sha256 == claim.sha256
        },
    }


def file_of(check: SpotCheck) -> dict[str, Any]:
    """All that is needed to run the draw on another machine; numbers only, no names."""
    return {
        "check": str(check),
        "announced_on": check.announced_on,
        "rule": check.rule,
        "population": [[number, series] for number, series, _pk in check.population],
        "population_sha256": check.population_sha256,
        "seed": check.seed,
        "seed_day": check.seed_day,
        "chain_seq": check.chain_seq,
        "sample": check.sample,
    }


def seed_in_chain(check: SpotCheck) -> bool:
    """Whether the chain still has the seed as its head of that day."""
    head = DailyHead.objects.filter(day=check.seed_day, seq=check.chain_seq, hash=check.seed).first()
    return head is not None and chain.holds(head)
