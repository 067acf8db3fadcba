"""What opening, seal and voiding do with the electronic ballot box, each in the one transaction of its transition."""

import datetime as dt
import hashlib
import logging
import secrets
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal_portal.kernel.approvals import content_sha256
from appraisal_portal.kernel.workflow import Act, Blocked, Problem
from committees.reviews.box import envelopes, keys
from committees.reviews.models import Ballot, BallotRound, Envelope, RollEntry
from committees.reviews.rules import ballot_box as rules

from .verdicts import write_verdict

log = logging.getLogger(__name__)

CODES = {0: Ballot.Choice.AGAINST, 1: Ballot.Choice.FOR, 2: Ballot.Choice.ABSTAIN}
"""How a sheet writes a choice."""


def open_box(ballot: BallotRound, act: Act) -> None:
    """The key, and when the box shuts: announced on the portal's clock, judged on the database's."""
    minutes = dt.timedelta(minutes=int(act.data["minutes"]))
    now = BallotRound.objects.annotate(now=rules.database_clock()).values_list("now", flat=True).get(pk=ballot.pk)
    ballot.closes_at, ballot.shuts_at = act.at + minutes, now + minutes
    ballot.key_sha256 = hashlib.sha256(keys.create(ballot.pk)).hexdigest()


def _sheets(ballot: BallotRound, people: list[int], found: list[Envelope]) -> Iterator[tuple[int, list[int]]]:
    """(member, sheet) of each envelope. Raises Tampered."""
    key = keys.read(ballot.pk) or b""
    for envelope in found:
        packet = (envelope.nonce, envelope.ciphertext)
        sheet = envelopes.unseal(key, ballot.pk, envelope.voter_id, packet, len(people))
        yield envelope.voter.member_id, sheet


def _choices(ballot: BallotRound, people: list[int], found: list[Envelope]) -> dict[int, list[str]]:
    """Per person the choices in an order that has nothing to do with anything. Raises Tampered."""
    entitled = set(RollEntry.objects.filter(round=ballot).values_list("member", "admission"))
    choices: dict[int, list[str]] = {admission: [] for admission in people}
    for member, sheet in _sheets(ballot, people, found):
        for admission, code in zip(people, sheet, strict=True):
            if (member, admission) in entitled and code in CODES:
                choices[admission].append(CODES[code])
            elif (member, admission) in entitled or code != envelopes.NOT_ENTITLED:
                raise envelopes.Tampered(member)
    for one in choices.values():  # each person by itself: a sheet that stays together is a fingerprint
        secrets.SystemRandom().shuffle(one)
    return choices


def count(ballot: BallotRound, act: Act) -> None:
    """Open every envelope, shuffle person by person, write ballots and verdicts. A changed envelope stops it."""
    items = list(ballot.items.select_related("admission").order_by("admission__seq"))
    people = [item.admission_id for item in items]
    found = list(Envelope.objects.filter(voter__round=ballot).select_related("voter"))
    try:
        choices = _choices(ballot, people, found)
    except envelopes.Tampered as error:
        log.critical("ballot round %s: an envelope was changed after it was cast", ballot.pk)
        raise Blocked(
            Problem(_("An envelope was changed after it was cast. Nothing is counted: declare the round void."))
        ) from error
    rows = [Ballot(round=ballot, admission_id=pk, choice=choice) for pk in people for choice in choices[pk]]
    Ballot.objects.bulk_create(rows)
    for item in items:
        cast = choices[item.admission_id]
        agree, against, abstain = (cast.count(choice) for choice in ("for", "against", "abstain"))
        write_verdict(ballot, item, agree, against, abstain, 0)
    ballot.turnout = len(found)
    ballot.trackers = sorted(envelopes.tracker(envelope.ciphertext) for envelope in found)
    ballot.ballots_sha256 = content_sha256(
        {
            "meeting": ballot.meeting_id,
            "round": ballot.number,
            "trackers": ballot.trackers,
            "ballots": sorted((str(row.pk), row.admission_id, row.choice) for row in rows),
        }
    )


def empty(ballot: BallotRound, act: Act, record: Any) -> None:
    """Take the envelopes out, read or not; the key goes once that is committed."""
    Envelope.objects.filter(voter__round=ballot).delete()
    transaction.on_commit(lambda: keys.destroy(ballot.pk), robust=True)
