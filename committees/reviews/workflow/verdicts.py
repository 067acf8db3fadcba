"""From the numbers of a vote to the decision on a person."""

from committees.reviews.models import BallotRound, RoundItem, Verdict
from committees.reviews.rules import ballot as rules


def write_verdict(ballot: BallotRound, item: RoundItem, agree: int, against: int, abstain: int, invalid: int) -> None:
    """Write what the numbers say; who is entitled and cast nothing counts against (缺票计入应投票人数)."""
    committee = ballot.meeting.committee
    present = rules.pass_base(ballot, item)
    passed = rules.passes(agree, present, committee.pass_num, committee.pass_den)
    Verdict.objects.create(
        admission=item.admission,
        round=ballot,
        members=ballot.members,
        present=present,
        agree=agree,
        against=against,
        abstain=abstain,
        invalid=invalid,
        missing=present - agree - against - abstain - invalid,
        pass_num=committee.pass_num,
        pass_den=committee.pass_den,
        outcome=Verdict.Outcome.PASSED if passed else Verdict.Outcome.NOT_PASSED,
    )
