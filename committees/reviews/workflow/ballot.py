"""A ballot round: the roll frozen at opening, the tellers' counts, the seal that writes the verdicts (表决)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import User
from appraisal_portal.kernel.access import IS_SYSTEM
from appraisal_portal.kernel.approvals import content_sha256
from appraisal_portal.kernel.workflow import Act, Tell, Transition, Workflow
from committees.reviews.access import meeting as access
from committees.reviews.models import (
    BallotRound,
    BallotRoundRecord,
    PaperCount,
    RollEntry,
    RollMember,
    RoundItem,
    Verdict,
)
from committees.reviews.rules import ballot as rules
from committees.reviews.rules import ballot_box as boxed
from committees.reviews.rules.conflict import everybody_declared, recusals_decided
from committees.reviews.rules.panel_work import panels_done
from committees.reviews.rules.pre_review import nobody_under_objection
from committees.reviews.rules.presiding import presiding, two_of_them

from . import ballot_box as box
from .verdicts import write_verdict

S = BallotRound.Status
_TWICE = "两次计票与发票数不符"  # stands in the minutes, which are Chinese


def _freeze_roll(ballot: BallotRound, act: Act) -> None:
    """Per person: the members in the room who do not stand back. Written while the round is still a draft."""
    meeting, committee = ballot.meeting, ballot.meeting.committee
    room = [attendee.member_id for attendee in rules.in_the_room(meeting) if attendee.member_id is not None]
    ballot.members, ballot.present = rules.members_on_day(meeting), len(room)
    ballot.quorum_num, ballot.quorum_den = committee.quorum_num, committee.quorum_den
    ballot.opens_at, ballot.opened_by_id, ballot.presided_by = act.at, act.actor.pk, presiding(ballot)
    items = list(ballot.items.order_by("admission__seq"))
    back = rules.standing_back(ballot)
    rolls: list[tuple[int, list[int]]] = []
    for item in items:
        entitled = sorted(member for member in room if (member, item.admission_id) not in back)
        rolls.append((item.admission_id, entitled))
        item.roll = len(entitled)
    RollEntry.objects.bulk_create(
        RollEntry(round=ballot, admission_id=admission, member_id=member)
        for admission, entitled in rolls
        for member in entitled
    )
    RoundItem.objects.bulk_update(items, ["roll"])
    with_sheet = sorted({member for _admission, entitled in rolls for member in entitled})
    RollMember.objects.bulk_create(RollMember(round=ballot, member_id=member) for member in with_sheet)
    ballot.roll_sha256 = content_sha256(rolls)
    if ballot.electronic:
        box.open_box(ballot, act)


def _count_paper(ballot: BallotRound, act: Act) -> None:
    counted = []
    for item in ballot.items.filter(void_reason="").select_related("admission").order_by("admission"):
        count = PaperCount.objects.filter(round=ballot, admission=item.admission).order_by("pk")[0]
        write_verdict(ballot, item, count.agree, count.against, count.abstain, count.invalid)
        counted.append((item.admission_id, count.numbers))
    ballot.ballots_sha256 = content_sha256({"meeting": ballot.meeting_id, "round": ballot.number, "counts": counted})
    ballot.confirmed_by_id, ballot.closes_at = act.actor.pk, act.at


def _set_aside(ballot: BallotRound, act: Act) -> None:
    """Ballots found ≠ ballots handed out: this person's vote is void. The second time nothing is repeated any more."""
    item, counted = act.data["item"], act.data["counted"]
    RoundItem.objects.filter(pk=item.pk).update(
        void_reason=act.reason[:200] or f"发出{item.roll}票，收回{counted}票", counted=counted
    )
    if RoundItem.objects.filter(admission=item.admission_id).exclude(void_reason="").count() >= 2:
        committee = ballot.meeting.committee
        Verdict.objects.create(
            admission=item.admission,
            round=ballot,
            pass_num=committee.pass_num,
            pass_den=committee.pass_den,
            outcome=Verdict.Outcome.DEFERRED,
            ground=_TWICE,
        )


def _write_void(ballot: BallotRound, act: Act) -> None:
    ballot.void_reason, ballot.closes_at = act.reason, act.at


def _numbers(ballot: BallotRound) -> Any:
    return str(ballot.items.count())


def _count_early(ballot: BallotRound, act: Act) -> None:
    box.count(ballot, act)
    ballot.confirmed_by_id = act.data["observer"].pk


def _voters(ballot: BallotRound) -> Iterable[User]:
    """Those who vote on the portal; paper ballots are handed out in the room."""
    members = ballot.voters.values("member__user") if ballot.electronic else ()
    return User.objects.active().filter(pk__in=members).order_by("pk")


def _voting_day(ballot: BallotRound) -> Any:
    return ballot.meeting.meets_on


_OPENS_THE_BOX = _(
    "The box is opened, the ballots are shuffled and counted, and the key of the round is destroyed. The number to "
    "type is how many people were voted on."
)
_FORMS = "committees.reviews.forms.meeting"

BALLOT_ROUND = Workflow(
    BallotRound,
    BallotRoundRecord,
    Transition(
        "open", _("Open the round"), (S.DRAFT,), S.OPEN, access.opens_rounds,
        guards=(
            rules.in_session, rules.round_has_quorum, rules.two_tellers, rules.has_items, nobody_under_objection,
            recusals_decided, rules.recusals_witnessed, everybody_declared, panels_done, boxed.time_given,
        ),
        apply=_freeze_roll,
        explanation=_("From now on the list of members entitled to vote on each person is frozen."),
        tells=[
            Tell(_voters, _("Please vote: {obj}"), _("The ballot is open. Vote in person on your own page, once."),
                 by=_voting_day, action_needed=True, who="members with a ballot sheet"),
        ],
    ),
    Transition(
        "seal", _("Confirm the counts and seal"), (S.OPEN,), S.SEALED,
        access.is_observer & ~access.opened_it & ~access.votes_electronically,
        guards=(rules.tellers_agree,), apply=_count_paper, irreversible=True, confirm=_numbers,
        explanation=_("Both tellers' counts are equal; the result of each person is written and cannot be changed. The "
                      "number to type is how many people were voted on."),
    ),
    Transition(
        "seal_full", _("Close the round: every ballot is in"), (S.OPEN,), S.SEALED,
        access.closes_full & access.votes_electronically,
        guards=(boxed.every_ballot_in, boxed.key_at_hand), apply=box.count, then=box.empty, irreversible=True,
        confirm=_numbers, explanation=_OPENS_THE_BOX,
    ),
    Transition(
        "seal_due", _("Closed at the announced time"), (S.OPEN,), S.SEALED, IS_SYSTEM,
        guards=(boxed.time_is_up, boxed.somebody_voted, boxed.key_at_hand), apply=box.count, then=box.empty,
        explanation=_("Whoever opens a page of the meeting after that moment finds the round sealed."),
    ),
    Transition(
        "seal_early", _("Close the round early"), (S.OPEN,), S.SEALED,
        access.presides_here & access.votes_electronically,
        guards=(rules.observer_witnesses, boxed.somebody_voted, boxed.key_at_hand), apply=_count_early,
        then=box.empty, needs_reason=True, irreversible=True, confirm=_numbers, form=f"{_FORMS}.WitnessForm",
        explanation=_("Members who have not voted by then count as not in favour. The observer confirms. The number to "
                      "type is how many people were voted on."),
    ),
    Transition(
        "set_aside", _("Set a vote aside"), (S.OPEN,), None, access.is_observer & ~access.votes_electronically,
        guards=(rules.item_to_set_aside,), apply=_set_aside, form=f"{_FORMS}.SetAsideForm", keep=("counted", "seq"),
        explanation=_("When fewer or more ballots are found than handed out, this vote is void and repeated once."),
    ),
    Transition(
        "void", _("Declare the round void"), (S.OPEN,), S.VOID, access.presides_here | access.is_observer,
        guards=(two_of_them,), apply=_write_void, then=box.empty, needs_reason=True,
        form=f"{_FORMS}.WitnessForm", keep=("witness",),
        explanation=_("All its ballots count for nothing; a new round starts from zero."),
    ),
    Transition(
        "announce", _("Announce the result"), (S.SEALED,), None, access.announces,
        explanation=_("Read the result aloud in the room; the minutes say who announced it and when."),
    ),
)  # fmt: skip
