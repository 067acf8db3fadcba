"""What must hold before an electronic ballot box opens and before it is sealed (电子投票)."""

import hashlib
from collections.abc import Iterator

from django.db.models import DateTimeField, Func
from django.utils.translation import gettext as _

from appraisal_portal.kernel.workflow import Act, Problem
from committees.reviews.box import keys
from committees.reviews.models import BallotRound, Envelope

LONGEST = 8 * 60
"""Minutes: a ballot belongs to one sitting."""


def database_clock() -> Func:
    """The database's own clock, which alone judges what is late; for queries."""
    return Func(function="clock_timestamp", output_field=DateTimeField())


def fits(ballot: BallotRound, key: bytes | None) -> bool:
    """Whether this is the key the round was opened with."""
    return key is not None and hashlib.sha256(key).hexdigest() == ballot.key_sha256


def turnout(ballot: BallotRound) -> int:
    """Envelopes in the box; the only thing an open round shows."""
    return Envelope.objects.filter(voter__round=ballot).count()


def time_given(ballot: BallotRound, act: Act) -> Iterator[Problem]:
    """An electronic round says at its opening when it closes."""
    if ballot.electronic and not 1 <= int(act.data.get("minutes") or 0) <= LONGEST:
        yield Problem(_("Say for how many minutes the round is open: 1 to {most}.").format(most=LONGEST), "minutes")


def key_at_hand(ballot: BallotRound, act: Act) -> Iterator[Problem]:
    """Without its key nobody reads the box: not after a restart of the machine, and not with another key."""
    if not fits(ballot, keys.read(ballot.pk)):
        yield Problem(_("The key of this round is lost: declare the round void and vote again from zero."))


def every_ballot_in(ballot: BallotRound, act: Act) -> Iterator[Problem]:
    """Each member with a sheet has cast it."""
    missing = ballot.voters.filter(envelope__isnull=True).count()
    if missing:
        yield Problem(
            _("{n} members have not voted yet. Wait, or director and observer close the round early.").format(n=missing)
        )


def time_is_up(ballot: BallotRound, act: Act) -> Iterator[Problem]:
    """The moment announced at the opening has passed on the database's clock."""
    if not BallotRound.objects.filter(pk=ballot.pk, shuts_at__lt=database_clock()).exists():
        yield Problem(_("The round is still open for voting."))


def somebody_voted(ballot: BallotRound, act: Act) -> Iterator[Problem]:
    """An empty box decides nothing about anybody: such a round is void."""
    if not turnout(ballot):
        yield Problem(_("Nobody has voted: declare the round void."))
