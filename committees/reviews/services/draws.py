"""Drawing a jury for a meeting: the pool as it stands, a seed nobody chooses, the result kept for ever."""

import secrets
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal_portal.kernel.models import ChainHead
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Problem
from committees.reviews.access import expert as access
from committees.reviews.models import Draw, Expert, Invitation, Meeting
from committees.reviews.rules import draw as rules
from committees.reviews.workflow.draw import DRAW


def population(meeting: Meeting) -> list[tuple[int, str, str]]:
    """(id, specialty, unit) of everybody who can be drawn, in ascending id: in the pool on the day of the meeting, with
    an account, a member of the term the bureau has confirmed, and not drawn for it before."""
    members = meeting.term.members_on(meeting.meets_on)
    before = {expert for draw in meeting.draws.filter(status="confirmed") for expert in draw.drawn}
    rows = (
        Expert.objects.filter(committee=meeting.committee_id, account__in=members.values("user"))
        .in_term(meeting.meets_on)
        .exclude(pk__in=before)
        .order_by("pk")
    )
    return list(rows.values_list("pk", "specialty", "unit"))


def open_places(meeting: Meeting) -> int:
    """How many the next draw is for: those who declined and were not replaced, else all who are expected."""
    confirmed = sum(draw.rule["wanted"] for draw in meeting.draws.filter(status="confirmed"))
    standing = Invitation.objects.filter(draw__meeting=meeting).exclude(status="declined").count()
    return max(0, meeting.expected - standing) if confirmed else meeting.expected


def make(meeting: Meeting, rule: Mapping[str, Any], *, actor: Any) -> Draw:
    """Draw. Raises NotAllowed, or Blocked: not the time, another draw waits, the pool is short."""
    refused = access.draws.why_not(actor, meeting)
    if refused:
        raise NotAllowed(*refused)
    with transaction.atomic():
        locked = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
        if locked.draws.filter(status="drawn").exists():
            raise Blocked(Problem(_("A draw waits for confirmation already.")))
        people = population(locked)
        seed = secrets.token_hex(32)
        found = rules.drawn(seed, people, rule)
        problems = list(rules.short_of(people, found, rule))
        if problems:
            raise Blocked(*problems)
        draw = Draw(
            meeting=locked,
            number=locked.draws.count() + 1,
            seed=seed,
            chain_seq=ChainHead.objects.values_list("seq", flat=True).first() or 0,
            rule=dict(rule),
            population=[list(row) for row in people],
            drawn=found,
            drawn_by_id=actor.pk,
        )
        DRAW.fire(draw, "draw", actor=actor, seed=seed, drawn=found, wanted=rule["wanted"])
    return draw


def accepted(meeting: Meeting) -> set[int] | None:
    """Accounts of the experts who accepted; None when the meeting's jury was not drawn."""
    if not meeting.draws.filter(status="confirmed").exists():
        return None
    rows = Invitation.objects.filter(draw__meeting=meeting, status="accepted")
    return set(rows.values_list("expert__account", flat=True))
