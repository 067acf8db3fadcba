"""Post structures (岗位结构): asked by recommendations and appointments, entered by the authority, loaded at set-up."""

import csv
import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal_portal.accounts.models import Organisation, PostHolding, PostInformation, PostStructure, User
from appraisal_portal.accounts.services.founding import founded
from appraisal_portal.kernel import clock, documents
from appraisal_portal.kernel.days import day_said
from appraisal_portal.kernel.workflow import Blocked, Problem

JUNIOR = ("technician", "assistant")
COLUMNS = ("unit", "level", "approved", "used", "document", "decided_on")
"""Columns of the file that ``setup --posts`` reads (``credit_code`` and ``county`` may follow); level is a value of
``PostStructure.Level``, days are ISO."""


def post_level(title_level: str) -> str:
    """The level of posts a title belongs to: technician and assistant titles share the junior posts."""
    return PostStructure.Level.JUNIOR if title_level in JUNIOR else title_level


def structure_of(unit: int, title_level: str, day: dt.date, *, lock: bool = False) -> PostStructure | None:
    """The row that holds on the day, None without one. ``lock``: nobody else takes a post before the commit."""
    rows = PostStructure.objects.on(day).filter(unit=unit, level=post_level(title_level))
    return (rows.select_for_update() if lock else rows).first()


def taken(structure: PostStructure, first: dt.date, last: dt.date | None) -> int:
    """Posts of the structure that are taken between two days (no last day: for good): those of its document, those
    held since, less those whose holders of before have left."""
    return with_taken([structure], first, last)[0].taken


def with_taken(structures: Iterable[PostStructure], first: dt.date, last: dt.date | None) -> list[Any]:
    """The structures, each with ``taken`` as :func:`taken` counts and ``held_by``, the persons who hold a post of the
    level on some of the days; one query whatever their number.
    """
    rows: list[Any] = list(structures)
    held: dict[tuple[int, str], list[PostHolding]] = {}
    for holding in PostHolding.objects.filter(unit__in={row.unit_id for row in rows}):
        held.setdefault((holding.unit_id, holding.level), []).append(holding)
    for row in rows:
        of_level = held.get((row.unit_id, row.level), [])
        there = [
            holding
            for holding in of_level
            if (last is None or holding.starts_on <= last) and (holding.ends_on is None or holding.ends_on >= first)
        ]
        since = sum(holding.starts_on >= row.valid_from for holding in there)
        left = sum(
            holding.starts_on < row.valid_from
            and holding.ends_on is not None
            and row.valid_from <= holding.ends_on < first
            for holding in of_level
        )
        row.taken = max(0, row.used - left) + since
        row.held_by = {holding.person_id for holding in there}
    return rows


def holders(unit: int, day: dt.date) -> dict[str, set[int]]:
    """Level of posts → persons who hold one in the unit on the day."""
    found: dict[str, set[int]] = {}
    for level, person in PostHolding.objects.on(day).filter(unit=unit).values_list("level", "person"):
        found.setdefault(level, set()).add(person)
    return found


@transaction.atomic
def enter(
    unit: Organisation,
    level: str,
    *,
    approved: int,
    used: int,
    document: str,
    decided_on: dt.date,
    valid_from: dt.date,
    authority: Organisation | None = None,
    by: User | None = None,
) -> PostStructure:
    """Store a structure; the row before it ends the day before. Raises Blocked with every reason."""
    problems = _problems(unit, approved, used, document, decided_on)
    before = PostStructure.objects.select_for_update().filter(unit=unit, level=level).order_by("-valid_from").first()
    if before is not None and valid_from <= before.valid_from:
        problems.append(
            Problem(
                _("A structure from {day} on is stored already; a new one begins later.").format(
                    day=day_said(before.valid_from)
                ),
                field="valid_from",
            )
        )
    if problems:
        raise Blocked(*problems)
    if before is not None and (before.valid_to is None or before.valid_to >= valid_from):
        before.valid_to = valid_from - dt.timedelta(days=1)
        before.save(update_fields=["valid_to"])
    return PostStructure.objects.create(
        unit=unit,
        level=level,
        approved=approved,
        used=used,
        document=document.strip(),
        decided_on=decided_on,
        valid_from=valid_from,
        authority=authority,
        entered_by=by,
    )


def _problems(unit: Organisation, approved: int, used: int, document: str, decided_on: dt.date) -> list[Problem]:
    found = []
    if unit.employer_kind != Organisation.EmployerKind.PUBLIC_INSTITUTION:
        found.append(Problem(_("Only public institutions have an approved post structure."), field="unit"))
    if used > approved:
        found.append(Problem(_("More posts are taken than approved. Please check both numbers."), field="used"))
    if not document.strip():
        found.append(Problem(_("Enter the number of the approval."), field="document"))
    if decided_on > clock.today():
        found.append(Problem(_("The approval lies in the future."), field="decided_on"))
    return found


def informed(unit: int, year: int) -> bool:
    """Whether the unit has published its posts of the year among its staff."""
    return PostInformation.objects.filter(unit=unit, year=year).exists()


@transaction.atomic
def publish_information(
    unit: Organisation, *, year: int, posts: str, place: str, posted_on: dt.date, by: User
) -> PostInformation:
    """Keep what the unit published, with its printable sheet. Raises Blocked with every reason."""
    today = clock.today()
    found = []
    if posted_on > today:
        found.append(Problem(_("The day of publication lies in the future."), field="posted_on"))
    if not today.year - 1 <= year <= today.year + 1:
        found.append(Problem(_("Enter this year, the last or the next one."), field="year"))
    if unit.employer_kind != Organisation.EmployerKind.PUBLIC_INSTITUTION:
        found.append(Problem(_("Only public institutions have an approved post structure."), field="posts"))
    if found:
        raise Blocked(*found)
    row = PostInformation(
        unit=unit, year=year, posts=posts.strip(), place=place.strip(), posted_on=posted_on, posted_by=by
    )
    row.sheet = documents.make("post-information", row, actor=by)
    row.save()
    return row


@transaction.atomic
def load(lines: Iterable[str]) -> int:
    """Load a CSV with the columns :data:`COLUMNS`; returns how many rows. Raises Blocked naming every faulty line and
    column; then nothing is stored. Units that are not registered yet are made, active, as public institutions."""
    reader = csv.DictReader(lines)
    lacking = [name for name in COLUMNS if name not in (reader.fieldnames or [])]
    if lacking:
        raise Blocked(Problem(_("The file lacks the columns: {names}.").format(names=", ".join(lacking))))
    problems: list[Problem] = []
    stored = 0
    for row in reader:
        try:
            with transaction.atomic():
                _load_row(row)
            stored += 1
        except ValueError as error:
            problems.append(Problem(_("Line {line}: {why}").format(line=reader.line_num, why=error)))
        except Blocked as error:
            problems += [
                Problem(_("Line {line}: {why}").format(line=reader.line_num, why=why)) for why in error.problems
            ]
    if problems:
        raise Blocked(*problems)
    return stored


def _load_row(row: dict[str, Any]) -> PostStructure:
    name = " ".join((row["unit"] or "").split())
    if not name:
        raise ValueError(_("column unit is empty"))
    level = (row["level"] or "").strip()
    if level not in PostStructure.Level.values:
        raise ValueError(_("column level must be one of {names}").format(names=", ".join(PostStructure.Level.values)))
    day = _day(row["decided_on"])
    unit = founded(
        Organisation.Kind.UNIT,
        name,
        employer_kind=Organisation.EmployerKind.PUBLIC_INSTITUTION,
        credit_code=(row.get("credit_code") or "").strip().upper(),
        county=(row.get("county") or "").strip(),
    )
    return enter(
        unit,
        level,
        approved=_number(row["approved"], "approved"),
        used=_number(row["used"], "used"),
        document=row["document"] or "",
        decided_on=day,
        valid_from=day,
    )


def _number(text: str | None, column: str) -> int:
    words = (text or "").strip()
    if not words.isdecimal() or len(words) > 4:
        raise ValueError(_("column {name}: “{text}” is no whole number").format(name=column, text=words))
    return int(words)


def _day(text: str | None) -> dt.date:
    try:
        return dt.date.fromisoformat((text or "").strip())
    except ValueError:
        raise ValueError(
            _("column decided_on: “{text}” is no day like 2024-03-01").format(text=(text or "").strip())
        ) from None
