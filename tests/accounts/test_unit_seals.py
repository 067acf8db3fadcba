"""The electronic seal of a unit from the proposal to its end: two people, clean files, and who may see them."""

import io
import re

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from PIL import Image

from appraisal_portal.accounts.models import Membership, Organisation, UnitSeal
from appraisal_portal.accounts.services import seals
from appraisal_portal.accounts.workflow import UNIT_SEAL
from appraisal_portal.accounts.workflow.seal import deciders, files_scanned, no_other_seal_proposed, unit_recommends
from appraisal_portal.home.story import seals as seal_story
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import chain, files
from appraisal_portal.kernel.models import Upload
from appraisal_portal.kernel.workflow import NotAllowed
from tests.factories.seals import SECRET, do, fresh, head_of, page, picture, send, told
from tests.factories.unit_stage import MONDAY, a_stage
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_stage)]
COUNTY_UNIT = 3
"""Place of a unit that forwards through a county bureau; the first forwards through a department."""


@pytest.fixture
def stage(clock):
    city, cycle = a_stage()
    clock(MONDAY)
    return city, cycle


@pytest.fixture
def english():
    with translation.override("en"):
        yield


def test_the_head_proposes_the_county_bureau_of_the_unit_approves_and_only_then_it_is_the_seal(stage, client):
    city, _cycle = stage
    unit = city.unit(COUNTY_UNIT)
    head, county = head_of(unit), holder("forwarder", unit.forwarder)
    shown = page(client, head, reverse("accounts:unitseal-list")).content.decode()
    assert reverse("accounts:unitseal-new") in shown
    assert "不是经第三方认证的电子签名" in shown
    authorisation = client.get(reverse("accounts:unitseal-paper"))
    text = pypdf.PdfReader(io.BytesIO(authorisation.content)).pages[0].extract_text()
    assert unit.name in text.replace("\n", "")
    assert head.full_name in text.replace("\n", "")
    answer = send(client, picture(behind=b"<script>"))
    assert answer.status_code == 302
    seal = UnitSeal.objects.get()
    assert seal.decide_by.isoformat() == "2026-03-09"
    assert "2026-03-09" in client.get(seal.get_absolute_url()).content.decode()
    kept = files.open_upload(seal.picture)
    assert Image.open(io.BytesIO(kept)).size == (480, 480)
    assert Image.open(io.BytesIO(kept)).getpixel((5, 5)) == (255, 255, 255)
    assert SECRET.encode() not in kept
    assert b"<script>" not in kept
    assert fresh(unit).e_seal_id is None
    assert do(client, head, seal, "approve").status_code == 403
    assert set(deciders(seal)) == {county}
    [message] = told(county, "待核准的电子印章")
    assert (message["by"], message["action_needed"]) == ("2026-03-09", True)
    assert "枚单位电子印章待核准" in page(client, county, reverse("home:county")).content.decode()
    assert seal.get_absolute_url() in client.get(reverse("accounts:unitseal-list")).content.decode()
    both = page(client, county, seal.get_absolute_url()).content.decode()
    for which in ("picture", "authorisation"):
        address = reverse("accounts:unitseal-file", args=[seal.pk, which])
        assert address in both
        assert client.get(address).content == files.open_upload(getattr(seal, which))
    assert do(client, county, seal, "approve").status_code == 302
    seal = fresh(seal)
    assert (seal.status, seal.number, seal.decided_by) == ("in_use", "YZ2026-0001", county)
    assert fresh(unit).e_seal_id == seal.picture_id
    assert [len(told(user, "电子印章已核准")) for user in (head, holder("unit_clerk", unit))] == [1, 1]
    assert chain.verify() is None


def test_a_unit_without_a_county_bureau_turns_to_the_bureau_and_only_who_answers_for_it_opens_the_picture(
    stage, client
):
    city, _cycle = stage
    seal = seal_story.propose(city.unit(0))
    reviewer = holder("bureau_reviewer")
    assert reviewer in set(deciders(seal))
    address = reverse("accounts:unitseal-file", args=[seal.pk, "picture"])
    allowed = {reviewer, holder("bureau_approver"), holder("supervisor"), head_of(seal.unit)}
    others = {
        head_of(city.unit(1)): 404, holder("unit_clerk", seal.unit): 403, holder("forwarder", seal.unit.forwarder): 403,
        holder("forwarder", city.counties["莲都区"]): 404, holder("operator"): 403,
        holder("office_clerk"): 403, holder("juror"): 403,
    }  # fmt: skip
    assert {page(client, user, address).status_code for user in allowed} == {200}
    assert {user: page(client, user, address).status_code for user in others} == others
    client.logout()
    assert client.get(address).status_code == 302
    assert page(client, reviewer, reverse("accounts:unitseal-file", args=[seal.pk, "unit"])).status_code == 404


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (lambda: picture(size=(299, 600)), "299 × 600"),
        (lambda: picture(size=(1000, 400)), "不是印章的形状"),
        (lambda: picture(ground=(150, 150, 150, 255)), "底色不是白色或透明"),
        (lambda: picture(ink=0), "看不出印章"),
        (lambda: picture(ink=0.9), "看不出印章"),
        (lambda: SimpleUploadedFile("seal.png", b"%PDF-1.7 not a picture"), "不是 JPG 或 PNG 图片"),
        (lambda: SimpleUploadedFile("seal.png", picture().read()[:300]), "已损坏或不完整"),
        (lambda: picture(kind="JPEG"), "JPEG"),
    ],
    ids=["small", "long", "grey", "empty", "full", "not-a-picture", "torn", "wrong-name"],
)
def test_a_picture_that_is_no_seal_is_refused_in_words_at_its_field_and_nothing_kept(stage, client, sent, said):
    city, _cycle = stage
    client.force_login(head_of(city.unit(0)))
    before = Upload.objects.count()
    answer = send(client, sent(), SimpleUploadedFile("授权书.pdf", b"%PDF-1.7 torn"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert said in text
    assert re.search(r'id="id_authorisation_error".*?授权书\.pdf', text, re.DOTALL)
    assert (UnitSeal.objects.count(), Upload.objects.count()) == (0, before)


def test_who_proposes_does_not_decide_not_even_in_another_role(stage):
    city, _cycle = stage
    seal = seal_story.propose(city.unit(0))
    head = seal.proposed_by
    row = Membership.objects.create(user=head, organisation=city.bureau, role="bureau_reviewer", reason="兼任")
    with pytest.raises(NotAllowed):
        UNIT_SEAL.fire(seal, "approve", actor=head.act_as(row), content_hash=seal.content_hash())
    UNIT_SEAL.fire(seal, "refuse", actor=head.act_as(row), reason="须由他人核准，请重新申请。")
    with pytest.raises(IntegrityError), transaction.atomic():
        UnitSeal.objects.filter(pk=seal.pk).update(decided_by=head)


def test_the_database_knows_only_approved_seals_and_keeps_both_files(stage):
    city, _cycle = stage
    unit, other = city.unit(0), city.unit(1)
    seal = seal_story.propose(unit)
    for change in (
        lambda: Organisation.objects.filter(pk=unit.pk).update(e_seal=seal.picture),
        lambda: UnitSeal.objects.filter(pk=seal.pk).update(picture=seal.authorisation),
        lambda: UnitSeal.objects.filter(pk=seal.pk).update(status="ended"),
        lambda: UnitSeal.objects.filter(pk=seal.pk).update(status="in_use"),
        lambda: UnitSeal.objects.filter(pk=seal.pk).delete(),
    ):
        with pytest.raises(Exception, match="seal|protected|status|delete|update"), transaction.atomic():
            change()
    seal_story.approve(seal)
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=other.pk).update(e_seal=seal.picture)


def test_guards_of_the_seal(stage, english):
    city, _cycle = stage
    unit = city.unit(0)
    seal = seal_story.propose(unit)
    assert not [*unit_recommends(seal, None), *no_other_seal_proposed(seal, None)]
    second = UnitSeal(unit=unit)
    assert "waits for its decision already" in str(next(no_other_seal_proposed(second, None)))
    assert "Only a unit or agency in use" in str(next(unit_recommends(UnitSeal(unit=city.bureau), None)))
    act = type("Act", (), {"actor": holder("bureau_reviewer")})
    assert not list(files_scanned(seal, act))
    seal.picture.scan = "unscanned"
    assert "has not been scanned" in str(next(files_scanned(seal, act)))


def test_refused_with_a_reason_taken_back_and_proposed_again(stage, client):
    city, _cycle = stage
    unit = city.unit(0)
    head, reviewer = head_of(unit), holder("bureau_reviewer")
    first = seal_story.propose(unit)
    assert do(client, reviewer, first, "refuse").status_code == 422
    assert do(client, reviewer, first, "refuse", reason="图样上的名称与单位名称不一致。").status_code == 302
    [message] = told(head, "电子印章未核准")
    assert "图样上的名称与单位名称不一致。" in str(message)
    second = seal_story.propose(unit)
    client.force_login(head)
    assert "已有一枚印章等待核准" in send(client).content.decode()
    assert do(client, head, second, "take_back").status_code == 302
    assert [seal.status for seal in UnitSeal.objects.order_by("pk")] == ["refused", "withdrawn"]
    assert fresh(unit).e_seal_id is None
    third = seal_story.registered(unit)
    assert (third.number, fresh(unit).e_seal_id) == ("YZ2026-0001", third.picture_id)


def test_the_bureau_ends_a_seal_with_a_reason_and_the_head_is_told(stage, client):
    city, _cycle = stage
    unit = city.unit(0)
    seal = seal_story.registered(unit)
    assert do(client, holder("bureau_approver"), seal, "end", reason="授权书系伪造").status_code == 302
    assert fresh(unit).e_seal_id is None
    assert "授权书系伪造" in str(told(head_of(unit), "电子印章已停用"))
    assert seals.seal_of(unit.pk) is None
