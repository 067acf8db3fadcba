"""The hash chain: each tampering is found at its place, even by somebody who switches the triggers off."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction

from appraisal_portal.accounts.models import Organisation, OrganisationRecord, User
from appraisal_portal.accounts.workflow import ORGANISATION
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.city import build_city
from appraisal_portal.kernel import chain, clock
from appraisal_portal.kernel.models import ChainEntry, ChainHead, DailyHead
from tests.factories.accounts import a_city
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_city)]


@pytest.fixture
def linked():
    """A city's worth of records, all linked."""
    a_city()
    assert chain.verify() is None
    assert ChainEntry.objects.count() == OrganisationRecord.objects.count() > 20
    return list(ChainEntry.objects.order_by("seq"))


def as_superuser(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        try:
            cursor.execute(sql, values)
        finally:
            cursor.execute("SET session_replication_role = DEFAULT")


def test_records_cannot_be_changed_or_deleted(linked):
    for change in (
        lambda: OrganisationRecord.objects.update(reason="other"),
        lambda: OrganisationRecord.objects.first().delete(),
    ):
        with pytest.raises(Exception, match="record_append_only"), transaction.atomic():
            change()


def test_an_edited_entry_is_found(linked):
    as_superuser("UPDATE kernel_chainentry SET payload = payload || ' ' WHERE seq = 7")
    assert chain.verify() == chain.Broken(7, "payload changed")


def test_a_deleted_entry_is_found(linked):
    as_superuser("DELETE FROM kernel_chainentry WHERE seq = 9")
    assert chain.verify() == chain.Broken(9, "entry missing")


def test_swapped_entries_are_found(linked):
    first, second = linked[4], linked[5]
    as_superuser("UPDATE kernel_chainentry SET seq = -1 WHERE seq = %s", first.seq)
    as_superuser("UPDATE kernel_chainentry SET seq = %s WHERE seq = %s", first.seq, second.seq)
    as_superuser("UPDATE kernel_chainentry SET seq = %s WHERE seq = -1", second.seq)
    assert chain.verify().seq == first.seq


def test_a_cut_tail_is_found_by_the_head(linked):
    as_superuser("DELETE FROM kernel_chainentry WHERE seq = %s", linked[-1].seq)
    assert chain.verify().why == "head does not match the last entry"


def test_an_invented_head_is_found(linked):
    ChainHead.objects.update(hash="0" * 64)
    assert chain.verify().why == "head does not match the last entry"


def test_a_status_outside_the_table_is_refused_by_the_database(linked):
    body = Organisation.objects.filter(status="active", kind="unit").first()
    with pytest.raises(IntegrityError, match="cannot go from active to waiting"), transaction.atomic():
        Organisation.objects.filter(pk=body.pk).update(status="waiting")


def test_the_record_says_who_acted_in_which_capacity(linked):
    record = OrganisationRecord.objects.filter(transition="approve").first()
    assert isinstance(record.actor, User)
    assert record.acting_membership in record.actor.memberships.values_list("pk", flat=True)
    assert record.acting_as
    assert (record.source, record.target) == ("waiting", "active")
    assert ORGANISATION.history(record.subject)[0].label


@pytest.mark.django_db(transaction=True)
def test_a_daily_head_is_the_last_entry_of_that_day_and_stays():
    """Unknown before 24:00 (and ten minutes); an act of the next day does not move it, nor does anybody later."""
    monday = dt.date(2026, 3, 2)
    with clock.travel(clock.at(monday, 23, 50)):
        build_city()
        assert chain.daily_head(monday) is None
    last = ChainEntry.objects.order_by("seq").last()
    with clock.travel(clock.at(monday + dt.timedelta(days=1), 0, 5)):
        assert chain.daily_head(monday) is None
        office = Organisation.objects.filter(status="active").first()
        ORGANISATION.fire(office, "suspend", actor=holder("bureau_reviewer"), reason="-")
    with clock.travel(clock.at(monday + dt.timedelta(days=3), 9)):
        assert chain.sweep_daily_heads() == 1
        head = chain.daily_head(monday)
        assert (head.seq, head.hash) == (last.seq, last.hash)
        assert chain.daily_head(monday + dt.timedelta(days=1)).seq == last.seq + 1
        assert chain.daily_head(monday + dt.timedelta(days=2)).seq == last.seq + 1
    with clock.travel(clock.at(monday + dt.timedelta(days=6), 9)):
        assert chain.sweep_daily_heads() == 3
    assert chain.holds(head)
    as_superuser("UPDATE kernel_chainentry SET hash = 'x' WHERE seq = %s", last.seq)
    assert not chain.holds(head)
    with pytest.raises(Exception, match="daily_head_stays"), transaction.atomic():
        DailyHead.objects.update(seq=1)
