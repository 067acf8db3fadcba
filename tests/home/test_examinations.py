"""Examination certificates and appointments of the demonstration year and of the rehearsal."""

import datetime as dt

import pytest

from appraisal_portal.home.management.commands.rehearse import EXAMS, Command
from appraisal_portal.home.story import year as story
from appraisal_portal.home.story.almanac import ensure_known
from appraisal_portal.home.story.city import build_city
from appraisal_portal.home.story.procedure import Rehearsal
from appraisal_portal.kernel import chain, clock, outbox
from certificates.models import Appointment, Claim
from committees.plans.services import load_register

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 25)


@pytest.fixture
def city():
    ensure_known(2026, 2027)
    load_register()
    with clock.travel(clock.at(story.OLD_OPENED, 8)):
        return build_city()


def test_the_demonstration_shows_certificates_in_every_state(city):
    with clock.travel(clock.at(TODAY, 10)), outbox.without_hints():
        story.tell(story.Year(city, None, TODAY, TODAY), (story.by_examination,))
    claims = sorted(Claim.objects.values_list("status", flat=True))
    assert claims == ["draft", "proposed", "refused", *["registered"] * 4, "returned", *["submitted"] * 3]
    assert sorted(Appointment.objects.values_list("status", flat=True)) == ["ended", "in_force", "proposed"]


def test_the_rehearsal_accounts_for_certificates_and_appointments(city, capsys):
    rehearsal = Rehearsal(city, None, [], TODAY)
    rehearsal.day = TODAY
    rehearsal.register(EXAMS)
    rehearsal.appoint(EXAMS)
    assert Command()._besides(rehearsal) == (EXAMS - 1, [])
    assert "registered               3" in capsys.readouterr().out
    rehearsal.claims.pop()
    assert Command()._besides(rehearsal)[1] == ["examination certificates: {'registered': 3}"]
    assert chain.verify() is None
