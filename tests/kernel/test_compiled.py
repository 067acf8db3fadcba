"""A queryset put together once and asked with other keys (kernel/compiled.py)."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appraisal_portal.accounts.models import User
from appraisal_portal.kernel import compiled, prepared

pytestmark = pytest.mark.django_db


@pytest.fixture
def users() -> list[Any]:
    return [User.objects.create(username=name, full_name="100% {} $1") for name in ("one", "two", "three", "four")]


def test_it_is_built_once_for_each_shape_and_answers_for_other_keys(users: list[Any]) -> None:
    built: list[Any] = []

    def make(but: Any, among: Any) -> Any:
        built.append(among)
        found = User.objects.filter(pk__in=among, full_name="100% {} $1").exclude(pk=but)
        return found.order_by("pk").values_list("username")

    ask = compiled.Question(make)
    one, two, three, four = (user.pk for user in users)
    assert ask(one, [one, two]) == [("two",)]
    with CaptureQueriesContext(connection) as queries:
        assert ask(two, {two, three}) == [("three",)]
    assert len(queries) == 1
    assert queries[0]["sql"].startswith("EXECUTE ")
    assert len(built) == 1
    assert ask(four, [one, two, three]) == [("one",), ("two",), ("three",)]
    assert ask(one, [one, two, three, four]) == [("two",), ("three",), ("four",)]  # three were filled up to four
    assert [len(among) for among in built] == [2, 4]


def test_sql_around_asks_further(users: list[Any]) -> None:
    ask = compiled.Question(
        lambda pk: User.objects.filter(pk=pk).values_list("pk"),
        "SELECT u.username FROM ({}) AS k (pk) JOIN accounts_user u ON u.id = k.pk",
    )
    assert ask(users[1].pk) == [("two",)]
    with connection.cursor() as cursor:
        prepare, message = ask.message(cursor, users[1].pk)
    assert list(prepare) == [message.split()[1]]


def test_a_percent_sign_in_it_stays_one_beside_a_statement_with_values(users: list[Any]) -> None:
    ask = compiled.Question(lambda pk: User.objects.filter(pk__gte=pk, username__contains="t").values_list("username"))
    with connection.cursor() as cursor:
        prepare, message = ask.message(cursor, users[0].pk)
        prepared.execute(cursor, prepare, f"{message}; SELECT %s", ["100%"])
        assert cursor.fetchall() == [("two",), ("three",)]
        cursor.nextset()
        assert cursor.fetchall() == [("100%",)]


def test_a_key_the_queryset_does_not_ask_for_is_an_error() -> None:
    ask = compiled.Question(lambda pk, other: User.objects.filter(pk=pk).values_list("pk"))
    with pytest.raises(ValueError, match="does not ask for key 2"):
        ask(1, 2)


def test_sql_of_ones_own_is_asked_alike(users: list[Any]) -> None:
    ask = compiled.Question(
        lambda pks: f"SELECT username FROM accounts_user WHERE id = ANY({compiled.array(pks)}) ORDER BY id", model=User
    )
    assert ask([user.pk for user in users[:3]]) == [("one",), ("two",), ("three",)]
    assert ask([]) == []
