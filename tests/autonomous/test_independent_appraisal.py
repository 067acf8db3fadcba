"""Independent appraisal (notice II): delegation, plan by 31 October, consent first, log, results by 31 March."""

import datetime as dt
import io
import re
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, transaction
from django.urls import reverse

from applications.models import Sanction
from appraisal_portal.accounts.models import Message
from appraisal_portal.home.story import autonomy as story
from appraisal_portal.home.story import certify
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.files import UploadRefused
from appraisal_portal.kernel.workflow import Act, Blocked, NotAllowed
from certificates.models import Certificate, IssueItem
from certificates.services import filed
from committees.autonomous import rules, services
from committees.autonomous.models import AutonomousPlan, Delegation, FiledBatch, ProcessEntry
from committees.autonomous.workflow import AUTONOMOUS_PLAN, DELEGATION, FILED_BATCH
from tests.autonomous.university import CONSENTED, LECTURER, OPENED, RESULT, a_university
from tests.stage import begins_with

Kind = Delegation.Kind
ACT = Act(None, AUTONOMOUS_PLAN.transitions["submit"], at=clock.at(RESULT, 10))

pytestmark = [pytest.mark.django_db, begins_with(a_university)]


def faults(plan, rows):
    return [(fault.row, fault.column, fault.words) for fault in services.read_list(plan, story.workbook(rows)).faults]


@pytest.mark.notice("II.4.a")
def test_notice_ii_4_the_days_of_universities_come_from_the_notice(world):
    _city, plan, _people = world
    assert (plan.due_on, plan.result_due_on) == (dt.date(2026, 10, 31), dt.date(2027, 3, 31))
    assert rules.days_of(Kind.HOSPITAL, 2026) is None
    other = AutonomousPlan(
        delegation=plan.delegation, year=2027, due_on=dt.date(2027, 11, 1), result_due_on=dt.date(2028, 3, 31)
    )
    [problem] = rules.days_by_the_notice(other, None)
    assert "2027-10-31" in str(problem)
    other.result_due_on = other.due_on
    assert len(list(rules.days_by_the_notice(other, None))) == 2


@pytest.mark.notice("II.4.c")
def test_results_are_filed_and_taken_on_record_by_two(world):
    _city, plan, people = world
    story.log(plan)
    batch = story.file(story.enter(plan, people[:2], LECTURER))
    assert batch.filed_on == RESULT
    story.accept(batch)
    assert (batch.status, batch.rows.count(), batch.number) == ("accepted", 2, "丽人社备〔2026〕1号")
    certify.deliver("message")
    heads = holder("unit_head", plan.delegation.unit)
    assert Message.objects.filter(user=heads, subject__contains="已备案").exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        FiledBatch.objects.filter(pk=batch.pk).update(decided_by=batch.proposed_by)


def test_the_structure_the_authority_entered_binds_plan_and_results(world):
    """The plan's own inventory says 25 of 30 posts are taken; the approved structure has since been cut down to one."""
    _city, plan, people = world
    story.log(plan)
    row = plan.delegation.unit.post_structures.get(level="intermediate")
    row.approved, row.used = 19, 18
    row.save()
    [fault] = faults(plan, story.passed(people[:2], LECTURER))
    assert fault[2] == f"中级岗位：{row.document}核准 19 个岗位，已聘 18 个；2 人超出。"
    batch = story.enter(plan, people[:1], LECTURER)
    row.used = 19
    row.save()
    with pytest.raises(Blocked, match="核准 19 个岗位，已聘 19 个；1 人超出"):
        story.file(batch)
    assert any("核准 19 个岗位" in str(problem) for problem in rules.plan_complete(plan, ACT))


def test_everybody_on_record_gets_an_e_certificate(world, client):
    _city, plan, people = world
    story.log(plan)
    batch = story.accept(story.file(story.enter(plan, people[:2], LECTURER)))
    assert certify.deliver("certificates.filed") == 1
    filed.order(batch.pk)
    certify.deliver("certificates.issue")
    found = Certificate.objects.filter(filed_row__batch=batch).order_by("pk")
    assert [row.person for row in found] == people[:2]
    first = found[0]
    printed = first.current.snapshot
    unit = plan.delegation.unit
    assert [printed[key] for key in ("committee", "document_number", "acquired_by")] == [
        unit.name, batch.number, "自主评聘单位"
    ]  # fmt: skip
    assert (first.source, first.qualified_on, first.number[11]) == ("filed", RESULT, "7")
    client.force_login(people[0].user)
    page = client.get(first.get_absolute_url()).content.decode()
    assert unit.name in page
    assert client.get(reverse("certificates:certificate-photo", args=[first.pk]))["Content-Type"] == "image/jpeg"
    client.force_login(holder("bureau_reviewer"))
    assert batch.number in client.get(reverse("certificates:filed-list")).content.decode()


def test_what_could_not_be_made_is_named_and_tried_again(world, client):
    _city, plan, people = world
    story.log(plan)
    batch = story.accept(story.file(story.enter(plan, people[:1], LECTURER)))
    batch.rows.update(specialty="\U00020000")
    certify.deliver("certificates.filed")
    certify.deliver("certificates.issue")
    assert IssueItem.objects.get(filed_row__batch=batch).status == "failed"
    client.force_login(holder("bureau_reviewer"))
    page = client.get(reverse("certificates:filed-list")).content.decode()
    retry = reverse("certificates:filed-retry", args=[batch.pk])
    assert people[0].name in page
    assert retry in page
    batch.rows.update(specialty="数学")
    assert client.post(retry).status_code == 302
    certify.deliver("certificates.issue")
    assert Certificate.objects.get(filed_row__batch=batch).status == "valid"


def test_every_row_that_is_wrong_is_named_at_once(world):
    city, plan, people = world
    stranger = city.employ(city.applicant(9), city.unit(3)).person
    banned = people[1]
    Sanction.objects.create(person=banned, review_year=2025, from_year=2026, to_year=2028, status="in_force")
    rows = [
        *story.passed([stranger], LECTURER),
        *story.passed([people[0]], "教授"),
        *story.passed([people[0]], LECTURER, CONSENTED - dt.timedelta(days=1)),
        *story.passed([banned], LECTURER),
        ["无名氏", "331100199001011237", LECTURER, "数学", "2026-12-01"],
        ["别的名字", people[2].id_number, "工程师", "数学", "2027-01-01"],
    ]
    found = faults(plan, rows)
    said = {(row, column): words for row, column, words in found}
    assert "只能评聘本单位人员" in said[2, "B"]
    assert "教授不在委托范围" in said[3, "C"]
    assert "早于" in said[4, "E"]
    assert any(row == 4 and "前面已有" in words for row, _column, words in found)
    assert "处于禁止申报期" in said[5, "B"]
    assert "没有" in said[6, "B"]
    assert {column for row, column, _words in found if row == 7} >= {"A", "C"}
    assert services.read_list(plan, story.workbook(rows)).rows == []
    assert FiledBatch.objects.count() == 0


def test_a_list_is_judged_in_as_many_queries_however_long_it_is(world, django_assert_num_queries):
    _city, plan, people = world
    story.log(plan)
    batch = story.enter(plan, people[:1], LECTURER)
    act = Act(holder("bureau_reviewer"), FILED_BATCH.transitions["propose"])

    def judged():
        fresh = FiledBatch.objects.select_related("plan__delegation__unit", "plan__delegation__series").get()
        with django_assert_num_queries(8):
            list(rules.rows_hold(fresh, act))

    judged()
    first = batch.rows.get()
    for seq, person in enumerate(people[1:], 2):
        batch.rows.create(seq=seq, person=person, title=first.title, specialty="数学", passed_on=RESULT,
                          photo=first.photo)  # fmt: skip
    judged()


def test_photographs_that_unpack_to_too_much_are_refused_before_they_fill_the_memory(settings):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for place in range(4):
            package.writestr(f"33110019900101{place:04d}.jpg", bytes(1024**2))
    settings.PORTAL_PHOTO_ZIP_BYTES = 3 * 1024**2
    with pytest.raises(UploadRefused, match="合计过大：最多 3 MB"):
        services.read_photos(packed)
    settings.PORTAL_PHOTO_ZIP_BYTES = 4 * 1024**2
    assert len(services.read_photos(packed)) == 4


def test_posts_exceeded_and_filed_twice_are_refused(world):
    _city, plan, people = world
    [(row, _column, words)] = faults(plan, story.passed(people, LECTURER))
    assert row == 4
    assert "方案拟聘 2 个" in words
    story.log(plan)
    story.file(story.enter(plan, people[:1], LECTURER))
    found = faults(plan, story.passed(people[:1], LECTURER))
    assert any("已备案" in words for _row, _column, words in found)
    found = faults(plan, story.passed(people[1:], LECTURER))
    assert any("方案拟聘 2 个" in words for _row, _column, words in found)


def test_nothing_before_the_consent(world):
    _city, plan, people = world
    draft = story.open_plan(story.delegate(plan.delegation.unit, kind="institute", series="自然科学研究"))
    with pytest.raises(Blocked, match="尚未同意"):
        story.log(draft)
    batch = FiledBatch(plan=draft)
    for rule in (rules.plan_consented, rules.log_kept, rules.somebody_passed):
        assert any(rule(batch, None)) if rule is rules.plan_consented else True
    with pytest.raises(ValueError, match="同意"):
        story.enter(draft, people[:1], "助理研究员")
    with pytest.raises(Blocked, match="开始"):
        services.log(
            plan, user=holder("unit_clerk", plan.delegation.unit), held_on=CONSENTED - dt.timedelta(days=1), what="评议"
        )


@pytest.mark.notice("II.4.b")
def test_log_kept_somebody_passed_rows_hold(world):
    _city, plan, people = world
    batch = story.enter(plan, people[:1], LECTURER)
    act = Act(None, FILED_BATCH.transitions["file"], at=clock.now())
    assert [str(problem) for problem in rules.log_kept(batch, act)]
    story.log(plan)
    for rule in (rules.plan_consented, rules.log_kept, rules.somebody_passed, rules.rows_hold):
        assert list(rule(batch, act)) == []
    people[0].employments.update(status="ended", ends_on=RESULT)
    assert people[0].name in str(next(rules.rows_hold(batch, act)))
    batch.rows.all().delete()
    assert any(rules.somebody_passed(batch, act))


def test_the_log_stays_as_it_was_written(world):
    _city, plan, _people = world
    story.log(plan)
    with pytest.raises(DatabaseError), transaction.atomic():
        ProcessEntry.objects.update(what="改写")


@pytest.mark.notice("II.1.a")
@pytest.mark.notice("II.1.b")
@pytest.mark.notice("II.2.a")
@pytest.mark.notice("II.2.b")
@pytest.mark.parametrize(("kind", "series"), [("hospital", "卫生技术"), ("institute", "自然科学研究")])
def test_hospitals_and_institutes_file_posts_and_standard_by_days_of_their_own(world, kind, series):
    city, _plan, _people = world
    plan = story.open_plan(story.delegate(city.unit(2), kind=kind, series=series))
    assert (plan.due_on, plan.result_due_on) == (dt.date(2027, 1, 20), dt.date(2027, 6, 19))
    plan = story.consent(story.submit(story.fill(plan)))
    assert (plan.status, plan.consented_on) == ("consented", RESULT)
    assert [(post.level, post.wanted) for post in plan.posts.all()] == [("junior", 2), ("intermediate", 2)]
    assert plan.standard.original_name == "paper.pdf"


def test_what_is_missing_in_a_plan_is_said_at_once(world):
    _city, plan, _people = world
    draft = story.open_plan(story.delegate(plan.delegation.unit, kind="institute", series="自然科学研究"))
    found = AUTONOMOUS_PLAN.problems(draft, "submit", actor=holder("unit_head", draft.delegation.unit))
    assert {problem.field for problem in found} == {"procedure", "standard", "wanted"}
    services.keep_plan(
        draft, user=holder("unit_clerk", draft.delegation.unit), procedure="评议", posts={"junior": (3, 3, 1)},
        standard=story.pdf("标准"),
    )  # fmt: skip
    draft.refresh_from_db()
    [problem] = rules.plan_complete(draft, ACT)
    assert "核定 3 个，已聘 3 个" in str(problem)
    with pytest.raises(NotAllowed):
        AUTONOMOUS_PLAN.fire(draft, "submit", actor=holder("unit_clerk", draft.delegation.unit))


@pytest.mark.notice("II.5.a")
@pytest.mark.notice("II.5.b")
def test_schools_decide_about_junior_titles_and_a_county_delegates_to_its_schools_only(world):
    city, plan, _people = world
    county = next(unit for unit in city.units if unit.forwarder_id and unit.forwarder.kind == "county_bureau")
    row = Delegation(
        unit=plan.delegation.unit, kind=Kind.SCHOOL, authority=county.forwarder, series=plan.delegation.series,
        levels=["assistant", "intermediate"], document="教〔2026〕1号", starts_on=RESULT,
    )  # fmt: skip
    assert "初级" in str(next(rules.levels_for_the_kind(row, None)))
    assert {problem.field for problem in rules.of_this_authority(row, None)} == {"unit"}
    row.kind = Kind.HOSPITAL
    assert {problem.field for problem in rules.of_this_authority(row, None)} == {"kind", "unit"}
    row.levels = []
    assert any(rules.levels_for_the_kind(row, None))
    forwarder = holder("forwarder", county.forwarder)
    mine = Delegation(unit=county, kind=Kind.SCHOOL, series=plan.delegation.series, levels=["assistant"],
                      document="教〔2026〕1号", starts_on=RESULT)  # fmt: skip
    services.keep_delegation(mine, user=forwarder)
    DELEGATION.fire(mine, "propose", actor=forwarder, content_hash=mine.content_hash())
    with pytest.raises(NotAllowed):
        DELEGATION.fire(mine, "approve", actor=forwarder, content_hash=mine.content_hash())
    with pytest.raises(IntegrityError), transaction.atomic():
        Delegation.objects.filter(pk=mine.pk).update(levels=["senior"])


def test_one_delegation_of_a_series_at_a_time(world):
    _city, plan, _people = world
    with pytest.raises(Blocked, match="31号"):
        story.delegate(plan.delegation.unit)
    later = Delegation(unit=plan.delegation.unit, series=plan.delegation.series, starts_on=RESULT)
    assert [problem.text for problem in rules.no_other_in_force(later, None)]
    later.starts_on, later.ends_on = OPENED - dt.timedelta(days=9), OPENED - dt.timedelta(days=1)
    assert list(rules.no_other_in_force(later, None)) == []
    twin = Delegation(
        unit=plan.delegation.unit, kind=Kind.UNIVERSITY, authority=plan.delegation.authority,
        series=plan.delegation.series, levels=["assistant"], document="x", starts_on=RESULT, status="in_force",
        prepared_by=plan.delegation.prepared_by,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save()
    DELEGATION.fire(plan.delegation, "end", actor=holder("bureau_approver"), reason="试点结束")
    assert any(rules.delegation_in_force(AutonomousPlan.objects.get(pk=plan.pk), Act(None, None, at=clock.now())))


def test_the_pages_from_the_delegation_to_the_filed_list(world, client):
    city, plan, people = world
    unit = city.unit(1)
    client.force_login(holder("bureau_reviewer"))
    new = reverse("autonomous:delegation-new")
    typed = {"unit": unit.pk, "kind": "school", "series": plan.delegation.series_id, "document": "丽人社〔2026〕40号",
             "starts_on": "2026-12-21", "levels": ["senior"]}  # fmt: skip
    refused = client.post(new, typed)
    assert refused.status_code == 422
    assert "丽人社〔2026〕40号" in refused.content.decode()
    answer = client.post(new, {**typed, "levels": ["assistant"]})
    assert answer.url == Delegation.objects.get(unit=unit).get_absolute_url()
    assert unit.name in client.get(reverse("autonomous:delegation-list")).content.decode()
    client.force_login(holder("unit_clerk", plan.delegation.unit))
    log = reverse("autonomous:plan-log", args=[plan.pk])
    assert client.post(log, {"held_on": "2026-12-22", "what": "评议"}).status_code == 422
    assert client.post(log, {"held_on": "2026-12-21", "what": "学校评委会评审"}).status_code == 302
    assert "学校评委会评审" in client.get(plan.get_absolute_url()).content.decode()
    results = reverse("autonomous:batch-new", args=[plan.pk])
    wrong = sheet(story.workbook(story.passed(people, LECTURER)))
    large = SimpleUploadedFile("照片.zip", b"\0" * 11_000_000 + story.package(people).read())  # more than an attachment
    page = client.post(results, {"workbook": wrong, "photos": large, "summary": story.pdf("总结")})
    assert page.status_code == 422
    assert "方案拟聘 2 个" in page.content.decode()
    kept = dict(re.findall(r'name="(\w+-kept)" value="([^"]+)"[^>]* checked', page.content.decode()))
    assert set(kept) == {"photos-kept", "summary-kept"}  # only the list is sent again
    right = sheet(story.workbook(story.passed(people[:2], LECTURER)))
    few = {"workbook": right, "photos": story.package(people[:1]), "summary": story.pdf("总结")}
    page = client.post(results, few)
    assert "没有以此号码命名的照片" in page.content.decode()
    right.seek(0)
    assert client.post(results, {"workbook": right, **kept}).status_code == 302
    batch = FiledBatch.objects.get()
    shown = client.get(batch.get_absolute_url()).content.decode()
    assert people[0].name in shown
    assert people[0].id_number not in shown
    assert client.get(reverse("autonomous:batch-empty", args=[plan.pk])).content[:2] == b"PK"
    client.force_login(holder("unit_clerk", unit))
    assert client.get(batch.get_absolute_url()).status_code == 404


def test_what_is_wrong_with_a_filed_list_is_said_person_by_person(world, client):
    _city, plan, people = world
    story.log(plan)
    batch = story.file(story.enter(plan, people[:2], LECTURER))
    client.force_login(holder("bureau_reviewer"))
    back = reverse("autonomous:batch-do", args=[batch.pk, "send_back"])
    assert f"名单第 2 号 · {people[1].name}" in client.get(back).content.decode()
    assert client.post(back, {"seen_status": "filed"}).status_code == 422
    wrong = {"item-summary": "缺盖章", f"item-{batch.rows.get(seq=2).pk}": "照片不清晰", "seen_status": "filed"}
    assert client.post(back, wrong).status_code == 302
    assert batch.records.latest("pk").reason == "工作总结：缺盖章\n名单第 2 号：照片不清晰"
    batch.refresh_from_db()
    assert batch.status == "returned"


def sheet(data):
    return SimpleUploadedFile("list.xlsx", data)
