"""The office writes relief (倾斜) and classes (申报类别) of a standard; the bureau reads them in words."""

import pytest
from django.urls import reverse

from appraisal_portal.kernel import clock
from committees.plans import services
from committees.plans.models import StandardVersion
from committees.plans.workflow import STANDARD_VERSION
from tests.factories.plans import a_cycle, days

pytestmark = pytest.mark.django_db

TILT = {
    "text": "长期在艰苦边远乡镇工作", "years_less": "1", "hours_less": "", "free_of": ["papers"],
    "evidence": "乡镇工作证明", "document": "丽人社〔2026〕9号",
}  # fmt: skip
CLASS = {
    "text": "家庭农场", "hint": "经登记的家庭农场经营者", "level_from": "none", "years": "5",
    "evidence": "登记证明", "document": "丽人社〔2026〕9号",
}  # fmt: skip


@pytest.fixture
def told():
    city, cycle = a_cycle(committees=("forestry",))
    committee = cycle.committee("109")
    version = services.draft_version(
        committee, cycle.series(), "intermediate", effective_from=clock.today() + days(120), summary="新标准",
        evidence_required=[{"code": "papers", "text": "论文", "required": True}],
    )  # fmt: skip
    return city, version


def posted(tilts=(), classes=(), *, known=(0, 0), **more):
    data = dict(more)
    for prefix, rows, initial in (("tilts", tilts, known[0]), ("classes", classes, known[1])):
        data |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": initial}
        for place, row in enumerate(rows):
            data |= {f"{prefix}-{place}-{name}": value for name, value in row.items()}
    return data


@pytest.mark.notice("IV.2.f")
def test_the_office_writes_relief_and_classes(client, told):
    city, version = told
    client.force_login(city.user("office_clerk", "forestry"))
    url = reverse("plans:version-conditions", args=[version.pk])
    assert "倾斜政策与申报类别" in client.get(url).content.decode()
    empty = [{"text": "", "years_less": ""}, {"text": "", "level_from": "none", "years": ""}]  # as a browser posts them
    assert client.post(url, posted([TILT, empty[0]], [CLASS, empty[1]])).status_code == 302
    version.refresh_from_db()
    [tilt], [entry] = version.tilts, version.classes
    assert {**tilt, "code": ""} == {**TILT, "code": "", "years_less": 1, "hours_less": 0}
    assert {**entry, "code": ""} == {**CLASS, "code": "", "years": 5}
    page = client.get(version.get_absolute_url()).content.decode()
    assert "任职年限少要求 1 年；可不提交：论文" in page
    assert "证明：登记证明 · 依据：丽人社〔2026〕9号" in page
    # a new name keeps the code, for claims hang on it; a code nobody has given is not taken over
    changed = [{**TILT, "code": tilt["code"], "text": "艰苦边远"}, {**TILT, "text": "另一项", "code": "papers"}]
    assert client.post(url, posted(changed, [{**CLASS, "code": entry["code"]}], known=(1, 1))).status_code == 302
    version.refresh_from_db()
    assert [row["text"] for row in version.tilts] == ["艰苦边远", "另一项"]
    assert version.tilts[0]["code"] == tilt["code"]
    assert version.tilts[1]["code"] not in ("papers", tilt["code"])
    gone = [{**row, "DELETE": "on"} for row in ({**TILT, "code": tilt["code"]},)]
    assert client.post(url, posted(gone, [{**CLASS, "code": entry["code"]}], known=(1, 1))).status_code == 302
    version.refresh_from_db()
    assert (version.tilts, len(version.classes)) == ([], 1)


@pytest.mark.parametrize(
    ("tilts", "words"),
    [
        ([{**TILT, "years_less": "0", "free_of": []}], "请写明放宽什么"),
        ([{**TILT, "document": ""}], "依据文件"),
        ([TILT, TILT], "有两项名称相同"),
        ([{**TILT, "years_less": "-1"}], "至少 0（已填 -1）"),
        ([{**TILT, "free_of": ["unknown"]}], "unknown"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_stored(client, told, tilts, words):
    city, version = told
    client.force_login(city.user("office_clerk", "forestry"))
    url = reverse("plans:version-conditions", args=[version.pk])
    refused = client.post(url, posted(tilts))
    assert refused.status_code == 422
    page = refused.content.decode()
    assert words in page
    assert "乡镇工作证明" in page  # everything typed stays
    version.refresh_from_db()
    assert version.tilts == []


def test_other_offices_and_submitted_versions_are_closed(client, told):
    city, version = told
    url = reverse("plans:version-conditions", args=[version.pk])
    client.force_login(city.user("office_clerk", "enterprise"))
    assert client.get(url).status_code in (403, 404)
    director = city.user("committee_director", "forestry")
    STANDARD_VERSION.fire(version, "submit", actor=director)
    client.force_login(city.user("office_clerk", "forestry"))
    assert client.post(url, posted([TILT])).status_code == 403
    assert StandardVersion.objects.get(pk=version.pk).tilts == []


def test_a_relief_frees_only_from_evidence_the_standard_asks_for(told):
    city, version = told
    director = city.user("committee_director", "forestry")
    row = {"code": "x", "text": "艰苦边远", "years_less": 0, "hours_less": 0, "free_of": ["gone"], "evidence": "证明",
           "document": "文件"}  # fmt: skip
    version.tilts = [row]
    words = [str(p) for p in STANDARD_VERSION.problems(version, "submit", actor=director)]
    assert words == ["“艰苦边远”所免交的材料已不在本标准的材料清单中。"]
    version.tilts = [{**row, "free_of": []}]
    assert "没有写明放宽什么" in str(STANDARD_VERSION.problems(version, "submit", actor=director)[0])
    version.tilts = [{**row, "free_of": ["papers"], "document": ""}]
    assert "请写明证明材料和依据文件" in str(STANDARD_VERSION.problems(version, "submit", actor=director)[0])
    version.tilts = [{**row, "free_of": ["papers"]}]
    assert STANDARD_VERSION.problems(version, "submit", actor=director) == []


def test_the_bureau_confirms_them_in_words(client, told):
    city, version = told
    version.tilts = [{"code": "c1", **TILT, "years_less": 1, "hours_less": 0}]
    version.classes = [{"code": "c2", **CLASS, "years": 5}]
    services.save_draft(version)
    STANDARD_VERSION.fire(version, "submit", actor=city.user("committee_director", "forestry"))
    client.force_login(city.user("bureau_reviewer"))
    page = client.get(reverse("plans:version-do", args=[version.pk, "propose"])).content.decode()
    for words in (
        "任职年限少要求的年数",
        "可以不提交的材料",
        "论文",
        "丽人社〔2026〕9号",
        "无需职称",
        "从事本专业年限",
    ):
        assert words in page
    assert version.decision_content()["tilts"][0]["free_of"] == ["论文"]
