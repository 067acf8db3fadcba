"""Reminders before the day of a return by the unit; those of a supplement notice: test_office_batches.py."""

import datetime as dt

import pytest
from django.urls import reverse

from applications.models import CorrectionSlip, Declaration
from applications.rules.unit import unit_deadline_open
from applications.workflow import DECLARATION
from appraisal_portal.home.story import unit as story
from appraisal_portal.kernel import sweeps
from appraisal_portal.kernel.clock import now
from appraisal_portal.kernel.models import Outbox
from appraisal_portal.kernel.workflow import Act
from tests.factories.unit_stage import MONDAY, a_stage, handed_in
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_stage)]

SWEEP = "reminders of returns by the unit"
FRIDAY = dt.date(2026, 3, 6)


def test_applicant_and_unit_are_reminded_once_two_working_days_before_a_return_is_due(clock, client):
    city, cycle = a_stage()
    clock(MONDAY)
    row, answered = handed_in(city, cycle, 31), handed_in(city, cycle, 32)
    for each in (row, answered):
        story.give_back(each, answer_by=FRIDAY)
    answered.correction_slips.update(answered_at=now())
    for day, reminders in ((2, 0), (3, 0), (4, 1), (4, 0), (5, 0), (6, 0)):
        clock(dt.date(2026, 3, day))
        assert sweeps.run(SWEEP) == reminders, day
    told = {mail["user"]: mail for mail in payloads()}
    clerk, applicant = story.clerk_of(row), row.applicant.user
    assert set(told) == {applicant.pk, clerk.pk}
    mine, units = told[applicant.pk], told[clerk.pk]
    assert (mine["by"], mine["action_needed"]) == ("2026-03-06", True)
    assert (
        f"{row.unit}请您在2026-03-06（周五）前更正所列事项并重新提交。2026-05-16（周六）24:00 以后不能再提交。"
        in mine["body"]
    )
    assert units["action_needed"] is False
    assert row.number in units["subject"]
    assert "系统已提醒本人" in units["body"]
    client.force_login(applicant)
    page = client.get(reverse("applications:my-fix", args=[row.pk])).content.decode()
    assert "2026-05-16 24:00 以后不能再提交" in page
    CorrectionSlip.objects.filter(declaration=row).update(ends_on=dt.date(2026, 3, 9))
    assert sweeps.run(SWEEP) == 1  # another day is told anew
    clock(dt.date(2026, 3, 10))
    CorrectionSlip.objects.filter(declaration=row).update(ends_on=FRIDAY)
    assert sweeps.run(SWEEP) == 0  # a day that is over is not
    assert Declaration.objects.get(pk=row.pk).status == "returned"  # and nothing lapses on it


def payloads():
    return Outbox.objects.filter(key__startswith="return-reminder:").values_list("payload", flat=True)


@pytest.mark.parametrize(("day", "problems"), [(16, 0), (20, 0), (21, 1)])
def test_a_return_after_the_units_last_day_can_be_answered_by_the_day_it_names(clock, day, problems):
    """The unit's last day is 16 May; a return on the 18th that names the 20th is not refused on the 20th."""
    city, cycle = a_stage()
    clock(MONDAY)
    row = handed_in(city, cycle, 33)
    clock(dt.date(2026, 5, 18))
    story.give_back(row, answer_by=dt.date(2026, 5, 20))
    at = dt.datetime(2026, 5, day, 4, tzinfo=dt.UTC)
    act = Act(row.applicant.user, DECLARATION.transitions["resubmit"], at=at)
    assert len(list(unit_deadline_open(Declaration.objects.get(pk=row.pk), act))) == problems
