"""The sets of papers of this stage that a worker makes: 3-1 to 3-3 of a meeting, 3-4 to 3-6 with the photographs."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal.kernel.exports import Kind, ask, on_its_way, register
from committees.reviews.access import meeting as meeting_access
from committees.reviews.access import results as result_access
from committees.reviews.models import Meeting, ResultReport
from committees.reviews.services import meeting, reports

__all__ = ["OF_MEETING", "OF_REPORT", "ask", "on_its_way"]


def _of_meeting(subject: Meeting, actor: Any) -> str:
    made = meeting.make_papers(subject, actor=actor)
    if made.made:
        return _("Version {n} of 3-1, 3-2 and 3-3 has been made.").format(n=made.snapshot.version)
    return _("Nothing has changed: the papers are up to date.")


def _of_report(subject: ResultReport, actor: Any) -> str:
    reports.make_papers(subject, user=actor)
    return _("3-4, 3-5, 3-6 and the photographs are made. The director sends them next.")


OF_MEETING = register(
    Kind(
        name="meeting-papers",
        title=gettext_lazy("3-1, 3-2 and 3-3 are being made"),
        model=Meeting,
        may=meeting_access.is_office,
        make=_of_meeting,
    )
)
OF_REPORT = register(
    Kind(
        name="report-papers",
        title=gettext_lazy("3-4, 3-5, 3-6 and the photographs are being made"),
        model=ResultReport,
        may=result_access.is_clerk,
        make=_of_report,
    )
)
