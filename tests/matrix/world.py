"""One small world for the whole matrix: the story told with few people, so that every table and page has its object.

Forestry (林业) and one work unit are in the middle; the others are strangers. Three classes of people meet each object:
*related*, *second* (a colleague of the same role and body, ``…_2``) and *other* (the same role elsewhere).
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from applications.models import Declaration, Extension
from applications.services import closing
from applications.workflow import EXTENSION
from appraisal_portal.accounts.middleware import Visitor
from appraisal_portal.accounts.models import Look, Membership, Organisation, User
from appraisal_portal.accounts.services import posts
from appraisal_portal.home.story import certify, county, declare, determine, meeting, procedure, unit
from appraisal_portal.home.story.city import City, build_city
from appraisal_portal.home.story.cycle import Cycle, open_cycle
from appraisal_portal.home.story.people import evidence_pdf
from appraisal_portal.kernel import clock, files, outbox
from appraisal_portal.kernel.models import BulkAction, Outbox
from appraisal_portal.kernel.workflow import Workflow
from certificates.models import Certificate
from committees.plans.models import HoursRequirement, Industry, Notice, PlanLine, StandardVersion
from committees.reviews.models import ObjectionFile
from committees.reviews.services import determination
from committees.reviews.workflow.determination import DETERMINATION
from tests.matrix import campaigns, exams, jury, papers

OPENED = dt.date(2026, 3, 2)
TODAY = dt.date(2026, 7, 15)
HOME, AWAY = "forestry", "enterprise"
Role = Membership.Role

# name in the tables → role; "_2" a colleague in the same body, "other_" the same role elsewhere
RELATED = (
    "applicant", "unit_clerk", "unit_head", "forwarder", "office_clerk", "committee_director", "juror", "observer",
    "bureau_reviewer", "bureau_approver", "supervisor", "operator",
)  # fmt: skip
SECOND = ("office_clerk_2", "juror_2", "observer_2", "bureau_reviewer_2", "bureau_approver_2")
OTHER = (
    "other_applicant", "other_unit_clerk", "other_unit_head", "other_forwarder", "other_office_clerk",
    "other_committee_director", "other_juror",
)  # fmt: skip
NAMES = (*RELATED, *SECOND, *OTHER, "anonymous")


@dataclass
class World:
    """Bodies, people and objects by name. ``rows``: name of the object → row; ``tables``: workflow label → row."""

    city: City
    cycle: Cycle
    unit: Organisation
    other_unit: Organisation
    people: dict[str, User] = field(default_factory=dict)
    rows: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, Any] = field(default_factory=dict)
    cookies: dict[int, str] = field(default_factory=dict)  # account → its session

    def applicant(self, declaration: Declaration) -> User:
        """The person of a declaration, acting as applicant."""
        user: User = declaration.applicant.user
        return user.act_as(user.memberships.get(role=Role.APPLICANT))

    def user(self, name: str, row: Any = None) -> Any:
        """The person of that name; "applicant" is the one the row concerns, where it concerns one."""
        if name == "anonymous":
            return Visitor()
        if name == "applicant" and (owner := owner_of(row)) is not None:
            return owner.act_as(owner.memberships.get(role=Role.APPLICANT))
        return self.people[name]


def owner_of(row: Any) -> User | None:
    """The account of the person a row is about; None when it is about nobody in particular."""
    for path in ("applicant", "person", "declaration.applicant", "certificate.declaration.applicant", "holder"):
        found = row
        for step in path.split("."):
            found = getattr(found, step, None)
        if found is not None and getattr(found, "user", None) is not None:
            return found.user  # type: ignore[no-any-return]
    return None


def build() -> World:
    """Tell the world; it ends on ``TODAY`` at nine in the morning."""
    with translation.override("zh-hans"):
        with clock.travel(clock.at(OPENED, 8)):
            city = build_city()
            cycle = open_cycle(city, OPENED.year, committees=(HOME, AWAY), window_days=240)
            home = cycle.line(HOME)
            where = declare.units_for(city, home)
            away = next(u for u in declare.units_for(city, cycle.line(AWAY)) if u.forwarder_id and u not in where[:1])
            where = next(u for u in where if u.forwarder_id and u.forwarder_id != away.forwarder_id)
        world = World(city, cycle, where, away)
        _decisions(world)
        _certified(world)
        _publicity_running(world)
        _under_way(world)
        _determined(world)
        _left_at_closing(world)
        campaigns.banned(world, AWAY)
        with clock.travel(clock.at(TODAY, 9)):
            _people(world)
            jury.add(world)
            papers.add(world)
            campaigns.add(world)
            _extension(world)
            _posts_and_hours(world)
            exams.tell(world, TODAY)
            _deliveries(world)
            _log_in(world)
    _tables(world)
    return world


def _to_examination(world: World, first: int, count: int, day: dt.date) -> list[Declaration]:
    home = world.cycle.line(HOME)
    with clock.travel(clock.at(day, 9)):
        rows = [
            declare.submit(declare.draft(world.city, world.cycle, first + n, unit=world.unit, line=home))
            for n in range(count)
        ]
    day = procedure.verified(rows, procedure.working_days_after(day, 1))
    day = procedure.recommended(rows, procedure.working_day(procedure.publicised(rows, day)))
    procedure.accepted(rows, day)
    return rows


def _decisions(world: World) -> None:
    """What the opening of the cycle has made."""
    committee = world.cycle.committee(HOME)
    world.rows |= {
        "plan": world.cycle.plan,
        "line": world.cycle.line(HOME),
        "committee": committee,
        "term": committee.term_on(OPENED) or committee.terms.first(),
        "version": StandardVersion.objects.filter(standard__committee=committee).order_by("pk").first(),
        "notice": Notice.objects.filter(committee=committee).order_by("pk").first(),
    }


def _meet(world: World, rows: list[Declaration], day: dt.date) -> tuple[Any, Any]:
    """Examined on ``day``, met and made public; returns the meeting and its list."""
    procedure.examined(rows, day)
    held = procedure.applied(world.city, world.cycle, world.cycle.line(HOME), procedure.working_days_after(day, 1))
    procedure.approved(held, procedure.working_days_after(procedure.working_days_after(day, 1), 1))
    return held, procedure.results_public(held, procedure.held(held))


def _certified(world: World) -> None:
    """Three people with certificates; one of them is revoked."""
    rows = _to_examination(world, 1000, 3, dt.date(2026, 3, 5))
    held, public = _meet(world, rows, dt.date(2026, 3, 25))
    report = procedure.reported(public)
    batch = procedure.issued([report], procedure.working_days_after(public.ends_on, 3))
    certificates = {row.declaration_id: row for row in Certificate.objects.filter(declaration__in=rows)}
    world.rows |= {
        "certified": rows[0],
        "meeting": held,
        "round": held.rounds.get(),
        "list_closed": public,
        "report": report,
        "batch": batch,
        "document": batch.issue_document,
        "certificate": certificates[rows[0].pk],
    }
    with clock.travel(clock.at(dt.date(2026, 5, 25), 10)):
        world.rows["revocation"] = certify.revoke(certificates[rows[1].pk])
        world.rows["correction"] = certify.propose_correction(certificates[rows[2].pk])
        world.rows["certificate_revoked"] = Certificate.objects.get(declaration=rows[1])


def _publicity_running(world: World) -> None:
    """Results public since yesterday, one objection under investigation; the next meeting is a draft."""
    rows = _to_examination(world, 2000, 3, dt.date(2026, 6, 3))
    day = dt.date(2026, 6, 22)
    procedure.examined(rows, day)
    held = procedure.applied(world.city, world.cycle, world.cycle.line(HOME), dt.date(2026, 6, 24), spare=2)
    procedure.approved(held, dt.date(2026, 6, 25))
    procedure.held(held, electronic=True)
    public = procedure.results_public(held, dt.date(2026, 7, 13))
    objection = procedure.objected(public, rows[1], dt.date(2026, 7, 14))
    shown = files.accept_upload(SimpleUploadedFile("证书.pdf", evidence_pdf("证书")), owner=None)
    ObjectionFile.objects.create(objection=objection, side="author", upload=shown)
    made = {"meeting_public": held, "list": public, "objection": objection, "public": rows[0]}
    world.rows |= {**made, "round_electronic": held.rounds.get()}


def _under_way(world: World) -> None:
    """What unit, forwarder and office have on their desks, and a stranger's declaration of each kind."""
    line, city, cycle = world.cycle.line(HOME), world.city, world.cycle
    exam, qualified = _to_examination(world, 3000, 2, dt.date(2026, 6, 25))
    start = clock.at(dt.date(2026, 7, 6), 9)
    with clock.travel(start):
        early = [declare.submit(declare.draft(city, cycle, 3100 + n, unit=world.unit, line=line)) for n in range(5)]
        with_unit, verified, shown, recommended, forwarded = early
        for row in early[1:]:
            unit.verify(row)
    with clock.travel(clock.at(dt.date(2026, 7, 6), 11)):
        unit.publicise([recommended, forwarded])
    with clock.travel(clock.at(dt.date(2026, 7, 14), 9)):
        for row in (recommended, forwarded):
            unit.recommend(row)
        unit.forward(forwarded)
        unit.publicise([shown])
        unit.qualify(qualified)
        draft = declare.draft(city, cycle, 3200, unit=world.unit, line=line)
        stranger = declare.submit(declare.draft(city, cycle, 4000, unit=world.other_unit, line=cycle.line(AWAY)))
        ahead = meeting.prepare(city, cycle, line, [], dt.date(2026, 7, 30))
        shown.refresh_from_db()
        unit_objection = unit.object_in_unit(shown)
        world.rows["settled_objection"] = unit.settle_objection(unit.object_in_unit(shown))
    world.rows |= {
        "exam": exam, "qualified": qualified, "with_unit": with_unit, "verified": verified, "shown": shown,
        "recommended": recommended, "forwarded": forwarded, "draft": draft, "stranger": stranger,
        "meeting_draft": ahead, "unit_objection": unit_objection, "unit_publicity": unit_objection.item.publicity,
    }  # fmt: skip
    for name, row in world.rows.items():
        if isinstance(row, Declaration):
            world.rows[name] = Declaration.objects.get(pk=row.pk)


def _determined(world: World) -> None:
    """A first title the bureau determines without a vote, waiting for the second person."""
    line = world.cycle.line(HOME, channel="preliminary")
    PlanLine.objects.filter(pk=line.pk).update(decided_by="city_bureau")
    line.refresh_from_db()
    with clock.travel(clock.at(dt.date(2026, 7, 6), 10)):
        row = declare.submit(declare.draft(world.city, world.cycle, 5000, unit=world.unit, line=line))
        unit.verify(row)
        unit.publicise([row])
    with clock.travel(clock.at(dt.date(2026, 7, 14), 10)):
        unit.recommend(row)
        determine.examine(world.city, Declaration.objects.get(pk=row.pk))
        reviewer = determine.first_person(world.city.bureau)
        made = determination.prepare(
            line, {row.pk: ("granted", "")}, user=reviewer, reference="丽人社认〔2026〕1号", contact="陈方圆",
            phone="05780000001",
        )  # fmt: skip
        DETERMINATION.fire(made, "propose", actor=reviewer, content_hash=made.content_hash())
    world.rows |= {"determination": made, "preliminary_line": line, "determination_county": _by_county(world)}


def _by_county(world: World) -> Any:
    """One the other unit's county bureau has decided, with its letter: nothing of it is the first forwarder's."""
    line = world.cycle.line(AWAY, channel="preliminary")
    PlanLine.objects.filter(pk=line.pk).update(decided_by="county_bureau")
    line.refresh_from_db()
    with clock.travel(clock.at(dt.date(2026, 7, 6), 10)):
        row = declare.submit(declare.draft(world.city, world.cycle, 5100, unit=world.other_unit, line=line))
        unit.verify(row)
        unit.publicise([row])
    with clock.travel(clock.at(dt.date(2026, 7, 14), 10)):
        unit.recommend(row)
        row = Declaration.objects.get(pk=row.pk)
        determine.examine(world.city, row)
        return determine.decide(world.city, [row])


def _left_at_closing(world: World) -> None:
    """A draft whose line has closed without it; what stood in it is kept."""
    line = world.cycle.line(HOME, channel="exceptional")
    with clock.travel(clock.at(dt.date(2026, 7, 6), 10)):
        row = declare.draft(world.city, world.cycle, 5200, unit=world.unit, line=line)
    PlanLine.objects.filter(pk=line.pk).update(closes_on=dt.date(2026, 7, 10))
    with clock.travel(clock.at(dt.date(2026, 7, 13), 1)):
        assert closing.sweep_last_drafts() == 1
    world.rows["left_draft"] = Declaration.objects.get(pk=row.pk)


def _posts_and_hours(world: World) -> None:
    """What the unit has published of its posts, how the other unit's county deploys the plan, and the hours the
    department of the industry asks for."""
    clerk, department = world.people["unit_clerk"], world.people["forwarder"]
    world.rows["post_information"] = posts.publish_information(
        world.unit, year=TODAY.year - 1, posts="中级岗位空缺二个", place="公告栏", posted_on=TODAY, by=clerk
    )
    industry = Industry.objects.create(series=world.rows["exam"].series, department=world.unit.forwarder)
    world.rows["deployment_public"] = county.deployed(world.city, world.other_unit.forwarder)
    world.rows["deployment"] = county.drafted(world.city, world.other_unit.forwarder)
    world.rows["hours"] = HoursRequirement.objects.create(
        year=TODAY.year - 20,
        kind=HoursRequirement.Kind.PROFESSIONAL,
        industry=industry,
        hours=60,
        subjects="林业技术",
        document="丽林〔2006〕1号",
        entered_by=department,
    )


def _people(world: World) -> None:
    city, rows = world.city, world.rows
    handler = unit.officer_of(rows["exam"])
    clerks = [user for user in city.users(Role.OFFICE_CLERK, HOME) if user.pk != handler.pk]
    observer = meeting.observer_of(rows["meeting"])
    called = set(rows["meeting"].attendees.values_list("user", flat=True))
    jurors = sorted(city.users(Role.JUROR, HOME), key=lambda user: user.pk not in called)
    world.people = {
        "applicant": world.applicant(rows["exam"]),
        "unit_clerk": city.user(Role.UNIT_CLERK, world.unit),
        "unit_head": city.user(Role.UNIT_HEAD, world.unit),
        "forwarder": city.user(Role.FORWARDER, world.unit.forwarder),
        "office_clerk": handler,
        "office_clerk_2": clerks[0],
        "committee_director": city.user(Role.COMMITTEE_DIRECTOR, HOME),
        "juror": jurors[0],
        "juror_2": jurors[-1],
        "observer": observer,
        "observer_2": next(user for user in city.users(Role.OBSERVER) if user.pk != observer.pk),
        "bureau_reviewer": city.user(Role.BUREAU_REVIEWER),
        "bureau_reviewer_2": city.user(Role.BUREAU_REVIEWER, place=1),
        "bureau_approver": city.user(Role.BUREAU_APPROVER),
        "bureau_approver_2": city.user(Role.BUREAU_APPROVER, place=1),
        "supervisor": city.user(Role.SUPERVISOR),
        "operator": city.user(Role.OPERATOR),
        "other_applicant": world.applicant(rows["stranger"]),
        "other_unit_clerk": city.user(Role.UNIT_CLERK, world.other_unit),
        "other_unit_head": city.user(Role.UNIT_HEAD, world.other_unit),
        "other_forwarder": city.user(Role.FORWARDER, world.other_unit.forwarder),
        "other_office_clerk": city.user(Role.OFFICE_CLERK, AWAY),
        "other_committee_director": city.user(Role.COMMITTEE_DIRECTOR, AWAY),
        "other_juror": city.user(Role.JUROR, AWAY),
    }


def _extension(world: World) -> None:
    """More time for the person with the draft, waiting for the second person."""
    draft = world.rows["draft"]
    until = draft.line.closes_on + dt.timedelta(days=2)
    row = Extension(line=draft.line, person=draft.applicant, until=until, reason="申报人住院，凭病历延期")
    reviewer = world.people["bureau_reviewer"]
    EXTENSION.fire(row, "propose", actor=reviewer, content_hash=row.content_hash())
    world.rows["extension"] = row


def _deliveries(world: World) -> None:
    """One message in the applicant's inbox, one delivery that still waits, a colleague's account and membership."""
    applicant = world.people["applicant"]
    outbox.make_messages()
    for waiting in Outbox.objects.filter(kind="message", payload__user=applicant.pk).order_by("pk")[:3]:
        outbox.deliver(waiting.kind, waiting.key)
    batch = {"kind": "applications.Declaration", "transition": "assign", "by": world.people["office_clerk"]}
    world.rows |= {
        "message": applicant.inbox.order_by("pk").first(),
        "delivery": Outbox.objects.filter(kind="message", status=Outbox.Status.WAITING).order_by("pk").first(),
        "look": Look.objects.create(
            user=world.people["supervisor"], acting_as="监督人员", url_name="-", path="/archive/"
        ),
        "bulk": BulkAction.objects.create(**batch, undo_until=clock.now()),
        "account": world.people["unit_clerk"],
        "membership": world.people["unit_clerk"].acting,
        "unit_publicity_over": world.rows["recommended"].publicity_items.get().publicity,
    }


def _log_in(world: World) -> None:
    """A session for everybody, so that a request costs no login."""
    owners = [owner for row in world.rows.values() if (owner := owner_of(row)) is not None]
    for user in (*world.people.values(), *owners):
        if user.pk not in world.cookies:
            client = Client()
            client.force_login(user)
            world.cookies[user.pk] = client.cookies[settings.SESSION_COOKIE_NAME].value


def _tables(world: World) -> None:
    """One row for each workflow."""
    rows = world.rows
    employment = rows["exam"].applicant.employments.get(unit=world.unit, status="confirmed")
    rows |= {"employment": employment, "organisation": world.unit, "public_unit": world.unit}
    rows |= {"achievement": rows["draft"].achievements.first(), "standard": rows["version"].standard}
    rows["archive_entry"] = rows["exam"].applicant.archive.order_by("pk").first()
    named = {
        "accounts.Organisation": "organisation", "accounts.Employment": "employment", "plans.ReviewPlan": "plan",
        "plans.CommitteeTerm": "term", "plans.StandardVersion": "version", "plans.Notice": "notice",
        "plans.Committee": "committee", "plans.Deployment": "deployment",
        "applications.Declaration": "exam", "applications.Extension": "extension",
        "applications.UnitPublicity": "unit_publicity",
        "reviews.BallotRound": "round", "reviews.Determination": "determination", "reviews.Meeting": "meeting",
        "reviews.ResultPublicity": "list", "reviews.Objection": "objection", "reviews.ResultReport": "report",
        "certificates.IssueDocument": "document", "certificates.IssueBatch": "batch",
        "certificates.Certificate": "certificate", "certificates.Claim": "claim",
        "certificates.Revocation": "revocation", "certificates.Correction": "correction",
        "certificates.Appointment": "appointment", "certificates.Disclosure": "disclosure",
        **jury.TABLES, **papers.TABLES, **campaigns.TABLES,
    }  # fmt: skip
    world.tables = {label: rows[named[label]] for label in Workflow.registry}
    for row in rows.values():
        row.refresh_from_db()
