"""What must hold before a document or a batch: pure functions (object, act) → problems in words."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from applications.rules.spot_check import frozen_among
from appraisal_portal.kernel.workflow import Act, Problem
from committees.reviews.rules.names import told_apart

SHOWN = ("name", "employer", "title", "specialty")


def people_shown(rows: Sequence[Any]) -> list[dict[str, str]]:
    """What anybody may read of the people of a document: name, employer, title, specialty, qualified_on, and as
    ``beside`` what tells two of the same apart."""
    people = [
        (tuple(row.data_3_6[name] for name in SHOWN), dt.date.fromisoformat(row.data_3_6["birth_date"]),
         row.declaration.number)
        for row in rows
    ]  # fmt: skip
    return [
        {**{name: row.data_3_6[name] for name in (*SHOWN, "qualified_on")}, "beside": beside}
        for row, beside in zip(rows, told_apart(people), strict=True)
    ]


def filed_shown(rows: Sequence[Any], unit: str) -> list[dict[str, str]]:
    """The same of the people whom a unit that appraises its own staff has passed (自主评聘)."""
    shown = [
        {"name": row.person.name, "employer": unit, "title": row.title.name, "specialty": row.specialty,
         "qualified_on": row.passed_on.isoformat()}
        for row in rows
    ]  # fmt: skip
    people = [
        (tuple(entry[name] for name in SHOWN), row.person.birth_date, f"{row.seq:04d}")
        for entry, row in zip(shown, rows, strict=True)
    ]
    return [{**entry, "beside": beside} for entry, beside in zip(shown, told_apart(people), strict=True)]


def has_people(document: Any, act: Act) -> Iterable[Problem]:
    """A document without a single approved person announces nothing."""
    if not document.rows():
        yield Problem(_("None of the chosen reports has an approved person."), field="reports")


def reports_decided(document: Any, act: Act) -> Iterable[Problem]:
    """Only reports the bureau has decided go into a document."""
    for report in document.reports.exclude(status="decided"):
        yield Problem(_("The report “{report}” is not decided yet.").format(report=report), field="reports")


def not_in_other_document(document: Any, act: Act) -> Iterable[Problem]:
    """A report is announced once."""
    others = type(document).objects.filter(status__in=["proposed", "approved", "published"]).exclude(pk=document.pk)
    for report in document.reports.filter(pk__in=others.values("reports")):
        yield Problem(_("The report “{report}” already stands in another document.").format(report=report))


def none_frozen(subject: Any, act: Act) -> Iterable[Problem]:
    """Nobody of the document or batch was drawn for a spot check (抽查) that has not come to a good end."""
    rows = subject.items.all() if subject._meta.model_name == "issuebatch" else subject.rows()
    yield from frozen_among([row.declaration_id for row in rows if row.declaration_id], act)


def paper_made(document: Any, act: Act) -> Iterable[Problem]:
    """The numbered PDF lies ready; it is made by the worker right after approval."""
    if document.document_id is None:
        yield Problem(_("The document is still being made. Please try again in a moment."))


def document_published(batch: Any, act: Act) -> Iterable[Problem]:
    """Certificates follow the published document, never precede it."""
    if batch.issue_document.status != "published":
        yield Problem(_("Publish the document first; certificates follow it."))


def count_as_expected(batch: Any, act: Act) -> Iterable[Problem]:
    """The batch holds as many people as its page said."""
    there = batch.items.exclude(status="failed").count()
    if there != batch.expected:
        yield Problem(_("The batch holds {there} people, not {expected}.").format(there=there, expected=batch.expected))


def every_item_settled(batch: Any, act: Act) -> Iterable[Problem]:
    """Each item is issued or has failed with a named reason."""
    waiting = batch.items.filter(status__in=batch.items.model.OPEN).count()
    if waiting:
        yield Problem(_("{count} certificates are still being made.").format(count=waiting))
