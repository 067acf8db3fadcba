"""The jury of a meeting by draw: the pool, a draw that another person confirms, invitations and their answers. The
caller travels in time.
"""

import datetime as dt

from appraisal_portal.accounts.models import Membership
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.people import someone
from committees.reviews.models import Draw, Expert, Meeting
from committees.reviews.services import draws, experts
from committees.reviews.workflow.draw import DRAW, INVITATION

Role = Membership.Role
SPECIALTIES = ("生产技术", "工程管理", "科研推广")
UNITS = (
    "丽水市工程技术服务中心", "莲都区专业技术推广站", "缙云县技术服务站", "龙泉市技术推广中心", "青田县工程质量服务站",
)  # fmt: skip
WITHOUT_A_SEAT = 3
"""Experts of the pool whom the bureau has given no seat in the term: never drawn."""


def fill_pool(meeting: Meeting) -> None:
    """Everybody of the term and a few more stand in the committee's pool; who stands there already stays."""
    clerk = holder(Role.OFFICE_CLERK, meeting.committee.office)
    known = set(Expert.objects.filter(committee=meeting.committee).values_list("name", flat=True))
    members = meeting.term.members_on(meeting.meets_on).select_related("user").order_by("pk")
    people = [(member.user.full_name, member.user) for member in members]
    others = (someone(f"expert-{meeting.committee.code}-{place}") for place in range(WITHOUT_A_SEAT))
    people += [(other.name, None) for other in others]
    first = meeting.meets_on.year
    for place, (name, account) in enumerate(people):
        if name not in known:
            row = Expert(
                committee=meeting.committee, name=name, unit=UNITS[place % len(UNITS)], held_title="高级工程师",
                specialty=SPECIALTIES[place % len(SPECIALTIES)], phone=f"0578209{place:04d}", account=account,
                term_from=dt.date(first, 1, 1), term_until=dt.date(first + 2, 12, 31),
            )  # fmt: skip
            experts.save(row, actor=clerk)


def draw(meeting: Meeting) -> Draw:
    """Drawn by the clerk, confirmed by the director; the last one drawn declines, everybody else accepts."""
    fill_pool(meeting)
    clerk = holder(Role.OFFICE_CLERK, meeting.committee.office)
    rule = {"wanted": meeting.expected, "specialties": dict.fromkeys(SPECIALTIES, 2), "per_unit": 0}
    made = draws.make(meeting, rule, actor=clerk)
    DRAW.fire(made, "confirm", actor=holder(Role.COMMITTEE_DIRECTOR, meeting.committee.office))
    *coming, last = made.invitations.select_related("expert__account").order_by("pk")
    for invitation in coming:
        INVITATION.fire(invitation, "accept", actor=invitation.expert.account)
    INVITATION.fire(last, "decline", actor=last.expert.account, reason="当日有教学任务，无法出席。")
    return made
