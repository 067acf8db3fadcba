"""Cases of domain.md §8 and trust.md §7 about the committee's office that no other test carries by name.

Where the others stand: docs/acceptance.md.
"""

import datetime as dt
import io
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from appraisal_portal.accounts.models import Employment
from appraisal_portal.accounts.services import members_of
from appraisal_portal.accounts.workflow import EMPLOYMENT
from appraisal_portal.home.story import results
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.city import build_city
from appraisal_portal.kernel import documents, files, sweeps
from appraisal_portal.kernel.models import Outbox
from certificates.models import Certificate
from committees.plans.services import Change, change_calendar
from committees.reviews.models import ResultPublicity, ResultPublicityRecord
from committees.reviews.rules.ballot import needed, passes, reaches
from tests.factories.results import AFTER, LAST_DAY, PUBLIC_FROM, announced, decided_meeting, issued
from tests.stage import begins_with


def test_case_19_nine_of_fifteen_are_no_quorum() -> None:
    assert not reaches(9, 15, 2, 3)
    assert reaches(10, 15, 2, 3)


def test_case_20_the_recused_leaves_the_denominator_of_that_person_only() -> None:
    assert needed(11, 2, 3) == 8  # his niece: 12 present, he stands back
    assert needed(12, 2, 3) == 8  # the others


def test_case_21_eight_of_twelve_pass_seven_do_not_and_a_tie_fails() -> None:
    assert passes(8, 12, 2, 3)
    assert not passes(7, 12, 2, 3)
    assert not passes(6, 12, 2, 3)


@pytest.mark.django_db
def test_case_16_and_17_the_end_is_stored_the_late_job_agrees_and_one_held_person_stops_nobody_else(
    clock: Any,
) -> None:
    """The worker was down at midnight: the list is over all the same. Two of three are reported, one waits."""
    meeting, rows = decided_meeting(3)
    clock(PUBLIC_FROM)
    publicity = results.publicise(meeting)
    results.object_to(publicity.items.get(declaration=rows[0]))
    clock(LAST_DAY)
    assert not publicity.is_over(LAST_DAY)
    clock(AFTER)
    assert publicity.is_over(AFTER)
    assert ResultPublicity.objects.get().status == "running"  # nobody has announced it yet
    assert [sweeps.run("reviews.close_publicity") for _late in range(2)] == [1, 0]
    assert ResultPublicity.objects.get().status == "closed"
    assert ResultPublicityRecord.objects.filter(transition="close").count() == 1
    report = results.report(meeting)
    assert {item.declaration_id for item in report.items.all()} == {rows[1].pk, rows[2].pk}
    rows[0].refresh_from_db()
    assert rows[0].status == "held"


@begins_with(decided_meeting, 2)
@pytest.mark.django_db
def test_case_13_a_corrected_day_moves_what_is_open_never_back_and_tells_whom_it_concerns(clock: Any) -> None:
    meeting, rows = decided_meeting(2)
    clock(PUBLIC_FROM)
    publicity = results.publicise(meeting)
    objection = results.object_to(publicity.items.get(declaration=rows[0]))
    assert (publicity.ends_on, objection.ends_on) == (LAST_DAY, dt.date(2026, 6, 4))
    tuesday = dt.date(2026, 5, 26)
    assert change_calendar(Change("样本", {tuesday: "day_off"}), by=holder("bureau_reviewer")) == 2
    assert change_calendar(Change(days={tuesday: None}), by=None) == 0  # what was announced does not come earlier again
    publicity.refresh_from_db()
    objection.refresh_from_db()
    assert (publicity.ends_on, objection.ends_on) == (dt.date(2026, 5, 29), dt.date(2026, 6, 5))
    told = Outbox.objects.filter(kind="message", key__startswith="calendar:")
    person = rows[0].applicant.user
    clerks = {user.pk for user in members_of(meeting.committee.office, "office_clerk")}
    assert {row.payload["user"] for row in told} == {*clerks, objection.handler_id, person.pk}
    mine = told.get(payload__user=person.pk).payload
    assert (mine["by"], mine["link"]) == ("2026-06-05", objection.person_url)
    assert "2026-06-04" in mine["body"]
    assert not any(word in str(mine) for word in (objection.code, objection.filed_by))


@begins_with(decided_meeting, 2)
@pytest.mark.django_db
def test_case_13_what_a_corrected_day_does_is_read_before_it_is_stored(clock: Any, client: Client) -> None:
    """What changed since it was read is shown once more; an end that was announced stays."""
    meeting, rows = decided_meeting(2)
    clock(PUBLIC_FROM)
    publicity = results.publicise(meeting)
    client.force_login(holder("bureau_reviewer"))
    page, tuesday = reverse("plans:calendar-year", args=[2026]), "2026-05-26"
    data = {"what": "day_form", "day-day": tuesday, "day-kind": "day_off", "day-source": "样本"}

    def asked(answer: Any) -> tuple[str, str]:
        text = answer.content.decode()
        return text, re.findall(r'name="seen" value="(\w+)"', text)[0]

    text, first = asked(client.post(page, data))
    assert re.search(r"名单公示</th><td[^>]*>1</td><td[^>]*>2026-05-28（周四）</td><td[^>]*>2026-05-29（周五）", text)
    assert rows[0].applicant.user.full_name not in text
    results.object_to(publicity.items.get(declaration=rows[0]))
    again = client.post(page, {**data, "seen": first})
    assert again.status_code == 409
    text, second = asked(again)
    assert "影响已与您刚才看到的不同" in text
    assert "异议处理" in text
    publicity.refresh_from_db()
    assert publicity.ends_on == LAST_DAY
    assert client.post(page, {**data, "seen": second}).status_code == 302
    publicity.refresh_from_db()
    assert publicity.ends_on == dt.date(2026, 5, 29)
    text, _third = asked(client.post(reverse("plans:calendar-remove", args=[tuesday])))
    assert "按新日历算至 2026-05-28（周四）；已公布的截止日不提前。" in text


@begins_with(decided_meeting, 2)
@pytest.mark.django_db
def test_case_32_and_34_who_changed_the_unit_keeps_roster_and_verification_and_is_noted_in_3_6(clock: Any) -> None:
    """After the meeting: the roster keeps the old unit, 3-6 and the certificate name the one of the day."""
    meeting, (stays, moves) = decided_meeting(2)
    person, old = moves.applicant, moves.unit
    roster = documents.current(meeting, "3-2")
    clock(PUBLIC_FROM)
    city = build_city()
    for row in (stays, moves):
        city.employ(row.applicant.user, old)
    new = city.unit(2)
    later = Employment(person=person, unit=new, starts_on=PUBLIC_FROM, replaces=person.employments.get())
    EMPLOYMENT.fire(later, "ask", actor=person.user)
    EMPLOYMENT.fire(later, "confirm", actor=city.user("unit_clerk", new), confirmed_kind="staff")
    report, announcing = announced(meeting)
    issued(announcing)
    sheet = openpyxl.load_workbook(io.BytesIO(files.open_stored(documents.current(report, "3-6")))).active
    rows = {row[1]: row for row in sheet.values if row[1] in (stays.applicant.name, person.name)}
    assert new.name in rows[person.name]
    assert rows[person.name][-1] == f"申报时单位：{old.name}（2026-05-21起变更）"
    assert (old.name in rows[stays.applicant.name], rows[stays.applicant.name][-1]) == (True, None)
    listed = openpyxl.load_workbook(io.BytesIO(files.open_stored(roster))).active
    assert any(person.name in row and old.name in row for row in listed.values)
    assert documents.current(meeting, "3-2") == roster
    moves.refresh_from_db()
    assert moves.unit == old
    assert Certificate.objects.get(declaration=moves).current.snapshot["employer"] == new.name


def test_p37_no_deadline_waits_in_a_queue() -> None:
    """celery/celery#2599: whatever is due is found by a sweep, never carried by a task with a later start."""
    code = [path for top in ("appraisal_portal", "applications", "committees", "certificates")
            for path in (Path(settings.BASE_DIR) / top).rglob("*.py")]  # fmt: skip
    assert len(code) > 300
    late = re.compile(r"\b(eta|countdown)\s*=")
    assert [path.name for path in code if late.search(path.read_text(encoding="utf-8"))] == []


def test_every_test_named_in_the_acceptance_table_exists() -> None:
    root = Path(settings.BASE_DIR)
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", (root / "docs/acceptance.md").read_text(encoding="utf-8"))
    assert len(named) >= 20
    missing = [
        f"{path}::{name}" for path, name in named if f"def {name}(" not in (root / path).read_text(encoding="utf-8")
    ]
    assert missing == []
