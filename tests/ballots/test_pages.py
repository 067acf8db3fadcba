"""The pages of the electronic ballot: sheet and receipt, turnout, what is sealed on reading, who sees what."""

import io
import logging

import pypdf
import pytest
from django.test import Client, TestCase
from django.urls import reverse

from appraisal_portal.home.story import meeting as story
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.city import PASSWORD
from appraisal_portal.kernel import clock, files
from committees.reviews.documents.meeting import minutes
from committees.reviews.models import BallotRound, Envelope
from committees.reviews.services import ballot_box
from committees.reviews.services import meeting as services
from committees.reviews.workflow import BALLOT_ROUND
from tests.ballots import steps
from tests.factories.reviews import MEETING_DAY


def url(name, *args):
    return reverse(f"reviews:{name}", args=args)


def browser(user):
    client = Client()
    client.force_login(user)
    return client


class Pages(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.meeting = steps.approved(3)
        with steps.on_its_day():
            story.open_meeting(cls.meeting)
            cls.people = list(cls.meeting.admissions.filter(exam_result="qualified").order_by("seq"))
            voter = cls.meeting.attendees.filter(role="voter").order_by("pk").first()
            services.recuse(cls.meeting, cls.people[0], voter.member, "亲属", actor=steps.clerk_of(cls.meeting))
            services.sign_attendance(cls.meeting, observer=story.observer_of(cls.meeting))
            cls.recused = story.juror(voter.member)
            story.declare_no_conflict(cls.meeting)

    def setUp(self):
        self.enterContext(steps.on_its_day())
        self.meeting.refresh_from_db()

    def opened_on_the_page(self):
        clerk = browser(steps.clerk_of(self.meeting))
        items = [person.pk for person in self.people]
        bad = clerk.post(url("meeting-votes", self.meeting.pk), {"items": items, "mode": "electronic", "minutes": 900})
        assert bad.status_code == 422
        assert "1 至 480" in bad.content.decode()
        data = {"items": items, "mode": "electronic", "minutes": "20"}
        assert clerk.post(url("meeting-votes", self.meeting.pk), data).status_code == 302
        return BallotRound.objects.get()

    def sheet(self, user, choice="for"):
        ballot = BallotRound.objects.get()
        return {f"c{pk}": choice for pk in steps.sheet(ballot, user, choice)}

    def test_a_sheet_whose_session_had_ended_is_filled_in_anew(self):
        ballot = self.opened_on_the_page()
        user = next(one for one in steps.jurors(ballot) if one.pk != self.recused.pk)
        client, address = Client(), url("round-ballot", ballot.pk)
        client.post(reverse("accounts:login"), {"username": user.username, "password": PASSWORD})
        sheet = self.sheet(user, "against")
        client.session.flush()
        answer = client.post(address, sheet)
        self.assertRedirects(answer, f"{reverse('accounts:login')}?next={address}")
        assert not Envelope.objects.exists()

    def test_a_member_votes_once_and_hears_the_same_whatever_was_chosen(self):
        ballot = self.opened_on_the_page()
        users = [user for user in steps.jurors(ballot) if user.pk not in {self.recused.pk, ballot.presided_by.user_id}]
        address, answers = url("round-ballot", ballot.pk), set()
        for user, choice in zip(users, ("for", "against", "abstain"), strict=False):
            client = browser(user)
            called = client.get(url("call-up", self.meeting.pk)).content.decode()
            assert address in called
            assert client.get(url("round-detail", ballot.pk)).url == address
            page = client.get(address)
            assert page["Cache-Control"] == "no-store"
            assert "checked" not in page.content.decode()  # nothing is chosen beforehand
            for person in self.people:
                assert person.declaration.applicant.name in page.content.decode()
            cast = client.post(address, self.sheet(user, choice))
            receipt = client.get(cast.url)
            text = receipt.content.decode()
            assert "已收到您的选票" in text
            voter = ballot_box.voter_of(ballot, user)
            assert ballot_box.tracker_of(voter) in text
            assert not any(person.declaration.applicant.name in text for person in self.people)
            headers = tuple(sorted(cast.headers.items()))
            quiet = tuple(pair for pair in headers if pair[0] not in {"Server-Timing"})
            answers.add((cast.status_code, len(cast.content), cast["Cache-Control"], quiet))
            called = client.get(url("call-up", self.meeting.pk)).content.decode()
            assert "第 1 轮您已投票" in called
            assert "请您投票" not in called
            again = client.post(address, self.sheet(user, "against"))
            assert again.status_code == 409
            assert "首次投出" in again.content.decode()
        assert len(answers) == 1

    def test_an_incomplete_sheet_comes_back_as_it_was_and_nothing_is_stored(self):
        ballot = self.opened_on_the_page()
        user = next(user for user in steps.jurors(ballot) if user.pk != self.recused.pk)
        data = self.sheet(user, "abstain")
        left_out, *_others = data
        del data[left_out]
        answer = browser(user).post(url("round-ballot", ballot.pk), data)
        assert answer.status_code == 422
        assert answer["Cache-Control"] == "no-store"
        assert answer.content.decode().count("checked") == len(data)
        assert answer.content.decode().partition("</title>")[0].count("错误：") == 1
        assert f"#id_{left_out}" in answer.content.decode()
        assert not Envelope.objects.exists()

    def test_the_recused_has_no_line_for_that_person_and_strangers_no_sheet_at_all(self):
        ballot = self.opened_on_the_page()
        address = url("round-ballot", ballot.pk)
        page = browser(self.recused).get(address).content.decode()
        assert self.people[0].declaration.applicant.name not in page
        assert self.people[1].declaration.applicant.name in page
        crafted = {f"c{person.pk}": "for" for person in self.people}
        assert browser(self.recused).post(address, crafted).status_code == 302  # a line that is not there is not read
        absent = next(m for m in services.possible_voters(self.meeting) if not ballot.voters.filter(member=m).exists())
        for user in (absent.user, steps.clerk_of(self.meeting), story.observer_of(self.meeting)):
            client = browser(user)
            assert client.get(address).status_code in {403, 404}
            assert client.post(address, crafted).status_code in {403, 404}
        assert Envelope.objects.count() == 1

    def test_turnout_is_seen_and_nothing_else(self):
        ballot = self.opened_on_the_page()
        users = steps.jurors(ballot)
        for user in users[:5]:
            steps.vote(ballot, user, "against")
        page, numbers = url("round-detail", ballot.pk), url("round-turnout", ballot.pk)
        for user, names in (
            (steps.clerk_of(self.meeting), True),
            (steps.director_of(self.meeting), True),
            (story.observer_of(self.meeting), True),
            (holder("supervisor"), False),
        ):
            client = browser(user)
            text = client.get(page).content.decode()
            assert "应投票 14 人，已投票 5 人" in text
            assert (text.count("已投票</span>"), text.count("未投票</span>")) == ((5, 9) if names else (0, 0))
            assert client.get(numbers).json()["done"] == 5
            assert client.get(url("round-ballots", ballot.pk)).status_code == 404
        assert browser(users[0]).get(numbers).status_code == 404

    def test_reading_a_page_after_the_announced_time_seals(self):
        ballot = self.opened_on_the_page()
        users = steps.jurors(ballot)
        for user in users[:11]:
            steps.vote(ballot, user)
        steps.time_passes(ballot)
        late = browser(users[12]).post(url("round-ballot", ballot.pk), self.sheet(users[12]))
        assert late.status_code == 409
        assert "已结束" in late.content.decode()
        ballot.refresh_from_db()
        assert ballot.status == "sealed"
        voted = browser(users[0])
        assert "本轮已封存" in voted.get(url("round-ballot", ballot.pk)).content.decode()
        text = voted.get(url("round-detail", ballot.pk)).content.decode()
        assert all(tracker in text for tracker in ballot.trackers)
        assert "赞成 11 · 反对 0 · 弃权 0 · 通过需要 10 · 未投 3" in text, "who cast none has not abstained"
        assert "原定最迟截止时间" in text
        assert "届时未投入票箱的选票不再接收" in browser(users[12]).get(url("round-ballot", ballot.pk)).content.decode()
        listed = voted.get(url("round-ballots", ballot.pk)).content.decode()
        assert all(str(one.pk) in listed for one in ballot.ballots.exclude(admission=self.people[0]))
        hidden = browser(self.recused).get(url("round-ballots", ballot.pk)).content.decode()
        assert self.people[0].declaration.applicant.name not in hidden

    def test_closing_early_and_voiding_ask_for_the_observers_password(self):
        ballot = self.opened_on_the_page()
        steps.vote(ballot, steps.jurors(ballot)[0])
        director, observer = browser(steps.director_of(self.meeting)), story.observer_of(self.meeting)
        early = url("round-do", ballot.pk, "seal_early")
        data = {"observer": observer.pk, "observer_password": "wrong", "reason": "x", "confirm": "3"}
        assert director.post(early, data).status_code == 422
        void = url("round-do", ballot.pk, "void")
        data = {"observer": observer.pk, "observer_password": PASSWORD, "reason": "网络中断"}
        assert director.post(void, data).status_code == 302
        ballot.refresh_from_db()
        assert ballot.status == "void"
        both = f"由{steps.director_of(self.meeting).full_name}、{observer.full_name}"
        assert f"{both}于" in director.get(url("round-detail", ballot.pk)).content.decode()
        assert minutes.content(self.meeting)["voids"] == [f"第1轮作废，{both}宣布：网络中断"]
        assert "本轮已作废" in browser(steps.jurors(ballot)[0]).get(url("round-ballot", ballot.pk)).content.decode()

    def test_who_may_do_what_with_an_electronic_round(self):
        ballot = self.opened_on_the_page()
        people = {
            "clerk": steps.clerk_of(self.meeting),
            "director": steps.director_of(self.meeting),
            "observer": story.observer_of(self.meeting),
            "juror": steps.jurors(ballot)[0],
            "supervisor": holder("supervisor"),
            "reviewer": holder("bureau_reviewer"),
        }
        may = {name: [row.name for row in BALLOT_ROUND.open_to(ballot, user)] for name, user in people.items()}
        assert may == {
            "clerk": ["seal_full"], "director": ["seal_full", "seal_early", "void"], "observer": ["void"],
            "juror": [], "supervisor": [], "reviewer": [],
        }  # fmt: skip

    def test_the_screen_shows_pass_lines_and_a_broken_quorum(self):
        clerk = browser(steps.clerk_of(self.meeting))
        page = clerk.get(url("meeting-votes", self.meeting.pk)).content.decode()
        assert page.count('data-l="通过票数">9<') == 1  # 13 entitled
        assert page.count('data-l="通过票数">10<') == 2  # 14 entitled
        voters = list(self.meeting.attendees.filter(role="voter").order_by("-pk"))
        with clock.travel(clock.at(MEETING_DAY, 10)):
            for leaver in voters[:5]:
                services.leave(leaver, actor=steps.clerk_of(self.meeting))
            page = clerk.get(url("meeting-votes", self.meeting.pk)).content.decode()
        assert "目前不能开始投票" in page
        assert page.count('data-l="通过票数">6<') == 3  # 9 in the room, 8 entitled for one: both need 6

    def test_no_choice_in_any_log_nor_in_the_session(self):
        ballot = self.opened_on_the_page()
        user = steps.jurors(ballot)[-1]
        client = browser(user)
        client.get(url("round-ballot", ballot.pk))
        before = dict(client.session.items())
        with self.assertLogs("django", logging.DEBUG) as web, self.assertLogs("appraisal_portal", logging.DEBUG) as own:
            logging.getLogger("django").debug("-")
            logging.getLogger("appraisal_portal").debug("-")
            client.post(url("round-ballot", ballot.pk), self.sheet(user, "abstain"))
            client.post(url("round-ballot", ballot.pk), self.sheet(user, "abstain"))
        assert Envelope.objects.count() == 1
        assert "abstain" not in "\n".join([*web.output, *own.output])
        assert dict(client.session.items()) == before

    def test_the_minutes_list_trackers_tallies_and_who_signs(self):
        ballot = self.opened_on_the_page()
        for n, user in enumerate(steps.jurors(ballot)):
            steps.vote(ballot, user, "for" if n < 11 else "abstain")
        steps.seal(ballot)
        content = minutes.content(self.meeting)
        assert content["boxes"][0]["trackers"] == ballot.trackers
        assert (content["boxes"][0]["sheets"], content["boxes"][0]["turnout"]) == (14, 14)
        assert dict(content["facts"])["表决办法"].startswith("无记名投票（电子选票）")
        assert len(content["members"]) == 14
        paper = services.make_minutes(self.meeting, actor=steps.clerk_of(self.meeting))
        pages = pypdf.PdfReader(io.BytesIO(files.open_stored(paper.document))).pages
        said = "".join("".join(page.extract_text() for page in pages).split())
        assert all(tracker in said for tracker in ballot.trackers)
        for item in ballot.items.select_related("admission__declaration__applicant"):
            # Number, name, round, entitled, for, against, abstained, invalid, not cast; the recused one had agreed.
            row = [
                item.admission.seq,
                item.admission.declaration.applicant.name,
                1,
                item.roll,
                item.roll - 3,
                0,
                3,
                0,
                0,
            ]
            assert "".join(map(str, row)) + "通过" in said
        in_room = self.meeting.attendees.select_related("user")
        assert all(row.user.full_name in said for row in in_room if row.role in ("voter", "observer"))
        for who in ("主任委员（签字）", "出席委员（签字）", "纪检监督员（签字）"):
            assert who in said


@pytest.mark.django_db
def test_a_round_on_paper_has_no_sheet_on_the_portal():
    meeting = steps.approved(1)
    with steps.on_its_day():
        story.open_meeting(meeting)
        ballot = story.counting.open_round(meeting, actor=steps.clerk_of(meeting))
        user = story.juror(meeting.attendees.filter(role="voter").first().member)
        assert browser(user).get(url("round-ballot", ballot.pk)).status_code == 404
        with pytest.raises(Exception, match="投票人名单"):
            ballot_box.cast(ballot, actor=user, choices={})
