"""The applicant's side of what a standard asks: questions of every kind, their evidence, the self-scoring sheet."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from applications.documents.declaration import blocks_of
from applications.forms.unit import CheckForm, SlipForm
from applications.models import Declaration
from applications.rules import standard
from applications.rules.comparison import compared
from applications.rules.corrections import Opening, changes
from applications.rules.form import attachments
from applications.rules.items import items_of
from applications.workflow import DECLARATION
from appraisal_portal.home.story import declare
from appraisal_portal.home.story import unit as story
from appraisal_portal.home.story.people import evidence_pdf
from tests.applications.conftest import DAY
from tests.applications.steps import read, section, url

SCANNED = {"content_type": "application/pdf"}


@pytest.fixture(autouse=True)
def chinese():
    with translation.override("zh-hans"):
        yield


def fresh(row: Declaration) -> Declaration:
    return Declaration.objects.get(pk=row.pk)


def post(client: Any, row: Declaration, name: str, **changes: Any) -> Any:
    """A page of the form as the browser would send it, then ``changes``; None takes a value out."""
    data, _fields = read(client.get(section(row, name)))
    data = {key: value for key, value in (data | changes).items() if value is not None}
    return client.post(section(row, name), data)


def pdf(name: str = "证明.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, evidence_pdf(name), **SCANNED)


# -- questions ---------------------------------------------------------------------------------------------------------


def test_every_kind_of_answer_is_saved_as_it_was_meant(mine_scored, scored):
    saved = post(
        mine_scored, scored, "questions", answer_role="工艺工程师", answer_fields=["研发设计", "质量检测"],
        answer_post_level="项目骨干", answer_projects="7", answer_benefit="120.50", answer_accepted_on="2025-03-02",
        answer_patent="false", **{"answer_projects_table-3-0": "改造", "answer_projects_table-3-1": "2024",
        "answer_projects_table-3-2": "第一"},
    )  # fmt: skip
    assert saved.status_code == 302
    said = fresh(scored).answers
    assert said["fields"] == ["研发设计", "质量检测"]
    assert (said["projects"], said["benefit"], said["accepted_on"]) == ("7", "120.5", "2025-03-02")
    assert said["patent"] is False
    assert said["projects_table"][-1] == ["改造", "2024", "第一"]
    page = mine_scored.get(section(scored, "questions")).content.decode()
    for words in ("企业岗位情况", "技术业绩", "120.5", "项目名称，第 1 行", "项目累计产生的经济效益（万元）"):
        assert words in page


def test_autosave_keeps_half_a_form_and_says_what_is_no_number(mine_scored, scored):
    quiet = {"headers": {"X-Requested-With": "autosave"}}
    data, _fields = read(mine_scored.get(section(scored, "questions")))
    answer = mine_scored.post(section(scored, "questions"), data | {"answer_role": "", "answer_projects": ""}, **quiet)
    assert answer.json()["version"] == scored.form_version + 1
    assert fresh(scored).answers["role"] == ""
    answer = mine_scored.post(section(scored, "questions"), data | {"answer_projects": "三"}, **quiet)
    assert "version" not in answer.json()


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"role": ""}, "answer_role", "主要岗位"),
        ({"role": "岗" * 51}, "answer_role", "最多写 50 字，现有 51 字"),
        ({"fields": ["研发设计", "生产工艺", "质量检测", "设备维护"]}, "answer_fields", "最多选 3 项"),
        ({"post_level": "厂长"}, "answer_post_level", "无效"),
        ({"projects": "100"}, "answer_projects", "不得大于 99"),
        ({"accepted_on": "1999-12-31"}, "answer_accepted_on", "不得早于 2000-01-01"),
        ({"patent": ""}, "answer_patent", "授权专利"),
        ({"projects_table": [["改造", "", "第一"]]}, "answer_projects_table", "第 1 行没有填完整"),
        ({"problem": "短"}, "answer_problem", "至少写 10 字"),
    ],
)
def test_handing_in_names_each_fault_of_an_answer_and_leads_to_it(mine_scored, scored, changed, field, words):
    Declaration.objects.filter(pk=scored.pk).update(answers={**scored.answers, **changed})
    found = list(standard.questions(fresh(scored), DAY))
    assert [problem.field for problem in found] == [f"questions.{field}"]
    assert words in str(found[0])
    page = mine_scored.get(url("my-check", scored.pk)).content.decode()
    assert f"{section(scored, 'questions')}#div_id_{field}" in page
    assert f'id="div_id_{field}"' in mine_scored.get(section(scored, "questions")).content.decode()


def test_evidence_is_demanded_with_the_answer_it_proves(mine_scored, scored):
    scored.materials.filter(code__startswith="answer-").update(removed=True)
    Declaration.objects.filter(pk=scored.pk).update(answers={**scored.answers, "patent": True})
    fields = {problem.field for problem in standard.questions(fresh(scored), DAY)}
    assert fields == {"questions.file_patent_grant", "questions.file_benefit_proof"}
    assert post(mine_scored, fresh(scored), "questions", file_patent_grant=pdf("专利.pdf")).status_code == 302
    kept = scored.materials.get(code__startswith="answer-patent_grant", removed=False)
    assert kept.required_by == "questions:patent"
    Declaration.objects.filter(pk=scored.pk).update(answers={**fresh(scored).answers, "patent": False})
    assert {p.field for p in standard.questions(fresh(scored), DAY)} == {"questions.file_benefit_proof"}


def test_evidence_of_several_files_counts_them(scored):
    version = scored.standard_version
    version.evidence_required = [{"code": "plans", "text": "图纸", "required": True, "files": 2}]
    declare.files.add_material(scored, "plans", pdf("一.pdf"), owner=scored.applicant.user)
    problem = next(p for p in attachments(scored, DAY))
    assert (problem.field, "至少上传 2 份" in str(problem)) == ("attachments.plans", True)
    declare.files.add_material(scored, "plans", pdf("二.pdf"), owner=scored.applicant.user)
    assert list(attachments(scored, DAY)) == []


# -- the self-scoring sheet --------------------------------------------------------------------------------------------


def test_the_server_counts_the_points_beside_their_maximum(mine_scored, scored):
    entries = {"entry_lead": "5", "entry_award": "0", "entry_effect": "3.5", "entry_paper": "3", "entry_standard": ""}
    quiet = {"headers": {"X-Requested-With": "autosave"}}
    data, _fields = read(mine_scored.get(section(scored, "self_scoring")))
    said = mine_scored.post(section(scored, "self_scoring"), data | entries | {"entry_training": "1"}, **quiet).json()
    assert "合计 46 分（满分 100 分）" in said["text"]  # 30 of 50, 3.5, 7.5, 5
    assert fresh(scored).self_scores["paper"] == "3"
    page = mine_scored.get(section(scored, "self_scoring")).content.decode()
    for words in (
        "业绩成果：33.5 分（满分 60 分）",
        "7.5 分（满分 15 分）",
        "每篇 2.5 分，最高 15 分",
        "合计 46 分（满分 100 分）",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("entry", "words"),
    [("entry_paper", "请填写整数"), ("entry_effect", "最高 15 分")],
)
def test_an_entry_that_cannot_be_is_refused_at_its_place(mine_scored, scored, entry, words):
    before = fresh(scored).self_scores
    answer = post(mine_scored, scored, "self_scoring", **{entry: "15.5"})
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert 'value="15.5"' in answer.content.decode()
    assert fresh(scored).self_scores == before


def test_handing_in_asks_for_entries_and_their_proofs(mine_scored, scored):
    scored.materials.filter(code__startswith="score-").update(removed=True)
    Declaration.objects.filter(pk=scored.pk).update(self_scores={"lead": "1", "award": "0", "training": "2"})
    found = [problem.field for problem in standard.self_scoring(fresh(scored), DAY)]
    assert found == ["self_scoring.proof_lead"]  # colleagues trained need no proof
    assert post(mine_scored, fresh(scored), "self_scoring", proof_lead=pdf()).status_code == 302
    assert scored.materials.get(code="score-lead.2").required_by == "self_scoring:lead"
    assert list(standard.self_scoring(fresh(scored), DAY)) == []
    Declaration.objects.filter(pk=scored.pk).update(self_scores={})
    assert [p.field for p in standard.self_scoring(fresh(scored), DAY)] == ["self_scoring.entry_lead"]


def test_a_way_that_weighs_no_achievements_has_no_sheet(scored):
    assert scored.sheet
    for route in ("preliminary", "confirmation"):
        scored.route = route
        assert not scored.sheet


# -- read by others ----------------------------------------------------------------------------------------------------


def test_claim_and_evidence_stand_side_by_side_and_are_judged_one_by_one(scored):
    Declaration.objects.filter(pk=scored.pk).update(
        answers={**scored.answers, "benefit": "88.5"}, self_scores={"lead": "2", "paper": "0"}
    )
    row = fresh(scored)
    items = {item.code: item for item in items_of(row)}
    benefit, lead, together = items["questions:benefit"], items["self_scoring:lead"], items["self_scoring"]
    assert benefit.claim == (("项目累计产生的经济效益（万元）", "88.5"),)
    assert [upload.original_name for upload in benefit.uploads] == ["企业财务部门出具的效益证明.pdf"]
    assert lead.claim == (("主持完成技术项目", "2 项"), ("得分", "20 分（满分 30 分）"))
    assert len(lead.uploads) == 1
    assert together.claim[-1] == ("合计", "20 分（满分 100 分）")
    assert "self_scoring:award" not in items or not items["self_scoring:award"].claim
    checks = CheckForm(items=list(items.values()), checks={})
    assert {"result-questions-benefit", "result-self_scoring-lead", "result-self_scoring"} <= set(checks.fields)
    slip = SlipForm(items=list(items.values()), checks={})
    assert {"questions:benefit", "questions:benefit.files", "questions", "self_scoring:lead.files"} <= set(slip.choices)


def test_what_changed_is_compared_in_words(scored):
    before = scored.content()
    scored.answers = {**scored.answers, "patent": not scored.answers["patent"], "fields": ["生产工艺"]}
    scored.self_scores = {**scored.self_scores, "lead": "3"}
    found = {row.code: row for row in compared(changes(before, scored.content()), {}, (), {}, {})}
    assert set(found) == {"questions:patent", "questions:fields", "self_scoring:lead"}
    patent = [(side.before, side.after) for side in found["questions:patent"].sides if not side.same]
    assert sorted(patent[0]) == ["否", "是"]
    lead = {side.label: (side.before, side.after) for side in found["self_scoring:lead"].sides}
    assert (lead["填报"], lead["得分"]) == (("2", "3"), ("20", "30"))
    assert found["self_scoring:lead"].label == "量化自评表：主持完成技术项目"
    opening = Opening.of(["self_scoring:lead", "questions:patent"])
    assert [change.code for change in opening.beyond(changes(before, scored.content()))] == ["questions:fields"]


def test_a_slip_opens_the_named_question_and_indicator_only(mine_scored, scored):
    declare.submit(scored)
    row = fresh(scored)
    story.give_back(row, {"questions:projects": "与证明不一致。", "self_scoring:paper": "请补证明。"})
    page = mine_scored.get(section(row, "questions"))
    forms = {form.question.code: form for _topic, group in page.context["page"].forms for form in group}
    assert not forms["projects"].fields["answer_projects"].disabled
    assert forms["role"].fields["answer_role"].disabled
    assert "与证明不一致。" in page.content.decode()
    refused = post(mine_scored, fresh(row), "questions", answer_role="别的", answer_projects="8")
    assert refused.status_code == 422
    assert fresh(row).answers["role"] == scored.answers["role"]
    assert post(mine_scored, fresh(row), "questions", answer_projects="8").status_code == 302
    assert fresh(row).answers["projects"] == "8"
    fix = mine_scored.get(url("my-fix", row.pk)).content.decode()
    assert f"{section(row, 'self_scoring')}#div_id_entry_paper" in fix


def test_the_form_2_1_prints_questions_and_sheet(scored):
    Declaration.objects.filter(pk=scored.pk).update(self_scores={"lead": "2", "award": "1", "paper": "3"})
    row = fresh(scored)
    blocks = {block["heading"]: block for block in blocks_of(row, row.content())}
    asked = dict(blocks["评审标准所问"]["pairs"])
    assert asked["您的工作涉及哪些环节？"] == "研发设计、生产工艺"
    assert "技术改造" in asked["请列出最主要的项目（一至五项）"]
    sheet = blocks["量化自评表"]["rows"]
    assert sheet[0] == ["业绩成果", "主持完成技术项目", "每项 10 分，最高 30 分", "2 项", "20", "30"]
    assert ["业绩成果", "小计", "", "", "35", "60"] in sheet
    assert sheet[-1] == ["合计", "", "", "", "42.5", "100"]
    old = {"representative": {"answers": {"problem": "早先填写的回答。"}}}
    assert blocks_of(row, old)[-1]["pairs"] == [["请举一例您解决的技术难题。", "早先填写的回答。"]]


def test_what_is_declared_is_frozen_and_hashed(scored):
    before = scored.content_hash()
    scored.self_scores = {**scored.self_scores, "lead": "3"}
    assert scored.content_hash() != before
    declare.submit(fresh(scored))
    frozen = scored.snapshots.get(stage="submitted").content
    said = {row["pk"]: row for row in frozen["self_scoring"]}
    assert (said["lead"]["entry"], said["lead"]["points"], len(said["lead"]["files"])) == ("2", "20", 1)
    assert next(row for row in frozen["questions"] if row["pk"] == "patent")["asked"] == "您是否取得过授权专利？"


def test_a_virus_in_a_proof_is_named_where_the_file_lies(scored):
    for code in ("answer-benefit_proof", "score-lead"):
        upload = scored.materials.get(code=code).upload
        type(upload).objects.filter(pk=upload.pk).update(scan="infected")
    problems = DECLARATION.problems(fresh(scored), "submit", actor=scored.applicant.user)
    assert {"questions.file_benefit_proof", "self_scoring.proof_lead"} <= {problem.field for problem in problems}
