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
from committees.reviews.models import Attendee, Objection
from committees.reviews.models.report import CODES
from committees.reviews.services import meeting as meetings
from tests.factories.results import AFTER, PUBLIC_FROM, with_photo
from tests.factories.reviews import MEETING_DAY, MONDAY, a_meeting
from tests.reviews.reading import doors, logged_in, reachable, read

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_tracebacks() -> Iterator[None]:
    """Of a thousand refusals."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


AUTHOR = "季知行"  # who objected


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
        juror.member.user.memberships.create(
            organisation=office, role="committee_director", starts_on=MONDAY, granted_by=director, reason="代行"
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
        "the same juror as a director": (juror.member.user, "committee_director"),
    }
    return meeting, rows, readers, strangers(city, rows)


def strangers(city: Any, rows: list[Any]) -> dict[str, tuple[User, str]]:
    """Another unit with its head and its forwarder, another committee, an observer of another meeting, the operator; a
    person of the meeting, who reads of nobody else.
    """
    here = rows[0].unit
    away = next(unit for unit in city.units if unit.forwarder_id and unit.forwarder_id != here.forwarder_id)
    found = {"applicant": (rows[1].applicant.user, "applicant")}
    for role, body in (
        ("unit_clerk", away), ("unit_head", away), ("forwarder", away.forwarder),
        ("office_clerk", "agriculture"), ("juror", "agriculture"),
        ("operator", None),
    ):  # fmt: skip
        found[role] = (city.user(role, body), role)
    called = set(Attendee.objects.filter(role="observer").values_list("user", flat=True))
    found["observer"] = (next(user for user in city.users("observer") if user.pk not in called), "observer")
    return found


def papers(meeting: Any) -> dict[str, str]:
    """Every paper of meeting and report by its address, whether a link leads there or not."""
    found = {
        row.code: reverse("reviews:meeting-paper", args=[meeting.pk, row.code, row.version])
        for row in meeting.papers.all()
    }
    report = meeting.reports.get()
    for row in report.papers.all():
        found[row.code] = reverse("reviews:report-paper", args=[report.pk, row.code, row.version])
    assert {"3-1", "3-2", "3-3", "minutes", *CODES} <= set(found)
    return found


def sent_to(user: User) -> str:
    """Everything a user was ever sent."""
    return str(list(Outbox.objects.filter(kind="message", payload__user=user.pk).values_list("payload", flat=True)))


def test_no_byte_names_somebody_to_whoever_may_not_see_them(clock: Any) -> None:
    """Clerk, director and juror who stand back, and strangers: every page and paper from every door of the site."""
    meeting, rows, readers, elsewhere = a_year()
    case, other, _third = rows
    clock(AFTER)
    names = (case.applicant.name.encode(), case.number.encode())
    public = reachable(Client(), ["/"])
    on_2_1 = [
        rows[0].get_health_display().encode(),
        "身体状况".encode(),
        "政治面貌".encode(),
    ]  # decision 63: only there
    assert not any(word in body for body in public.values() for word in on_2_1)
    for who, (user, role) in readers.items():
        client = logged_in(user, role)
        pages = reachable(client, doors(), public)
        own = reverse("applications:office-declaration", args=[case.pk])
        found = client.get(reverse("applications:office-list"), {"tab": "all", "q": case.applicant.name})
        assert own.encode() not in found.content, who
        assert client.get(own).status_code in (403, 404), who
        pages |= {code: read(client, url) for code, url in papers(meeting).items()}
        leaks = [url for url, body in pages.items() if any(name in body for name in names)]
        assert leaks == [], who
        assert not any(AUTHOR.encode() in body for body in pages.values()), who
        assert any(other.applicant.name.encode() in body for body in pages.values()), who
        assert not any(name.decode() in sent_to(user) for name in names), who
    for who, (user, role) in elsewhere.items():
        client = logged_in(user, role)
        pages = reachable(client, doors(), public)
        others = [row for row in rows if row.applicant.user_id != user.pk]
        unknown = [word.encode() for row in others for word in (row.applicant.name, row.number)] + [AUTHOR.encode()]
        leaks = [url for url, body in pages.items() if any(word in body for word in unknown)]
        assert leaks == [], who
        assert len(pages) > 20, who
        assert not any(word.decode() in sent_to(user) for word in unknown), who
        if role == "applicant":
            continue
        for code, url in papers(meeting).items():
            assert not any(word in read(client, url) for word in unknown), (who, code)
    objection, listed = Objection.objects.get(), meeting.publicities.get()
    pages_of_it = [objection.get_absolute_url(), listed.get_absolute_url(), meeting.reports.get().get_absolute_url()]
    pages_of_it += [reverse("reviews:objection-list"), reverse("home:work"), *papers(meeting).values()]
    for user, role, sees in (
        (objection.handler, "office_clerk", True), (holder("supervisor"), "supervisor", True),
        (holder("bureau_approver"), "bureau_approver", False), (holder("bureau_reviewer"), "bureau_reviewer", False),
    ):  # fmt: skip
        client = logged_in(user, role)
        bodies = {url: read(client, url) for url in pages_of_it}
        assert any(AUTHOR.encode() in body for body in bodies.values()) is sees, role
        assert [url for url, body in bodies.items() if any(word in body for word in on_2_1)] == [], role
        assert AUTHOR not in sent_to(user), role
