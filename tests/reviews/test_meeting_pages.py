"""The pages of a meeting as clerk, director, bureau, observer and tellers; who sees what; query counts."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.test import TestCase
from django.urls import reverse

from applications.models import CaseRecusal
from appraisal_portal.home.story import meeting as story
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.city import PASSWORD
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.models import Reveal
from committees.reviews.models import Attendee, BallotRound, Meeting
from committees.reviews.services import meeting as services
from tests.factories.reviews import MEETING_DAY, MONDAY, a_line, a_meeting, examined


class Walk(TestCase):
    """From the empty list to locked results, by forms only."""

    @classmethod
    def setUpTestData(cls):
        with clock.travel(MONDAY):
            cls.city, cls.cycle, cls.line = a_line()
            cls.rows = [examined(cls.city, cls.line, 100 + i) for i in range(2)]
            examined(cls.city, cls.line, 200, ground="学时不足")

    def as_(self, user):
        self.client.force_login(user)

    def page(self, name, *args, status=200):
        answer = self.client.get(reverse(f"reviews:{name}", args=args))
        assert answer.status_code == status, answer.content.decode()[:2000]
        return answer.content.decode()

    def send(self, name, *args, status=302, **data):
        answer = self.client.post(reverse(f"reviews:{name}", args=args), data)
        assert answer.status_code == status, answer.content.decode()
        return answer

    def do(self, meeting, transition, status=302, **data):
        meeting.refresh_from_db()
        data = {"seen_status": meeting.status, "content_hash": meeting.content_hash(), **data}
        return self.send("meeting-do", meeting.pk, transition, status=status, **data)

    def test_the_whole_walk(self):
        office = self.line.committee.office
        clerk, director = holder("office_clerk", office), holder("committee_director", office)
        form = {
            "line": self.line.pk, "kind": "regular", "meets_on": "2026-05-15", "meets_at": "09:00",
            "place": "三号会议室", "method": "vote", "expected": "12", "contact": "季明", "phone": "0578-2091234",
        }  # fmt: skip
        with clock.travel(MONDAY):
            self.as_(clerk)
            assert "2026-05-18" in self.page("meeting-list")
            bad = self.send("meeting-new", status=422, **{**form, "meets_on": "2032-05-15"}).content.decode()
            assert "三号会议室" in bad
            assert (
                "请填写带区号的电话号码"
                in self.send("meeting-new", status=422, **{**form, "phone": "12"}).content.decode()
            )
            self.send("meeting-new", status=422)
            self.send("meeting-new", **form)
            meeting = Meeting.objects.get()
            draft = self.page("meeting-detail", meeting.pk)
            assert "2026-05-18" in draft  # too early, the first possible day is said
            assert "会议日期太近，已来不及申请" in draft
            self.send("meeting-change", meeting.pk, **{**form, "meets_on": MEETING_DAY.isoformat()})
            for words in ("第 1 版", "没有变化"):
                with self.captureOnCommitCallbacks(execute=True):
                    followed = self.send("meeting-papers-make", meeting.pk)
                assert words in self.client.get(followed.url, follow=True).content.decode()
            assert self.client.get(reverse("reviews:meeting-paper", args=[meeting.pk, "3-2", 1])).status_code == 200
            assert Reveal.objects.get(reason="3-2").count == 3
            self.page("meeting-do", meeting.pk, "apply", status=403)
            assert "下一步由主任委员在本页签名并申请，最迟 2026-05-13（周三" in self.page("meeting-detail", meeting.pk)
            self.as_(director)
            assert "申报 3 人" in self.page("meeting-do", meeting.pk, "apply")
            self.do(meeting, "apply", status=422, password="wrong")
            self.do(meeting, "apply", password=PASSWORD)
            reviewer = holder("bureau_reviewer")
            self.as_(reviewer)
            assert meeting.committee.name in self.page("bureau-meetings")
            meeting.refresh_from_db()
            assert meeting.content_hash() in self.page("bureau-meeting", meeting.pk)
            self.do(meeting, "send_back", status=422)
            self.do(meeting, "propose")
            self.page("meeting-do", meeting.pk, "approve", status=403)
            self.as_(holder("bureau_approver"))
            first = re.search(
                rf'class="btn" href="/office/meetings/{meeting.pk}/do/(\w+)/', self.page("bureau-meeting", meeting.pk)
            )
            assert first
            assert first.group(1) == "approve"
            self.page("meeting-do", meeting.pk, "approve")
            self.do(meeting, "approve", status=422, confirm="3")
            self.do(meeting, "approve", status=422, confirm="2", content_hash="old")
            self.do(meeting, "approve", confirm="2")
            self.page("bureau-meeting", meeting.pk)
            self.as_(clerk)
            self.next_is(meeting, "下一步由办公室在 2026-05-20（周三）之前通知委员、纪检监督员和计票人。")
            page = self.page("meeting-call-up", meeting.pk)
            assert "可通知的委员已全部勾选" in page
            everybody = services.possible_voters(meeting)
            observer, tellers = services.possible_observers()[0], services.possible_tellers(meeting)[:2]
            ticked = re.findall(r'name="voters" value="(\d+)"[^>]* checked', page)
            assert [int(pk) for pk in ticked] == [member.pk for member in everybody]
            assert "从专家库中抽取" not in page, "this committee has no pool"
            self.send("meeting-call-up", meeting.pk, status=422, voters=[])
            voters = everybody[:12]
            self.send(
                "meeting-call-up", meeting.pk, voters=[v.pk for v in voters], observer=observer.pk,
                tellers=[t.pk for t in tellers],
            )  # fmt: skip
            first = meeting.admissions.filter(exam_result="qualified").first()
            self.page("meeting-recusals", meeting.pk)
            self.send("meeting-recusals", meeting.pk, admission=first.pk, member=voters[0].pk, ground="亲属")
            self.send(
                "meeting-recusals", meeting.pk, status=422, admission=first.pk, member=voters[0].pk, ground="亲属"
            )
            assert "撤销回避" in self.page("meeting-recusals", meeting.pk)
            self.next_is(meeting, "已通知 15 人。2026-05-20（周三）由办公室组织签到")
            early = reverse("reviews:meeting-attendance", args=[meeting.pk])
            assert early not in self.page("meeting-detail", meeting.pk), "nothing to sign yet, so nothing to follow"
            assert "签到在会议当天进行：2026-05-20（周三）。" in self.page("meeting-attendance", meeting.pk)
        with clock.travel(MEETING_DAY):
            self.next_is(meeting, "下一步由办公室组织签到。")
            everybody = list(meeting.attendees.values_list("pk", flat=True))
            self.page("meeting-attendance", meeting.pk)
            self.send("meeting-attendance", meeting.pk, present=everybody)
            self.next_is(meeting, f"下一步由纪检监督员{observer}在“我的会议”中确认。")
            self.as_(observer)
            assert str(self.rows[0].applicant) in self.page("attendance-sign", meeting.pk)
            self.send("attendance-sign", meeting.pk, status=422, password="wrong")
            self.send("attendance-sign", meeting.pk, password=PASSWORD)
            self.as_(clerk)
            page = self.page("meeting-detail", meeting.pk)
            assert "下一步由办公室宣布会议开始。" in page
            assert '<a class="btn" href="' + reverse("reviews:meeting-do", args=[meeting.pk, "open"]) in page
            self.do(meeting, "open")
            assert "下一步由办公室对尚无结果的人员开始新一轮表决" in self.page("meeting-votes", meeting.pk)
            self.as_(director)
            assert self.steps(meeting) == ["defer_person", "void"], "a meeting that votes decides nobody without a vote"
            self.as_(clerk)
            people = [a.pk for a in meeting.admissions.filter(exam_result="qualified")]
            self.send("meeting-votes", meeting.pk, items=people, mode="paper")
            ballot = BallotRound.objects.get()
            self.page("round-detail", ballot.pk)
            self.page("round-counts", ballot.pk, status=403)
            for teller in tellers:
                self.as_(teller)
                self.page("round-counts", ballot.pk)
                self.send("round-counts", ballot.pk, status=422)
                rows = {}
                for pk, issued, agree in zip(people, (11, 12), (8, 8), strict=True):
                    rows |= {f"p{pk}-issued": issued, f"p{pk}-agree": agree, f"p{pk}-against": issued - agree,
                             f"p{pk}-abstain": 0, f"p{pk}-invalid": 0}  # fmt: skip
                wrong = {**rows, f"p{people[0]}-agree": 7}
                kept = self.send("round-counts", ballot.pk, status=422, **wrong).content.decode()
                assert 'value="7"' in kept
                assert f"{self.rows[0].applicant.name}：四项合计" in kept  # the list above the sheet says whose row
                assert not ballot.counts.filter(teller__user=teller).exists()  # all rows or none
                self.send("round-counts", ballot.pk, **rows)
            self.as_(observer)
            self.page("round-do", ballot.pk, "seal")
            self.send("round-do", ballot.pk, "seal", seen_status="open", confirm="2")
            assert (
                "needed 8"
                in self.client.get(ballot.get_absolute_url(), headers={"accept-language": "en"}).content.decode()
            )
            for page in (self.page("meeting-votes", meeting.pk), self.page("round-detail", ballot.pk)):
                assert f"下一步由以下人员当场宣布结果：{director.full_name}" in page
            self.as_(clerk)
            self.send("minutes-make", meeting.pk)
            self.as_(director)
            self.page("meeting-votes", meeting.pk)
            self.do(meeting, "lock_results", status=422, confirm="2", password=PASSWORD)  # every_round_announced
            assert "评审通过" in self.page("round-do", ballot.pk, "announce")  # what is read aloud
            self.send("round-do", ballot.pk, "announce", seen_status="sealed")
            step = "下一步由办公室生成会议纪要，再由主任委员签署。"  # those made before do not say who announced
            assert step in self.page("round-detail", ballot.pk)
            assert step in self.page("meeting-votes", meeting.pk)
            stale = self.do(meeting, "lock_results", status=422, confirm="2", password=PASSWORD).content.decode()
            assert "会议纪要生成后又有变动" in stale
            self.as_(clerk)
            self.send("minutes-make", meeting.pk)
            self.as_(director)
            assert "会议纪要已生成。下一步由主任委员签署并锁定结果。" in self.page("meeting-votes", meeting.pk)
            kin = CaseRecusal.objects.create(
                declaration=self.rows[0], user=director, source="named", ground="申报人申请回避"
            )
            refused = self.page("meeting-do", meeting.pk, "lock_results", status=403)  # decision 39
            assert "您须回避" in refused
            assert self.rows[0].applicant.name not in refused
            for name in ("meeting-detail", "meeting-votes"):
                assert "暂无人可以签署" in self.page(name, meeting.pk)
            kin.delete()
            assert f"下一步由以下人员签署：{director.full_name}" in self.page("meeting-detail", meeting.pk)
            assert self.steps(meeting) == ["lock_results"], "what is sealed stands: no void any more"
            assert self.rows[0].applicant.name in self.page("meeting-do", meeting.pk, "lock_results")
            self.do(meeting, "lock_results", status=422, confirm="2", password="wrong")
            self.do(meeting, "lock_results", confirm="2", password=PASSWORD)
            assert "下一步由办公室经办人制作通过人员名单" in self.page("meeting-detail", meeting.pk)
            self.locked(meeting, clerk, observer)
            self.as_(voters[1].user)
            self.page("call-up", meeting.pk)
        self.rows[0].refresh_from_db()
        assert self.rows[0].status == "passed"

    def steps(self, meeting):
        """What the two pages of the meeting offer, in this order."""
        there, besides = (
            re.findall(rf"/meetings/{meeting.pk}/do/(\w+)/", self.page(name, meeting.pk))
            for name in ("meeting-detail", "meeting-votes")
        )
        assert there == besides
        return there

    def next_is(self, meeting, words):
        """Who acts next is said, and opening the meeting does not stand out."""
        page = self.page("meeting-detail", meeting.pk)
        assert words in page
        assert '<a class="btn second" href="' + reverse("reviews:meeting-do", args=[meeting.pk, "open"]) in page

    def locked(self, meeting, clerk, observer):
        """Attendance is neither taken nor confirmed any more: the pages say so, show who was there, and ask nothing."""
        for user, name in ((clerk, "meeting-attendance"), (observer, "attendance-sign")):
            self.as_(user)
            page = self.page(name, meeting.pk)
            assert "评审结果已锁定，不能再修改" in page
            assert page.count("签到") >= 15
            assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
            sent = self.client.post(reverse(f"reviews:{name}", args=[meeting.pk]), {"password": PASSWORD})
            assert sent.status_code == 422
            assert "评审结果已锁定，不能再修改" in sent.content.decode()
        in_english = {"headers": {"accept-language": "en"}}
        for name, words in (("attendance-sign", "members were in the room; 10 were needed"),
                            ("meeting-room", "members were in the room")):  # fmt: skip
            answer = self.client.get(reverse(f"reviews:{name}", args=[meeting.pk]), **in_english)
            assert words in answer.content.decode()


class Seeing(TestCase):
    """Jurors' names are nobody's business before the meeting; strangers find nothing."""

    @classmethod
    def setUpTestData(cls):
        with clock.travel(MONDAY):
            cls.city, cls.cycle, cls.meeting, cls.rows = a_meeting(3)
            story.approve(story.apply(cls.meeting))
            cls.media = settings.MEDIA_ROOT  # each test has an empty folder of its own; the papers lie in this one

    def setUp(self):
        self.enterContext(clock.travel(MONDAY))

    def get(self, user, name, *args):
        self.client.force_login(user)
        return self.client.get(reverse(f"reviews:{name}", args=args))

    def test_the_next_meeting_stands_first_then_the_latest(self):
        part = self.meeting.attendees.filter(role="voter")[0]
        days = [MEETING_DAY + dt.timedelta(days=shift) for shift in (0, 7, 14, 28)]
        for day in days[1:]:
            other = Meeting.objects.get(pk=self.meeting.pk)
            other.pk, other.meets_on, other.reply_number, other._state.adding = None, day, f"第{day}号", True
            other.save()
            Attendee.objects.create(meeting=other, role="voter", member=part.member, user=part.user)
        with clock.travel(days[2]):
            page = self.get(part.user, "call-up-list").content.decode()
        shown = sorted(days, key=lambda day: page.index(day.isoformat()))
        assert shown == [days[2], days[3], days[1], days[0]]
        assert page.count(str(self.meeting.committee)) == 4

    def test_a_juror_sees_the_own_call_up_only(self):
        one, two = (row.user for row in self.meeting.attendees.filter(role="voter")[:2])
        answer = self.get(one, "call-up", self.meeting.pk)
        assert answer.status_code == 200
        page = answer.content.decode()
        assert self.meeting.place in page
        assert two.full_name not in page
        assert self.get(one, "call-up-list").status_code == 200
        assert self.get(one, "meeting-detail", self.meeting.pk).status_code == 302
        for name in ("meeting-votes", "meeting-recusals"):
            assert self.get(one, name, self.meeting.pk).status_code == 403
        assert self.get(one, "meeting-paper-current", self.meeting.pk, "3-2").status_code == 404
        with self.settings(MEDIA_ROOT=self.media):
            assert self.get(one, "meeting-paper-current", self.meeting.pk, "3-3").status_code == 200

    def test_strangers_get_404(self):
        spare = services.possible_voters(self.meeting)[-1].user  # not called up
        other_office = holder("office_clerk", self.city.offices["enterprise"])
        for user in (spare, other_office, self.city.applicant(100), self.city.user("unit_clerk")):
            assert self.get(user, "meeting-detail", self.meeting.pk).status_code == 404
            assert self.get(user, "call-up", self.meeting.pk).status_code == 404
            assert self.get(user, "meeting-paper-current", self.meeting.pk, "3-3").status_code == 404

    def test_a_draft_is_the_offices_own(self):
        draft = story.prepare(self.city, self.cycle, self.meeting.line, [], MEETING_DAY.replace(day=28))
        assert self.get(holder("bureau_reviewer"), "bureau-meeting", draft.pk).status_code == 404
        assert self.get(holder("supervisor"), "bureau-meeting", self.meeting.pk).status_code == 200

    def test_both_languages(self):
        clerk = holder("office_clerk", self.meeting.committee.office)
        self.client.force_login(clerk)
        url = reverse("reviews:meeting-detail", args=[self.meeting.pk])
        english = self.client.get(url, headers={"accept-language": "en"}).content.decode()
        assert "Call up members, observer and tellers" in english
        assert 'lang="en"' in english
        assert 'lang="zh-Hans"' in self.client.get(url, headers={"accept-language": "zh-CN"}).content.decode()

    def test_query_counts_do_not_grow_with_the_rows(self):
        clerk = holder("office_clerk", self.meeting.committee.office)
        self.client.force_login(clerk)
        with self.assertNumQueries(6):
            self.client.get(reverse("reviews:meeting-list"))
        for day in (27, 28, 29):
            story.prepare(self.city, self.cycle, self.meeting.line, [], MEETING_DAY.replace(day=day))
        with self.assertNumQueries(6):
            self.client.get(reverse("reviews:meeting-list"))
        self.client.force_login(holder("bureau_reviewer"))
        with self.assertNumQueries(6):
            self.client.get(reverse("reviews:bureau-meetings") + "?all=1")


@pytest.mark.django_db
def test_a_visitor_is_sent_to_the_login_page(client):
    for name in ("meeting-list", "bureau-meetings", "call-up-list"):
        answer = client.get(reverse(f"reviews:{name}"))
        assert answer.status_code == 302
