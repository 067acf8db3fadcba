"""P06, P11, P12, P16: the bytes of every reachable page, export and mail hold no name their reader may not see."""

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from applications.models import CaseRecusal
from applications.workflow.recusal import CASE_RECUSAL
from appraisal_portal.accounts.models import User
from appraisal_portal.accounts.services import members_of
from appraisal_portal.home.story import meeting as story
from appraisal_portal.home.story import results
from appraisal_portal.home.story.actors import holder
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.models import Outbox
from committees.reviews.models import Objection
from committees.reviews.services import meeting as meetings
from tests.factories.results import AFTER, PUBLIC_FROM, with_photo
from tests.factories.reviews import MEETING_DAY, MONDAY, a_meeting
from tests.reviews.reading import doors, reachable

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_tracebacks() -> Iterator[None]:
    """Of a thousand refusals."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


AUTHOR = "季知行"  # who objected


def logged_in(user: User, role: str) -> Client:
    client = Client()
    client.force_login(user)
    if role == "applicant":
        return client
    membership = user.memberships.get(role=role)
    client.post(reverse("accounts:membership-switch"), {"membership": membership.pk})
    return client


def a_year() -> tuple[Any, list[Any], dict[str, tuple[User, str]], dict[str, tuple[User, str]]]:
    """From the roster to the report, with an objection and minutes: everybody who stands back from the first person,
    each for another ground, and from the beginning; somebody of each role who has nothing to do with the meeting.
    """
    with clock.travel(MONDAY):
        city, _cycle, meeting, rows = a_meeting(3, refused=0)
        case, office = rows[0], meeting.committee.office
        clerks = members_of(office, "office_clerk")
        director = members_of(office, "committee_director")[0]
        for place, row in enumerate(rows):
            with_photo(row, place)
        kin = clerks[1]
        kin = kin.act_as(kin.memberships.get(role="office_clerk"))
        city.applicant(992).memberships.create(  # decision 39: somebody signs who keeps away from nobody
            organisation=office, role="committee_director", starts_on=MONDAY, granted_by=director, reason="代行"
        )
        CaseRecusal.objects.create(declaration=case, user=director, source="named", ground="申报人申请回避")
        told = CaseRecusal(declaration=case, user_id=kin.pk, source="declared", ground="近亲属")
        CASE_RECUSAL.fire(told, "propose", actor=kin)
        CASE_RECUSAL.fire(told, "confirm", actor=clerks[0].act_as(clerks[0].memberships.get(role="office_clerk")))
        city.applicant(991).memberships.create(  # lent to count the ballots
            organisation=office, role="office_clerk", starts_on=MONDAY, granted_by=director, reason="借调"
        )
        story.apply(meeting)
        story.approve(meeting)
        juror = meeting.attendees.filter(role="voter").select_related("member__user").first()
        meetings.recuse(
            meeting, meeting.admissions.get(declaration=case), juror.member, "师生", actor=story._clerk(meeting)
        )
    with clock.travel(MEETING_DAY):
        story.hold(meeting)
    with clock.travel(PUBLIC_FROM):
        publicity = results.publicise(meeting)
        results.conclude(results.object_to(publicity.items.get(declaration=case)))
    with clock.travel(AFTER):
        results.report(meeting)
    readers = {
        "clerk, kin": (kin, "office_clerk"),
        "director, named": (director, "committee_director"),
        "juror, recused": (juror.member.user, "juror"),
    }
    return meeting, rows, readers, strangers(city, rows)


def strangers(city: Any, rows: list[Any]) -> dict[str, tuple[User, str]]:
    """Another unit with its forwarder, another committee, the operator; a person of the meeting, who reads of nobody
    else.
    """
    here = rows[0].unit
    away = next(unit for unit in city.units if unit.forwarder_id and unit.forwarder_id != here.forwarder_id)
    found = {"applicant": (rows[1].applicant.user, "applicant")}
    for role, body in (
        ("unit_clerk", away), ("forwarder", away.forwarder), ("office_clerk", "agriculture"), ("juror", "agriculture"),
        ("operator", None),
    ):  # fmt: skip
        found[role] = (city.user(role, body), role)
    return found


def test_no_byte_names_somebody_to_whoever_may_not_see_them(clock: Any) -> None:
    """Clerk, director and juror who stand back, and strangers: every page and paper from every door of the site."""
    meeting, rows, readers, elsewhere = a_year()
    case, other, _third = rows
    clock(AFTER)
    names = (case.applicant.name.encode(), case.number.encode())
    public = reachable(Client(), ["/"])
    for who, (user, role) in readers.items():
        client = logged_in(user, role)
        pages = reachable(client, doors(), public)
        own = reverse("applications:office-declaration", args=[case.pk])
        found = client.get(reverse("applications:office-list"), {"tab": "all", "q": case.applicant.name})
        assert own.encode() not in found.content, who
        assert client.get(own).status_code in (403, 404), who
        for code in ("3-2", "3-3", "minutes"):
            pages[code] = client.get(reverse("reviews:meeting-paper-current", args=[meeting.pk, code])).content
        leaks = [url for url, body in pages.items() if any(name in body for name in names)]
        assert leaks == [], who
        assert not any(AUTHOR.encode() in body for body in pages.values()), who
        assert any(other.applicant.name.encode() in body for body in pages.values()), who
        for sent in Outbox.objects.filter(kind="message", payload__user=user.pk):
            assert not any(name.decode() in str(sent.payload) for name in names), (who, sent.payload)
    for who, (user, role) in elsewhere.items():
        pages = reachable(logged_in(user, role), doors(), public)
        others = [row for row in rows if row.applicant.user_id != user.pk]
        unknown = [word.encode() for row in others for word in (row.applicant.name, row.number)] + [AUTHOR.encode()]
        leaks = [url for url, body in pages.items() if any(word in body for word in unknown)]
        assert leaks == [], who
        assert len(pages) > 20, who
        sent = str(list(Outbox.objects.filter(kind="message", payload__user=user.pk).values_list("payload", flat=True)))
        assert not any(word.decode() in sent for word in unknown), who
    handler = Objection.objects.get().handler
    for user, role, sees in ((handler, "office_clerk", True), (holder("bureau_approver"), "bureau_approver", False)):
        page = logged_in(user, role).get(Objection.objects.get().get_absolute_url()).content.decode()
        assert (AUTHOR in page) is sees, role
