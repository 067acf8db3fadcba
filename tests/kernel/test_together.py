"""Several questions in one round trip: ordinary instances, their order, locks, prepared once per connection."""

import pytest
from django.db import DataError, connection, transaction

from appraisal_portal.accounts.models import Membership, Organisation, User
from appraisal_portal.kernel import prepared
from appraisal_portal.kernel.models import Outbox
from appraisal_portal.kernel.together import NextKey, Rows, kept, put_on, put_under, read

pytestmark = pytest.mark.django_db

DELIVERIES = Rows(Outbox, "id >= %(first)s OR id = %(second)s")
ACCOUNTS = Rows(User, "id = %(user)s", without=("email",))


@pytest.fixture
def user() -> User:
    """Somebody with an address."""
    return User.objects.create_user("somebody", full_name="Somebody", email="somebody@example.org")


def test_rows_come_as_the_instances_the_orm_would_give(user: User, django_assert_num_queries) -> None:
    first = Outbox.objects.create(kind="probe", key="a", payload={"list": [1, {"two": "三"}]})
    second = Outbox.objects.create(kind="probe", key="b", payload={})
    keys = {"first": first.pk, "second": None, "user": user.pk}
    with django_assert_num_queries(1):
        found = read({"deliveries": DELIVERIES, "accounts": ACCOUNTS}, keys)
    assert found["deliveries"] == [first, second]
    assert found["deliveries"][0].payload == {"list": [1, {"two": "三"}]}
    assert found["deliveries"][0].created_at == Outbox.objects.get(pk=first.pk).created_at
    assert found["accounts"] == [user]
    with django_assert_num_queries(1):
        assert found["accounts"][0].email == "somebody@example.org"  # left out, read when asked for


def test_what_foreign_keys_lead_to_comes_along(user: User, django_assert_num_queries) -> None:
    unit = Organisation.objects.create(kind="unit", name="某单位", employer_kind="public_institution")
    clerk = Membership.objects.create(user=user, organisation=unit, role="unit_clerk", starts_on="2018-01-01")
    rows = Rows(
        Membership,
        "user_id = %(user)s",
        lock=True,
        along={"organisation": (), "organisation__forwarder": (), "user": ("full_name",)},
    )
    with django_assert_num_queries(1):
        [found] = read({"rows": rows}, {"user": user.pk})["rows"]
        assert (found, found.user.full_name, found.organisation.name) == (clerk, "Somebody", "某单位")
        assert found.organisation.forwarder is None
    with django_assert_num_queries(1):
        assert found.user.email == "somebody@example.org"
    again = read({"rows": rows}, {"user": user.pk})["rows"]
    assert [row.organisation.status for row in again] == [Organisation.objects.get(pk=unit.pk).status]


def test_a_key_is_a_whole_number_or_nothing(user: User) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        read({"accounts": ACCOUNTS}, {"user": "1) OR (1=1"})  # type: ignore[dict-item]
    assert read({"accounts": ACCOUNTS}, {"user": None}) == {"accounts": []}


def test_what_a_rolled_back_transaction_prepared_is_there_afterwards(user: User) -> None:
    rows = Rows(User, "id = %(user)s OR username = 'somebody'")
    with transaction.atomic():
        read({"accounts": rows}, {"user": user.pk})
        transaction.set_rollback(True)
    assert read({"accounts": rows}, {"user": user.pk}) == {"accounts": [user]}


def test_after_an_error_it_goes_on_with_what_had_been_prepared(user: User) -> None:
    rows, broken = Rows(User, "id = %(user)s AND full_name <> ''"), Rows(User, "id = 1 / (%(user)s - %(user)s)")
    with pytest.raises(DataError), transaction.atomic():
        read({"accounts": rows, "broken": broken}, {"user": user.pk})
    assert read({"accounts": rows}, {"user": user.pk}) == {"accounts": [user]}


@pytest.mark.django_db(transaction=True)
def test_a_new_connection_prepares_anew_and_a_lock_is_a_lock() -> None:
    user = User.objects.create_user("somebody", full_name="Somebody")
    rows = Rows(User, "id = %(user)s", lock=True)
    with transaction.atomic():
        read({"accounts": rows}, {"user": user.pk})
    connection.close()
    with transaction.atomic():
        assert read({"accounts": rows}, {"user": user.pk}) == {"accounts": [user]}
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE relation = 'accounts_user'::regclass AND mode = 'RowShareLock'"
            )
            assert cursor.fetchone() == (1,)


def test_what_is_put_under_and_on_an_object_is_found_without_a_query(user: User, django_assert_num_queries) -> None:
    owner = User.objects.get(pk=user.pk)
    assert kept(owner, "memberships") is None
    put_under(owner, "memberships", [])
    with django_assert_num_queries(0):
        assert list(owner.memberships.all()) == []
    assert kept(owner, "memberships") == []
    with django_assert_num_queries(1):
        assert not owner.memberships.filter(role="unit_clerk").exists()  # a further question goes to the database
    other = Membership(organisation_id=None)
    put_on(other, "organisation", [])
    assert other.organisation is None


def test_a_key_taken_beforehand_is_nobody_else_s() -> None:
    [key] = read({"key": NextKey(Outbox)}, {})["key"]
    ours, other = Outbox(pk=key, kind="probe", key="a", payload={}), Outbox(kind="probe", key="b", payload={})
    prepared.write(ours, [], [other, ours])
    assert other.pk > key
    assert dict(Outbox.objects.values_list("key", "pk")) == {"a": key, "b": other.pk}
