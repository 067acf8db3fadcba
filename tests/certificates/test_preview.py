"""Leafing through the certificates of a batch before they are released: real sheets, no numbers, obstacles by name."""

import io
from unittest.mock import patch

import pypdf
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal_portal.home.story import certify
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import clock, files
from appraisal_portal.kernel.models import StoredDocument
from certificates.models import Certificate, IssueItem
from certificates.services import issuing
from certificates.views.preview import PreviewWall
from certificates.workflow import ISSUE_BATCH
from tests.factories.results import AFTER, announced, decided_meeting
from tests.stage import begins_with, kept


@kept
def prepared():
    """A batch of three, proposed on 29 May 2026."""
    meeting, _rows = decided_meeting(3)
    _report, document = announced(meeting)
    with clock.travel(AFTER):
        return certify.propose_batch(document)


pytestmark = [pytest.mark.django_db, begins_with(prepared)]


@pytest.fixture
def batch():
    with clock.travel(AFTER):
        yield prepared()


def of(batch, name, *more):
    return reverse(f"certificates:batch-preview{name}", args=[batch.pk, *more])


def test_each_certificate_can_be_looked_at_and_no_number_is_used(batch, client):
    client.force_login(holder("bureau_approver"))
    wall = client.get(of(batch, "")).content.decode()
    assert wall.count("<svg") >= 3
    assert wall.count("预览</text>") == 3
    before = StoredDocument.objects.count()
    for item in batch.items.select_related("declaration__applicant"):
        person = item.declaration.applicant
        assert f"<span>{person.name}</span>" in wall
        assert person.id_number not in wall
        answer = client.get(of(batch, "-sheet", item.pk))
        assert answer["Content-Type"] == "application/pdf"
        [page] = pypdf.PdfReader(io.BytesIO(answer.content)).pages
        text = page.extract_text().replace("\n", "")
        for shown in (person.name, item.report_item.data_3_6["employer"], "预览 PREVIEW", "放行时编定"):
            assert shown in text
        assert "/c/" not in text
        assert person.id_number not in text
        photo = client.get(of(batch, "-photo", item.pk))
        assert photo.content == files.open_stored(item.report_item.photo)
    assert StoredDocument.objects.count() == before
    assert not IssueItem.objects.exclude(number=None).exists()
    assert of(batch, "") in client.get(batch.get_absolute_url()).content.decode()


@pytest.mark.parametrize("people", [1, 3])
def test_queries_of_the_wall_do_not_grow_with_the_people(batch, client, people):
    client.force_login(holder("bureau_approver"))
    client.get(of(batch, ""))  # what is remembered per process is asked once
    shown, seen = list(batch.items.values_list("pk", flat=True)[:people]), PreviewWall.get_queryset
    only = patch.object(PreviewWall, "get_queryset", lambda view: seen(view).filter(pk__in=shown))
    with only, CaptureQueriesContext(connection) as queries:
        wall = client.get(of(batch, "")).content.decode()
    assert wall.count("预览</text>") == people
    assert len(queries) == 9


def test_whoever_would_get_none_is_named_before_the_release_and_the_others_go_on_after_it(batch, client):
    odd, without, good = batch.items.select_related("report_item", "declaration__applicant")
    odd.report_item.data_3_6["employer"] = "\U0002a6d6单位"
    odd.report_item.save()
    (files.root() / without.report_item.photo.name).write_bytes(b"x")
    client.force_login(holder("bureau_reviewer"))
    wall = client.get(of(batch, "")).content.decode()
    assert "2 份证书按现状无法制作" in wall
    assert "\U0002a6d6</li>" in wall
    assert wall.count("无法制作</span>") == 2
    answer = client.get(of(batch, "-sheet", odd.pk), follow=True)
    assert answer.redirect_chain == [(of(batch, ""), 302)]
    assert "证书字体印不出这些字" in answer.content.decode()
    assert client.get(of(batch, "-sheet", good.pk)).status_code == 200


def test_of_other_pages_the_words_are_looked_at_and_no_photograph_is_read(batch, client):
    odd, without, _good = batch.items.select_related("report_item")
    odd.report_item.data_3_6["employer"] = "\U0002a6d6单位"
    odd.report_item.save()
    (files.root() / without.report_item.photo.name).write_bytes(b"x")
    client.force_login(holder("bureau_reviewer"))
    with patch.object(PreviewWall, "paginate_by", 1):
        last = client.get(of(batch, "") + "?page=3").content.decode()
        assert "1 份证书按现状无法制作" in last
        assert "\U0002a6d6</li>" in last
        assert "全部证书的姓名等文字均已检查，照片只检查本页。" in last
        assert "2 份证书按现状无法制作" in client.get(of(batch, "") + "?page=2").content.decode()


def test_once_released_there_is_nothing_to_preview(batch, client):
    item = batch.items.first()
    client.force_login(holder("bureau_reviewer"))
    ISSUE_BATCH.fire(batch, "release", actor=holder("bureau_approver"), content_hash=batch.content_hash())
    assert client.get(of(batch, "")).url == batch.get_absolute_url()
    assert client.get(of(batch, "-sheet", item.pk)).status_code == 404
    assert client.get(of(batch, "-photo", item.pk)).status_code == 404
    assert not Certificate.objects.exists()


def test_one_more_certificate_asks_no_more_than_this(batch):
    """What a certificate says is read once, and not again for its number or when it is stored."""
    ISSUE_BATCH.fire(batch, "release", actor=holder("bureau_approver"), content_hash=batch.content_hash())
    first, second, _third = batch.items.all()
    issuing.issue(first.pk)
    with CaptureQueriesContext(connection) as asked:
        issuing.issue(second.pk)
    assert Certificate.objects.count() == 2
    assert len(asked) == 32
