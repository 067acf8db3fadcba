"""Decided cases: letter in plain words, completed 2-1, the office's reasons, filing by the unit."""

import io
from types import SimpleNamespace
from unittest.mock import patch

import pytest
from django.conf import settings
from django.test import TestCase
from django.urls import reverse
from pypdf import PdfReader

from applications.models import Declaration
from appraisal_portal.accounts.models import Employment
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.workflow import Blocked, NotAllowed
from committees.plans.models import StandardVersion
from committees.reviews.documents.outcome import facts_of, paragraphs_of
from committees.reviews.models import PersonalFile
from committees.reviews.models.outcome import OUTCOMES
from committees.reviews.rules import outcome as rules
from committees.reviews.services import outcome
from tests.factories.results import AFTER, announced, decided_meeting

EN = {"accept-language": "en"}
REASONS = "近三年主持项目不足两项，未达到业绩条件第二条；补充一项即可。"


class Outcome(TestCase):
    """One person passed and approved, one rejected by the bureau, one not passed."""

    @classmethod
    def setUpTestData(cls):
        cls.meeting, cls.rows = decided_meeting(3, not_passed=1)
        announced(cls.meeting, reject={cls.rows[1].pk: "学时证明存疑。"})
        cls.media = settings.MEDIA_ROOT
        for row in cls.rows:
            row.refresh_from_db()

    def setUp(self):
        self.enterContext(self.settings(MEDIA_ROOT=self.media))
        self.enterContext(clock.travel(AFTER))

    def text(self, row, code):
        answer = self.client.get(reverse("reviews:outcome-paper", args=[row.pk, code]))
        assert answer.status_code == 200, list(answer.wsgi_request._messages)
        pages = PdfReader(io.BytesIO(answer.content)).pages
        return "".join(page.extract_text() for page in pages).replace("\n", "").replace(" ", "")

    def page(self, row, status=200):
        answer = self.client.get(reverse("reviews:outcome-detail", args=[row.pk]), headers=EN)
        assert answer.status_code == status
        return answer.content.decode()

    def list_of_cases(self):
        return self.client.get(reverse("reviews:outcome-list"), headers=EN).content.decode()

    def test_each_outcome_has_its_words(self):
        passed, rejected, failed = self.rows
        for row, word in ((passed, "评审通过"), (rejected, "学时证明存疑"), (failed, "评审未通过")):
            self.client.force_login(row.applicant.user)
            assert word in self.page(row)
            assert word.replace(" ", "") in self.text(row, "decision-letter")
        assert "下一年度重新申报" in self.page(failed)
        self.client.force_login(rejected.applicant.user)
        assert "理由：学时证明存疑。您可以" in self.text(rejected, "decision-letter"), "one full stop"

    def test_the_completed_form_carries_votes_signature_and_approval(self):
        self.client.force_login(self.rows[0].applicant.user)
        said = self.text(self.rows[0], "2-1-completed")
        verdict = self.rows[0].admissions.get(live=True).verdict
        votes = f"总人数参加人数{verdict.members}{verdict.present}赞成反对{verdict.agree}{verdict.against}"
        assert verdict.present - verdict.agree - verdict.against == verdict.rest > 0  # somebody abstained
        assert f"{votes}（另弃权、无效或未投{verdict.rest}票）" in said.replace("\u3000", "")
        assert holder("committee_director", self.meeting.committee.office).full_name in said
        assert "同意" in said.rsplit("审批意见", 1)[1]
        self.client.force_login(self.rows[1].applicant.user)
        refused = self.text(self.rows[1], "2-1-completed")
        assert "评审结果评审通过" in refused, "what the committee decided stands in its field"
        assert "不同意：学时证明存疑" in refused.rsplit("审批意见", 1)[1]
        self.client.force_login(self.rows[2].applicant.user)
        assert "同意" not in self.text(self.rows[2], "2-1-completed").rsplit("审批意见", 1)[1]

    def test_reasons_make_a_new_letter_and_are_for_the_not_passed_only(self):
        failed = self.rows[2]
        version = StandardVersion.objects.filter(standard__committee=self.meeting.committee).earliest("pk")
        Declaration.objects.filter(pk=failed.pk).update(standard_version=version)
        self.client.force_login(failed.applicant.user)
        letter = self.text(failed, "decision-letter")
        assert REASONS not in letter
        assert f"（{self.meeting.contact}{self.meeting.phone}）咨询" in letter
        assert (
            f"{failed.title.series.name}系列工程师资格评审标准（第{version.version}版，{version.effective_from.year}年"
            in letter
        )
        self.client.force_login(holder("office_clerk", self.meeting.committee.office))
        assert self.list_of_cases().count("reasons to be given") == 1
        assert "Give the reasons" in self.page(failed)
        assert "Give the reasons" not in self.page(self.rows[0])
        short = self.client.post(reverse("reviews:outcome-explain", args=[failed.pk]), {"reasons": "不够"}, headers=EN)
        assert short.status_code == 422
        assert "at least ten characters" in short.content.decode()
        assert "具体理由：不够" not in short.content.decode(), "the letter says what is stored"
        self.client.post(reverse("reviews:outcome-explain", args=[failed.pk]), {"reasons": REASONS})
        self.client.force_login(failed.applicant.user)
        assert REASONS in self.text(failed, "decision-letter")
        self.client.force_login(holder("office_clerk", self.meeting.committee.office))
        assert "reasons to be given" not in self.list_of_cases()
        self.client.force_login(failed.applicant.user)
        assert "Give the reasons" not in self.page(failed)

    def test_the_letter_is_dated_when_it_was_completed_and_nobody_signs_an_empty_page(self):
        failed = self.rows[2]
        self.client.force_login(holder("office_clerk", self.meeting.committee.office))
        self.client.post(reverse("reviews:outcome-explain", args=[failed.pk]), {"reasons": REASONS * 5})
        self.client.force_login(failed.applicant.user)
        answer = self.client.get(reverse("reviews:outcome-paper", args=[failed.pk, "decision-letter"]))
        *_before, last = [page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages]
        assert _before, "two pages, or this shows nothing"
        assert "如有疑问" in last
        assert "盖章处" in last
        assert f"{AFTER.year}年{AFTER.month}月{AFTER.day}日" in last.replace(" ", "")

    @pytest.mark.notice("IV.3.k")
    def test_the_unit_confirms_the_filing_once(self):
        row = self.rows[0]
        clerk = holder("unit_clerk", row.unit)
        Employment.objects.create(
            person=row.applicant, unit=row.unit, starts_on=AFTER, status="confirmed", confirmed_kind="staff",
            confirmed_by=clerk,
        )  # fmt: skip
        self.client.force_login(clerk)
        assert "Confirm the filing" in self.page(row)
        self.client.post(reverse("reviews:outcome-file", args=[row.pk]), {"place": "人事档案第四类"})
        file = PersonalFile.objects.get(declaration=row)
        assert (file.status, file.filed_on, file.place) == ("filed", AFTER, "人事档案第四类")
        assert "人事档案第四类" in self.page(row)
        again = self.client.post(reverse("reviews:outcome-file", args=[row.pk]), {"place": "别处"}, headers=EN)
        assert again.status_code == 422
        assert "is not possible any more" in again.content.decode()

    def test_reasons_can_be_given_though_the_unit_has_filed_already(self):
        failed = self.rows[2]
        outcome.write(failed, "file", actor=holder("unit_clerk", failed.unit), place="人事档案第四类")
        self.client.force_login(holder("office_clerk", self.meeting.committee.office))
        assert "Give the reasons" in self.page(failed)
        self.client.post(reverse("reviews:outcome-explain", args=[failed.pk]), {"reasons": REASONS})
        assert "reasons to be given" not in self.list_of_cases()
        file = PersonalFile.objects.get(declaration=failed)
        assert (file.status, file.place, file.reasons) == ("filed", "人事档案第四类", REASONS)
        self.client.force_login(failed.applicant.user)
        assert REASONS.rstrip("。") in self.text(failed, "decision-letter")

    def test_what_comes_next_is_not_the_same_for_everybody(self):
        row, facts = self.rows[0], {**facts_of(self.rows[0])}
        assert "电子证书制发后" in paragraphs_of(row, facts)[-2]
        row.status = "revoked"
        assert "已被撤销" in paragraphs_of(row, facts)[-2]
        row.status = "excluded"
        assert "处理决定为准" in paragraphs_of(row, facts_of(row))[-2]
        row.status, row.route = "entrusted", "recommend"
        assert facts_of(row)["says"] == "同意推荐"
        assert "市里不制发证书" in paragraphs_of(row, facts)[-2]

    def test_strangers_and_the_undecided(self):
        row = self.rows[0]
        said = {"reasons": REASONS, "place": "人事档案第四类"}
        for guard in (rules.case_decided, rules.reasons_given, rules.place_named):
            assert not list(guard(PersonalFile(declaration=row), SimpleNamespace(data=said)))
            undecided = SimpleNamespace(declaration=SimpleNamespace(status="on_roster"))
            assert list(guard(undecided, SimpleNamespace(data={})))
        with pytest.raises(NotAllowed):
            outcome.write(row, "file", actor=holder("office_clerk", self.meeting.committee.office), place="x")
        with pytest.raises(Blocked, match="归档"):
            outcome.write(row, "file", actor=holder("unit_clerk", row.unit), place=" ")
        self.client.force_login(self.rows[1].applicant.user)
        self.page(row, status=404)
        assert self.client.get(reverse("reviews:outcome-paper", args=[row.pk, "2-1-completed"])).status_code == 404
        self.client.force_login(row.applicant.user)
        assert self.client.get(reverse("reviews:outcome-paper", args=[row.pk, "3-5"])).status_code == 404

    def test_the_list_asks_the_same_for_one_case_and_for_three(self):
        self.client.force_login(holder("office_clerk", self.meeting.committee.office))
        with self.assertNumQueries(6):
            page = self.client.get(reverse("reviews:outcome-list"), headers=EN).content.decode()
        passed, rejected, failed = (page.index(row.number) for row in self.rows)
        assert failed < min(passed, rejected), "whom the office still owes the reasons comes first"
        assert "1 person who did not pass waits for the reasons" in page
        with (
            patch.dict(OUTCOMES, {"not_passed": "not_passed"}, clear=True),
            self.assertNumQueries(6),
        ):
            page = self.client.get(reverse("reviews:outcome-list"), headers=EN).content.decode()
        assert [row.number in page for row in self.rows] == [False, False, True]
