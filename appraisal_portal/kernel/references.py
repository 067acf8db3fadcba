"""Numbers without gaps or doubles (文号, 证书编号), and the check character they end in.

A number is drawn in the very transaction that stores the numbered row: a rollback gives it back, a second caller
waits for the row lock. `max + 1` doubled 309 of 400 under 16 writers, the counter row none (trust.md §1).
"""

import re

from django.db import connection, transaction

from . import prepared
from .models import NumberSeries

_DIGITS = re.compile(r"[0-9]+")
_NEXT = prepared.name_for(NumberSeries)


def drawing(series: str, period: str, scope: str) -> str:
    """The statement that draws a number, its three keys as SQL; no row where the series has not begun."""
    table = connection.ops.quote_name(NumberSeries._meta.db_table)
    return (
        f"UPDATE {table} SET last = last + 1 "  # noqa: S608 - our own table
        f"WHERE series = {series} AND period = {period} AND scope = {scope} RETURNING last"
    )


def next_number(series: str, period: str | int, scope: str = "") -> int:
    """The next number (1, 2, 3 …) of `series` in `period` (a year, say) and `scope` (a committee, say).

    Raises RuntimeError outside `transaction.atomic()`: a number drawn alone would leave a gap when its row is not
    stored.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("next_number() must be called in the transaction that stores the numbered row")
    table = connection.ops.quote_name(NumberSeries._meta.db_table)
    key = [series, str(period), scope]
    with connection.cursor() as cursor:
        add = f"PREPARE {_NEXT} (text, text, text) AS {drawing('$1', '$2', '$3')}"
        prepared.execute(cursor, {_NEXT: add}, f"EXECUTE {_NEXT} (%s, %s, %s)", key)
        row = cursor.fetchone()
        if row is None:
            # The first number of a new period: two first callers meet in the unique constraint, the second adds one.
            cursor.execute(
                f"INSERT INTO {table} (series, period, scope, last) VALUES (%s, %s, %s, 1) "  # noqa: S608
                f"ON CONFLICT (series, period, scope) DO UPDATE SET last = {table}.last + 1 RETURNING last",
                key,
            )
            row = cursor.fetchone()
    return int(row[0])


def continue_after(series: str, period: str | int, last: int, scope: str = "") -> None:
    """Let a series that was begun on paper go on after `last`; never moves a counter back."""
    with transaction.atomic():
        counter, _created = NumberSeries.objects.select_for_update().get_or_create(
            series=series, period=str(period), scope=scope, defaults={"last": last}
        )
        if counter.last < last:
            NumberSeries.objects.filter(pk=counter.pk).update(last=last)


def document_number(office: str, year: int | str, n: int) -> str:
    """Official number of a letter (文号) with full-width brackets, e.g. `丽人社〔2018〕7号`."""
    return f"{office}〔{year}〕{n}号"


def check_character(digits: str) -> str:
    """ISO 7064 MOD 11-2 check character ('0'…'9' or 'X') of a string of digits; the ID number (GB 11643) uses the
    same.

    Raises ValueError when `digits` holds anything but 0-9.
    """
    if not _DIGITS.fullmatch(digits):
        raise ValueError("only the digits 0-9 have a check character")
    remainder = 0
    for digit in digits:
        remainder = (remainder + int(digit)) * 2 % 11
    check = (12 - remainder) % 11
    return "X" if check == 10 else str(check)


def has_valid_check(number: str) -> bool:
    """Whether the last character of `number` is the check character of what stands before it."""
    return bool(re.fullmatch(r"[0-9]+[0-9X]", number)) and check_character(number[:-1]) == number[-1]
