"""Determination and confirmation without a vote, as county bureau or bureau do it on their pages."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from applications.models import Declaration
from applications.rules.items import items_of
from applications.services import examination
from appraisal_portal.accounts.models import Membership, Organisation, User
from appraisal_portal.home.story import people
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.city import SINCE, City
from appraisal_portal.kernel import calendar, clock
from committees.reviews.access.results import CLERKS, HEADS
from committees.reviews.models import Determination, ResultPublicity, ResultReport
from committees.reviews.services import determination as service
from committees.reviews.services import reports
from committees.reviews.services.results import publicise_determination
from committees.reviews.workflow.determination import DETERMINATION
from committees.reviews.workflow.report import RESULT_REPORT
from committees.reviews.workflow.results import RESULT_PUBLICITY


def authority_of(city: City, declaration: Declaration) -> Organisation:
    """Who decides about the case without a vote."""
    forwarder = declaration.unit.forwarder
    return forwarder if declaration.decider == "county_bureau" and forwarder is not None else city.bureau


def first_person(authority: Organisation) -> User:
    """Who examines and prepares there."""
    return holder(CLERKS[authority.kind], authority)


def second_person(city: City, authority: Organisation) -> User:
    """Who decides and signs there; a county bureau of the story gets its second person when one is needed."""
    first, role = first_person(authority), HEADS[authority.kind]
    try:
        return holder(role, authority, but=first)
    except LookupError:
        user = User.objects.create(
            username=f"{first.username}-second",
            full_name=people.someone(2_500_000 + authority.pk).name,
            email=f"{first.username}-second@example.com",
            password=city.encoded,
        )
        row = Membership.objects.create(user=user, role=role, organisation=authority, starts_on=SINCE, reason="演示")
        return user.act_as(row)


def examine(city: City, declaration: Declaration) -> None:
    """Accept, judge every item true, find eligible."""
    authority = authority_of(city, declaration)
    clerk = first_person(authority)
    if authority.kind == "city_bureau" and declaration.unit.forwarder_id and declaration.status == "recommended":
        forwarder = holder("forwarder", declaration.unit.forwarder)
        examination.forward(declaration, actor=forwarder, opinion="材料齐全，同意报送。")
    examination.accept(declaration, actor=clerk)
    judged = {item.code: ("true", "") for item in items_of(declaration)}
    examination.check_in_office(declaration, judged, actor=clerk)
    examination.qualify(declaration, actor=clerk)


def decide(
    city: City, declarations: Iterable[Declaration], *, reference: str = "", refuse: dict[int, str] | None = None
) -> Determination:
    """One determination over qualified people of one line and authority, proposed, decided, its letter made."""
    rows, refused = list(declarations), refuse or {}
    authority = authority_of(city, rows[0])
    first, second = first_person(authority), second_person(city, authority)
    outcomes = {row.pk: ("refused", refused[row.pk]) if row.pk in refused else ("granted", "") for row in rows}
    count = Determination.objects.filter(authority=authority).count() + 1
    made = service.prepare(
        rows[0].line,
        outcomes,
        user=first,
        reference=reference or f"{authority.county[:2] or '丽'}人社认〔{clock.today().year}〕{count}号",
        contact="陈方圆",
        phone="05780000001",
    )
    DETERMINATION.fire(made, "propose", actor=first, content_hash=made.content_hash())
    DETERMINATION.fire(made, "decide", actor=second, content_hash=made.content_hash())
    service.make_papers(made, user=first)
    return made


def publicise(city: City, made: Determination) -> ResultPublicity:
    """The list of those granted, signed and started today."""
    first, second = first_person(made.authority), second_person(city, made.authority)
    publicity = publicise_determination(
        made, user=first, how="市人力社保局网站职称评审专栏", contact=made.contact, phone=made.phone
    )
    RESULT_PUBLICITY.fire(publicity, "sign", actor=second)
    RESULT_PUBLICITY.fire(publicity, "start", actor=first)
    return publicity


def report(city: City, made: Determination) -> ResultReport:
    """The report over everybody free to be reported, sent to the bureau."""
    first, second = first_person(made.authority), second_person(city, made.authority)
    sent = reports.prepare_report(made, user=first, contact=made.contact, phone=made.phone)
    reports.make_papers(sent, user=first)
    RESULT_REPORT.fire(sent, "send", actor=second)
    return sent


def determine(
    city: City, declarations: Iterable[Declaration], *, day: dt.date | None = None
) -> tuple[list[ResultReport], dt.date]:
    """Recommended people to reported ones, a determination for each authority and line; (reports, day they were sent).

    Travels in time itself: examined and decided on ``day`` (today), reported the working day after the publicity.
    """
    start = day or clock.today()
    groups: dict[tuple[int, int], list[Declaration]] = {}
    for row in declarations:
        groups.setdefault((authority_of(city, row).pk, row.line_id), []).append(row)
    lists: list[ResultPublicity] = []
    with clock.travel(clock.at(start, 10)):
        for rows in groups.values():
            for row in rows:
                examine(city, row)
            lists.append(publicise(city, decide(city, rows)))
    ends: list[Any] = [publicity.ends_on for publicity in lists]
    sent_on = calendar.add_working_days(max(ends), 1).ends_on
    with clock.travel(clock.at(sent_on, 10)):
        return [report(city, publicity.determination) for publicity in lists if publicity.determination], sent_on
