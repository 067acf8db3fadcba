"""Complete, signed drafts by the hundred, each handed in once: cost of a submission, last minute of a window.

The first draft is filled in by the story through the real services; the others are copies of its rows under people of
their own, signed over their own content, so that every guard finds what it asks for.
"""

import itertools
import re
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.urls import reverse

from applications.models import Declaration, DeclarationSnapshot, Receipt, Signature, Undertaking
from applications.services import signing
from appraisal_portal.home.benchmark.load import HOST, LoadError, Target, ask
from appraisal_portal.home.story import declare, people
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import approvals, clock

CSRF = "b" * 32
_SEAL = re.compile(rb'name="seal" value="(\w+)"')
BLOCKS = (
    "educations", "held_titles", "trainings", "work_history", "learning_hours", "assessments",
)  # fmt: skip


@dataclass(frozen=True)
class Submission:
    """One draft that only has to be handed in, with the cookies of its applicant."""

    declaration: int
    form_version: int
    cookies: str
    seal: str = ""
    """What the check page sends along; without it everything is judged at handing in."""

    def opened(self, port: int) -> "Submission":
        """As it is handed in by whoever has just read the check page."""
        page = ask(port, Target("check", [self._path], self.cookies).requests(port)[0])
        found = _SEAL.search(page)
        if found is None:
            raise LoadError(f"check page without a seal: {page[:200].decode(errors='replace')}")
        return replace(self, seal=found[1].decode())

    @property
    def _path(self) -> str:
        return reverse("applications:my-check", args=[self.declaration])

    def request(self, port: int) -> bytes:
        """The POST of the check page."""
        path = self._path
        body = f"csrfmiddlewaretoken={CSRF}&form_version={self.form_version}&seal={self.seal}"
        return (
            f"POST {path} HTTP/1.1\r\nHost: {HOST}:{port}\r\nAccept-Language: zh-CN\r\nConnection: close\r\n"
            f"Cookie: {self.cookies}; csrftoken={CSRF}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
            f"Content-Length: {len(body)}\r\n\r\n{body}"
        ).encode()


def prepare(city: City, cycle: Cycle, count: int, *, session: Any) -> list[Submission]:
    """So many submissions; ``session(user)`` gives the cookies of a logged-in user."""
    first = declare.draft(city, cycle, "submit-0", line=cycle.line("forestry"))
    found = []
    others = _old_enough(first)
    for place in range(count):
        with transaction.atomic():
            draft = first if place == 0 else _copy(city, first, next(others))
            _sign(draft)
        found.append(Submission(draft.pk, draft.form_version, session(draft.applicant.user)))
    return found


def _old_enough(first: Declaration) -> Iterator[str]:
    """Seeds of people who could have begun to work on the day that stands in the first draft."""
    for place in itertools.count(1):
        seed = f"submit-{place}"
        if people.someone(seed).birth_date.year + 16 < first.work_started_on.year:
            yield seed


def _copy(city: City, first: Declaration, seed: str) -> Declaration:
    user = city.applicant(seed)
    city.employ(user, first.unit)
    person = user.person  # type: ignore[attr-defined]
    copy: Any = Declaration.objects.get(pk=first.pk)
    copy.pk, copy.applicant, copy._state.adding = None, person, True
    copy.save(force_insert=True)
    for block in BLOCKS:
        for row in getattr(first, block).all():
            _under(row, copy)
    codes = {}
    for row in first.achievements.all():
        before = f"achievement-{row.pk}"
        codes[before] = f"achievement-{_under(row, copy).pk}"
    for row in first.materials.filter(removed=False, superseded_by=None):
        row.code = codes.get(row.code, row.code)
        _under(row, copy)
    for row in first.photos.filter(current=True):
        _under(row, copy)
    return copy  # type: ignore[no-any-return]


def _under(row: Any, declaration: Declaration) -> Any:
    row.pk, row.declaration, row._state.adding = None, declaration, True
    row.save(force_insert=True)
    return row


def _sign(draft: Declaration) -> None:
    content = approvals.canonical(draft.content())
    snapshot = DeclarationSnapshot.objects.create(
        declaration=draft, stage="submitted", content=content, sha256=approvals.content_sha256(content)
    )
    hashed = signing.text_hash(signing.text_of(draft))
    undertaking = Undertaking.objects.create(
        declaration=draft, text_version=signing.version_of(draft), text_sha256=hashed, snapshot=snapshot
    )
    Signature.objects.create(
        undertaking=undertaking, mark="applicant", user=draft.applicant.user, text_sha256=hashed, at=clock.now()
    )


def hand_in(submissions: Sequence[Submission], port: int, *, clients: int) -> tuple[int, float]:
    """Each once, so many at a time: (answers, seconds). LoadError when one is not led to its receipt."""
    waiting, wrong = list(submissions), []

    def work() -> None:
        while not wrong:
            try:
                submission = waiting.pop()
            except IndexError:
                return
            answer = ask(port, submission.request(port))
            if _read(answer) != "receipt":
                wrong.append(answer[:200])

    started = time.monotonic()
    _together([work] * clients)
    if wrong:
        raise LoadError(f"submission: {wrong[0].decode(errors='replace')}")
    return len(submissions), time.monotonic() - started


def _together(works: Sequence[Any]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _read(answer: bytes) -> str:
    """What the person was told: "receipt", "closed" or the first line of something else."""
    head, _blank, page = answer.partition(b"\r\n\r\n")
    status = head.split(b"\r\n")[0]
    if status.startswith(b"HTTP/1.1 302") and b"/submitted/" in head:
        return "receipt"
    if status.startswith(b"HTTP/1.1 422") and "24:00 截止".encode() in page:
        return "closed"
    return status.decode(errors="replace")


@dataclass(frozen=True)
class Rush:
    """What came of the last minute: told "receipt" or "closed", neither; and whether the rows agree."""

    stored: int
    closed: int
    unknown: int
    slowest: float
    """Seconds of the slowest answer."""


def last_minute(submissions: Sequence[Submission], port: int, *, seconds: float, clients: int) -> Rush:
    """All of them evenly over ``seconds`` and a tenth more, the window closing at ``seconds``.

    Unknown is who was told neither, told "receipt" without one, told "closed" with one, or whose receipt is late.
    """
    gap = seconds * 1.1 / len(submissions)
    started = time.monotonic()
    waiting = list(enumerate(submissions))[::-1]
    told: dict[int, tuple[str, float]] = {}

    def work() -> None:
        while True:
            try:
                place, submission = waiting.pop()
            except IndexError:
                return
            time.sleep(max(0.0, started + place * gap - time.monotonic()))
            before = time.monotonic()
            try:
                said = _read(ask(port, submission.request(port)))
            except OSError as error:
                said = str(error)
            told[submission.declaration] = said, time.monotonic() - before

    _together([work] * clients)
    receipts = dict(Receipt.objects.filter(declaration__in=told).values_list("declaration", "at"))
    line = Declaration.objects.select_related("line").get(pk=submissions[0].declaration).line
    end = clock.end_of_day(line.last_day)
    good = {"receipt": 0, "closed": 0}
    for pk, (said, _took) in told.items():
        at = receipts.get(pk)
        if (said == "receipt" and at is not None and at < end) or (said == "closed" and at is None):
            good[said] += 1
    unknown = len(submissions) - sum(good.values())
    return Rush(good["receipt"], good["closed"], unknown, max(took for _said, took in told.values()))
