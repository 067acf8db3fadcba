"""Every guard of every table is named by a test; those no other test names have an example of both answers here."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from applications.models import Material
from appraisal_portal.accounts.models import User
from appraisal_portal.home.story import unit
from appraisal_portal.kernel import clock, documents
from appraisal_portal.kernel.models import Upload
from appraisal_portal.kernel.workflow import Act, Workflow
from committees.plans.models import Committee, CommitteeScope
from committees.reviews.models import Meeting, MeetingPaper, PaperCount, Recusal
from committees.reviews.services import meeting as meetings
from tests.matrix.world import OPENED, TODAY, World

DAY = dt.timedelta(days=1)
Change = Callable[[Any, dict[str, Any], World], Any]


@dataclass(frozen=True)
class Example:
    """``guard`` of the ``table``'s row passes on the world's ``row`` (after ``first``) and speaks after ``then``.

    Both get (row, data, world); what they return, if it is a row, stands in for the row. ``data["day"]``: the day of
    the act, ``data["actor"]``: who acts.
    """

    guard: str
    table: str
    row: str
    then: Change
    first: Change = lambda row, data, world: None


def put(**values: Any) -> Change:
    """The row with other values, in memory."""

    def change(row: Any, data: dict[str, Any], world: World) -> None:
        for name, value in values.items():
            setattr(row, name, value(row, world) if callable(value) else value)

    return change


def give(**values: Any) -> Change:
    """Other data with the act."""

    def change(row: Any, data: dict[str, Any], world: World) -> None:
        data.update({name: value(row, world) if callable(value) else value for name, value in values.items()})

    return change


def instead(name: str) -> Change:
    """Another row of the world."""
    return lambda row, data, world: world.rows[name]


def does(action: Callable[[Any, World], Any]) -> Change:
    """Something happens in the database."""

    def change(row: Any, data: dict[str, Any], world: World) -> None:
        action(row, world)

    return change


def both(*changes: Change) -> Change:
    """One after the other."""

    def change(row: Any, data: dict[str, Any], world: World) -> None:
        for one in changes:
            one(row, data, world)

    return change


def _slip(row: Any, world: World) -> Any:
    return SimpleNamespace(
        ends_on=TODAY, announced_ends_on=TODAY, working_days=row.line.supplement_days, starts_on=TODAY
    )


def _minutes(row: Any, world: World) -> None:
    documents.issue("minutes", row, actor=world.people["office_clerk"], paper_model=MeetingPaper)


def _recuse(row: Any, world: World) -> None:
    attendee = row.attendees.filter(member__isnull=False).first()
    Recusal.objects.create(admission=row.admissions.first(), member=attendee.member, ground="近亲属")


def _uncounted(row: Any, data: dict[str, Any], world: World) -> Any:
    return SimpleNamespace(counts=PaperCount.objects.none(), items=row.items)


def _papers(row: Any, world: World) -> None:
    """The three papers; they freeze the roster."""
    meetings.make_papers(row, actor=world.people["office_clerk"])


def _undecided(row: Any, data: dict[str, Any], world: World) -> Any:
    _papers(world.rows["meeting_draft"], world)
    return world.rows["meeting_draft"]


def _decided_by_the_county(row: Any, world: World) -> None:
    row.line.decided_by, row.unit.forwarder.kind = "county_bureau", "county_bureau"


def _first(row: Any, world: World) -> Any:
    return world.applicant(row.items.first().declaration)


EXAMPLES = (
    Example("organisation_complete", "accounts.Organisation.approve", "organisation", put(name=" ")),
    Example(
        "not_registered_twice", "accounts.Organisation.approve", "organisation",
        put(name=lambda r, w: w.other_unit.name),
    ),
    Example(
        "forwarder_forwards", "accounts.Organisation.approve", "organisation",
        put(forwarder=lambda r, w: w.other_unit),
    ),
    Example(
        "unit_in_use", "accounts.Employment.ask", "employment",
        does(lambda r, w: setattr(r.unit, "status", "suspended")),
    ),
    Example("unit_left_is_another", "accounts.Employment.ask", "employment", put(replaces=lambda r, w: r)),
    Example("reason_stated", "applications.Extension.approve", "extension", put(reason=" ")),
    Example("only_longer", "applications.Extension.approve", "extension", put(until=lambda r, w: r.line.closes_on)),
    Example("after_outage", "applications.Extension.approve", "extension", put(person=None)),
    Example(
        "goes_on_to_another_body", "applications.Declaration.forward", "recommended",
        does(_decided_by_the_county),
    ),
    Example(
        "no_infected_file", "applications.Declaration.submit", "draft",
        does(lambda r, w: Upload.objects.filter(materials__declaration=r).update(scan="infected")),
    ),
    Example(
        "cases_of_this_body", "reviews.Determination.decide", "determination",
        put(line=lambda r, w: w.rows["exam"].line),
    ),
    Example(
        "examined_with_evidence", "reviews.Determination.decide", "determination",
        does(
            lambda r, w: Material.objects.filter(declaration__determination_items__determination=r).update(removed=True)
        ),
    ),
    Example(
        "nobody_barred", "reviews.Determination.decide", "determination",
        does(lambda r, w: User.objects.filter(pk=_first(r, w).pk).update(frozen_at=clock.now())),
    ),
    Example(
        "nobody_of_ones_own", "reviews.Determination.decide", "determination", give(actor=_first),
        give(actor=lambda r, w: w.people["bureau_approver"]),
    ),
    Example("asked_once", "accounts.Employment.ask", "employment", put(pk=0)),
    Example("starts_in_the_past", "accounts.Employment.ask", "employment", put(starts_on=TODAY + DAY)),
    Example(
        "kind_of_staff_chosen", "accounts.Employment.confirm", "employment",
        give(confirmed_kind=""), give(confirmed_kind="staff"),
    ),
    Example("ends_after_start", "accounts.Employment.end", "employment", give(ends_on=lambda r, w: r.starts_on - DAY)),
    Example(
        "windows_in_order", "plans.ReviewPlan.approve", "plan",
        does(lambda r, w: r.lines.update(meeting_month=OPENED)),
    ),
    Example("rule_sets_fit", "plans.ReviewPlan.approve", "plan", does(lambda r, w: r.lines.update(rule_set="none"))),
    Example(
        "committees_active", "plans.ReviewPlan.approve", "plan",
        does(lambda r, w: Committee.objects.filter(pk=w.rows["committee"].pk).update(status="suspended")),
    ),
    Example(
        "covered_by_scope", "plans.ReviewPlan.approve", "plan",
        does(lambda r, w: CommitteeScope.objects.update(valid_to=OPENED - DAY)),
    ),
    Example(
        "seen_content", "plans.ReviewPlan.propose", "plan", give(content_hash="of another page"),
        give(content_hash=lambda r, w: r.content_hash()),
    ),
    Example(
        "same_content", "applications.Sanction.decide", "sanction", put(ground="something else"),
        give(content_hash=lambda r, w: r.content_hash()),
    ),
    Example("one_chair", "plans.CommitteeTerm.approve", "term", does(lambda r, w: r.members.update(office="member"))),
    Example(
        "term_not_too_long", "plans.CommitteeTerm.approve", "term",
        put(ends_on=lambda r, w: r.starts_on + 2000 * DAY),
    ),
    Example("term_free", "plans.CommitteeTerm.approve", "term", put(pk=0)),
    Example(
        "approved_before_use", "plans.StandardVersion.approve", "version", put(effective_from=TODAY - DAY),
        put(effective_from=TODAY),
    ),
    Example(
        "no_window_under_another_version", "plans.StandardVersion.approve", "version", put(pk=0, effective_from=TODAY),
        put(effective_from=TODAY + 365 * DAY),
    ),
    Example(
        "slip_has_items", "applications.Declaration.return_by_unit", "with_unit",
        give(items={}), give(items={"hours": "…"}),
    ),
    Example(
        "only_named_items_changed", "applications.Declaration.supply", "exam",
        both(does(lambda r, w: unit.ask_supplement(r)), put(current_post="another")),
    ),
    Example(
        "unit_deadline_open", "applications.Declaration.resubmit", "with_unit",
        does(lambda r, w: setattr(r.line, "unit_deadline", TODAY - DAY)),
    ),
    Example(
        "every_item_checked", "applications.Declaration.verify", "verified",
        does(lambda r, w: r.item_checks.update(result="unclear")),
    ),
    Example("snapshot_equals_verified", "applications.Declaration.publicise", "verified", put(current_post="another")),
    Example("no_open_unit_objection", "applications.Declaration.recommend", "recommended", instead("shown")),
    Example("material_unchanged", "applications.Declaration.recommend", "recommended", put(current_post="another")),
    Example("undertaking_complete", "applications.Declaration.recommend", "recommended", instead("draft")),
    Example(
        "post_vacancy", "applications.Declaration.recommend", "recommended",
        does(lambda r, w: r.unit.post_structures.update(approved=0, used=0)),
    ),
    Example(
        "post_information_published", "applications.Declaration.recommend", "recommended",
        does(lambda r, w: r.unit.post_information.update(year=2001)),
    ),
    Example(
        "forwarded_where_unit_has_a_forwarder", "applications.Declaration.accept", "forwarded",
        put(status="recommended"),
    ),
    Example(
        "first_supplement", "applications.Declaration.ask_supplement", "exam", does(lambda r, w: unit.ask_supplement(r))
    ),
    Example(
        "reply_period_fixed", "applications.Declaration.ask_supplement", "exam",
        lambda r, data, w: setattr(data["slip"], "starts_on", OPENED), give(slip=_slip),
    ),
    Example(
        "reply_window_open", "applications.Declaration.supply", "exam", instead("qualified"),
        does(lambda r, w: unit.ask_supplement(r)),
    ),
    Example(
        "reply_window_over", "applications.Declaration.deem_abandoned", "exam", give(day=TODAY),
        both(does(lambda r, w: unit.ask_supplement(r)), give(day=TODAY + 60 * DAY)),
    ),
    Example("within_undo_minutes", "applications.Declaration.reopen_examination", "exam", instead("qualified")),
    Example(
        "line_still_open", "applications.Declaration.readmit", "exam",
        does(lambda r, w: setattr(r.line.plan, "status", "superseded")),
    ),
    Example(
        "goes_to_a_higher_committee", "applications.Declaration.entrust", "exam",
        does(lambda r, w: setattr(r.line, "channel", "regular")),
        does(lambda r, w: setattr(r.line, "channel", "recommend")),
    ),
    Example("ground_given", "applications.Sanction.open", "sanction", put(ground="")),
    Example("years_by_law", "applications.Sanction.propose", "sanction", put(to_year=lambda r, w: r.to_year + 1)),
    Example(
        "somebody_on_the_list", "applications.UnitPublicity.start", "unit_publicity",
        does(lambda r, w: r.items.update(voided_at=clock.now())),
    ),
    Example(
        "nobody_publicises_oneself", "applications.UnitPublicity.start", "unit_publicity",
        give(actor=lambda r, w: w.applicant(w.rows["shown"])),
    ),
    Example(
        "items_as_now", "applications.UnitPublicity.start", "unit_publicity",
        does(lambda r, w: r.items.update(content_sha256="0" * 64)),
    ),
    Example(
        "length_from_the_plan", "applications.UnitPublicity.start", "unit_publicity",
        put(working_days=lambda r, w: r.working_days + 1), give(day=lambda r, w: r.starts_on),
    ),
    Example("its_time_is_over", "applications.UnitPublicity.close", "unit_publicity_over", instead("unit_publicity")),
    Example(
        "round_has_quorum", "reviews.BallotRound.open", "round",
        does(lambda r, w: r.meeting.attendees.update(left_at=clock.now())),
    ),
    Example("tellers_agree", "reviews.BallotRound.seal", "round", _uncounted),
    Example(
        "item_to_set_aside", "reviews.BallotRound.set_aside", "round", give(counted=lambda r, w: r.items.first().roll),
        give(item=lambda r, w: r.items.first(), counted=0),
    ),
    Example(
        "observer_witnesses", "reviews.Meeting.void", "meeting", give(observer=lambda r, w: w.people["observer_2"]),
        give(observer=lambda r, w: w.people["observer"]),
    ),
    Example("asked_in_time", "reviews.Meeting.apply", "meeting_draft", put(meets_on=TODAY + DAY)),
    Example("somebody_qualified", "reviews.Meeting.apply", "meeting", lambda r, data, w: Meeting(pk=0)),
    Example(
        "papers_of_one_snapshot", "reviews.Meeting.apply", "meeting",
        does(lambda r, w: r.snapshots.create(version=9, content=r.current_snapshot.content, sha256="0" * 64)),
    ),
    Example(
        "letter_of_today", "reviews.Meeting.apply", "meeting", give(day=TODAY),
        give(day=lambda r, w: dt.date.fromisoformat(r.current_snapshot.content["letter"]["applied_on"])),
    ),
    Example("snapshot_current", "reviews.Meeting.propose", "meeting_draft", put(meets_on=TODAY + DAY), does(_papers)),
    Example("before_the_meeting_day", "reviews.Meeting.approve", "meeting_draft", put(meets_on=TODAY)),
    Example("is_the_day", "reviews.Meeting.open", "meeting_draft", put(meets_on=TODAY + DAY), put(meets_on=TODAY)),
    Example("recusals_confirmed", "reviews.Meeting.open", "meeting", does(_recuse)),
    Example(
        "has_quorum", "reviews.Meeting.open", "meeting", does(lambda r, w: r.attendees.update(left_at=clock.now()))
    ),
    Example(
        "person_without_decision", "reviews.Meeting.defer_person", "meeting_draft", give(admission=None),
        both(does(_papers), give(admission=lambda r, w: r.admissions.filter(exam_result="qualified").first())),
    ),
    Example(
        "without_vote", "reviews.Meeting.determine", "meeting_draft", put(kind="regular"),
        both(put(kind="determination"), give(outcome="passed")),
    ),
    Example("every_admission_has_verdict", "reviews.Meeting.lock_results", "meeting", _undecided),
    Example("minutes_stored", "reviews.Meeting.lock_results", "meeting", instead("meeting_draft"), does(_minutes)),
    Example("nothing_sealed", "reviews.Meeting.void", "meeting_draft", instead("meeting")),
    Example(
        "opinion_matches", "reviews.Objection.dismiss", "objection",
        put(opinion="upheld"), put(opinion="unfounded"),
    ),
)  # fmt: skip


def spoken(name: str, transition: str, row: Any, data: dict[str, Any], world: World) -> list[Any]:
    """The problems of the guard of that name in that row of a table."""
    label, _dot, step = transition.rpartition(".")
    line = Workflow.registry[label].transitions[step]
    guard = next(guard for guard in line.guards if guard.__name__ == name)
    rest = {key: value for key, value in data.items() if key not in {"day", "actor"}}
    at = clock.at(data.get("day", TODAY), 10)
    return list(guard(row, Act(data.get("actor", world.people["unit_clerk"]), line, "-", rest, at=at)))


def speaks(world: World, example: Example) -> None:
    """Silent on the row of the world, in words after what the example changes."""
    stored = world.rows[example.row]
    row, data = type(stored)._default_manager.get(pk=stored.pk), {}
    row = example.first(row, data, world) or row
    assert spoken(example.guard, example.table, row, data, world) == []
    row = example.then(row, data, world) or row
    problems = spoken(example.guard, example.table, row, data, world)
    assert problems
    assert all(str(problem.text).strip() for problem in problems)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.guard)
def test_guard(world: World, example: Example) -> None:
    speaks(world, example)


def test_rechecks_can_be_switched_off(world: World, settings: Any) -> None:
    """``recheck_allowed`` and ``first_recheck`` read the setting."""
    table = "applications.Declaration.recheck"
    for rechecks, refused in ((1, False), (0, True)):
        settings.PORTAL_RECHECKS = rechecks
        for guard in ("recheck_allowed", "first_recheck"):
            assert bool(spoken(guard, table, world.rows["exam"], {}, world)) is refused


def test_no_open_round(world: World) -> None:
    """``no_open_round``: results are locked when every round is sealed or void."""
    table = "reviews.Meeting.lock_results"
    assert spoken("no_open_round", table, world.rows["meeting"], {}, world) == []
    waiting = SimpleNamespace(rounds=SimpleNamespace(filter=lambda **kwargs: [SimpleNamespace(number=2)]))
    assert spoken("no_open_round", table, waiting, {}, world)


def test_every_guard_is_named_by_a_test() -> None:
    named = {
        guard.__name__
        for flow in Workflow.registry.values()
        for row in flow.transitions.values()
        for guard in row.guards
    }
    assert not {name for name in named if not name.isidentifier()}, "a guard has a name, not a lambda"
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parents[1].rglob("*.py"))
    assert sorted(name for name in named if name not in tests) == []
