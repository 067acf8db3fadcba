"""Which way is open, asked of pages and declarations: what the rules of test_ways.py come to in the portal."""

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django.template import loader
from django.test import Client
from django.urls import reverse

from applications.documents.declaration import form_2_1
from applications.models import Declaration
from applications.rules.examination import entrusted_where_from_elsewhere
from applications.rules.form import empty_sections, strict_form_complete
from applications.rules.items import items_of
from applications.rules.submission import committee_in_scope
from applications.rules.ways import CONDITIONS, facts_of
from applications.services.drafts import start
from applications.workflow import DECLARATION
from appraisal_portal.home.story import declare
from appraisal_portal.kernel.workflow import Blocked
from committees.plans.models import PlanLine
from committees.plans.rules import covered_by_scope
from committees.reviews.rules import roster
from tests.factories.plans import a_cycle
from tests.stage import begins_with

DAY, END = dt.date(2026, 3, 2), dt.date(2026, 12, 31)
accountants = begins_with(a_cycle, DAY.year, committees=("accounting",), on=DAY)
pytestmark = [pytest.mark.django_db, begins_with(a_cycle, DAY.year, committees=("forestry",), on=DAY)]


@pytest.fixture
def accountant(clock):
    clock(DAY)
    city, cycle = a_cycle(DAY.year, committees=("accounting",))
    line = cycle.line("accounting", "associate_senior", "exam_plus")
    return declare.draft(city, cycle, 17, line=line)


@accountants
def test_r13_civil_servants_are_barred_from_examination_plus_appraisal(accountant):
    assert DECLARATION.problems(accountant, "submit", actor=accountant.applicant.user) != []  # 2-9 is not signed yet
    Declaration.objects.filter(pk=accountant.pk).update(staff_kind="civil_servant")
    problems = DECLARATION.problems(fresh(accountant), "submit", actor=accountant.applicant.user)
    assert "civil_servants.excluded" in {problem.basis for problem in problems}


@accountants
def test_the_result_is_no_attachment_and_nothing_it_needs_is_called_optional(accountant, client):
    accountant.materials.exclude(code="way").update(removed=True)
    assert accountant.materials.filter(code="way", removed=False).exists()
    assert "attachments" in empty_sections(fresh(accountant))  # the file stands on the page of the way
    client.force_login(accountant.applicant.user)
    page = client.get(reverse("applications:my-section", args=[accountant.pk, "way"])).content.decode()
    optional = re.findall(r">([^<>]+)\s*<span class=\"opt\">", page)
    assert [words.strip() for words in optional] == ["失效日期", "证书编号"]


@accountants
def test_the_examination_is_valid_on_the_day_of_handing_in_and_stays_so(accountant, clock):
    exam_row = accountant.exam_result
    exam_row.valid_until = DAY + dt.timedelta(days=3)
    exam_row.save()
    clock(DAY + dt.timedelta(days=4))
    words = [str(problem) for problem in DECLARATION.problems(fresh(accountant), "submit", actor=None)]
    assert any("2026-03-05" in each and "2026-03-06" in each for each in words)
    clock(DAY + dt.timedelta(days=3))
    row = declare.submit(fresh(accountant))
    assert facts_of(row, END).handed_in_on == dt.date(2026, 3, 5)  # whoever examines later asks about that day
    assert list(CONDITIONS["exam_plus"](facts_of(row, END))) == []


@accountants
def test_the_office_checks_the_examination_with_its_proof(accountant):
    [item] = [item for item in items_of(accountant) if item.section == "way"]
    assert {"高级资格考试", "2025-09-10", "合格"} <= {value for _label, value in item.claim}
    assert [upload.original_name for upload in item.uploads] == ["证明材料.pdf"]
    row = declare.submit(accountant)
    assert roster.row_of(row, END)["remark"] == "高级资格考试（2025-09-10，合格）"
    assert roster.row_of(row, END)["mode"] == "考评结合"


def test_the_page_answers_without_an_account(client, clock):
    clock(DAY)
    city, cycle = a_cycle(DAY.year, committees=("forestry",))
    url = reverse("applications:ways")
    assert "六个问题" in client.get(url).content.decode()
    series = cycle.series()
    line = cycle.line("forestry")
    subfield = line.committee.scopes.filter(level="intermediate").first().subfield
    asked = {
        "employer": "public_institution", "series": series.pk, "subfield": subfield.pk, "level": "intermediate",
        "education": "bachelor", "finished": "2012", "held": "assistant", "obtained": "2018",
    }  # fmt: skip
    page = client.get(url, asked).content.decode()
    assert line.committee.name in page
    first, *others = page.split("<section")[1:]
    assert 'id="way-regular"' in first
    assert "可以走这条途径" in first
    assert "评审委员会投票决定" in first
    begin = re.search(r'href="(/my/declarations/new/[^"]*)"', first).group(1).replace("&amp;", "&")
    applicant = city.applicant(7)
    city.employ(applicant, city.units[0])
    client.force_login(applicant)
    form = client.get(begin).context["form"]
    assert [str(form[name].value()) for name in ("channel", "subfield")] == ["regular", str(subfield.pk)]
    offered = {value for value, _label in form.fields["channel"].choices}
    assert {"regular", "preliminary", "special"} <= offered
    assert "exam_plus" not in offered  # no line of the plan takes them
    client.logout()
    unknown = client.get(url, {**asked, "series": series.__class__.objects.get(name="档案").pk, "subfield": ""})
    assert unknown.context["where"].committee is None
    text = unknown.content.decode()
    assert "没有公开文件说明由哪个评委会评审" in text
    assert "不明确，请咨询评委会办公室" in text
    preliminary = next(part for part in others if 'id="way-preliminary"' in part)
    assert "您已有职称（助理级）" in preliminary
    senior = {**asked, "level": "associate_senior", "held": "intermediate", "obtained": "2015", "finished": "2005"}
    ways = {way.verdict.way: way for way in client.get(url, senior).context["ways"]}
    assert str(ways["regular"].state) == "条件相符，但目前没有开放申报"  # never "open" where no window is
    assert str(ways["recommend"].state) == "可以走这条途径"
    assert next(iter(ways)) == "recommend"
    barred = client.get(url, {**asked, "situation": "civil_servant"}).content.decode()
    assert "以下原因使所有评审途径都不能走" in barred
    assert barred.count("公务员和参照公务员法管理人员不参加职称评审") == 1  # said once, not for each way
    assert "公开文件说明由哪个评委会评审" not in barred
    assert "须有两名同行专家书面推荐" not in barred  # what else each way lacks does not matter then
    assert "不能走的途径及原因" in page
    accounts = {**asked, "series": series.__class__.objects.get(name="会计").pk, "subfield": "", "held": "none"}
    by_exam = client.get(url, {**accounts, "obtained": ""}).content.decode()
    assert by_exam.count("考试证书可在本平台登记") == 1
    fresh_out = client.get(url, {**asked, "held": "none", "obtained": ""}).content.decode()
    assert "职称须逐级申报：您尚无职称，不能直接申报中级。" in fresh_out
    assert "转评和确认适用于已有同级职称的人员，您尚无职称。" in fresh_out
    assert "以下原因使所有评审途径都不能走" not in page
    faulty = client.get(url, {**asked, "obtained": "", "finished": "2050"}).content.decode()
    assert "请填写取得职称的年份" in faulty
    assert "毕业年份不能晚于今年" in faulty


def test_r21_a_first_title_below_every_committee_is_determined_by_the_bureau(client, clock, settings):
    """Engineers of the assistant level: no committee reviews them, and a determination without a vote needs none."""
    clock(DAY)
    city, cycle = a_cycle(DAY.year, committees=("forestry",))
    forestry = cycle.line("forestry")
    subfield = forestry.committee.scopes.filter(level="intermediate").first().subfield
    asked = {
        "employer": "public_institution", "series": cycle.series().pk, "subfield": subfield.pk, "level": "assistant",
        "education": "bachelor", "finished": "2024", "held": "none",
    }  # fmt: skip

    def ways():
        return {way.verdict.way: way for way in client.get(reverse("applications:ways"), asked).context["ways"]}

    assert str(ways()["preliminary"].state) == "条件相符，但目前没有开放申报"
    assert str(ways()["regular"].state) == "不明确，请咨询评委会办公室"
    settings.PORTAL_PRELIMINARY_BY_VOTE = True
    assert str(ways()["preliminary"].state) == "不明确，请咨询评委会办公室"
    settings.PORTAL_PRELIMINARY_BY_VOTE = False
    line = PlanLine.objects.get(pk=forestry.pk)
    line.pk, line.level, line.channel, line.decided_by = None, "assistant", "preliminary", "city_bureau"
    line.save(force_insert=True)
    found = ways()
    assert str(found["preliminary"].state) == "可以走这条途径"
    assert next(iter(found)) == "preliminary"
    assert not list(covered_by_scope(line.plan, None))
    applicant = city.applicant(7)
    city.employ(applicant, city.units[0])
    client.force_login(applicant)
    form = client.get(found["preliminary"].begin).context["form"]
    title = form.fields["title"].queryset.get(pk=form["title"].value())
    assert (title.name, form["subfield"].value()) == ("助理工程师", str(subfield.pk))
    begun = {"user": applicant, "title": title, "subfield": subfield, "unit": city.units[0]}
    with pytest.raises(Blocked, match="目前不受理"):
        start(**begun, channel="regular")
    draft = start(**begun, channel="preliminary")
    assert (draft.line, draft.decider) == (line, "city_bureau")
    assert not list(committee_in_scope(draft, SimpleNamespace(data={}, day=DAY)))
    PlanLine.objects.filter(pk=line.pk).update(decided_by="committee")
    assert list(committee_in_scope(fresh(draft), SimpleNamespace(data={}, day=DAY)))


def test_a_declaration_gives_the_same_facts(clock):
    clock(DAY)
    city, cycle = a_cycle(DAY.year, committees=("forestry",))
    draft = declare.draft(city, cycle, 7, line=cycle.line("forestry"))
    facts = facts_of(draft)
    assert (facts.level, facts.held.level, facts.series) == ("intermediate", "assistant", "工程技术")
    assert facts.best.level == "bachelor"
    assert list(CONDITIONS["regular"](facts)) == []


@pytest.fixture
def exceptional(clock):
    clock(DAY)
    city, cycle = a_cycle(DAY.year, committees=("forestry",))
    return declare.draft(city, cycle, 7, line=cycle.line("forestry", channel="exceptional"))


@pytest.mark.notice("IV.2.e")
def test_r24_the_page_asks_for_two_experts_and_their_letters(exceptional, client):
    draft = exceptional
    client.force_login(draft.applicant.user)
    url = reverse("applications:my-section", args=[draft.pk, "way"])
    page = client.get(url).content.decode()
    assert "周正明" in page
    assert "推荐专家（须两名）" in page
    assert "新增一项" not in page  # two are there
    first, second = draft.expert_recommendations.all()
    second.delete()
    assert client.get(url).content.decode().count("新增一项") == 1
    said = " ".join(str(problem) for problem in DECLARATION.problems(draft, "submit", actor=draft.applicant.user))
    assert "须有两名同行专家书面推荐；现有 1 名" in said
    data = {
        "version": draft.form_version, "exceptional_ground": "学历不具备", "expert_recommendations-TOTAL_FORMS": 2,
        "expert_recommendations-INITIAL_FORMS": 1, "expert_recommendations-0-id": first.pk,
        "expert_recommendations-0-name": first.name, "expert_recommendations-1-id": "",
        "expert_recommendations-1-name": draft.applicant.name, "expert_recommendations-1-signed_on": "2050-01-01",
    }  # fmt: skip
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert draft.applicant.name in refused.content.decode()
    data["expert_recommendations-1-signed_on"] = "2026-02-27"
    assert client.post(url, data).status_code == 302
    said = " ".join(
        str(problem) for problem in DECLARATION.problems(fresh(draft), "submit", actor=draft.applicant.user)
    )
    assert "本人不能推荐自己" in said
    assert "签名的推荐信" in said


def test_only_ways_that_ask_for_something_have_the_page(clock, client):
    clock(DAY)
    city, cycle = a_cycle(DAY.year, committees=("forestry",))
    draft = declare.draft(city, cycle, 9, line=cycle.line("forestry"))
    client.force_login(draft.applicant.user)
    assert client.get(reverse("applications:my-section", args=[draft.pk, "way"])).status_code == 404
    assert "申报途径说明" not in client.get(reverse("applications:my-detail", args=[draft.pk])).content.decode()


def test_people_from_elsewhere_bring_their_letter_of_entrustment(clock):
    clock(DAY)
    city, cycle = a_cycle(DAY.year, committees=("forestry",))
    line = cycle.line("forestry")
    unit = next(unit for unit in declare.units_for(city, line) if not unit.forwarder_id)
    unit.elsewhere = True
    unit.save(update_fields=["elsewhere"])
    draft = declare.draft(city, cycle, 11, unit=unit, line=line)
    problems = [str(problem) for problem in strict_form_complete(fresh(draft), SimpleNamespace(day=DAY))]
    assert problems == []  # the story has uploaded the letter, for the list of evidence asks for it
    assert not list(entrusted_where_from_elsewhere(fresh(draft), None))
    named = {item.code: item.label for item in items_of(fresh(draft))}  # as unit, department and office read it
    assert named["attachments:entrustment"] == "附件材料：委托评审函（所在地人力社保部门出具）"
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(draft.applicant.user)
    check = client.get(reverse("applications:my-check", args=[draft.pk])).content.decode()
    assert "委托评审函（所在地人力社保部门出具）" in check
    assert "附件材料：entrustment" not in check
    draft.materials.filter(code="entrustment").update(removed=True)
    assert "委托评审函" in str(next(strict_form_complete(fresh(draft), SimpleNamespace(day=DAY))))
    assert "不能受理" in str(next(entrusted_where_from_elsewhere(fresh(draft), None)))


def fresh(declaration):
    return Declaration.objects.get(pk=declaration.pk)


def test_a_relief_counts_only_with_its_proof(clock):
    clock(DAY)
    city, cycle = a_cycle(DAY.year, committees=("forestry",))
    draft = declare.draft(city, cycle, 13, line=cycle.line("forestry"))
    draft.standard_version.tilts = [{"code": "remote", "text": "艰苦边远地区", "years_less": 1}]
    draft.tilts = ["remote"]
    assert facts_of(draft).years_less == 0
    proof = draft.materials.first()
    draft.materials.create(code="tilt-remote", upload=proof.upload)
    assert facts_of(draft).years_less == 1
    draft.tilts = ["another"]
    assert facts_of(draft).years_less == 0


def test_r23_the_title_page_and_the_transfer_speak_of_the_same_series(clock):
    clock(DAY)
    city, cycle = a_cycle(DAY.year, committees=("forestry",))
    draft = declare.draft(city, cycle, 19, line=cycle.line("forestry", channel="transfer"))
    assert facts_of(draft).held.series == "农业技术"
    assert list(strict_form_complete(fresh(draft), SimpleNamespace(day=DAY))) == []
    draft.held_titles.update(series="档案")
    assert "没有该系列的职称" in str(next(strict_form_complete(fresh(draft), SimpleNamespace(day=DAY))))
    draft.held_titles.update(series="")
    assert "所属系列" in str(next(strict_form_complete(fresh(draft), SimpleNamespace(day=DAY))))
    Declaration.objects.filter(pk=draft.pk).update(submitted_at=draft.created_at, number="2026-9999")
    assert list(strict_form_complete(fresh(draft), SimpleNamespace(day=DAY))) == []  # handed in before it was asked


def test_a_content_without_the_later_fields_keeps_its_hash(clock):
    clock(DAY)
    city, cycle = a_cycle(DAY.year, committees=("forestry",))
    draft = declare.draft(city, cycle, 20, line=cycle.line("forestry"))
    draft.held_titles.update(series="", by_exam=False)
    [row] = fresh(draft).content()["title"]
    assert set(row) == {
        "pk",
        "level",
        "name",
        "obtained_on",
        "authority",
        "appointed_on",
        "certificate_number",
        "files",
    }  # fmt: skip - exactly what snapshots of the first form hold
    draft.held_titles.update(series="工程技术", by_exam=True)
    [row] = fresh(draft).content()["title"]
    assert (row["series"], row["by_exam"]) == ("工程技术", True)


def test_r24_the_cover_of_2_1_is_marked(exceptional):
    declare.submit(exceptional)
    assert form_2_1.content(exceptional)["mark"] == "破格"
    html = loader.render_to_string("documents/2-1.html", form_2_1.content(exceptional))
    assert html.index("破格</p>") < html.index("<h2>")
