"""P20 and P23 of trust.md §7: many at once, and nothing double, nothing missing."""

import threading

import pytest
from django.core.management import call_command
from django.db import close_old_connections, connection

from applications.models import Declaration
from appraisal_portal.accounts.models import Person
from appraisal_portal.home.story import certify
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import clock, references
from appraisal_portal.kernel.workflow import Refused
from certificates.models import Certificate, IssueBatch, IssueItem
from certificates.services import batches, numbers
from certificates.workflow import ISSUE_BATCH
from tests.factories.results import AFTER, announced, decided_meeting

WORKERS, EACH = 16, 25


def together(count, work):
    """Run ``work(place)`` in so many threads at once; gives the refusals, raises anything else."""
    start, refused, failed = threading.Barrier(count), [], []

    def run(place):
        try:
            start.wait()
            work(place)
        except Refused as error:
            refused.append(error)
        except BaseException as error:  # noqa: BLE001 - told to the main thread below
            failed.append(error)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    return refused


@pytest.fixture
def announced_meeting():
    meeting, rows = decided_meeting(1)
    report, document = announced(meeting)
    return rows[0], report.items.get(), document


def copies(declaration: Declaration, count: int) -> list[Declaration]:
    """The same declaration of so many other people."""
    person = declaration.applicant
    people = Person.objects.bulk_create(
        Person(name=f"{person.name}{n}", id_kind="passport", id_number=f"P{n:07d}", gender=person.gender,
               birth_date=person.birth_date)
        for n in range(count)
    )  # fmt: skip
    columns = [f.attname for f in Declaration._meta.concrete_fields if not f.primary_key]
    fields = {name: getattr(declaration, name) for name in columns}
    return Declaration.objects.bulk_create(
        Declaration(**{**fields, "applicant_id": one.pk, "number": f"copy-{one.pk}"}) for one in people
    )


@pytest.mark.django_db(transaction=True)
def test_p20_sixteen_workers_number_four_hundred_certificates(announced_meeting):
    declaration, row, document = announced_meeting
    batch = IssueBatch.objects.create(
        issue_document=document, expected=WORKERS * EACH, prepared_by=document.prepared_by
    )
    items = IssueItem.objects.bulk_create(
        IssueItem(batch=batch, report_item=row, declaration=copy) for copy in copies(declaration, WORKERS * EACH)
    )

    def work(place):
        for item in items[place::WORKERS]:
            assert numbers.reserve(item) == numbers.reserve(item)  # a repeat keeps the number

    assert together(WORKERS, work) == []
    found = list(IssueItem.objects.filter(batch=batch).values_list("number", flat=True))
    assert all(references.has_valid_check(number) for number in found)
    assert sorted(int(number[17:21]) for number in found) == list(range(1, 401))


@pytest.mark.django_db(transaction=True)
def test_p23_two_clerks_and_two_approvers_at_once_make_one_batch(announced_meeting):
    _declaration, _row, document = announced_meeting
    with clock.travel(AFTER):
        reviewer = holder("bureau_reviewer")
        refused = together(2, lambda _place: batches.prepare_batch(document, user=reviewer))
        assert len(refused) == 1
        batch = IssueBatch.objects.get()
        ISSUE_BATCH.fire(batch, "propose", actor=reviewer, content_hash=batch.content_hash())
        first = holder("bureau_approver", but=reviewer)
        second = holder("bureau_approver", but=first) if _approvers() > 1 else first
        seen = batch.content_hash()

        def release(place):
            again = IssueBatch.objects.get(pk=batch.pk)
            ISSUE_BATCH.fire(again, "release", actor=(first, second)[place], content_hash=seen)

        assert len(together(2, release)) == 1
        together(2, lambda _place: call_command("sweep", verbosity=0))
        assert certify.deliver("certificates.issue") == 0
    assert Certificate.objects.count() == 1


def _approvers() -> int:
    from appraisal_portal.accounts.models import Membership  # noqa: PLC0415 - counted once

    return Membership.objects.active().filter(role="bureau_approver").count()
