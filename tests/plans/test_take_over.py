"""Last year's cycle taken over: drafts with moved days to be confirmed, each once, nothing decided by it."""

import datetime as dt
from typing import Any

from django.test import Client
from django.urls import reverse

from appraisal_portal.accounts.models import Membership
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import clock
from committees.plans.models import Committee, CommitteeTerm, Notice, PlanLine, ReviewPlan, StandardVersion
from committees.plans.rules.cycle import moved_day, overview
from committees.plans.services import save_line, take_over
from committees.plans.workflow import REVIEW_PLAN, STANDARD_VERSION

World = tuple[City, Cycle]


def browser(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def counts() -> dict[str, int]:
    kinds = (ReviewPlan, PlanLine, CommitteeTerm, StandardVersion, Notice)
    return {kind.__name__: kind.objects.count() for kind in kinds}


def test_the_29th_of_february_becomes_the_28th() -> None:
    assert moved_day(dt.date(2028, 2, 29), 1) == dt.date(2029, 2, 28)


def test_plan_and_standards_become_drafts_once(forestry: World) -> None:
    city, cycle = forestry
    year, before = cycle.year + 1, counts()
    office = cycle.committee("forestry").office_id
    assert take_over(year, bureau=True, office=None) == 1
    made = take_over(year, bureau=False, office=office)
    plan = ReviewPlan.objects.get(year=year)
    old = {(line.committee_id, line.level, line.channel): line for line in cycle.plan.lines.all()}
    assert len(old) == plan.lines.count() > 0
    for line in plan.lines.all():
        last = old[line.committee_id, line.level, line.channel]
        assert (line.opens_on, line.result_publicity_days) == (moved_day(last.opens_on, 1), last.result_publicity_days)
        assert line.dates_to_confirm
    drafts = StandardVersion.objects.filter(copied_from__isnull=False)
    assert drafts.count() == made - CommitteeTerm.objects.filter(copied_from__isnull=False).count() > 0
    for draft in drafts:
        assert (draft.status, draft.questions, draft.self_scoring) == (
            "draft", draft.copied_from.questions, draft.copied_from.self_scoring,
        )  # fmt: skip
    assert plan.status == "draft"
    after = counts()
    assert after["Notice"] == before["Notice"]
    assert take_over(year, bureau=True, office=None) == take_over(year, bureau=False, office=office) == 0
    assert counts() == after


def test_moved_days_stop_the_submission_until_they_are_confirmed(forestry: World) -> None:
    """``dates_confirmed``."""
    city, cycle = forestry
    take_over(cycle.year + 1, bureau=True, office=cycle.committee("forestry").office_id)
    plan = ReviewPlan.objects.get(year=cycle.year + 1)
    reviewer = city.user("bureau_reviewer")
    said = [str(p) for p in REVIEW_PLAN.problems(plan, "submit", actor=reviewer) if p.field == "dates"]
    assert len(said) == plan.lines.count()
    for line in plan.lines.select_related("plan"):
        save_line(line)
    assert not [p for p in REVIEW_PLAN.problems(plan, "submit", actor=reviewer) if p.field == "dates"]
    version = StandardVersion.objects.filter(copied_from__isnull=False).first()
    assert version is not None
    director = city.user("committee_director", "forestry")
    assert "顺延" in " ".join(str(p) for p in STANDARD_VERSION.problems(version, "submit", actor=director))
    page = browser(director)
    assert "日期待确认" in page.get(version.get_absolute_url()).content.decode()
    day = version.effective_from.isoformat()
    page.post(reverse("plans:version-edit", args=[version.pk]), {"effective_from": day, "summary": "按新标准"})
    version.refresh_from_db()
    assert (version.summary, version.dates_to_confirm) == ("按新标准", False)


def test_an_ended_term_lapses_and_its_seats_are_kept(forestry: World) -> None:
    city, cycle = forestry
    committee = cycle.committee("forestry")
    term = cycle.term("forestry")
    CommitteeTerm.objects.filter(pk=term.pk).update(ends_on=dt.date(cycle.year, 12, 31))
    seat = term.members.filter(office="member").first()
    Membership.objects.filter(user=seat.user, role="juror").update(ends_on=clock.today() - dt.timedelta(days=1))
    term.members.filter(office="member").update(specialty="森林培育")
    year = cycle.year + 1
    found = overview(year, bureau=False, office=committee.office_id)
    assert f"{cycle.year}-12-31" in found.lapsed[0].text
    take_over(year, bureau=False, office=committee.office_id)
    copy = CommitteeTerm.objects.get(copied_from=term)
    assert (copy.status, copy.starts_on, copy.approval_document) == ("draft", dt.date(year, 1, 1), "")
    assert copy.members.count() == term.members.count() - 1
    assert set(copy.members.filter(office="member").values_list("specialty", flat=True)) == {"森林培育"}
    page = browser(city.user("office_clerk", "forestry"))
    edit = page.get(reverse("plans:term-edit", args=[copy.pk]))
    chosen = edit.context["form"].initial
    data = {name: chosen[name] for name in ("chair", "vice_chairs", "others")}
    data |= {"committee": committee.pk, "starts_on": f"{year}-01-01", "ends_on": f"{year + 2}-12-31"}
    assert page.post(reverse("plans:term-edit", args=[copy.pk]), data).status_code == 302
    copy.refresh_from_db()
    assert not copy.dates_to_confirm
    assert set(copy.members.filter(office="member").values_list("specialty", flat=True)) == {"森林培育"}


def test_a_line_of_a_suspended_committee_is_left_out_and_named(forestry: World) -> None:
    _city, cycle = forestry
    Committee.objects.filter(pk=cycle.committee("forestry").pk).update(status="suspended")
    found = overview(cycle.year + 1, bureau=True, office=None)
    assert "已暂停" in found.lapsed[0].text
    take_over(cycle.year + 1, bureau=True, office=None)
    assert ReviewPlan.objects.get(year=cycle.year + 1).lines.count() == 0


def test_the_page_lists_and_each_role_copies_its_own(forestry: World) -> None:
    city, cycle = forestry
    url = f"{reverse('plans:cycle')}?year={cycle.year + 1}"
    bureau, office = browser(city.user("bureau_reviewer")), browser(city.user("office_clerk", "forestry"))
    supervisor = browser(city.user("supervisor"))
    assert supervisor.post(url).status_code == 405
    first = bureau.get(url).content.decode()
    assert "可以沿用" in first
    assert "请起草本年度评审通知" in first
    assert "已生成 1 份草稿" in bureau.post(url, follow=True).content.decode()
    assert ReviewPlan.objects.get(year=cycle.year + 1).copied_from == cycle.plan
    assert "日期待核对确认" in bureau.get(url).content.decode()
    assert f"{cycle.year + 1} 年评审计划" not in office.get(url).content.decode()
    office.post(url)
    assert "没有生成新的草稿" in office.post(url, follow=True).content.decode()
    assert bureau.get(f"{reverse('plans:cycle')}?year=1999").status_code == 404


def test_without_a_plan_of_last_year_there_is_nothing_to_take_over(forestry: World) -> None:
    _city, cycle = forestry
    found = overview(cycle.year - 3, bureau=True, office=None)
    assert "无可沿用" in found.anew[0].text
    assert take_over(cycle.year - 3, bureau=True, office=None) == 0
