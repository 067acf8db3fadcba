"""The write-ahead log of the embedded server, as bytes: what whoever copies the files of the database has to read."""

from pathlib import Path

from django.db import connection, transaction

PAGE, HEADER, FIRST_HEADER = 8192, 24, 40


def _ask(sql: str, *args: object) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return str(cursor.fetchone()[0])


def folder() -> Path | None:
    """Where the log lies; None when the database is on another machine."""
    found = Path(_ask("SHOW data_directory"), "pg_wal")
    return found if found.is_dir() else None


def position() -> int:
    """The byte the next record begins at."""
    high, low = _ask("SELECT pg_current_wal_insert_lsn()").split("/")
    return (int(high, 16) << 32) + int(low, 16)


def between(start: int, end: int) -> bytes:
    """What was logged from one position to another, without the headers of the pages, which cut through records."""
    place = folder()
    assert place is not None
    with transaction.atomic():  # what is not written yet is written with the commit of something
        _ask("SELECT set_config('synchronous_commit', 'on', true)")
        _ask("SELECT pg_logical_emit_message(true, 'reader', '')")
    size = int(_ask("SELECT setting FROM pg_settings WHERE name = 'wal_segment_size'"))
    timeline = _ask("SELECT pg_walfile_name(pg_current_wal_insert_lsn())")[:8]
    found = bytearray()
    for number in range(start // size, (end - 1) // size + 1):
        high, low = divmod(number, 2**32 // size)
        content = (place / f"{timeline}{high:08X}{low:08X}").read_bytes()
        first, last = max(start - number * size, 0), min(end - number * size, size)
        for page in range(first // PAGE * PAGE, last, PAGE):
            header = HEADER if page else FIRST_HEADER
            found += content[max(page + header, first) : min(page + PAGE, last)]
    return bytes(found)


def order(log: bytes, marks: dict[object, bytes]) -> list[object]:
    """The keys of the marks in the order in which they are first logged. Every mark must be there."""
    places = {key: log.index(mark) for key, mark in marks.items()}
    return sorted(places, key=places.__getitem__)
