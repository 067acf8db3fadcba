"""Senior titles (notice IV(3)): the bureau alone entrusts by a numbered letter, the result comes from outside."""

import datetime as dt
import io

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.models import Declaration, SpotCheck, SpotCheckItem
from applications.rules import progress
from applications.rules.course import decided_in_this_city
from appraisal_portal.accounts.models import Message, Organisation
from appraisal_portal.accounts.services import members_of
from appraisal_portal.home.story import certify
from appraisal_portal.home.story import entrust as story
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.people import evidence_pdf
from appraisal_portal.kernel import clock, files
from appraisal_portal.kernel.models import Upload
from appraisal_portal.kernel.workflow import Act, Blocked, NotAllowed
from certificates.forms.bureau import DocumentForm
from certificates.services import batches
from committees.reviews.models import EntrustmentLetter, ExternalResult
from committees.reviews.rules import entrustment as rules
from committees.reviews.services import entrustment as service
from committees.reviews.workflow.entrustment import ENTRUSTMENT, EXTERNAL_RESULT
from tests.factories.entrustment import DECIDED_OUTSIDE, ISSUED, approved_recommendations
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(approved_recommendations)]


@pytest.fixture
def world(clock):
    made = approved_recommendations()
    clock(ISSUED)
    return made


def statuses(rows):
    found = Declaration.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk")
    return list(found.values_list("status", flat=True))


def an_issued_letter(report) -> EntrustmentLetter:
    return story.issue(story.propose(story.prepare(report)))


@pytest.mark.notice("IV.3.i")
def test_the_letter_names_everybody_and_is_delivered_to_applicant_and_unit(world, client):
    _city, report, rows = world
    letter = an_issued_letter(report)
    assert letter.number == "丽人社委〔2026〕1号"
    assert statuses(rows) == ["entrusted"] * 3
    text = pypdf.PdfReader(io.BytesIO(files.open_stored(letter.papers.get().document)))
    said = "".join(page.extract_text() for page in text.pages).replace("\n", "").replace(" ", "")
    for part in ("丽人社委〔2026〕1号", story.ADDRESSEE, "3名同志", "2026年6月1日", rows[0].title.name):
        assert part in said, part
    assert all(row.applicant.name in said and row.unit.name in said for row in rows)
    certify.deliver("message")
    told = Message.objects.filter(subject__contains=rows[0].number)
    clerk = members_of(rows[0].unit_id, "unit_clerk")[0]
    for user in (rows[0].applicant.user, clerk):
        assert told.filter(user=user, link=reverse("reviews:outcome-detail", args=[rows[0].pk])).exists()
    paper = reverse("reviews:entrustment-paper", args=[letter.pk, "entrustment"])
    for user in (rows[0].applicant.user, clerk):
        client.force_login(user)
        page = client.get(reverse("reviews:outcome-detail", args=[rows[0].pk])).content.decode()
        assert paper in page
        assert story.ADDRESSEE in page
        assert client.get(paper)["Content-Type"] == "application/pdf"
    stranger = Organisation.objects.filter(kind="unit").exclude(pk__in=[row.unit_id for row in rows]).first()
    client.force_login(members_of(stranger, "unit_clerk")[0])
    assert client.get(paper).status_code == 404


@pytest.mark.notice("IV.3.i")
def test_the_result_from_outside_is_registered_and_no_certificate_follows(world, client):
    _city, report, rows = world
    letter = an_issued_letter(report)
    with clock.travel(DECIDED_OUTSIDE):
        first = story.register(story.answer(letter, refused=(1,), people=2))
        assert statuses(rows) == ["granted_elsewhere", "refused_elsewhere", "entrusted"]
        turn = progress.turn(Declaration.objects.get(pk=rows[0].pk))
        assert "由作出决定的机构颁发" in turn.text
        client.force_login(rows[0].applicant.user)
        page = client.get(reverse("reviews:outcome-detail", args=[rows[0].pk])).content.decode()
        assert first.reference in page
        assert "2026-10-12" in page
        client.force_login(rows[1].applicant.user)
        page = client.get(reverse("reviews:outcome-detail", args=[rows[1].pk])).content.decode()
        assert "代表作水平未达到标准条件" in page
        second = story.register(story.answer(letter))
    assert statuses(rows)[2] == "granted_elsewhere"
    assert second.items.count() == 1
    with pytest.raises(Blocked, match="没有"):
        certify.document([report])


def test_recommended_people_go_into_no_issue_document(world):
    _city, report, rows = world
    assert report not in DocumentForm().fields["reports"].queryset
    draft = batches.prepare_document(title="关于公布", reports=[report], user=holder("bureau_reviewer"))
    assert draft.rows() == []
    assert "不颁发证书" in str(next(decided_in_this_city(rows[0], None)))


def test_two_people_in_service_and_database(world):
    _city, report, _rows = world
    letter = story.propose(story.prepare(report))
    same = letter.proposed_by
    # Nobody holds both roles on one day; who changes sides still decides nothing proposed before.
    same.memberships.filter(role="bureau_reviewer").update(ends_on=ISSUED - dt.timedelta(days=1))
    both = same.memberships.create(
        role="bureau_approver",
        organisation=holder("bureau_reviewer").acting.organisation,
        starts_on=ISSUED,
        reason="试",
    )
    with pytest.raises(NotAllowed):
        ENTRUSTMENT.fire(letter, "issue", actor=same.act_as(both), content_hash=letter.content_hash())
    with pytest.raises(IntegrityError), transaction.atomic():
        EntrustmentLetter.objects.filter(pk=letter.pk).update(decided_by=same)


def test_what_stops_the_letter_is_said_all_at_once(world):
    _city, report, rows = world
    letter = story.prepare(report)
    Declaration.objects.filter(pk=rows[0].pk).update(status="barred")
    type(rows[1].line).objects.filter(pk=rows[1].line_id).update(channel="regular")
    EntrustmentLetter.objects.filter(pk=letter.pk).update(addressee=" ")
    letter.refresh_from_db()
    found = ENTRUSTMENT.problems(letter, "propose", actor=holder("bureau_reviewer"), content_hash=letter.content_hash())
    words = " ".join(map(str, found))
    assert "请写明委托" in words
    assert any(rules.addressee_named(letter, None))
    for row in rows[:2]:
        assert row.number in words
        assert row.applicant.name not in words
    letter.items.all().delete()
    assert any(rules.somebody_to_entrust(letter, None))


def test_a_person_is_entrusted_once_and_the_rest_follows(world):
    _city, report, rows = world
    story.prepare(report)
    with pytest.raises(Blocked, match="没有可委托"):
        story.prepare(report)
    assert list(service.reports_waiting()) == []


def test_what_stops_a_result(world):
    _city, report, rows = world
    letter = an_issued_letter(report)
    result = story.answer(letter)
    act = Act(None, EXTERNAL_RESULT.transitions["propose"], at=clock.now())
    for rule in (rules.somebody_decided, rules.still_entrusted, rules.after_the_letter, rules.document_harmless):
        assert list(rule(result, act)) == []
    result.dated = ISSUED - dt.timedelta(days=1)
    assert "早于" in str(next(iter(rules.after_the_letter(result, act))))
    result.dated = ISSUED + dt.timedelta(days=1)
    assert "将来" in str(next(iter(rules.after_the_letter(result, act))))
    result.file.scan = Upload.Scan.INFECTED
    assert any(rules.document_harmless(result, act))
    Declaration.objects.filter(pk=rows[0].pk).update(status="barred")
    assert [str(problem).startswith(rows[0].number) for problem in rules.still_entrusted(result, act)] == [True]
    result.items.all().delete()
    assert any(rules.somebody_decided(result, act))


def test_the_reviewers_pages_keep_what_was_typed(world, client):
    _city, report, rows = world
    client.force_login(holder("bureau_reviewer"))
    page = client.get(reverse("reviews:entrustment-list")).content.decode()
    new = reverse("reviews:entrustment-new", args=[report.pk])
    assert new in page
    assert client.post(new, {"addressee": "", "contact": "苏砚秋", "phone": "0578-2091234"}).status_code == 422
    answer = client.post(new, {"addressee": story.ADDRESSEE, "contact": "苏砚秋", "phone": "0578-2091234"})
    letter = EntrustmentLetter.objects.get()
    assert answer.url == letter.get_absolute_url()
    change = reverse("reviews:entrustment-change", args=[letter.pk])
    changed = {"addressee": "省林业厅", "contact": "苏砚秋", "phone": "0578-2091234"}
    assert client.post(change, changed).status_code == 302
    letter.refresh_from_db()
    assert (letter.addressee, letter.items.count()) == ("省林业厅", 3)
    story.issue(story.propose(letter))
    enter = reverse("reviews:external-new", args=[letter.pk])
    items = list(letter.items.order_by("seq"))
    typed = {"authority": "省林业厅", "reference": "浙林评〔2026〕3号", "dated": "2026-06-01"}
    nobody = {f"outcome-{item.pk}": "open" for item in items}
    refused = client.post(enter, {**typed, **nobody, "file": pdf()})
    assert refused.status_code == 422
    assert "浙林评〔2026〕3号" in refused.content.decode()
    some = {**nobody, f"outcome-{items[0].pk}": "granted"}
    assert client.post(enter, {**typed, **some, "file": pdf()}).status_code == 302
    result = ExternalResult.objects.get()
    both = {**some, f"outcome-{items[1].pk}": "refused", f"reason-{items[1].pk}": "未达标准"}
    again = reverse("reviews:external-change", args=[result.pk])
    assert client.post(again, {**typed, **both}).status_code == 302
    assert list(result.items.order_by("pk").values_list("outcome", "reason")) == [
        ("granted", ""), ("refused", "未达标准")
    ]  # fmt: skip
    shown = client.get(result.get_absolute_url()).content.decode()
    assert "未达标准" in shown
    assert client.get(reverse("reviews:external-file", args=[result.pk])).status_code == 200
    assert rows[2].applicant.name in client.get(enter).content.decode()


def pdf():
    return SimpleUploadedFile("result.pdf", evidence_pdf("评审结果"), "application/pdf")


def test_a_frozen_person_stays_behind(world):
    """``recommended_and_approved``: a spot check keeps a case back; the others' letter goes on."""
    _city, report, rows = world
    letter = story.prepare(report)
    reviewer = holder("bureau_reviewer")
    check = SpotCheck.objects.create(
        year=2026, number=1, statuses=["approved"], share=5, minimum=1, population=[], announced_on=ISSUED,
        announced_by=reviewer,
    )  # fmt: skip
    SpotCheckItem.objects.create(spot_check=check, declaration=rows[0])
    with pytest.raises(Blocked, match=rows[0].number):
        story.propose(letter)
    service.change(letter, user=reviewer, addressee=story.ADDRESSEE, contact="苏砚秋", phone="0578")
    assert letter.items.count() == 2
    story.issue(story.propose(letter))
    assert statuses(rows) == ["approved", "entrusted", "entrusted"]
