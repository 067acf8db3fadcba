"""Somebody who reads every table, before and after the seal, and tries to say who voted how."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache

from django.db import connection

from committees.reviews.models import BallotRound


def _rows(sql: str, *args: object) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, args)
        return list(cursor.fetchall())


@dataclass
class Reader:
    """``voters``: orders of members seen in the open box; ``boxes``: orders of the ballots after the seal."""

    voters: dict[str, list[int]] = field(default_factory=dict)

    def watch(self, ballot: BallotRound) -> None:
        """Orders of an open box: by arrival (ctid, transaction), by member, by what the envelopes look like."""
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

    def boxes(self, ballot: BallotRound, admission: int) -> dict[str, list[str]]:
        """Orders of one person's ballots after the seal: as they lie in the table, by id, by transaction."""
        return {
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
