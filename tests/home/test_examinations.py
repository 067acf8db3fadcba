"""Examination certificates and appointments of the demonstration year and of the rehearsal."""

import datetime as dt

import pytest

from appraisal_portal.home.management.commands.rehearse import EXAMS, Command
from appraisal_portal.home.story import year as story
from appraisal_portal.home.story.almanac import ensure_known
from appraisal_portal.home.story.city import build_city
from appraisal_portal.home.story.cycle import open_cycle
from appraisal_portal.home.story.procedure import (
    Rehearsal,
    declared,
    originals_at_office,
    originals_back,
    publicised,
    recommended,
    verified,
    working_day,
)
from appraisal_portal.kernel import chain, clock, outbox
from certificates.models import Appointment, Certificate, Claim
from committees.plans.services import load_register
from committees.reviews.models import ArchiveBook

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
    assert claims == ["draft", "proposed", "refused", *["registered"] * 5, "returned", *["submitted"] * 4]
    paper = Certificate.objects.get(source="archive")
    assert (paper.qualified_on.year, paper.claim.authority) == (2012, "丽水市人事局")
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


def test_the_rehearsal_counts_paper_originals_and_archive_books(city, capsys):
    day = dt.date(2026, 3, 2)
    with clock.travel(clock.at(day, 8)):
        cycle = open_cycle(city, day.year, committees=("forestry",))
    rehearsal = Rehearsal(city, cycle, [cycle.line("forestry")], day)
    rows = declared(city, cycle, (1,), rehearsal.lines, day)
    verified(rows, day)
    recommended(rows, working_day(publicised(rows, day)))
    rehearsal.originals = originals_at_office(rows, dt.date(2026, 3, 20))
    rehearsal.books = [ArchiveBook(status="made"), ArchiveBook(status="failed")]
    wrong = ["paper originals: {'with_office': 1}", "archive books: {'made': 1, 'failed': 1}"]
    assert Command()._besides(rehearsal)[1] == wrong
    originals_back(rehearsal.originals, dt.date(2026, 3, 23))
    hand_overs = rehearsal.originals[0].hand_overs.order_by("number")
    assert [str(row.to_body or row.to_person) for row in hand_overs][-1] == rows[0].applicant.name
    rehearsal.books.pop()
    assert Command()._besides(rehearsal)[1] == []
    out = capsys.readouterr().out
    assert "with_office              1" in out
    assert "returned                 1" in out
    assert "made                     1" in out
