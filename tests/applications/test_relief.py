"""Relief (倾斜) and classes of applicants (申报类别): claimed with proof, checked item by item, printed, judged."""

import datetime as dt
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.documents.declaration import form_2_1, undertaking_2_9
from applications.models import Declaration
from applications.rules import corrections, relief, submission
from applications.rules.form import strict_form_complete
from applications.rules.items import items_of
from applications.rules.unit import bound_by_posts
from applications.rules.ways import CONDITIONS, Degree, Entry, Facts, Held, State, facts_of, verdicts
from applications.services import unit as unit_services
from applications.workflow import DECLARATION
from appraisal_portal.home.story import declare, unit
from appraisal_portal.home.story.people import evidence_pdf
from committees.plans.models import StandardVersion, Subfield
from committees.reviews.rules import roster
from tests.factories.plans import a_cycle
from tests.stage import begins_with

DAY, END = dt.date(2026, 3, 2), dt.date(2026, 12, 31)
pytestmark = begins_with(a_cycle, DAY.year, committees=("farming",), on=DAY)
FARMER = Facts(
    level="intermediate", by_exam=False, law_day=DAY, counted_to=END, series="农业技术",
    degrees=(Degree("college", dt.date(2015, 7, 1)),), years_asked=0, entry=Entry("none", 5), field_years=5,
)  # fmt: skip


def regular(**changes):
    return [str(problem) for problem in CONDITIONS["regular"](replace(FARMER, **changes))]


@pytest.mark.parametrize(
    ("changes", "fine"),
    [
        ({}, True),
        ({"field_years": 4}, False),
        ({"field_years": 4, "years_less": 1}, True),  # relief counts in a class too
        ({"field_years": None}, True),  # not asked: nothing speaks against it
        ({"entry": Entry("assistant", 5)}, False),
        ({"entry": Entry("assistant", 5), "held": Held("assistant", dt.date(2025, 1, 1))}, True),
        ({"held": Held("intermediate", dt.date(2020, 1, 1))}, False),  # a class leads upwards only
        ({"entry": None}, False),  # without a class: level by level (R-26)
    ],
)
@pytest.mark.notice("II.6.b")
def test_conditions_differ_by_class(changes, fine):
    assert (regular(**changes) == []) is fine


def test_a_class_says_what_it_asks_for_and_cites_nothing():
    [only] = CONDITIONS["regular"](replace(FARMER, field_years=2))
    assert (str(only), only.basis) == ("按此类申报须从事本专业满 5 年；您现有 2 年。", "")
    verdict = next(v for v in verdicts(replace(FARMER, field_years=None)) if v.way == "regular")
    assert verdict.state == State.UNCLEAR
    assert "从事本专业多少年" in verdict.open_questions[0]


@pytest.fixture
def stage(clock):
    clock(DAY)
    return a_cycle(DAY.year, committees=("farming",))


@pytest.fixture
def draft(stage):
    city, cycle = stage
    return declare.draft(city, cycle, 41, line=cycle.line("farming"))


@pytest.fixture
def farmer(stage):
    city, cycle = stage
    return declare.draft(city, cycle, 43, unit=city.agency, line=cycle.line("farming"), applicant_class="business")


def fresh(declaration):
    return Declaration.objects.get(pk=declaration.pk)


def missing(declaration):
    return [str(problem) for problem in strict_form_complete(fresh(declaration), SimpleNamespace(day=DAY))]


def a_pdf(name="证明.pdf"):
    return SimpleUploadedFile(name, evidence_pdf("乡镇工作证明"), "application/pdf")


def claim(client, declaration, **fields):
    client.force_login(declaration.applicant.user)
    url = reverse("applications:my-section", args=[declaration.pk, "relief"])
    return client.post(url, {"version": fresh(declaration).form_version, "stay": "1", **fields})


@pytest.mark.django_db
def test_a_claim_needs_its_proof_in_the_same_step(client, draft):
    client.force_login(draft.applicant.user)
    page = client.get(reverse("applications:my-section", args=[draft.pk, "relief"])).content.decode()
    assert "长期在艰苦边远乡镇工作" in page
    assert "任职年限少要求 1 年；可不提交：论文、著作或技术报告。依据：本标准第四条" in page
    assert missing(draft) == []  # nobody has to claim anything
    assert claim(client, draft, **{"remote-claimed": "on"}).status_code == 302
    assert missing(draft) == ["您申请享受“长期在艰苦边远乡镇工作”，但缺少证明（乡镇人民政府出具的工作证明）。"]
    assert relief.relief_of(fresh(draft)) == relief.Relief()
    refused = claim(client, draft, **{"frontline-proof": a_pdf()})
    assert refused.status_code == 422
    assert "没有勾选“基层农技推广一线”" in refused.content.decode()
    assert claim(client, draft, **{"remote-claimed": "on", "remote-proof": a_pdf()}).status_code == 302
    assert missing(draft) == []
    assert relief.relief_of(fresh(draft)) == relief.Relief(1, 0, frozenset({"papers"}))
    assert facts_of(fresh(draft)).years_less == 1
    assert claim(client, draft).status_code == 302  # given up again: the file goes with it
    assert relief.relief_of(fresh(draft)) == relief.Relief()
    assert not fresh(draft).materials.filter(code__startswith="tilt-", removed=False).exists()


@pytest.mark.django_db
def test_what_the_standard_does_not_know_counts_for_nothing(draft):
    draft.tilts = ["another"]
    draft.materials.create(code="tilt-another", upload=draft.materials.first().upload)
    assert (relief.claimed(draft), relief.unproven(draft)) == ([], [])
    assert relief.relief_of(draft) == relief.Relief()
    assert draft.content()["relief"] == []


@pytest.mark.django_db
def test_a_proven_relief_lowers_the_total_of_the_hours_and_never_a_kind(draft):
    proven(draft, "frontline")
    year = draft.year - 1
    row = draft.learning_hours.get(year=year)
    row.professional, row.industry, row.general, row.other = 60, 12, 6, 0
    row.save()
    act = SimpleNamespace(day=DAY)
    assert [p for p in submission.hours_met(fresh(draft), act) if str(year) in str(p)] == []  # 78 of 90 - 12
    row.professional = 59
    row.other = 1
    row.save()
    [only] = [str(p) for p in submission.hours_met(fresh(draft), act) if str(year) in str(p)]
    assert "专业" in only


def proven(declaration, code):
    """Claim and proof without the pages."""
    Declaration.objects.filter(pk=declaration.pk).update(tilts=[code])
    declaration.materials.create(code=f"tilt-{code}", upload=declaration.materials.first().upload)


@pytest.mark.django_db
def test_a_relief_frees_from_a_piece_of_evidence(draft):
    version = draft.standard_version
    for entry in version.evidence_required:
        entry["required"] = entry["required"] or entry["code"] == "papers"
    StandardVersion.objects.filter(pk=version.pk).update(evidence_required=version.evidence_required)
    assert missing(draft) == ["请上传：论文、著作或技术报告"]
    proven(draft, "remote")
    assert missing(draft) == []


@pytest.mark.django_db
def test_unit_and_office_check_each_claim_and_papers_show_it(draft):
    proven(draft, "remote")
    row = declare.submit(fresh(draft))
    [item] = [item for item in items_of(row) if item.section == "relief"]
    assert item.code == "relief:remote"
    assert "长期在艰苦边远乡镇工作" in item.label
    assert ("任职年限少要求的年数", "1") in item.claim
    assert ("可以不提交的材料", "论文、著作或技术报告") in item.claim
    assert len(item.uploads) == 1
    clerk = unit.clerk_of(row)
    every = {one.code: ("true", "") for one in items_of(row) if one.code != item.code}
    unit_services.check_in_unit(row, every, actor=clerk)
    assert [str(p) for p in DECLARATION.problems(fresh(row), "verify", actor=clerk)] == [f"尚未核实：{item.label}"]
    block = next(b for b in form_2_1.content(row)["blocks"] if "倾斜" in b["heading"])
    assert block["rows"] == [
        ["长期在艰苦边远乡镇工作", "1", "论文、著作或技术报告", "本标准第四条（经市人力社保局批准）"]
    ]
    told = roster.row_of(row, END)
    assert told["remark"] == "倾斜：长期在艰苦边远乡镇工作"
    content = {"roster": [{"seq": 3, **told}]}
    assert (
        next(roster.qualified_rows(content["roster"]))["remark"] == "花名册第3号；倾斜：长期在艰苦边远乡镇工作"
    )  # jurors read it
    assert unit_services.shown_of(row)["claims"] == ["长期在艰苦边远乡镇工作"]


def test_a_changed_claim_is_publicised_and_signed_again():
    before = {"relief": [{"pk": "remote", "text": "艰苦边远", "years_less": 1, "files": []}]}
    follows = corrections.consequence(before, {"relief": []})
    assert [change.code for change in follows.publicise] == ["relief:remote"]
    scan = {"relief": [{"pk": "remote", "text": "艰苦边远", "years_less": 1, "files": [{"name": "x", "sha256": "1"}]}]}
    assert corrections.consequence(before, scan).publicise == ()


@pytest.mark.django_db
def test_a_slip_opens_one_claim_and_no_other(client, draft):
    proven(draft, "remote")
    row = declare.submit(fresh(draft))
    unit.give_back(row, {"relief:remote": "证明不清晰，请补正。"})
    client.force_login(row.applicant.user)
    url = reverse("applications:my-section", args=[row.pk, "relief"])
    version = fresh(row).form_version
    other = client.post(url, {"version": version, "remote-claimed": "on", "frontline-claimed": "on"})
    assert other.status_code == 422
    assert "不在补正范围内" in other.content.decode()
    assert fresh(row).tilts == ["remote"]
    assert client.post(url, {"version": version}).status_code == 302
    assert fresh(row).tilts == []


@pytest.mark.django_db
def test_the_agency_plays_the_unit(stage, farmer):
    assert missing(farmer) == []
    assert list(CONDITIONS["regular"](facts_of(farmer))) == []
    farmer.materials.filter(code="class").update(removed=True)
    assert missing(farmer) == ["您按“新型农业经营主体”申报，但缺少证明（营业执照或家庭农场、合作社登记证明）。"]
    farmer.materials.filter(code="class").update(removed=False)
    farmer.unit.employer_kind = "public_institution"
    assert not bound_by_posts(farmer, DAY)  # an agency has no posts to give
    row = declare.submit(fresh(farmer))
    [item] = [item for item in items_of(row) if item.section == "class"]
    assert ("申报类别", "新型农业经营主体") in item.claim
    assert len(item.uploads) == 1
    [printed] = [b for b in form_2_1.content(row)["blocks"] if b["heading"] == "申报类别"]
    assert ["申报类别", "新型农业经营主体"] in printed["pairs"]
    assert form_2_1.content(row)["opinions"][0]["heading"] == "人才服务机构推荐意见"
    promise = undertaking_2_9.content(row)
    assert promise["text_version"] == "2018-1-agency"
    assert f"由{farmer.unit.name}代理申报" in promise["paragraphs"][0]
    assert "单位" not in " ".join([*promise["paragraphs"], *(mark["label"] for mark in promise["marks"])])
    assert roster.row_of(row, END)["remark"] == "类别：新型农业经营主体"
    told = [tell for name in ("verify", "publicise", "recommend") for tell in DECLARATION.transitions[name].tells]
    said = [str(words) for tell in told for words in (tell.subject, tell.body)]
    assert len(said) >= 12
    assert not [words for words in said if "单位" in words]  # the body is named, whatever it is


@pytest.mark.django_db
def test_a_class_ends_with_the_agency(stage, farmer):
    city, cycle = stage
    Declaration.objects.filter(pk=farmer.pk).update(applicant_class="gone")
    assert missing(farmer) == ["该评审标准没有您选择的申报类别，请重新选择。"]
    employer = declare.units_for(city, cycle.line("farming"))[0]
    Declaration.objects.filter(pk=farmer.pk).update(applicant_class="business", unit=employer)
    moved = fresh(farmer)
    assert missing(moved) == []  # no page of the form could mend it any more
    assert "class" not in moved.content()
    assert facts_of(moved).entry is None  # from now on the usual conditions


@pytest.mark.django_db
@pytest.mark.notice("II.6.a")
def test_classes_are_chosen_where_the_standard_has_them_and_an_agency_declares(client, stage):
    city, cycle = stage
    user = city.applicant(47)
    employer = declare.units_for(city, cycle.line("farming"))[0]
    city.employ(user, employer)
    client.force_login(user)
    start = reverse("applications:my-new")
    assert "applicant_class" not in client.get(start).context["form"].fields
    city.employ(user, city.agency)
    form = client.get(f"{start}?applicant_class=returning").context["form"]
    assert form["applicant_class"].value() == "returning"
    title = cycle.standard("farming").standard.series.titles_on(DAY).filter(level="intermediate").first()
    data = {"token": form["token"].value(), "title": title.pk, "channel": "regular", "applicant_class": "returning"}
    refused = client.post(start, {**data, "unit": employer.pk})
    assert "不是人才服务机构" in refused.content.decode()
    assert client.post(start, {**data, "unit": city.agency.pk}).status_code == 302
    made = Declaration.objects.get(applicant=user.person)
    assert made.applicant_class == "returning"
    page = client.get(reverse("applications:my-section", args=[made.pk, "class"])).content.decode()
    assert "返乡创业人员、大学生农创客（须已有助理级职称；从事本专业至少 2 年）" in page
    assert "人才服务机构" in client.get(made.get_absolute_url(), follow=True).content.decode()


@pytest.mark.django_db
def test_the_page_of_the_ways_knows_the_classes(client, stage):
    city, cycle = stage
    series = cycle.standard("farming").standard.series
    asked = {
        "employer": "agency", "series": series.pk, "level": "intermediate", "education": "college", "finished": "2012",
        "held": "none", "applicant_class": "business",
    }  # fmt: skip
    url = reverse("applications:ways")
    by_way = {row.verdict.way: row for row in client.get(url, asked).context["ways"]}
    assert by_way["regular"].verdict.state == State.UNCLEAR  # years in the field are not asked on this page
    assert "applicant_class=business" in by_way["regular"].begin
    assert by_way["regular"].line == cycle.line("farming")
    without = {row.verdict.way: row for row in client.get(url, {**asked, "applicant_class": ""}).context["ways"]}
    assert without["regular"].verdict.state == State.CLOSED
    faulty = client.get(url, {**asked, "employer": "enterprise"}).content.decode()
    assert "申报类别仅适用于由人才服务机构代理申报的人员" in faulty
    machinery = Subfield.objects.get(code="machinery")
    field = {"series": machinery.series_id, "subfield": machinery.pk, "applicant_class": ""}
    assert "由人才服务机构代理申报的人员按“企业”查找" in client.get(url, {**asked, **field}).content.decode()
    assert (city.agency.employer_kind, city.agency.scope_kind) == ("social", "enterprise")
