"""Post structures (岗位结构, R-17): who enters them, what is refused, loading at set-up, the last post."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from applications.services import unit as service
from appraisal_portal.accounts.models import Organisation, PostStructure
from appraisal_portal.accounts.services import post_level, posts, structure_of
from appraisal_portal.home.story import unit as story
from appraisal_portal.home.story.city import PASSWORD, build_city
from appraisal_portal.kernel.workflow import Blocked
from tests.factories.unit_stage import MONDAY, PUBLICITY_OVER, a_stage, publicised

DAY = dt.date(2026, 3, 2)
HEADER = "unit,level,approved,used,document,decided_on\n"


@pytest.fixture
def city(clock):
    clock(DAY)
    return build_city()


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
