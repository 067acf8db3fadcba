"""What the matrix needs of pool, draw, invitation, proposed recusal, panels: of a meeting without a drawn jury."""

from typing import Any

import pgtrigger

from applications.models import CaseRecusal
from appraisal_portal.accounts.services import members_of
from committees.reviews.models import (
    Draw,
    ExpertImport,
    Invitation,
    Panel,
    PanelOpinion,
    PanelSeat,
    RecusalProposal,
    ScoreSheet,
)
from tests.factories.experts import a_pool

TABLES = {
    "applications.CaseRecusal": "case_recusal",
    "reviews.Draw": "draw",
    "reviews.Invitation": "invitation",
    "reviews.RecusalProposal": "recusal_proposal",
    "reviews.ScoreSheet": "score_sheet",
    "reviews.PanelOpinion": "opinion",
}
"""Label of each table → name of its row."""


def add(world: Any) -> None:
    """The pool of the committee, a roster that waits to be taken, a draw and the juror's invitation; the jury of the
    meeting was not drawn, so the two stand aside of its own."""
    held, clerk, juror = world.rows["meeting"], world.people["office_clerk_2"], world.people["juror"]
    expert = next(row for row in a_pool(held, clerk=clerk) if row.account_id == juror.pk)
    world.rows["expert"] = expert
    world.rows["expert_import"] = ExpertImport.objects.create(committee=held.committee, rows=[], read_by=clerk)
    draw = Draw.objects.create(
        meeting=held, number=1, seed="0" * 64, chain_seq=1, rule={"wanted": 1, "specialties": {}, "per_unit": 0},
        population=[[expert.pk, expert.specialty, expert.unit]], drawn=[expert.pk], drawn_by=clerk,
    )  # fmt: skip
    world.rows["draw"] = draw
    world.rows["invitation"] = Invitation.objects.create(draw=draw, expert=expert)
    _panel(world, held, clerk, juror)
    colleague = held.attendees.filter(role="voter").exclude(user=juror.pk).first()
    world.rows["recusal_proposal"] = RecusalProposal.objects.create(
        admission=held.admissions.order_by("seq").last(),
        member=colleague.member,
        source="named",
        ground="申报人申请回避",
    )
    third = members_of(held.committee.office_id, "office_clerk")[2]
    world.rows["case_recusal"] = CaseRecusal.objects.create(
        declaration=world.rows["exam"], user=third, source="named", ground="申报人申请回避"
    )


def _panel(world: Any, held: Any, clerk: Any, juror: Any) -> None:
    """The juror heads the one panel, which has everybody on the roster; the meeting of this world is over already."""
    with pgtrigger.ignore(
        "reviews.Panel:panel_before_opening", "reviews.PanelSeat:seat_before_opening",
        "reviews.Admission:panel_of_this_meeting",
    ):  # fmt: skip
        panel = Panel.objects.create(meeting=held, name="第一组", divided_by=clerk)
        seat = PanelSeat.objects.create(panel=panel, attendee=held.attendees.get(user=juror.pk), head=True)
        held.admissions.filter(exam_result="qualified").update(panel=panel)
    case = held.admissions.order_by("seq").first()
    world.rows |= {
        "panel": panel,
        "score_sheet": ScoreSheet.objects.create(admission=case, member=seat.attendee.member),
        "opinion": PanelOpinion.objects.create(admission=case, text="同意提交表决"),
    }


def panel_pages(at: Any, do: Any) -> dict[str, Any]:
    """URLs of specialty panels, of their work on a person, and from a declaration to the objection about it."""
    case, panel = (lambda w: w.rows["opinion"].admission_id), (lambda w: w.rows["panel"].pk)
    return {
        "reviews:objection-of-mine": at("public"),
        "reviews:conflict-declare": at("meeting"),
        "reviews:juror-scores": at("meeting", admission=case),
        "reviews:meeting-panels": at("meeting"),
        "reviews:panel-case": at("meeting", admission=case),
        "reviews:panel-change": at("meeting", panel=panel),
        "reviews:panel-new": at("meeting"),
        "reviews:panel-opinion-do": do("opinion", "sign"),
        "reviews:panel-remove": at("meeting", panel=panel),
        "reviews:score-sheet-do": do("score_sheet", "reopen"),
    }
