"""A worker killed in the middle of a batch: exactly as many certificates and numbers as people (trust.md §6, P38)."""

import datetime as dt
import multiprocessing
import os
import signal
import time

import pytest
from django.db import connections

from appraisal_portal.kernel import clock, outbox, references
from certificates.models import Certificate, CertificateVersion, IssueBatch, IssueItem
from tests.certificates.test_races import copies
from tests.factories.results import AFTER, announced, decided_meeting

PEOPLE = int(os.environ.get("KILLED_WORKER_PEOPLE", "10"))
"""More by hand: KILLED_WORKER_PEOPLE=200."""
KILLS = 2 if PEOPLE < 100 else 12
PATIENCE = 60 + PEOPLE


def _work(later: int) -> None:
    """Deliver like a worker that was started `later` minutes after the release."""
    with clock.travel(clock.at(AFTER, 9) + dt.timedelta(minutes=later)):
        # Again until nothing is due: the server may still hold the row of the killed one for a moment.
        while keys := [key for kind, key in outbox.due(limit=PEOPLE * 5 + 500) if kind == "certificates.issue"]:
            for key in keys:
                outbox.deliver("certificates.issue", key)
    os._exit(0)


@pytest.mark.django_db(transaction=True)
def test_killed_workers_leave_exactly_as_many_certificates_and_numbers_as_people():
    meeting, rows = decided_meeting(1)
    report, document = announced(meeting)
    rows[0].refresh_from_db()
    with clock.travel(AFTER), outbox.without_hints():
        batch = IssueBatch.objects.create(
            issue_document=document, expected=PEOPLE, prepared_by=document.prepared_by, status="issuing"
        )
        for person in copies(rows[0], PEOPLE):
            item = IssueItem.objects.create(batch=batch, report_item=report.items.get(), declaration=person)
            outbox.put("certificates.issue", f"certificates_issueitem:{item.pk}", {"item": item.pk})
    context = multiprocessing.get_context("fork")  # the loaded face comes along: no start of a second and a half
    for turn in range(KILLS + 1):
        connections.close_all()  # a forked process would share them
        worker = context.Process(target=_work, args=(5 * turn,))
        worker.start()
        if turn < KILLS:
            wanted = (turn + 1) * PEOPLE // (KILLS + 2)
            end = time.monotonic() + PATIENCE
            while Certificate.objects.count() < wanted:
                assert time.monotonic() < end
                time.sleep(0.005)
            os.kill(worker.pid, signal.SIGKILL)
        worker.join(PATIENCE)
        assert worker.exitcode == (-signal.SIGKILL if turn < KILLS else 0)
        assert turn == KILLS or Certificate.objects.count() < PEOPLE
    assert set(batch.items.values_list("status", flat=True)) == {"issued"}
    numbers = list(Certificate.objects.values_list("number", flat=True))
    assert sorted(int(number[17:21]) for number in numbers) == list(range(1, PEOPLE + 1))
    assert all(references.has_valid_check(number) for number in numbers)
    assert CertificateVersion.objects.count() == PEOPLE
    assert not CertificateVersion.objects.filter(signed_at__isnull=True).exists()
    batch.refresh_from_db()
    assert batch.status == "done"
