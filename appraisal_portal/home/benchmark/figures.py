"""The figures with their bars, and how they are taken: alternating rounds on one server, medians of the rounds."""

import itertools
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from django.db import connection
from django.urls import reverse, reverse_lazy

from applications.models import Declaration
from appraisal_portal.home.benchmark import load, server
from appraisal_portal.home.benchmark.fill import Filled
from appraisal_portal.home.benchmark.load import Target
from appraisal_portal.home.benchmark.submitting import hand_in, last_minute
from appraisal_portal.kernel import clock

WARM_UP_SECONDS = 1.0


@dataclass
class Taken:
    """What the rounds of one target gave: answers a second, milliseconds of processor an answer (server, database)."""

    rates: list[float] = field(default_factory=list)
    server_ms: list[float] = field(default_factory=list)
    database_ms: list[float] = field(default_factory=list)

    @property
    def both_ms(self) -> list[float]:
        """Server and PostgreSQL together, round by round."""
        return [a + b for a, b in zip(self.server_ms, self.database_ms, strict=True)]


@dataclass(frozen=True)
class Figure:
    """One line of the result. ``bar``: what it is judged by, None when it only informs."""

    name: str
    value: float
    bar: str | None
    ok: bool
    detail: str

    def line(self) -> dict[str, Any]:
        """For JSON."""
        return {"name": self.name, "value": self.value, "bar": self.bar, "ok": self.ok, "detail": self.detail}


@dataclass(frozen=True)
class Bar:
    """A figure of performance.md: ``of`` and ``to`` are targets, ``values`` what is compared, round by round."""

    name: str
    of: str
    to: str
    values: Callable[[Taken], Sequence[float]]
    at_least: float | None = None
    at_most: float | None = None
    detail: str = ""

    def figure(self, taken: dict[str, Taken]) -> Figure:
        """The median of the rounds' ratios: rounds lie side by side, so a slow minute of the machine slows both."""
        pairs = zip(self.values(taken[self.of]), self.values(taken[self.to]), strict=True)
        ratio = statistics.median(a / b for a, b in pairs)
        if self.at_least is not None:
            return Figure(self.name, round(ratio, 3), f">= {self.at_least}", ratio >= self.at_least, self.detail)
        most = self.at_most or 0.0
        return Figure(self.name, round(ratio, 3), f"<= {most}", ratio <= most, self.detail)


SUBMISSION = "submission"
JUDGED_ANEW = "submission judged anew"
MAIN_PAGES = (
    "my declarations", "receipt page", "task list", "form person", "form achievements", "check answers", "unit to do",
    "unit list", "unit declaration", "unit publicity",
)  # fmt: skip


PUBLISHED = {
    "notices": reverse_lazy("plans:notice-list"),
    "publicity": reverse_lazy("reviews:public-publicity-list"),
    "results": reverse_lazy("certificates:result-list"),
    "feed": reverse_lazy("home:feed", args=["notices"]),
    "read API": reverse_lazy("home:api-list", args=["notices"]),
}
"""Besides the front page: what people come back to, and what programs ask for every few minutes."""


def _published_bar(name: str) -> Bar:
    return Bar(
        f"{name.replace(' ', '_').lower()}_of_hello", name, "hello", lambda taken: taken.rates, at_least=0.85,
        detail="requests/s as ready bytes against a view that says hello behind the portal's middleware",
    )  # fmt: skip


def _page_bar(name: str) -> Bar:
    return Bar(
        f"{name.replace(' ', '_')}_of_reference", name, "reference", lambda taken: taken.both_ms, at_most=1.25,
        detail="processor time of server and PostgreSQL per request against the reference page",
    )  # fmt: skip


BARS = (
    Bar(
        "front_page_of_hello", "front page", "hello", lambda taken: taken.rates, at_least=0.85,
        detail="requests/s of / against a view that says hello behind the portal's middleware",
    ),
    *(_published_bar(name) for name in PUBLISHED),
    Bar(
        "verification_of_hello", "verification", "hello", lambda taken: taken.rates, at_least=0.18,
        detail="requests/s of /c/<token>/ among all certificates against hello",
    ),
    Bar(
        "progress_page_of_reference", "progress page", "reference", lambda taken: taken.both_ms, at_most=1.25,
        detail="processor time of server and PostgreSQL per request against the reference page",
    ),
    *(_page_bar(name) for name in MAIN_PAGES),
    Bar(
        "submission_of_reference", SUBMISSION, "reference", lambda taken: taken.both_ms, at_most=1.5,
        detail="processor time of handing in one complete declaration from the check page read just before, against "
        "the reference page",
    ),
    Bar(
        "submission_judged_anew_of_reference", JUDGED_ANEW, "reference", lambda taken: taken.both_ms, at_most=2.5,
        detail="the same where something has changed since, or nobody read the page: every guard at handing in",
    ),
)  # fmt: skip


def targets(filled: Filled) -> list[Target]:
    """The yardsticks and the pages with a bar."""
    return [
        Target("hello", ["/bench/hello/"]),
        Target("front page", [reverse("home:front")]),
        *(Target(name, [str(path)]) for name, path in PUBLISHED.items()),
        Target("verification", [reverse("certificates:verify-token", args=[token]) for token in filled.tokens]),
        Target("reference", [f"/bench/reference/{number}/" for number in filled.numbers], filled.cookie),
        Target("progress page", [reverse("applications:my-detail", args=[filled.declaration])], filled.cookie),
        *(Target(name, [path], cookie) for name, path, cookie in main_pages(filled)),
    ]


def main_pages(filled: Filled) -> list[tuple[str, str, str]]:
    """The main pages of applicant and unit: name, path, cookies."""
    own, mine, unit = filled.drafter, filled.cookie, filled.clerk

    def at(name: str, *args: object) -> str:
        return reverse(f"applications:{name}", args=args)

    return [
        ("my declarations", at("my-list"), mine),
        ("receipt page", at("my-receipt", filled.declaration), mine),
        ("task list", at("my-detail", filled.draft), own),
        ("form person", at("my-section", filled.draft, "person"), own),
        ("form achievements", at("my-section", filled.draft, "achievements"), own),
        ("check answers", at("my-check", filled.draft), own),
        ("unit to do", at("unit-dashboard"), unit),
        ("unit list", at("unit-list"), unit),
        ("unit declaration", at("unit-declaration", filled.checked), unit),
        ("unit publicity", at("unitpublicity-list"), unit),
    ]


def measure(running: server.Server, filled: Filled, *, rounds: int, seconds: float, clients: int) -> dict[str, Taken]:
    """Warm every target up, then go round them, every second round backwards."""
    asked = targets(filled)
    for target in asked:
        load.run(target, running.port, seconds=min(seconds, WARM_UP_SECONDS), clients=clients)
    taken = {name: Taken() for name in [*(target.name for target in asked), SUBMISSION, JUDGED_ANEW]}
    share = len(filled.submissions) // rounds // 2
    waiting = iter(filled.submissions)
    for number in range(rounds):
        for target in asked if number % 2 == 0 else reversed(asked):
            run = partial(load.run, target, running.port, seconds=seconds, clients=clients)
            one_round(running, run, taken[target.name])
        read = [submission.opened(running.port) for submission in itertools.islice(waiting, share)]
        unread = list(itertools.islice(waiting, share))
        for name, chunk in ((SUBMISSION, read), (JUDGED_ANEW, unread))[:: 1 if number % 2 == 0 else -1]:
            one_round(running, partial(hand_in, chunk, running.port, clients=clients), taken[name])
    return taken


def rush(filled: Filled, log: Path, *, seconds: float, clients: int) -> Figure:
    """Everybody in the last minute of the window, on a server whose clock stands there."""
    last = Declaration.objects.select_related("line").get(pk=filled.rush[0].declaration).line.last_day
    ahead = (clock.end_of_day(last) - clock.now()).total_seconds()
    begun = time.monotonic()
    with server.running(server.free_port(), log, clock_offset=ahead - seconds) as running:
        left = seconds - (time.monotonic() - begun)
        found = last_minute(filled.rush, running.port, seconds=left, clients=clients)
    detail = (
        f"{found.stored} stored with a receipt, {found.closed} told closed, of {len(filled.rush)} in the last "
        f"{left:.0f} s before the deadline and after it; slowest answer {found.slowest:.2f} s"
    )
    fine = found.unknown == 0 and found.stored > 0 and found.closed > 0
    return Figure("last_minute_unknown", found.unknown, "<= 0", fine, detail)


def one_round(running: server.Server, run: Callable[[], tuple[int, float]], taken: Taken) -> None:
    """One run of one target, with what it took of server and database."""
    backends = server.backends()
    connection.close()  # our own backend must neither count nor be in the way
    before = running.processor_seconds(), sum(server.used(pid) for pid in backends)
    answers, took = run()
    time.sleep(0.02)
    after = running.processor_seconds(), sum(server.used(pid) for pid in backends)
    taken.rates.append(answers / took)
    taken.server_ms.append((after[0] - before[0]) * 1000 / max(answers, 1))
    taken.database_ms.append((after[1] - before[1]) * 1000 / max(answers, 1))


def figures(taken: dict[str, Taken]) -> list[Figure]:
    """The judged ones first, then what every target gave."""
    judged = [bar.figure(taken) for bar in BARS]
    informing = []
    for name, rounds in taken.items():
        key = name.replace(" ", "_")
        rate, server_ms, database_ms = (
            round(statistics.median(values), 3) for values in (rounds.rates, rounds.server_ms, rounds.database_ms)
        )
        spread = f"{min(rounds.rates):.0f} to {max(rounds.rates):.0f} in {len(rounds.rates)} rounds"
        informing.append(Figure(f"{key}_per_second", rate, None, True, spread))
        informing.append(
            Figure(f"{key}_cpu_ms", round(server_ms + database_ms, 3), None, True,
                   f"server {server_ms}, PostgreSQL {database_ms} ms a request")
        )  # fmt: skip
    return judged + informing
