"""Rows stored by a prepared statement: what is stored is what the ORM would store."""

import datetime as dt

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from appraisal_portal.kernel import clock, prepared
from appraisal_portal.kernel.models import Outbox

pytestmark = pytest.mark.django_db


def _row(key: str, **given) -> Outbox:
    payload = {"list": [1, {"two": "三 “%s” \\ $1"}], "none": None}
    return Outbox(**{"kind": "probe", "key": key, "payload": payload, "last_error": "it's", **given})


def _stored(row: Outbox) -> dict:
    found = Outbox.objects.values().get(key=row.key)
    return {name: value for name, value in found.items() if name not in {"id", "key"}}


def test_a_row_is_what_the_orm_would_have_stored(django_assert_num_queries) -> None:
    moment = clock.now()
    ours, theirs = (_row(key, created_at=moment, not_before=moment + dt.timedelta(days=1)) for key in ("a", "b"))
    with django_assert_num_queries(1):
        assert prepared.insert(ours) is ours
    theirs.save(force_insert=True)
    assert _stored(ours) == _stored(theirs)
    assert theirs.pk == ours.pk + 1
    ours.attempts = 3
    ours.save()  # an UPDATE: the row knows that it is stored
    assert Outbox.objects.get(key="a").attempts == 3


def test_the_same_row_twice_is_an_error_and_the_connection_goes_on() -> None:
    prepared.insert(_row("a"))
    with pytest.raises(IntegrityError), transaction.atomic():
        prepared.insert(_row("a"))
    prepared.insert(_row("b"))
    assert set(Outbox.objects.values_list("key", flat=True)) == {"a", "b"}


def test_of_several_rows_only_the_new_ones_are_stored(django_assert_num_queries) -> None:
    moment = clock.now()
    prepared.insert(_row("a", attempts=2))
    with django_assert_num_queries(1):
        prepared.insert_new([_row(key, created_at=moment, not_before=moment) for key in ("a", "b", "c")])
    assert list(Outbox.objects.order_by("key").values_list("key", "attempts")) == [("a", 2), ("b", 0), ("c", 0)]
    Outbox.objects.bulk_create([_row("d", created_at=moment, not_before=moment)])
    assert _stored(_row("b")) == _stored(_row("d"))


def test_only_the_named_columns_are_written(django_assert_num_queries) -> None:
    row = prepared.insert(_row("a"))
    other = prepared.insert(_row("b"))
    row.payload, row.attempts, row.last_error = {"new": [None, "“”"]}, 4, "not written"
    with django_assert_num_queries(1):
        prepared.update(row, ["payload", "attempts"])
    found = Outbox.objects.get(pk=row.pk)
    assert (found.payload, found.attempts, found.last_error) == ({"new": [None, "“”"]}, 4, "it's")
    assert Outbox.objects.get(pk=other.pk).attempts == 0


def test_a_changed_row_and_new_ones_go_in_one_message(django_assert_num_queries) -> None:
    row, first, second = prepared.insert(_row("a")), _row("b"), _row("c", attempts=1)
    row.attempts = 5
    prepared.write(row, ["attempts"], [])  # prepared for the columns
    with django_assert_num_queries(1):
        prepared.write(row, ["attempts"], [first, second])
    assert (first.pk, second.pk) == (row.pk + 1, row.pk + 2)
    assert dict(Outbox.objects.values_list("key", "attempts")) == {"a": 5, "b": 0, "c": 1}
    row.attempts = 6
    with pytest.raises(IntegrityError), transaction.atomic():
        prepared.write(row, ["attempts"], [_row("d"), _row("b")])
    assert dict(Outbox.objects.values_list("key", "attempts")) == {"a": 5, "b": 0, "c": 1}


def test_writing_a_row_that_is_gone_is_an_error() -> None:
    row = prepared.insert(_row("a"))
    Outbox.objects.filter(pk=row.pk).delete()
    with pytest.raises(DatabaseError, match="not there any more"):
        prepared.update(row, ["attempts"])
