"""The supervision campaign from the opening of a check to its close. The caller travels in time."""

import datetime as dt

from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import clock
from appraisal_portal.supervision import services
from appraisal_portal.supervision.models import SupervisionCheck
from appraisal_portal.supervision.workflow import SUPERVISION_CHECK
from committees.plans.models import Committee

DEFECT = "评审会议记录未写明回避情况，请补正并建立回避登记。"


def judged(committee: Committee, year: int, defects: dict[str, str] | None = None) -> SupervisionCheck:
    """Opened with the evidence of the records, every item judged; ``defects``: code → what was found."""
    check = services.open_check(committee, year, actor=holder("bureau_reviewer"))
    found = defects or {}
    services.judge(
        check,
        {
            code: ("defect", found[code]) if code in found else ("conforms", "")
            for code in check.items.values_list("code", flat=True)
        },
    )
    return check


def sent(committee: Committee, year: int, defects: dict[str, str]) -> SupervisionCheck:
    """The findings go to the committee's office, to be mended within three weeks."""
    check = judged(committee, year, defects)
    until = clock.today() + dt.timedelta(days=21)
    SUPERVISION_CHECK.fire(check, "send", actor=holder("bureau_reviewer"), rectify_by=until)
    return check


def answered(check: SupervisionCheck) -> SupervisionCheck:
    """The director says what was mended."""
    director = holder("committee_director", check.committee.office)
    SUPERVISION_CHECK.fire(check, "answer", actor=director, answer="已补正会议记录，并建立回避登记簿。")
    return check


def closed(check: SupervisionCheck) -> SupervisionCheck:
    """The reviewer is satisfied."""
    SUPERVISION_CHECK.fire(check, "close", actor=holder("bureau_reviewer"))
    return check
