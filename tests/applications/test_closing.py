"""Fairness at the deadline (trust.md, domain.md R-30): the clock, the closing second, extensions, the last draft."""

import datetime as dt
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from applications.models import Declaration, DeclarationSnapshot, Extension, Outage
from applications.rules.closing import closing_day, is_over, open_lines, prepare
from applications.services import closing, drafts
from applications.workflow import DECLARATION, EXTENSION
from appraisal_portal.home.story import declare
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.models import Outbox
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, WrongState
from tests.applications.steps import section, sign, url
from tests.factories.applications import a_draft

World = tuple[City, Cycle]
DAY = dt.timedelta(days=1)


def as_user(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def an_outage(city: City, line: Any) -> Outage:
    began = clock.at(line.closes_on - DAY, 20)
    with clock.travel(began + dt.timedelta(hours=6)):
        return closing.log_outage(
            city.user("operator"), what="机房断电", starts_at=began, ends_at=began + dt.timedelta(hours=5)
        )


def extend(city: City, line: Any, until: dt.date, **choices: Any) -> Extension:
    extension = closing.propose_extension(
        city.user("bureau_reviewer"), line=line, until=until, **{"reason": "住院，有医院证明", **choices}
    )
    EXTENSION.fire(extension, "approve", actor=city.user("bureau_approver"), content_hash=extension.content_hash())
    line.refresh_from_db()
    return extension


# -- the closing second ------------------------------------------------------------------------------------------------


def test_case_15_the_last_second_is_in_time_the_next_is_not(draft: Declaration) -> None:
    last = clock.end_of_day(draft.line.closes_on)
    user = draft.applicant.user
    with clock.travel(last - dt.timedelta(seconds=1)):
        assert not [p for p in DECLARATION.problems(draft, "submit", actor=user) if "24:00" in str(p)]
        assert drafts.open_sections(draft)
    with clock.travel(last):
        assert [p for p in DECLARATION.problems(draft, "submit", actor=user) if "24:00" in str(p)]
        assert not drafts.open_sections(draft)


class Midnight:
    """A middleware behind the first one: 24:00 strikes while the request is being answered (a lock, a slow query)."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> Any:
        with clock.travel(clock.now() + dt.timedelta(seconds=3)):
            return self.get_response(request)


def test_what_arrived_in_time_is_in_time_and_no_header_says_when(draft: Declaration, settings: Any) -> None:
    last = clock.end_of_day(draft.line.closes_on)
    mine = as_user(draft.applicant.user)
    assert sign(mine, draft).status_code == 302
    first, *others = settings.MIDDLEWARE
    settings.MIDDLEWARE = [first, f"{__name__}.Midnight", *others]
    with clock.travel(last):
        forged = {"Date": "Mon, 02 Mar 2026 01:00:00 GMT", "X-Request-Start": "t=1772413200", "X-Arrived": "0"}
        late = mine.post(url("my-check", draft.pk), headers=forged)
    assert late.status_code == 422
    assert "24:00" in late.content.decode()
    with clock.travel(last - dt.timedelta(seconds=1)):
        assert mine.post(url("my-check", draft.pk)).status_code == 302
    draft.refresh_from_db()
    assert draft.submitted_at == draft.receipts.get().at == last - dt.timedelta(seconds=1)
    with clock.travel(last + DAY):
        assert f"{draft.line.closes_on} 23:59:59" in mine.get(url("my-receipt", draft.pk)).content.decode()


def test_after_closing_saving_is_refused_in_words_and_nothing_is_stored(mine: Client, draft: Declaration) -> None:
    with clock.travel(draft.line.closes_on + DAY):
        with pytest.raises(WrongState, match=f"{draft.line.closes_on:%Y-%m-%d}"):
            drafts.save_section(
                draft, "person", draft.form_version, user=draft.applicant.user, write=lambda row: row.save()
            )
        answer = mine.post(section(draft, "person"), {"version": draft.form_version, "ethnicity": "畲族"})
        assert answer.status_code == 409
        assert "您的草稿按当时的内容保留" in answer.content.decode()
        page = mine.get(section(draft, "person"), follow=True)
        assert "申报已于" in page.content.decode()
    draft.refresh_from_db()
    assert draft.ethnicity != "畲族"


# -- the last draft ----------------------------------------------------------------------------------------------------


def test_the_last_draft_is_the_same_whether_swept_in_time_late_twice_or_on_reading(
    world: World, mine: Client, draft: Declaration
) -> None:
    hashed = draft.content_hash()
    with clock.travel(draft.line.closes_on):
        assert closing.sweep_last_drafts() == 0
    with clock.travel(clock.end_of_day(draft.line.closes_on)):
        page = mine.get(url("my-detail", draft.pk))  # a reader before the sweep
        assert url("last-draft", draft.pk) in page.content.decode()
    with clock.travel(draft.line.closes_on + 9 * DAY):
        assert closing.sweep_last_drafts() == 0
        assert closing.sweep_last_drafts() == 0
    kept = draft.snapshots.get(stage="at_closing")
    assert kept.sha256 == hashed
    with pytest.raises(DatabaseError), transaction.atomic():
        DeclarationSnapshot.objects.filter(pk=kept.pk).update(sha256="0" * 64)


def test_a_late_sweep_keeps_every_draft_once(world: World, draft: Declaration) -> None:
    other = a_draft(*world, 2, line=draft.line)
    with clock.travel(draft.line.closes_on + 30 * DAY):
        assert closing.sweep_last_drafts() == 2
        assert closing.sweep_last_drafts() == 0
    assert other.snapshots.get(stage="at_closing").sha256 == other.content_hash()


def test_a_draft_given_up_after_closing_leaves_its_evidence_before_closing_none(world: World) -> None:
    early, late = (a_draft(*world, seed, line=world[1].line("forestry")) for seed in (1, 2))
    DECLARATION.fire(early, "withdraw", actor=early.applicant.user, reason="不再申报")
    with clock.travel(late.line.closes_on + DAY):
        DECLARATION.fire(late, "withdraw", actor=late.applicant.user, reason="没有赶上")
    assert not early.snapshots.filter(stage="at_closing").exists()
    assert late.snapshots.filter(stage="at_closing").exists()


def test_the_last_draft_is_read_by_applicant_and_bureau_and_nobody_else(
    world: World, mine: Client, draft: Declaration
) -> None:
    city, _cycle = world
    page = url("last-draft", draft.pk)
    clerk = as_user(city.user("unit_clerk", draft.unit))
    reviewer = as_user(city.user("bureau_reviewer"))
    assert reviewer.get(page).status_code == 404  # the window is open
    with clock.travel(draft.line.closes_on + DAY):
        for reader in (mine, reviewer):
            answer = reader.get(page).content.decode()
            assert draft.applicant.name in answer
            assert draft.applicant.id_number not in answer
            assert "24:00" in answer
            assert (draft.content()["person"]["phone"] in answer) is (reader is mine)
            assert ("健康或良好" in answer) is (reader is mine)  # decision 63: of a draft the bureau need not read it
        assert page in reviewer.get(url("last-draft-list")).content.decode()
        assert clerk.get(page).status_code == 404  # it was never handed in to the unit (model.md §8)
        assert clerk.get(url("last-draft-list")).status_code == 403
        assert as_user(city.applicant("stranger")).get(page).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_ask_the_same_number_of_queries(
    world: World, rows: int, django_assert_num_queries: Any, draft: Declaration
) -> None:
    city, cycle = world
    for seed in range(2, rows + 1):
        a_draft(city, cycle, seed, line=draft.line)
    reviewer = as_user(city.user("bureau_reviewer"))
    for row in Declaration.objects.filter(line=draft.line):
        extend(city, draft.line, draft.line.closes_on + DAY, person=row.applicant)
    with clock.travel(draft.line.closes_on + 3 * DAY):
        reviewer.get(url("last-draft-list"))
        with django_assert_num_queries(6):
            reviewer.get(url("last-draft-list"))
        with django_assert_num_queries(5):
            reviewer.get(url("extension-list"))


# -- extensions --------------------------------------------------------------------------------------------------------


def test_an_extension_for_one_person_opens_the_window_for_that_person_alone(world: World, draft: Declaration) -> None:
    city, cycle = world
    other = a_draft(city, cycle, 2, line=draft.line)
    until = draft.line.closes_on + 5 * DAY
    extend(city, draft.line, until, person=draft.applicant)
    assert (closing_day(draft.line), closing_day(draft.line, draft.applicant)) == (draft.line.closes_on, until)
    fresh = Declaration.objects.get(pk=draft.pk)
    assert (closing_day(fresh), closing_day(other)) == (until, draft.line.closes_on)
    with clock.travel(until):
        assert not is_over(fresh)
        assert is_over(other)
        assert open_lines(until, draft.applicant).filter(pk=draft.line_id).exists()
        assert not open_lines(until, other.applicant).filter(pk=draft.line_id).exists()
        client = as_user(draft.applicant.user)
        assert f'datetime="{until:%Y-%m-%d}"' in client.get(url("my-detail", draft.pk)).content.decode()
        assert f'datetime="{until:%Y-%m-%d}"' in client.get(url("my-list")).content.decode()
        assert f'datetime="{until:%Y-%m-%d}"' in client.get(section(draft, "person")).content.decode()
        assert sign(client, draft).status_code == 302
        client.post(url("my-check", draft.pk), {"form_version": draft.form_version})
    fresh.refresh_from_db()
    assert fresh.status == "with_unit"
    told = Outbox.objects.filter(key__contains="extension").values_list("key", flat=True)
    assert any(key.endswith(f":{draft.applicant.user_id}") for key in told)
    assert not any(key.endswith(f":{other.applicant.user_id}") for key in told)


def test_an_extension_for_everybody_needs_a_logged_interruption_inside_the_window(
    world: World, draft: Declaration
) -> None:
    city, _cycle = world
    line, until = draft.line, draft.line.closes_on + 2 * DAY
    with pytest.raises(Blocked, match="系统故障|中断"):
        extend(city, line, until)
    with pytest.raises(DatabaseError), transaction.atomic():
        Extension.objects.create(line=line, until=until, reason="x")
    outage = an_outage(city, line)
    extend(city, line, until, outage=outage, reason="断电五小时")
    assert closing_day(line) == until
    assert f"{until:%Y-%m-%d}" in Client().get("/").content.decode()
    with clock.travel(until):
        assert not is_over(draft)
        assert line.is_open(until)
        assert drafts.open_sections(Declaration.objects.get(pk=draft.pk))
    told = Outbox.objects.filter(key__contains="extension").values_list("key", flat=True)
    assert any(key.endswith(f":{draft.applicant.user_id}") for key in told)
    assert any(key.endswith(f":{city.user('unit_clerk', draft.unit).pk}") for key in told)


def test_an_extension_is_never_shorter_never_by_one_person_never_for_oneself(world: World, draft: Declaration) -> None:
    city, _cycle = world
    line, person = draft.line, draft.applicant
    reviewer = city.user("bureau_reviewer")
    for until, words in (
        (line.closes_on, "只能延长"),
        (line.closes_on - DAY, "只能延长"),
        (line.unit_deadline + DAY, "单位"),
    ):
        with pytest.raises(Blocked, match=words):
            closing.propose_extension(reviewer, line=line, until=until, reason="x", person=person)
    with pytest.raises(Blocked, match="理由|原因"):
        closing.propose_extension(reviewer, line=line, until=line.closes_on + DAY, reason=" ", person=person)
    with pytest.raises(NotAllowed):
        closing.propose_extension(
            city.user("bureau_approver"), line=line, until=line.closes_on + DAY, reason="x", person=person
        )
    extension = closing.propose_extension(reviewer, line=line, until=line.closes_on + DAY, reason="住院", person=person)
    assert closing_day(draft) == line.closes_on  # proposed is not decided
    with pytest.raises(NotAllowed):
        EXTENSION.fire(extension, "approve", actor=reviewer, content_hash=extension.content_hash())
    EXTENSION.fire(extension, "refuse", actor=city.user("bureau_approver"), reason="证明不足")
    assert closing_day(Declaration.objects.get(pk=draft.pk)) == line.closes_on
    with pytest.raises(DatabaseError), transaction.atomic():
        type(line).objects.filter(pk=line.pk).update(extended_to=line.closes_on - DAY)


def test_an_outage_is_logged_by_the_operator_once_it_is_over_and_never_changed(world: World) -> None:
    city, _cycle = world
    now = clock.now()
    hour = dt.timedelta(hours=1)
    with pytest.raises(NotAllowed):
        closing.log_outage(city.user("bureau_reviewer"), what="x", starts_at=now - hour, ends_at=now)
    for starts, ends in ((now, now - hour), (now, now + hour)):
        with pytest.raises(Blocked):
            closing.log_outage(city.user("operator"), what="x", starts_at=starts, ends_at=ends)
    outage = closing.log_outage(city.user("operator"), what="x", starts_at=now - hour, ends_at=now)
    with pytest.raises(DatabaseError), transaction.atomic():
        Outage.objects.filter(pk=outage.pk).update(ends_at=now + hour)


def test_pages_of_an_extension_from_the_log_to_the_second_person(world: World, draft: Declaration) -> None:
    city, _cycle = world
    line = draft.line
    operator, reviewer, approver = (
        as_user(city.user(role)) for role in ("operator", "bureau_reviewer", "bureau_approver")
    )
    with clock.travel(line.closes_on):
        began = f"{line.closes_on - DAY:%Y-%m-%d}T20:00"
        bad = operator.post(url("outage-new"), {"what": "断电", "starts_at": "昨天", "ends_at": ""})
        assert bad.status_code == 422
        assert "断电" in bad.content.decode()
        answer = operator.post(
            url("outage-new"), {"what": "断电", "starts_at": began, "ends_at": f"{line.closes_on:%Y-%m-%d}T01:00"}
        )
        assert answer.status_code == 302, answer.content.decode()
        assert "断电" in reviewer.get(url("outage-list")).content.decode()
        typed = {"line": line.pk, "whom": "one", "id_number": "11010519491231002X", "until": "", "reason": "住院"}
        bad = reviewer.post(url("extension-new"), typed)
        assert bad.status_code == 422
        assert "没有" in bad.content.decode()
        assert "住院" in bad.content.decode()
        typed |= {"id_number": draft.applicant.id_number.lower(), "until": f"{line.closes_on + DAY:%Y-%m-%d}"}
        answer = reviewer.post(url("extension-new"), typed)
        assert answer.status_code == 302, answer.content.decode()
        page = answer["Location"]
        shown = approver.get(page).content.decode()
        assert "住院" in shown
        assert draft.applicant.id_number not in shown
        act = f"{page}do/approve/"
        seen = approver.get(act)
        done = approver.post(
            act, {"seen_status": "proposed", "content_hash": seen.context["content_hash"], "confirm": ""}
        )
        assert done.status_code == 302, done.content.decode()
        own = as_user(draft.applicant.user).get(page)
        assert own.status_code == 200
    assert closing_day(Declaration.objects.get(pk=draft.pk)) == line.closes_on + DAY


def test_a_list_reads_the_extensions_of_many_in_one_query(
    world: World, draft: Declaration, django_assert_num_queries: Any
) -> None:
    city, cycle = world
    other = a_draft(city, cycle, 2, line=draft.line)
    extend(city, draft.line, draft.line.closes_on + DAY, person=other.applicant)
    rows = list(Declaration.objects.filter(line=draft.line).select_related("line").order_by("pk"))
    with django_assert_num_queries(1):
        days = {row.pk: closing_day(row) for row in prepare(rows)}
    assert days == {draft.pk: draft.line.closes_on, other.pk: draft.line.closes_on + DAY}


def test_a_new_draft_can_be_started_inside_an_own_extension(world: World) -> None:
    city, cycle = world
    line = cycle.line("forestry")
    scope, unit = declare._fitting(city, line)[0]
    user = city.applicant("late")
    city.employ(user, unit)
    until = line.closes_on + 3 * DAY
    title = scope.series.titles.filter(level=line.level).first()
    asked = {"title": title, "subfield": scope.subfield, "unit": unit}
    with clock.travel(until), pytest.raises(Blocked):
        drafts.start(user, **asked)
    extend(city, line, until, person=user.person)
    with clock.travel(until):
        assert drafts.start(user, **asked).line == line


# -- the server's clock ------------------------------------------------------------------------------------------------


def test_the_list_does_not_ask_for_what_can_no_longer_be_done(mine: Client, draft: Declaration) -> None:
    asked = "请填写各部分，签署后提交"
    assert asked in mine.get(url("my-list")).content.decode()
    with clock.travel(draft.line.closes_on + DAY):
        page = mine.get(url("my-list")).content.decode()
    assert asked not in page
    assert f"这份草稿没有提交，申报已于 {draft.line.closes_on:%Y-%m-%d}" in page


def test_nobody_without_a_declaration_is_told_the_latest_closing_day_alone(world: World) -> None:
    """One line closes later for everybody after an outage; all others close when they did."""
    city, cycle = world
    mine = as_user(city.applicant(21))
    line = cycle.line("forestry")
    with clock.travel(clock.at(line.closes_on - DAY, 10)):
        page = mine.get(url("my-list")).content.decode()
        assert f'申报截止 <time datetime="{line.closes_on:%Y-%m-%d}' in page
    outage, later = an_outage(city, line), line.closes_on + dt.timedelta(days=3)
    with clock.travel(clock.at(line.closes_on, 10)):
        extend(city, line, later, outage=outage)
        page = mine.get(url("my-list")).content.decode()
    said = page.partition("截止日不同，最早的是")[2]
    assert said.index(f"{line.closes_on:%Y-%m-%d}") < said.index(f"最晚的是 {later:%Y-%m-%d}。")


def test_every_page_shows_the_servers_time(world: World, mine: Client) -> None:
    with clock.travel(dt.datetime(2026, 5, 6, 15, 59, 30, tzinfo=dt.UTC)):
        for client, path in ((mine, url("my-list")), (Client(), "/"), (Client(), url("receipt-check"))):
            answer = client.get(path)
            assert "2026-05-06 23:59" in answer.content.decode()
            assert answer["Server-Timing"] == f"clock;dur={clock.now().timestamp() * 1000:.0f}"
    with clock.travel(dt.datetime(2026, 5, 6, 16, 0, tzinfo=dt.UTC)):
        assert "2026-05-07 00:00" in Client().get("/").content.decode()
        answer = Client().get("/clock/")
        assert (answer.status_code, answer["Cache-Control"]) == (204, "no-store")
