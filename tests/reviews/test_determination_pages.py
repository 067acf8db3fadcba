"""Pages of determinations: county bureau and bureau, in Chinese, with literal numbers of queries."""

import pytest
from django.urls import reverse

from appraisal_portal.accounts.models import Employment, Person
from appraisal_portal.home.benchmark import fill
from appraisal_portal.home.story import determine as story
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.workflow import Blocked
from committees.reviews.models import Determination
from committees.reviews.services import determination as service
from tests.factories import determination as factory
from tests.factories.determination import DECIDED_ON
from tests.factories.unit_stage import a_stage
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_stage)]


def signed_in(client, user):
    client.force_login(user)
    return client


def test_county_bureau_writes_and_second_person_decides(client):
    city, cycle, line = factory.a_line()
    rows = factory.qualified(city, factory.recommended_for(city, cycle, line, 1, 2))
    authority = rows[0].unit.forwarder
    first, second = story.first_person(authority), story.second_person(city, authority)
    with clock.travel(DECIDED_ON):
        signed_in(client, first)
        page = client.get(reverse("reviews:determination-list")).content.decode()
        assert "初定与确认" in page
        assert "不经表决待认定" in page
        assert rows[0].applicant.name in page
        new = reverse("reviews:determination-new", args=[line.pk])
        assert "撰写认定" in client.get(new).content.decode()
        typed = {"reference": "云人社认〔2026〕1号", "contact": "陈方圆", "phone": "0578-5120001"}
        for row in rows:
            typed[f"outcome-{row.pk}"], typed[f"reason-{row.pk}"] = "granted", ""
        typed[f"outcome-{rows[1].pk}"] = "refused"
        answer = client.post(new, typed)
        assert answer.status_code == 422
        assert "请写明理由" in answer.content.decode()
        assert "云人社认〔2026〕1号" in answer.content.decode()
        typed[f"reason-{rows[1].pk}"] = "毕业后工作年限不足。"
        assert client.post(new, typed).status_code == 302
        made = Determination.objects.get()
        do = reverse("reviews:determination-do", args=[made.pk, "propose"])
        assert client.post(do, {"content_hash": made.content_hash()}).status_code == 302
        assert client.get(reverse("reviews:determination-do", args=[made.pk, "decide"])).status_code == 403
        client.logout()
        signed_in(client, second)
        assert "下一步" in client.get(made.get_absolute_url()).content.decode()
        back = client.get(reverse("reviews:determination-do", args=[made.pk, "send_back"])).content.decode()
        for item in ("文号", f"名单第 2 号 · {rows[1].applicant.name}"):
            assert item in back, "each can be sent back with its own words"
        do = reverse("reviews:determination-do", args=[made.pk, "decide"])
        assert client.post(do, {"content_hash": made.content_hash(), "confirm": "2"}).status_code == 302
        made.refresh_from_db()
        assert made.status == "decided"
        client.logout()
        signed_in(client, first)
        client.post(reverse("reviews:determination-letter", args=[made.pk]))
        page = client.get(made.get_absolute_url()).content.decode()
        assert "关于初定职称的决定" in page
        papers = {paper.code: paper.document.snapshot for paper in made.papers.select_related("document")}
        letter = papers["determination"]
        assert letter["number"] == "云人社认〔2026〕1号"
        assert letter["paragraphs"][0].endswith("报市人力资源和社会保障局公布并制发电子证书。")
        assert letter["paragraphs"][-1] == "另有1人未予初定，理由分别书面告知本人及其所在单位，不列入本决定。"
        assert rows[0].applicant.name in str(letter)
        assert rows[1].applicant.name not in str(letter), "the letter goes to units of other people, too"
        register = papers["determination-register"]["rows"]
        assert [(row["seq"], row["name"], row["outcome"], row["reason"]) for row in register] == [
            ("1", rows[0].applicant.name, "予以初定", ""),
            ("2", rows[1].applicant.name, "不予初定", "毕业后工作年限不足。"),
        ]
        sheet = reverse("reviews:determination-paper", args=[made.pk, "determination-register", 1])
        assert client.get(sheet).status_code == 200
        assert client.get(reverse("reviews:determination-publicity", args=[made.pk])).status_code == 200


def test_nobody_determines_people_of_the_own_unit(client):
    """They are counted, not offered; a colleague of another unit still has them. Typed in all the same, refused."""
    city, cycle, line = factory.a_line()
    rows = factory.qualified(city, factory.recommended_for(city, cycle, line, 1, 2))
    authority = rows[0].unit.forwarder
    first, second = story.first_person(authority), story.second_person(city, authority)
    Person.objects.filter(pk=fill.people(1, first=900)[0].pk).update(user=first.pk)
    Employment.objects.create(
        person=Person.objects.get(user=first.pk), unit=rows[0].unit, starts_on=DECIDED_ON, status="confirmed",
        confirmed_kind="staff", confirmed_by=city.user("unit_clerk", rows[0].unit),
    )  # fmt: skip
    with clock.travel(DECIDED_ON):
        listed = reverse("reviews:determination-list")
        page = signed_in(client, first).get(listed).content.decode()
        assert "您本单位另有 2 人待认定" in page
        assert "没有待认定的人员" not in page
        assert rows[0].applicant.name not in page
        assert (
            rows[0].applicant.name
            not in client.get(reverse("reviews:determination-new", args=[line.pk])).content.decode()
        )
        letter = {"reference": "云人社认〔2026〕1号", "contact": "陈方圆", "phone": "0578-5120001"}
        granted = {row.pk: ("granted", "") for row in rows}
        with pytest.raises(Blocked):
            service.prepare(line, granted, user=first, **letter)
        client.logout()
        page = signed_in(client, second).get(listed).content.decode()
        assert rows[0].applicant.name in page
        assert "您本单位" not in page
        made = service.prepare(line, granted, user=second, **letter)
        with pytest.raises(Blocked, match="本单位"):
            service.change(made, granted, user=first, **letter)


def test_list_asks_as_much_for_three_rows_as_for_one(client, django_assert_max_num_queries):
    city, cycle, line = factory.a_line()
    rows = factory.qualified(city, factory.recommended_for(city, cycle, line, 1, 2, 3))
    with clock.travel(DECIDED_ON):
        signed_in(client, story.first_person(rows[0].unit.forwarder))
        with django_assert_max_num_queries(12):
            client.get(reverse("reviews:determination-list"))
        with django_assert_max_num_queries(12):
            client.get(reverse("reviews:determination-new", args=[line.pk]))


def test_strangers_see_nothing(client):
    city, cycle, line = factory.a_line()
    rows = factory.qualified(city, factory.recommended_for(city, cycle, line, 1))
    with clock.travel(DECIDED_ON):
        made = story.decide(city, rows)
        other = story.first_person(city.counties["莲都区"])
        assert signed_in(client, other).get(made.get_absolute_url()).status_code == 404
        client.logout()
        assert signed_in(client, city.user("bureau_approver")).get(made.get_absolute_url()).status_code == 200
