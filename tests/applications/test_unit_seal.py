"""The electronic seal of a unit on 2-9: put on by its head alone, printed with it, and what was sealed keeps it."""

import hashlib
import io

import pypdf
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from applications.models import Signature
from applications.rules.unit import missing_marks
from applications.rules.unit_overview import Readiness, next_step
from applications.services import papers, sealing, signing
from applications.services import unit as service
from appraisal_portal.accounts.models import UnitSeal
from appraisal_portal.home.story import seals as seal_story
from appraisal_portal.home.story import unit as story
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.city import PASSWORD
from appraisal_portal.kernel import chain, files
from appraisal_portal.kernel.workflow import Blocked, NotAllowed
from tests.factories.seals import do, fresh, head_of, page, picture, send, told
from tests.factories.unit_stage import MONDAY, PUBLICITY_OVER, a_stage, publicised
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_stage)]


@pytest.fixture
def stage(clock):
    city, cycle = a_stage()
    clock(MONDAY)
    return city, cycle


def ready(city, cycle, seed, clock, unit=None):
    """One person whose publicity is over: what is missing is the recommendation and the seal."""
    [declaration] = publicised(city, cycle, seed, unit=unit)
    clock(PUBLICITY_OVER)
    return declaration


def printed(declaration):
    """The text of the PDF 2-9, and its pictures as they are stored in it."""
    stored = papers.ensure(declaration, "2-9", actor=None)
    [sheet] = pypdf.PdfReader(io.BytesIO(files.open_stored(stored))).pages
    drawn = [found.get_object() for found in sheet["/Resources"].get("/XObject", {}).values()]
    return sheet.extract_text(), [found._data for found in drawn if found.get("/Subtype") == "/Image"]


@pytest.mark.notice("IV.4.b")
def test_the_head_puts_the_seal_on_with_the_recommendation_and_2_9_shows_it(stage, clock, client):
    city, cycle = stage
    unit = city.unit(0)
    seal = seal_story.registered(unit)
    declaration = ready(city, cycle, 71, clock)
    head, clerk = head_of(unit), holder("unit_clerk", unit)
    step = next_step(declaration, PUBLICITY_OVER, Readiness(fresh(unit), PUBLICITY_OVER))
    assert step.role == "unit_head"
    text, drawn = printed(declaration)
    assert drawn == []
    assert "本页不含仿制印章" in text.replace("\n", "")
    assert (
        reverse("applications:unit-seal", args=[declaration.pk])
        not in page(client, clerk, reverse("applications:unit-declaration", args=[declaration.pk])).content.decode()
    )
    scan = client.get(reverse("applications:unit-seal", args=[declaration.pk])).content.decode()
    assert "由负责人签名时加盖在 2-9 上" in scan
    with pytest.raises(Blocked):
        sealing.upload_seal(declaration, seal.authorisation, actor=clerk)
    with pytest.raises(NotAllowed):
        signing.seal_electronically(declaration, seal, clerk)
    address = reverse("applications:unit-recommend", args=[declaration.pk])
    shown = page(client, head, address).content.decode()
    assert reverse("accounts:unitseal-file", args=[seal.pk, "picture"]) in shown
    assert "签名、盖章并推荐" in shown
    given = {"opinion": "同意推荐", "password": PASSWORD}
    stale = client.post(address, {**given, "seen_seal": ""})
    assert stale.status_code == 422
    assert "电子印章有变动" in stale.content.decode()
    assert missing_marks(declaration) == ["unit_head", "seal"]
    assert client.post(address, {**given, "seen_seal": seal.number}).status_code == 302
    declaration = fresh(declaration)
    assert declaration.status == "recommended"
    mark = Signature.objects.get(undertaking__declaration=declaration, mark="seal")
    kept = files.open_upload(seal.picture)
    assert (mark.method, mark.user, mark.seal, mark.upload) == ("e_seal", head, seal, seal.picture)
    assert mark.seal_sha256 == hashlib.sha256(kept).hexdigest()
    record = declaration.records.get(transition="recommend")
    assert record.data == {
        "e_seal": {"number": "YZ2026-0001", "use": f"YZ2026-0001-{mark.pk}", "sha256": mark.seal_sha256}
    }
    text, drawn = printed(declaration)
    text = text.replace("\n", "")
    assert drawn == [kept]
    assert f"{unit.name}（印章登记号 YZ2026-0001）" in text
    assert f"{head.full_name}　2026-03-10" in text
    assert f"用印编号 YZ2026-0001-{mark.pk}" in text
    assert "不是经第三方认证的电子签名" in text
    assert "不含仿制印章" not in text
    assert chain.verify() is None
    # Who may see the case compares it on the page; who may not see the case opens neither page nor picture.
    compared, drawn_at = (
        reverse("applications:declaration-undertaking", args=[declaration.pk]),
        reverse("applications:declaration-file", args=[declaration.pk, mark.upload_id]),
    )
    for reader in (clerk, head, holder("forwarder", unit.forwarder), declaration.applicant.user):
        found = page(client, reader, compared).content.decode()
        assert f"YZ2026-0001-{mark.pk}" in found
        assert "保存的图样就是当时加盖的图样。" in found
        assert client.get(drawn_at).content == kept
    for stranger in (head_of(city.unit(1)), holder("juror"), holder("operator")):
        assert [page(client, stranger, url).status_code for url in (compared, drawn_at)] == [404, 404]


def test_what_was_sealed_keeps_its_seal_when_another_takes_its_place_or_none_does(stage, clock, client):
    city, cycle = stage
    unit = city.unit(0)
    old = seal_story.registered(unit)
    first, second, third = publicised(city, cycle, 72, 73, 74)
    clock(PUBLICITY_OVER)
    story.recommend(first)
    client.force_login(head_of(unit))
    assert send(client, picture()).status_code == 302  # the old one stays in use until the new one is approved
    new = UnitSeal.objects.waiting().get()
    assert fresh(unit).e_seal_id == old.picture_id
    new = seal_story.approve(new)
    assert (fresh(old).status, new.number, fresh(unit).e_seal_id) == ("replaced", "YZ2026-0002", new.picture_id)
    assert fresh(old).records.last().cause_id == new.records.last().pk
    story.recommend(fresh(second))
    assert printed(first)[1] == [files.open_upload(old.picture)]
    assert printed(second)[1] == [files.open_upload(new.picture)]
    head = head_of(unit)
    assert do(client, head, new, "end").status_code == 422
    assert do(client, head, new, "end", reason="印章遗失").status_code == 302
    assert (fresh(new).status, fresh(unit).e_seal_id) == ("ended", None)
    [message] = told(holder("unit_clerk", unit), "电子印章已停用")
    assert message["action_needed"]
    third = fresh(third)
    step = next_step(third, PUBLICITY_OVER, Readiness(third.unit, PUBLICITY_OVER))
    assert step.role == "unit_clerk"
    with pytest.raises(Blocked):
        service.recommend(third, actor=head, password=PASSWORD, opinion="同意", seen_seal="YZ2026-0002")
    assert printed(first)[1] == [files.open_upload(old.picture)]
    assert printed(second)[1] == [files.open_upload(new.picture)]
    story.recommend(third)  # printed, sealed, scanned
    assert Signature.objects.get(undertaking__declaration=third, mark="seal").method == "scan"


def test_no_2_9_is_printed_with_another_picture_than_the_one_put_on(stage, clock, client):
    city, cycle = stage
    unit = city.unit(0)
    seal = seal_story.registered(unit)
    declaration = ready(city, cycle, 75, clock)
    story.recommend(declaration)
    (files.root() / files.upload_name(seal.picture)).write_bytes(b"x")
    found = page(client, head_of(unit), reverse("applications:declaration-undertaking", args=[declaration.pk]))
    assert "不是当时加盖的图样" in found.content.decode()
    answer = client.get(reverse("applications:declaration-paper", args=[declaration.pk, "2-9"]))
    assert answer.status_code == 503
    assert not answer.content.startswith(b"%PDF")


def test_a_mark_names_a_seal_its_unit_uses_now(stage, clock):
    city, cycle = stage
    declaration = ready(city, cycle, 76, clock)
    foreign = seal_story.registered(city.unit(1))
    head = head_of(declaration.unit)
    with pytest.raises(IntegrityError), transaction.atomic():
        signing.seal_electronically(declaration, foreign, head)
    with pytest.raises(IntegrityError), transaction.atomic():
        signing.sign_confirmed(declaration, "seal", head)  # a password is no seal
