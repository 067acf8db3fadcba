"""Numbers without gaps or doubles, and the check character."""

import threading

import pytest
from django.db import close_old_connections, connection, transaction

from appraisal_portal.kernel import references
from appraisal_portal.kernel.models import NumberSeries


@pytest.mark.parametrize(
    ("digits", "check"),
    [
        ("11010519491231002", "X"),
        ("34052419800101001", "X"),
        ("331100201831050120007", "1"),  # the certificate number of domain.md §4
        ("0", "1"),
    ],
)
def test_check_character(digits: str, check: str) -> None:
    assert references.check_character(digits) == check
    assert references.has_valid_check(digits + check)


@pytest.mark.parametrize("text", ["", "12a", "１２", "-1"])
def test_only_digits_have_a_check_character(text: str) -> None:
    with pytest.raises(ValueError, match="digits"):
        references.check_character(text)
    assert not references.has_valid_check(text)


def test_every_single_wrong_digit_and_swap_is_found() -> None:
    number = "331100201831050120007" + "1"
    for i, old in enumerate(number[:-1]):
        for new in set("0123456789") - {old}:
            assert not references.has_valid_check(number[:i] + new + number[i + 1 :])
        swapped = number[:i] + number[i + 1] + number[i] + number[i + 2 :]
        assert swapped == number or not references.has_valid_check(swapped)


def test_document_number() -> None:
    assert references.document_number("丽人社", 2018, 7) == "丽人社〔2018〕7号"


@pytest.mark.django_db
def test_series_periods_and_scopes_count_apart() -> None:
    drawn = [references.next_number("letter", 2026), references.next_number("letter", 2026)]
    assert drawn == [1, 2]
    assert references.next_number("letter", 2027) == 1
    assert references.next_number("letter", 2026, "agri") == 1
    references.continue_after("letter", 2026, 40)
    references.continue_after("letter", 2026, 10)
    assert references.next_number("letter", 2026) == 41


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_nothing_is_drawn() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        references.next_number("letter", 2026)
    assert not NumberSeries.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_rollback_gives_the_number_back() -> None:
    with transaction.atomic():
        assert references.next_number("letter", 2026) == 1
        transaction.set_rollback(True)
    with transaction.atomic():
        assert references.next_number("letter", 2026) == 1


@pytest.mark.django_db(transaction=True)
def test_sixteen_writers_leave_no_gap_and_no_double() -> None:
    drawn: list[int] = []
    failures: list[BaseException] = []
    start = threading.Barrier(16)

    def draw() -> None:
        try:
            start.wait()
            for _ in range(25):
                with transaction.atomic():
                    drawn.append(references.next_number("race", 2026))
        except BaseException as error:  # noqa: BLE001  told to the main thread below
            failures.append(error)
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=draw) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert sorted(drawn) == list(range(1, 401))
