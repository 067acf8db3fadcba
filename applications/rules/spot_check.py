"""The spot check (抽查): the draw as a pure function, the freeze of a sampled case, what must hold before each step.

The draw, published with every check (decision 41): within each series every case gets the SHA-256 of ``seed:number``
as a ticket; the lowest are drawn, as many as the share of the series rounded up, at least the minimum, at most all.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from applications.models.declaration import Declaration
from applications.models.examination import ItemCheck
from applications.models.spot_check import SpotCheckItem
from applications.rules.examination import not_on_roster
from applications.rules.recusal import said_to
from appraisal_portal.kernel.days import day_said
from appraisal_portal.kernel.workflow import Act, Problem

S = Declaration.Status
Row = Sequence[Any]
"""(number of the declaration, number of its series, pk)"""
Said = Callable[[Any, Any], str]
"""(reader of a refusal, declaration): how it names the case to that reader"""

STATES = (
    S.IN_EXAMINATION, S.SUPPLEMENT, S.QUALIFIED, S.DISQUALIFIED, S.ON_ROSTER, S.DEFERRED, S.PASSED, S.RESULT_PUBLICITY,
    S.HELD, S.REPORTED, S.APPROVED,
)  # fmt: skip
"""From the examination to the document (domain.md §1.2, steps 10 to 18)."""
_LEAVE = (S.QUALIFIED, S.DEFERRED, S.PASSED, S.RESULT_PUBLICITY, S.APPROVED)
"""Where a case can be excluded after its re-examination."""


def ticket(seed: str, number: str) -> str:
    """SHA-256 of ``seed:number``, hexadecimal."""
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()


def wanted(cases: int, rule: Mapping[str, int]) -> int:
    """How many of a series with so many cases are drawn."""
    return min(cases, max(-(-cases * rule["share"] // 100), rule["minimum"]))


def drawn(seed: str, population: Iterable[Row], rule: Mapping[str, int]) -> list[str]:
    """Numbers in ascending order. ``rule``: ``share`` in percent, ``minimum`` of each series."""
    by_series: dict[Any, list[str]] = defaultdict(list)
    for row in population:
        by_series[row[1]].append(row[0])
    found: list[str] = []
    for numbers in by_series.values():
        found += sorted(numbers, key=lambda number: (ticket(seed, number), number))[: wanted(len(numbers), rule)]
    return sorted(found)


def runs_again(check: Any) -> bool:
    """Whether rule, frozen population and seed still give the stored sample, and the population is the announced."""
    same = check.population_hash() == check.population_sha256
    return same and drawn(check.seed, check.population, check.rule) == list(check.sample)


# -- the freeze ------------------------------------------------------------------------------------------------------


def why_frozen(items: Iterable[Any], act: Act | None, said: Said) -> Iterator[Problem]:
    """In words, for each sampled case that is frozen, who has to do what first. A refusal names nobody (P12)."""
    for item in items:
        case = said(act.actor if act else None, item.declaration)
        if item.status == SpotCheckItem.Status.PENDING:
            words = _("{case} was drawn for the bureau's spot check {check}: the bureau records its finding first.")
        elif item.status == SpotCheckItem.Status.NOT_ELIGIBLE:
            words = _("{case} was found not eligible after spot check {check}: the bureau excludes the case first.")
        else:
            words = _("Spot check {check} found a defect with {case}: the case has to be examined again first.")
        yield Problem(words.format(case=case, check=item.spot_check), basis="examination.by_office")


def frozen_among(declarations: Any, act: Act | None, said: Said = said_to) -> Iterator[Problem]:
    """The same for many cases at once; ``declarations``: pks, or a queryset of them; ``said``: how the act's reader may
    know a case."""
    items = SpotCheckItem.objects.frozen().filter(declaration__in=declarations)
    yield from why_frozen(items.select_related("declaration", "spot_check"), act, said)


def not_frozen(declaration: Any, act: Act) -> Iterator[Problem]:
    """A sampled case goes no further before its finding, nor after a defect before it was examined again."""
    yield from frozen_among([declaration.pk], act)


# -- the check -------------------------------------------------------------------------------------------------------


def rule_complete(check: Any, act: Act) -> Iterator[Problem]:
    """A share between 1 and 100 percent, and states between examination and document."""
    if not 1 <= (check.share or 0) <= 100:
        yield Problem(_("The share is between 1 and 100 percent."), field="share")
    if not check.statuses or set(check.statuses) - set(STATES):
        yield Problem(_("Choose at least one state from the examination to the document."), field="statuses")


def somebody_to_draw(check: Any, act: Act) -> Iterator[Problem]:
    """A population of nobody is no spot check."""
    if not check.population:
        yield Problem(_("Nobody of these lines stands in one of these states."), field="lines")


def seed_known(check: Any, act: Act) -> Iterator[Problem]:
    """The day whose head is the seed is over; ``act.data["head"]`` is that head."""
    if act.data.get("head") is None:
        yield Problem(
            _(
                "The seed is the daily head of the chain of the first working day after {day} on which anything was "
                "recorded. It is known on the day after that."
            ).format(day=day_said(check.announced_on))
        )


def population_as_announced(check: Any, act: Act) -> Iterator[Problem]:
    """What is drawn from is what was announced."""
    if check.population_hash() != check.population_sha256:
        yield Problem(_("The population is not the announced one any more: tell the operator; nothing is drawn."))


def every_item_found(check: Any, act: Act) -> Iterator[Problem]:
    """No sampled case is left without a finding."""
    waiting = check.items.filter(status=SpotCheckItem.Status.PENDING).select_related("declaration")
    for item in waiting:
        yield Problem(_("{number} has no finding yet.").format(number=item.declaration))


def some_defect(check: Any, act: Act) -> Iterator[Problem]:
    """A re-examination is ordered where a defect was found."""
    if not check.items.filter(status=SpotCheckItem.Status.DEFECT).exists():
        yield Problem(_("No defect was found that is not being examined again."))


def no_open_defect(check: Any, act: Act) -> Iterator[Problem]:
    """Every defect was examined again, or the case has ended."""
    for item in check.items.open_defects().select_related("declaration"):
        yield Problem(
            _("{number}: {status}. It has to be settled first.").format(
                number=item.declaration, status=item.get_status_display()
            )
        )


# -- one sampled case ------------------------------------------------------------------------------------------------


def every_claim_true(item: Any, act: Act) -> Iterator[Problem]:
    """ "No defect" is what every item checked against its file says."""
    judged, claims = act.data.get("judged") or {}, act.data.get("claims") or {}
    for code, label in claims.items():
        if code not in judged:
            yield Problem(_("{item} has not been checked yet.").format(item=label))
        elif judged[code][0] != ItemCheck.Result.TRUE:
            yield Problem(_("{item} was not found true: record a defect.").format(item=label))


def some_claim_doubtful(item: Any, act: Act) -> Iterator[Problem]:
    """A defect names the items it lies in."""
    judged = act.data.get("judged") or {}
    if all(result == ItemCheck.Result.TRUE for result, _note in judged.values()):
        yield Problem(_("Mark the items that are not true or unclear, and save, before recording a defect."))


def beyond_examination(item: Any, act: Act) -> Iterator[Problem]:
    """A case that is open in the examination is decided there, not by a word here."""
    if act.cause is None and item.declaration.status in (S.IN_EXAMINATION, S.SUPPLEMENT):
        yield Problem(_("The examination of this case is open: find it eligible or not on the page of the case."))


def can_leave(item: Any, act: Act) -> Iterator[Problem]:
    """Where a case can be excluded; elsewhere somebody else has the word first."""
    status = item.declaration.status
    if status in _LEAVE:
        return
    words = {
        S.ON_ROSTER: _("The person is on the roster of a meeting: wait until its results are locked."),
        S.HELD: _("An objection is open: decide it first."),
        S.REPORTED: _("The report is with the bureau: reject this person in the report."),
        S.CERTIFIED: _("The certificate was issued before: revoke it."),
    }
    yield Problem(words.get(status, _("The case has ended already.")))


def can_be_reopened(declaration: Any, act: Act) -> bool:
    """Whether the examination is opened anew: decided, on no roster, and no second declaration of the year alive."""
    if declaration.status not in (S.QUALIFIED, S.DISQUALIFIED) or any(not_on_roster(declaration, act)):
        return False
    same = {name: getattr(declaration, f"{name}_id") for name in ("applicant", "series")}
    others = Declaration.objects.live().filter(year=declaration.year, **same).exclude(pk=declaration.pk)
    return declaration.status == S.QUALIFIED or not others.exists()
