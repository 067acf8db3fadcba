"""Publicity before the meeting (评前公示): the list ends before the committee meets; who is under objection waits."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from appraisal_portal.kernel import calendar
from appraisal_portal.kernel.days import day_said, last_day_said
from appraisal_portal.kernel.workflow import Act, Problem
from committees.reviews.models import Admission, Meeting, Objection, ResultPublicity

HOLDING = Q(status__in=("investigating", "concluded")) | Q(status="received", in_time=True) & ~Q(filed_by="")
"""An objection holds the person back from its receipt in time until the bureau has decided."""


def under_objection(meeting: Meeting) -> set[int]:
    """Admissions of the meeting whose persons wait for the outcome of an objection, raised before this or an earlier
    meeting.
    """
    open_ones = Objection.objects.filter(HOLDING, item__admission__isnull=False)
    rows = meeting.admissions.filter(declaration__in=open_ones.values("item__declaration"))
    return set(rows.values_list("pk", flat=True))


def fits_before_the_meeting(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """Approved and publicised today, the list would end before the day of the meeting."""
    days = meeting.line.pre_review_days
    if not days:
        return
    ends = calendar.add_working_days(act.day, days).ends_on
    if ends >= meeting.meets_on:
        yield Problem(
            _(
                "Before the meeting the persons are publicised for {days} working days. Publicised today the list "
                "ends on {ends}; please choose a later day than that for the meeting."
            ).format(days=days, ends=day_said(ends)),
            field="meets_on",
        )


def pre_review_over(meeting: Meeting, act: Act) -> Iterator[Problem]:
    """Where the plan foresees it: everybody who goes to the meeting stood on a list that has ended (评前公示期满)."""
    if not meeting.line.pre_review_days:
        return
    going = meeting.admissions.filter(exam_result=Admission.Result.QUALIFIED, live=True)
    shown: Any = ResultPublicity.objects.filter(
        meeting=meeting, kind=ResultPublicity.Kind.PRE_REVIEW, status__in=("running", "closed", "halted")
    )
    missing = going.exclude(publicity_items__publicity__in=shown).count()
    if missing:
        yield Problem(
            _("{n} persons have not been publicised before the meeting. Make the list and start it.").format(n=missing)
        )
    for publicity in shown:
        if publicity.status == "halted":
            yield Problem(_("The publicity before the meeting has been halted by the bureau."))
        elif publicity.provisional:
            yield Problem(_("The end is provisional: the bureau has not entered the holidays of that year yet."))
        elif not publicity.is_over(act.day):
            yield Problem(
                _("The publicity before the meeting runs until {day}, 24:00.").format(
                    day=last_day_said(publicity.ends_on)
                )
            )


def nobody_under_objection(ballot: Any, act: Act) -> Iterator[Problem]:
    """Nobody is voted on while an objection against the person is being investigated; the director defers them."""
    held = under_objection(ballot.meeting)
    for item in ballot.items.filter(admission__in=held).select_related("admission"):
        yield Problem(
            _("No. {seq}: an objection is being investigated; this person is not voted on.").format(
                seq=item.admission.seq
            )
        )
