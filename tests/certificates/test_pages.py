"""Pages of documents, batches, certificates and revocations; the public check; cases of trust.md §7."""

import io
import re

import pypdf
import pytest
from django.conf import settings
from django.test import TestCase
from django.urls import reverse

from appraisal_portal.accounts.models import Person
from appraisal_portal.home.story import certify, results
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import clock, files, references
from appraisal_portal.kernel.workflow import Blocked, WrongState
from certificates.models import Certificate, CertificateVersion, IssueBatch, IssueDocument, Revocation
from certificates.services import batches, lookup, secrets
from certificates.workflow import ISSUE_BATCH
from tests.factories.results import AFTER, PUBLIC_FROM, announced, decided_meeting, issued

EN = {"accept-language": "en"}


def printed(certificate: Certificate) -> tuple[str, str]:
    """Token and check code as the sheet shows them."""
    pdf = pypdf.PdfReader(io.BytesIO(files.open_stored(certificate.current.document)))
    text = "".join(page.extract_text() for page in pdf.pages)
    token = re.search(r"/c/([A-Z2-7]{26})/", re.sub(r"\s", "", text)).group(1)
    return token, re.search(r"Check code\s*([A-Z2-7]{6})", text).group(1)


class Pages(TestCase):
    """What the classes below need."""

    def as_(self, role, organisation=None):
        self.client.force_login(holder(role, organisation))

    def page(self, name, *args, status=200, query=""):
        answer = self.client.get(reverse(f"certificates:{name}", args=args) + query, headers=EN)
        assert answer.status_code == status, answer.content.decode()[:3000]
        return answer.content.decode()

    def send(self, page, *args, status=302, **data):
        answer = self.client.post(reverse(f"certificates:{page}", args=args), data, headers=EN)
        assert answer.status_code == status, answer.content.decode()[:6000]
        return answer.content.decode()

    def do(self, name, obj, transition, status=302, **data):
        obj.refresh_from_db()
        data = {"seen_status": obj.status, "content_hash": obj.content_hash(), **data}
        return self.send(name, obj.pk, transition, status=status, **data)


class Walk(Pages):
    """From the decided report to the released batch and a revocation, by forms only."""

    @classmethod
    def setUpTestData(cls):
        cls.meeting, cls.rows = decided_meeting(2)
        with clock.travel(PUBLIC_FROM):
            results.publicise(cls.meeting)
        with clock.travel(AFTER):
            cls.report = results.decide(results.report(cls.meeting))
        cls.media = settings.MEDIA_ROOT

    def setUp(self):
        self.enterContext(self.settings(MEDIA_ROOT=self.media))
        self.enterContext(clock.travel(AFTER))

    @pytest.mark.notice("I.e", "IV.3.h")
    def test_the_whole_walk(self):
        self.as_("bureau_reviewer")
        self.page("document-list")
        kept = self.send("document-new", status=422, title="关于公布结果的通知")
        assert "关于公布结果的通知" in kept
        self.send("document-new", title="关于公布结果的通知", reports=[self.report.pk])
        document = IssueDocument.objects.get()
        self.send("document-new", status=422, title="又一份", reports=[self.report.pk])  # announced once
        self.page("document-detail", document.pk)
        self.page("document-download", document.pk, status=404)
        self.do("document-do", document, "propose", status=422, content_hash="old")
        self.do("document-do", document, "propose")
        self.page("document-do", document.pk, "approve", status=403)
        self.as_("bureau_approver")
        self.do("document-do", document, "approve")
        self.do("document-do", document, "approve", status=409, seen_status="proposed")
        certify.deliver("certificates.document")
        self.as_("bureau_reviewer")
        assert self.client.get(reverse("certificates:document-download", args=[document.pk])).status_code == 200
        self.send("batch-new", document.pk, status=404)  # not before it is published
        self.do("document-do", document, "publish")
        self.send("batch-new", document.pk)
        self.send("batch-new", document.pk)
        assert IssueBatch.objects.count() == 1
        batch = IssueBatch.objects.get()
        assert "already" in self.page("document-detail", document.pk)
        self.do("batch-do", batch, "propose")
        self.as_("bureau_approver")
        self.page("batch-do", batch.pk, "release")
        assert 'data-l="Certificate"' not in self.page("batch-detail", batch.pk)
        self.do("batch-do", batch, "release", status=422, confirm="3")
        self.do("batch-do", batch, "release", confirm="2")
        self.do("batch-do", batch, "release", status=409, confirm="2", seen_status="proposed")
        certify.deliver("certificates.issue")
        finished = self.page("batch-detail", batch.pk)
        assert "2 of 2 certificates issued" in finished
        for certificate in Certificate.objects.all():
            address = reverse("certificates:certificate-detail", args=[certificate.pk])
            assert f'<a href="{address}">{certificate.number}</a>' in finished
        assert self.client.get(reverse("certificates:batch-progress", args=[batch.pk])).json()["done"] == 2
        self.revoke(Certificate.objects.first())

    def revoke(self, certificate):
        self.as_("bureau_approver")
        self.page("revocation-new", certificate.pk, status=403)
        self.as_("bureau_reviewer")
        kept = self.send("revocation-new", certificate.pk, status=422, evidence="业绩证明系伪造")
        assert "业绩证明系伪造" in kept
        form = {"revoke_class": "falsification", "evidence": "业绩证明系伪造", "reason": "举报属实"}
        self.send("revocation-new", certificate.pk, **form)
        revocation = Revocation.objects.get()
        self.send("revocation-new", certificate.pk, status=422, **form)  # one live revocation
        self.page("revocation-detail", revocation.pk)
        self.do("revocation-do", revocation, "propose")
        self.page("revocation-do", revocation.pk, "decide", status=403)
        self.page("revocation-do", revocation.pk, "hand_back", status=403)
        self.as_("bureau_approver")
        self.do("revocation-do", revocation, "hand_back", status=422)
        self.do("revocation-do", revocation, "hand_back", reason="请补充期刊社来函")
        self.do("revocation-do", revocation, "decide", status=409, confirm=certificate.number[-4:])
        self.as_("bureau_reviewer")
        assert "A reviewer of the bureau proposes or drops it." in self.page("revocation-detail", revocation.pk)
        self.do("revocation-do", revocation, "propose")
        self.as_("bureau_approver")
        assert "An approver of the bureau decides or hands it back" in self.page("revocation-detail", revocation.pk)
        seen = self.page("revocation-do", revocation.pk, "decide")
        for words in (certificate.person.name, certificate.title.name, "Falsification", "业绩证明系伪造", "举报属实"):
            assert words in seen
        self.do("revocation-do", revocation, "decide", status=422, confirm="0000x")
        self.do("revocation-do", revocation, "decide", confirm=certificate.number[-4:])
        certificate.refresh_from_db()
        assert certificate.status == "revoked"


class AfterIssue(Pages):
    """Two certificates are out; each test goes on from there."""

    @classmethod
    def setUpTestData(cls):
        cls.meeting, cls.rows = decided_meeting(3)
        cls.report, cls.document = announced(cls.meeting)
        cls.batch = issued(cls.document)
        cls.media = settings.MEDIA_ROOT
        cls.certificate = Certificate.objects.get(declaration=cls.rows[0])

    def setUp(self):
        self.enterContext(self.settings(MEDIA_ROOT=self.media))
        self.enterContext(clock.travel(AFTER))

    def readers(self):
        row = self.rows[0]
        office = self.meeting.committee.office
        return {
            "holder": row.applicant.user,
            "unit": holder("unit_clerk", row.unit),
            "office": holder("office_clerk", office),
            "bureau": holder("bureau_reviewer"),
            "supervisor": holder("supervisor"),
        }

    def states(self):
        """The words of the state at the seven places of P25, and the download of the sheet."""
        token, code = printed(self.certificate)
        found = {}
        for name, user in self.readers().items():
            self.client.force_login(user)
            found[name] = self.page("certificate-detail", self.certificate.pk)
            listed = self.page("certificate-list")
            assert self.certificate.number in listed
            assert listed.count(">My certificates<") == 3 * (name == "holder")  # menu, heading, caption
        self.client.logout()
        found["qr"] = self.page("verify-token", token)
        asked = {"number": self.certificate.number, "name": self.rows[0].applicant.name, "code": code}
        found["public"] = self.send("verify", status=200, **asked)
        return found

    def test_p25_state_is_the_same_in_all_seven_places(self):
        assert not [name for name, page in self.states().items() if "revoked" in page]
        certify.revoke(self.certificate)
        assert not [name for name, page in self.states().items() if "revoked on 29 May 2026" not in page]

    def test_p27_revoking_deletes_nothing_and_uses_no_number_again(self):
        number, before = self.certificate.number, Certificate.objects.count()
        certify.revoke(self.certificate)
        assert Certificate.objects.count() == before == 3
        self.certificate.refresh_from_db()
        assert (self.certificate.number, self.certificate.status) == (number, "revoked")
        assert self.certificate.revoked_on == AFTER
        self.rows[0].refresh_from_db()
        assert self.rows[0].status == "revoked"

    def test_p28_ten_thousand_guesses_hit_nothing(self):
        hashes = set(CertificateVersion.objects.values_list("token_sha256", flat=True))

        known = [self.certificate.number, self.rows[0].applicant.id_number, str(self.certificate.issued_on)]
        guesses = [secrets.token_hash(f"{part}{n}") for part in known for n in range(3000)]
        guesses += [secrets.token_hash(secrets.new_token()) for _ in range(1000)]
        assert len(guesses) == 10_000
        assert not hashes & set(guesses)

    def test_p23_two_batches_of_one_document_are_refused(self):
        with pytest.raises(Blocked):
            batches.prepare_batch(self.document, user=holder("bureau_reviewer"))
        with pytest.raises(WrongState):
            ISSUE_BATCH.fire(self.batch, "release", actor=holder("bureau_approver"), content_hash="x")
        assert certify.deliver("certificates.issue") == 0
        assert Certificate.objects.count() == 3

    def test_strangers_and_other_roles(self):
        pages = ("document-detail", "batch-detail")
        objects = {"document-detail": self.document.pk, "batch-detail": self.batch.pk}
        self.as_("office_clerk", self.meeting.committee.office)
        for name in pages:
            assert "Your present role does not allow this" in self.page(name, objects[name], status=403)
        self.client.force_login(self.rows[1].applicant.user)
        self.page("certificate-detail", self.certificate.pk, status=404)
        self.page("certificate-download", self.certificate.pk, status=404)
        self.client.logout()
        self.page("certificate-detail", self.certificate.pk, status=302)

    def test_no_document_number_in_any_page(self):
        numbers = list(Person.objects.values_list("id_number", flat=True))
        token, _code = printed(self.certificate)
        self.as_("bureau_reviewer")
        seen = [
            self.page(name, *args)
            for name, args in {
                "document-list": [],
                "document-detail": [self.document.pk],
                "batch-detail": [self.batch.pk],
                "certificate-list": [],
                "certificate-detail": [self.certificate.pk],
                "result-list": [],
                "result-detail": [self.document.pk],
                "verify-token": [token],
            }.items()
        ]
        assert not [number for number in numbers for page in seen if number in page]

    def test_public_pages_set_no_cookie_and_leave_no_trace(self):
        token, _code = printed(self.certificate)
        for name, args in (("verify", []), ("verify-token", [token]), ("result-list", []),
                           ("result-detail", [self.document.pk]), ("result-download", [self.document.pk])):  # fmt: skip
            answer = self.client.get(reverse(f"certificates:{name}", args=args))
            assert answer.status_code == 200, name
            assert not answer.cookies, name
            if name.startswith("verify"):
                assert answer["Cache-Control"] == "no-store"
                assert answer["Referrer-Policy"] == "no-referrer"
                assert "noindex" in answer["X-Robots-Tag"]
        assert token not in self.client.get(f"/c/{token}/").content.decode().split("</title>")[0]

    def test_the_token_page_takes_one_query_and_another_for_what_is_found(self):
        token, _code = printed(self.certificate)
        with self.assertNumQueries(2):
            self.page("verify-token", token)
        with self.assertNumQueries(1):
            self.page("verify-token", "A" * 26)
        with self.assertNumQueries(0):
            self.page("verify-token", "short")
        version = self.certificate.current
        CertificateVersion.objects.bulk_create(
            CertificateVersion(certificate=self.certificate, version=n, snapshot=version.snapshot,
                               token_sha256=f"{n:064}"[::-1], lookup_hmac=f"{n:064}"[::-1], document=version.document,
                               superseded_at=clock.now())
            for n in range(2, 1002)
        )  # fmt: skip
        with self.assertNumQueries(2):
            assert "This certificate is valid" in self.page("verify-token", token)

    def test_an_empty_form_is_told_and_no_attempt_counted(self):
        kept = self.send("verify", status=422, number="123", name="", code="")
        assert 'value="123"' in kept
        assert not lookup.Lookup.objects.exists()

    def test_spelling_a_number_differently_is_still_the_same_number(self):
        with self.settings(PORTAL_LOOKUPS_PER_ADDRESS=1000, PORTAL_LOOKUPS_PER_NUMBER=3):
            spellings = ("331", " 3 3 1 ", "３３１", "33 1")
            refused = [lookup.refused_until(address=str(n), number=text) for n, text in enumerate(spellings)]
        assert refused == [None, None, None, clock.end_of_day(AFTER)]

    def test_searching_with_odd_characters(self):
        self.as_("bureau_reviewer")
        self.page("certificate-list", query="?q=%00")
        assert "Nothing found" in self.page("certificate-list", query="?q=nobody")
        assert self.certificate.number in self.page("certificate-list", query=f"?q={self.certificate.number}")

    def test_an_issued_item_is_not_tried_again(self):
        item = self.batch.items.get(declaration=self.rows[1])
        batches.try_again(item)
        item.refresh_from_db()
        assert (item.status, item.tries) == ("issued", 0)

    def test_query_counts_at_one_row_and_at_three(self):
        self.as_("bureau_reviewer")
        with self.assertNumQueries(6):
            self.page("document-list")
        with self.assertNumQueries(5):
            self.page("certificate-list")
        for _ in range(2):
            IssueDocument.objects.create(title="又一份", prepared_by=self.document.prepared_by)
        with self.assertNumQueries(6):
            self.page("document-list")
        self.client.logout()
        with self.assertNumQueries(3):  # how many, which, and the rows of each kind that is among them
            self.page("result-list")


class Failing(Pages):
    """One photograph cannot be read while the certificates are made."""

    def test_retry_after_the_photograph_is_restored(self):
        meeting, rows = decided_meeting(2)
        report, document = announced(meeting)
        path = files.root() / report.items.get(declaration=rows[0]).photo.name
        good = path.read_bytes()
        path.write_bytes(b"x")
        batch = issued(document)
        item = batch.items.get(declaration=rows[0])
        assert item.status == "failed"
        assert Certificate.objects.count() == 1
        path.write_bytes(good)
        with clock.travel(AFTER):
            self.as_("bureau_approver")
            self.send("item-retry", batch.pk, item.pk, status=403)
            self.as_("bureau_reviewer")
            page = self.page("batch-detail", batch.pk)
            assert rows[0].applicant.name in page
            assert '<td data-l="Certificate" class="">Failed</td>' in page
            self.send("item-retry", batch.pk, item.pk)
            self.send("item-retry", batch.pk, item.pk)
            certify.deliver("certificates.issue")
        item.refresh_from_db()
        assert item.status == "issued"
        numbers = sorted(Certificate.objects.values_list("number", flat=True))
        assert [number[17:21] for number in numbers] == ["0001", "0002"]
        assert all(references.has_valid_check(number) for number in numbers)
