"""Specialty panels (专业组): who reads whose dossier, and what an anonymous review leaves out (P07, P08, P09, P11)."""

import io
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.models import CaseRecusal, DeclarationSnapshot, Material
from appraisal_portal.accounts.models import Membership
from appraisal_portal.home.story import meeting as story
from appraisal_portal.home.story.people import evidence_pdf
from appraisal_portal.kernel import files
from appraisal_portal.kernel.clock import at
from appraisal_portal.kernel.workflow import Act, NotAllowed, WrongState
from committees.plans.models import StandardVersion
from committees.reviews.models import Meeting, Panel, PanelOpinion, PanelSeat
from committees.reviews.rules import blind
from committees.reviews.rules.panel import panels_complete
from committees.reviews.services import conflicts, panels
from committees.reviews.services import meeting as meetings
from committees.reviews.views import conflict as conflict_pages
from committees.reviews.workflow import MEETING
from tests.factories.reviews import MEETING_DAY, MONDAY, Divided, a_divided_meeting
from tests.reviews.test_conflicts import admission, case_url, logged_in, reachable
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_divided_meeting, on=MONDAY)]


@pytest.fixture
def divided(clock: Any) -> Divided:
    """Two panels of three, on the Monday before the meeting: (meeting, declarations, voters); the first two persons
    belong to the first panel, the third to the second."""
    clock(MONDAY)
    return a_divided_meeting()


def test_p07_a_juror_reads_the_own_panel_only(divided: Divided, clock: Any) -> None:
    meeting, (case, _second, other), voters = divided
    part, of_the_other = voters[0], voters[3]
    client = logged_in(part.user)
    page = client.get(reverse("reviews:call-up", args=[meeting.pk])).content.decode()
    assert "您在第一组" in page
    assert case.applicant.name in page
    assert other.applicant.name not in page
    assert client.get(case_url(part, case)).status_code == 200
    conflicts.declare(part, admission(meeting, case).pk, conflict=False)
    clock(MEETING_DAY)
    story.open_meeting(meeting)
    for declaration, reader, status in ((other, part, 404), (case, of_the_other, 404), (case, part, 200)):
        assert logged_in(reader.user).get(case_url(reader, declaration)).status_code == status
    assert "浙江农林大学" in client.get(case_url(part, case)).content.decode()
    clock(at(MEETING_DAY, 11))
    meetings.leave(meeting.attendees.get(pk=part.pk), actor=story._clerk(meeting))
    assert "浙江农林大学" not in client.get(case_url(part, case)).content.decode()


def test_a_conflict_with_somebody_of_another_panel(divided: Divided) -> None:
    meeting, (case, _second, other), (part, *_rest) = divided
    client, url = logged_in(part.user), reverse("reviews:conflict-declare", args=[meeting.pk])
    page = client.get(url).content.decode()
    assert other.applicant.name in page
    assert case.applicant.name not in page
    sent = {"admission": admission(meeting, other).pk}
    assert client.post(url, sent).status_code == 422
    assert client.post(url, {"admission": admission(meeting, case).pk, "ground": "x"}).status_code == 422
    page = client.post(url, sent | {"ground": "表兄弟"}, follow=True).content.decode()
    assert other.applicant.name not in page
    assert meeting.admissions.get(declaration=other).recusal_proposals.get().ground == "本人申明：表兄弟"


def test_the_office_divides_on_its_page(divided: Divided) -> None:
    """Refusals stand at their fields; whoever is no clerk of the office changes nothing."""
    meeting, (case, *_others), voters = divided
    client = logged_in(story._clerk(meeting))
    first = meeting.panels.get(name="第一组")
    url = reverse("reviews:panel-change", args=[meeting.pk, first.pk])
    page = client.get(url).content.decode()
    assert case.applicant.name in page
    sent = {
        "name": "第二组", "members": [part.pk for part in voters[:2]], "head": voters[2].pk,
        "cases": [admission(meeting, case).pk],
    }  # fmt: skip
    answer = client.post(url, sent)
    assert answer.status_code == 422
    assert "已有同名专业组" in answer.content.decode()
    assert "组长须是本组成员" in answer.content.decode()
    sent |= {"name": "第一组（造林）", "head": voters[1].pk}
    page = client.post(url, sent, follow=True).content.decode()
    assert "第一组（造林）" in page
    assert "尚未分组" in page
    assert PanelSeat.objects.get(panel=first, head=True).attendee_id == voters[1].pk
    remove = reverse("reviews:panel-remove", args=[meeting.pk, first.pk])
    assert logged_in(story._director(meeting)).post(remove).status_code == 403
    assert client.post(remove, follow=True).status_code == 200
    assert not Panel.objects.filter(pk=first.pk).exists()
    new = reverse("reviews:panel-new", args=[meeting.pk])
    foreign = meeting.panels.get().seats.first()
    answer = client.post(new, sent | {"members": [foreign.attendee_id, voters[1].pk]})
    assert answer.status_code == 422
    assert client.post(new, sent | {"head": voters[1].pk}).status_code == 302
    with pytest.raises(NotAllowed):
        panels.remove(meeting.panels.first(), actor=voters[0].user)


def test_panels_complete(divided: Divided, clock: Any) -> None:
    """The meeting opens when everybody has a panel with a head and three members in the room; then nothing changes."""
    meeting, (case, *_others), voters = divided
    clock(MEETING_DAY)
    clerk = story._clerk(meeting)
    act = Act(clerk, MEETING.transitions["open"])
    meetings.sign_in(meeting, meeting.attendees.all(), actor=clerk)
    assert list(panels_complete(meeting, act)) == []
    assert list(panels_complete(Meeting(pk=0), act)) == []
    meetings.sign_in(meeting, meeting.attendees.exclude(pk=voters[0].pk), actor=clerk)
    assert "第一组：到场成员 2 人，至少需要 3 人" in "".join(map(str, panels_complete(meeting, act)))
    meeting.admissions.filter(declaration=case).update(panel=None)
    PanelSeat.objects.filter(attendee=voters[0].pk).update(head=False)
    said = "".join(map(str, panels_complete(meeting, act)))
    assert f"尚未分入专业组：第 {admission(meeting, case).seq} 号" in said
    assert "第一组没有组长" in said
    meeting.admissions.filter(declaration=case).update(panel=meeting.panels.first())
    for part in voters[:3]:
        meetings.recuse(meeting, admission(meeting, case), part.member, "近亲属", actor=clerk)
    assert "本组成员全部回避或缺席" in "".join(map(str, panels_complete(meeting, act)))
    for wrong in (lambda: PanelSeat.objects.create(panel=meeting.panels.first(), attendee=meeting.attendees.get(
            role="observer")), lambda: meeting.admissions.filter(exam_result="disqualified").update(
            panel=meeting.panels.first())):  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            wrong()


def test_after_the_opening_nobody_divides(divided: Divided, clock: Any) -> None:
    meeting, _rows, _voters = divided
    clock(MEETING_DAY)
    story.open_meeting(meeting)
    panel = meeting.panels.first()
    with pytest.raises(WrongState, match="会议批准之后、开始之前"):
        panels.remove(panel, actor=story._clerk(meeting))
    for write in (
        lambda: Panel.objects.filter(pk=panel.pk).update(name="x"),
        lambda: panel.seats.all().delete(),
        lambda: meeting.admissions.update(panel=None),
    ):
        with pytest.raises(IntegrityError, match="before the meeting opens"), transaction.atomic():
            write()


def test_p11_totals_leave_out_whom_the_reader_may_not_know(divided: Divided) -> None:
    """The director who sits on the jury, or is an applicant: no row, no total, no "0 of 0" line, no minutes."""
    meeting, (case, second, _third), (part, *_rest) = divided
    director = story._director(meeting)
    url = reverse("reviews:meeting-panels", args=[meeting.pk])
    votes = reverse("reviews:meeting-votes", args=[meeting.pk])
    whole = [logged_in(director).get(page).content.decode() for page in (url, votes)]
    assert all(case.applicant.name in page for page in whole)
    case.applicant.user, kept = director, case.applicant.user
    case.applicant.save()
    for page in (url, votes):
        own = logged_in(director).get(page).content.decode()
        assert case.applicant.name not in own
        assert second.applicant.name in own
    rule = meetings.access.reads_rosters
    assert not rule(director, meeting)
    case.applicant.user = kept
    case.applicant.save()
    assert rule(director, meeting)
    meetings.recuse(meeting, admission(meeting, case), part.member, "近亲属", actor=story._clerk(meeting))
    also = Membership.objects.create(user=part.user, role="committee_director", organisation=meeting.committee.office)
    assert not rule(part.user.act_as(also), meeting)
    page = logged_in(part.user).get(reverse("reviews:call-up", args=[meeting.pk])).content.decode()
    assert case.applicant.name not in page


def anonymous(rows: list[Any]) -> None:
    """The standard of these declarations has them reviewed anonymously."""
    StandardVersion.objects.filter(pk=rows[0].standard_version_id).update(anonymous=True)


def test_who_keeps_away_from_somebody_on_the_list_does_not_divide_it(divided: Divided) -> None:
    """The form of a panel names everybody on the list (P12)."""
    meeting, (case, *_others), _voters = divided
    clerk = story._clerk(meeting)
    page, url = logged_in(clerk), reverse("reviews:panel-new", args=[meeting.pk])
    assert page.get(url).status_code == 200
    CaseRecusal.objects.create(declaration=case, user=clerk, source="declared", ground="近亲属")
    refused = page.get(url)
    assert refused.status_code in (403, 404)
    assert case.applicant.name not in refused.content.decode()
    assert url not in page.get(reverse("reviews:meeting-panels", args=[meeting.pk])).content.decode()
    with pytest.raises(NotAllowed):
        panels.remove(meeting.panels.first(), actor=clerk)


def test_p08_no_name_in_an_anonymous_meeting(divided: Divided, clock: Any) -> None:
    """Dashboard, call-up, dossier, list, ballot sheet, messages, 3-3: the bytes hold neither names nor units (P09: the
    applicant's own pages are not there)."""
    meeting, rows, (part, *_rest) = divided
    case = rows[0]
    anonymous(rows)
    named = [row.applicant.name for row in rows] + [case.unit.name, case.applicant.id_number, case.applicant.phone]
    snapshot = admission(meeting, case).declaration_snapshot
    snapshot.content["representative"]["representative_text"] = f"{case.applicant.name}在{case.unit.name}完成育苗"
    content = {"content": snapshot.content}
    conflicts.declare(part, admission(meeting, case).pk, conflict=False)
    clock(MEETING_DAY)
    story.open_meeting(meeting)
    client = logged_in(part.user)
    starts = ["/", reverse("reviews:call-up-list"), reverse("accounts:message-list"), case_url(part, case)]
    with patch.object(DeclarationSnapshot, "__getattribute__", _with(content)):
        pages = reachable(client, starts)
    dossier = pages[case_url(part, case)].decode()
    assert "浙江农林大学" in dossier
    assert "〔隐去〕在〔隐去〕完成育苗" in dossier
    assert f"第{admission(meeting, case).seq}号" in dossier
    pages["paper"] = client.get(reverse("reviews:meeting-paper-current", args=[meeting.pk, "3-3"])).content
    pages["conflict"] = client.get(reverse("reviews:conflict-declare", args=[meeting.pk])).content
    pages["preview"] = client.get(f"/my/declarations/{case.pk}/").content
    assert [(url, word) for url, body in pages.items() for word in named if word and word.encode() in body] == []
    assert client.get(f"/my/declarations/{case.pk}/").status_code in (403, 404)
    story.declare_no_conflict(meeting)
    for row in meeting.admissions.filter(exam_result="qualified"):
        PanelOpinion.objects.create(
            admission=row, text="同意提交表决", status="signed", signed_by=part.user, signed_at=at(MEETING_DAY, 10)
        )
    ballot = story.counting.open_round(meeting, actor=story._clerk(meeting), mode="electronic")
    sheet = client.get(reverse("reviews:round-ballot", args=[ballot.pk])).content
    assert f"第{admission(meeting, case).seq}号".encode() in sheet
    assert [word for word in named if word and word.encode() in sheet] == []
    office = logged_in(story._clerk(meeting)).get(reverse("reviews:round-detail", args=[ballot.pk])).content.decode()
    assert case.applicant.name in office


def _with(values: dict[str, Any]) -> Callable[[Any, str], Any]:
    """Attribute access with these values in place of what is stored: a snapshot itself is append-only."""
    stored = object.__getattribute__

    def read(self: Any, name: str) -> Any:
        return values[name] if name in values else stored(self, name)

    return read


def test_p07_files_of_an_anonymous_dossier_name_nobody(divided: Divided, clock: Any) -> None:
    """File name, properties and notes of a PDF: nothing of the person; the pages stay."""
    meeting, rows, (part, *_rest) = divided
    case = rows[0]
    anonymous(rows)
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(evidence_pdf("证书")))
    writer.add_metadata({"/Author": "Zhang San", "/Title": "Zhang San Forest Farm"})
    made = io.BytesIO()
    writer.write(made)
    upload = files.accept_upload(SimpleUploadedFile("张三.pdf", made.getvalue()), owner=case.applicant.user)
    proof = Material.objects.create(declaration=case, code="representative", upload=upload)
    conflicts.declare(part, admission(meeting, case).pk, conflict=False)
    clock(MEETING_DAY)
    story.open_meeting(meeting)
    url = reverse("reviews:juror-file", args=[meeting.pk, admission(meeting, case).pk, proof.pk])
    with patch.object(conflict_pages, "_hashes", return_value={upload.sha256}):
        answer = logged_in(part.user).get(url)
        page = logged_in(part.user).get(case_url(part, case)).content.decode()
        assert "材料1" in page
        assert "张三" not in page
    assert "%E5%BC%A0" not in answer["Content-Disposition"]
    assert f"{admission(meeting, case).seq}-1.pdf" in answer["Content-Disposition"]
    assert b"Zhang" in files.open_upload(upload)
    assert b"Zhang" not in answer.content
    read = pypdf.PdfReader(io.BytesIO(answer.content))
    assert len(read.pages) == upload.pages
    assert "Zhang" not in str(read.metadata)


def test_what_is_covered_in_a_text() -> None:
    """Names with spaces between the characters and capitals aside; fields that say who and where are gone."""
    person = SimpleNamespace(
        name="王小明",
        id_number="",
        phone="13900000001",
        email="wxm@example.cn",
        user=SimpleNamespace(username="wxm001"),
    )
    declaration = SimpleNamespace(applicant=person, unit=SimpleNamespace(name="龙泉市林场"))
    said = {
        "application": {"unit": "龙泉市林场", "county": "龙泉", "title": "工程师"},
        "person": {"name": "王小明", "current_post": "龙泉市林场技术员"},
        "experience": {"work": [{"unit_name": "云和县苗圃", "post": "技术员", "work": "在云和县苗圃育苗"}]},
        "representative": {"representative_text": "王 小明（WXM@example.cn）负责，电话13900000001"},
        "hours": [{"pk": 1, "year": 2025}],
    }
    found = blind.without_the_person(said, declaration)
    assert found["application"] == {"title": "工程师"}
    assert found["person"] == {"current_post": "〔隐去〕技术员"}
    assert found["experience"]["work"] == [{"post": "技术员", "work": "在〔隐去〕育苗"}]
    assert found["representative"]["representative_text"] == "〔隐去〕（〔隐去〕）负责，电话〔隐去〕"
    assert found["hours"] == said["hours"]


def test_anonymous_review_is_part_of_the_approved_standard(divided: Divided) -> None:
    """What is decided without it keeps its hash; with it the bureau confirms it."""
    _meeting, rows, _voters = divided
    version = rows[0].standard_version
    before = version.content_hash()
    assert "anonymous" not in version.decision_content()
    version.anonymous = True
    assert version.decision_content()["anonymous"] is True
    assert version.content_hash() != before
