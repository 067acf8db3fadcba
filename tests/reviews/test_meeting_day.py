"""The day of the meeting: who comes and goes, conflicts first, who presides, what is announced, what screens say."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.test import Client, TestCase
from django.urls import reverse

from applications.models import CaseRecusal
from appraisal_portal.home.story import meeting as story
from appraisal_portal.home.story.city import PASSWORD
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.workflow import Blocked, NotAllowed
from committees.reviews.documents.meeting import minutes
from committees.reviews.models import PaperCount, RecusalProposal
from committees.reviews.rules.presiding import may_preside
from committees.reviews.services import ballot as counting
from committees.reviews.services import conflicts
from committees.reviews.services import meeting as services
from committees.reviews.workflow import BALLOT_ROUND, MEETING
from committees.reviews.workflow.conflict import RECUSAL_PROPOSAL
from tests.ballots import steps
from tests.factories.reviews import MEETING_DAY


def url(name, *args):
    return reverse(f"reviews:{name}", args=args)


def browser(user):
    client = Client()
    client.force_login(user)
    return client


class Day(TestCase):
    """Fifteen members, fourteen called up and in the room, three persons."""

    @classmethod
    def setUpTestData(cls):
        cls.meeting = steps.approved(3)
        with steps.on_its_day():
            story.open_meeting(cls.meeting)
        cls.clerk, cls.director = steps.clerk_of(cls.meeting), steps.director_of(cls.meeting)
        cls.observer = story.observer_of(cls.meeting)
        cls.people = list(cls.meeting.admissions.filter(exam_result="qualified").order_by("seq"))
        cls.voters = list(cls.meeting.attendees.filter(role="voter").select_related("member__user").order_by("pk"))
        cls.tellers = [row.user for row in cls.meeting.attendees.filter(role="teller").select_related("user")]
        office = cls.meeting.committee.office_id
        cls.tellers = [user.act_as(user.memberships.get(organisation=office)) for user in cls.tellers]

    def setUp(self):
        self.enterContext(steps.on_its_day())
        self.meeting.refresh_from_db()
        for row in self.voters:
            row.refresh_from_db()

    def paper(self, people=None):
        return counting.open_round(self.meeting, actor=self.clerk, admissions=people)

    def count(self, ballot, teller, agree, against, **rest):
        for item in ballot.items.filter(void_reason=""):
            numbers = {"agree": agree, "against": against, "abstain": 0, "invalid": 0, "issued": item.roll, **rest}
            counting.enter_count(ballot, item.admission, actor=teller, **numbers)

    def at(self, hour, minute=0):
        return clock.travel(clock.at(MEETING_DAY, hour, minute))

    # -- paper ballots ---------------------------------------------------------------------------------------------

    def test_who_counts_neither_opens_a_round_nor_keeps_attendance_or_recusals(self):
        teller, voter = self.tellers[0], self.voters[0]
        for attempt in (
            lambda: counting.open_round(self.meeting, actor=teller),
            lambda: services.leave(voter, actor=teller),
            lambda: services.come_in(voter, actor=teller),
            lambda: services.recuse(self.meeting, self.people[0], voter.member, "亲属", actor=teller),
        ):
            with pytest.raises(NotAllowed) as refused:
                attempt()
            assert "计票" in str(refused.value)
        ballot = self.paper(self.people[:1])
        type(ballot).objects.filter(pk=ballot.pk).update(opened_by=teller.pk)  # as if by a hand in the database
        row = self.meeting.attendees.get(user=teller)
        numbers = {"issued": 14, "agree": 14, "against": 0, "abstain": 0, "invalid": 0}
        with pytest.raises(IntegrityError, match="opened the round"), transaction.atomic():
            PaperCount.objects.create(round=ballot, admission=self.people[0], teller=row, **numbers)

    def test_counts_that_differ_are_shown_side_by_side_to_the_observer_alone(self):
        ballot, (one, two) = self.paper(self.people[:1]), self.tellers
        self.count(ballot, one, 10, 4)
        shown = browser(one).get(url("round-detail", ballot.pk)).content.decode()
        assert "您的计票已保存" in shown
        assert f"{two.full_name}还须计 1 人的票（共 1 人）" in shown
        assert f"{one.full_name}还须计" not in shown
        asked = {user.pk: "第 1 轮待计票" in browser(user).get(url("call-up", self.meeting.pk)).content.decode()
                 for user in (one, two)}  # fmt: skip
        assert asked == {one.pk: False, two.pk: True}
        self.count(ballot, two, 9, 4, abstain=1)
        with pytest.raises(Blocked) as refused:
            BALLOT_ROUND.fire(ballot, "seal", actor=self.observer)
        first, second = "赞成 10、反对 4、弃权 0、无效 0", "赞成 9、反对 4、弃权 1、无效 0"
        assert first in str(refused.value)
        assert second in str(refused.value)
        pages = {user.pk: browser(user).get(url("round-detail", ballot.pk)).content.decode()
                 for user in (self.observer, one, two, self.clerk, self.director)}  # fmt: skip
        assert all("第 1 号两人计票不一致" in page for page in pages.values())
        assert all("btn second" in line for line in pages[self.observer.pk].split("<a ") if "/do/seal/" in line)
        assert {pk for pk, page in pages.items() if first in page or second in page} == {self.observer.pk}
        own = browser(two).get(url("round-counts", ballot.pk)).content.decode()
        assert 'value="9"' in own
        assert 'value="10"' not in own
        self.count(ballot, two, 10, 4)
        page = browser(self.observer).get(url("round-detail", ballot.pk)).content.decode()
        assert f"下一步由纪检监督员{self.observer.full_name}确认计票结果" in page
        confirms = browser(self.observer).get(url("round-do", ballot.pk, "seal")).content.decode()
        assert self.people[0].declaration.applicant.name in confirms
        assert first in confirms  # what is confirmed stands on the page that confirms it
        voter = browser(self.voters[1].user).get(url("call-up", self.meeting.pk)).content.decode()
        assert "选票在会场发放，您无须在本页操作" in voter
        assert "请刷新本页" not in voter
        BALLOT_ROUND.fire(ballot, "seal", actor=self.observer)

    def test_a_count_is_the_ballots_handed_out_and_these_are_never_more_than_members_in_the_room(self):
        services.recuse(self.meeting, self.people[0], self.voters[5].member, "亲属", actor=self.clerk)
        services.sign_attendance(self.meeting, observer=self.observer)
        ballot = self.paper(self.people[:1])
        item = ballot.items.get()
        assert (ballot.present, item.roll) == (14, 13)
        for numbers, field in (((14, 0, 14), "issued"), ((12, 0, 13), "agree"), ((13, 1, 13), "agree")):
            with pytest.raises(Blocked) as refused:
                self.count(ballot, self.tellers[0], numbers[0], numbers[1], issued=numbers[2])
            assert refused.value.problems[0].field == field
        for teller in self.tellers:
            self.count(ballot, teller, 13, 0)
        with pytest.raises(IntegrityError), transaction.atomic():  # fewer in the room than ballots handed out
            type(ballot).objects.filter(pk=ballot.pk).update(
                present=12, status="sealed", confirmed_by=self.observer.pk, ballots_sha256="0" * 64
            )

    # -- conflicts first -------------------------------------------------------------------------------------------

    def test_conflicts_are_declared_on_one_page_before_the_sheet(self):
        for row in self.voters[1:]:
            conflicts.declare_all(row, [person.pk for person in self.people], conflicts={})
        first = self.voters[0]
        with pytest.raises(Blocked) as refused:  # everybody_declared
            counting.open_round(self.meeting, actor=self.clerk, mode=steps.ELECTRONIC)
        assert first.user.full_name in str(refused.value)
        assert self.voters[1].user.full_name not in str(refused.value)
        clerk = browser(self.clerk)
        assert f"<p>{first.user}</p>" in clerk.get(url("meeting-votes", self.meeting.pk)).content.decode()
        juror, address = browser(first.user), url("juror-conflicts", self.meeting.pk)
        assert address in juror.get(url("call-up", self.meeting.pk)).content.decode()
        page = juror.get(address).content.decode()
        one, two, three = self.people
        for person in self.people:
            assert person.declaration.applicant.name in page
            assert person.declaration.applicant.id_number not in page
        sheet = {"shown": [one.pk, two.pk], f"back-{one.pk}": "on"}
        kept = juror.post(address, sheet)
        assert kept.status_code == 422  # not declared for the rest
        sheet["declared"] = "on"
        bare = juror.post(address, sheet)
        assert bare.status_code == 422
        assert f"#id_ground-{one.pk}" in bare.content.decode()
        assert not first.member.conflict_answers.exists()
        assert juror.post(address, {**sheet, f"ground-{one.pk}": "合作完成代表作"}).status_code == 302
        assert dict(first.member.conflict_answers.values_list("admission", "conflict")) == {one.pk: True, two.pk: False}
        left = juror.get(address).content.decode()
        assert three.declaration.applicant.name in left  # it was not on the page that was sent
        assert one.declaration.applicant.name not in left
        proposal = RecusalProposal.objects.get(admission=one, member=first.member)
        with pytest.raises(Blocked):  # recusals_decided
            counting.open_round(self.meeting, actor=self.clerk, mode=steps.ELECTRONIC)
        RECUSAL_PROPOSAL.fire(proposal, "confirm", actor=self.clerk)
        conflicts.declare_all(first, [three.pk], conflicts={})
        observer, signing = browser(self.observer), url("attendance-sign", self.meeting.pk)
        with pytest.raises(Blocked, match=f"第{one.seq}号：有回避尚待纪检监督员"):  # recusals_witnessed
            counting.open_round(self.meeting, actor=self.clerk, mode=steps.ELECTRONIC)
        step = f"下一步由纪检监督员{self.observer.full_name}在“我的会议”中确认回避"
        assert step in clerk.get(url("meeting-votes", self.meeting.pk)).content.decode()
        called = observer.get(url("call-up", self.meeting.pk)).content.decode()
        assert "会议期间登记了回避" in called
        assert f'<a class="btn" href="{signing}">确认回避</a>' in called
        assert observer.post(signing, {"password": PASSWORD}).status_code == 302
        assert "会议期间登记了回避" not in observer.get(url("call-up", self.meeting.pk)).content.decode()
        ballot = counting.open_round(self.meeting, actor=self.clerk, mode=steps.ELECTRONIC)
        assert {item.admission_id: item.roll for item in ballot.items.all()} == {one.pk: 13, two.pk: 14, three.pk: 14}
        assert "您已对本次会议的全部人员作出申明" in juror.get(address).content.decode()

    def test_paper_rounds_ask_nothing_on_the_portal(self):
        assert self.paper().present == 14

    # -- coming and going ------------------------------------------------------------------------------------------

    def test_who_left_comes_back_for_the_persons_that_follow_and_each_round_knows_who_was_there(self):
        leaver, late = self.voters[4], self.voters[6]
        type(late).objects.filter(pk=late.pk).update(signed_in_at=None)
        one, two, three = self.people
        with self.at(9, 30):
            first = self.paper([one])
            with pytest.raises(Blocked):
                services.come_in(late, actor=self.clerk)  # not while a round is open
            story.count(first, {})
            BALLOT_ROUND.fire(first, "seal", actor=self.observer)
        with self.at(10):
            services.leave(leaver, actor=self.clerk)
            services.come_in(late, actor=self.clerk)
            second = self.paper([two])
            story.count(second, {})
            BALLOT_ROUND.fire(second, "seal", actor=self.observer)
        with self.at(10, 45):
            clerk = browser(self.clerk)
            assert "10:00离席" in clerk.get(url("meeting-votes", self.meeting.pk)).content.decode().replace(" ", "")
            clerk.post(url("attendee-come-in", self.meeting.pk, leaver.pk))
            services.come_in(leaver, actor=self.clerk)  # twice is once
            third = self.paper([three])
            story.count(third, {})
            BALLOT_ROUND.fire(third, "seal", actor=self.observer)
            for ballot in (first, second, third):
                story.announce(ballot)
            content = minutes.content(self.meeting)
        assert [ballot.present for ballot in (first, second, third)] == [13, 13, 14]
        on_roll = [set(ballot.voters.values_list("member", flat=True)) for ballot in (first, second, third)]
        assert [(leaver.member_id in roll, late.member_id in roll) for roll in on_roll] == [
            (True, False), (False, True), (True, True),
        ]  # fmt: skip
        name, other = leaver.user.full_name, late.user.full_name
        assert dict(content["facts"])["离席、迟到"] == f"{name} 10:00至10:45 离席；{other} 10:00 到会"
        rounds = content["rounds"]
        assert f"不在场：{other}" in rounds[0]
        assert f"不在场：{name}" in rounds[1]
        assert "不在场" not in rounds[2]
        assert "10:45 当场宣布" in rounds[2]
        with pytest.raises(Exception, match="absence|Cannot"), transaction.atomic():
            leaver.absences.update(back_at=clock.now() + dt.timedelta(hours=2))

    def test_fifteen_members_ten_present_one_recused_and_without_quorum_the_rest_waits(self):
        """15 members, 10 in the room, 1 stands back from A: the item opens, 6 of 9 pass; with 9 in the room B waits."""
        one, two, three = self.people
        services.recuse(self.meeting, one, self.voters[0].member, "亲属", actor=self.clerk)
        services.sign_attendance(self.meeting, observer=self.observer)
        with self.at(10):
            for leaver in self.voters[10:]:
                services.leave(leaver, actor=self.clerk)
            screen = browser(self.observer)
            room = screen.get(url("meeting-room", self.meeting.pk)).content.decode()
            cells = [f'<td class="num">{one.seq}</td><td class="num">9</td><td class="num">6</td>',
                     f'<td class="num">{two.seq}</td><td class="num">10</td><td class="num">7</td>']  # fmt: skip
            assert all(cell in room for cell in cells)
            state = screen.get(url("meeting-room", self.meeting.pk) + "?state").json()
            ballot = self.paper([one])
            for teller in self.tellers:
                self.count(ballot, teller, 6, 3)
            BALLOT_ROUND.fire(ballot, "seal", actor=self.observer)
            assert ballot.verdicts.get().outcome == "passed"
            services.leave(self.voters[9], actor=self.clerk)
            with pytest.raises(Blocked) as refused:
                self.paper([two])
            assert "9" in str(refused.value)
            assert counting.undecided(self.meeting) == [two, three]
            for user in (self.clerk, self.director):
                votes = browser(user).get(url("meeting-votes", self.meeting.pk)).content.decode()
                assert "委员返回达到法定人数后，由办公室在“在场人员”中登记并开始下一轮" in votes
                assert "开始这一轮" not in votes, "no form that would be refused"
            left = browser(self.voters[9].user).get(url("call-up", self.meeting.pk)).content.decode()
            assert "您已登记为 10:00 离席" in left
            signed = browser(self.observer).get(url("attendance-sign", self.meeting.pk)).content.decode()
            assert signed.count("10:00 离席") == 5
            after = screen.get(url("meeting-room", self.meeting.pk))
            assert "目前不能开始投票" in after.content.decode()
            assert one.declaration.applicant.name not in after.content.decode()
            assert screen.get(url("meeting-room", self.meeting.pk) + "?state").json() != state
        with self.at(10, 20):
            services.come_in(self.voters[9], actor=self.clerk)
            assert self.paper([two, three]).present == 10

    # -- who presides ----------------------------------------------------------------------------------------------

    def test_a_vice_chair_presides_where_the_chair_stands_back(self):
        chair, deputy = self.voters[0], self.voters[1]
        assert (chair.member.office, deputy.member.office) == ("chair", "vice_chair")
        office = self.meeting.committee.office
        chair.user.memberships.create(organisation=office, role="committee_director", starts_on=MEETING_DAY)
        as_director = chair.user.act_as(chair.user.memberships.get(role="committee_director"))
        services.recuse(self.meeting, self.people[0], chair.member, "师生", actor=self.clerk)
        services.sign_attendance(self.meeting, observer=self.observer)
        ballot = self.paper(self.people[:1])
        assert ballot.presided_by == deputy.member
        acting = story.juror(deputy.member)
        may = lambda user: [row.name for row in BALLOT_ROUND.open_to(ballot, user)]  # noqa: E731
        assert may(as_director) == []
        assert may(self.director) == may(acting) == ["void"]
        page = browser(acting).get(url("round-detail", ballot.pk))
        assert str(deputy.member) in page.content.decode()
        client = browser(chair.user)
        for teller in self.tellers:
            self.count(ballot, teller, 13, 0)
        BALLOT_ROUND.fire(ballot, "seal", actor=self.observer)
        with pytest.raises(NotAllowed):
            BALLOT_ROUND.fire(ballot, "announce", actor=as_director)
        BALLOT_ROUND.fire(ballot, "announce", actor=acting)
        with pytest.raises(NotAllowed) as twice:
            BALLOT_ROUND.fire(ballot, "announce", actor=self.director)
        assert "已经宣布" in str(twice.value)
        said = minutes.content(self.meeting)
        assert f"主持：{deputy.user.full_name}" in said["rounds"][0]
        assert (said["chair_seat"], said["chair"]) == ("副主任委员", deputy.user.full_name), "decision 39 on paper, too"
        assert client.get(url("round-detail", ballot.pk)).status_code == 404  # nothing but that person is on it
        assert f"/rounds/{ballot.pk}/" not in client.get(url("call-up", self.meeting.pk)).content.decode()
        assert (
            f"/rounds/{ballot.pk}/"
            in browser(self.director).get(url("meeting-votes", self.meeting.pk)).content.decode()
        )
        rest = self.paper(self.people[1:])
        assert rest.presided_by == chair.member

    def test_a_director_who_keeps_away_at_the_office_neither_closes_announces_nor_voids(self):
        """Declared kin of the director, who is no member: decision 36 holds in the room, too."""
        CaseRecusal.objects.create(
            declaration=self.people[0].declaration, user=self.director, source="declared", ground="配偶的妹妹"
        )
        ballot, chair = self.paper(self.people[:2]), self.voters[0]
        client = browser(self.director)
        assert BALLOT_ROUND.open_to(ballot, self.director) == []
        assert may_preside(ballot) == [chair.user]
        for teller in self.tellers:
            self.count(ballot, teller, 14, 0)
        BALLOT_ROUND.fire(ballot, "seal", actor=self.observer)
        with pytest.raises(NotAllowed):
            BALLOT_ROUND.fire(ballot, "announce", actor=self.director)
        votes = client.get(url("meeting-votes", self.meeting.pk)).content.decode()
        assert f"下一步由以下人员当场宣布结果：{chair.user.full_name}。" in votes
        assert "第 1 轮（1 人）" in votes, "the number of those the reader may know of"
        assert "第 1 轮（2 人）" in browser(self.clerk).get(url("meeting-votes", self.meeting.pk)).content.decode()
        assert self.people[0].declaration.applicant.name not in votes
        called = browser(chair.user).get(url("call-up", self.meeting.pk)).content.decode()
        assert "第 1 轮由您主持" in called
        assert f'<a class="btn" href="{url("round-do", ballot.pk, "announce")}">' in called
        BALLOT_ROUND.fire(ballot, "announce", actor=story.juror(chair.member))
        assert "第 1 轮由您主持" not in browser(chair.user).get(url("call-up", self.meeting.pk)).content.decode()

    def test_director_opens_and_closes_a_round_and_signs_only_what_was_announced(self):
        director, voter = browser(self.director), browser(self.voters[0].user)
        votes = f'<a class="btn" href="{url("meeting-votes", self.meeting.pk)}">'
        page = director.get(self.meeting.get_absolute_url()).content.decode()
        assert votes in page  # what comes next; none of the other steps stands out beside it
        assert page.count('<a class="btn" ') == 1
        assert f"全部人员都有评审结果后，由以下人员签署：{self.director.full_name}" in page
        story.declare_no_conflict(self.meeting)
        called = url("call-up", self.meeting.pk)
        assert "目前没有您可以投的票" in voter.get(called).content.decode()
        data = {"items": [person.pk for person in self.people], "mode": "electronic", "minutes": "20"}
        assert director.post(url("meeting-votes", self.meeting.pk), data).status_code == 302
        ballot = self.meeting.rounds.get()
        assert "目前没有您可以投的票" not in voter.get(called).content.decode()
        for user in steps.jurors(ballot):
            steps.vote(ballot, user)
        assert "seal_full" in [row.name for row in BALLOT_ROUND.open_to(ballot, self.director)]
        BALLOT_ROUND.fire(ballot, "seal_full", actor=self.director)
        assert "待宣布" in director.get(url("meeting-votes", self.meeting.pk)).content.decode()
        services.make_minutes(self.meeting, actor=self.clerk)
        with pytest.raises(Blocked) as refused:  # signed, every_round_announced
            MEETING.fire(self.meeting, "lock_results", actor=self.director)
        assert {problem.field for problem in refused.value.problems} == {"", "password"}
        story.announce(ballot)
        assert self.director.full_name in director.get(url("round-detail", ballot.pk)).content.decode()

    def test_the_observer_declares_a_round_void_with_whoever_presides(self):
        ballot = self.paper(self.people[:1])
        observer, address = browser(self.observer), url("round-do", ballot.pk, "void")
        page = observer.get(address).content.decode()
        assert "director_password" in page
        assert "observer_password" not in page
        sheet = {"seen_status": "open", "reason": "票样印错", "director": self.director.pk}
        assert observer.post(address, {**sheet, "director_password": "wrong"}).status_code == 422
        assert observer.post(address, {**sheet, "director_password": PASSWORD}).status_code == 302
        ballot.refresh_from_db()
        assert ballot.status == "void"
        again = self.paper(self.people[:1])
        with pytest.raises(Blocked) as refused:  # two_of_them
            BALLOT_ROUND.fire(again, "void", actor=self.observer, reason="再次", director=self.clerk)
        assert [problem.field for problem in refused.value.problems] == ["director"]
        called = observer.get(url("call-up", self.meeting.pk)).content.decode()
        assert "出席和回避已于" in called
        assert url("meeting-votes", self.meeting.pk) in called
        assert again.get_absolute_url() in called
