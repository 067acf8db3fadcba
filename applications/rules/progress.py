"""What the applicant reads about the course: the six steps, whose turn it is, and the timeline in public words."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.models import UnitObjection
from applications.querysets import CLOSED, GIVEN_UP
from applications.rules.changes import waits_for_the_unit
from applications.rules.closing import closing_day, is_over
from applications.rules.examination import answer_until, may_ask_for_a_recheck, open_slip, recheck_day
from applications.rules.unit_objection import check_by
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.days import last_day_said
from committees.plans.models import DecidedBy

# status → step it belongs to, first status of each step decides its day
STEPS: tuple[tuple[str | Promise, tuple[str, ...]], ...] = (
    (gettext_lazy("Declared"), ("draft",)),
    (gettext_lazy("Work unit"), ("with_unit", "returned", "verified", "unit_publicity", "recommended")),
    (gettext_lazy("Examination"), ("forwarded", "in_examination", "supplement", "qualified")),
    (gettext_lazy("Meeting"), ("on_roster", "deferred", "passed")),
    (gettext_lazy("Result publicity"), ("result_publicity", "held")),
    (gettext_lazy("Certificate"), ("reported", "approved", "entrusted", "certified", "granted_elsewhere")),
)
_HOLDS = frozenset({"hold", "hold_before_review"})
_RELEASES = frozenset({"release", "release_before_review", "exclude"})
AGENCY = gettext_lazy("Talent agency")
AGENCY_LABELS: dict[str, str | Promise] = {
    "change_unit": gettext_lazy("Moved to the talent agency"),
    "return_by_unit": gettext_lazy("Returned by the talent agency for correction"),
    "verify": gettext_lazy("Verified by the talent agency"),
    "publicise": gettext_lazy("Publicity at the talent agency begun"),
    "recommend": gettext_lazy("Recommended by the talent agency"),
    "refuse_recommendation": gettext_lazy("Not recommended by the talent agency"),
    "send_back_to_unit": gettext_lazy("Sent back to the talent agency"),
}
"""What the timeline says where an agency plays the unit."""


def publicity_heading(*, by_agency: bool) -> str | Promise:
    """What the publicity (单位公示) is called where it hangs."""
    return gettext_lazy("Publicity at the talent agency") if by_agency else gettext_lazy("Publicity inside the unit")


_END = ("certified", "granted_elsewhere")
_STOPPED = (*CLOSED, "revoked")
DECIDED = (
    "not_passed", "excluded", "rejected", "approved", "certified", "revoked", "entrusted", "granted_elsewhere",
    "refused_elsewhere",
)  # fmt: skip
"""Where the page of the outcome with its letters can be read."""


@dataclass(frozen=True)
class Step:
    """One step of the tracker; ``state`` is done, now, stop or empty."""

    label: str
    state: str
    note: str = ""


def place_of(status: str) -> int | None:
    """Number of the step a status belongs to (0…5), None for closed ones."""
    return next((place for place, (_label, statuses) in enumerate(STEPS) if status in statuses), None)


def reached(records: list[Any]) -> int:
    """The farthest step the records lead to: where a closed declaration ended."""
    places = [place_of(record.source) for record in records]
    return max((place for place in places if place is not None), default=0)


def steps(declaration: Any, records: list[Any]) -> list[Step]:
    """The tracker of a declaration; ``records`` in the order they were made."""
    now = place_of(declaration.status)
    stopped = declaration.status in _STOPPED
    here = reached(records) if now is None else now
    found = []
    for place, (label, _statuses) in enumerate(STEPS):
        if declaration.status in _END or place < here:
            state = "done"
        elif place == here:
            state = "stop" if stopped else "now"
        else:
            state = ""
        left = next((record for record in records if state == "done" and _leaves(record, place)), None)
        words = AGENCY if place == 1 and declaration.through_agency else label
        found.append(Step(str(words), state, _done_on(left) if left else ""))
    return found


def _leaves(record: Any, place: int) -> bool:
    source, target = place_of(record.source), place_of(record.target)
    return source == place and target is not None and (target > place or record.target in _END)


def _done_on(record: Any) -> str:
    return _("done on {day}").format(day=date_format(clock.local(record.at).date(), "m-d"))


@dataclass(frozen=True)
class Turn:
    """Whose turn it is, in words of the person concerned; ``by`` the last day if there is one."""

    title: str
    text: str
    yours: bool = False
    by: dt.date | None = None


def turn(declaration: Any) -> Turn:  # noqa: PLR0911 - one sentence per place in the procedure
    """Who acts next and what the applicant has to do."""
    status, unit = declaration.status, declaration.unit
    told = _("We will tell you when something changes.")
    nothing = _("You do not need to do anything. We will tell you when something changes.")
    if status == "draft":
        return _draft(declaration)
    if status == "returned":
        return _returned(declaration)
    if status == "supplement":
        slip = open_slip(declaration)
        return Turn(
            _("Please supply the named items"), _("The committee office asks once for everything."), True,
            slip.ends_on if slip else None,
        )  # fmt: skip
    if status in ("with_unit", "verified", "unit_publicity"):
        return Turn(
            _("{office} is working on it. You do not need to do anything").format(office=unit), told, False,
            declaration.line.unit_deadline,
        )  # fmt: skip
    if status == "recommended" and unit.forwarder_id:
        return Turn(_("{office} is working on it. You do not need to do anything").format(office=unit.forwarder), told)
    if status in ("recommended", "forwarded", "in_examination"):
        return _changes_at_the_unit(declaration, told) or Turn(
            _("{office} is working on it. You do not need to do anything").format(office=_("The committee office")),
            told,
        )
    if status in ("qualified", "on_roster", "deferred", "passed"):
        return Turn(_("The committee meeting comes next"), nothing)
    if status == "approved" and declaration.line.channel == "recommend":
        return Turn(_("The bureau entrusts the higher committee by letter next"), nothing)
    if status in ("reported", "approved"):
        return Turn(_("{office} is working on it. You do not need to do anything").format(office=_("The bureau")), told)
    until = recheck_day(declaration) if status == "disqualified" else None
    if until and may_ask_for_a_recheck(declaration, clock.today()):
        return Turn(
            _("You can ask once for a recheck"),
            _("If you do not agree with the reason, ask for a recheck below until {last}: somebody else of the office "
              "then examines again. {otherwise}").format(
                last=last_day_said(until), otherwise=_after_the_end(declaration)),
        )  # fmt: skip
    if status in CLOSED and status != "granted_elsewhere":
        return Turn(_("This declaration has ended"), _after_the_end(declaration))
    return _known_by_its_status(status)


def _draft(declaration: Any) -> Turn:
    """To be completed while the window holds; afterwards nothing can be done with it."""
    last = closing_day(declaration)
    if is_over(declaration):
        words = _("This draft was not submitted; declarations closed on {day}").format(day=last_day_said(last))
        return Turn(words, _("What stood in it then is kept. You can declare again in the next cycle."))
    return Turn(_("Complete all parts, sign and submit"), _("Nothing has been submitted yet."), True, last)


def _returned(declaration: Any) -> Turn:
    """Sent back by the unit, or moved on to a new one, which has sent nothing back."""
    last = declaration.records.order_by("-pk").values_list("transition", flat=True).first()
    if last == "change_unit":
        title = _("Please bring it up to date and hand it in again")
        text = _("You moved to {unit} before you had been recommended: {unit} verifies and publicises it anew.")
    else:
        title, text = _("Please correct the named items"), _("{unit} has returned it.")
    return Turn(title, text.format(unit=declaration.unit), True, answer_until(declaration))


def _changes_at_the_unit(declaration: Any, told: str) -> Turn | None:
    """After a supplement that changed a claim the unit acts before the office does."""
    waits = waits_for_the_unit(declaration, clock.today()) if declaration.status == "in_examination" else None
    if waits is None:
        return None
    step, again = waits
    words = (
        _("{unit} confirms what you changed and publicises it again. You do not need to do anything")
        if again
        else _("{unit} confirms what you changed. You do not need to do anything")
    )
    then = _("After that the committee office goes on. {told}").format(told=told)
    return Turn(words.format(unit=declaration.unit), then, False, step.by)


def _after_the_end(declaration: Any) -> str:
    """What is left to the person: a new declaration while the window holds, or in a later year (R-27)."""
    again, what = _("You can declare again from {year} on."), _("What happened stands in the timeline.")
    next_year = again.format(year=declaration.year + 1)
    if declaration.status in GIVEN_UP and declaration.status != "barred" and not is_over(declaration):
        day = last_day_said(closing_day(declaration))
        return _("{what} You can start a new declaration until {day}.").format(what=what, day=day)
    if declaration.status == "not_passed" and declaration.decider == DecidedBy.COMMITTEE:
        return _("{what} What a committee has voted on is not reconsidered. {again}").format(what=what, again=next_year)
    if declaration.status in (
        "withdrawn",
        "not_recommended",
        "abandoned",
        "not_passed",
        "rejected",
        "refused_elsewhere",
    ):
        return _("{what} {again}").format(what=what, again=next_year)
    return what


def objected(records: Iterable[Any]) -> bool:
    """Whether an objection holds the declaration, before the meeting or after it."""
    steps = [record.transition for record in records if record.transition in _HOLDS | _RELEASES]
    return bool(steps) and steps[-1] in _HOLDS


@dataclass(frozen=True)
class Inside:
    """An objection raised at the unit as its subject reads it, never who raised it; ``by``: the usual last day of the
    check, None once it has its outcome."""

    title: str
    substance: str
    text: str
    by: dt.date | None = None


def raised_inside(declaration: Any) -> list[Inside]:
    """What was raised during the publicity at the unit and how far its check has come, while the list still counts."""
    if declaration.status not in ("unit_publicity", "in_examination"):
        return []
    unit = declaration.unit
    rows = UnitObjection.objects.filter(item__declaration=declaration.pk, item__voided_at=None).order_by("pk")
    said = {
        "": (
            _("An objection raised at {unit} is being checked"),
            _(
                "{unit} checks it; until its outcome is recorded you cannot be recommended. "
                "You may give a statement there."
            ),
        ),
        "unfounded": (_("The objection raised at {unit} was not upheld"), _("Your declaration goes on.")),
        "upheld": (
            _("The objection raised at {unit} was upheld"),
            _("{unit} cannot recommend you with it. The responsible person tells you the decision."),
        ),
    }
    found = []
    for row in rows:
        title, text = (words.format(unit=unit) for words in said[row.outcome])
        found.append(Inside(title, row.substance, text, None if row.outcome else check_by(row)))
    return found


def _known_by_its_status(status: str) -> Turn:
    said = {
        "result_publicity": (
            _("Your result is public"), _("Anybody may raise an objection while the list is public; then "
              "the office reports to the bureau. You do not need to do anything."),
        ),
        "held": (
            _("An objection is being checked"),
            _("You can answer it, with evidence, as long as the investigation runs. Only your own result waits."),
        ),
        "entrusted": (
            _("The higher committee decides next"),
            _("The bureau has entrusted it with your case by letter and registers the result as soon as it arrives. "
              "You do not need to do anything."),
        ),
        "granted_elsewhere": (
            _("Your title has been granted by the higher committee"),
            _("The certificate comes from the body that decided; this city issues none."),
        ),
        "certified": (
            _("Your title has been granted"), _("You can download the certificate under “My certificates”."),
        ),
    }  # fmt: skip
    title, text = said.get(status) or (_("This declaration has ended"), _("What happened stands in the timeline."))
    return Turn(title, text)
