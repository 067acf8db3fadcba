"""Which way to a title is open: the rules of domain.md §2 by their ids, one passing, one failing, one edge example."""

import datetime as dt
import re
from dataclasses import replace
from types import SimpleNamespace

import pytest
from django.template import loader
from django.urls import reverse

from applications.documents.declaration import form_2_1
from applications.models import Declaration
from applications.rules.examination import entrusted_where_from_elsewhere
from applications.rules.form import strict_form_complete
from applications.rules.items import items_of
from applications.rules.ways import CONDITIONS, Degree, Expert, Facts, Held, State, everywhere, facts_of, verdicts
from applications.rules.ways.conditions import appraised, exam
from applications.workflow import DECLARATION
from appraisal_portal import law
from appraisal_portal.home.story import declare
from certificates.services.numbers import compose
from committees.plans.models import Channel
from committees.reviews.rules import roster
from tests.factories.plans import a_cycle

DAY, END = dt.date(2026, 3, 2), dt.date(2026, 12, 31)
OLD = dt.date(2018, 6, 4)
ENGINEER = Facts(
    level="intermediate", by_exam=False, law_day=DAY, counted_to=END, series="工程技术",
    degrees=(Degree("bachelor", dt.date(2015, 7, 1)),), held=Held("assistant", dt.date(2020, 12, 31), "工程技术"),
)  # fmt: skip
ASSISTANT = Held("assistant", dt.date(2024, 12, 31), "工程技术")


def said(way, **changes):
    return [str(problem) for problem in CONDITIONS[way](replace(ENGINEER, **changes))]


@pytest.mark.parametrize(
    ("facts", "closed"),
    [({}, False), ({"civil_servant": True}, True), ({"civil_servant": None}, False)],
    ids=["staff", "civil servant", "not asked"],
)
def test_r13_civil_servants(facts, closed):
    found = list(everywhere(replace(ENGINEER, **facts)))
    assert bool(found) is closed
    assert all(problem.basis == "civil_servants.excluded" for problem in found)


@pytest.mark.parametrize(
    ("facts", "closed"),
    [
        ({"retired": False, "punished": False}, False),
        ({"retired": True}, True),
        ({"punished": True}, True),
        ({"retired": True, "punished": True, "law_day": OLD}, False),  # Order 40 is never cited in 2018
    ],
)
def test_r14_retired_and_punished(facts, closed):
    assert bool(list(everywhere(replace(ENGINEER, **facts)))) is closed


@pytest.mark.parametrize(
    ("by_exam", "level", "closed"),
    [(False, "intermediate", False), (True, "intermediate", True), (True, "associate_senior", False)],
)
def test_r15_r16_examination_series(by_exam, level, closed):
    facts = replace(ENGINEER, by_exam=by_exam, level=level)
    assert bool(list(appraised(facts))) is closed
    assert bool(list(exam(facts))) is not closed


@pytest.mark.parametrize(
    ("education", "finished", "level", "fine"),
    [
        ("secondary", dt.date(2025, 12, 31), "technician", True),
        ("secondary", dt.date(2026, 1, 1), "technician", False),  # one day short of the year
        ("secondary", dt.date(2010, 7, 1), "assistant", False),
        ("college", dt.date(2023, 12, 31), "assistant", True),
        ("college", dt.date(2024, 1, 1), "assistant", False),
        ("bachelor", dt.date(2025, 7, 1), "assistant", True),
        ("bachelor", dt.date(2015, 7, 1), "intermediate", False),
        ("master", dt.date(2023, 7, 1), "intermediate", True),
        ("master", dt.date(2024, 7, 1), "intermediate", False),
        ("doctor", dt.date(2026, 7, 1), "intermediate", True),
    ],
)
def test_r20_preliminary_determination(education, finished, level, fine):
    found = said("preliminary", degrees=(Degree(education, finished),), level=level, held=Held())
    assert (found == []) is fine


def test_r20_a_master_with_the_assistant_title_needs_two_years_in_it():
    master = (Degree("master", dt.date(2025, 7, 1)),)
    assert said("preliminary", degrees=master, held=replace(ASSISTANT, obtained_on=dt.date(2024, 12, 31))) == []
    assert said("preliminary", degrees=master, held=replace(ASSISTANT, obtained_on=dt.date(2025, 1, 1)))
    [only] = said("preliminary", level="assistant", held=ASSISTANT)
    assert "尚无职称" in only


@pytest.mark.parametrize(
    ("held", "fine"),
    [
        (Held("intermediate", elsewhere=True), True),
        (Held("assistant", elsewhere=True), False),
        (Held("intermediate", elsewhere=None), True),  # not asked: the office looks at the certificate
    ],
)
def test_r22_confirmation(held, fine):
    assert (said("confirmation", held=held) == []) is fine
    assert said("confirmation", held=Held("intermediate", elsewhere=False))


@pytest.mark.parametrize(
    ("held", "since", "fine"),
    [
        (Held("intermediate", series="农业技术"), dt.date(2025, 12, 31), True),
        (Held("intermediate", series="农业技术"), dt.date(2026, 1, 1), False),
        (Held("intermediate", series="工程技术"), dt.date(2020, 1, 1), False),
        (Held("assistant", series="农业技术"), dt.date(2020, 1, 1), False),
    ],
)
def test_r23_transfer(held, since, fine):
    assert (said("transfer", held=held, post_since=since) == []) is fine


@pytest.mark.parametrize(("experts", "fine"), [(2, True), (1, False), (None, True)])
def test_r24_exceptional(experts, fine):
    found = list(CONDITIONS["exceptional"](replace(ENGINEER, held=Held(), experts=experts)))
    assert (found == []) is fine
    assert all(problem.basis == "exceptional.two_experts" for problem in found)
    assert law.cite("exceptional.two_experts", OLD) == ""


def test_r24_the_criteria_of_engineers_are_cited_for_engineers_only():
    alone = replace(ENGINEER, held=Held(), experts=0)
    assert [problem.basis for problem in CONDITIONS["exceptional"](alone)] == ["exceptional.two_experts"]
    agronomist = replace(alone, series="农业技术")
    assert [problem.basis for problem in CONDITIONS["exceptional"](agronomist)] == [""]


@pytest.mark.parametrize(("talent", "fine"), [(True, True), (False, False), (None, True)])
def test_r25_special_talent(talent, fine):
    assert (said("special", talent=talent, held=Held()) == []) is fine


@pytest.mark.parametrize(
    ("held", "level", "fine"),
    [
        ("assistant", "intermediate", True),
        ("none", "intermediate", False),
        ("none", "assistant", True),
        ("assistant", "associate_senior", False),
        ("intermediate", "intermediate", False),
    ],
)
def test_r26_level_by_level(held, level, fine):
    assert (said("regular", held=Held(held), level=level) == []) is fine


def test_r26_a_doctor_reaches_the_intermediate_level_at_once():
    assert said("regular", held=Held(), degrees=(Degree("doctor"),)) == []


@pytest.mark.parametrize(
    ("education", "obtained", "less", "fine"),
    [
        ("bachelor", dt.date(2021, 12, 31), 0, True),
        ("bachelor", dt.date(2022, 1, 1), 0, False),
        ("bachelor", dt.date(2022, 1, 1), 1, True),  # relief for a hardship area
        ("doctor", dt.date(2024, 12, 31), 0, True),
        ("college", dt.date(2010, 1, 1), 0, True),  # no figure found: the standard and the office decide
    ],
)
def test_engineers_years_in_title(education, obtained, less, fine):
    facts = replace(
        ENGINEER, level="associate_senior", held=Held("intermediate", obtained, "工程技术"),
        degrees=(Degree(education, dt.date(2005, 7, 1)),), years_less=less,
    )  # fmt: skip
    found = list(CONDITIONS["recommend"](facts))
    assert (found == []) is fine
    assert all(problem.basis == "engineering.years_in_title" for problem in found)
    assert list(CONDITIONS["recommend"](replace(facts, law_day=OLD))) == []


def test_examination_plus_appraisal():
    accountant = replace(
        ENGINEER, series="会计", by_exam=True, level="associate_senior", held=Held("intermediate"), exam_passed=True
    )
    assert list(CONDITIONS["exam_plus"](accountant)) == []
    assert list(CONDITIONS["exam_plus"](replace(accountant, exam_passed=False)))
    last = replace(accountant, exam_valid_until=DAY, handed_in_on=DAY)
    assert list(CONDITIONS["exam_plus"](last)) == []
    over = replace(last, handed_in_on=DAY + dt.timedelta(days=1))  # the day of handing in counts, not the law's day
    [only] = CONDITIONS["exam_plus"](over)
    assert "2026-03-02" in str(only)
    assert "2026-03-03" in str(only)
    assert list(CONDITIONS["exam_plus"](replace(accountant, exam_passed_on=END, handed_in_on=DAY)))


@pytest.fixture
def accountant(clock):
    clock(DAY)
    city, cycle = a_cycle(DAY.year, committees=("accounting",))
    line = cycle.line("accounting", "associate_senior", "exam_plus")
    return declare.draft(city, cycle, 17, line=line)


@pytest.mark.django_db
def test_r13_civil_servants_are_barred_from_examination_plus_appraisal(accountant):
    assert DECLARATION.problems(accountant, "submit", actor=accountant.applicant.user) != []  # 2-9 is not signed yet
    Declaration.objects.filter(pk=accountant.pk).update(staff_kind="civil_servant")
    problems = DECLARATION.problems(fresh(accountant), "submit", actor=accountant.applicant.user)
    assert "civil_servants.excluded" in {problem.basis for problem in problems}


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_the_office_checks_the_examination_with_its_proof(accountant):
    [item] = [item for item in items_of(accountant) if item.section == "way"]
    assert {"高级资格考试", "2025-09-10", "合格"} <= {value for _label, value in item.claim}
    assert [upload.original_name for upload in item.uploads] == ["证明材料.pdf"]
    row = declare.submit(accountant)
    assert roster.row_of(row, END)["remark"] == "高级资格考试（2025-09-10，合格）"
    assert roster.row_of(row, END)["mode"] == "考评结合"


SENIOR = replace(
    ENGINEER, level="associate_senior", held=Held("intermediate", dt.date(2018, 12, 31), "工程技术"),
)  # fmt: skip


@pytest.mark.parametrize(
    ("level", "title", "fine"),
    [
        ("associate_senior", "高级工程师", True),
        ("intermediate", "工程师", True),  # the level asked for, not below it
        ("assistant", "助理工程师", False),
        (None, "国家一级标准化专家", True),  # the register does not know the name: the office looks at it
    ],
)
def test_r24_an_experts_title_is_not_lower_than_the_title_asked_for(level, title, fine):
    experts = (Expert("周正明", "高级工程师", "associate_senior", 1), Expert("沈国良", title, level, 2))
    found = list(CONDITIONS["exceptional"](replace(ENGINEER, held=Held(), experts=2, recommended_by=experts)))
    assert (found == []) is fine
    assert [problem.basis for problem in found] == [""] * len(found)  # our own demand: nothing is cited
    assert all("沈国良" in str(problem) and problem.field == "way.2" for problem in found)


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        ({"years_asked": 4}, State.OPEN),  # the standard says it
        ({"years_asked": None}, State.UNCLEAR),  # no published number of years for an engineer of this level
        ({"years_asked": 7}, State.CLOSED),
        ({"years_asked": 4, "committee_known": False}, State.UNCLEAR),
    ],
)
def test_r26_what_nothing_published_says_is_unclear_and_cites_nothing(facts, state):
    verdict = next(v for v in verdicts(replace(ENGINEER, **facts)) if v.way == "regular")
    assert verdict.state == state
    assert bool(verdict.open_questions) is (state == State.UNCLEAR)
    assert all("《" not in words and "人社部发" not in words for words in (*verdict.open_questions, verdict.advice))


def test_r23_an_unasked_question_leaves_the_transfer_unclear():
    held = Held("intermediate", dt.date(2020, 12, 31), "农业技术")
    found = {v.way: v for v in verdicts(replace(ENGINEER, held=held))}
    assert found["transfer"].state == State.UNCLEAR
    assert "新岗位" in found["transfer"].open_questions[0]
    known = {v.way: v for v in verdicts(replace(ENGINEER, held=held, post_since=dt.date(2020, 1, 1)))}
    assert known["transfer"].state == State.OPEN


def test_engineers_years_of_2018_are_advice_and_never_a_reason():
    senior = replace(SENIOR, law_day=OLD, counted_to=dt.date(2018, 12, 31), years_asked=0)
    verdict = next(v for v in verdicts(senior) if v.way == "recommend")
    assert verdict.state == State.OPEN  # held for less than a day: the table of that time stops nobody
    assert "10 年" in verdict.advice
    assert next(v for v in verdicts(replace(SENIOR, years_asked=0)) if v.way == "recommend").advice == ""
    other = next(v for v in verdicts(replace(senior, series="农业技术")) if v.way == "recommend")
    assert other.advice == ""


def test_r22_a_confirmation_has_the_manner_3_in_its_certificate_number():
    number = compose(year=2026, level="intermediate", channel="confirmation", series=5, committee="109", serial=7)
    assert number[:18] == "331100" + "2026" + "3" + "3" + "05" + "109" + "0"
    assert [
        compose(year=2026, level="intermediate", channel=way, series=5, committee="109", serial=7)[11]
        for way in ("regular", "preliminary", "transfer", "special", "exam_plus", "exceptional")
    ] == ["1", "2", "4", "5", "1", "1"]


def test_the_way_out_is_said():
    found = {verdict.way: verdict for verdict in verdicts(replace(ENGINEER, held=Held()))}
    assert found["regular"].state == State.CLOSED
    assert "破格" in found["regular"].way_out
    civil = verdicts(replace(ENGINEER, civil_servant=True))
    assert all(verdict.state == State.CLOSED for verdict in civil)
    assert all(verdict.way_out == "" for verdict in civil)
    assert "丽水市人力资源和社会保障局" in next(v for v in civil if v.way == "regular").reasons[0].citation


@pytest.mark.django_db
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
    faulty = client.get(url, {**asked, "obtained": "", "finished": "2050"}).content.decode()
    assert "请填写取得职称的年份" in faulty
    assert "年份晚于今年" in faulty


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_r24_the_page_asks_for_two_experts_and_their_letters(exceptional, client):
    draft = exceptional
    client.force_login(draft.applicant.user)
    url = reverse("applications:my-section", args=[draft.pk, "way"])
    page = client.get(url).content.decode()
    assert "周正明" in page
    assert "推荐专家（须两名）" in page
    first, second = draft.expert_recommendations.all()
    second.delete()
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


@pytest.mark.django_db
def test_only_ways_that_ask_for_something_have_the_page(clock, client):
    clock(DAY)
    city, cycle = a_cycle(DAY.year, committees=("forestry",))
    draft = declare.draft(city, cycle, 9, line=cycle.line("forestry"))
    client.force_login(draft.applicant.user)
    assert client.get(reverse("applications:my-section", args=[draft.pk, "way"])).status_code == 404
    assert "申报途径说明" not in client.get(reverse("applications:my-detail", args=[draft.pk])).content.decode()


@pytest.mark.django_db
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
    draft.materials.filter(code="entrustment").update(removed=True)
    assert "委托评审函" in str(next(strict_form_complete(fresh(draft), SimpleNamespace(day=DAY))))
    assert "不能受理" in str(next(entrusted_where_from_elsewhere(fresh(draft), None)))


def fresh(declaration):
    return Declaration.objects.get(pk=declaration.pk)


@pytest.mark.django_db
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


@pytest.mark.django_db
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


@pytest.mark.django_db
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


@pytest.mark.django_db
def test_r24_the_cover_of_2_1_is_marked(exceptional):
    declare.submit(exceptional)
    assert form_2_1.content(exceptional)["mark"] == "破格"
    html = loader.render_to_string("documents/2-1.html", form_2_1.content(exceptional))
    assert html.index("破格</p>") < html.index("<h2>")


def test_every_way_has_its_word_on_the_roster():
    assert set(roster.CHANNELS) == set(Channel.values)
