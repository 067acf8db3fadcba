"""High-level and urgently needed talent (notice V(1)): named by the office, met with every kind, reported as ever."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from appraisal_portal.home.story import meeting as story
from appraisal_portal.home.story import results
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.workflow import Blocked
from committees.plans.models import SeatKind, StandingSeat, kinds_on
from committees.plans.services import standing
from committees.reviews.models import Meeting
from committees.reviews.rules import standing as rules
from committees.reviews.workflow import MEETING
from tests.factories.reviews import MEETING_DAY, MONDAY, a_line, examined
from tests.stage import begins_with, kept

NAMED = ("panel_head", "department", "industry", "discipline")


@kept
def a_case():
    """A committee without a standing body, and one person to be judged case by case."""
    city, cycle, _line = a_line()
    with clock.travel(MONDAY):
        line = cycle.line("forestry", channel="special")
        row = examined(city, line, 1)
        return city, cycle, row, story.prepare(city, cycle, line, [row], MEETING_DAY)


pytestmark = [pytest.mark.django_db, begins_with(a_case)]


def test_missing_kinds_in_the_notices_order():
    assert rules.missing(["industry", "director"]) == [
        SeatKind.DEPUTY, SeatKind.PANEL_HEAD, SeatKind.DEPARTMENT, SeatKind.DISCIPLINE,
    ]  # fmt: skip
    assert rules.missing(kind.value for kind in SeatKind) == []


@pytest.mark.notice("V.1.a")
def test_the_office_names_it_and_without_it_no_meeting_is_applied_for(client: Client):
    """``standing_body_named``."""
    city, _cycle, _row, meeting = a_case()
    clerk = city.user("office_clerk", "forestry")
    with clock.travel(MONDAY):
        act = {"actor": city.user("committee_director", "forestry"), "signed": True}
        assert any("常设评审机构" in str(problem) for problem in MEETING.problems(meeting, "apply", **act))
        page = reverse("plans:standing-edit", args=[meeting.committee_id])
        client.force_login(city.user("office_clerk", "enterprise"))
        assert client.get(page).status_code in (403, 404)
        client.force_login(clerk)
        shown = client.get(page).content.decode()
        assert "尚未确定" in shown
        fields = client.get(page).context["form"].fields.items()
        members = [name for name, field in fields if "industry" in dict(field.choices)]
        observers = [name for name, field in fields if "discipline" in dict(field.choices)]
        assert client.post(page, {members[0]: "discipline"}).status_code == 422  # a member is no inspection
        data = dict(zip(members, ("panel_head", "department", "industry"), strict=False)) | {observers[0]: "discipline"}
        assert client.post(page, data).status_code == 302
        detail = client.get(meeting.committee.get_absolute_url()).content.decode()
        assert "行业领军人才" in detail
        assert "尚未确定" not in detail
        assert not any("常设评审机构" in str(problem) for problem in MEETING.problems(meeting, "apply", **act))
        client.force_login(city.user("office_clerk", "enterprise"))
        assert "行业领军人才" not in client.get(meeting.committee.get_absolute_url()).content.decode()


def test_whoever_leaves_keeps_the_days_and_stands_for_nothing_any_more():
    _city, _cycle, _row, meeting = a_case()
    with clock.travel(MONDAY):
        story.name_standing_body(meeting)
    seat = StandingSeat.objects.get(kind="industry")

    with clock.travel(MEETING_DAY):
        standing.name_body(meeting.committee, {seat.user_id: "department"})
    seat.refresh_from_db()
    assert seat.until is not None
    assert kinds_on(meeting.committee, MONDAY)[seat.user_id] == {"industry"}
    assert kinds_on(meeting.committee, MEETING_DAY)[seat.user_id] == {"department"}


@pytest.mark.notice("V.1.a", "V.1.b")
@pytest.mark.parametrize("kind", NAMED)
def test_without_one_kind_in_the_room_it_does_not_open(kind: str):
    """``every_kind_present``: each kind of the notice, discipline inspection included."""
    _city, _cycle, _row, meeting = a_case()
    with clock.travel(MONDAY):
        story.apply(meeting)
        story.approve(meeting)
    seat = StandingSeat.objects.get(kind=kind)
    with clock.travel(MEETING_DAY), translation.override("zh-hans"):
        StandingSeat.objects.filter(pk=seat.pk).update(until=MONDAY)
        with pytest.raises(Blocked, match=str(SeatKind(kind).label)):
            story.open_meeting(meeting)
        StandingSeat.objects.filter(pk=seat.pk).update(until=None)


@pytest.mark.notice("V.1.b")
def test_the_result_goes_the_way_of_every_other_to_the_bureau():
    _city, _cycle, row, meeting = a_case()
    with clock.travel(MONDAY):
        story.apply(meeting)
        story.approve(meeting)
    with clock.travel(MEETING_DAY):
        story.hold(meeting)
        publicity = results.publicise(meeting)
    assert Meeting.objects.get(pk=meeting.pk).status == "decided"
    assert publicity.items.get().declaration_id == row.pk
