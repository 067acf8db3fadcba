"""Examination certificates registered without appraisal (R-15, R-16, domain case 27): rules, two people, sheet."""

import datetime as dt
import io
import re
from types import SimpleNamespace

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.models import Sanction
from appraisal_portal.home.story import certify
from appraisal_portal.home.story import claims as story
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.people import evidence_pdf, photo_jpeg, someone
from appraisal_portal.kernel import chain, clock, files, references
from appraisal_portal.kernel.models import Upload
from appraisal_portal.kernel.workflow import Blocked, NotAllowed
from certificates.models import Certificate, Claim, IssueItem
from certificates.rules import claim as rules
from certificates.services import lookup
from certificates.workflow import CLAIM
from committees.plans.models import Subfield, Title
from committees.plans.services import load_register
from tests.factories.accounts import build_city
from tests.stage import begins_with, kept

DAY = dt.date(2026, 3, 2)


@kept
def a_city():
    """With the register of series and titles."""
    with clock.travel(DAY):
        load_register()
        return build_city()


pytestmark = [pytest.mark.django_db, begins_with(a_city)]


@pytest.fixture
def city():
    made = a_city()
    with clock.travel(DAY):
        yield made


def post(client, claim_title, **changed):
    """The form as a browser posts it."""
    given = {
        "title": str(claim_title.pk), "specialty": "", "exam_number": "33120251100123", "obtained_on": "2025-11-20",
        "authority": "财政部", "file": SimpleUploadedFile("证书.pdf", evidence_pdf("证书\n会计师"), "application/pdf"),
        "photo": SimpleUploadedFile("p.jpg", photo_jpeg(7), "image/jpeg"),
    }  # fmt: skip
    return client.post(reverse("certificates:claim-new"), {**given, **changed})


@pytest.mark.notice("V.4.b")
def test_case_27_from_the_page_to_the_check_by_anybody(city, client):
    user = city.applicant(7)
    city.employ(user, city.unit(0))
    client.force_login(user)
    answer = post(client, Title.objects.get(name="会计师"))
    claim = Claim.objects.get()
    assert answer.status_code == 302
    assert answer.url == claim.get_absolute_url()
    assert claim.status == "draft"
    page = client.get(answer.url).content.decode()
    assert "会计师" in page
    assert "递交市局" in page
    for step in ("submit",):
        client.post(reverse("certificates:claim-do", args=[claim.pk, step]), {"seen_status": "draft"})
    reviewer, approver = city.user("bureau_reviewer"), city.user("bureau_approver")
    client.force_login(reviewer)
    assert "会计师" in client.get(reverse("certificates:claim-queue")).content.decode()
    url = reverse("certificates:claim-do", args=[claim.pk, "propose"])
    seen = {"seen_status": "submitted", "content_hash": claim.content_hash()}
    assert client.post(url, seen).status_code == 422  # not compared
    assert client.post(url, {**seen, "compared": "on"}).status_code == 302
    client.force_login(approver)
    url = reverse("certificates:claim-do", args=[claim.pk, "approve"])
    assert client.post(url, {**seen, "seen_status": "proposed"}).status_code == 302
    assert certify.deliver("certificates.issue") == 1
    claim.refresh_from_db()
    certificate = claim.certificate
    assert (claim.status, certificate.source, certificate.status) == ("registered", "exam", "valid")
    assert (certificate.declaration_id, certificate.committee_id) == (None, None)
    assert certificate.qualified_on == dt.date(2025, 11, 20)
    # city, year, intermediate, by examination, series 17, no committee, first serial
    assert certificate.number.startswith("3311002026" + "3" + "6" + "17" + "000" + "0001")
    assert references.has_valid_check(certificate.number)
    sheet = pypdf.PdfReader(io.BytesIO(files.open_stored(certificate.current.document)))
    text = "".join(page.extract_text() for page in sheet.pages).replace("\n", "")
    assert "准予登记" in text
    assert "公示" not in text
    assert "33120251100123" in text
    assert city.unit(0).name in text
    code = text[text.index("Check code") + len("Check code") :].strip()[:6]
    verdict = lookup.by_hand(certificate.number, user.full_name, code)
    assert (verdict.state, verdict.source, verdict.committee) == ("valid", "exam", "财政部")
    client.force_login(user)
    page = client.get(certificate.get_absolute_url()).content.decode()
    assert "发证机构" in page
    assert "准予登记" in page
    assert chain.verify() is None


def test_a_paper_certificate_from_before_2018_becomes_one_from_the_archive(city, client):
    user, approver = city.applicant(7), city.user("bureau_approver")
    client.force_login(user)
    page = client.get(reverse("certificates:claim-list")).content.decode()
    assert reverse("certificates:claim-new-paper") in page
    url, title = reverse("certificates:claim-new-paper"), Title.objects.get(name="高级工程师")
    given = {
        "title": str(title.pk), "specialty": "建筑工程", "exam_number": "浙丽高2009-0117", "obtained_on": "2018-01-01",
        "authority": "丽水市人事局",
        "file": SimpleUploadedFile("证书.pdf", evidence_pdf("高级工程师"), "application/pdf"),
        "photo": SimpleUploadedFile("p.jpg", photo_jpeg(7), "image/jpeg"),
    }  # fmt: skip
    answer = client.post(url, given)
    assert answer.status_code == 422
    assert "2018 年起" in str(answer.context["form"].errors["obtained_on"])
    for name in ("file", "photo"):
        given[name].seek(0)
    answer = client.post(url, {**given, "obtained_on": "2009-12-20"})
    claim = Claim.objects.get()
    assert (answer.status_code, claim.kind, claim.status) == (302, "archive", "draft")
    story.submit(claim)
    client.force_login(city.user("bureau_reviewer"))
    form = client.get(reverse("certificates:claim-do", args=[claim.pk, "propose"])).content.decode()
    assert "与上传的证书和档案记载核对" in form
    story.propose(claim)
    client.force_login(approver)
    assert "纸质证书" in client.get(claim.get_absolute_url()).content.decode()
    story.decide(claim)
    assert certify.deliver("certificates.issue") == 1
    certificate = Certificate.objects.get()
    assert (certificate.source, certificate.claim, certificate.committee_id) == ("archive", claim, None)
    assert certificate.qualified_on == dt.date(2009, 12, 20)
    # city, year, associate senior, from paper, series 5, no committee, first serial
    assert certificate.number.startswith("3311002026" + "2" + "8" + "05" + "000" + "0001")
    sheet = pypdf.PdfReader(io.BytesIO(files.open_stored(certificate.current.document)))
    text = "".join(page.extract_text() for page in sheet.pages)
    bare = "".join(text.split())
    assert "原纸质证书经与档案核对，准予登记" in bare
    assert "原证书号" in bare
    assert "浙丽高2009-0117" in bare
    code = re.search(r"Check code\s*([A-Z2-7]{6})", text).group(1)
    client.logout()
    check = {"number": certificate.number, "name": user.full_name, "code": code}
    told = client.post(reverse("certificates:verify"), check).content.decode()
    assert "纸质证书发证机构" in told
    assert "浙丽高2009-0117" in told


@pytest.mark.parametrize(
    ("title", "words"),
    [("高级会计师", "高级职称"), ("工程师", "不是考试取得的"), ("", "必填")],
)
def test_what_is_no_examination_title_is_said_at_its_field(city, client, title, words):
    client.force_login(city.applicant(7))
    row = Title.objects.filter(name=title).first() or SimpleNamespace(pk="")
    answer = post(client, row)
    assert answer.status_code == 422
    assert words in str(answer.context["form"].errors["title"])
    assert answer.context["form"]["exam_number"].value() == "33120251100123"
    assert not Claim.objects.exists()


def test_software_goes_by_examination_within_engineering(city, client):
    """R-16: computer software is a subfield of engineering, whose engineers are appraised otherwise."""
    client.force_login(city.applicant(7))
    field = Subfield.objects.exclude(by_exam_levels=[]).first()
    title = Title.objects.get(name="工程师", series=field.series)
    assert post(client, SimpleNamespace(pk=f"{title.pk}:{field.pk}")).status_code == 302
    assert Claim.objects.get().subfield == field


def test_future_date_wrong_files_and_a_title_of_another_time(city, client):
    client.force_login(city.applicant(7))
    title = Title.objects.get(name="会计师")
    answer = post(client, title, obtained_on="2026-03-03")
    assert "还没有到" in str(answer.context["form"].errors["obtained_on"])
    answer = post(client, title, file=SimpleUploadedFile("x.pdf", b"no pdf at all", "application/pdf"))
    assert answer.status_code == 422
    assert "file" in answer.context["form"].errors
    Title.objects.filter(pk=title.pk).update(valid_from=dt.date(2026, 1, 1))
    answer = post(client, title)
    assert list(answer.context["form"].errors) == ["title"]
    assert "2025-11-20" in str(answer.context["form"].errors["title"])
    assert not Claim.objects.exists()


def test_one_registration_of_a_title_and_none_beside_a_valid_certificate(city):
    first = story.enter(city, 7, title="会计师")
    with pytest.raises(Blocked, match="正在登记"):
        story.enter(city, 7, title="会计师")
    story.register(first)
    with pytest.raises(Blocked, match=first.certificate.number):
        story.enter(city, 7, title="会计师")
    story.enter(city, 7, title="经济师")  # another title is no problem
    certify.revoke(first.certificate)
    first.refresh_from_db()
    assert first.status == "revoked"
    story.enter(city, 7, title="会计师")


def test_a_standing_ban_stops_the_registration(city):
    claim = story.enter(city, 7)
    Sanction.objects.create(
        person=claim.person, ground="x", review_year=2025, from_year=2026, to_year=2028, status="in_force"
    )
    with pytest.raises(Blocked, match="2026"):
        story.submit(claim)


def test_an_infected_or_unscanned_file_stops_the_bureau(city):
    claim = story.submit(story.enter(city, 7))
    Upload.objects.filter(pk=claim.file_id).update(scan="unscanned")
    with pytest.raises(Blocked, match="扫描"):
        story.propose(Claim.objects.get())
    Upload.objects.filter(pk=claim.file_id).update(scan="infected")
    assert list(rules.files_harmless(Claim.objects.get(), SimpleNamespace()))


def test_returned_corrected_and_refused(city, client):
    claim = story.give_back(story.submit(story.enter(city, 7, title="会计师")), "编号与证书不一致")
    user = city.applicant(7)
    client.force_login(user)
    url = reverse("certificates:claim-edit", args=[claim.pk])
    assert "编号与证书不一致" in client.get(url).content.decode()
    page = client.get(claim.get_absolute_url()).content.decode()
    submit = reverse("certificates:claim-do", args=[claim.pk, "submit"])
    assert 0 < page.index(f'<a class="btn" href="{url}"') < page.index(f'<a class="btn second" href="{submit}"')
    given = {"title": str(claim.title_id), "exam_number": "99", "obtained_on": claim.obtained_on, "authority": "财政部"}
    assert client.post(url, given).status_code == 302  # both files stay
    claim.refresh_from_db()
    assert (claim.exam_number, claim.status) == ("99", "returned")
    story.propose(story.submit(claim), refuse="证书系伪造")
    assert client.get(url).status_code == 404  # with the bureau
    with pytest.raises(Blocked, match="没有建议"):
        story.decide(claim)
    with pytest.raises(Blocked, match="理由"):
        CLAIM.fire(claim, "refuse", actor=holder("bureau_approver"), content_hash=claim.content_hash())
    story.decide(claim, refuse="经向发证机构核实，证书系伪造")
    assert claim.status == "refused"
    assert "经向发证机构核实" in client.get(claim.get_absolute_url()).content.decode()


def test_refusal_needs_the_reviewers_proposal_and_the_same_content(city):
    claim = story.propose(story.submit(story.enter(city, 7)))
    assert list(rules.refusal_proposed(claim, SimpleNamespace(actor=None)))
    claim.proposal = Claim.Proposal.REJECT
    assert not list(rules.refusal_proposed(claim, SimpleNamespace(actor=None)))
    claim.exam_number = "another"
    assert list(rules.refusal_proposed(claim, SimpleNamespace(actor=None)))


def test_who_may_not_decide(city):
    claim = story.propose(story.submit(story.enter(city, 7)))
    with pytest.raises(NotAllowed):
        CLAIM.fire(claim, "approve", actor=claim.proposed_by, content_hash=claim.content_hash())
    own = story.submit(story.enter(city, 8, user=_with_role(city, 8, "bureau_reviewer")))
    with pytest.raises(NotAllowed, match="本人"):
        CLAIM.fire(own, "propose", actor=_with_role(city, 8, "bureau_reviewer"), content_hash=own.content_hash())


def _with_role(city, seed, role):
    from appraisal_portal.accounts.models import Membership  # noqa: PLC0415 - one helper

    user = city.applicant(seed)
    row, _made = Membership.objects.get_or_create(user=user, role=role, organisation=city.bureau)
    return user.act_as(row)


def test_a_certificate_that_cannot_be_drawn_is_told_and_tried_again(city, client):
    claim = story.enter(city, 7)
    Claim.objects.filter(pk=claim.pk).update(authority="\U0002a6d6")
    claim.refresh_from_db()
    story.register(claim)
    item = IssueItem.objects.get(claim=claim)
    assert (claim.status, item.status, item.number) == ("approved", "failed", None)
    client.force_login(city.user("bureau_reviewer"))
    assert "\U0002a6d6" in client.get(claim.get_absolute_url()).content.decode()
    Claim.objects.filter(pk=claim.pk).update(authority="财政部")
    client.post(reverse("certificates:claim-retry", args=[claim.pk]))
    assert certify.deliver("certificates.issue") == 1
    claim.refresh_from_db()
    assert claim.status == "registered"
    assert Certificate.objects.count() == 1


def test_the_bureau_sees_no_draft_and_nobody_else_anything(city, client):
    claim = story.enter(city, 7)
    for user, status in (
        (city.user("bureau_reviewer"), 404), (city.user("unit_clerk", city.unit(0)), 404), (city.applicant(8), 404),
        (city.applicant(7), 200),
    ):  # fmt: skip
        client.force_login(user)
        assert client.get(claim.get_absolute_url()).status_code == status
        assert client.get(reverse("certificates:claim-file", args=[claim.pk, "file"])).status_code == status


def test_the_six_questions_lead_to_the_registration(city, client):
    asked = {
        "employer": "enterprise", "series": Title.objects.get(name="会计师").series_id, "level": "intermediate",
        "education": "bachelor", "finished": "2010", "held": "none",
    }  # fmt: skip
    page = client.get(reverse("applications:ways"), asked).content.decode()
    assert reverse("certificates:claim-new") in page
    assert someone(7).name not in page
