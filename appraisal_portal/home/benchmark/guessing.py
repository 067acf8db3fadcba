"""The check by number, name and check code from outside (trust.md D1): whether the time of an answer tells a hit from a
miss. The page is asked in this process by a few threads at once: most of an answer's time is its floor, asleep.
"""

import statistics
import threading
import time
from collections.abc import Iterable, Sequence
from itertools import chain

from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse

from appraisal_portal.home.benchmark.figures import Figure
from appraisal_portal.home.benchmark.fill import CODE

THREADS = 8
APART, ALIKE = 2.0, 0.05
"""Milliseconds between the medians; how far the chance of guessing right by the clock may be from a half."""
_WRONG = "AAAAAA"


def measure(held: Sequence[tuple[str, str]], often: int) -> Iterable[Figure]:
    """``held``: number and name of certificates that exist. So many hits and as many misses, one after the other."""
    each = often // THREADS
    taken: list[tuple[list[float], list[float]]] = []
    threads = [threading.Thread(target=_ask, args=(held[place::THREADS], each, taken)) for place in range(THREADS)]
    unlimited = {"PORTAL_LOOKUPS_PER_ADDRESS": 10 * often, "PORTAL_LOOKUPS_PER_NUMBER": 10 * often}
    with override_settings(ALLOWED_HOSTS=["testserver"], SECURE_SSL_REDIRECT=False, **unlimited):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    hits, misses = ([*chain.from_iterable(found)] for found in zip(*taken, strict=True))
    apart = 1000 * abs(statistics.median(hits) - statistics.median(misses))
    yield Figure("check_by_hand_miss_from_hit_ms", round(apart, 3), f"<= {APART}", apart <= APART,
                 f"between the medians of {len(hits)} hits and {len(misses)} misses in turn")  # fmt: skip
    chance = above(hits, misses)
    yield Figure("check_by_hand_told_by_time", round(chance, 3), f"0.5 ± {ALIKE}", abs(chance - 0.5) <= ALIKE,
                 "how often a hit takes longer than a miss (area under the curve)")  # fmt: skip


def above(some: Sequence[float], others: Sequence[float]) -> float:
    """The chance that one of ``some`` is larger than one of ``others``; equal ones count a half."""
    both = sorted([*((value, 1) for value in some), *((value, 0) for value in others)])
    ranks, place = 0.0, 0
    while place < len(both):
        last = place
        while last + 1 < len(both) and both[last + 1][0] == both[place][0]:
            last += 1
        ranks += sum(mine for _value, mine in both[place : last + 1]) * ((place + last) / 2 + 1)
        place = last + 1
    return (ranks - len(some) * (len(some) + 1) / 2) / (len(some) * len(others))


def _ask(held: Sequence[tuple[str, str]], often: int, taken: list[tuple[list[float], list[float]]]) -> None:
    client, address = Client(), reverse("certificates:verify")
    times: tuple[list[float], list[float]] = [], []
    for turn in range(-2, 2 * often):  # the first two find templates and statements unmade
        number, name = held[turn // 2 % len(held)]
        missed = turn % 2
        started = time.perf_counter()
        page = client.post(address, {"number": number, "name": name, "code": _WRONG if missed else CODE})
        if turn >= 0:
            times[missed].append(time.perf_counter() - started)
        if (page.content.count(number.encode()) > 1) == bool(missed):  # the form shows it once more
            raise ValueError("A miss was told as a hit, or a hit as a miss.")
    connection.close()
    taken.append(times)
