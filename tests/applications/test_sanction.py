"""False material (R-12, notice IV(4)): evidence, hearing, ban, material, responsibility of the unit, lifting."""

import datetime as dt
import io
from types import SimpleNamespace
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from applications.models import Declaration, Lifting, Sanction
from applications.rules import sanction as rules
from applications.services import sanctions
from applications.workflow import LIFTING, SANCTION
from appraisal_portal.accounts.models import Message, User
from appraisal_portal.home.story import sanctions as story
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.home.story.people import evidence_pdf
from appraisal_portal.kernel import clock, outbox
from appraisal_portal.kernel.models import Outbox
from appraisal_portal.kernel.workflow import Act, Blocked, NotAllowed
from tests.factories.applications import a_draft, a_submitted

pytestmark = pytest.mark.django_db
World = tuple[City, Cycle]
GIVEN = {"ground": "论文造假", "evidence": "检索报告"}


def told(user: User) -> str:
    """Everything the portal has written to somebody, delivered."""
    waiting = Outbox.objects.filter(kind="message", payload__user=user.pk, status=Outbox.Status.WAITING)
    for row in waiting.order_by("pk"):
        outbox.deliver(row.kind, row.key)
    return "\n".join(f"{m.subject} {m.body}" for m in Message.objects.filter(user=user).order_by("pk"))


def heard(case: Any, how: str, **data: Any) -> list[str]:
    """What the three guards of a hearing say."""
    act = Act(None, SANCTION.transitions["hear"], "-", {"heard_how": how, **data}, at=clock.at(dt.date(2026, 5, 6), 10))
    guards = (rules.heard_as_it_was, rules.person_heard, rules.unit_heard)
    return [str(problem) for guard in guards for problem in guard(case, act)]


def a_case(**values: Any) -> Any:
    """A case in memory: opened, nothing answered, its time not over."""
    over = values.pop("over", False)
    base: dict[str, Any] = {
        "heard_how": "", "statement": "", "wants_hearing": False, "hearing_at": None, "minutes": "",
        "unit_responsible": False, "unit_statement": "", "is_over": lambda day: over,
    }  # fmt: skip
    return SimpleNamespace(**{**base, **values})


MORNING = clock.at(dt.date(2026, 5, 6), 9)
LATER = clock.at(dt.date(2026, 5, 20), 9)


@pytest.mark.parametrize(
    ("case", "how", "more", "said"),
    [
        (a_case(statement="承认"), "statement", {}, ""),
        (a_case(), "statement", {}, "陈述"),
        (a_case(), "refused", {}, ""),
        (a_case(), "silent", {}, "仍可"),
        (a_case(over=True), "silent", {}, ""),
        (a_case(over=True, statement="承认"), "silent", {}, "仍可"),
        (a_case(statement="承认", wants_hearing=True), "statement", {}, "听证"),
        (a_case(statement="承认", wants_hearing=True, hearing_at=MORNING), "hearing", {"minutes": "到场"}, ""),
        (a_case(hearing_at=MORNING), "hearing", {}, "听证"),
        (a_case(hearing_at=MORNING), "absent", {}, ""),
        (a_case(hearing_at=LATER, statement="承认"), "statement", {}, "听证"),
        (a_case(), "hearing", {"minutes": "到场"}, "听证"),
        (a_case(statement="承认", unit_responsible=True), "statement", {}, "单位"),
        (a_case(statement="承认", unit_responsible=True, unit_statement="已核验"), "statement", {}, ""),
        (a_case(), "", {}, "听取"),
    ],
)
def test_how_a_person_is_heard(db: None, case: Any, how: str, more: dict[str, Any], said: str) -> None:
    """``heard_as_it_was``, ``person_heard``, ``unit_heard``."""
    problems = heard(case, how, **more)
    assert bool(problems) is bool(said), problems
    assert said in "".join(problems)


def test_the_person_reads_everything_from_the_opening_on_and_answers(world: World, client: Client) -> None:
    city, _cycle = world
    declaration = a_submitted(*world, 1)
    person, reviewer = declaration.applicant.user, city.user("bureau_reviewer")
    client.force_login(reviewer)
    paper = SimpleUploadedFile("检索报告.pdf", evidence_pdf("检索报告"), content_type="application/pdf")
    data = {**GIVEN, "number": declaration.number, "review_year": 2026, "files": paper, "unit_responsible": "on"}
    assert client.post("/bans/new/", {**data, "number": "2026-9999"}).status_code == 422
    assert client.post("/bans/new/", {**data, "review_year": 2030}).status_code == 422
    assert client.post("/bans/new/", {**data, "evidence": ""}).status_code == 422
    assert client.post("/bans/new/", {**data, "files": SimpleUploadedFile("a.pdf", b"x")}).status_code == 422
    assert not Sanction.objects.exists()
    paper.seek(0)
    assert client.post("/bans/new/", data).status_code == 302
    case = Sanction.objects.get()
    assert (case.from_year, case.to_year, case.ends_on) == (2027, 2029, dt.date(2026, 5, 12))
    assert "2026-05-12（周二）" in told(person)
    client.force_login(person)
    page = client.get(case.get_absolute_url()).content.decode()
    assert all(words in page for words in ("论文造假", "检索报告.pdf", "2026-05-12", "陈述"))
    assert client.get(f"{case.get_absolute_url()}files/{case.files.get().upload_id}/").status_code == 200
    listed = client.get("/bans/").content.decode()
    assert case.get_absolute_url() in listed
    assert "尚未决定" in listed  # nobody reads a ban before there is one
    assert "同时核查单位责任" in listed
    assert "负有责任" not in listed
    answer = f"{case.get_absolute_url()}do/state/"
    assert client.post(answer, {"statement": " "}).status_code == 422
    with pytest.raises(Blocked):  # statement_given
        SANCTION.fire(case, "state", actor=person, statement=" ")
    assert client.post(answer, {"statement": "实验数据由他人提供", "wants_hearing": "on"}).status_code == 302
    case.refresh_from_db()
    assert (case.statement, case.wants_hearing) == ("实验数据由他人提供", True)
    assert "实验数据由他人提供" not in told(city.user("unit_head", declaration.unit))
    client.force_login(city.user("unit_head", declaration.unit))
    page = client.get(case.get_absolute_url()).content.decode()
    assert "论文造假" in page
    assert "实验数据由他人提供" not in page
    assert client.post(f"{case.get_absolute_url()}do/state_for_unit/", {"statement": "已核对原件"}).status_code == 302
    client.force_login(a_submitted(*world, 2).applicant.user)
    assert client.get(case.get_absolute_url()).status_code == 404


def test_a_case_rests_on_ground_year_and_evidence_and_is_opened_once(world: World) -> None:
    """``ground_given``, ``evidence_named`` and ``no_other_case``."""
    reviewer = world[0].user("bureau_reviewer")
    declaration = a_draft(*world, 1)
    for wrong in ({"review_year": 2027}, {"ground": " "}, {"evidence": ""}):
        with pytest.raises(Blocked):
            sanctions.open_case(declaration, actor=reviewer, **{"review_year": 2026, **GIVEN, **wrong})
    case = sanctions.open_case(declaration, actor=reviewer, review_year=2026, **GIVEN)
    with pytest.raises(Blocked, match="已有"):
        sanctions.open_case(declaration, actor=reviewer, review_year=2026, **GIVEN)
    SANCTION.fire(case, "drop", actor=reviewer, reason="材料经核实属实。")
    assert "材料经核实属实" in told(declaration.applicant.user)
    assert sanctions.open_case(declaration, actor=reviewer, review_year=2026, **GIVEN).status == "draft"


def test_a_hearing_is_named_ahead_and_told_with_day_and_place(world: World) -> None:
    """``hearing_ahead``: five working days, a place."""
    declaration = a_submitted(*world, 1)
    case, reviewer = story.opened(declaration), world[0].user("bureau_reviewer")
    soon = {"hearing_at": clock.at(dt.date(2026, 5, 11), 10), "hearing_place": ""}
    with pytest.raises(Blocked) as refused:
        SANCTION.fire(case, "summon", actor=reviewer, **soon)
    assert len(refused.value.problems) == 2
    assert "2026-05-12" in str(refused.value)
    at = story.summoned(case, SANCTION, days=5)
    assert clock.local(at).date() == dt.date(2026, 5, 12)
    assert "2026-05-12 10:00 在市人力社保局三楼听证室" in told(declaration.applicant.user)


@pytest.mark.notice("IV.4.d")
def test_r12_a_ban_counts_from_the_next_year_ends_what_is_under_way_and_is_given_in_writing(
    world: World, client: Client
) -> None:
    city, _cycle = world
    declaration = a_submitted(*world, 1)
    case = story.banned(declaration)
    assert (case.from_year, case.to_year, case.status) == (2027, 2029, "in_force")
    assert [case.stands_in(year) for year in (2026, 2027, 2029, 2030)] == [False, True, True, False]
    declaration.refresh_from_db()
    record = declaration.records.last()
    assert declaration.status == "barred"
    assert (record.cause_table, record.cause_id) == ("applications_sanctionrecord", case.records.last().pk)
    person = declaration.applicant.user
    client.force_login(person)
    letter = client.get(f"{case.get_absolute_url()}decision/").content
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(letter)).pages).replace("\n", "")
    assert all(words in text for words in (story.EVIDENCE, "2027 年至 2029 年", person.full_name, "书面陈述"))
    assert declaration.applicant.id_number not in text
    clerk = city.user("unit_clerk", declaration.unit)
    assert "退回" in told(clerk)
    with pytest.raises(Blocked):
        SANCTION.fire(case, "return_material", actor=clerk, returned_on=dt.date(2026, 5, 7))
    SANCTION.fire(case, "return_material", actor=clerk, returned_on=dt.date(2026, 5, 6))
    with pytest.raises(Blocked):  # not_returned_yet
        SANCTION.fire(case, "return_material", actor=clerk, returned_on=dt.date(2026, 5, 6))
    assert "退回" in told(person)
    listed = client.get("/bans/").content.decode()
    assert "2027–2029" in listed
    assert "尚未决定" not in listed


def test_a_ban_takes_two_people_and_the_second_may_send_it_back(world: World, client: Client) -> None:
    city, _cycle = world
    case = story.proposed(a_draft(*world, 1))
    reviewer, approver = city.user("bureau_reviewer"), city.user("bureau_approver")
    with pytest.raises(NotAllowed):
        SANCTION.fire(case, "decide", actor=reviewer, content_hash=case.content_hash())
    with pytest.raises(Blocked):
        SANCTION.fire(case, "decide", actor=approver, content_hash="of another page")
    SANCTION.fire(case, "send_back", actor=approver, reason="证据不足")
    assert case.status == "heard"
    SANCTION.fire(case, "drop", actor=reviewer, reason="证据不足")
    assert case.status == "dropped"
    client.force_login(case.person.user)
    assert "未予限制" in client.get("/bans/").content.decode()


def test_a_ban_is_never_overridden_but_lifted_by_a_new_decision_after_a_hearing(world: World, client: Client) -> None:
    """``ban_in_force``, ``no_other_lifting``, ``lifting_heard``, ``opinion_given``."""
    city, _cycle = world
    ban = story.banned(a_draft(*world, 1))
    person, reviewer, approver = ban.person.user, city.user("bureau_reviewer"), city.user("bureau_approver")
    with pytest.raises(NotAllowed):
        SANCTION.fire(ban, "lift", actor=approver, reason="申诉成立")
    client.force_login(person)
    page = f"{ban.get_absolute_url()}lifting/"
    assert client.post(page, {"reason": ""}).status_code == 422
    assert client.post(page, {"reason": "判决书证明本人不知情"}).status_code == 302
    assert client.post(page, {"reason": "再次申请"}).status_code == 422
    lifting = Lifting.objects.get()
    with pytest.raises(Blocked):
        LIFTING.fire(lifting, "hear", actor=reviewer, heard_how="statement")
    at = story.summoned(lifting, LIFTING)
    with clock.travel(at + dt.timedelta(hours=1)):
        LIFTING.fire(lifting, "hear", actor=reviewer, heard_how="hearing", minutes="出示判决书")
        for opinion in (" ", "判决书属实"):
            act = {"proposal": "approve", "opinion": opinion, "content_hash": lifting.content_hash()}
            if opinion.strip():
                LIFTING.fire(lifting, "propose", actor=reviewer, **act)
            else:
                with pytest.raises(Blocked):
                    LIFTING.fire(lifting, "propose", actor=reviewer, **act)
        with pytest.raises(NotAllowed):
            LIFTING.fire(lifting, "decide", actor=reviewer, content_hash=lifting.content_hash())
        LIFTING.fire(lifting, "decide", actor=approver, content_hash=lifting.content_hash())
        ban.refresh_from_db()
        assert (ban.status, ban.stands_in(2027), lifting.status) == ("lifted", False, "lifted")
        assert "判决书属实" in told(person)
        shown = client.get(ban.get_absolute_url()).content.decode()
    assert all(words in shown for words in ("判决书属实", "出示判决书", story.GROUND))  # both stay on record
    with pytest.raises(Blocked):
        sanctions.ask_for_lifting(ban, reason="-", actor=person)


def test_a_ban_may_stand_after_the_hearing_and_be_asked_about_again(world: World) -> None:
    """``refusal_proposed``: neither answer can be given where the other was proposed."""
    approver = world[0].user("bureau_approver")
    ban = story.banned(a_draft(*world, 1))
    first = story.lifting_proposed(ban, proposal="reject")
    with pytest.raises(Blocked):
        LIFTING.fire(first, "decide", actor=approver, content_hash=first.content_hash())
    LIFTING.fire(first, "refuse", actor=approver, content_hash=first.content_hash())
    ban.refresh_from_db()
    assert (first.status, ban.status) == ("refused", "in_force")
    assert "判决书证明本人不知情" in told(ban.person.user)
    with clock.travel(clock.at(dt.date(2026, 6, 8), 9)):
        second = story.lifting_proposed(ban)
        with pytest.raises(Blocked):
            LIFTING.fire(second, "refuse", actor=approver, content_hash=second.content_hash())


def test_a_declaration_about_to_be_made_meets_the_ban(world: World) -> None:
    ban = story.banned(a_draft(*world, 1))
    later = Declaration(year=2027, applicant=ban.person)
    assert [b.stands_in(later.year) for b in later.applicant.sanctions.all()] == [True]
