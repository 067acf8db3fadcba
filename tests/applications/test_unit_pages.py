"""Pages of unit, forwarder and office: they render for each role in both languages, and act as the services do."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications.documents.declaration import form_2_1
from applications.models import Declaration, ForwardingOpinion, ItemCheck, Signature, UnitObjection, UnitPublicity
from applications.rules.items import items_of
from appraisal_portal.home.story import unit as story
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.city import PASSWORD
from appraisal_portal.home.story.people import evidence_pdf
from appraisal_portal.kernel import clock as portal_clock
from appraisal_portal.kernel.models import Reveal
from tests.factories.unit_stage import MONDAY, PUBLICITY_OVER, a_stage, handed_in
from tests.factories.unit_stage import recommended as recommended_ones
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_stage)]

LANGUAGES = ("zh-hans", "en")
STOPPED = [
    "The publicity runs until 2026-03-09 (Mon, 5 working days left), 24:00. Recommend from the day after.",
    "The undertaking 2-9 lacks the seal.",
]


@pytest.fixture
def stage(clock):
    city, cycle = a_stage()
    clock(MONDAY)
    return city, cycle


def page(client, user, name, *args, status=200, method="get", data=None, **extra):
    """One page as that user, in both languages when read."""
    client.force_login(user)
    url = reverse(f"applications:{name}", args=args)
    client.cookies["django_language"] = "en"
    if method == "post":
        answer = client.post(url, data or {}, **extra)
        assert answer.status_code == status, answer.content.decode()[:3000]
        return answer
    for language in LANGUAGES:
        client.cookies["django_language"] = language
        answer = client.get(url, data or {})
        assert answer.status_code == status, answer.content.decode()[:3000]
    return answer


def checks(declaration, *, doubtful=""):
    """POST data judging every item."""
    data = {}
    for item in items_of(declaration):
        data[f"result-{item.control}"] = "unclear" if item.code.startswith(doubtful or "-") else "true"
        data[f"note-{item.control}"] = "复印件不清楚" if item.code.startswith(doubtful or "-") else ""
    return data


def _signed(declaration, mark):
    """When a mark of 2-9 was made, as pages say it."""
    row = Signature.objects.get(undertaking__declaration=declaration, undertaking__voided_at=None, mark=mark)
    return f"{portal_clock.local(row.at):%Y-%m-%d %H:%M}"


def test_the_unit_from_its_dashboard_to_the_recommendation(client, stage, clock):
    city, cycle = stage
    declaration = handed_in(city, cycle, 21)
    clerk, head = story.clerk_of(declaration), story.head_of(declaration)
    for user in (clerk, head):
        page(client, user, "unit-dashboard")
        page(client, user, "unit-list")
        page(client, user, "unit-declaration", declaration.pk)
        page(client, user, "unitpublicity-list")
    early = page(client, clerk, "unit-verify", declaration.pk)
    assert "Not checked yet" in early.content.decode()
    first, *others = items = items_of(declaration)
    partly = {f"result-{first.control}": "true"}
    page(client, clerk, "unit-declaration", declaration.pk, method="post", data=partly, status=302)
    shown = page(client, clerk, "unit-declaration", declaration.pk).content.decode()
    assert f"Still to be checked: {len(items) - 1} of {len(items)}" in shown
    assert "Verify and sign…" not in shown  # it would only lead to the list of what is not checked
    contents, _end, cases = shown.partition('<nav class="contents')[2].partition("</nav>")
    for part in (contents, cases):
        order = re.findall(r'(?:href="#|<h2 id=")item-([^"]+)"', part)
        assert order == [item.control for item in (*others, first)]  # what nobody has checked stands first
    page(client, clerk, "unit-declaration", declaration.pk, method="post", data=checks(declaration), status=302)
    shown = page(client, clerk, "unit-declaration", declaration.pk).content.decode()
    assert shown.partition('class="actions stays"')[2].partition("</form>")[0].count("Verify and sign…") == 1
    assert ItemCheck.objects.filter(declaration=declaration, stage="unit", by=clerk).count() == len(
        items_of(declaration)
    )
    page(client, clerk, "unit-return", declaration.pk)
    wrong = page(client, clerk, "unit-verify", declaration.pk, method="post", data={"password": "wrong"}, status=422)
    assert "error-summary" in wrong.content.decode()
    page(client, clerk, "unit-verify", declaration.pk, method="post", data={"password": PASSWORD}, status=302)
    page(client, clerk, "unitpublicity-new")
    empty = page(client, clerk, "unitpublicity-new", method="post", data={"place": "公告栏"}, status=422)
    assert "公告栏" in empty.content.decode()
    posted = {"declarations": [declaration.pk], "place": "公告栏", "contact": "人事科"}
    page(client, clerk, "unitpublicity-new", method="post", data=posted, status=302)
    publicity = UnitPublicity.objects.get()
    for user in (clerk, head):
        shown = page(client, user, "unitpublicity-detail", publicity.pk).content.decode()
        sheet = reverse("applications:unitpublicity-paper", args=[publicity.pk, "unit-posting"])
        assert f'class="btn" href="{sheet}"' in shown
    shown = page(client, head, "unit-declaration", declaration.pk).content.decode()
    assert "Recommend and sign…" not in shown
    stops = shown.partition("Before it can be recommended")[2].partition("</div>")[0]
    assert re.findall("<li>(.*?)</li>", stops) == STOPPED
    assert all(stop in page(client, head, "unit-recommend", declaration.pk).content.decode() for stop in STOPPED)
    assert (
        "Before it can be recommended" not in page(client, clerk, "unit-declaration", declaration.pk).content.decode()
    )
    story.verify(handed_in(city, cycle, 22))
    again = page(client, clerk, "unitpublicity-new").content.decode()
    assert f'name="place" value="{posted["place"]}"' in again  # the next list is mostly posted in the same place
    paper = page(client, clerk, "unitpublicity-paper", publicity.pk, "unit-posting")
    assert paper.content.startswith(b"%PDF")
    page(client, clerk, "unitpublicity-certify", publicity.pk, method="post", status=409)

    page(client, clerk, "unitobjection-new", declaration.pk)
    data = {
        "filed_by": "陈立新",
        "received_on": "2026-03-02",
        "content": "陈立新认为本人排名与证书不符",
        "substance": "陈立新认为第二项业绩的排名不符",
    }
    named = page(client, clerk, "unitobjection-new", declaration.pk, method="post", data=data, status=422)
    assert "The person concerned must not read that." in named.content.decode()
    data["substance"] = "第二项业绩的排名不符"
    early = data | {"received_on": "2026-02-01"}
    page(client, clerk, "unitobjection-new", declaration.pk, method="post", data=early, status=422)
    nobody = page(
        client, clerk, "unitobjection-new", declaration.pk, method="post", data=data | {"filed_by": ""}, status=422
    )
    assert "Without a real name it is recorded only as a report" in nobody.content.decode()
    hostile = data | {"evidence": SimpleUploadedFile("x.pdf", b"no pdf at all")}
    page(client, clerk, "unitobjection-new", declaration.pk, method="post", data=hostile, status=422)
    assert not UnitObjection.objects.exists()
    data["evidence"] = SimpleUploadedFile("反映.pdf", evidence_pdf("反映材料"), "application/pdf")
    page(client, clerk, "unitobjection-new", declaration.pk, method="post", data=data, status=302)
    objection = UnitObjection.objects.get()
    assert page(client, head, "unitobjection-evidence", objection.pk).content.startswith(b"%PDF")
    assert "陈立新认为本人排名与证书不符" in page(client, clerk, "unit-declaration", declaration.pk).content.decode()
    page(client, clerk, "unit-dashboard")
    page(client, clerk, "unitobjection-outcome", objection.pk)
    outcome = {"outcome": "unfounded", "report": "核查不实"}
    wrong = outcome | {"report_file": SimpleUploadedFile("x.pdf", b"no pdf at all")}
    kept = page(client, clerk, "unitobjection-outcome", objection.pk, method="post", data=wrong, status=422)
    assert "核查不实" in kept.content.decode()
    outcome["report_file"] = SimpleUploadedFile("核查.pdf", evidence_pdf("核查"), "application/pdf")
    page(client, clerk, "unitobjection-outcome", objection.pk, method="post", data=outcome, status=302)
    outcome["report_file"] = SimpleUploadedFile("核查.pdf", evidence_pdf("核查"), "application/pdf")
    for method in ("get", "post"):
        late = page(client, clerk, "unitobjection-outcome", objection.pk, method=method, data=outcome, status=409)
        assert "The outcome of this objection has been recorded already." in late.content.decode()
    assert page(client, head, "unitobjection-report", objection.pk).content.startswith(b"%PDF")

    page(client, clerk, "unit-seal", declaration.pk)
    no_file = SimpleUploadedFile("x.pdf", b"no pdf at all", "application/pdf")
    page(client, clerk, "unit-seal", declaration.pk, method="post", data={"scan": no_file}, status=422)
    scan = SimpleUploadedFile("盖章.pdf", evidence_pdf("盖章"), "application/pdf")
    page(client, clerk, "unit-seal", declaration.pk, method="post", data={"scan": scan}, status=302)
    assert "2026-03-09" in page(client, head, "unit-recommend", declaration.pk).content.decode()
    page(client, head, "unit-refuse", declaration.pk)

    clock(PUBLICITY_OVER)
    page(client, clerk, "unitpublicity-certify", publicity.pk, method="post", status=302)
    assert page(client, head, "unitpublicity-paper", publicity.pk, "unit-publicity").content.startswith(b"%PDF")
    assert "Recommend and sign…" in page(client, head, "unit-declaration", declaration.pk).content.decode()
    to_sign = page(client, head, "unit-recommend", declaration.pk).content.decode()
    marks = re.search(r'<ul class="tasks">(.*?)</ul>', to_sign, re.S).group(1)
    assert [" ".join(re.sub(r"<[^>]+>", " ", mark).split()) for mark in marks.split("</li>")[:4]] == [
        f"Applicant {declaration.applicant.user} · {_signed(declaration, 'applicant')}",
        f"Verifier of the work unit {clerk} · {_signed(declaration, 'verifier')}",
        "Head of the work unit not signed yet",
        f"Seal of the work unit {clerk} · {_signed(declaration, 'seal')} · sealed on paper and scanned",
    ]
    page(client, clerk, "unit-recommend", declaration.pk, status=403)
    data = {"opinion": "同意推荐", "password": PASSWORD}
    page(client, head, "unit-recommend", declaration.pk, method="post", data=data, status=302)
    declaration.refresh_from_db()
    assert declaration.status == "recommended"
    page(client, clerk, "unit-verify", declaration.pk, method="post", data={"password": PASSWORD}, status=409)


def recommended(city, cycle, seed, clock):
    """A declaration past the unit, and the clock on the day after the publicity."""
    [declaration] = recommended_ones(city, cycle, seed)
    clock(PUBLICITY_OVER)
    return declaration


def test_a_return_keeps_what_is_typed_and_names_its_day(client, stage):
    city, cycle = stage
    declaration = handed_in(city, cycle, 21)
    clerk, applicant = story.clerk_of(declaration), declaration.applicant.user
    said = {"pick-hours": "on", "reason-hours": "学时与证书不一致", "answer_by": "2026-03-01"}
    proposed = page(client, clerk, "unit-return", declaration.pk).context["form"]["answer_by"].value()
    assert declaration.line.unit_deadline == dt.date(2026, 5, 16)
    assert proposed == dt.date(2026, 5, 10)  # posted that Sunday: 11 to 15 May; recommended on the last day
    late = page(client, clerk, "unit-return", declaration.pk, method="post", data=said, status=422)
    assert "This day is over already" in late.content.decode()
    assert "学时与证书不一致" in late.content.decode()
    said["answer_by"] = "2026-03-06"
    page(client, clerk, "unit-return", declaration.pk, method="post", data=said, status=302)
    for user, name in (
        (applicant, "my-fix"),
        (applicant, "my-detail"),
        (clerk, "unit-dashboard"),
        (clerk, "unit-list"),
    ):
        args = () if name in ("unit-dashboard", "unit-list") else (declaration.pk,)
        assert "2026-03-06" in page(client, user, name, *args).content.decode()


def test_forwarder_and_office(client, stage, clock):
    city, cycle = stage
    declaration = recommended(city, cycle, 31, clock)
    assert declaration.unit.forwarder
    forwarder, officer = holder("forwarder", declaration.unit.forwarder), story.officer_of(declaration)
    page(client, forwarder, "forwarder-list")
    page(client, forwarder, "forwarder-declaration", declaration.pk)
    page(client, forwarder, "forwarder-sendback", declaration.pk)
    page(client, officer, "office-list")
    early = page(client, officer, "office-accept", declaration.pk)
    assert declaration.unit.forwarder.name in early.content.decode()
    page(client, forwarder, "forwarder-declaration", declaration.pk, method="post", data={"opinion": ""}, status=422)
    page(
        client,
        forwarder,
        "forwarder-declaration",
        declaration.pk,
        method="post",
        data={"opinion": "同意报送"},
        status=302,
    )
    assert ForwardingOpinion.objects.get().opinion == "同意报送"
    for name in ("office-declaration", "office-accept", "office-redirect", "office-sendback"):
        page(client, officer, name, declaration.pk)
    page(client, officer, "office-accept", declaration.pk, method="post", status=302)
    declaration.refresh_from_db()
    assert declaration.handler == officer
    unit, forwarder = form_2_1.content(declaration)["opinions"]
    assert unit["text"] == story.OPINION
    assert unit["signed"].startswith(f"负责人：{declaration.recommendation.head.full_name}　2026 年")
    assert forwarder["heading"] == "呈报单位意见"
    assert forwarder["signed"].startswith(f"{declaration.unit.forwarder.name}　2026 年")
    for name in ("office-declaration", "office-supplement", "office-qualify", "office-disqualify"):
        page(client, officer, name, declaration.pk)
    data = checks(declaration, doubtful="hours")
    [unclear] = [name for name, value in data.items() if value == "unclear"]
    some = {unclear: "unclear", unclear.replace("result", "note"): "学时不足", "rest": "on"}
    forgotten = next(name for name in data if name.startswith("note-") and name != unclear.replace("result", "note"))
    kept = page(client, officer, "office-declaration", declaration.pk, method="post",
                data={**some, forgotten: "看不清"}, status=422)  # fmt: skip
    assert "there is a note, so judge it yourself" in kept.content.decode()
    page(client, officer, "office-declaration", declaration.pk, method="post", data=some, status=302)
    found = declaration.item_checks.filter(stage="office").values_list("result", flat=True)
    assert sorted(found) == ["true"] * (len(items_of(declaration)) - 1) + ["unclear"], "the rest by one button"
    stopped = page(client, officer, "office-qualify", declaration.pk)
    assert "Not found true" in stopped.content.decode()
    slip = {"pick-hours-1": "", "pick-attachments": "on", "reason-attachments": ""}
    page(client, officer, "office-supplement", declaration.pk, method="post", data=slip, status=422)
    slip["reason-attachments"] = "缺学时证明"
    page(client, officer, "office-supplement", declaration.pk, method="post", data=slip, status=302)
    page(client, officer, "office-declaration", declaration.pk)
    story.supply(Declaration.objects.get(pk=declaration.pk))
    second = page(client, officer, "office-supplement", declaration.pk)
    assert "only once" in second.content.decode()
    page(client, officer, "office-supplement", declaration.pk, method="post", data=slip, status=422)
    page(client, officer, "office-disqualify", declaration.pk, method="post", data={"reason": "不足"}, status=422)
    final = {"ground": "hours", "reason": "2024 年学时不足"}
    page(client, officer, "office-disqualify", declaration.pk, method="post", data=final, status=302)
    declaration.refresh_from_db()
    assert declaration.status == "disqualified"
    assert declaration.records.get(transition="disqualify").data == {"ground": "hours"}
    page(client, officer, "office-declaration", declaration.pk)
    for role in ("bureau_reviewer", "bureau_approver", "supervisor"):
        page(client, city.user(role), "office-list")
        page(client, city.user(role), "office-declaration", declaration.pk)


def test_the_full_number_is_shown_once_and_recorded(client, stage, clock):
    city, cycle = stage
    declaration = recommended(city, cycle, 41, clock)
    officer = story.officer_of(declaration)
    number = declaration.applicant.id_number
    assert number not in page(client, officer, "office-declaration", declaration.pk).content.decode()
    answer = page(client, officer, "office-reveal", declaration.pk, method="post", data={"reveal_reason": "compare"})
    assert number in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    row = Reveal.objects.get()
    assert (row.viewer, row.person_id, row.field) == (officer, declaration.applicant_id, "id_number")
    assert number not in page(client, officer, "office-declaration", declaration.pk).content.decode()
    page(client, officer, "office-reveal", declaration.pk, method="post", data={"reveal_reason": "curious"}, status=422)
    page(client, city.user("supervisor"), "office-reveal", declaration.pk, method="post", status=403)
    assert Reveal.objects.count() == 1


def test_another_unit_office_or_forwarder_finds_nothing(client, stage, clock):
    city, cycle = stage
    declaration = recommended(city, cycle, 51, clock)
    publicity = UnitPublicity.objects.get()
    other = next(unit for unit in city.units if unit.forwarder_id not in (None, declaration.unit.forwarder_id))
    clerk = holder("unit_clerk", other)
    for name in ("unit-declaration", "unit-verify", "unit-return", "unit-seal", "unitobjection-new"):
        page(client, clerk, name, declaration.pk, status=404)
    page(client, clerk, "unitpublicity-detail", publicity.pk, status=404)
    page(client, clerk, "unitpublicity-paper", publicity.pk, "unit-posting", status=404)
    page(client, holder("forwarder", other.forwarder), "forwarder-declaration", declaration.pk, status=404)
    page(
        client, city.user("office_clerk", city.offices["enterprise"]), "office-declaration", declaration.pk, status=404
    )
    page(client, declaration.applicant.user, "unit-dashboard", status=403)
    page(client, clerk, "office-list", status=403)


@pytest.mark.parametrize("name", ["office-list", "unit-list", "unit-dashboard", "forwarder-list"])
def test_queries_do_not_grow_with_the_rows(client, stage, clock, name):
    city, cycle = stage
    declaration = recommended(city, cycle, 61, clock)
    users = {
        "office-list": story.officer_of(declaration),
        "unit-list": story.clerk_of(declaration),
        "unit-dashboard": story.clerk_of(declaration),
        "forwarder-list": holder("forwarder", declaration.unit.forwarder),
    }
    client.force_login(users[name])
    url = reverse(f"applications:{name}")
    client.get(url)
    counts = []
    for seed in (None, 62, 63):
        if seed:
            clock(MONDAY)
            recommended(city, cycle, seed, clock)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[-1] <= 12, counts
