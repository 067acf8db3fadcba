"""The arithmetic of quorum and vote (R-02, R-03, R-06), in integers only, and what must hold of a ballot round."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from appraisal_portal.kernel.workflow import Act, Problem
from committees.reviews.models import Attendee, BallotRound, Meeting, PaperCount, Recusal, RoundItem


def reaches(part: int, whole: int, num: int, den: int) -> bool:
    """Whether ``part`` is ``num/den`` of ``whole`` or more (“以上” includes it): den·part ≥ num·whole."""
    return den * part >= num * whole


def needed(whole: int, num: int, den: int) -> int:
    """The smallest part that reaches ``num/den`` of ``whole``: rounded up."""
    return -(-num * whole // den)


def passes(agree: int, present: int, num: int, den: int) -> bool:
    """Whether ``agree`` votes of ``present`` entitled members pass. Nobody entitled: nobody passes."""
    return present > 0 and reaches(agree, present, num, den)


def pass_base(ballot: BallotRound, item: RoundItem) -> int:
    """How many members the pass line of this person counts: the entitled, or by setting all in the room (R-06)."""
    return int(ballot.present if settings.PORTAL_PASS_COUNTS_RECUSED else item.roll)


def compared(counts: Iterable[PaperCount]) -> str:
    """How the tellers' counts of one person stand: "none", "one", "equal" or "differ"."""
    numbers = [count.numbers for count in counts]
    if len(numbers) < 2:
        return "one" if numbers else "none"
    return "equal" if len(numbers) == 2 and numbers[0] == numbers[1] else "differ"


def what_next(missing: Mapping[str, int], differ: Collection[int], people: int, observer: str) -> list[str]:
    """Who acts next in an open round on paper. ``missing``: a teller's name → people not counted yet; ``differ``: their
    numbers on the roster."""
    said = [
        _("{name} has still to count {n} of {total} people.").format(name=name, n=n, total=people)
        for name, n in missing.items()
        if n
    ]
    if differ:
        words = _(
            "The counts of No. {numbers} differ. Both tellers count these again, each alone, and enter the numbers."
        )
        said.append(words.format(numbers=_(", ").join(map(str, differ))))
    if said:
        return said
    return [_("Both tellers agree. Next {name}, the observer, confirms the counts.").format(name=observer)]


def figures(counts: Iterable[PaperCount]) -> dict[str, str]:
    """Both tellers' counts in words, for whoever confirms them; a teller never reads the other's."""
    said = [
        _("for {agree}, against {against}, abstained {abstain}, invalid {invalid}").format(
            agree=count.agree, against=count.against, abstain=count.abstain, invalid=count.invalid
        )
        for count in counts
    ]
    return dict(zip(("one", "two"), said, strict=False))


def in_session(ballot: BallotRound, act: Act) -> Iterator[Problem]:
    """Voting happens in a meeting that is in session."""
    if ballot.meeting.status != Meeting.Status.IN_SESSION:
        yield Problem(_("The meeting is not in session."))


def round_has_quorum(ballot: BallotRound, act: Act) -> Iterator[Problem]:
    """Members in the room, before anybody stands back, reach the committee's quorum."""
    yield from quorum_problems(ballot.meeting, act.day)


def members_on_day(meeting: Meeting, day: Any = None) -> int:
    """How many members the committee has on the day of the meeting (应到), alternates aside."""
    return int(meeting.term.members_on(meeting.meets_on).count())


def in_the_room(meeting: Meeting) -> list[Attendee]:
    """Voting members who have signed in and not left (实到)."""
    return list(
        meeting.attendees.filter(role=Attendee.Role.VOTER, signed_in_at__isnull=False, left_at__isnull=True)
        .select_related("member", "user")
        .order_by("pk")
    )


def quorum_problems(meeting: Meeting, day: Any = None) -> Iterator[Problem]:
    """A Problem when too few members are in the room."""
    committee, members, present = meeting.committee, members_on_day(meeting), len(in_the_room(meeting))
    if not reaches(present, members, committee.quorum_num, committee.quorum_den):
        yield Problem(
            _("No quorum: {present} of {members} members are in the room, {needed} are needed.").format(
                present=present, members=members, needed=needed(members, committee.quorum_num, committee.quorum_den)
            )
        )


def two_tellers(ballot: BallotRound, act: Act) -> Iterator[Problem]:
    """Two tellers are in the room for paper ballots; the database keeps voters and the preparing clerk out."""
    if ballot.electronic:
        return
    tellers = ballot.meeting.attendees.filter(role=Attendee.Role.TELLER, signed_in_at__isnull=False, left_at=None)
    if tellers.count() != 2:
        yield Problem(_("Exactly two tellers must have signed in."))


def standing_back(ballot: BallotRound) -> set[tuple[int, int]]:
    """(member, admission) of everybody who stands back from somebody of the round (回避)."""
    rows = Recusal.objects.filter(admission__in=ballot.items.values("admission"))
    return set(rows.values_list("member", "admission"))


def recusals_witnessed(ballot: BallotRound, act: Act) -> Iterator[Problem]:
    """Who stands back decides the pass line: the observer confirms what the office entered, also during the meeting."""
    waiting = Recusal.objects.filter(admission__in=ballot.items.values("admission"), confirmed_by=None)
    for seq in sorted(set(waiting.values_list("admission__seq", flat=True))):
        yield Problem(
            _("No. {seq}: the observer has not confirmed a recusal yet, under “My meetings”.").format(seq=seq)
        )


def has_items(ballot: BallotRound, act: Act) -> Iterator[Problem]:
    """Somebody to vote on, each with at least one member entitled."""
    items = list(ballot.items.select_related("admission__verdict"))
    if not items:
        yield Problem(_("There is nobody to vote on in this round."))
    room, back = {attendee.member_id for attendee in in_the_room(ballot.meeting)}, standing_back(ballot)
    for item in items:
        if hasattr(item.admission, "verdict"):
            yield Problem(_("No. {seq}: there is a decision on this person already.").format(seq=item.admission.seq))
        if all((member, item.admission_id) in back for member in room):
            yield Problem(_("No. {seq}: nobody is entitled to vote on this person.").format(seq=item.admission.seq))


def _counts(ballot: BallotRound) -> dict[int, list[PaperCount]]:
    found: dict[int, list[PaperCount]] = {}
    for count in ballot.counts.order_by("teller"):
        found.setdefault(count.admission_id, []).append(count)
    return found


def tellers_agree(ballot: BallotRound, act: Act) -> Iterator[Problem]:
    """For each person not set aside: two counts, equal, and all ballots handed out accounted for."""
    counts = _counts(ballot)
    for item in ballot.items.filter(void_reason="").select_related("admission"):
        stand = compared(counts.get(item.admission_id, ()))
        words = {"seq": item.admission.seq, **figures(counts.get(item.admission_id, ()))}
        if stand in {"none", "one"}:
            yield Problem(_("No. {seq}: both tellers must enter their count.").format(**words))
        elif stand == "differ":
            yield Problem(
                _("No. {seq}: the two tellers' counts differ: {one} and {two}. Both count again.").format(**words)
            )


def item_to_set_aside(ballot: BallotRound, act: Act) -> Iterator[Problem]:
    """The person is on this sheet, and the ballots found really differ from those handed out."""
    item, found = act.data.get("item"), act.data.get("counted")
    if not isinstance(item, RoundItem) or item.round_id != ballot.pk or item.void_reason:
        yield Problem(_("Choose a person of this round whose vote still counts."), field="item")
    elif found is None:
        yield Problem(_("Say how many ballots were found."), field="counted")
    elif found == item.roll:
        yield Problem(
            _("{roll} ballots were handed out and {roll} were found: this vote is valid and is counted.").format(
                roll=item.roll
            ),
            field="counted",
        )


def observer_witnesses(obj: Any, act: Act) -> Iterator[Problem]:
    """A second person, the meeting's discipline observer, confirms on the spot (with the own password)."""
    meeting = getattr(obj, "meeting", obj)
    observer = act.data.get("observer")
    if observer is None or not meeting.attendees.filter(role=Attendee.Role.OBSERVER, user=observer).exists():
        yield Problem(_("The observer of this meeting must confirm with the own password."), field="observer")
    elif observer.pk == act.actor.pk:
        yield Problem(_("Director and observer are two people."), field="observer")


def nothing_sealed(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """After a sealed round the meeting has decided something and cannot be void."""
    if meeting.rounds.filter(status=BallotRound.Status.SEALED).exists():
        yield Problem(_("A round of this meeting is sealed: its results stand."))
    if meeting.rounds.filter(status=BallotRound.Status.OPEN).exists():
        yield Problem(_("A round is open: void the round first."))


def no_open_round(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """All rounds are sealed or void."""
    for ballot in meeting.rounds.filter(status=BallotRound.Status.OPEN):
        yield Problem(_("Round {number} is still open.").format(number=ballot.number))


def every_admission_has_verdict(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """Nobody on the list of the qualified is left without a decision."""
    missing = meeting.admissions.filter(exam_result="qualified", live=True, verdict__isnull=True).order_by("seq")
    numbers = list(missing.values_list("seq", flat=True))
    if numbers:
        shown = _(", ").join(map(str, numbers[:20]))
        yield Problem(_("Without a decision so far: no. {numbers}.").format(numbers=shown))


def person_without_decision(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """The person is qualified, belongs to this meeting, has no decision yet and is in no open round."""
    admission = act.data.get("admission")
    if admission is None or admission.meeting_id != meeting.pk or not admission.qualified:
        yield Problem(_("Choose a person of this meeting."), field="admission")
        return
    if hasattr(admission, "verdict"):
        yield Problem(_("There is a decision on this person already."), field="admission")
    if admission.round_items.filter(round__status=BallotRound.Status.OPEN, void_reason="").exists():
        yield Problem(_("The committee is voting on this person now."), field="admission")


def without_vote(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """Only a determination is decided without a ballot."""
    if meeting.kind != Meeting.Kind.DETERMINATION:
        yield Problem(_("This meeting decides by ballot."))
    if act.data.get("outcome") not in ("passed", "not_passed"):
        yield Problem(_("Choose the decision."), field="outcome")
