"""What a standard asks: the reader, the faults of questions and answers, the office's pages, what the bureau reads."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from appraisal_portal.home.story.standards import ENTERPRISE_EVIDENCE, ENTERPRISE_QUESTIONS, ENTERPRISE_SHEET
from appraisal_portal.kernel import clock
from committees.plans import asked as asking
from committees.plans import scoring, services
from committees.plans.models import StandardVersion
from committees.plans.questions import Choice, Kind, Question, question_of
from committees.plans.views import showing
from committees.plans.workflow import STANDARD_VERSION
from tests.factories.plans import days


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


# -- the reader --------------------------------------------------------------------------------------------------------


def test_older_rows_stay_readable():
    asked = asking.read(
        [{"years_in_title": 5}, {"code": "c1", "text": "旧问题", "hint": "说明"}, {"text": "没有代号"}],
        [{"code": "diploma", "text": "学历", "required": True}],
    )
    assert asked.years_in_title == 5
    assert [(q.code, q.kind, q.required, q.hint) for q in asked.questions] == [("c1", Kind.LONG, True, "说明")]
    assert [(e.code, e.required, e.files, e.question) for e in asked.evidence] == [("diploma", True, 1, "")]
    sheet = scoring.read(
        [{"code": "paper", "text": "论文", "max": "6", "each": "2"}, {"code": "b", "text": "其他", "max": 4}]
    )
    assert [(g.text, g.maximum, len(g.rows)) for g in sheet.groups] == [("指标", "10", 2)]
    assert sheet.total({"paper": "2", "b": "9"}) == Decimal(8)
    assert not scoring.read([])


def test_what_is_written_is_read_again():
    asked = asking.read(ENTERPRISE_QUESTIONS, ENTERPRISE_EVIDENCE)
    again = asking.read([q.stored() for q in asked.questions], [e.stored() for e in asked.evidence])
    assert again == asked
    sheet = scoring.read(ENTERPRISE_SHEET)
    assert scoring.read([group.stored() for group in sheet.groups]) == sheet
    assert {q.kind for q in asked.questions} == set(Kind.values)


def test_how_an_indicator_counts_is_said_without_chinese_in_english():
    row = scoring.read(ENTERPRISE_SHEET).groups[0].rows[0]
    assert row.counted_words == "每项 10 分，最高 30 分"
    with translation.override("en"):
        assert row.counted_words == "10 points each, at most 30"


def question(kind: str, **more: Any) -> Question:
    return question_of({"code": "q", "text": "问", "kind": kind, **more})


LIST = [{"text": "甲"}, {"text": "乙"}, {"text": "丙"}]


@pytest.mark.parametrize(
    ("asked", "value", "said"),
    [
        (question("text", max="3"), "四个字的", "最多写 3 字，现有 4 字"),
        (question("text", max="3"), "三个字", ""),
        (question("text"), " ", "问"),
        (question("text", required=False), "", ""),
        (question("long", min="3"), "两字", "至少写 3 字"),
        (question("integer", min="0", max="9"), "10", "不得大于 9"),
        (question("integer", min="0", max="9"), "-1", "不得小于 0"),
        (question("integer", min="0", max="9"), "9", ""),
        (question("integer"), "1.5", "无效"),
        (question("decimal", min="0.5"), "0.4", "不得小于 0.5"),
        (question("decimal"), "NaN", "无效"),
        (question("date", min="2020-01-01", max="2020-12-31"), "2021-01-01", "不得晚于 2020-12-31"),
        (question("date", min="2020-01-01"), "2019-12-31", "不得早于 2020-01-01"),
        (question("date"), "2021-02-30", "无效"),
        (question("yes_no"), False, ""),
        (question("yes_no"), "yes", "无效"),
        (question("choice", choices=LIST), "丁", "无效"),
        (question("choice", choices=LIST), "乙", ""),
        (question("choices", choices=LIST, min="2"), ["甲"], "至少选 2 项"),
        (question("choices", choices=LIST, max="2"), ["甲", "乙", "丙"], "最多选 2 项"),
        (question("choices", choices=LIST), [], "问"),
        (question("table", columns=["A", "B"], max="1"), [["1", "2"], ["3", "4"]], "最多填写 1 行"),
        (question("table", columns=["A", "B"]), [["1", ""]], "第 1 行没有填完整"),
        (question("table", columns=["A", "B"]), [["1"]], "无效"),
        (question("table", columns=["A", "B"]), [["1", "2"]], ""),
    ],
)  # fmt: skip
def test_every_fault_of_an_answer_is_said(asked, value, said):
    found = list(asked.faults(value))
    assert bool(found) == bool(said)
    assert not said or said in found[0]


@pytest.mark.parametrize(
    ("row", "fields"),
    [
        ({"code": "Q-1", "text": "", "kind": "text"}, {"code", "text"}),
        ({"code": "way", "text": "问", "kind": "text"}, {"code"}),
        ({"code": "q", "text": "问", "kind": "choice"}, {"choices"}),
        ({"code": "q", "text": "问", "kind": "choices", "choices": ["甲", "甲"]}, {"choices"}),
        ({"code": "q", "text": "问", "kind": "choices", "choices": ["甲", "乙"], "min": "3"}, {"minimum"}),
        ({"code": "q", "text": "问", "kind": "table"}, {"columns"}),
        ({"code": "q", "text": "问", "kind": "text", "choices": ["甲"], "columns": ["A"]}, {"choices", "columns"}),
        ({"code": "q", "text": "问", "kind": "integer", "min": "9", "max": "1"}, {"minimum"}),
        ({"code": "q", "text": "问", "kind": "integer", "min": "1.5", "max": "x"}, {"minimum", "maximum"}),
        ({"code": "q", "text": "问", "kind": "date", "min": "昨天"}, {"minimum"}),
        ({"code": "q", "text": "问", "kind": "yes_no", "max": "1", "unit": "项"}, {"minimum", "unit"}),
        ({"code": "q", "text": "问", "kind": "long", "max": "99999"}, {"maximum"}),
        ({"code": "q", "text": "问", "kind": "other"}, {"kind"}),
        ({"code": "q", "text": "问", "kind": "decimal", "min": "0.5", "max": "9", "unit": "万元"}, set()),
    ],
)  # fmt: skip
def test_every_fault_of_a_question_is_said(row, fields):
    assert {field for field, _words in question_of(row).own_faults()} == fields


def test_evidence_is_asked_for_with_the_answer_it_proves():
    asked = asking.read(ENTERPRISE_QUESTIONS, ENTERPRISE_EVIDENCE)
    grant, benefit = asked.proving("patent")[0], asked.proving("benefit")[0]
    assert [grant.demanded({"patent": value}) for value in (True, False, "")] == [True, False, False]
    assert [benefit.demanded({"benefit": value}) for value in ("0", "")] == [True, False]
    assert "是" in grant.when_words(asked.by_code)
    stray = asking.Evidence("e", "证", True, question="nothing", answer="甲", files=0)
    assert {field for field, _words in stray.own_faults(asked.by_code)} == {"question", "answer", "files"}
    several = Question("q", "问", "choices", choices=(Choice("甲"), Choice("乙")))
    proof = asking.Evidence("e", "证", True, question="q", answer="乙")
    assert [proof.demanded({"q": value}) for value in (["甲"], ["甲", "乙"])] == [False, True]
    assert list(proof.own_faults({"q": several})) == []


def test_points_are_decimals_capped_by_line_and_group():
    sheet = scoring.read(ENTERPRISE_SHEET)
    entries = {"lead": "5", "award": "1", "effect": "99", "paper": "3", "standard": "1", "training": ""}
    lead, award, effect, paper, *_rest = sheet.rows
    assert lead.points("5") == 30
    assert (award.points("1"), award.points("0")) == (15, 0)
    assert effect.points("99") == 15
    assert paper.points("3") == Decimal("7.5")
    assert sheet.total(entries) == Decimal("72.5")
    tight = scoring.Group("g", "类", "10", (scoring.Row("a", "甲", "8", "0.1"), scoring.Row("b", "乙", "8", "0.1")))
    assert tight.points({"a": "3", "b": "3"}) == Decimal("0.6")  # 0.1 + 0.2 as people count, not as floats do
    assert tight.points({"a": "80", "b": "80"}) == 10
    assert list(scoring.Sheet((tight,)).sum_faults()) == ["“类”：各指标满分合计 16 分，与类别分值 10 分不一致。"]
    assert [list(paper.faults(value)) != [] for value in ("1.5", "-1", "甲", "2", "")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert list(effect.faults("15.5"))


@pytest.mark.parametrize(
    ("marked", "said"),
    [
        ([("业绩", 60, True), ("学术", 25, False), ("能力", 15, False)], []),
        ([("业绩", 60, False), ("学术", 40, False)], ["请标明哪一类是“业绩”类，该类分值应高于其他各类。"]),
        ([("业绩", 40, True), ("学术", 40, False)], ["“业绩”为业绩类，其分值 40 分应高于“学术”。"]),
        (
            [("业绩", 20, True), ("学术", 40, False), ("能力", 30, False)],
            ["“业绩”为业绩类，其分值 20 分应高于“学术”、“能力”。"],
        ),
        ([("业绩", 60, True), ("成果", 50, True)], ["只能标明一个业绩类，现标明了“业绩”、“成果”。"]),
    ],
    ids=["the most", "not marked", "a tie is not the main weight", "less", "two marked"],
)
@pytest.mark.notice("IV.2.d")
def test_performance_is_the_main_weight_of_the_sheet(marked, said):
    groups = tuple(
        scoring.Group(f"g{n}", text, str(most), (scoring.Row(f"r{n}", "项", str(most), "1"),), performance=main)
        for n, (text, most, main) in enumerate(marked)
    )
    assert list(scoring.Sheet(groups).main_faults()) == said
    assert list(scoring.Sheet().main_faults()) == []
    assert scoring.read([group.stored() for group in groups]).groups[0].performance is marked[0][2]


# -- the office's pages ------------------------------------------------------------------------------------------------


@pytest.fixture
def version(forestry) -> StandardVersion:
    _city, cycle = forestry
    return services.draft_version(
        cycle.committee("109"), cycle.series(), "intermediate", effective_from=clock.today() + days(90)
    )


@pytest.fixture
def clerk(forestry) -> Client:
    client = Client()
    client.force_login(forestry[0].user("office_clerk", "forestry"))
    return client


def asks(version: StandardVersion, part: str) -> str:
    return reverse("plans:version-asks", args=[version.pk, part])


def posted(page: Any, **changes: str) -> dict[str, str]:
    """The page as a browser without script would post it, then ``changes``."""
    found = {"seen": page.context["seen"]}
    for _title, part in page.context["parts"]:
        if hasattr(part, "management_form"):
            own = part.management_form
            found |= {own.add_prefix(name): str(own[name].value()) for name in ("TOTAL_FORMS", "INITIAL_FORMS")}
        for form in part if hasattr(part, "management_form") else [part]:
            for bound in form:
                value = bound.field.prepare_value(bound.value())
                if value not in (None, False, ""):
                    found[bound.html_name] = "on" if value is True else str(value)
    return found | changes


def test_the_office_adds_changes_and_takes_out_questions(clerk, version):
    page = clerk.get(asks(version, "questions"))
    texts = [row["text"] for row in version.questions]
    new = {"questions-2-text": "主持项目数", "questions-2-kind": "integer", "questions-2-max": "9"}
    new |= {"questions-2-maximum": "9", "questions-2-unit": "项", "questions-2-ORDER": "1", "questions-1-ORDER": "2"}
    saved = clerk.post(
        asks(version, "questions"), posted(page, **new, **{"questions-0-DELETE": "on"}, years_in_title="5")
    )
    assert saved.status_code == 302
    version.refresh_from_db()
    assert version.asked.years_in_title == 5
    assert [(q.code, q.text, q.kind, q.maximum) for q in version.asked.questions] == [
        ("q1", "主持项目数", "integer", "9"),
        ("problem", texts[1], "long", ""),
    ]
    detail = clerk.get(version.get_absolute_url()).content.decode()
    for words in ("主持项目数（项）", "整数", "现任资格至少满 5 年"):
        assert words in detail


def test_every_fault_of_the_page_is_said_at_once_and_nothing_is_stored(clerk, version):
    page = clerk.get(asks(version, "questions"))
    wrong = {"questions-0-code": "problem", "questions-1-minimum": "9", "questions-1-maximum": "2"}
    wrong |= {"questions-2-text": "选择", "questions-2-kind": "choice", "questions-2-unit": "个"}
    answer = clerk.post(asks(version, "questions"), posted(page, **wrong))
    text = answer.content.decode()
    assert answer.status_code == 422
    for words in ("代号“problem”重复", "最小值大于最大值", "选择题至少要有两个答案", "只有数值才有单位"):
        assert words in text
    assert 'value="选择"' in text
    stored = StandardVersion.objects.get(pk=version.pk)
    assert stored.questions == version.questions


def test_evidence_names_the_answer_it_proves(clerk, version):
    version.questions = ENTERPRISE_QUESTIONS
    version.save()
    page = clerk.get(asks(version, "evidence"))
    place = len(version.evidence_required)
    new = {f"evidence-{place}-{name}": value for name, value in {
        "text": "专利证书", "required": "on", "question": "patent", "answer": "是", "files": "2"}.items()}  # fmt: skip
    wrong = clerk.post(asks(version, "evidence"), posted(page, **new | {f"evidence-{place}-answer": "也许"}))
    assert (wrong.status_code, "该问题没有这个答案" in wrong.content.decode()) == (422, True)
    assert clerk.post(asks(version, "evidence"), posted(page, **new)).status_code == 302
    version.refresh_from_db()
    added = version.asked.evidence[-1]
    assert (added.code, added.question, added.answer, added.files) == ("e1", "patent", "yes", 2)


def test_the_sheet_is_written_in_groups_and_must_add_up_before_it_is_submitted(clerk, version):
    page = clerk.get(asks(version, "scoring"))
    sheet = {"groups-0-text": "业绩", "groups-0-maximum": "20", "rows-0-group": "业绩", "rows-0-text": "论文"}
    sheet |= {"rows-0-each": "2.5", "rows-0-maximum": "10", "rows-0-unit": "篇"}
    stray = clerk.post(asks(version, "scoring"), posted(page, **sheet | {"rows-0-group": "别的", "rows-0-each": "0"}))
    text = stray.content.decode()
    assert stray.status_code == 422
    assert "上面没有这个名称的类别" in text
    assert "请填写每单位分值" in text
    assert clerk.post(asks(version, "scoring"), posted(page, **sheet, stay="1"))["Location"] == asks(version, "scoring")
    again = clerk.get(asks(version, "scoring"))
    assert "各指标满分合计 10 分，与类别分值 20 分不一致" in again.content.decode()
    assert "请标明哪一类是“业绩”类" in again.content.decode()
    version.refresh_from_db()
    assert [(g.code, [r.code for r in g.rows]) for g in version.sheet.groups] == [("g1", ["i1"])]
    renamed = posted(again, **{"groups-0-text": "业绩成果", "groups-0-performance": "on", "rows-0-unit": "部"})
    assert clerk.post(asks(version, "scoring"), renamed).status_code == 302
    version.refresh_from_db()
    [group] = version.sheet.groups
    assert (group.text, group.performance, [row.unit for row in group.rows]) == ("业绩成果", True, ["部"])
    folded = clerk.get(asks(version, "scoring")).content.decode()  # what counts is read without opening a row
    assert "<summary>业绩成果 · 20 分 · 业绩类</summary>" in folded
    assert "<summary>论文 · 业绩成果 · 10 分</summary>" in folded


def test_a_tab_opened_before_somebody_else_saved_writes_nothing(clerk, version):
    page = clerk.get(asks(version, "questions"))
    StandardVersion.objects.filter(pk=version.pk).update(questions=ENTERPRISE_QUESTIONS)
    answer = clerk.post(asks(version, "questions"), posted(page, **{"questions-0-text": "改"}))
    assert (answer.status_code, "其他人刚刚修改" in answer.content.decode()) == (409, True)
    assert StandardVersion.objects.get(pk=version.pk).questions == ENTERPRISE_QUESTIONS
    assert clerk.get(asks(version, "nothing")).status_code == 404


def test_what_is_submitted_cannot_be_changed(clerk, version):
    StandardVersion.objects.filter(pk=version.pk).update(status="submitted")
    for part in ("questions", "evidence", "scoring"):
        assert clerk.get(asks(version, part)).status_code == 403


# -- the bureau --------------------------------------------------------------------------------------------------------


def test_can_be_asked_names_every_fault_at_the_submission(forestry, version):
    city, _cycle = forestry
    director = city.user("committee_director", "forestry")
    version.questions = [{"code": "q", "text": "问", "kind": "choice"}, {"code": "q", "text": "再问", "kind": "text"}]
    version.evidence_required = [{"code": "e", "text": "证", "required": True, "question": "gone"}]
    version.self_scoring = [{"code": "g", "text": "类", "max": "5", "rows": []}]
    version.save()
    said = [str(problem) for problem in STANDARD_VERSION.problems(version, "submit", actor=director)]
    for words in ("选择题至少要有两个答案", "代号“q”重复", "没有代号为“gone”的问题", "“类”还没有指标"):
        assert any(words in each for each in said), said
    version.questions, version.evidence_required = ENTERPRISE_QUESTIONS, ENTERPRISE_EVIDENCE
    version.self_scoring = ENTERPRISE_SHEET
    version.save()
    assert STANDARD_VERSION.problems(version, "submit", actor=director) == []
    version.self_scoring = [{**group, "performance": False} for group in ENTERPRISE_SHEET]
    version.save()
    [unmarked] = STANDARD_VERSION.problems(version, "submit", actor=director)
    assert "请标明哪一类是“业绩”类" in str(unmarked)
    assert unmarked.field == "self_scoring"


def test_the_difference_to_the_version_before_is_readable(version):
    before = version.standard.versions.get(version=1)
    version.questions = [ENTERPRISE_QUESTIONS[3], *before.questions]
    version.self_scoring = ENTERPRISE_SHEET
    version.save()
    found = {row.path: (row.before, row.after) for row in showing.changes(version)["since_version"]}
    assert found["向申报人提出的问题 › “projects”"][0] is None
    assert "整数 · 项 · 0 – 99 · 必填" in found["向申报人提出的问题 › “projects”"][1]
    assert not any("problem" in path for path in found)  # it has moved, not changed
    assert found["量化自评表 › “业绩成果” › 满分"] == (None, "60")
    assert found["量化自评表 › “业绩成果” › 业绩类"] == (None, "是")
    assert "每项 10 分，最高 30 分" in found["量化自评表 › “业绩成果” › “lead”"][1]
