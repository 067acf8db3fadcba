"""Independent appraisal towards others: reminders, what a second person reads when something changed, results."""

import datetime as dt
import json

import pytest
from django.urls import reverse

from appraisal_portal.accounts.models import Message
from appraisal_portal.home.story import autonomy as story
from appraisal_portal.home.story import certify
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import clock, publiclog
from appraisal_portal.kernel.models import LogEntry
from appraisal_portal.kernel.publiclog import check_log
from committees.autonomous import tasks
from committees.autonomous.models import AutonomousPlan
from committees.autonomous.workflow import AUTONOMOUS_PLAN
from tests.autonomous.university import LECTURER, OPENED, RESULT, a_university
from tests.certificates.test_public_log import committed
from tests.home.test_api import fits
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_university)]


def test_results_on_record_are_public_in_the_column(world, client):
    """Page, list, feed, search and API from the record on, and never an identity number; two of one name told apart."""
    _city, plan, people = world
    for person, born in zip(people[:2], (dt.date(1986, 3, 2), dt.date(1991, 11, 5)), strict=True):
        type(person).objects.filter(pk=person.pk).update(name="叶青松", birth_date=born)
        person.refresh_from_db()
    story.log(plan)
    batch = story.file(story.enter(plan, people[:2], LECTURER))
    page = reverse("certificates:result-filed", args=[batch.pk])
    assert client.get(page).status_code == 404
    assert page not in client.get(reverse("certificates:result-list")).content.decode()
    batch = story.accept(batch)
    unit = plan.delegation.unit
    heading = f"{unit.name}2026年自主评聘结果（{plan.delegation.series.name}）"
    assert batch.title == heading
    shown = client.get(page).content.decode()
    told = (heading, batch.number, unit.name, plan.delegation.document, plan.delegation.authority.name)
    for words in (*told, LECTURER, "计算机科学与技术", "2026-12-21", "叶青松 (1986-03)", "叶青松 (1991-11)"):
        assert words in shown
    assert "1986-03-02" not in shown
    assert not any(person.id_number in shown for person in people)
    for followed in ("/", reverse("certificates:result-list"), reverse("home:feed", args=["results"]),
                     reverse("home:search") + f"?q={unit.name}"):  # fmt: skip
        text = client.get(followed).content.decode()
        assert page in text, followed
        assert heading in text
    [listed] = client.get(reverse("home:api-list", args=["own-results"])).json()["items"]
    whole = client.get(reverse("home:api-detail", args=["own-results", batch.pk])).json()
    fits(whole, "WholeResult")
    assert (listed["number"], [row["told_apart_by"] for row in whole["list"]]) == (batch.number, ["1986-03", "1991-11"])
    client.force_login(holder("unit_clerk", unit))
    assert page in client.get(batch.get_absolute_url()).content.decode()


def test_results_on_record_have_a_line_of_the_public_log_and_a_proof(world, client):
    """Decision 57: the record is the announcement, so it is logged; the line says nothing but its number."""
    _city, plan, people = world
    story.log(plan)
    batch = story.accept(story.file(story.enter(plan, people[:2], LECTURER)))
    page = reverse("certificates:result-filed", args=[batch.pk])
    proof = reverse("certificates:result-filed-proof", args=[batch.pk])
    assert client.get(proof).status_code == 404
    committed()
    publiclog.sweep()
    line = LogEntry.objects.get(kind="result-filed")
    assert json.loads(line.line)["ref"] == batch.number
    assert not any(person.name in line.line for person in people)
    shown = client.get(page).content.decode()
    assert f"公开日志第 {line.place + 1} 行" in shown
    assert proof in shown
    given = client.get(proof).json()
    content = json.loads(given["content"])
    assert [row["name"] for row in content["people"]] == [person.name for person in people[:2]]
    assert not any(person.id_number in given["content"] for person in people)
    assert check_log.commitment(given["salt"], given["content"]) == json.loads(line.line)["commitment"]


def test_a_plan_that_changed_since_it_was_proposed_is_refused_with_old_and_new_value(world, client):
    """Issue 5, bad input: the approver reads in words what changed; no name of a field, no code."""
    _city, plan, _people = world
    plan = story.submit(story.fill(story.open_plan(story.delegate(plan.delegation.unit, series="自然科学研究"))))
    AUTONOMOUS_PLAN.fire(plan, "propose", actor=holder("bureau_reviewer"), content_hash=plan.content_hash())
    client.force_login(holder("bureau_approver"))
    page = reverse("autonomous:plan-do", args=[plan.pk, "consent"])
    assert "内容与经办人提出意见时不一致" not in client.get(page).content.decode()
    seen = plan.proposed_hash
    plan.posts.filter(level="intermediate").update(wanted=1)
    AutonomousPlan.objects.filter(pk=plan.pk).update(procedure="校长办公会审定。", due_on=RESULT)
    answer = client.post(page, {"content_hash": seen, "seen_status": "proposed"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert f"评审程序：{story.PROCEDURE} → 校长办公会审定。" in text
    assert f"方案报送截止日：{plan.due_on} → {RESULT}" in text
    assert "岗位设置与结构比例 › 中级岗位：30 · 25 · 2 → 30 · 25 · 1" in text
    assert not [raw for raw in ("procedure:", "posts", "intermediate：") if f"变动：{raw}" in text]
    plan.refresh_from_db()
    assert plan.status == "proposed"


def test_reminders_before_the_last_day_of_the_plan(world, settings):
    """A university owes its plan by 31 October: told 30 and 7 days and one day before, never after it."""
    _city, plan, _people = world
    settings.PORTAL_AUTONOMOUS_REMINDERS = (30, 7, 1)
    with clock.travel(OPENED):
        open_plan = story.open_plan(story.delegate(plan.delegation.unit, series="自然科学研究"))
    told = []
    for day in (dt.date(2026, 9, 30), dt.date(2026, 10, 1), dt.date(2026, 10, 2), dt.date(2026, 10, 24),
                dt.date(2026, 10, 30), dt.date(2026, 10, 31), dt.date(2026, 11, 1)):  # fmt: skip
        with clock.travel(day):
            tasks.remind()
            certify.deliver("message")
        told.append(
            Message.objects.filter(link=open_plan.get_absolute_url(), subject__contains="2026-10-31（周六）").count()
        )
    clerk_and_head = 2
    assert [count // clerk_and_head for count in told] == [0, 1, 1, 2, 3, 3, 3]


def test_reminders_once_for_each_of_the_days(world, settings):
    _city, plan, people = world
    settings.PORTAL_AUTONOMOUS_REMINDERS = (30, 7)
    head = holder("unit_head", plan.delegation.unit)

    def told(day):
        with clock.travel(day):
            count = tasks.remind()
            tasks.remind()
            certify.deliver("message")
        return count, Message.objects.filter(user=head, subject__contains="2027-03-31（周三）").count()

    first = told(dt.date(2027, 2, 1))
    assert first[0] == 0
    assert told(dt.date(2027, 3, 5))[1] - first[1] == 1
    assert told(dt.date(2027, 3, 20))[1] - first[1] == 1
    assert told(dt.date(2027, 3, 25))[1] - first[1] == 2
    story.log(plan)
    story.file(story.enter(plan, people[:1], LECTURER))
    assert told(dt.date(2027, 3, 26))[0] == 0
