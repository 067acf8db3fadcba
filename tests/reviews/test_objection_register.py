"""The register of objections through its pages: late and anonymous reports, extension, answer, reply, limits."""

import datetime as dt
import re

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from icalendar import Calendar

from applications.models import CaseRecusal
from appraisal_portal.accounts.models import Message
from appraisal_portal.home.story import results
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.people import evidence_pdf
from appraisal_portal.home.story.results import SUBSTANCE
from appraisal_portal.kernel import clock, documents, outbox
from appraisal_portal.kernel.models import KeptFile
from committees.reviews.documents.outcome import facts_of, paragraphs_of
from committees.reviews.models import Objection, ResultPublicity
from tests.factories.results import AFTER, LAST_DAY, PUBLIC_FROM, decided_meeting
from tests.reviews.test_results_pages import EN, GROUND, Pages


class Register(Pages):
    """One list under publicity, somebody objects."""

    @classmethod
    def setUpTestData(cls):
        cls.meeting, cls.rows = decided_meeting(3)
        cls.office = cls.meeting.committee.office
        with clock.travel(PUBLIC_FROM):
            cls.publicity = results.publicise(cls.meeting)
        cls.item = cls.publicity.items.first()
        cls.media = settings.MEDIA_ROOT

    def object_at(self, moment):
        with clock.travel(moment):
            self.send(
                "objection-new", query=f"?p={self.item.pk}", filed_by="季知行", contact="13800000013", content=GROUND
            )
        return Objection.objects.latest("pk")

    def test_in_time_until_the_last_second_of_the_last_day(self):
        assert self.object_at(clock.end_of_day(LAST_DAY) - dt.timedelta(seconds=1)).in_time

    def test_in_time_by_when_it_reached_the_server_though_midnight_strikes_meanwhile(self):
        first, *others = settings.MIDDLEWARE
        with self.settings(MIDDLEWARE=[first, "tests.applications.test_closing.Midnight", *others]):
            row = self.object_at(clock.end_of_day(LAST_DAY) - dt.timedelta(seconds=1))
        assert row.in_time
        assert row.received_at == clock.end_of_day(LAST_DAY) - dt.timedelta(seconds=1)

    def test_files_of_a_refused_objection_are_kept_for_this_browser_and_lead_to_no_account(self):
        def pdf(name):
            return SimpleUploadedFile(name, evidence_pdf(name), "application/pdf")

        bad = SimpleUploadedFile("坏.pdf", b"MZ not a pdf", "application/pdf")
        told = {"query": f"?p={self.item.pk}", "filed_by": "季知行", "contact": "13800000013", "content": GROUND}
        with clock.travel(PUBLIC_FROM):
            self.as_("applicant")
            asked = self.page("objection-new", query=told["query"])
            assert "What is wrong, and what shows it. At least 10 characters.<" in asked
            refused = self.send("objection-new", status=422, files=[pdf("证一.pdf"), bad, pdf("证二.pdf")], **told)
            keys = re.findall(r'name="files-kept" value="([^"]+)"', refused)
            assert len(keys) == 2
            assert set(KeptFile.objects.values_list("owner", flat=True)) == {None}
            many = [pdf(f"{n}.pdf") for n in range(4)]
            sent = {"files-kept": keys, **told}
            assert "You chose 6 files; at most 5" in self.send("objection-new", status=422, files=many, **sent)
            cookie = self.client.cookies.pop("csrftoken")  # another browser
            assert "not kept any more" in self.send("objection-new", status=422, **sent)
            with self.settings(PORTAL_KEPT_FILES=2):  # of one address: the next one waits for room, nobody's file goes
                bad.seek(0)
                full = self.send("objection-new", status=422, files=[pdf("证三.pdf"), bad], **told)
            assert "证三.pdf could not be kept. Choose it again." in full
            assert not Objection.objects.exists()
            self.client.cookies["csrftoken"] = cookie.value
            self.send("objection-new", **sent)
        uploads = [file.upload for file in Objection.objects.get().files.select_related("upload").order_by("pk")]
        assert [(upload.original_name, upload.owner) for upload in uploads] == [("证一.pdf", None), ("证二.pdf", None)]

    def test_late_from_midnight_on(self):
        late = self.object_at(clock.end_of_day(LAST_DAY))
        assert not late.in_time
        with clock.travel(AFTER):
            assert 'records it as a report, by: <time datetime="2026-06-03"' in self.page("objection-follow", late.code)
            self.as_("office_clerk", self.office)
            assert "record it as a report" in self.do("objection-do", late, "admit", status=422, substance=SUBSTANCE)
            self.do("objection-do", late, "record_as_report", status=422)
            self.do("objection-do", late, "record_as_report", checkable="yes")
            asked = self.page("objection-do", late.pk, "settle")
            assert re.search(r'id="id_evidence_helptext">At least 10 characters\.<', asked)
            assert "at least ten" in self.do("objection-do", late, "settle", status=422, evidence="无")
            self.do("objection-do", late, "settle", evidence="已向发证单位核实，署名无误，不影响结果。")
        self.rows[0].refresh_from_db()
        assert self.rows[0].status == "result_publicity"
        assert "has been followed up" in self.page("objection-follow", late.code)
        self.client.logout()
        find = reverse("reviews:objection-find")
        assert find in self.page("public-publicity-list"), "whoever lost the address finds where to type the code"
        typed = f" {late.code[:5].lower()} - {late.code[5:]} "
        self.assertRedirects(
            self.client.post(find, {"code": typed}), reverse("reviews:objection-follow", args=[late.code])
        )
        wrong = self.client.post(find, {"code": "12345"}, headers=EN)
        assert wrong.status_code == 422
        assert "ten letters and digits" in wrong.content.decode()
        assert 'value="12345"' in wrong.content.decode()
        assert find in self.page("objection-follow", "NOSUCHCODE", status=404)

    def test_a_report_without_a_name_gets_no_code_and_what_names_nothing_is_kept(self):
        with clock.travel(PUBLIC_FROM):
            answer = self.client.post(
                reverse("reviews:objection-new") + f"?p={self.item.pk}", {"content": GROUND}, headers=EN
            )
            self.assertRedirects(answer, reverse("reviews:objection-received"))
            row = Objection.objects.get()
            assert row.code not in self.page("objection-received")
            self.as_("office_clerk", self.office)
            page = self.page("objection-detail", row.pk)
            assert "without a name" in page
            assert "records it as a report, by 2026-05-26 (Tue" in page, "three working days after that Thursday"
            assert re.search(r'Take on by <time datetime="2026-05-26"', self.page("objection-list"))
            assert reverse("reviews:objection-do", args=[row.pk, "record_as_report"]) in page
            assert reverse("reviews:objection-do", args=[row.pk, "admit"]) not in page, "it would be refused"
            assert '<span class="who">a visitor</span>' in page
            assert "the portal itself" not in page
            self.do("objection-do", row, "admit", status=422, substance=SUBSTANCE)
            self.do("objection-do", row, "record_as_report", checkable="no")
            assert "nothing that could be checked" in self.do(
                "objection-do", row, "settle", status=422, evidence="已向发证单位核实，署名无误。"
            )

    @pytest.mark.notice("IV.3.f")
    def test_both_sides_read_the_new_day_its_reason_and_the_outcome(self):
        objection = self.object_at(PUBLIC_FROM)
        with clock.travel(PUBLIC_FROM):
            self.as_("office_clerk", self.office)
            self.do("objection-do", objection, "admit", substance=SUBSTANCE)
            objection.refresh_from_db()
            assert (objection.working_days, str(objection.ends_on)) == (10, "2026-06-04")
            assert "until 2026-06-04 (Thu) at the latest" in self._as(
                objection.item.declaration.applicant.user, objection
            )
            self.as_("committee_director", self.office)
            assert (
                f"{objection.handler} investigates and concludes by 2026-06-04 (Thu, 10 working days left)."
                in self.steps(objection, "extend")
            )
            asked = self.page("objection-do", objection.pk, "extend")
            assert "told to whoever it concerns.<" in asked, "nothing is to be mended"
            assert all(day in asked for day in ("2026-06-04 (Thu)", "2026-07-03 (Fri)", "This can be done once."))
            self.do("objection-do", objection, "extend", reason="需向省外发证单位函证")
            objection.refresh_from_db()
            assert (objection.working_days, str(objection.ends_on)) == (30, "2026-07-03")
            self.do("objection-do", objection, "extend", status=422, reason="再次延长")
            self.steps(objection)  # what can be done once is not offered twice
            person = objection.item.declaration.applicant.user
            self.client.force_login(person)
            case = objection.item.declaration_id
            answer_it = reverse("reviews:objection-of-mine", args=[case])
            assert answer_it in self.client.get(reverse("applications:my-detail", args=[case])).content.decode()
            assert self.client.get(answer_it).url == reverse("reviews:objection-about-me", args=[objection.pk])
            for page in (self.page("objection-follow", objection.code), self._as(person, objection)):
                assert "需向省外发证单位函证" in page
                assert "2026-07-03" in page
            self.as_("office_clerk", self.office)
            found = {"evidence": "函证结果与申报一致，附卷备查。", "opinion": "unfounded"}
            assert "please write the reply" in self.do(
                "objection-do", objection, "conclude", status=422, reply="无", **found
            )
            self.do("objection-do", objection, "conclude", reply="经函证，您反映的问题不成立。", **found)
            assert "经函证" not in self.page("objection-follow", objection.code)
            self.as_("bureau_approver")
            assert "Next an approver of the bureau decides." in self.steps(objection, "dismiss", "send_back")
            decided = self.page("objection-do", objection.pk, "dismiss")
            seen = (GROUND, SUBSTANCE, found["evidence"], "经函证，您反映的问题不成立。")
            assert [words for words in seen if words not in decided] == []
            self.do("objection-do", objection, "dismiss")
        assert "经函证，您反映的问题不成立。" in self.page("objection-follow", objection.code)
        assert "函证结果与申报一致" in self._as(person, objection)

    def _taken_on_and_concluded(self, objection, opinion):
        self.as_("office_clerk", self.office)
        self.do("objection-do", objection, "admit", substance=SUBSTANCE)
        reply = "季知行同志：经向发证单位核实，答复如上。"
        found = {"evidence": "已向发证单位核实，结果附卷。", "opinion": opinion, "reply": reply}
        self.do("objection-do", objection, "conclude", **found)

    def test_of_several_about_one_person_each_is_settled_whatever_became_of_the_person(self):
        first, second, third, fourth = (self.object_at(PUBLIC_FROM) for _n in range(4))
        person = self.item.declaration.applicant.user
        with clock.travel(PUBLIC_FROM):
            for objection, opinion in ((first, "unfounded"), (second, "upheld"), (third, "unfounded")):
                self._taken_on_and_concluded(objection, opinion)
            self.as_("bureau_approver")
            self.do("objection-do", first, "dismiss")
            assert "until its outcome the person is held back." in self.steps(first)
            waits = self._as(person, first)
            assert "your case waits for its outcome." in waits
            assert "Your case goes on" not in waits
            assert reverse("reviews:objection-about-me", args=[second.pk]) in waits
            for due in outbox.due():
                outbox.deliver(*due)
            assert Message.objects.filter(user=person, body__contains="另一件异议仍在核查").count() == 1
            assert not Message.objects.filter(user=person, body__contains="继续办理").exists()
            [held] = Message.objects.filter(user=person, body__contains="从申报页面可以查看反映的内容")
            assert "作出说明、提交证据" in held.body
            self.as_("bureau_approver")
            self.do("objection-do", second, "uphold")
            assert "get no title from this review" in self._as(person, second)
            self.as_("bureau_approver")
            self.do("objection-do", third, "dismiss")
            assert "This changes nothing for the person" in self.steps(third)
            assert "This changes nothing about your case" in self._as(person, third)
            self._taken_on_and_concluded(fourth, "upheld")
            self.as_("bureau_approver")
            self.do("objection-do", fourth, "uphold")
        self.item.declaration.refresh_from_db()
        assert self.item.declaration.status == "excluded"
        assert self.item.declaration.records.filter(transition="exclude").count() == 1
        facts = facts_of(self.item.declaration)
        assert facts["bureau_on"] == PUBLIC_FROM, "the letter bears the day of the decision, not of the meeting"
        assert any(SUBSTANCE.rstrip("。") in words for words in paragraphs_of(self.item.declaration, facts))

    def test_the_author_named_in_the_reply_is_struck_out_for_the_bureau(self):
        objection = self.object_at(PUBLIC_FROM)
        with clock.travel(PUBLIC_FROM):
            self._taken_on_and_concluded(objection, "unfounded")
            assert "季知行同志" in self.page("objection-detail", objection.pk), "who investigates knows"
            self.as_("bureau_approver")
            for page in (
                self.page("objection-detail", objection.pk),
                self.page("objection-do", objection.pk, "dismiss"),
            ):
                assert "■■同志：经向发证单位核实" in page
                assert "季知行" not in page
            self.do("objection-do", objection, "dismiss")
        assert "季知行同志：经向发证单位核实" in self.page("objection-follow", objection.code)

    def test_the_letter_to_the_bureau_counts_objections_and_no_reports(self):
        objection = self.object_at(PUBLIC_FROM)
        with clock.travel(PUBLIC_FROM):
            self._taken_on_and_concluded(objection, "unfounded")
            self.as_("bureau_approver")
            self.do("objection-do", objection, "dismiss")
            self.as_("office_clerk", self.office)
            assert "Prepare the report" not in self.page("report-list"), "the publicity runs"
        with clock.travel(AFTER):
            assert "Prepare the report" in self.page("report-list")
            self.send("objection-new", query=f"?p={self.item.pk}", filed_by="季知行", contact="", content=GROUND)
            results.close(self.publicity)
            assert "report to the bureau comes next" in self.page("publicity-detail", self.publicity.pk)
            with self.settings(MEDIA_ROOT=self.media):
                report = results.report(self.meeting)
            assert "Prepare the report" not in self.page("report-list"), "there is one"
            assert "report to the bureau comes next" not in self.page("publicity-detail", self.publicity.pk)
            assert "3-6" in self.page("report-detail", report.pk)
            self.as_("bureau_reviewer")
            offered = re.findall(r"/do/(\w+)/", self.page("report-detail", report.pk))
            assert offered == ["send_back"], "nothing is stored that could be proposed"
            self.as_("office_clerk", self.office)
            keeps_away = {"declaration": self.item.declaration, "user": holder("office_clerk", self.office)}
            CaseRecusal.objects.create(**keeps_away, source="named", ground="申报人申请回避")
            kept = self.page("report-detail", report.pk)
            assert "a colleague reads it." in kept
            assert "No documents yet." not in kept
            assert self.item.shown_name not in kept
            assert "Intermediate level · Regular review" in self.page("public-publicity-list")
            said = "".join(documents.registry["3-4"].content(report)["paragraphs"])
            [row, *_others] = documents.registry["3-6"].content(report)["rows"]
        assert "收到异议1件，查实0件，尚在核查0件，其余不成立。" in said
        assert "现将无异议或者异议经核查不成立的3人名单" in said
        assert "评审3人，通过3人，未通过0人。" in said
        assert row["acquired_by"] == "评审"

    def test_what_a_rule_refuses_stands_at_its_field(self):
        objection = self.object_at(PUBLIC_FROM)
        with clock.travel(PUBLIC_FROM):
            self.as_("office_clerk", self.office)
            self.steps(objection, "admit")  # named and in time: a report it cannot become
            named = self.do(
                "objection-do", objection, "admit", status=422, substance="季知行反映您的证书署名与原件不符。"
            )
        said = re.search(r'id="id_substance_error">(.*?)</div>', named, re.S)
        assert "it names whoever objected" in said[1]
        assert named.count("it names whoever objected") == 2, "once at the head of the page, once at the field"

    def test_a_report_that_names_something_is_followed_up_by_a_day(self):
        late = self.object_at(AFTER)
        with clock.travel(AFTER):
            self.as_("office_clerk", self.office)
            self.do("objection-do", late, "record_as_report", checkable="yes")
            late.refresh_from_db()
            day = late.ends_on.isoformat()
            page = self.steps(late, "settle")
            assert f"Next {late.handler} follows it up and records here what became of it, by {day}" in page
            assert day in self.page("objection-list")
            follow = self.page("objection-follow", late.code)
            assert day in follow
            assert re.findall(r'<li class="(\w*)"[^>]*><b>([^<]+)', follow) == [
                ("done", "Received"),
                ("now", "Taken as a report"),
            ]
            assert "Decided" not in follow
            nothing = {name: None for name in ("starts_on", "working_days", "ends_on", "announced_ends_on")}
            Objection.objects.filter(pk=late.pk).update(**nothing)  # as such a row was stored before
            assert f"Next {late.handler} follows it up and records here what became of it.<" in self.steps(
                late, "settle"
            )
            self.page("objection-follow", late.code)
            self.do("objection-do", late, "settle", evidence="已向发证单位核实，署名无误。")
            assert "a reviewer of the bureau opens a case" in self.steps(late)
            assert day not in self.page("objection-list"), "nobody has to do anything any more"

    def steps(self, objection, *names):
        """The office's page, which offers these steps and no others."""
        page = self.page("objection-detail", objection.pk)
        assert re.findall(r"/do/(\w+)/", page) == list(names)
        return page

    def _as(self, person, objection):
        self.client.force_login(person)
        return self.page("objection-about-me", objection.pk)

    def test_not_flooding_one_address_sends_in_a_bounded_number_a_day(self):
        query = f"?p={self.item.pk}"
        sent = {"filed_by": "季知行", "contact": "", "content": GROUND}
        with clock.travel(PUBLIC_FROM), self.settings(PORTAL_OBJECTIONS_PER_ADDRESS=2):
            for _count in range(2):
                self.send("objection-new", query=query, **sent)
            assert "Please go on tomorrow" in self.send("objection-new", query=query, status=422, **sent)
        with clock.travel(PUBLIC_FROM + dt.timedelta(days=1)), self.settings(PORTAL_OBJECTIONS_PER_ADDRESS=2):
            self.send("objection-new", query=query, **sent)

    def test_the_last_day_as_a_calendar_file(self):
        with clock.travel(PUBLIC_FROM):
            answer = self.client.get(reverse("reviews:public-publicity-calendar", args=[self.publicity.pk]))
            assert answer["Content-Type"].startswith("text/calendar")
            event = Calendar.from_ical(answer.content).walk("VEVENT")[0]
            assert event.decoded("dtstart") == LAST_DAY
            assert self.meeting.committee.name in str(event["summary"])
            [alarm] = event.walk("VALARM")
            assert alarm.decoded("trigger") == dt.timedelta(hours=9)  # in the morning of that day
            ResultPublicity.objects.filter(pk=self.publicity.pk).update(provisional=True)
            self.page("public-publicity-calendar", self.publicity.pk, status=404)

    def days(self, starts_on, ends_on, today):
        rows = ResultPublicity.objects.filter(pk=self.publicity.pk)
        rows.update(starts_on=starts_on, ends_on=ends_on, announced_ends_on=ends_on)
        with clock.travel(today):
            page = self.page("public-publicity", self.publicity.pk, query=f"?page=1&seen={ends_on}")
        lines = [line.split("</li>")[0] for line in page.split("<li>")]
        return [line for line in lines if line.startswith("2026-") or line.startswith("2027-")], page

    def test_why_this_day_over_a_holiday_a_make_up_saturday_and_without_a_calendar(self):
        """domain.md §8: of Labour Day 2026 five days are off, Saturday 9 May is worked instead (case 9, P45)."""
        lines, page = self.days(dt.date(2026, 4, 29), dt.date(2026, 5, 9), PUBLIC_FROM)
        assert lines[0] == "2026-04-30 (Thu): day 1 · Working day"
        assert [line[:10] for line in lines if "does not count · Public holiday" in line] == [
            f"2026-05-0{day}" for day in range(1, 6)
        ]
        assert lines[-1] == "2026-05-09 (Sat): day 5 · Make-up working day"
        assert len(lines) == 10
        assert "Made public on 2026-04-29 (Wed); that day does not count." in page
        assert "The last day is later than this count" not in page
        _lines, page = self.days(dt.date(2026, 4, 29), dt.date(2026, 5, 12), PUBLIC_FROM)  # halted for two days
        assert "The last day is later than this count" in page
        lines, _page = self.days(dt.date(2026, 12, 30), dt.date(2027, 1, 7), dt.date(2026, 12, 30))
        assert lines[0] == "2026-12-31 (Thu): day 1 · Working day"
        assert lines[1].startswith("2027-01-01 (Fri): day 2 · Counted Monday to Friday: the holiday notice")

    def test_who_may_not_know_the_author_does_not_read_it_in_the_text_either(self):
        """trust.md §2.1: the author for handler and supervisor only, also where the text itself says the name."""
        with clock.travel(PUBLIC_FROM):
            told = "本人季知行（13800000013）反映：该同志的获奖证书署名与原件不符。"
            self.send(
                "objection-new", query=f"?p={self.item.pk}", filed_by="季知行", contact="13800000013", content=told
            )
            objection = Objection.objects.latest("pk")
            for role, office in (("office_clerk", self.office), ("bureau_approver", None)):
                self.as_(role, office)
                page = self.page("objection-detail", objection.pk)
                assert "本人■■（■■）反映：该同志的获奖证书署名与原件不符。" in page
                assert "季知行" not in page
                assert "13800000013" not in page
            self.as_("office_clerk", self.office)
            asked = self.page("objection-do", objection.pk, "admit")
            assert "本人■■（■■）反映" in asked
            assert "季知行" not in asked
            self.as_("supervisor")
            assert told in self.page("objection-detail", objection.pk)
