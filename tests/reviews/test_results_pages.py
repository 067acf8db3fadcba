"""Pages of publicity, objections and reports, walked as office, director, bureau, visitor; what bad input gets."""

import datetime as dt

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase
from django.urls import reverse

from applications.models import CaseRecusal
from appraisal_portal.accounts.models import Membership, Person
from appraisal_portal.home.story import results
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.people import evidence_pdf
from appraisal_portal.home.story.results import SUBSTANCE
from appraisal_portal.kernel import clock, files
from appraisal_portal.kernel.models import Export
from committees.reviews.models import Objection, ResultPublicity, ResultReport
from committees.reviews.models.report import CODES
from committees.reviews.tasks import close_publicity
from tests.factories.results import AFTER, PUBLIC_FROM, decided_meeting

EN = {"accept-language": "en"}
GROUND = "名单中该同志的获奖证书署名与原件不符，请核查。"


class Pages(TestCase):
    """What both classes below need."""

    def as_(self, role, organisation=None):
        self.client.force_login(holder(role, organisation))

    def page(self, name, *args, status=200, query=""):
        answer = self.client.get(reverse(f"reviews:{name}", args=args) + query, headers=EN)
        assert answer.status_code == status, answer.content.decode()[:3000]
        return answer.content.decode()

    def send(self, name, *args, status=302, query="", **data):
        answer = self.client.post(reverse(f"reviews:{name}", args=args) + query, data, headers=EN)
        assert answer.status_code == status, answer.content.decode()[:6000]
        return answer.content.decode()

    def do(self, name, obj, transition, status=302, **data):
        obj.refresh_from_db()
        hashed = {"content_hash": obj.content_hash()} if hasattr(obj, "content_hash") else {}
        return self.send(name, obj.pk, transition, status=status, **{"seen_status": obj.status, **hashed, **data})


class Walk(Pages):
    """From the locked results to the decided report, by forms only."""

    @classmethod
    def setUpTestData(cls):
        cls.meeting, cls.rows = decided_meeting(3)
        cls.office = cls.meeting.committee.office
        cls.media = settings.MEDIA_ROOT

    def setUp(self):
        self.enterContext(self.settings(MEDIA_ROOT=self.media))

    def kin_of_the_director(self, row):
        director = holder("committee_director", self.office)
        return CaseRecusal.objects.create(declaration=row, user=director, source="named", ground="申报人申请回避")

    def deputy(self):
        """Somebody to whom the bureau gave the role as well (decision 39)."""
        user = holder("office_clerk", self.office)
        user.memberships.create(organisation=self.office, role="committee_director", starts_on=PUBLIC_FROM)
        return user.full_name

    def test_the_whole_walk(self):
        numbers = list(Person.objects.values_list("id_number", flat=True))
        with clock.travel(PUBLIC_FROM):
            self.as_("committee_director", self.office)
            assert "A clerk of the office prepares it." in self.page("publicity-desk")
            self.page("publicity-new", self.meeting.pk, status=403)
            self.as_("office_clerk", self.office)
            assert "Make the list" in self.page("publicity-desk")
            self.page("publicity-new", self.meeting.pk)
            kept = self.send("publicity-new", self.meeting.pk, status=422, how="公告栏", contact="", phone="12")
            for words in ("公告栏", "Please fill in", "Give the telephone number with its area code"):
                assert words in kept
            self.send("publicity-new", self.meeting.pk, how="公告栏", contact="季明", phone="0578-2091234")
            again = self.send("publicity-new", self.meeting.pk, status=422, how="x", contact="y", phone="0578-2091234")
            assert "Nobody of this meeting waits for publicity" in again
            publicity = ResultPublicity.objects.get()
            self.page("publicity-do", publicity.pk, "sign", status=403)
            self.as_("committee_director", self.office)
            kin = self.kin_of_the_director(self.rows[0])
            assert "Nobody may sign this" in self.page("publicity-detail", publicity.pk)
            deputy = self.deputy()
            waits = self.page("publicity-detail", publicity.pk)
            assert (
                f"You keep away from somebody named here, or prepared it yourself. It is signed by: {deputy}." in waits
            )
            assert self.rows[0].applicant.name not in waits
            assert f'data-l="People">{publicity.items.count() - 1}<' in self.page("publicity-desk")  # P11
            assert "another director" in self.page("publicity-do", publicity.pk, "sign", status=403)
            kin.delete()
            self.page("publicity-do", publicity.pk, "sign")
            self.do("publicity-do", publicity, "sign")
            self.as_("office_clerk", self.office)
            self.do("publicity-do", publicity, "start", status=409, seen_status="draft")
            self.do("publicity-do", publicity, "start")
            assert "2026-05-28" in self.page("publicity-detail", publicity.pk)
            self.client.logout()
            assert self.meeting.committee.name in self.page("public-publicity-list")
            public = self.page("public-publicity", publicity.pk)
            assert not [n for n in numbers if n in public]
            assert "Regular review" in public  # the way, stored as a key, in the language of whoever reads
            item = publicity.items.get(declaration=self.rows[2])
            query = f"?p={item.pk}"
            self.page("objection-new", query=query)
            short = self.send(
                "objection-new", status=422, query=query, filed_by="季知行", contact="138", content="不对"
            )
            assert "季知行" in short
            assert "at least ten characters" in short
            assert 'id="id_content_error"' in short
            assert not Objection.objects.exists()
            bad = {"filed_by": "季知行", "contact": "13800000013", "content": GROUND}
            faulty = SimpleUploadedFile("证书.pdf", b"MZ not a pdf", content_type="application/pdf")
            refused = self.send("objection-new", status=422, query=query, files=[faulty], **bad)
            assert "季知行" in refused
            assert 'id="id_files_error"' in refused
            many = [SimpleUploadedFile(f"{n}.pdf", evidence_pdf("x")) for n in range(6)]
            assert "at most 5" in self.send("objection-new", status=422, query=query, files=many, **bad)
            assert not Objection.objects.exists()
            self.send("objection-new", query=query, files=[SimpleUploadedFile("证书.pdf", evidence_pdf("证书"))], **bad)
            objection = Objection.objects.get()
            assert objection.files.get().upload.owner is None
            follow = self.page("objection-follow", objection.code.lower())
            assert objection.code in follow
            assert item.shown_name not in follow
            self.page("objection-follow", "NOTHERE", status=404)
            self.as_("office_clerk", self.office)
            assert objection.code in self.page("objection-list")
            assert "季知行" not in self.page("objection-detail", objection.pk)  # nobody handles it yet
            self.do("objection-do", objection, "record_as_report", status=422, checkable="yes")
            told = self.do("objection-do", objection, "admit", status=422, substance="季知行说获奖证书不是本人的")
            assert "names whoever objected" in told
            self.do("objection-do", objection, "admit", substance=SUBSTANCE)
            assert "季知行" in self.page("objection-detail", objection.pk)
            self.as_("bureau_reviewer")
            assert "季知行" not in self.page("objection-detail", objection.pk)
            self.answer(objection)
        with clock.travel(AFTER):
            assert close_publicity() == 1
            assert close_publicity() == 0
            self.as_("committee_director", self.office)
            assert "A clerk of the office prepares it." in self.page("report-list")
            self.as_("office_clerk", self.office)
            assert "Prepare the report" in self.page("report-list")
            kept = self.send("report-new", self.meeting.pk, status=422, contact="季明明")
            assert "季明明" in kept
            self.send("report-new", self.meeting.pk, contact="季明明", phone="0578-2091234")
            report = ResultReport.objects.get()
            assert "already" in self.send("report-new", self.meeting.pk, status=422, contact="a", phone="0578-2091234")
            assert "Next the office makes 3-4" in self.page("report-detail", report.pk)
            with self.captureOnCommitCallbacks(execute=True):
                self.send("report-make", report.pk)
            page = self.page("report-detail", report.pk)
            assert not [n for n in numbers if n in page]
            for code in CODES:
                assert self.client.get(reverse("reviews:report-paper", args=[report.pk, code, 1])).status_code == 200
            self.as_("committee_director", self.office)
            self.do("report-do", report, "send")
            self.returned_by_item(report)
            self.as_("office_clerk", self.office)
            assert "what is wrong stands in the history" in self.page("report-detail", report.pk)
            with self.captureOnCommitCallbacks(execute=True):
                self.send("report-make", report.pk)
            self.as_("committee_director", self.office)
            self.do("report-do", report, "send")
            self.as_("office_clerk", self.office)
            with self.captureOnCommitCallbacks(execute=True):
                self.send("report-make", report.pk)
            followed = self.client.get(reverse("kernel:export", args=[Export.objects.latest("pk").pk]))
            assert "报审材料已送市人力社保局，不能修改。" in followed.content.decode(), "the account's language"
            self.decisions(report)
            self.as_("bureau_approver")
            wrong = self.do("report-do", report, "decide", status=422, confirm="2")  # one of two is approved
            assert "学时证明存疑" in wrong  # whoever decides reads who is not approved, and why
            self.do("report-do", report, "decide", confirm="1")
        self.rows[0].refresh_from_db()
        self.rows[1].refresh_from_db()
        assert [self.rows[0].status, self.rows[1].status] == ["approved", "rejected"]

    def returned_by_item(self, report):
        """Issue 5, approvals: what is wrong is said paper by paper and person by person, to the office by the number on
        the list."""
        self.as_("bureau_reviewer")
        two = report.items.get(seq=2)
        assert f"No. 2 of the list · {two.data_3_6['name']}" in self.page("report-do", report.pk, "send_back")
        assert "Please give the reason." in self.do("report-do", report, "send_back", status=422)
        wrong = {"item-3-6": "取得资格日期有误", f"item-{two.pk}": "照片不清晰", "reason": "请于本周内重报"}
        self.do("report-do", report, "send_back", **wrong)
        told = "3-6, certificate information: 取得资格日期有误\nNo. 2 of the list: 照片不清晰\n请于本周内重报"
        assert report.records.latest("pk").reason == told
        self.as_("office_clerk", self.office)
        page = self.page("report-detail", report.pk)
        assert "No. 2 of the list: 照片不清晰" in page

    def answer(self, objection):
        """The person concerned reads the matter, not the author, and answers once more with a file."""
        person = objection.item.declaration.applicant.user
        self.client.force_login(person)
        page = self.page("objection-about-me", objection.pk)
        assert SUBSTANCE in page
        assert "季知行" not in page
        assert objection.content not in page
        author = objection.files.get().upload_id
        self.page("objection-file", objection.pk, author, status=404)
        assert "at least ten" in self.send("objection-about-me", objection.pk, status=422, content="不是")
        scan = SimpleUploadedFile("原件.pdf", evidence_pdf("原件"))
        self.send("objection-about-me", objection.pk, content="证书原件扫描件附后，署名与单位一致。", files=[scan])
        own = objection.files.get(side="person").upload_id
        self.page("objection-about-me", objection.pk)
        assert self.client.get(reverse("reviews:objection-file", args=[objection.pk, own])).status_code == 200
        self.client.force_login(self.rows[0].applicant.user)
        self.page("objection-about-me", objection.pk, status=404)
        self.page("objection-file", objection.pk, own, status=404)
        self.as_("office_clerk", self.office)
        seen = self.page("objection-detail", objection.pk)
        assert "证书原件扫描件附后" in seen
        for upload in (author, own):
            assert self.client.get(reverse("reviews:objection-file", args=[objection.pk, upload])).status_code == 200
        for role, office in (("committee_director", self.office), ("bureau_approver", None)):
            self.as_(role, office)  # what came with the objection may show who sent it
            page = self.page("objection-detail", objection.pk)
            assert "证书原件扫描件附后" in page
            assert "证书.pdf" not in page
            self.page("objection-file", objection.pk, author, status=404)
            assert self.client.get(reverse("reviews:objection-file", args=[objection.pk, own])).status_code == 200
        self.as_("supervisor")
        assert self.client.get(reverse("reviews:objection-file", args=[objection.pk, author])).status_code == 200

    def decisions(self, report):
        """The reviewer's form: a reason missing, a reason too long, a stale tab, then stored and proposed."""
        self.as_("bureau_reviewer")
        one, two = report.items.order_by("seq")
        form = {f"decision-{one.pk}": "approved", f"decision-{two.pk}": "rejected", f"reason-{two.pk}": ""}
        missing = self.send("report-decide", report.pk, status=422, **form)
        assert f"Please give the reason for {two.data_3_6['name']}" in missing
        assert f'id="id_reason-{two.pk}_error"' in missing
        assert 'value="rejected" selected' in missing
        self.send("report-decide", report.pk, status=422, **{**form, f"reason-{two.pk}": "长" * 301})
        assert not report.items.filter(decision="rejected").exists()
        self.do("report-do", report, "propose", status=422)
        self.send("report-decide", report.pk, **{**form, f"reason-{two.pk}": "学时证明存疑"})
        self.do("report-do", report, "propose")
        self.send("report-decide", report.pk, status=409, **form)
        self.page("report-do", report.pk, "decide", status=403)


class Seeing(Pages):
    """Who finds what; days and deadlines; query counts."""

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

    def test_an_objection_is_hidden_from_the_person_concerned_even_in_an_office(self):
        objection = self.object_at(PUBLIC_FROM)
        person = self.item.declaration.applicant.user
        Membership.objects.create(
            user=person, organisation=self.office, role="office_clerk", starts_on=dt.date(2026, 1, 1)
        )
        acting = person.memberships.get(role="office_clerk")
        self.client.force_login(person.act_as(acting))
        with clock.travel(PUBLIC_FROM):
            self.client.post(reverse("accounts:membership-switch"), {"membership": acting.pk})
            assert objection.code not in self.page("publicity-detail", self.publicity.pk)
            assert objection.code not in self.page("objection-list")
            self.page("objection-detail", objection.pk, status=404)
        other = holder("office_clerk", self.office)
        assert Objection.objects.visible_to(other).exists()

    def test_strangers(self):
        with clock.travel(PUBLIC_FROM):
            foreign = (
                Membership.objects.filter(role="office_clerk").exclude(organisation=self.office).first().organisation
            )
            self.as_("office_clerk", foreign)
            self.page("publicity-detail", self.publicity.pk, status=404)
            self.page("publicity-do", self.publicity.pk, "halt", status=404)
            self.page("publicity-new", self.meeting.pk, status=404)
            self.as_("supervisor")
            assert "Only a clerk of this committee" in self.page("publicity-new", self.meeting.pk, status=403)
            self.client.force_login(self.rows[0].applicant.user)
            assert "Your present role does not allow this" in self.page("publicity-desk", status=403)
            self.page("publicity-do", self.publicity.pk, "halt", status=404)
            self.client.logout()
            self.page("publicity-desk", status=302)
            for asked in ("", "?p=x", "?p=0", "?p=" + "9" * 40, "?p=%00"):
                self.page("objection-new", status=404, query=asked)

    @pytest.mark.notice("I.e", "IV.3.e")
    def test_the_public_page_in_the_term_after_it_and_when_taken_down(self):
        url = reverse("reviews:public-publicity", args=[self.publicity.pk])
        with clock.travel(PUBLIC_FROM):
            answer = self.client.get(url)
            assert "X-Robots-Tag" not in answer.headers
            assert not answer.cookies
            assert "objections/new" in answer.content.decode()
        with clock.travel(AFTER):
            answer = self.client.get(url)
            assert "noindex" in answer["X-Robots-Tag"]
            assert "objections/new" not in answer.content.decode()
        self.publicity.refresh_from_db()
        last = self.publicity.take_down_on
        assert last == dt.date(2027, 5, 28)
        with clock.travel(last):
            assert self.client.get(url).status_code == 200
        with clock.travel(last + dt.timedelta(days=1)):
            assert self.client.get(url).status_code == 404
            assert self.meeting.committee.name not in self.page("public-publicity-list")

    def test_a_halted_list_is_off_the_page_and_ends_later(self):
        with clock.travel(dt.date(2026, 5, 22)):
            self.as_("supervisor")
            self.page("publicity-do", self.publicity.pk, "halt", status=403)
            self.as_("bureau_reviewer")
            self.do("publicity-do", self.publicity, "halt", status=422)
            self.do("publicity-do", self.publicity, "halt", reason="名单有误")
            self.client.logout()
            self.page("public-publicity", self.publicity.pk, status=404)
            self.page("objection-new", status=404, query=f"?p={self.item.pk}")
        with clock.travel(dt.date(2026, 5, 26)):
            self.as_("bureau_approver")
            self.do("publicity-do", self.publicity, "resume", reason="已核对")
        self.publicity.refresh_from_db()
        assert self.publicity.ends_on == dt.date(2026, 6, 1)  # two working days lost: Friday 22 and Monday 25
        assert self.publicity.take_down_on == dt.date(2027, 6, 1)

    def test_a_provisional_end_never_closes(self):
        ResultPublicity.objects.filter(pk=self.publicity.pk).update(provisional=True)
        with clock.travel(AFTER):
            assert close_publicity() == 0
            assert "provisional" in self.page("public-publicity", self.publicity.pk)
        assert self.object_at(AFTER).in_time

    def test_no_cookie_for_the_public(self):
        with clock.travel(PUBLIC_FROM):
            for name, args, query in (
                ("public-publicity-list", [], ""),
                ("public-publicity", [self.publicity.pk], ""),
                ("objection-follow", ["NOTHERE"], ""),
            ):
                assert not self.client.get(reverse(f"reviews:{name}", args=args) + query).cookies, name

    def test_query_counts_at_one_row_and_at_three(self):
        one = self.object_at(PUBLIC_FROM)
        names = ("objection-list", "publicity-desk", "report-list")
        by = self.meeting.prepared_by
        ResultReport.objects.create(meeting=self.meeting, contact="x", phone="1", prepared_by=by)
        with clock.travel(PUBLIC_FROM):
            self.as_("office_clerk", self.office)
            for name, count in zip(names, (6, 7, 6), strict=True):
                with self.assertNumQueries(count):
                    self.page(name)
            for name, count in (("public-publicity-list", 3), ("public-publicity", 6)):
                args = [self.publicity.pk] if name == "public-publicity" else []
                with self.assertNumQueries(count):
                    self.page(name, *args)
            for item in self.publicity.items.exclude(pk=self.item.pk):
                Objection.objects.create(item=item, content=GROUND, in_time=True, filed_by=one.filed_by)
            for row in range(2):
                ResultPublicity.objects.create(
                    meeting=self.meeting, how="x", contact="y", phone="1", prepared_by=self.meeting.prepared_by
                )
                ResultReport.objects.create(
                    meeting=self.meeting, contact=str(row), phone="1", prepared_by=self.meeting.prepared_by
                )
            for name, count in zip(names, (6, 7, 6), strict=True):
                with self.assertNumQueries(count):
                    self.page(name)

    def test_a_damaged_paper_gets_a_plain_page(self):
        with self.settings(MEDIA_ROOT=self.media), clock.travel(AFTER):
            results.close(self.publicity)
            report = results.report(self.meeting)
            stored = report.papers.get(code="3-5").document
            (files.root() / stored.name).write_bytes(b"changed")
            self.as_("office_clerk", self.office)
            page = self.page("report-paper", report.pk, "3-5", 1, status=503)
        assert "The stored file is damaged" in page
