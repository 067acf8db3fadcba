"""The bureau's table of certificate data: the columns of 3-6, made by the worker, each download recorded."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import documents, exports
from appraisal_portal.kernel.models import Export, Outbox, Reveal
from certificates.documents import DATA
from certificates.models import Certificate
from committees.reviews.documents.results import INFORMATION_COLUMNS
from tests.factories.results import announced, decided_meeting, issued
from tests.journeys.steps.papers import Sheet
from tests.stage import begins_with, kept


@kept
def published():
    """A published document with three people, two of whom have certificates by now; the first was revoked."""
    meeting, rows = decided_meeting(3)
    _report, document = announced(meeting)[:2]
    return document, rows


pytestmark = [pytest.mark.django_db, begins_with(published)]


def acting(role):
    client = Client()
    client.force_login(holder(role))
    return client


def made_by_the_worker():
    """What the worker does with what was asked for; the counts go past the transaction and find no row here."""
    for row in Outbox.objects.filter(kind=exports.KIND, status="waiting"):
        exports._run(row)
    return Export.objects.latest("pk")


def test_the_table_has_the_columns_of_3_6_and_says_what_it_is_not():
    document, rows = published()
    issued(document)
    Certificate.objects.filter(declaration=rows[0]).update(status="revoked", revoked_on="2026-06-01")
    client = acting("bureau_reviewer")
    asked = client.post(reverse("certificates:document-export", args=[document.pk]))
    assert asked.status_code == 302
    assert made_by_the_worker().told == "证书信息表第 1 版已生成。"
    answer = client.get(reverse("certificates:document-table", args=[document.pk]))
    sheet = Sheet(answer.content)
    assert sheet.is_roster()
    assert "不是全国职称评审信息查询平台的数据交换格式" in sheet.values[1]
    lines = [[cell.value for cell in row] for row in sheet.sheet.iter_rows(min_row=3, max_row=6)]
    assert lines[0] == [column.title for column in INFORMATION_COLUMNS]
    for place, (row, line) in enumerate(zip(rows, lines[1:], strict=True), 1):
        said = dict(zip(lines[0], line, strict=True))
        certificate = Certificate.objects.get(declaration=row)
        assert (said["序号"], said["姓名"], said["身份证号"]) == (place, row.applicant.name, row.applicant.id_number)
        assert (said["公布文号"], said["证书编号"]) == (document.number, certificate.number)
        assert said["发证日期"] == certificate.issued_on.isoformat()
        assert (said["备注"] or "") == ("2026-06-01撤销" if place == 1 else "")
    kept_record = Reveal.objects.get(reason=DATA)
    assert (kept_record.viewer, kept_record.field, kept_record.count) == (holder("bureau_reviewer"), "id_number", 3)


def test_a_version_stays_when_another_is_made():
    document, _rows = published()
    client = acting("bureau_approver")
    for version in (1, 2):
        client.post(reverse("certificates:document-export", args=[document.pk]))
        made_by_the_worker()
        assert documents.current(document, DATA).version == version
    assert list(document.papers.values_list("version", flat=True)) == [1, 2]
    page = client.get(document.get_absolute_url()).content.decode()
    assert reverse("certificates:document-table", args=[document.pk]) in page
    assert "重新生成证书信息表" in page


def test_asked_twice_it_is_made_once():
    document, _rows = published()
    client = acting("bureau_reviewer")
    first, second = (client.post(reverse("certificates:document-export", args=[document.pk])).url for _ in "12")
    assert first == second
    assert "正在生成证书信息表" in client.get(document.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("role", "status"), [("supervisor", 403), ("office_clerk", 403), ("operator", 403)])
def test_only_the_bureau_has_it_made_and_reads_it(role, status):
    document, _rows = published()
    asked = {acting(role).post(reverse("certificates:document-export", args=[document.pk])).status_code}
    read = {acting(role).get(reverse("certificates:document-table", args=[document.pk])).status_code}
    assert asked | read == {status}
    assert not Export.objects.exists()
    assert not Reveal.objects.filter(reason=DATA).exists()


def test_nothing_before_the_first_is_made():
    document, _rows = published()
    assert acting("bureau_reviewer").get(reverse("certificates:document-table", args=[document.pk])).status_code == 404


@pytest.mark.parametrize("people", [1, 3])
def test_queries_of_the_content_do_not_grow_with_the_people(people):
    document, rows = published()
    report = document.reports.get()
    report.items.exclude(declaration__in=rows[:people]).update(decision="rejected", reason="-")
    with CaptureQueriesContext(connection) as asked:
        assert len(documents.registry[DATA].content(document)["rows"]) == people
    assert len(asked) == 3
