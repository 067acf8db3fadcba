"""A thousand lists whose last day is over, closed by one sweep: guards, record, hash chain and messages."""

import datetime as dt
import time
from collections.abc import Sequence
from functools import partial

from django.db import connection, transaction

from appraisal_portal.home.benchmark.figures import Figure
from appraisal_portal.home.benchmark.server import used_here as used
from appraisal_portal.kernel import clock
from committees.reviews.models import Meeting, ResultPublicity, ResultPublicityRecord
from committees.reviews.tasks import close_publicity

OF_LOOP = 6.0
"""By hand a list takes 0.8 ms of a quiet core (design notes), so six times that is 5 of the 10 seconds asked for."""


def due(meeting: Meeting, count: int) -> list[ResultPublicity]:
    """So many lists of the meeting whose last day is over, so long that the calendar of a later chapter shows none."""
    ended = clock.today() - dt.timedelta(days=30)
    return ResultPublicity.objects.bulk_create(
        ResultPublicity(
            meeting=meeting,
            how="网站",
            contact="季明",
            phone="0578-2091234",
            status=ResultPublicity.Status.RUNNING,
            prepared_by=meeting.prepared_by,
            signed_by=meeting.prepared_by,
            signed_at=clock.now(),
            starts_on=ended - dt.timedelta(days=7),
            working_days=5,
            ends_on=ended,
            announced_ends_on=ended,
            take_down_on=ended + dt.timedelta(days=365),
        )
        for _one in range(count)
    )


def by_hand(lists: Sequence[ResultPublicity]) -> None:
    """The least that closing one can be: row and record in a transaction of their own, judged by and told to nobody."""
    for publicity in lists:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_CLOSE, [publicity.pk])
            ResultPublicityRecord.objects.create(
                subject=publicity, transition="close", source="running", target="closed", acting_as="bench"
            )


_CLOSE = f"""UPDATE {ResultPublicity._meta.db_table} SET status = 'closed' WHERE id = %s AND status = 'running'"""  # noqa: S608


def closing(meeting: Meeting, *, lists: int) -> list[Figure]:
    """Processor time against closing as many by hand, and the plain seconds of the sweep."""
    by_hand(due(meeting, lists // 10))  # both ways warm
    least = used(partial(by_hand, due(meeting, lists)))
    waiting = due(meeting, lists)
    begun = time.monotonic()
    closed: list[int] = []
    most = used(lambda: closed.append(close_publicity()))
    took = time.monotonic() - begun
    left = ResultPublicity.objects.filter(pk__in=[one.pk for one in waiting]).exclude(status="closed").count()
    if closed != [lists] or left or close_publicity():
        raise AssertionError(f"{closed} of {lists} closed, {left} left, or closed twice")
    ratio, seconds = most / least, took * 1_000 / lists
    detail = f"{lists} lists: {most:.2f} s of processor, {least:.2f} s by hand without guard or message"
    return [
        Figure("publicities_of_by_hand", round(ratio, 3), f"<= {OF_LOOP}", ratio <= OF_LOOP, detail),
        Figure("publicities_seconds", round(seconds, 2), None, True, "a thousand lists; asked for: 10, on quiet cores"),
    ]
