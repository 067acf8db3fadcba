"""The register at the browser: a committee's next term, its authority withdrawn and given back, titles and scopes that
change on a day; a visitor asks "where do I apply?" before and after.

Terms and authority are decided on pages. Titles and scopes are rows of the data files: whoever runs the portal loads
them, as ``manage.py load_register`` does.
"""

import datetime as dt
from pathlib import Path

import pytest

from appraisal_portal.home.story import claims, declare
from committees.plans.models import CommitteeTerm, Series, Subfield
from committees.plans.services import load_register
from committees.plans.services.register import FOLDER
from tests.certificates.test_pages import printed
from tests.journeys.conftest import World
from tests.journeys.steps.desk import Desk, words

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SEED = 21
REFORM = dt.date(2026, 4, 1)
RENAMED = "中级工程师"
NOTICE_SAYS = "依据：丽水市人力资源和社会保障局 2018 年职称评审工作通知 II(3)"
ASK = [
    "请咨询市人力社保局",
    "公开文件没有规定由哪个评委会评审，请向市人力社保局咨询。",
]


def answer(visitor: Desk, subfield: str, employer: str, level: str = "intermediate") -> list[str]:
    """What stands in the box of the answer, line by line."""
    field = Subfield.objects.get(name=subfield)
    visitor.open("/where/").fill(series=str(field.series_id), subfield=str(field.pk), level=level, employer=employer)
    lines = visitor.press("Show").main.locator("#answer").inner_text().splitlines()
    return [line.strip() for line in lines if line.strip()]


def options(desk: Desk, field: str) -> set[str]:
    """The names a list offers, without what follows them."""
    texts = desk.main.locator(f'select[name="{field}"] option').all_inner_texts()
    return {text.split("·")[0].strip() for text in texts}


def test_the_next_term_of_a_committee_is_drafted_by_its_office_and_decided_by_two(world: World) -> None:
    committee, jurors = world.cycle.committee("forestry"), world.city.users("juror", "forestry")
    running = world.cycle.term("forestry")
    assert running is not None
    clerk = world.desk("clerk", world.office())
    clerk.open("/office/terms/").follow("New term").fill(committee=str(committee.pk), chair=str(jurors[0].pk))
    clerk.fill(starts_on="2029-01-01", ends_on="2032-06-30", others=[str(juror.pk) for juror in jurors[:5]])
    clerk.press("Save", 422).seen("term-twice")
    summary = clerk.main.locator(".summary-err a")
    assert summary.all_inner_texts() == [f"重复选择：{jurors[0]}"]
    assert clerk.main.locator(f'{summary.get_attribute("href")}[name="others"]').count() == 1
    assert clerk.value("ends_on") == "2032-06-30"
    clerk.main.locator(f'[name="others"][value="{jurors[0].pk}"]').uncheck()
    clerk.press("Save")
    term = CommitteeTerm.objects.get(pk=clerk.number())
    director = world.desk("director", world.city.user("committee_director", "forestry"))
    director.open(term.get_absolute_url()).follow("Submit to the bureau").seen("term-refused")
    assert director.main.locator(".warn li").all_inner_texts() == [
        "请填写组建评委会的批准文件。",
        "评委会只有 5 名委员，至少需要 7 名。",
        "每届不超过 3 年，最迟到 2031-12-31（周三）止。",
        f"与“{running}”时间重叠。",
    ]
    clerk.follow("Change the draft").fill(starts_on="2029-03-02", ends_on="2032-03-01")
    clerk.fill(approval_document="丽人社〔2029〕3号", vice_chairs=[str(jurors[5].pk)])
    clerk.fill(others=[str(juror.pk) for juror in jurors[6:9]]).press("Save")
    director.open(term.get_absolute_url()).follow("Submit to the bureau").press("Submit to the bureau")
    reviewer = world.desk("reviewer", world.city.user("bureau_reviewer"))
    reviewer.open("/office/terms/?tab=work").go(committee.name).follow("Propose approval").press("Propose approval")
    approver = world.desk("approver", world.city.user("bureau_approver"))
    approver.open(term.get_absolute_url()).follow("Approve").seen("term-decide")
    approver.says("丽人社〔2029〕3号", *(juror.full_name for juror in jurors[:9])).press("Approve").seen("term")
    rows = approver.main.get_by_role("region", name=words("Members")).locator("tbody tr")
    assert rows.count() == 9
    assert rows.filter(has_text=jurors[5].full_name).locator("td").nth(1).inner_text() == "副主任委员"
    other = world.desk("other-office", world.city.user("office_clerk", "water"))
    other.open(term.get_absolute_url()).says(
        "2029-03-02", words("The names of the members are secret before the meeting.")
    )
    assert not any(juror.full_name in other.text() for juror in jurors)
    clerk.open(committee.get_absolute_url()).says("2026-03-02 – 2029-03-01", "2029-03-02 – 2032-03-01").seen(
        "committee"
    )
    assert committee.term_on(dt.date(2029, 3, 1)) == running
    assert committee.term_on(dt.date(2029, 3, 2)) == term
    assert not world.findings.found


def test_where_to_apply_while_a_committee_is_suspended_and_after(world: World) -> None:
    committee, visitor = world.cycle.committee("forestry"), world.desk("visitor")
    before = answer(visitor, "林业工程", "public_institution")
    assert before[0] == committee.name
    assert NOTICE_SAYS in before
    assert "现在可以申报：" in before
    reviewer = world.desk("reviewer", world.city.user("bureau_reviewer"))
    reviewer.open(committee.get_absolute_url()).says(
        "林业工程", words("said by the notice"), words("set by the bureau")
    )
    assert not reviewer.main.get_by_role("link", name=words("Suspend")).count()
    approver = world.desk("approver", world.city.user("bureau_approver"))
    approver.open("/office/committees/").seen("committees").go(committee.name).follow("Suspend").press("Suspend", 422)
    approver.says(words("Please give the reason.")).seen("suspend")
    field = approver.main.locator("#id_reason[aria-invalid][aria-describedby~=id_reason_error]")
    assert (field.count(), approver.main.locator("#id_reason_error").count()) == (1, 1)
    approver.fill(reason="评委会组成不合规定，整改期间停止评审。").press("Suspend")
    assert answer(visitor, "林业工程", "public_institution") == [*ASK, "该级别的职称：工程师 engineer"]
    visitor.seen("where-suspended")
    director = world.desk("director", world.city.user("committee_director", "forestry"))
    director.open(committee.get_absolute_url()).says("评委会组成不合规定，整改期间停止评审。", words("Suspended"))
    approver.follow("Restore").fill(reason="整改完成").press("Restore")
    assert answer(visitor, "林业工程", "public_institution") == before
    assert not world.findings.found


def test_what_no_document_says_is_never_cited_and_a_scope_holds_from_its_day(world: World, tmp_path: Path) -> None:
    visitor, enterprise = world.desk("visitor"), "丽水市企业工程技术人员中级职务任职资格评审委员会"
    by_bureau = answer(visitor, "林业工程", "social")
    assert "由市人力社保局确定。" in by_bureau
    said = answer(visitor, "机械工程", "enterprise")
    assert (said[0], NOTICE_SAYS in said) == (enterprise, True)
    silent = answer(visitor, "机械工程", "public_institution")
    assert silent == [*ASK, "该级别的职称：工程师 engineer"]
    visitor.seen("where-silent")
    decided_for_public_institutions(tmp_path)
    assert answer(visitor, "机械工程", "public_institution") == silent  # not before its day
    world.travel(REFORM)
    told = answer(visitor, "机械工程", "public_institution")
    assert (told[0], "由市人力社保局确定。" in told) == (enterprise, True)
    assert not any("依据" in line for line in (*by_bureau, *silent, *told))
    clerk = world.desk("clerk", world.city.user("office_clerk", "enterprise"))
    clerk.open("/office/committees/").go(enterprise).seen("scopes")
    rows = clerk.main.get_by_role("region", name=words("Scope")).locator("tbody tr", has_text="机械工程")
    kinds = {row.split("\t")[2]: row.split("\t")[4] for row in rows.all_inner_texts()}
    assert kinds == {"企业": "通知规定", "事业单位": "市人力社保局确定"}
    assert not world.findings.found


def test_a_title_reads_as_on_its_day_on_cases_papers_and_forms(world: World, tmp_path: Path) -> None:
    visitor = world.desk("visitor")
    for day, senior in ((dt.date(2019, 1, 31), "教授级高级工程师"), (dt.date(2019, 2, 1), "正高级工程师")):
        world.travel(day)
        silent = answer(visitor, "林业工程", "enterprise", "senior")
        assert silent[:2] == ASK
        assert silent[2].split()[0] == f"该级别的职称：{senior}"
        assert len(silent) == 3  # nothing is cited
    world.travel(REFORM - dt.timedelta(days=30))
    paper = claims.register(claims.enter_paper(world.city, SEED + 1, unit=world.unit))
    draft = declare.draft(world.city, world.cycle, SEED, unit=world.unit, line=world.cycle.line("forestry"))
    engineers_are_renamed(tmp_path)
    assert "该级别的职称：工程师 engineer" in answer(visitor, "林业工程", "public_institution")
    world.travel(REFORM)
    assert f"该级别的职称：{RENAMED} engineer" in answer(visitor, "林业工程", "public_institution")
    mine = world.desk("applicant", draft.applicant.user)
    mine.open("/my/")
    assert mine.main.locator("tbody td").filter(has_text="林业工程").first.inner_text().startswith("工程师")
    mine.open("/my/declarations/new/").seen("new-after-the-reform")
    assert RENAMED in (offered := options(mine, "title"))
    assert "工程师" not in offered
    mine.open("/my/claims/new/paper/").says(words("As it was called on 1 January 2018.")).seen("paper-after-the-reform")
    of_old = options(mine, "title")
    assert {"工程师", "教授级高级工程师"} <= of_old
    assert not {RENAMED, "正高级工程师"} & of_old
    token, _code = printed(paper.certificate)
    visitor.open(f"/c/{token}/").says(words("This certificate is valid"), paper.person.name)
    rows = visitor.main.locator("dl dd").all_inner_texts()
    assert "工程师" in rows
    assert RENAMED not in visitor.text()
    assert not world.findings.found


def decided_for_public_institutions(folder: Path) -> None:
    """The bureau has set who reviews the eight subfields of which the notice names enterprises only."""
    scopes = (FOLDER / "committees.toml").read_text(encoding="utf-8")
    more = f"""
[[scopes]]
committees = ["201"]
series = 5
level = "intermediate"
action = "review"
valid_from = {REFORM}
said_for = []
set_for = ["public_institution"]
"""
    _load(folder, (FOLDER / "register.toml").read_text(encoding="utf-8"), scopes + more, {"committeescope": 8}, {})


def engineers_are_renamed(folder: Path) -> None:
    """A reform: the title has another name from its day on."""
    register = (FOLDER / "register.toml").read_text(encoding="utf-8")
    row = '  ["intermediate", "工程师", "engineer"],\n'
    assert register.count(row) == 1
    last = REFORM - dt.timedelta(days=1)
    since = Series.objects.get(name="工程技术").valid_from
    two = (
        f'  ["intermediate", "工程师", "engineer", {since}, {last}],\n'
        f'  ["intermediate", "{RENAMED}", "engineer", {REFORM}],\n'
    )
    scopes = (FOLDER / "committees.toml").read_text(encoding="utf-8")
    _load(folder, register.replace(row, two), scopes, {"title": 1}, {"title": 1})


def _load(folder: Path, register: str, committees: str, made: dict[str, int], changed: dict[str, int]) -> None:
    (folder / "register.toml").write_text(register, encoding="utf-8")
    (folder / "committees.toml").write_text(committees, encoding="utf-8")
    loaded = load_register(folder)
    assert (loaded.made, loaded.changed) == (made, changed)
