"""A ballot round: the roll frozen at opening, the tellers' counts, the seal that writes the verdicts (表决)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.approvals import content_sha256
from appraisal_portal.kernel.workflow import Act, Transition, Workflow
from committees.reviews.access import meeting as access
from committees.reviews.models import BallotRound, BallotRoundRecord, PaperCount, RollEntry, RoundItem, Verdict
from committees.reviews.rules import ballot as rules
from committees.reviews.rules.pre_review import nobody_under_objection

S = BallotRound.Status
_TWICE = "两次计票与发票数不符"  # stands in the minutes, which are Chinese


def _freeze_roll(ballot: BallotRound, act: Act) -> None:
    """Per person: the members in the room who do not stand back. Written while the round is still a draft."""
    meeting, committee = ballot.meeting, ballot.meeting.committee
    room = [attendee.member_id for attendee in rules.in_the_room(meeting) if attendee.member_id is not None]
    ballot.members, ballot.present = rules.members_on_day(meeting), len(room)
    ballot.quorum_num, ballot.quorum_den = committee.quorum_num, committee.quorum_den
    ballot.opens_at, ballot.opened_by_id = act.at, act.actor.pk
    rolls: list[tuple[int, list[int]]] = []
    for item in ballot.items.select_related("admission").order_by("admission__seq"):
        recused = set(item.admission.recusals.values_list("member", flat=True))
        entitled = sorted(member for member in room if member not in recused)
        rolls.append((item.admission_id, entitled))
        RollEntry.objects.bulk_create(
            RollEntry(round=ballot, admission_id=item.admission_id, member_id=member) for member in entitled
        )
        RoundItem.objects.filter(pk=item.pk).update(roll=len(entitled))
    ballot.roll_sha256 = content_sha256(rolls)


def _write_verdicts(ballot: BallotRound, act: Act) -> None:
    committee, meeting = ballot.meeting.committee, ballot.meeting
    counted = []
    for item in ballot.items.filter(void_reason="").select_related("admission").order_by("admission"):
        count = PaperCount.objects.filter(round=ballot, admission=item.admission).order_by("pk")[0]
        passed = rules.passes(count.agree, item.roll, committee.pass_num, committee.pass_den)
        Verdict.objects.create(
            admission=item.admission,
            round=ballot,
            members=ballot.members,
            present=item.roll,
            agree=count.agree,
            against=count.against,
            abstain=count.abstain,
            invalid=count.invalid,
            pass_num=committee.pass_num,
            pass_den=committee.pass_den,
            outcome=Verdict.Outcome.PASSED if passed else Verdict.Outcome.NOT_PASSED,
        )
        counted.append((item.admission_id, count.numbers))
    ballot.ballots_sha256 = content_sha256({"meeting": meeting.pk, "round": ballot.number, "counts": counted})
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


_FORMS = "committees.reviews.forms.meeting"

BALLOT_ROUND = Workflow(
    BallotRound,
    BallotRoundRecord,
    Transition(
        "open", _("Open the round"), (S.DRAFT,), S.OPEN, access.is_office_clerk & ~access.watches_it,
        guards=(
            rules.in_session, rules.paper_mode, rules.round_has_quorum, rules.two_tellers, rules.has_items,
            nobody_under_objection,
        ),
        apply=_freeze_roll,
        explanation=_("From now on the list of members entitled to vote on each person is frozen."),
    ),
    Transition(
        "seal", _("Confirm the counts and seal"), (S.OPEN,), S.SEALED, access.is_observer & ~access.opened_it,
        guards=(rules.tellers_agree,), apply=_write_verdicts, irreversible=True, confirm=_numbers,
        explanation=_("Both tellers' counts are equal; the result of each person is written and cannot be changed."),
    ),
    Transition(
        "set_aside", _("Set a vote aside"), (S.OPEN,), None, access.is_observer,
        guards=(rules.item_to_set_aside,), apply=_set_aside, form=f"{_FORMS}.SetAsideForm", keep=("counted", "seq"),
        explanation=_("When fewer or more ballots are found than handed out, this vote is void and repeated once."),
    ),
    Transition(
        "void", _("Declare the round void"), (S.OPEN,), S.VOID, access.is_committee_director,
        guards=(rules.observer_witnesses,), apply=_write_void, needs_reason=True, form=f"{_FORMS}.WitnessForm",
        explanation=_("All its ballots count for nothing; a new round starts from zero."),
    ),
)  # fmt: skip
