"""Many declarations at once at the committee office: preview, refusals by name, messages held, taken back in time."""

import datetime as dt

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.models import CaseRecusal, CorrectionSlip, Declaration
from applications.services import batches, examination
from applications.views import office
from appraisal_portal.accounts.models import Message, Person
from appraisal_portal.home.story import unit as story
from appraisal_portal.kernel import clock as portal_clock
from appraisal_portal.kernel import outbox, sweeps
from appraisal_portal.kernel.models import BulkAction, Outbox
from appraisal_portal.kernel.workflow import Blocked, NotAllowed
from tests.factories.unit_stage import MONDAY, PUBLICITY_OVER, a_stage, in_examination
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_stage)]
NINE = portal_clock.at(PUBLICITY_OVER, 9)
MINUTES = dt.timedelta(minutes=1)


@pytest.fixture
def stage(clock):
    city, cycle = a_stage()
    clock(MONDAY)
    return city, cycle


def client_of(user):
    client = Client()
    client.force_login(user)
    return client


def fresh(row):
    return Declaration.objects.get(pk=row.pk)


def deliver():
    for kind, key in outbox.due():
        outbox.deliver(kind, key)


def checked(rows):
    for row in rows:
        story.check_in_office(row)


def told(row):
    return Message.objects.filter(user=row.applicant.user, subject__contains="资格审查合格").count()


def test_qualified_together_with_refusals_named_and_taken_back_unheard(stage, clock):
    rows = in_examination(*stage, 301, 302, 303)
    clock(NINE)
    checked(rows[:2])
    deliver()
    officer = story.officer_of(rows[0])
    browser, page = client_of(officer), reverse("applications:office-batch")
    chosen = {"do": "qualify", "pk": [row.pk for row in rows]}
    preview = browser.get(page, chosen)
    text = preview.content.decode()
    assert "2 份可以办理" in text
    assert "1 份保持不变" in text
    assert "尚未核实" in text
    assert {row.status for row in map(fresh, rows)} == {"in_examination"}
    done = browser.post(page, chosen)
    assert done.status_code == 302
    assert [fresh(row).status for row in rows] == ["qualified", "qualified", "in_examination"]
    action = BulkAction.objects.get()
    assert [entry["object"] for entry in action.refused] == [rows[2].pk]
    deliver()
    assert [told(row) for row in rows] == [0, 0, 0]  # held as long as it can be taken back
    clock(NINE + 9 * MINUTES)
    assert "09:10" in browser.get(done["Location"]).content.decode()
    assert (
        reverse("applications:office-batch-done", args=[action.pk])
        in browser.get(reverse("applications:office-list")).content.decode()
    )
    assert browser.post(done["Location"]).status_code == 302
    assert {fresh(row).status for row in rows} == {"in_examination"}
    clock(NINE + 20 * MINUTES)
    deliver()
    assert not Message.objects.filter(
        user__in=[row.applicant.user for row in rows], subject__contains="资格审查合格"
    ).exists()
    assert browser.post(done["Location"]).status_code == 422  # taken back once
    assert Outbox.objects.filter(status="dropped").count() == 4


def test_after_ten_minutes_everybody_is_told_and_nothing_is_taken_back(stage, clock):
    rows = in_examination(*stage, 304, 305)
    clock(NINE)
    checked(rows)
    officer = story.officer_of(rows[0])
    action = batches.carry_out(rows, "qualify", actor=officer)
    clock(NINE + 10 * MINUTES)
    deliver()
    assert [told(row) for row in rows] == [1, 1]
    with pytest.raises(Blocked, match="09:10"):
        batches.take_back(action, actor=officer)
    assert {fresh(row).status for row in rows} == {"qualified"}


def test_what_has_moved_on_stays_and_is_said(stage, clock):
    rows = in_examination(*stage, 306, 307)
    clock(NINE)
    checked(rows)
    officer = story.officer_of(rows[0])
    action = batches.carry_out(rows, "qualify", actor=officer)
    withdrawn = fresh(rows[0])
    story.DECLARATION.fire(withdrawn, "withdraw", actor=withdrawn.applicant.user, reason="工作调动")
    action = batches.take_back(action, actor=officer)
    assert [fresh(row).status for row in rows] == ["withdrawn", "in_examination"]
    [kept] = [entry for entry in action.items if entry.get("kept")]
    assert kept["object"] == rows[0].pk
    assert "已撤回" in kept["kept"]


def test_assigned_together_and_back_to_the_handler_before(stage, clock):
    city, _cycle = stage
    rows = in_examination(*stage, 308, 309)
    clock(NINE)
    first, second = city.users("office_clerk", rows[0].committee.office)[:2]
    assert {row.handler_id for row in rows} == {first.pk}
    browser = client_of(first)
    page = reverse("applications:office-batch")
    chosen = {"do": "assign", "handler": second.pk, "pk": [row.pk for row in rows]}
    assert second.full_name in browser.get(page, chosen).content.decode()
    done = browser.post(page, chosen)
    assert {fresh(row).handler_id for row in rows} == {second.pk}
    bars = browser.get(reverse("applications:office-list")).context["loads"]
    assert [(load.who, load.done, load.total) for load in bars] == [(second.full_name, 0, 2)]
    with pytest.raises(NotAllowed):
        batches.take_back(BulkAction.objects.get(), actor=second)
    browser.post(done["Location"])
    assert {fresh(row).handler_id for row in rows} == {first.pk}
    stranger = city.users("office_clerk", city.offices["enterprise"])[0]
    assert client_of(stranger).get(done["Location"]).status_code == 404
    away = client_of(stranger).get(page, chosen)
    assert away.status_code == 302  # neither the declarations nor the clerk exist for another office


def test_who_can_be_assigned(stage, clock):
    """``handler_can_examine``: of the office, another one than now, neither the person concerned nor of the unit."""
    city, _cycle = stage
    [row] = in_examination(*stage, 315)
    clock(NINE)
    first, second, third = city.users("office_clerk", row.committee.office)
    third.memberships.create(role="unit_clerk", organisation=row.unit, starts_on=MONDAY)
    row.applicant.user.memberships.create(role="office_clerk", organisation=row.committee.office, starts_on=MONDAY)
    stranger = city.users("office_clerk", city.offices["enterprise"])[0]
    for user, words in (
        (first, "已由"),
        (third, "同属一个工作单位"),
        (row.applicant.user, "申报人本人"),
        (stranger, "请选择本办公室的人员"),
    ):
        with pytest.raises(Blocked, match=words):
            examination.assign(row, user, actor=first)
    examination.assign(row, second, actor=first)
    assert fresh(row).handler_id == second.pk
    told = Outbox.objects.filter(key__startswith="applications_declarationrecord:", payload__user=second.pk)
    assert told.filter(payload__subject__icontains="已指定您经办").exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"pk": []}, "请至少勾选一份申报"),
        ({"do": "delete"}, "请选择"),
    ],
)
def test_a_batch_that_says_too_little_leads_back_with_the_reason(stage, clock, changes, words):
    rows = in_examination(*stage, 310)
    clock(NINE)
    first, second = stage[0].users("office_clerk", rows[0].committee.office)[:2]
    asked = {"do": "assign", "handler": second.pk, "pk": [rows[0].pk], **changes}
    answer = client_of(first).get(reverse("applications:office-batch"), asked, follow=True)
    assert answer.redirect_chain == [(reverse("applications:office-list"), 302)]
    assert words in answer.content.decode()


def test_a_batch_without_a_handler_asks_for_one_and_keeps_what_was_ticked(stage, clock):
    rows = in_examination(*stage, 312, 313)
    clock(NINE)
    first = stage[0].users("office_clerk", rows[0].committee.office)[0]
    asked = {"do": "assign", "handler": "", "pk": [row.pk for row in rows]}
    answer = client_of(first).get(reverse("applications:office-batch"), asked)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请选择由谁办理" in page
    assert "已选 2 份申报" in page
    assert all(f'name="pk" value="{row.pk}"' in page for row in rows)
    assert "都不能办理" not in page


def test_a_batch_in_which_nothing_can_be_done_stores_nothing(stage, clock):
    rows = in_examination(*stage, 311)
    clock(NINE)
    browser = client_of(story.officer_of(rows[0]))
    answer = browser.post(reverse("applications:office-batch"), {"do": "qualify", "pk": [rows[0].pk]})
    assert answer.status_code == 422
    assert "尚未核实" in answer.content.decode()
    assert not BulkAction.objects.exists()


# -- the supplement ----------------------------------------------------------------------------------------------------


def test_reminded_once_two_working_days_before_the_end(stage, clock):
    [row, answered] = in_examination(*stage, 312, 313)
    clock(NINE)
    story.ask_supplement(row)
    story.ask_supplement(answered)
    assert CorrectionSlip.objects.filter(declaration=row).get().ends_on == dt.date(2026, 3, 17)
    story.supply(answered)
    for day, reminders in ((12, 0), (13, 1), (13, 0), (16, 0), (17, 0)):
        clock(dt.date(2026, 3, day))
        assert sweeps.run("reminders of supplements") == reminders
    [payload] = Outbox.objects.filter(key__startswith="supplement-reminder:").values_list("payload", flat=True)
    assert payload["user"] == row.applicant.user_id
    assert payload["by"] == "2026-03-17"
    CorrectionSlip.objects.filter(declaration=row).update(ends_on=dt.date(2026, 3, 18))
    assert sweeps.run("reminders of supplements") == 1  # a later end is told anew


def test_the_reply_ends_before_the_office_must_apply_for_the_meeting(stage, clock):
    """``reply_ends_before_the_application``."""
    [row] = in_examination(*stage, 314)
    row.line.meeting_month = dt.date(2026, 3, 1)
    row.line.save()
    clock(dt.date(2026, 3, 18))  # + 5 working days = 25 March; a meeting on the 31st is applied for by the 24th
    with pytest.raises(Blocked, match="2026-03-24"):
        story.ask_supplement(fresh(row))
    page = client_of(story.officer_of(row)).get(reverse("applications:office-supplement", args=[row.pk]))
    assert "最迟须在 2026-03-24（周二" in page.content.decode(), "before anything is typed"
    assert "发出通知" not in page.content.decode()
    clock(dt.date(2026, 3, 16))
    story.ask_supplement(fresh(row))
    assert fresh(row).status == "supplement"


def test_each_filter_is_a_chip_that_can_be_taken_off(stage, clock):
    rows = in_examination(*stage, 310, 311, 312)
    clock(NINE)
    late, answered, other = rows
    Declaration.objects.filter(pk=other.pk).update(route="transfer", specialty="竹林培育")
    for row, values in ((late, {}), (answered, {"answered_at": NINE})):
        CorrectionSlip.objects.create(
            declaration=row, stage="office", issued_by=story.officer_of(row), content={}, starts_on=MONDAY,
            working_days=5, ends_on=PUBLICITY_OVER - dt.timedelta(days=1), announced_ends_on=PUBLICITY_OVER, **values,
        )  # fmt: skip
    browser, page = client_of(story.officer_of(late)), reverse("applications:office-list")

    def shown(**asked):
        context = browser.get(page, asked).context
        return {row.pk for row in context["rows"]}, context["chips"]

    for asked, found, words in (
        ({"way": "transfer"}, {other.pk}, "申报方式：转评"),
        ({"specialty": "竹林"}, {other.pk}, "专业：竹林"),
        ({"unit": other.unit.name}, {row.pk for row in rows if row.unit_id == other.unit_id}, other.unit.name),
        ({"supplement": "late"}, {late.pk}, "补正：逾期未回复"),
        ({"supplement": "open"}, {late.pk}, "补正：已通知，未回复"),
        ({"supplement": "answered"}, {answered.pk}, "补正：已回复"),
        ({"waiting": "30"}, set(), "在我办停留：30 天及以上"),
    ):
        pks, chips = shown(**asked)
        assert pks == found, asked
        [chip] = chips
        assert words in chip["label"]
        assert shown(**dict(pair.split("=") for pair in chip["url"][1:].split("&") if pair)) == (
            {row.pk for row in rows},
            [],
        )
    both, chips = shown(way="transfer", supplement="late")
    assert (both, len(chips)) == (set(), 2)
    clock(NINE + dt.timedelta(days=31))
    assert shown(waiting="30")[0] == {row.pk for row in rows}
    assert shown(way="nonsense", waiting="-1")[0] == {row.pk for row in rows}  # ignored, no error page


def test_every_reading_of_the_work_list_asks_the_database(stage, clock, settings, monkeypatch):
    """Whatever changed a row, past the procedure too, stands on the list at once; the same rows are put into words
    once. Another clerk, and the same one who has to keep away, have lists of their own."""
    settings.PORTAL_READY_PAGES = True
    rows = in_examination(*stage, 313, 314)
    clock(NINE)
    clerk, page = story.officer_of(rows[0]), reverse("applications:office-list")
    browser = client_of(clerk)
    made, words = [], office.OfficeList._in_words
    monkeypatch.setattr(office.OfficeList, "_in_words", lambda view: made.append(view) or words(view))

    def read(**asked):
        return browser.get(page, asked).content.decode()

    assert rows[1].number in read()
    with CaptureQueriesContext(connection) as asked:
        assert rows[1].number in read()
    assert len(asked) == 6
    assert len(made) == 1
    Declaration.objects.filter(pk=rows[1].pk).update(handler=None)  # no record tells of it
    assert read().count("未分派") > 1
    assert len(made) == 2
    Person.objects.filter(pk=rows[0].applicant_id).update(name="改名后的人")
    assert "改名后的人" in read()
    assert "改名后的人" in read(tab="all")
    assert "改名后的人" not in read(tab="eligible")
    CaseRecusal.objects.create(declaration=rows[0], user=clerk, source="declared", status="open", ground="近亲属")
    assert rows[0].number not in read()
    assert rows[1].number in read()
    story.DECLARATION.fire(fresh(rows[1]), "withdraw", actor=rows[1].applicant.user, reason="工作调动")
    assert rows[1].number not in read()
