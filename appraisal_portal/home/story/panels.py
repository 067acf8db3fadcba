"""Specialty panels of a meeting (专业组): divided before it opens; then every member scores by the sheet of the
standard and the head signs the opinion. The caller travels in time.
"""

from appraisal_portal.accounts.models import Membership
from appraisal_portal.home.story.actors import holder, juror
from committees.plans.scoring import Counted, Row
from committees.reviews.models import Admission, Meeting, ScoreSheet
from committees.reviews.querysets.panel import readers_of
from committees.reviews.rules.panel_work import asks_scores
from committees.reviews.services import panel_work, panels

NAMES = ("第一组", "第二组")
SEATS = 3
OPINIONS = (
    "业绩扎实，材料齐全，符合评审条件，同意提交评委会表决。",
    "能解决生产中的技术问题，论文数量偏少，基本符合评审条件，提交评委会表决。",
)


def divide(meeting: Meeting) -> None:
    """Two panels of three; the persons of the roster in turn."""
    clerk = holder(Membership.Role.OFFICE_CLERK, meeting.committee.office)
    voters, people = list(panels.free_voters(meeting)), list(panels.free_cases(meeting))
    for place, name in enumerate(NAMES):
        members = voters[place * SEATS : (place + 1) * SEATS]
        cases = people[place :: len(NAMES)]
        panels.save(meeting, actor=clerk, name=name, members=members, head=members[0], cases=cases)


def score(case: Admission, *, but_the_head: bool = False) -> list[ScoreSheet]:
    """The members of the person's panel hand in their sheets, where the meeting scores."""
    if not asks_scores(case):
        return []
    rows = case.declaration.sheet.rows
    return [
        panel_work.score(
            seat.attendee,
            case,
            {row.code: _entry(row, case.seq + place) for row in rows},
            actor=juror(seat.attendee.member),
            hand_in=True,
        )
        for place, seat in enumerate(readers_of(case))
        if place or not but_the_head
    ]


def _entry(row: Row, turn: int) -> str:
    """What a member enters: a little more here, a little less there."""
    if row.counted == Counted.YES_NO:
        return "01"[turn % 3 > 0]
    return str(1 + turn % 3 if row.counted == Counted.COUNT else row.most - turn % 4)


def advise(case: Admission) -> None:
    """Sheets, then the signed opinion."""
    score(case)
    head = juror(readers_of(case)[0].attendee.member)
    panel_work.give_opinion(case, OPINIONS[case.seq % len(OPINIONS)], actor=head, sign=True)
