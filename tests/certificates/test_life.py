"""P21, P24 of trust.md §7, and what the holder is told: numbers go on, nothing a certificate hangs on can go."""

from unittest.mock import patch

import pytest
from django.core import mail
from django.db import ProgrammingError, connection, transaction
from django.db.models import ProtectedError
from django.urls import reverse

from appraisal_portal.accounts.models import Message
from appraisal_portal.home.story import certify
from appraisal_portal.kernel import clock, files, outbox, references, rendering
from appraisal_portal.kernel.models import Outbox
from certificates.models import Certificate
from certificates.services import numbers
from tests.factories.results import AFTER, announced, decided_meeting, issued
from tests.stage import begins_with, kept


@kept
def three_certificates():
    """Three people with certificates of 29 May 2026."""
    meeting, _rows = decided_meeting(3)
    issued(announced(meeting)[1])
    return list(Certificate.objects.order_by("number"))


pytestmark = [pytest.mark.django_db, begins_with(three_certificates)]


@pytest.fixture
def certificates():
    with clock.travel(AFTER):
        yield three_certificates()


def test_p21_the_next_number_is_the_counter_whatever_was_revoked_deleted_or_brought_in(certificates):
    first, second, third = certificates
    certify.revoke(third)
    with pytest.raises(ProgrammingError, match="Cannot delete"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM certificates_certificate WHERE id = %s", [second.pk])
    old = numbers.compose(year=2026, level="intermediate", channel="appraisal", series=first.title.series.number,
                          committee=first.committee.code, serial=50)  # fmt: skip
    holder = first.declaration.applicant
    title = first.title.series.titles.exclude(pk=first.title_id).first()
    Certificate.objects.create(
        number=old, person=holder, title=title, acquired_by="appraisal", committee=first.committee,
        qualified_on=AFTER, issuing_body="某局", issued_on=AFTER, source=Certificate.Source.ARCHIVE,
    )  # fmt: skip
    serials = sorted(number[17:21] for number in Certificate.objects.values_list("number", flat=True))
    assert serials == ["0001", "0002", "0003", "0050"]
    assert references.next_number("certificate", 2026, first.committee.code) == 4


def test_p24_what_a_certificate_hangs_on_cannot_be_deleted_and_old_sheets_need_no_template(certificates, client):
    certificate = certificates[0]
    version = certificate.current
    hung = (certificate.person, certificate.title, certificate.title.series, certificate.committee,
            certificate.declaration, version.document)  # fmt: skip
    for row in hung:
        with pytest.raises(ProtectedError), transaction.atomic():
            row.delete()
    client.force_login(certificate.person.user)
    with patch.object(rendering, "render_pdf", side_effect=AssertionError("drawn again")):
        answer = client.get(reverse("certificates:certificate-download", args=[certificate.pk]))
    assert answer.content == files.open_stored(version.document)


def test_the_holder_is_told_in_the_portal_and_by_mail_with_the_link(certificates, settings):
    certificate = certificates[0]
    user = certificate.person.user
    user.email = "holder@example.com"
    user.save()
    for row in Outbox.objects.filter(kind="message", payload__user=user.pk):
        outbox.deliver(row.kind, row.key)
    told = Message.objects.get(user=user, link=certificate.get_absolute_url())
    assert certificate.number in told.subject
    [sent] = [message for message in mail.outbox if certificate.number in message.subject]
    assert sent.to == [user.email]
    assert f"{settings.PORTAL_SITE_URL}{certificate.get_absolute_url()}" in sent.body
