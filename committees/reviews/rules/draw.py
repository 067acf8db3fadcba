"""The random draw (随机抽取) as a pure function: the same seed, population and rule give the same people, for ever.

Algorithm, published with every draw (decision 32): each expert gets the SHA-256 of ``seed:id`` as a ticket. In
ascending order of the tickets first the numbers asked for of each specialty are filled, specialties in the order of
their names, then the remaining places; nobody is taken whose work unit has its number already.
"""

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from appraisal_portal.kernel.workflow import Act, Problem

Row = Sequence[Any]
"""(id, specialty, unit)"""


def ticket(seed: str, expert: int) -> str:
    """SHA-256 of ``seed:id``, hexadecimal."""
    return hashlib.sha256(f"{seed}:{expert}".encode()).hexdigest()


def drawn(seed: str, population: Iterable[Row], rule: Mapping[str, Any]) -> list[int]:
    """Ids in the order of the draw; fewer than ``rule["wanted"]`` when the pool or its units give no more.

    ``rule``: ``wanted`` people, ``specialties`` {name: at least so many}, ``per_unit`` at most so many (0: no limit).
    """
    order = sorted(population, key=lambda row: ticket(seed, row[0]))
    taken: list[Row] = []
    units: Counter[str] = Counter()

    def take(rows: Iterable[Row], up_to: int) -> None:
        for row in rows:
            if len(taken) >= up_to:
                return
            if row not in taken and (not rule["per_unit"] or units[row[2]] < rule["per_unit"]):
                taken.append(row)
                units[row[2]] += 1

    for specialty, number in sorted(rule["specialties"].items()):
        have = sum(row[1] == specialty for row in taken)
        room = min(rule["wanted"], len(taken) + number - have)
        take([row for row in order if row[1] == specialty], room)
    take(order, rule["wanted"])
    return [row[0] for row in taken]


def short_of(population: Sequence[Row], found: Sequence[int], rule: Mapping[str, Any]) -> Iterator[Problem]:
    """What the pool cannot give, in words: "short by n" is an error, never silence."""
    if len(found) < rule["wanted"]:
        words = _("The pool gives {found} of {wanted}: short by {short}.")
        short = rule["wanted"] - len(found)
        yield Problem(words.format(found=len(found), wanted=rule["wanted"], short=short), field="wanted")
    specialty_of = {row[0]: row[1] for row in population}
    for specialty, number in rule["specialties"].items():
        have = sum(specialty_of[expert] == specialty for expert in found)
        if have < number:
            words = _("{specialty}: {found} of {wanted}, short by {short}.")
            yield Problem(
                words.format(specialty=specialty, found=have, wanted=number, short=number - have), field="specialties"
            )


def runs_again(draw: Any) -> bool:
    """Whether the stored seed, population and rule still give the stored result."""
    return drawn(draw.seed, draw.population, draw.rule) == list(draw.drawn)


def same_when_run_again(draw: Any, act: Act) -> Iterator[Problem]:
    """Nobody confirms a draw that does not come out the same."""
    if not runs_again(draw):
        yield Problem(_("Run again, the draw gives other people: set it aside and draw anew."))


def meeting_is_ahead(subject: Any, act: Act) -> Iterator[Problem]:
    """Draws and answers count until the meeting opens."""
    meeting = subject.meeting
    if meeting.status != "approved" or act.day > meeting.meets_on:
        yield Problem(_("The meeting is not ahead any more."))


def term_problems(begins: dt.date | None, ends: dt.date | None) -> Iterator[Problem]:
    """A term of office in order and not longer than the setting says (R-08)."""
    if begins is None or ends is None:
        return
    if ends < begins:
        yield Problem(_("The term ends before it begins."), field="term_until")
    years = settings.PORTAL_EXPERT_TERM_YEARS
    day = begins + dt.timedelta(days=1) if (begins.month, begins.day) == (2, 29) else begins
    if ends >= day.replace(year=day.year + years):
        yield Problem(_("A term of office is at most {years} years.").format(years=years), field="term_until")
