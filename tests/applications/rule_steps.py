"""What the examples of the rules do to a complete draft of 6 May 2026, and how each rule is asked."""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.test import override_settings

from applications.models import (
    CorrectionSlip,
    Declaration,
    Sanction,
    Signature,
    UnitObjection,
    UnitPublicity,
    UnitPublicityItem,
)
from applications.rules import unit_objection
from applications.rules.ways import CONDITIONS, Degree, Facts, Held
from applications.services import drafts, signing
from applications.services import unit as unit_service
from applications.workflow import DECLARATION
from appraisal_portal.home.story import unit as story
from appraisal_portal.kernel import calendar, clock, names
from appraisal_portal.kernel.workflow import Act, Blocked
from committees.plans.models import Series
from committees.plans.services import drafts as plan_drafts
from tests.applications.conftest import DAY

Found = Iterable[Any]
ENGINEER = Facts(
    level="intermediate", by_exam=False, law_day=DAY, counted_to=dt.date(2026, 12, 31), series="工程技术",
    degrees=(Degree("bachelor", dt.date(2015, 7, 1)),), held=Held("assistant", dt.date(2020, 12, 31), "工程技术"),
)  # fmt: skip


@dataclass(frozen=True)
class Example:
    """``found`` gets a complete draft of 6 May 2026 and gives what the rule finds; ``says`` is read in it."""

    rule: str
    kind: str
    what: str
    found: Callable[[Declaration], Found]
    says: str = ""


def guard(rule: Any, transition: str, *changes: Callable[[Declaration], Any], day: dt.date = DAY) -> Any:
    """The guard at an attempt on that day, after the changes."""

    def found(draft: Declaration) -> Found:
        for change in changes:
            draft = change(draft) or draft
        with clock.travel(day):
            actor = draft.applicant.user
            return list(rule(draft, Act(actor, DECLARATION.transitions[transition])))

    return found


def submit(rule: Any, *changes: Callable[[Declaration], Any], day: dt.date = DAY) -> Any:
    """The guard at handing in."""
    return guard(rule, "submit", *changes, day=day)


def way(name: str, **facts: Any) -> Any:
    """What a way asks of an engineer with these facts."""
    return lambda _draft: CONDITIONS[name](replace(ENGINEER, **facts))


def put(**values: Any) -> Any:
    """The declaration with other values."""

    def change(draft: Declaration) -> None:
        for name, value in values.items():
            setattr(draft, name, value)

    return change


def hours(**values: int) -> Any:
    """Class hours of 2025."""
    return lambda draft: draft.learning_hours.filter(year=2025).update(**values) and None


def banned(review_year: int) -> Any:
    """A ban in force after the review of that year."""

    def change(draft: Declaration) -> None:
        Sanction.objects.create(
            person=draft.applicant, ground="业绩材料不实", review_year=review_year, from_year=review_year + 1,
            to_year=review_year + 3, status="in_force",
        )  # fmt: skip

    return change


def same_level(draft: Declaration) -> None:
    """Held already: what is asked for is no higher title."""
    draft.held_titles.update(level=draft.level)


def higher_only(found: Any) -> Any:
    """With the ban as the notice of 2018 words it: no declaration of a *higher* title."""

    def asked(draft: Declaration) -> Found:
        with override_settings(PORTAL_BAN_SAME_LEVEL=False):
            return list(found(draft))

    return asked


def series(name: str, level: str) -> Any:
    """The rule about examinations, asked of a series as the register holds it."""

    def change(draft: Declaration) -> None:
        draft.series, draft.subfield = Series.objects.get(name=name), None
        draft.title = draft.series.titles_on(DAY).filter(level=level).first()
        draft.line.level = level

    return change


def decided(channel: str, *, by_vote: bool = False) -> Any:
    """Who decides on a new line of the plan."""

    def found(_draft: Declaration) -> Found:
        with override_settings(PORTAL_PRELIMINARY_BY_VOTE=by_vote):
            return [plan_drafts.decider_of(channel)]

    return found


def posts(approved: int, used: int) -> Any:
    """The approved posts of the unit at every level."""
    return lambda draft: draft.unit.post_structures.update(approved=approved, used=used) and None


def signed(draft: Declaration) -> None:
    """2-9 signed by the applicant."""
    signing.sign_confirmed(draft, Signature.Mark.APPLICANT, draft.applicant.user)


def posted(draft: Declaration) -> Declaration:
    """Handed in, verified and posted in the unit on 6 May: five working days end on Tuesday 12 May."""
    signed(draft)
    DECLARATION.fire(draft, "submit", actor=draft.applicant.user)
    story.verify(draft)
    story.publicise([draft])
    return Declaration.objects.get(pk=draft.pk)


def slip(stage: str) -> Any:
    """A correction slip issued before, by the unit or by the office."""

    def change(draft: Declaration) -> None:
        CorrectionSlip.objects.create(declaration=draft, stage=stage, issued_by=draft.applicant.user, content={})

    return change


def objected(day: dt.date, **said: Any) -> Any:
    """What speaks against an objection received on that day; "report" where it is kept as one."""

    def found(draft: Declaration) -> Found:
        publicity = UnitPublicity(starts_on=DAY, ends_on=dt.date(2026, 5, 12))
        item = UnitPublicityItem(declaration=draft, publicity=publicity)
        told = {"filed_by": "陈立新", "content": "第二项业绩的排名与验收文件不符。", "substance": "第二项业绩的排名"}
        checkable = said.pop("checkable", False)
        objection = UnitObjection(item=item, received_on=day, **{**told, **said})
        problems = list(unit_objection.receipt(objection, dt.date(2026, 5, 20), checkable=checkable))
        return problems or ["report"] * objection.is_report

    return found


def again(*, failed: int = 0, withdrawn: bool = False) -> Any:
    """Starting a declaration for the same title after one that failed in that year or was withdrawn in this."""

    def found(draft: Declaration) -> Found:
        DECLARATION.fire(draft, "withdraw", actor=draft.applicant.user) if failed or withdrawn else None
        if failed:
            Declaration.objects.create(
                applicant=draft.applicant, year=failed, series=draft.series, unit=draft.unit, line=draft.line,
                committee=draft.committee, title=draft.title, subfield=draft.subfield, route=draft.route,
                status="not_passed",
            )  # fmt: skip
        try:
            drafts.start(draft.applicant.user, title=draft.title, subfield=draft.subfield, unit=draft.unit)
        except Blocked as refused:
            return refused.problems
        return []

    return found


def read_inside(typed: str = "") -> Any:
    """What of identity, telephone and address colleagues read in the publicity, with this in an achievement."""

    def found(draft: Declaration) -> Found:
        person = draft.applicant
        draft.achievements.update(title=f"造林工程 {typed.format(id=person.id_number, phone=person.phone)}")
        shown = str(unit_service.shown_of(draft))
        secret = (person.id_number, person.phone, person.email, person.birth_date.isoformat())
        return [value for value in secret if value in shown] or re.findall(r"\d+\*+\d+[0-9X]", shown)

    return found


def named(name: str) -> Any:
    """What is wrong with a name."""
    return lambda _draft: names.name_problems(name)


def ends(start: dt.date, days: int, expected: dt.date) -> Any:
    """Nothing when so many working days end on the expected day, else the day on which they do."""

    def found(_draft: Declaration) -> Found:
        end = calendar.add_working_days(start, days).ends_on
        return [] if end == expected else [end.isoformat()]

    return found
