"""Cases about false material, from the opening to the ban and to its lifting. The caller travels in time."""

import datetime as dt
from typing import Any

from applications.models import Declaration, Lifting, Sanction
from applications.services import sanctions
from applications.workflow import LIFTING, SANCTION
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import calendar, clock

GROUND = "主要业绩证明系伪造，项目验收单位未出具过该证明。"
EVIDENCE = "验收单位的复函；档案馆检索报告。"
STATEMENT = "证明由他人代办，本人未尽核对义务，请从轻处理。"


def opened(declaration: Declaration, *, unit_responsible: bool = False) -> Sanction:
    """A reviewer opens a case about the declaration's material, for the year of its review."""
    return sanctions.open_case(
        declaration,
        review_year=declaration.year,
        ground=GROUND,
        evidence=EVIDENCE,
        unit_responsible=unit_responsible,
        actor=holder("bureau_reviewer", but=declaration.applicant.user),
    )


def proposed(declaration: Declaration) -> Sanction:
    """The person has answered in writing; the reviewer proposes the ban."""
    case, reviewer = opened(declaration), holder("bureau_reviewer", but=declaration.applicant.user)
    SANCTION.fire(case, "state", actor=declaration.applicant.user, statement=STATEMENT, wants_hearing=False)
    SANCTION.fire(case, "hear", actor=reviewer, heard_how="statement")
    SANCTION.fire(case, "propose", actor=reviewer, content_hash=case.content_hash())
    return case


def banned(declaration: Declaration) -> Sanction:
    """The approver decides it."""
    case = proposed(declaration)
    SANCTION.fire(case, "decide", actor=holder("bureau_approver"), content_hash=case.content_hash())
    return case


def summoned(row: Any, flow: Any, *, days: int = 6) -> dt.datetime:
    """The reviewer names a day so many working days ahead; returns the moment of the hearing."""
    at = clock.at(calendar.add_working_days(clock.today(), days).ends_on, 10)
    reviewer = holder("bureau_reviewer", but=row.person.user)
    flow.fire(row, "summon", actor=reviewer, hearing_at=at, hearing_place="市人力社保局三楼听证室")
    return at


def lifting_proposed(ban: Sanction, *, proposal: str = "approve") -> Lifting:
    """The person asks, is heard some days later, and the reviewer proposes a decision."""
    lifting = sanctions.ask_for_lifting(ban, reason="代办人已承认伪造，本人并不知情，附判决书。", actor=ban.person.user)
    at = summoned(lifting, LIFTING)
    reviewer = holder("bureau_reviewer", but=ban.person.user)
    with clock.travel(at + dt.timedelta(hours=1)):
        LIFTING.fire(lifting, "hear", actor=reviewer, heard_how="hearing", minutes="本人到场陈述，出示判决书原件。")
        LIFTING.fire(
            lifting, "propose", actor=reviewer, proposal=proposal, opinion="判决书证明本人不知情。",
            content_hash=lifting.content_hash(),
        )  # fmt: skip
    return lifting
