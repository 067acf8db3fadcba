"""The verdict kept between the check page and handing in: spared where nothing has changed, given anew where anything
has, and never better than the rules themselves."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from applications.models import Declaration, LearningHours, Sanction, Signature, read_whole
from applications.workflow import DECLARATION
from appraisal_portal.home.story import declare
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import clock, references, together, verdicts
from appraisal_portal.kernel.workflow import Act, Blocked
from committees.plans.models import CommitteeScope, HoursRequirement

pytestmark = pytest.mark.django_db
World = tuple[City, Cycle]
SUBMIT = DECLARATION.transitions["submit"]


@pytest.fixture
def signed(draft: Declaration) -> Declaration:
    """Nothing stops it."""
    declare.sign(draft, Signature.Mark.APPLICANT, draft.applicant.user)
    return draft


def seal_of(declaration: Declaration) -> str:
    """What the check page would send along."""
    judged = DECLARATION.judge(declaration.pk, "submit", actor=declaration.applicant.user)
    assert judged.problems == []
    assert len(judged.seal) == 128
    return judged.seal


def versions_of(declaration: Declaration) -> str:
    found: list[str] = together.read({"versions": read_whole.versions}, {"pk": declaration.pk})["versions"]
    return found[0]


def hand_in(declaration: Declaration, seal: str) -> None:
    DECLARATION.fire(declaration, "submit", actor=declaration.applicant.user, seal=seal)


@pytest.fixture
def no_judgement(monkeypatch: pytest.MonkeyPatch) -> None:
    """The guards must not be asked."""

    def asked(*_args: Any) -> None:
        raise AssertionError("judged a second time")

    monkeypatch.setattr(DECLARATION, "_problems", asked)


def test_where_nothing_changed_the_guards_are_not_asked_again(signed: Declaration, request: Any) -> None:
    seal = seal_of(signed)
    request.getfixturevalue("no_judgement")
    hand_in(signed, seal)
    record, receipt = signed.records.get(transition="submit"), signed.receipts.get()
    assert record.content_hash == receipt.snapshot.sha256 == signed.content_hash()
    assert receipt.snapshot == signed.undertakings.get().snapshot
    assert (signed.status, receipt.committee) == ("with_unit", signed.committee.name)


def test_the_page_carries_the_seal_and_handing_in_with_it_takes_four_queries(
    signed: Declaration, mine: Client, request: Any
) -> None:
    path = f"/my/declarations/{signed.pk}/check/"
    [seal] = re.findall(r'name="seal" value="(\w+)"', mine.get(path).content.decode())
    references.next_number("declaration", signed.year)  # the first number of a year costs one more
    request.getfixturevalue("no_judgement")
    with CaptureQueriesContext(connection) as asked:
        answer = mine.post(path, {"form_version": signed.form_version, "seal": seal})
    assert answer.status_code == 302
    told = [q["sql"] for q in asked.captured_queries if "SAVEPOINT" not in q["sql"]]
    assert len(told) == 4, "\n".join(told)


def test_a_page_with_something_to_settle_carries_none(draft: Declaration, mine: Client) -> None:
    page = mine.get(f"/my/declarations/{draft.pk}/check/").content.decode()
    assert "请签署" in page
    assert 'name="seal"' not in page


@pytest.mark.parametrize("name", sorted(read_whole.rows))
def test_every_row_that_is_read_counts(signed: Declaration, world: World, name: str) -> None:
    rows = read_whole.rows[name]
    _one_more(signed, world, name)
    found = together.read({name: rows}, {"pk": signed.pk})[name]
    if name not in {"expert_recommendations", "exam_result"}:  # only other ways have these; the table is asked alike
        assert found
    for row in found:
        before = versions_of(signed)
        assert before == versions_of(signed)
        with connection.cursor() as cursor:  # written anew as it was: by whomever, past triggers, past the ORM
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute(f'UPDATE "{row._meta.db_table}" SET id = id WHERE id = %s', [row.pk])
            cursor.execute("SET LOCAL session_replication_role = origin")
        assert versions_of(signed) != before
    versions = read_whole.versions
    assert f'FROM "{rows.model._meta.db_table}" WHERE {versions.condition(rows.where)}' in versions.sql


def _one_more(declaration: Declaration, world: World, name: str) -> None:
    """A row of the kinds a simple declaration has none of."""
    clerk = world[0].user("bureau_reviewer")
    if name == "trainings":
        declaration.trainings.create(
            starts_on=dt.date(2025, 1, 1), ends_on=dt.date(2025, 1, 5), organiser="省林业局", content="造林"
        )
    elif name == "hours_asked":
        _further_hours(declaration, clerk)
    elif name == "sanctions":
        _barred(declaration, clerk)
    elif name == "subfield" and declaration.subfield is None:
        pytest.fail("the draft has a subfield")


def _further_hours(declaration: Declaration, clerk: Any) -> None:
    HoursRequirement.objects.create(
        year=declaration.year - 1, kind="general", hours=900, subjects="公需科目", document="丽人社发〔2025〕1号",
        entered_by=clerk,
    )  # fmt: skip


def _barred(declaration: Declaration, clerk: Any) -> None:
    year = declaration.year
    Sanction.objects.create(
        person=declaration.applicant, status="decided", from_year=year, to_year=year + 2, review_year=year - 1,
        evidence="材料", proposed_by=clerk,
    )  # fmt: skip


Change = Callable[[Declaration, World], Any]
CHANGES: dict[str, tuple[Change, str]] = {
    "the person works there no more": (
        lambda case, _world: case.applicant.employments.update(status="ended"), "尚未确认"),
    "hours are taken away": (lambda case, _world: LearningHours.objects.filter(declaration=case).delete(), "学时"),
    "more hours are asked for": (
        lambda case, world: _further_hours(case, world[0].user("bureau_reviewer")), "公需科目"),
    "the undertaking is void": (lambda case, _world: case.undertakings.update(voided_at=clock.now()), "2-9"),
    "a word is changed": (lambda case, _world: case.educations.update(school="另一所学校"), "重新签署"),
    "the applicant retires": (lambda case, _world: type(case).objects.filter(pk=case.pk).update(retired=True), "退休"),
    "the unit is a civil service": (
        lambda case, _world: type(case.unit).objects.filter(pk=case.unit_id).update(employer_kind="civil_service"),
        "职称评审"),
    "the committee covers it no more": (
        lambda case, _world: CommitteeScope.objects.filter(committee=case.line.committee_id).update(
            valid_from=dt.date(2025, 1, 1), valid_to=dt.date(2025, 12, 31)),
        "不受理"),
    "the plan is not in force": (
        lambda case, _world: type(case.line.plan).objects.filter(pk=case.line.plan_id).update(status="draft"),
        "评审计划"),
    "the title is reached by examination": (
        lambda case, _world: type(case.title).objects.filter(pk=case.title_id).update(by_exam=True), "考试"),
    "a file is infected": (
        lambda case, _world: type(case.materials.first().upload).objects.filter(
            pk__in=case.materials.values("upload")).update(scan="infected"),
        "病毒"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_after_the_page_was_read_is_judged(signed: Declaration, world: World, what: str) -> None:
    change, words = CHANGES[what]
    seal = seal_of(signed)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # past what the database itself forbids
        change(signed, world)
        cursor.execute("SET LOCAL session_replication_role = origin")
    with pytest.raises(Blocked) as refused:
        hand_in(signed, seal)
    assert any(words in str(problem) for problem in refused.value.problems), refused.value.problems
    signed.refresh_from_db()
    assert (signed.status, signed.number, signed.receipts.count()) == ("draft", None, 0)


def test_another_day_another_actor_and_a_word_of_ones_own_seal_nothing(signed: Declaration, world: World) -> None:
    actor, versions = signed.applicant.user, versions_of(signed)
    seal, act = seal_of(signed), Act(signed.applicant.user, SUBMIT)
    assert verdicts.content_under(seal, signed, act, versions) == signed.content_hash()
    tomorrow = Act(actor, SUBMIT, at=clock.now() + dt.timedelta(days=1))
    strange = Act(world[0].user("bureau_reviewer"), SUBMIT)
    resubmit = Act(actor, DECLARATION.transitions["resubmit"])
    for other in (tomorrow, strange, resubmit, Act(actor, SUBMIT, reason="因"), Act(actor, SUBMIT, data={"line": 1})):
        assert verdicts.content_under(seal, signed, other, versions) == ""
    for words in ("", "x", seal[:-1], "0" * 64 + seal[64:], seal[:64], seal + "0", "“" * 128):
        assert verdicts.content_under(words, signed, act, versions) == ""
    assert verdicts.content_under(seal, signed, act, "") == ""
    assert verdicts.content_under(seal, signed, act, "0" * 64) == ""
    with clock.travel(clock.today() + dt.timedelta(days=1)):
        assert verdicts.content_under(seal, signed, act, versions) == ""


def test_a_seal_from_before_the_portal_started_is_judged_anew(
    signed: Declaration, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = seal_of(signed)
    monkeypatch.setattr(verdicts, "_PROCESSES", "another start")
    asked = []
    monkeypatch.setattr(DECLARATION, "_problems", lambda subject, act: asked.append(subject) or [])
    hand_in(signed, seal)
    assert asked


@pytest.mark.parametrize(
    "guard",
    [
        lambda case, act: [] if case.records.exists() else [],  # sends a query of its own
        lambda case, act: [] if act.actor.full_name else [],  # looks at the actor
    ],
)
def test_what_a_guard_learns_elsewhere_is_never_sealed(signed: Declaration, guard: Any) -> None:
    act, versions = Act(signed.applicant.user, SUBMIT), versions_of(signed)
    read_whole(signed)
    assert verdicts.judge(signed, act, versions, guard).seal == ""
    assert verdicts.judge(signed, act, versions, lambda _case, _act: []).seal != ""
