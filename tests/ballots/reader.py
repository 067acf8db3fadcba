"""Somebody who reads every table and the log, before and after the seal, and tries to say who voted how."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from uuid import UUID

from django.db import connection

from committees.reviews.models import BallotRound
from tests.ballots import wal


def _rows(sql: str, *args: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return list(cursor.fetchall())


@dataclass
class Reader:
    """``voters``: orders of members seen in the open box; ``boxes``: orders of the ballots after the seal."""

    voters: dict[str, list[int]] = field(default_factory=dict)
    since: int = field(default_factory=wal.position)
    sealing: int = 0
    log: bytes = b""
    looked_for_choices: bool = False

    def watch(self, ballot: BallotRound) -> None:
        """Orders of an open box: by arrival (ctid, transaction), by member, by what the envelopes look like."""
        self._watch_the_log(ballot)
        for name, column in (
            ("arrival", "e.ctid"),
            ("transaction", "e.xmin::text::bigint"),
            ("member", "m.member_id"),
            ("nonce", "e.nonce"),
            ("ciphertext", "e.ciphertext"),
            ("tracker", "sha256(e.ciphertext)"),
        ):
            self.voters[name] = [
                int(str(row[0]))
                for row in _rows(
                    f"SELECT m.member_id FROM reviews_envelope e JOIN reviews_rollmember m ON m.id = e.voter_id "
                    f"WHERE m.round_id = %s ORDER BY {column}",
                    ballot.pk,
                )
            ]

    def _watch_the_log(self, ballot: BallotRound) -> None:
        self.sealing = wal.position()
        if wal.folder() is None:
            return
        log = wal.between(self.since, self.sealing)
        rows = _rows(
            "SELECT m.member_id, e.nonce FROM reviews_envelope e JOIN reviews_rollmember m ON m.id = e.voter_id "
            "WHERE m.round_id = %s",
            ballot.pk,
        )
        self.voters["log"] = [int(str(key)) for key in wal.order(log, {key: bytes(nonce) for key, nonce in rows})]
        if not _rows(
            "SELECT 1 FROM reviews_ballot LIMIT 1"
        ):  # whole pages with ballots of earlier rounds are logged, too
            assert not [choice for choice in (b"against", b"abstain") if choice in log], "logged with the cast"
            self.looked_for_choices = True

    def unseal(self) -> None:
        """Read what the seal has logged."""
        if wal.folder() is not None:
            self.log = wal.between(self.sealing, wal.position())

    def _logged(self, ballot: BallotRound, admission: int) -> dict[str, list[str]]:
        """One person's ballots in the order in which the seal logged them."""
        if not self.log:
            return {}
        rows = _rows(
            "SELECT choice, id FROM reviews_ballot WHERE round_id = %s AND admission_id = %s", ballot.pk, admission
        )
        choices = {key: str(choice) for choice, key in rows}
        return {"log": [choices[key] for key in wal.order(self.log, {key: UUID(str(key)).bytes for key in choices})]}

    def boxes(self, ballot: BallotRound, admission: int) -> dict[str, list[str]]:
        """Orders of one person's ballots after the seal: as they lie, by id, by transaction, in the log."""
        return self._logged(ballot, admission) | {
            name: [
                str(row[0])
                for row in _rows(
                    f"SELECT choice FROM reviews_ballot WHERE round_id = %s AND admission_id = %s ORDER BY {column}",
                    ballot.pk,
                    admission,
                )
            ]
            for name, column in (
                ("place", "ctid"),
                ("id", "id"),
                ("command", "cmin::text::bigint, ctid"),
            )
        }


@cache
def by_chance(counts: tuple[int, ...]) -> tuple[float, float]:
    """Mean and variance of the hits of a random order, for so many ballots of each choice (Hoeffding 1951)."""
    truth = [choice for choice, count in enumerate(counts) for _one in range(count)]
    n = len(truth)
    expected = sum(count * count for count in counts) / n
    if n == 1:
        return expected, 0.0
    same = [[1.0 if a == b else 0.0 for b in truth] for a in truth]
    row = [sum(line) / n for line in same]
    mean = sum(row) / n
    spread = sum((same[i][j] - row[i] - row[j] + mean) ** 2 for i in range(n) for j in range(n))
    return expected, spread / (n - 1)


@dataclass
class Score:
    """Hits of one way of guessing over many votes, beside what chance gives."""

    hits: float = 0
    expected: float = 0
    variance: float = 0

    def add(self, guessed: Sequence[str], truth: Sequence[str]) -> None:
        """One vote: the i-th ballot is taken for the i-th voter's."""
        self.hits += sum(a == b for a, b in zip(guessed, truth, strict=True))
        expected, variance = by_chance(tuple(sorted(truth.count(choice) for choice in set(truth))))
        self.expected += expected
        self.variance += variance

    @property
    def p(self) -> float:
        """How often chance alone guesses this well."""
        if not self.variance:
            return 1.0
        return math.erfc((self.hits - self.expected) / math.sqrt(2 * self.variance)) / 2
