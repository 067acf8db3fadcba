"""Scores, averages, and what must hold before a panel signs its opinion and a person's ballot opens."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from appraisal_portal.kernel.workflow import Act, Problem
from committees.plans.questions import empty, number, plain
from committees.plans.scoring import Counted, Row
from committees.reviews.models import Attendee, BallotRound, Meeting, PanelOpinion, ScoreSheet
from committees.reviews.models.panel_work import opinion_of
from committees.reviews.querysets.panel import readers_of
from committees.reviews.rules import blind


def mean(totals: Sequence[Decimal], drop: int = 0) -> Fraction | None:
    """The exact average, ``drop`` of the highest and of the lowest left out while at least three remain; None of none.

    How the highest and the lowest are treated is a setting: no text was found that settles it.
    """
    ordered = sorted(totals)
    while drop and len(ordered) >= 5:
        ordered, drop = ordered[1:-1], drop - 1
    return sum(map(Fraction, ordered), Fraction(0)) / len(ordered) if ordered else None


def in_words(value: Fraction) -> str:
    """Rounded half up to two decimals, for people; nothing is decided by it."""
    return plain((Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP))


def asks_scores(admission: Any) -> bool:
    """The meeting was approved with quantitative scoring, the panel exists, and the standard has a sheet."""
    scored = admission.meeting.method == Meeting.Method.SCORED and admission.panel_id is not None
    return scored and bool(admission.declaration.sheet)


def asks_defence(admission: Any) -> bool:
    """The meeting was approved with a defence and works in panels."""
    return admission.meeting.method == Meeting.Method.DEFENCE and admission.panel_id is not None


@dataclass(frozen=True)
class Standing:
    """How far the scoring of one person is. ``rows``: (seat, handed-in sheet or None) of everybody asked."""

    rows: list[tuple[Any, ScoreSheet | None]]

    @property
    def handed_in(self) -> list[ScoreSheet]:
        """The sheets that are in."""
        return [sheet for _seat, sheet in self.rows if sheet is not None]

    @property
    def complete(self) -> bool:
        """Everybody asked has handed in."""
        return bool(self.rows) and len(self.handed_in) == len(self.rows)

    @property
    def average(self) -> Fraction | None:
        """Of the sheets that are in."""
        return mean([sheet.total for sheet in self.handed_in], settings.PORTAL_SCORE_DROP)


def standing(admission: Any) -> Standing:
    """Of the members who do not stand back: those in the room, and those who handed in before they left."""
    sheets = {
        sheet.member_id: sheet
        for sheet in admission.score_sheets.filter(status=ScoreSheet.Status.SUBMITTED).prefetch_related("scores")
    }
    for sheet in sheets.values():
        sheet.admission = admission
    rows = [(seat, sheets.get(seat.attendee.member_id)) for seat in readers_of(admission, gone_too=True)]
    return Standing([(seat, sheet) for seat, sheet in rows if sheet or seat.attendee.present])


def entry_faults(row: Row, value: str) -> Iterator[str]:
    """Everything wrong with one cell, in words: the bounds and steps of the standard; points to two decimals."""
    yield from row.faults(value)
    found = number(value) if not empty(value) else None
    if row.counted == Counted.POINTS and found is not None and found != found.quantize(Decimal("0.01")):
        yield _("“{text}”: at most two decimals.").format(text=row.label)


def sheet_faults(rows: Iterable[Row], entries: Mapping[str, str], *, complete: bool) -> Iterator[Problem]:
    """Everything wrong with a sheet, at its cells; ``complete``: every indicator of the standard must have an entry."""
    for row in rows:
        value = entries.get(row.code, "")
        if complete and empty(value):
            yield Problem(_("“{text}”: enter the points.").format(text=row.label), field=f"s-{row.code}")
        for fault in entry_faults(row, value):
            yield Problem(fault, field=f"s-{row.code}")


def sheet_complete(sheet: ScoreSheet, act: Act) -> Iterator[Problem]:
    """Every indicator of the standard has an entry within its bounds."""
    yield from sheet_faults(sheet.admission.declaration.sheet.rows, sheet.entries, complete=True)


def meeting_in_session(work: Any, act: Act) -> Iterator[Problem]:
    """Panels work while the meeting is in session."""
    if work.admission.meeting.status != Meeting.Status.IN_SESSION:
        yield Problem(_("The meeting is not in session."))


def opinion_not_signed(sheet: ScoreSheet, act: Act) -> Iterator[Problem]:
    """Sheets change until the panel has signed."""
    if opinion_of(sheet.admission):
        yield Problem(_("The panel has signed its opinion on this person: its head takes the signature back first."))


def opinion_given(opinion: PanelOpinion, act: Act) -> Iterator[Problem]:
    """An opinion says something."""
    if not opinion.text.strip():
        yield Problem(_("Write the opinion of the panel."), field="text")


def scores_in(opinion: PanelOpinion, act: Act) -> Iterator[Problem]:
    """Where the meeting scores: everybody of the panel in the room who does not stand back has handed in."""
    if asks_scores(opinion.admission):
        found = standing(opinion.admission)
        if not found.complete:
            yield Problem(
                _("Score sheets handed in: {n} of {all}.").format(n=len(found.handed_in), all=len(found.rows))
            )


def defence_noted(opinion: PanelOpinion, act: Act) -> Iterator[Problem]:
    """Where the meeting has a defence: it is on record before the opinion."""
    if asks_defence(opinion.admission) and not hasattr(opinion.admission, "defence"):
        yield Problem(_("Note the defence first."), field="attended")


def names_in(admission: Any, text: str) -> list[str]:
    """Members of the jury whose names stand in a text the applicant will read (P14)."""
    squeezed = "".join(text.split())
    names = admission.meeting.attendees.filter(role=Attendee.Role.VOTER).values_list("user__full_name", flat=True)
    return [name for name in names if name and "".join(name.split()) in squeezed]


def nobody_named(opinion: PanelOpinion, act: Act) -> Iterator[Problem]:
    """P14: the opinion is printed in the form the applicant gets; a member's name in it is a slip until confirmed."""
    found = names_in(opinion.admission, opinion.text)
    if found and not act.data.get("named_anyway"):
        yield Problem(
            _(
                "The applicant will read this text, and {names} is named in it. Take the name out, or confirm it."
            ).format(names=_(", ").join(found)),
            field="named_anyway",
        )


def told_of(admission: Any, text: str, field: str) -> Iterator[Problem]:
    """匿名评审: what in ``text`` gives the person away, at its field; nothing where the review is not anonymous."""
    if not admission.blind:
        return
    found = blind.telling(text, admission.declaration_snapshot.content, admission.declaration)
    if found:
        yield Problem(
            _("This review is anonymous, and {words} tells who the person is. Please write it without.").format(
                words=_(", ").join(f"“{word}”" for word in found)
            ),
            field=field,
        )


def opinion_anonymous(opinion: PanelOpinion, act: Act) -> Iterator[Problem]:
    """In an anonymous review the whole committee reads the opinion: it tells neither name nor work unit."""
    yield from told_of(opinion.admission, opinion.text, "text")


def reason_anonymous(work: Any, act: Act) -> Iterator[Problem]:
    """In an anonymous review the reason does not tell it either: members of the panel read it."""
    yield from told_of(work.admission, act.reason, "reason")


def not_before_the_committee(opinion: PanelOpinion, act: Act) -> Iterator[Problem]:
    """Once the ballot on the person has been opened the opinion stands."""
    admission = opinion.admission
    if hasattr(admission, "verdict") or admission.round_items.filter(round__status="open", void_reason="").exists():
        yield Problem(_("The vote on this person has been opened already."))


def missed_the_defence(admission: Any) -> bool:
    """Did not come to the defence the meeting was approved with: not voted on, whatever the panel does."""
    defence = getattr(admission, "defence", None)
    return asks_defence(admission) and defence is not None and not defence.attended


def still_missing(admission: Any) -> str:
    """What keeps a person whose case lies with a panel from being voted on, in words; "" when nothing does."""
    if admission.panel_id is None:
        return ""
    if missed_the_defence(admission):
        return _("No. {seq}: absent from the defence. The director defers this person.").format(seq=admission.seq)
    if not opinion_of(admission):
        return _("No. {seq}: the panel has not signed its opinion yet.").format(seq=admission.seq)
    return ""


def panels_done(ballot: BallotRound, act: Act) -> Iterator[Problem]:
    """Where the committee works in panels: each person of the round has the panel's signed opinion, and came to the
    defence the meeting was approved with."""
    items = ballot.items.select_related("admission__meeting", "admission__panel_opinion", "admission__defence")
    for item in items.order_by("admission__seq"):
        missing = still_missing(item.admission)
        if missing:
            yield Problem(missing)
