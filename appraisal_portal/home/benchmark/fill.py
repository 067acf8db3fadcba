"""Rows for the bench, written in bulk past the procedure: enough of them that an unindexed query would show."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction

from applications.models import Declaration, DeclarationRecord
from appraisal_portal.accounts.models import Employment, Person, User
from appraisal_portal.home.benchmark.submitting import Submission, prepare
from appraisal_portal.home.story.city import City, build_city
from appraisal_portal.home.story.cycle import Cycle, open_cycle
from appraisal_portal.home.story.people import someone
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.models import StoredDocument
from certificates.models import Certificate, CertificateVersion
from certificates.services import secrets

COMMITTEES = ("agriculture", "forestry", "water", "traffic")
BATCH = 500
ASKED = 500
"""So many different rows are asked for in turn."""
CODE = "BENCH2"
"""The check code on every certificate here."""

# The life of the one declaration whose page is measured: it waits for its meeting.
LIFE = (
    ("submit", "draft", "with_unit"),
    ("verify", "with_unit", "verified"),
    ("publicise", "verified", "unit_publicity"),
    ("recommend", "unit_publicity", "recommended"),
    ("forward", "recommended", "forwarded"),
    ("accept", "forwarded", "in_examination"),
    ("qualify", "in_examination", "qualified"),
)
STATUSES = ("with_unit", "unit_publicity", "recommended", "in_examination", "qualified", "on_roster", "certified")


@dataclass(frozen=True)
class Filled:
    """What the targets ask for."""

    tokens: list[str]
    numbers: list[str]
    declaration: int
    cookie: str
    draft: int
    drafter: str
    """Cookies of the applicant whose complete draft it is."""
    clerk: str
    checked: int
    """A declaration with the clerk's unit."""
    submissions: list[Submission]
    rush: list[Submission]


def begin() -> tuple[City, Cycle]:
    """A city and an open cycle. Raises ValueError when the database is somebody's already."""
    if User.objects.exists():
        raise ValueError("this database holds accounts already; the bench fills only an empty one")
    city = build_city()
    return city, open_cycle(city, clock.today().year, committees=COMMITTEES)


def fill(city: City, cycle: Cycle, *, declarations: int, certified: int, submissions: int, rush: int) -> Filled:
    """That many rows, and what the targets ask for."""
    with transaction.atomic():
        everybody = people(max(declarations, certified))
        tokens, numbers = certificates(city, cycle, everybody[:certified])
        _declarations(city, cycle, everybody[:declarations])
        user, declaration = _measured(city, cycle)
    ready = prepare(city, cycle, submissions + rush + 1, session=cookies)
    draft = Declaration.objects.select_related("applicant__user").get(pk=ready[-1].declaration)
    checked = Declaration.objects.filter(unit=city.unit(0), number__contains="-B").order_by("-status", "pk")[0]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Filled(
        tokens[:ASKED],
        numbers[:ASKED],
        declaration,
        cookies(user),
        draft.pk,
        ready[-1].cookies,
        cookies(city.user("unit_clerk", city.unit(0))),
        checked.pk,
        ready[:submissions],
        ready[submissions:-1],
    )


def people(count: int, *, first: int = 1) -> list[Person]:
    """So many, without accounts; a chapter that comes after others begins at another ``first``."""
    rows = []
    for seed in range(first, first + count):
        who = someone(seed)
        rows.append(
            Person(
                name=who.name, id_number=who.id_number, birth_date=who.birth_date, gender=who.gender, phone=who.phone
            )
        )
    return Person.objects.bulk_create(rows, batch_size=BATCH)


def certificates(city: City, cycle: Cycle, people: list[Person], *, first: int = 1) -> tuple[list[str], list[str]]:
    """One for each: tokens and numbers; these begin at ``first``."""
    title = _title(cycle)
    committee = cycle.committee(COMMITTEES[0])
    sheet = StoredDocument.objects.create(
        code="certificate", title="证书", kind="pdf", name="bench", sha256="0" * 64, size=1
    )
    day = clock.today() - dt.timedelta(days=30)
    rows = [
        Certificate(
            number=f"3311002018101B{place:07d}",
            person=person,
            title=title,
            acquired_by="regular",
            source=Certificate.Source.ARCHIVE,
            committee=committee,
            qualified_on=day,
            issuing_body=city.bureau.name,
            issued_on=day,
        )
        for place, person in enumerate(people, start=first)
    ]
    rows = Certificate.objects.bulk_create(rows, batch_size=BATCH)
    tokens = [secrets.new_token() for _ in rows]
    CertificateVersion.objects.bulk_create(
        (
            CertificateVersion(
                certificate=row,
                snapshot=_printed(row, title, committee, city),
                document=sheet,
                token_sha256=secrets.token_hash(token),
                lookup_hmac=secrets.lookup_hmac(row.number, row.person.name, CODE),
            )
            for row, token in zip(rows, tokens, strict=True)
        ),
        batch_size=BATCH,
    )
    return tokens, [row.number for row in rows]


def _printed(row: Certificate, title: Any, committee: Any, city: City) -> dict[str, str]:
    return {
        "name": row.person.name,
        "title": title.name,
        "series": title.series.name,
        "specialty": "农业机械",
        "level": "中级",
        "committee": committee.name,
        "qualified_on": row.qualified_on.isoformat(),
        "issued_on": row.issued_on.isoformat(),
        "issuing_body": city.bureau.name,
        "document_number": "丽人社发〔2018〕1 号",
        "number": row.number,
    }


def _declarations(city: City, cycle: Cycle, people: list[Person]) -> None:
    title = _title(cycle)
    clerk = city.user("unit_clerk")
    Employment.objects.bulk_create(
        (
            Employment(
                person=person, unit=city.unit(place), starts_on=clock.today() - dt.timedelta(days=365),
                status="confirmed", confirmed_kind="staff", confirmed_by=clerk,
            )
            for place, person in enumerate(people, start=1)
        ),
        batch_size=BATCH,
    )  # fmt: skip
    Declaration.objects.bulk_create(
        (_declaration(city, cycle, title, person, place) for place, person in enumerate(people, start=1)),
        batch_size=BATCH,
    )


def _title(cycle: Cycle) -> Any:
    titles = cycle.series().titles.filter(level=cycle.line(COMMITTEES[0]).level)
    return titles.select_related("series").order_by("pk").first()


def _declaration(city: City, cycle: Cycle, title: Any, person: Person, place: int, **values: Any) -> Declaration:
    line = cycle.line(COMMITTEES[place % len(COMMITTEES)])
    return Declaration(
        **{
            "number": f"{cycle.year}-B{place:05d}",
            "year": cycle.year,
            "series": title.series,
            "applicant": person,
            "unit": city.unit(place),
            "line": line,
            "committee": line.committee,
            "title": title,
            "specialty": "农业机械",
            "status": STATUSES[place % len(STATUSES)],
            "submitted_at": clock.now(),
            "recommended_on": clock.today(),
            "arrived_on": clock.today(),
            **values,
        }
    )


def a_declaration(city: City, cycle: Cycle, seed: str, *, status: str) -> Declaration:
    """Of an applicant with a login, for the first committee."""
    user = city.applicant(seed)
    city.employ(user, city.unit(0))
    values = {"status": status, "standard_version": cycle.standard(COMMITTEES[0])}
    values["number"] = f"{cycle.year}-{seed[:5]}"
    declaration = _declaration(city, cycle, _title(cycle), user.person, 0, **values)  # type: ignore[attr-defined]
    declaration.save()
    return declaration


def _measured(city: City, cycle: Cycle) -> tuple[User, int]:
    """An applicant with a login, whose declaration has come as far as the meeting."""
    declaration = a_declaration(city, cycle, "bench", status="qualified")
    user = declaration.applicant.user
    DeclarationRecord.objects.bulk_create(
        DeclarationRecord(
            subject=declaration,
            transition=name,
            source=source,
            target=target,
            actor=user,
            at=clock.now() - dt.timedelta(days=len(LIFE) - place),
        )
        for place, (name, source, target) in enumerate(LIFE, start=1)
    )
    return user, declaration.pk


def cookies(user: User) -> str:
    """Of a session of the user."""
    return f"{settings.SESSION_COOKIE_NAME}={_session(user)}"


def _session(user: User) -> str:
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)
