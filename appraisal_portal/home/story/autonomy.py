"""Independent appraisal as authority and unit do it on their pages. The caller travels in time."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable
from typing import Any

import openpyxl
from django.core.files.uploadedfile import SimpleUploadedFile

from appraisal_portal.accounts.models import Organisation, Person
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.people import evidence_pdf, photo_jpeg
from appraisal_portal.kernel import clock
from committees.autonomous import rules, services
from committees.autonomous.models import AutonomousPlan, Delegation, FiledBatch
from committees.autonomous.workflow import AUTONOMOUS_PLAN, DELEGATION, FILED_BATCH
from committees.plans.models import Series

PROCEDURE = "个人申报、部门推荐、学科组评议、本单位评审委员会评审、单位内公示五个工作日、单位领导班子会议审定。"


def pdf(text: str) -> SimpleUploadedFile:
    """A paper that looks like a scan."""
    return SimpleUploadedFile("paper.pdf", evidence_pdf(text), "application/pdf")


def draft(
    unit: Organisation, *, kind: str = "university", series: str = "高等学校教师",
    levels: Iterable[str] = ("assistant", "intermediate"),
) -> Delegation:  # fmt: skip
    """The reviewer writes down which titles are left to the unit from today on."""
    row = Delegation(
        unit=unit, kind=kind, series=Series.objects.get(name=series), levels=list(levels),
        document=f"丽人社〔{clock.today().year}〕31号", starts_on=clock.today(),
    )  # fmt: skip
    return services.keep_delegation(row, user=holder("bureau_reviewer"))


def delegate(unit: Organisation, **which: Any) -> Delegation:
    """Two people of the bureau delegate; ``which`` as for :func:`draft`."""
    row, reviewer = draft(unit, **which), holder("bureau_reviewer")
    DELEGATION.fire(row, "propose", actor=reviewer, content_hash=row.content_hash())
    DELEGATION.fire(row, "approve", actor=holder("bureau_approver", but=reviewer), content_hash=row.content_hash())
    return row


def open_plan(delegation: Delegation) -> AutonomousPlan:
    """The plan of this year; a university's days are the notice's, others get a month and half a year."""
    today = clock.today()
    due_on, result_due_on = rules.days_of(delegation.kind, today.year) or (
        today + dt.timedelta(days=30), today + dt.timedelta(days=180),
    )  # fmt: skip
    return services.open_plan(
        delegation, year=today.year, due_on=due_on, result_due_on=result_due_on, user=holder("bureau_reviewer")
    )


def fill(plan: AutonomousPlan, *, wanted: int = 2, procedure: str = PROCEDURE) -> AutonomousPlan:
    """The unit's clerk enters procedure, standard and posts."""
    posts = {"junior": (20, 12, wanted), "intermediate": (30, 25, wanted)}
    return services.keep_plan(
        plan, user=holder("unit_clerk", plan.delegation.unit), procedure=procedure, posts=posts,
        standard=pdf("自主评聘标准"),
    )  # fmt: skip


def submit(plan: AutonomousPlan) -> AutonomousPlan:
    """The head submits."""
    AUTONOMOUS_PLAN.fire(plan, "submit", actor=holder("unit_head", plan.delegation.unit))
    return plan


def consent(plan: AutonomousPlan) -> AutonomousPlan:
    """Two people of the bureau consent."""
    reviewer = holder("bureau_reviewer")
    AUTONOMOUS_PLAN.fire(plan, "propose", actor=reviewer, content_hash=plan.content_hash())
    AUTONOMOUS_PLAN.fire(
        plan, "consent", actor=holder("bureau_approver", but=reviewer), content_hash=plan.content_hash()
    )
    return plan


def log(plan: AutonomousPlan, what: str = "学科组评议，出席九人，形成书面意见。") -> None:
    """A line of the process log, today."""
    services.log(plan, user=holder("unit_clerk", plan.delegation.unit), held_on=clock.today(), what=what)


def workbook(rows: Iterable[Iterable[Any]]) -> bytes:
    """A list of results as the unit would type it."""
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    sheet.append([column.heading for column in services.COLUMNS])
    for row in rows:
        sheet.append(list(row))
    book.save(out)
    return out.getvalue()


def passed(people: Iterable[Person], title: str, day: dt.date | None = None) -> list[list[Any]]:
    """Rows of the list: these people passed on the day."""
    return [
        [person.name, person.id_number, title, "计算机科学与技术", (day or clock.today()).isoformat()]
        for person in people
    ]


def enter(plan: AutonomousPlan, people: Iterable[Person], title: str) -> FiledBatch:
    """The clerk sends the list with the work summary. Raises ValueError with the faults."""
    table = services.read_list(plan, workbook(passed(people, title)))
    if table.faults:
        raise ValueError("; ".join(str(fault) for fault in table.faults))
    clerk = holder("unit_clerk", plan.delegation.unit)
    return services.keep_batch(plan, table, user=clerk, photos=photos(people), summary=pdf("自主评聘工作总结"))


def photos(people: Iterable[Person]) -> dict[str, SimpleUploadedFile]:
    """ID number → a photograph."""
    return {
        person.id_number: SimpleUploadedFile(f"{person.id_number}.jpg", photo_jpeg(person.pk), "image/jpeg")
        for person in people
    }


def package(people: Iterable[Person]) -> SimpleUploadedFile:
    """The same as the ZIP a unit would send."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for number, picture in photos(people).items():
            packed.writestr(f"照片/{number}.jpg", picture.read())
    return SimpleUploadedFile("photos.zip", out.getvalue(), "application/zip")


def file(batch: FiledBatch) -> FiledBatch:
    """The head files it."""
    FILED_BATCH.fire(batch, "file", actor=holder("unit_head", batch.plan.delegation.unit))
    return batch


def accept(batch: FiledBatch) -> FiledBatch:
    """Two people of the bureau take it on record."""
    reviewer = holder("bureau_reviewer")
    FILED_BATCH.fire(batch, "propose", actor=reviewer, content_hash=batch.content_hash())
    FILED_BATCH.fire(batch, "accept", actor=holder("bureau_approver", but=reviewer), content_hash=batch.content_hash())
    return batch
