"""Recusal from data and the conflict gate (P11, P12): who stands back sees nothing of that case, in no list or file."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse

from applications.models import Achievement, Material
from appraisal_portal.accounts.models import Employment, Membership, Person
from appraisal_portal.home.story import meeting as story
from appraisal_portal.home.story.people import evidence_pdf
from appraisal_portal.kernel import clock as portal_clock
from appraisal_portal.kernel import files, outbox
from appraisal_portal.kernel.models import Outbox, Upload
from appraisal_portal.kernel.workflow import Act, Blocked, NotAllowed
from committees.reviews.models import ConflictAnswer, Meeting, RecusalProposal
from committees.reviews.querysets.conflict import cases_of
from committees.reviews.rules import conflict as rules
from committees.reviews.services import conflicts
from committees.reviews.services import meeting as meetings
from committees.reviews.services.ballot import open_round
from committees.reviews.views import conflict as conflict_pages
from committees.reviews.workflow import MEETING
from committees.reviews.workflow.conflict import RECUSAL_PROPOSAL
from tests.factories.reviews import MEETING_DAY, MONDAY, a_meeting
from tests.reviews.reading import reachable
from tests.stage import begins_with, kept


@kept
def a_called_meeting() -> tuple[Meeting, list[Any]]:
    """A meeting with its jury called up."""
    with portal_clock.travel(MONDAY):
        _city, _cycle, meeting, rows = a_meeting(3, refused=0)
        story.apply(meeting)
        story.approve(meeting)
    return meeting, rows


pytestmark = [pytest.mark.django_db, begins_with(a_called_meeting)]


@pytest.fixture
def called(clock: Callable[[dt.date], Any]) -> tuple[Meeting, list[Any], list[Any]]:
    """The day before it opens: (meeting, declarations, voters)."""
    clock(MONDAY)
    meeting, rows = a_called_meeting()
    voters = list(meeting.attendees.filter(role="voter").select_related("user", "member", "meeting").order_by("pk"))
    return meeting, rows, voters


def logged_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def owner(declaration: Any) -> Any:
    user = declaration.applicant.user
    return user.act_as(user.memberships.get(role="applicant"))


def case_url(part: Any, declaration: Any) -> str:
    return reverse("reviews:juror-case", args=[part.meeting_id, admission(part.meeting, declaration).pk])


def admission(meeting: Meeting, declaration: Any) -> Any:
    return meeting.admissions.get(declaration=declaration)


def test_whoever_stands_back_reads_the_name_nowhere(called: tuple[Meeting, list[Any], list[Any]]) -> None:
    """P11, P12: bytes of every reachable page hold no name; not before, not in, not after the meeting; nor any mail."""
    meeting, (case, other, _third), (part, *_rest) = called
    name, number = case.applicant.name, case.number
    conflicts.name_member(case, part.user.full_name, "有诉讼", actor=owner(case))
    proposal = RecusalProposal.objects.get()
    client = logged_in(part.user)
    starts = ["/", reverse("reviews:call-up-list"), reverse("reviews:call-up", args=[meeting.pk])]

    def nothing_of_the_case() -> int:
        pages = reachable(client, starts)
        pages["paper"] = client.get(reverse("reviews:meeting-paper-current", args=[meeting.pk, "3-3"])).content
        pages["case"] = client.get(case_url(part, case)).content
        pages["search"] = client.get(reverse("reviews:call-up-list"), {"q": name}).content.replace(b"?q=", b"")
        assert [url for url, body in pages.items() if name.encode() in body or number.encode() in body] == []
        assert any(other.applicant.name.encode() in body for body in pages.values())
        assert client.get(case_url(part, case)).status_code == 404
        return len(pages)

    assert nothing_of_the_case() > 5
    RECUSAL_PROPOSAL.fire(proposal, "confirm", actor=story._clerk(meeting))
    nothing_of_the_case()
    assert cases_of(part).count() == 2
    for waiting in Outbox.objects.filter(kind="message", payload__user=part.user_id):
        assert name not in str(waiting.payload)


def test_the_same_in_session_and_after_the_result(called: tuple[Meeting, list[Any], list[Any]], clock: Any) -> None:
    meeting, (case, other, _third), (part, *_rest) = called
    meetings.recuse(meeting, admission(meeting, case), part.member, "近亲属", actor=story._clerk(meeting))
    clock(MEETING_DAY)
    story.hold(meeting)
    client = logged_in(part.user)
    round_url = meeting.rounds.get().get_absolute_url()
    pages = reachable(client, [reverse("reviews:call-up", args=[meeting.pk]), round_url])
    assert [url for url, body in pages.items() if case.applicant.name.encode() in body] == []
    assert any(other.applicant.name.encode() in body for body in pages.values())


def test_name_unit_and_title_until_no_conflict_is_declared(
    called: tuple[Meeting, list[Any], list[Any]], clock: Any
) -> None:
    meeting, (case, *_others), (part, *_rest) = called
    client, url = logged_in(part.user), case_url(part, case)
    page = client.get(url).content.decode()
    assert case.applicant.name in page
    assert case.unit.name in page
    assert "浙江农林大学" not in page
    assert client.post(url, {}).status_code == 422
    assert "请写明理由" in client.post(url, {"conflict": "yes"}).content.decode()
    assert client.post(url, {"conflict": "no"}).status_code == 302
    page = client.get(url).content.decode()
    assert "材料在会议开始后开放" in page
    assert "浙江农林大学" not in page
    clock(MEETING_DAY)
    story.open_meeting(meeting)
    page = client.get(url).content.decode()
    assert '<td data-l="毕业院校">浙江农林大学</td>' in page, "on a telephone each cell stands under its heading"
    assert case.applicant.id_number not in page
    assert case.applicant.id_number[-4:] not in page
    assert case.content()["person"]["health"] == "good"
    assert [words for words in ("身体状况", "健康或良好", "政治面貌") if words in page] == []  # decision 63
    assert client.get(reverse("applications:declaration-paper", args=[case.pk, "2-1"])).status_code == 404
    a_file_of_the_dossier(client, part, case)
    with pytest.raises(Blocked, match="您已就此人作过申明"):
        conflicts.declare(part, admission(meeting, case).pk, conflict=False)
    with pytest.raises(ProgrammingError, match="Cannot update"), transaction.atomic():
        ConflictAnswer.objects.update(conflict=True, ground="x")
    undeclared = [row for row in meeting.attendees.filter(role="voter") if row.pk != part.pk][0]
    assert "浙江农林大学" not in logged_in(undeclared.user).get(url).content.decode()


def a_file_of_the_dossier(client: Client, part: Any, case: Any) -> None:
    """What the frozen content names is served to a member of the jury, once the scanner has passed it."""
    sent = SimpleUploadedFile("证书.pdf", evidence_pdf("证书"))
    upload = files.accept_upload(sent, owner=case.applicant.user)
    proof = Material.objects.create(declaration=case, code="representative", upload=upload)
    meeting = part.meeting_id
    url = reverse("reviews:juror-file", args=[meeting, admission(part.meeting, case).pk, proof.pk])
    assert client.get(url).status_code == 404  # the content frozen for the meeting does not name it
    with patch.object(conflict_pages, "_hashes", return_value={upload.sha256}):
        assert client.get(url).content == files.open_upload(upload)
        Upload.objects.filter(pk=upload.pk).update(scan="unscanned")
        assert client.get(url).status_code == 404


def test_a_declared_conflict_stands_and_waits_for_the_office(called: tuple[Meeting, list[Any], list[Any]]) -> None:
    """``not_declared_by_the_member``: the office cannot refuse what a juror says of oneself."""
    meeting, (case, *others), (part, *_rest) = called
    client = logged_in(part.user)
    assert client.post(case_url(part, case), {"conflict": "yes", "ground": "侄女"}).url == reverse(
        "reviews:call-up", args=[meeting.pk]
    )
    assert client.get(case_url(part, case)).status_code == 404
    proposal = RecusalProposal.objects.get(source="declared")
    clerk = story._clerk(meeting)
    assert list(rules.recusals_decided(meeting, Act(clerk, MEETING.transitions["open"])))
    for one, stops in ((case, True), (others[0], False)):  # a round is stopped by its own persons only
        with pytest.raises(Blocked) as told:
            open_round(meeting, actor=clerk, admissions=[admission(meeting, one)])
        assert ("尚有 1 条拟回避未决定" in str(told.value)) is stops
    with pytest.raises(Blocked, match="不能驳回"):
        RECUSAL_PROPOSAL.fire(proposal, "refuse", actor=clerk, reason="不成立")
    with pytest.raises(NotAllowed):
        RECUSAL_PROPOSAL.fire(proposal, "confirm", actor=story._director(meeting))
    page = logged_in(clerk).get(reverse("reviews:meeting-recusals", args=[meeting.pk])).content.decode()
    assert "侄女" in page
    RECUSAL_PROPOSAL.fire(proposal, "confirm", actor=clerk)
    assert admission(meeting, case).recusals.get(member=part.member).ground == "本人申明：侄女"
    assert not list(rules.recusals_decided(meeting, Act(clerk, MEETING.transitions["open"])))
    with pytest.raises(NotAllowed):
        conflicts.declare(part, admission(meeting, case).pk, conflict=False)


def test_what_data_says_is_proposed_or_follows_by_rule(called: tuple[Meeting, list[Any], list[Any]]) -> None:
    """The own case, the same unit by an employment or a role there, a co-author (合作者): each from its data."""
    meeting, (one, two, _three), (author, self_, employed, clerk, free, *_rest) = called
    Achievement.objects.create(declaration=two, kind="paper", title=f"油茶良种选育（与{author.user.full_name}合著）")
    Person.objects.filter(pk=one.applicant_id).update(user=self_.user)
    person = Person.objects.exclude(pk__in=[one.applicant_id, two.applicant_id]).exclude(user=None).first()
    Person.objects.filter(pk=person.pk).update(user=employed.user)
    Employment.objects.create(
        person=person, unit=two.unit, starts_on=MONDAY, status="confirmed", confirmed_kind="staff",
        confirmed_by=clerk.user,
    )  # fmt: skip
    Membership.objects.create(user=clerk.user, organisation=two.unit, role="unit_clerk")
    conflicts.propose_by_rule(meeting)
    conflicts.propose_from_data(meeting)
    case = admission(meeting, two)
    proposal = RecusalProposal.objects.get(member=author.member)
    assert (proposal.admission, proposal.source, proposal.status) == (case, "co_author", "open")
    assert case.pk not in cases_of(author).values_list("pk", flat=True)
    assert admission(meeting, one).recusals.get(member=self_.member).ground == "本人申报"
    for part in (employed, clerk):
        assert case.recusals.get(member=part.member).ground == "与申报人同一单位"
    assert not free.member.recusals.exists()


def test_what_an_applicant_names_is_refused_only_with_a_reason(called: tuple[Meeting, list[Any], list[Any]]) -> None:
    meeting, (case, *_others), (part, *_rest) = called
    client = logged_in(owner(case))
    url = reverse("reviews:my-recusals")
    sent = {"declaration": case.pk, "name": part.user.full_name, "reason": "曾有项目纠纷"}
    page = client.post(url, sent, follow=True).content.decode()
    assert "由评委会办公室决定是否回避" in page
    assert "您已申请过此人回避" in client.post(url, sent).content.decode()
    for name in ("无此人甲", "无此人乙"):
        client.post(url, sent | {"name": name})
    assert "最多可以申请 3 人回避" in client.post(url, sent | {"name": "无此人丙"}).content.decode()
    proposal = RecusalProposal.objects.get()
    clerk = story._clerk(meeting)
    with pytest.raises(Blocked):
        RECUSAL_PROPOSAL.fire(proposal, "refuse", actor=clerk)
    RECUSAL_PROPOSAL.fire(proposal, "refuse", actor=clerk, reason="纠纷已于2010年结案")
    assert cases_of(part).count() == 3
    told = Outbox.objects.filter(kind="message", key__startswith="reviews_recusalproposalrecord")
    for waiting in told:
        outbox.deliver(waiting.kind, waiting.key)
    assert told
    other = owner(_others[0])
    with pytest.raises(NotAllowed):
        conflicts.name_member(case, "某人", "某事", actor=other)


def test_not_voted_on(called: tuple[Meeting, list[Any], list[Any]], clock: Any) -> None:
    """A roll that is frozen stays as it is."""
    meeting, (case, *_others), (part, *_rest) = called
    row = RecusalProposal.objects.create(
        admission=admission(meeting, case), member=part.member, source="named", ground="x"
    )
    act = Act(story._clerk(meeting), RECUSAL_PROPOSAL.transitions["confirm"])
    assert list(rules.not_voted_on(row, act)) == []
    RecusalProposal.objects.filter(pk=row.pk).delete()
    clock(MEETING_DAY)
    story.hold(meeting)
    row.admission.refresh_from_db()
    assert list(rules.not_voted_on(row, act))


def test_files_of_a_dossier_follow_the_gate(called: tuple[Meeting, list[Any], list[Any]], clock: Any) -> None:
    meeting, (case, *_others), (part, *_rest) = called
    url = reverse("reviews:juror-file", args=[meeting.pk, admission(meeting, case).pk, 1])
    client = logged_in(part.user)
    assert client.get(url).status_code == 404
    stranger = logged_in(owner(case))
    assert stranger.get(case_url(part, case)).status_code == 404
