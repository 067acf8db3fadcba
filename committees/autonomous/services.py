"""Writes of independent appraisal that are no transition: drafts, the process log, the list of results from Excel."""

import zipfile
import zlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from appraisal_portal.accounts.models import Person
from appraisal_portal.kernel import clock, files, rendering
from appraisal_portal.kernel.days import day_said
from appraisal_portal.kernel.files import UploadRefused
from appraisal_portal.kernel.workbooks import reader
from appraisal_portal.kernel.workbooks.reader import Fault
from appraisal_portal.kernel.workbooks.sheet import letters
from appraisal_portal.kernel.workbooks.table import Column, Table, table_of
from appraisal_portal.kernel.workflow import Act, Blocked, NotAllowed, Problem
from committees.autonomous import access, rules
from committees.autonomous.models import (
    AutonomousPlan,
    AutonomousPost,
    Delegation,
    FiledBatch,
    FiledRow,
    ProcessEntry,
)
from committees.autonomous.workflow import AUTONOMOUS_PLAN, DELEGATION

MENDABLE = ("draft", "returned")
COLUMNS = (
    Column("name", "姓名", required=True, longest=50),
    Column("id_number", "身份证件号码", kind="digits", required=True, longest=18),
    Column("title", "资格名称", required=True, longest=60),
    Column("specialty", "专业", required=True, longest=60),
    Column("passed_on", "通过日期", kind="day", required=True),
)
"""The headings of the list of results, as printed in the empty form and as read back."""
PLACE = {column.key: letters(place) for place, column in enumerate(COLUMNS, start=1)}
SHEET = "自主评聘结果"
MOST_PHOTOS = 500


def keep_delegation(row: Delegation, *, user: Any) -> Delegation:
    """Store a draft, judged at once. Raises NotAllowed, or Blocked with every reason at its field."""
    if row.pk is None:
        row.authority = user.acting.organisation
    _must(access.is_authority_clerk, user, row)
    row.prepared_by = user
    act = Act(user, DELEGATION.transitions["propose"])
    found = [p for rule in (rules.levels_for_the_kind, rules.of_this_authority, rules.no_other_in_force)
             for p in rule(row, act)]  # fmt: skip
    if row.ends_on is not None and row.ends_on < row.starts_on:
        found.append(Problem(_("The last day lies before the first."), field="ends_on"))
    if found:
        raise Blocked(*found)
    row.save()
    return row


def open_plan(delegation: Delegation, *, year: int, due_on: Any, result_due_on: Any, user: Any) -> AutonomousPlan:
    """The plan of a year for a unit to fill in. Raises NotAllowed, Blocked."""
    with transaction.atomic():
        Delegation.objects.select_for_update(of=("self",)).get(pk=delegation.pk)  # two clicks, one plan
        if delegation.plans.filter(year=year).exists():
            raise Blocked(Problem(_("The plan of {year} is open already.").format(year=year), field="year"))
        plan = AutonomousPlan(delegation=delegation, year=year, due_on=due_on, result_due_on=result_due_on)
        AUTONOMOUS_PLAN.fire(plan, "open", actor=user)
    return plan


@transaction.atomic
def keep_plan(
    plan: AutonomousPlan, *, user: Any, procedure: str, posts: Mapping[str, tuple[int, int, int]], standard: Any = None
) -> AutonomousPlan:
    """What the unit enters: ``posts`` by level (approved, taken, wanted). Raises NotAllowed, Blocked."""
    row = AutonomousPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    _must(access.is_unit_clerk, user, row)
    if row.status not in MENDABLE:
        raise Blocked(Problem(_("The plan is with the authority and cannot be changed.")))
    row.procedure = procedure
    if standard:
        row.standard = _accepted(standard, user, "standard")
    row.save(update_fields=["procedure", "standard"])
    row.posts.all().delete()
    AutonomousPost.objects.bulk_create(
        AutonomousPost(plan=row, level=level, approved=approved, used=used, wanted=wanted)
        for level, (approved, used, wanted) in posts.items()
    )
    return row


@transaction.atomic
def log(plan: AutonomousPlan, *, user: Any, held_on: Any, what: str) -> ProcessEntry:
    """One more line of the process log. Raises NotAllowed; Blocked before the consent and for a day to come."""
    _must(access.is_unit_clerk, user, plan)
    found = []
    if plan.consented_on is None:
        found.append(Problem(_("The plan has not been consented to yet: nothing may start.")))
    elif held_on < plan.consented_on:
        words = _("Nothing may start before the consent of {day}.")
        found.append(Problem(words.format(day=day_said(plan.consented_on)), field="held_on"))
    if held_on > clock.today():
        found.append(Problem(_("This day lies in the future."), field="held_on"))
    if found:
        raise Blocked(*found)
    return ProcessEntry.objects.create(plan=plan, held_on=held_on, what=what, entered_by=user)


# -- the list of results ---------------------------------------------------------------------------------------------


def read_list(plan: AutonomousPlan, data: bytes, batch: FiledBatch | None = None) -> Table:
    """The list with every fault named by row and column; then each row holds ``person`` and its ``title`` row too.

    Raises UploadRefused when the file is no workbook for us.
    """
    table = table_of(reader.read(data), COLUMNS)
    if table.faults:
        return table
    # Of anybody else the unit learns nothing, not even whether the number is known here.
    staff = Person.objects.filter(employments__unit=plan.delegation.unit_id, employments__status="confirmed")
    people = {person.id_number: person for person in staff.filter(id_number__in=_all(table, "id_number"))}
    titles = {title.name: title for title in plan.delegation.series.titles_on(clock.today())}
    standing = rules.standing_of(plan, [person.pk for person in people.values()], clock.today(), batch=batch)
    seen: set[str] = set()
    for number, row in table.rows:
        row["person"], row["title_row"] = people.get(row["id_number"]), titles.get(row["title"])
        found = list(_faults(plan, row, seen, standing))
        seen.add(row["id_number"])
        table.faults += [Fault(table.sheet, number, PLACE[column], words) for column, words in found]
    levels = [row["title_row"].level for _number, row in table.rows if row["title_row"]]
    last = table.rows[-1][0]
    table.faults += [
        Fault(table.sheet, last, PLACE["title"], words)
        for words in rules.structure_problems(plan, levels, clock.today(), batch=batch)
    ]
    if table.faults:
        table.rows = []
    return table


def _all(table: Table, key: str) -> list[Any]:
    return [row[key] for _number, row in table.rows]


def _faults(
    plan: AutonomousPlan, row: Mapping[str, Any], seen: set[str], standing: rules.Standing
) -> Iterable[tuple[str, str]]:
    if row["id_number"] in seen:
        yield "id_number", _("This person stands in an earlier row already.")
    person, title = row["person"], row["title_row"]
    if title is None:
        yield "title", _("This is no title of the series {series}.").format(series=plan.delegation.series)
    if person is None:
        yield (
            "id_number",
            _("Nobody of this number has a confirmed employment at {unit}; own staff only.").format(
                unit=plan.delegation.unit
            ),
        )
        return
    if person.name != row["name"]:
        yield "name", _("Another name belongs to this number.")
    if title is not None:
        yield from rules.row_problems(plan, person, title, row["passed_on"], clock.today(), standing)


def read_photos(sent: Any) -> dict[str, SimpleUploadedFile]:
    """ID number → photograph, from a ZIP of files named by the number. Raises UploadRefused."""
    try:
        with zipfile.ZipFile(sent) as package:
            members = [member for member in package.infolist() if not member.is_dir()]
            if len(members) > MOST_PHOTOS:
                raise UploadRefused(_("At most {limit} photographs at a time.").format(limit=MOST_PHOTOS))
            found, left = {}, settings.PORTAL_PHOTO_ZIP_BYTES
            for member in members:
                name = PurePosixPath(member.filename).name
                with package.open(member) as picture:
                    # One byte more than is taken: whatever unpacks to more is refused as too large.
                    data = picture.read(settings.PORTAL_PHOTO_BYTES + 1)
                left -= len(data)  # what it says of its own size proves nothing
                if left < 0:
                    words = _("The photographs are too large together: at most {limit} MB. Make them smaller first.")
                    raise UploadRefused(words.format(limit=settings.PORTAL_PHOTO_ZIP_BYTES // 1024**2))
                found[name.rpartition(".")[0].upper()] = SimpleUploadedFile(name, data)
            return found
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, zlib.error) as error:
        raise UploadRefused(_("This is no ZIP file we can read. Pack the photographs again.")) from error


def add_photo_faults(table: Table, photos: Mapping[str, Any], kept: Collection[str]) -> None:
    """A row without a photograph is a fault: of those sent now, or ``kept`` (ID numbers) from before."""
    for number, row in table.rows:
        if row["id_number"].upper() not in photos and row["id_number"] not in kept:
            words = _("There is no photograph named by this number.")
            table.faults.append(Fault(table.sheet, number, PLACE["id_number"], words))
    if table.faults:
        table.rows = []


@transaction.atomic
def keep_batch(
    plan: AutonomousPlan,
    table: Table,
    *,
    user: Any,
    photos: Mapping[str, Any],
    summary: Any = None,
    batch: FiledBatch | None = None,
) -> FiledBatch:
    """Store the list that was read, whole, with its photographs. Raises NotAllowed, Blocked."""
    AutonomousPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    row = FiledBatch(plan=plan)
    if batch is not None:
        row = FiledBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
        if row.status not in MENDABLE:
            raise Blocked(Problem(_("The results are with the authority and cannot be changed.")))
    _must(access.is_unit_clerk, user, row)
    found = list(rules.plan_consented(row, Act(user, AUTONOMOUS_PLAN.transitions["consent"])))
    if found:
        raise Blocked(*found)
    row.prepared_by = user
    if summary:
        row.summary = _accepted(summary, user, "summary")
    row.save()
    before = {filed.person_id: filed.photo for filed in row.rows.select_related("photo")}
    row.rows.all().delete()
    FiledRow.objects.bulk_create(
        FiledRow(batch=row, seq=seq, person=values["person"], title=values["title_row"],
                 specialty=values["specialty"], passed_on=values["passed_on"],
                 photo=_photo(photos.get(values["id_number"].upper()), user) or before[values["person"].pk])
        for seq, (_number, values) in enumerate(table.rows, 1)
    )  # fmt: skip
    return row


def _photo(sent: Any, user: Any) -> Any:
    if sent is None:
        return None
    try:
        return files.accept_photo(sent, owner=user).printed
    except UploadRefused as error:
        raise Blocked(Problem(f"{sent.name}{_(': ')}{error}", "photos")) from error


def empty_list(plan: AutonomousPlan) -> bytes:
    """The workbook to fill in."""
    columns = [
        rendering.Column(column.key, column.heading, 22 if column.key == "id_number" else 14,
                         "date" if column.kind == "day" else "text")
        for column in COLUMNS
    ]  # fmt: skip
    title = f"{plan.delegation.unit.name}{plan.year}年自主评聘结果"
    return rendering.render_roster(columns, [], title=title, sheet=SHEET).content


def _must(predicate: Any, user: Any, row: Any) -> None:
    refused = predicate.why_not(user, row)
    if refused:
        raise NotAllowed(*refused)


def _accepted(sent: Any, user: Any, field: str) -> Any:
    try:
        return files.accept_upload(sent, owner=user)
    except UploadRefused as error:
        raise Blocked(Problem(str(error), field)) from error
