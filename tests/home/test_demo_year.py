"""The demonstration year stands on any day: turn of the year, eve of the Spring Festival, made-up Saturday."""

import datetime as dt
from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import Declaration, Extension
from appraisal_portal.accounts.models import User
from appraisal_portal.home import demo
from appraisal_portal.home.story import year as story
from appraisal_portal.kernel import calendar, chain, clock, outbox
from committees.autonomous.models import Delegation, FiledBatch
from committees.plans.models import Deployment, HoursRequirement, Notice
from committees.reviews.models import Determination, Meeting, Objection, PanelOpinion, ResultPublicity
from committees.reviews.services import conflicts
from tests.stage import begins_with, kept

pytestmark = pytest.mark.django_db

PEOPLE = 4  # of the nine of the demonstration: who failed, who is held, two whose results are public
READ = (story.determined, story.through_the_agency, story.more_time, story.panels_at_work)
DAYS = {
    "25 December": dt.date(2026, 12, 25),
    "1 January": dt.date(2027, 1, 1),
    "eve of the Spring Festival": dt.date(2027, 2, 5),
    "adjusted Saturday": dt.date(2026, 10, 10),
}
TODAY = dt.date(2026, 11, 25)


@kept
def the_foundation(today):
    """What every committee's year stands on."""
    with clock.travel(clock.at(today, 10)), outbox.without_hints():
        return story.foundation(today)


@pytest.mark.parametrize("today", DAYS.values(), ids=DAYS)
def test_publicity_runs_on_that_day(today):
    with clock.travel(clock.at(today, 10)), outbox.without_hints():
        year = story.foundation(today, ("forestry",))
        story.tell(year, (partial(story.publicity_running, people=PEOPLE),))
        publicity = ResultPublicity.objects.get()
        assert publicity.status == "running"
        assert not publicity.provisional
        assert publicity.starts_on <= today <= publicity.ends_on
        assert calendar.is_working_day(publicity.ends_on)
        assert calendar.working_days_between(publicity.starts_on, publicity.ends_on) == 5
        assert Objection.objects.get().status == "investigating"
        statuses = list(Declaration.objects.values_list("status", flat=True))
    assert statuses.count("held") == 1
    assert statuses.count("result_publicity") == PEOPLE - 2
    assert chain.verify() is None


@begins_with(the_foundation, TODAY)
def test_determination_class_hours_extension_agency_and_panels_are_there():
    year = the_foundation(TODAY)
    with clock.travel(clock.at(TODAY, 10)), outbox.without_hints():
        story.tell(year, (*READ, story.on_its_own))
        deployed = Deployment.objects.count()
        story.foundation(TODAY)  # every process lays it again: nothing twice
        assert Deployment.objects.count() == deployed == 4
        the_year_is_announced()
        made, first_titles = Determination.objects.order_by("pk")
        assert {row.status for row in (made, first_titles)} == {"decided"}
        assert sorted(made.items.values_list("outcome", flat=True)) == ["granted", "granted", "refused"]
        [engineer] = first_titles.items.all()
        assert (engineer.outcome, engineer.declaration.title.name) == ("granted", "助理工程师")
        lists = ResultPublicity.objects.filter(determination__in=(made, first_titles))
        assert list(lists.values_list("status", flat=True)) == ["running", "running"]
        determined = Declaration.objects.filter(route="preliminary").values_list("status", flat=True)
        assert sorted(determined) == ["not_passed", *["recommended"] * 2, *["result_publicity"] * 3]
        agency = Declaration.objects.filter(unit=year.city.agency)
        assert sorted(agency.values_list("status", flat=True)) == ["unit_publicity", "with_unit"]
        assert {row.applicant_class for row in agency} == {"business"}
        assert sorted(Extension.objects.values_list("status", flat=True)) == ["in_force", "proposed"]
        assert HoursRequirement.objects.count() == 6  # three counted years, general and professional
        a_panel_is_at_work(TODAY)
        assert dict(Delegation.objects.values_list("kind", "plans__status")) == {
            "institute": "consented", "university": "submitted", "hospital": "consented", "school": "consented",
        }  # fmt: skip
        assert sorted(FiledBatch.objects.values_list("status", flat=True)) == ["accepted", "filed"]
    assert chain.verify() is None


def the_year_is_announced():
    """The bureau's notice stands in the public column once, and its attachments are saved under their headings."""
    visitor = Client()
    notice = Notice.objects.get(committee=None)
    assert notice.title in visitor.get(reverse("plans:notice-list")).content.decode()
    page = visitor.get(notice.get_public_url()).content.decode()
    for attachment in notice.attachments.all():
        assert attachment.title in page
        answer = visitor.get(reverse("plans:notice-file", args=[notice.pk, attachment.pk]))
        assert b"".join(answer).startswith(b"%PDF")
    assert [row.title for row in notice.attachments.all()] == ["附件1 申报材料清单", "附件2 用人单位审核要点"]


def a_panel_is_at_work(today):
    """The juror the guide names finds a dossier to score, the director an opinion to read."""
    meeting = Meeting.objects.get()
    assert (meeting.status, meeting.meets_on) == ("in_session", today)
    part = meeting.attendees.get(user__username="farming-juror1")
    client = Client()
    client.force_login(part.user)
    page = client.get(reverse("reviews:call-up", args=[meeting.pk])).content.decode()
    assert page.count("待提交评分表") == 1
    assert page.count("意见已签署") == 1
    assert conflicts.undeclared_cases(part).count() == 0
    [opinion] = PanelOpinion.objects.all()
    client.force_login(User.objects.get(username="farming-director"))
    page = client.get(reverse("reviews:meeting-panels", args=[meeting.pk])).content.decode()
    assert opinion.text in page
    assert page.count("尚未填写") == 2


@begins_with(the_foundation, TODAY)
def test_the_guide_names_an_account_of_each_role():
    year = the_foundation(TODAY)
    with clock.travel(clock.at(TODAY, 10)):
        lines = "\n".join(demo.guide())
        people = "\n".join(demo.applicants())
    for role in ("bureau_approver", "observer", "supervisor", "operator"):
        assert year.city.user(role).username in lines
    for role in ("office_clerk", "committee_director", "juror"):
        assert year.city.user(role, "agriculture").username in lines
    assert "demo-2018-Lishui" in lines
    for login in ("farming-juror1", "farming-director"):
        assert login in people
        assert User.objects.filter(username=login).exists()
    assert "register one, for instance with ID number" in people
