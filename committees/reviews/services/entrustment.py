"""Preparing letters of entrusted appraisal and registering what came back; the bureau's reviewer calls these."""

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, OuterRef
from django.utils.translation import gettext as _

from applications.models import SpotCheckItem
from appraisal_portal.kernel import files
from appraisal_portal.kernel.workflow import Blocked, Problem
from committees.plans.models import Channel
from committees.reviews.models import (
    EntrustmentItem,
    EntrustmentLetter,
    ExternalResult,
    ExternalResultItem,
    ReportItem,
    ResultReport,
)

MENDABLE = ("draft", "returned")
Outcomes = Mapping[int, tuple[str, str]]
"""Item of the letter (pk) → (granted | refused, reason)."""


def free_items() -> Any:
    """Approved recommendations on no letter yet and not frozen by a spot check."""
    return (
        ReportItem.objects.filter(
            report__status="decided", decision="approved", declaration__status="approved",
            declaration__line__channel=Channel.RECOMMEND, declaration__entrustment__isnull=True,
        )
        .exclude(declaration__in=SpotCheckItem.objects.frozen().values("declaration"))
    )  # fmt: skip


def reports_waiting() -> Any:
    """Decided reports with somebody to entrust, the oldest first; ``free`` says how many."""
    rows = free_items().filter(report=OuterRef("pk"))
    counted = rows.order_by().values("report").annotate(n=Count("pk")).values("n")
    waiting = ResultReport.objects.filter(Exists(rows)).annotate(free=counted)
    return waiting.select_related("meeting__committee", "determination").order_by("pk")


@transaction.atomic
def prepare(report: ResultReport, *, user: Any, addressee: str, contact: str, phone: str) -> EntrustmentLetter:
    """A draft over everybody of the report who is free. Raises Blocked when there is nobody."""
    ResultReport.objects.select_for_update(of=("self",)).get(pk=report.pk)  # two clicks, one letter
    letter = EntrustmentLetter.objects.create(
        report=report, addressee=addressee, contact=contact, phone=phone, prepared_by=user
    )
    _take(letter)
    return letter


@transaction.atomic
def change(letter: EntrustmentLetter, *, user: Any, addressee: str, contact: str, phone: str) -> None:
    """Other words on a draft or returned letter; the people are taken again. Raises Blocked."""
    ResultReport.objects.select_for_update(of=("self",)).get(pk=letter.report_id)
    locked = EntrustmentLetter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if locked.status not in MENDABLE:
        raise Blocked(Problem(_("The letter is proposed already and cannot be changed.")))
    locked.items.all().delete()
    locked.addressee, locked.contact, locked.phone, locked.prepared_by = addressee, contact, phone, user
    locked.save(update_fields=["addressee", "contact", "phone", "prepared_by"])
    _take(locked)
    letter.refresh_from_db()


def _take(letter: EntrustmentLetter) -> None:
    rows = list(free_items().filter(report=letter.report_id).order_by("seq"))
    if not rows:
        raise Blocked(Problem(_("Nobody of this report is free to be entrusted.")))
    EntrustmentItem.objects.bulk_create(
        EntrustmentItem(letter=letter, report_item=row, declaration_id=row.declaration_id, seq=seq)
        for seq, row in enumerate(rows, 1)
    )


def entrusted(declaration: Any) -> EntrustmentItem | None:
    """The issued letter a case left with and what was registered since; None for everybody else."""
    rows = EntrustmentItem.objects.filter(declaration=declaration, letter__status="issued")
    return rows.select_related("letter", "outcome__result").first()


def open_items(letter: EntrustmentLetter, result: ExternalResult | None = None) -> list[EntrustmentItem]:
    """People of the letter who wait for an outcome, and those of the ``result`` that is being changed."""
    rows = letter.people().filter(declaration__status="entrusted", outcome__isnull=True)
    if result is not None:
        rows = rows | letter.people().filter(outcome__result=result)
    return list(rows)


def keep(
    letter: EntrustmentLetter,
    outcomes: Outcomes,
    *,
    user: Any,
    values: Mapping[str, Any],
    result: ExternalResult | None = None,
    file: Any = None,
) -> ExternalResult:
    """Store a draft of what the higher committee decided, or other outcomes of one that is not proposed.

    ``values``: authority, reference, dated. Raises Blocked with every reason, also for a file that is not taken.
    """
    try:
        with transaction.atomic():
            row = _open(result) if result is not None else ExternalResult(letter=letter)
            for name, value in values.items():
                setattr(row, name, value)
            row.prepared_by = user
            if file:
                row.file = _accepted(file, user)
            row.save()
            row.items.all().delete()
            known = {item.pk for item in open_items(letter)}
            if set(outcomes) - known:
                raise Blocked(Problem(_("Somebody's outcome was entered meanwhile. Open the page again.")))
            ExternalResultItem.objects.bulk_create(
                ExternalResultItem(result=row, item_id=pk, outcome=outcome, reason=reason.strip())
                for pk, (outcome, reason) in sorted(outcomes.items())
            )
    except IntegrityError as error:
        if "reviews_externalresultitem_item_id" not in str(error):
            raise
        # Two tabs at the same moment: neither could see the other's rows.
        raise Blocked(Problem(_("Somebody's outcome was entered meanwhile. Open the page again."))) from error
    return row


def _open(result: ExternalResult) -> ExternalResult:
    row: ExternalResult = ExternalResult.objects.select_for_update(of=("self",)).get(pk=result.pk)
    if row.status not in MENDABLE:
        raise Blocked(Problem(_("This result is proposed already and cannot be changed.")))
    return row


def _accepted(sent: Any, user: Any) -> Any:
    try:
        return files.accept_upload(sent, owner=user)
    except files.UploadRefused as error:
        raise Blocked(Problem(str(error), "file")) from error
