"""The tables of draws and invitations: one person draws, another confirms, each expert answers."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import Membership, User
from appraisal_portal.accounts.services import members_of
from appraisal_portal.kernel.workflow import NEW, Act, Tell, Transition, Workflow
from committees.reviews.access import expert as access
from committees.reviews.models import Draw, DrawRecord, Invitation, InvitationRecord
from committees.reviews.rules import draw as rules

Role = Membership.Role


def _directors(draw: Any) -> Iterable[User]:
    return members_of(draw.meeting.committee.office_id, Role.COMMITTEE_DIRECTOR)


def _clerks(subject: Any) -> Iterable[User]:
    return members_of(subject.meeting.committee.office_id, Role.OFFICE_CLERK)


def _expert(invitation: Any) -> Iterable[User]:
    return [invitation.expert.account]


def _day(subject: Any) -> Any:
    return subject.meeting.meets_on


def _decided(draw: Draw, act: Act) -> None:
    draw.confirmed_by_id = act.actor.pk


def _invite(draw: Draw, act: Act, record: Any) -> None:
    for expert in sorted(draw.drawn):
        INVITATION.fire(Invitation(draw=draw, expert_id=expert), "invite", actor=act.actor, cause=record)


DRAW = Workflow(
    Draw,
    DrawRecord,
    Transition(
        "draw", _("Draw"), (NEW,), "drawn", access.draws, guards=(rules.meeting_is_ahead,),
        keep=("seed", "drawn", "wanted"),
        explanation=_("The seed comes from the machine's random source; it stands in the record and cannot be chosen."),
        tells=[
            Tell(_directors, _("A draw to confirm: {obj}"),
                 _("Experts were drawn for “{obj}”. Please look through the draw and confirm it before {by}."),
                 by=_day, action_needed=True, who="committee_director"),
        ],
    ),
    Transition(
        "confirm", _("Confirm the draw"), ("drawn",), "confirmed", access.confirms,
        guards=(rules.same_when_run_again, rules.meeting_is_ahead), apply=_decided, then=_invite,
        explanation=_("Everybody drawn is invited and answers in the portal; for those who decline others are drawn."),
        tells=[
            Tell(_clerks, _("The draw is confirmed: {obj}"),
                 _("The experts drawn for “{obj}” are invited. Please draw others for those who decline, before {by}."),
                 by=_day, who="office_clerk"),
        ],
    ),
    Transition(
        "set_aside", _("Set the draw aside"), ("drawn",), "set_aside", access.confirms, apply=_decided,
        needs_reason=True, explanation=_("It stays on record with its seed; the office draws anew."),
        tells=[
            Tell(_clerks, _("The draw is set aside: {obj}"), _("Reason: {reason}. Please draw anew."),
                 action_needed=True, who="office_clerk"),
        ],
    ),
)  # fmt: skip

INVITATION = Workflow(
    Invitation,
    InvitationRecord,
    Transition(
        "invite", _("Invite"), (NEW,), "invited", driven_by=("reviews.Draw.confirm",),
        tells=[
            Tell(_expert, _("You are invited: {obj}"),
                 _("You were drawn for the review meeting “{obj}”. Please accept or decline before {by}."),
                 by=_day, action_needed=True, who="expert"),
        ],
    ),
    Transition(
        "accept", _("Accept the invitation"), ("invited",), "accepted", access.answers,
        guards=(rules.meeting_is_ahead,),
        explanation=_("The office calls you up. Who else is invited is not shown to anybody."),
    ),
    Transition(
        "decline", _("Decline the invitation"), ("invited", "accepted"), "declined", access.answers,
        guards=(rules.meeting_is_ahead,), needs_reason=True,
        explanation=_("The office draws somebody else in your place."),
        tells=[
            Tell(_clerks, _("An expert declined: {obj}"),
                 _("Reason: {reason}. Please draw somebody else before {by}."),
                 by=_day, action_needed=True, who="office_clerk"),
        ],
    ),
)  # fmt: skip
