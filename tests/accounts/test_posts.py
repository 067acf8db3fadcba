"""Post structures (岗位结构, R-17): who enters them, what is refused, loading at set-up, the last post."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from applications.rules import unit as rules
from applications.services import unit as service
from applications.workflow import DECLARATION
from appraisal_portal.accounts.models import Organisation, PostStructure
from appraisal_portal.accounts.services import post_level, posts, structure_of
from appraisal_portal.home.story import unit as story
from appraisal_portal.home.story.city import PASSWORD
from appraisal_portal.kernel.workflow import Act, Blocked
from tests.factories.accounts import a_city
from tests.factories.unit_stage import MONDAY, PUBLICITY_OVER, a_stage, publicised
from tests.stage import begins_with

pytestmark = begins_with(a_city)
DAY = dt.date(2026, 3, 2)
HEADER = "unit,level,approved,used,document,decided_on\n"


@pytest.fixture
def city(clock):
    clock(DAY)
    return a_city()


def public(city):
    return next(unit for unit in city.units if unit.employer_kind == "public_institution" and unit.forwarder_id)


def test_technicians_and_assistants_share_the_junior_posts():
    assert [post_level(level) for level in ("technician", "assistant", "intermediate", "senior")] == [
        "junior", "junior", "intermediate", "senior",
    ]  # fmt: skip


@pytest.mark.django_db
def test_a_new_document_ends_the_row_before_it(city):
    unit = public(city)
    before = structure_of(unit.pk, "intermediate", DAY)
    posts.enter(
        unit, "intermediate", approved=9, used=3, document="丽人社岗〔2026〕2号", decided_on=dt.date(2026, 2, 2),
        valid_from=dt.date(2026, 4, 1),
    )  # fmt: skip
    before.refresh_from_db()
    assert before.valid_to == dt.date(2026, 3, 31)
    assert structure_of(unit.pk, "intermediate", dt.date(2026, 3, 31)) == before
    assert structure_of(unit.pk, "intermediate", dt.date(2026, 4, 1)).approved == 9
    with pytest.raises(Blocked) as refused:
        posts.enter(
            unit, "intermediate", approved=2, used=3, document=" ", decided_on=dt.date(2026, 3, 3),
            valid_from=dt.date(2026, 4, 1),
        )  # fmt: skip
    assert {problem.field for problem in refused.value.problems} == {"used", "document", "decided_on", "valid_from"}


@pytest.mark.django_db
def test_the_file_of_the_set_up_names_every_faulty_line(city):
    good = HEADER + "丽水市新单位,senior,3,1,丽人社岗〔2024〕1号,2024-03-01\n"
    assert posts.load(good.splitlines()) == 1
    made = PostStructure.objects.get(unit__name="丽水市新单位")
    assert (made.level, made.approved, made.used, made.unit.status) == ("senior", 3, 1, "active")
    bad = HEADER + (
        "丽水市另一单位,senior,3,1,文,2024-03-01\n"
        "丽水市另一单位,chief,3,1,文,2024-03-01\n"
        "丽水市另一单位,junior,drei,1,文,2024-03-01\n"
        "丽水市另一单位,intermediate,3,4,文,2024-02-30\n"
    )
    with pytest.raises(Blocked) as refused:
        posts.load(bad.splitlines())
    said = [str(problem) for problem in refused.value.problems]
    assert [line for line in said if "3" in line and "level" in line]
    assert [line for line in said if "4" in line and "drei" in line]
    assert [line for line in said if "5" in line and "2024-02-30" in line]
    assert not Organisation.objects.filter(name="丽水市另一单位").exists()
    with pytest.raises(Blocked, match="approved, used, document, decided_on"):
        posts.load(["unit,level"])


@pytest.mark.django_db
def test_the_county_bureau_enters_and_the_unit_only_reads(city):
    unit = public(city)
    name = f"{unit.name}"

    def ask(role, body, url, data=None):
        client = Client()
        client.force_login(city.user(role, body))
        return client.post(url, data) if data is not None else client.get(url)

    new, detail = (reverse(f"accounts:post-{part}", args=[unit.pk]) for part in ("new", "detail"))
    other = next(body for body in city.counties.values() if body.pk != unit.forwarder_id)
    assert ask("forwarder", other, detail).status_code == 404
    assert ask("unit_clerk", unit, new).status_code == 403
    read = ask("unit_clerk", unit, detail).content.decode()
    assert "中级岗位" in read
    assert new not in read
    data = {
        "level": "senior", "approved": "2", "used": "5", "document": "丽人社岗〔2026〕3号", "decided_on": "2026-02-01",
        "valid_from": "2026-03-01",
    }  # fmt: skip
    authority = unit.forwarder if unit.forwarder.kind == "county_bureau" else city.bureau
    role = "forwarder" if authority.kind == "county_bureau" else "bureau_reviewer"
    refused = ask(role, authority, new, data)
    assert refused.status_code == 422
    assert "已聘岗位数多于核准岗位数" in refused.content.decode()
    assert "丽人社岗〔2026〕3号" in refused.content.decode()
    assert ask(role, authority, new, {**data, "used": "1"}).status_code == 302
    assert structure_of(unit.pk, "senior", DAY).authority == authority
    assert name in ask("bureau_approver", city.bureau, reverse("accounts:post-list")).content.decode()


@pytest.mark.django_db(transaction=True)
def test_r17_two_recommendations_race_for_the_last_post(clock):
    clock(MONDAY)
    city, cycle = a_stage()
    unit = next(unit for unit in city.units if unit.employer_kind == "public_institution")
    both = publicised(city, cycle, 25, 26, unit=unit)
    clock(PUBLICITY_OVER)
    for declaration in both:
        story.seal(declaration)
    unit.post_structures.filter(level="intermediate").update(approved=5, used=4)
    told = []

    def recommend(declaration):
        try:
            service.recommend(declaration, actor=story.head_of(declaration), password=PASSWORD, opinion="同意推荐")
            told.append("recommended")
        except Blocked as error:
            told.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=recommend, args=[declaration]) for declaration in both]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told.count("recommended") == 1
    [refusal] = [words for words in told if words != "recommended"]
    assert "5" in refusal
    assert "4" in refusal


def _clerk_of(unit):
    return unit.memberships.filter(role="unit_clerk").order_by("pk").first().user


@pytest.mark.django_db
@pytest.mark.notice("III.b")
def test_unit_publishes_its_post_information_and_prints_the_sheet(city):
    unit = public(city)
    unit.post_information.update(year=2001)
    client = Client(headers={"accept-language": "zh-hans"})
    client.force_login(_clerk_of(unit))
    page = client.get(reverse("accounts:post-detail", args=[unit.pk])).content.decode()
    assert "2026年还没有公布" in page
    new = reverse("accounts:postinformation-new")
    told = client.post(
        new, {"year": 2026, "posts": "中级 2 名", "place": "一楼公告栏", "posted_on": "2026-03-03"}
    ).content.decode()
    assert "公布日期不能晚于今天" in told
    assert "中级 2 名" in told  # typed values stay
    answer = client.post(new, {"year": 2026, "posts": "中级 2 名", "place": "一楼公告栏", "posted_on": "2026-03-02"})
    assert answer.status_code == 302
    row = unit.post_information.get(year=2026)
    assert row.sheet.snapshot["posts"] == ["中级 2 名"]
    assert "一楼公告栏" in client.get(answer.url).content.decode()
    sheet = client.get(reverse("accounts:postinformation-sheet", args=[row.pk]))
    assert sheet["Content-Type"] == "application/pdf"
    other = Organisation.objects.filter(kind="unit").exclude(pk=unit.pk).filter(memberships__role="unit_clerk").first()
    client.force_login(_clerk_of(other))
    assert client.get(reverse("accounts:postinformation-sheet", args=[row.pk])).status_code == 404


@pytest.mark.django_db
def test_without_post_information_a_public_institution_cannot_recommend(clock):
    city, cycle = a_stage()
    clock(MONDAY)
    [declaration] = publicised(city, cycle, 41)
    clock(PUBLICITY_OVER)
    unit = declaration.unit
    unit.employer_kind = "public_institution"
    unit.save(update_fields=["employer_kind"])
    guard = rules.post_information_published
    act = Act(story.head_of(declaration), DECLARATION.transitions["recommend"])
    unit.post_information.update(year=declaration.year)
    if not unit.post_information.exists():
        unit.post_information.create(
            year=declaration.year, posts="中级 2 名", place="公告栏", posted_on=dt.date(2026, 1, 5)
        )
    assert not list(guard(declaration, act))
    unit.post_information.update(year=declaration.year - 1)
    [problem] = guard(declaration, act)
    assert str(declaration.year) in str(problem)
    assert problem.basis == "posts.within_structure"
    unit.employer_kind = "enterprise"
    assert not list(guard(declaration, act))
