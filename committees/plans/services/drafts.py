"""Drafts of what the bureau decides; after submission only transitions touch them."""

import datetime as dt
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from appraisal_portal.kernel import clock, files
from appraisal_portal.kernel.models import StoredDocument
from appraisal_portal.kernel.workflow import Blocked
from committees.plans.models import (
    EDITABLE,
    Channel,
    Committee,
    CommitteeMember,
    CommitteeTerm,
    DecidedBy,
    Notice,
    NoticeAttachment,
    PlanLine,
    ReviewPlan,
    Series,
    Standard,
    StandardVersion,
)
from committees.plans.rules import rule_set_on
from committees.plans.rules.cycle import moved_day

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from appraisal_portal.accounts.models import User


def _next(rows: Any) -> int:
    return (rows.aggregate(last=Max("version"))["last"] or 0) + 1


@contextmanager
def alone() -> Iterator[None]:
    """Two people who draw the same version number at once: the second is told."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise Blocked(_("Somebody else has just made a new version. Please look at the list and try again.")) from error


def _editable(row: Any) -> None:
    """Lock the row; raises Blocked when it has been submitted meanwhile."""
    status = type(row)._base_manager.select_for_update(of=("self",)).values_list("status", flat=True).get(pk=row.pk)
    if status not in EDITABLE:
        raise Blocked(_("This has been submitted and cannot be changed any more."))


@transaction.atomic
def draft_plan(year: int, *, copied_from: ReviewPlan | None = None) -> ReviewPlan:
    """A new version of the year's plan, without lines. Raises Blocked when somebody else makes one at this moment."""
    with alone():
        return ReviewPlan.objects.create(
            year=year, version=_next(ReviewPlan.objects.filter(year=year)), copied_from=copied_from
        )


@transaction.atomic
def copy_plan(source: ReviewPlan, year: int, *, leave_out: Collection[int] = ()) -> ReviewPlan:
    """A new version for ``year`` with the lines of another plan, but those left out (numbers of lines).

    All days are moved by the difference of the years; moved days must be confirmed line by line before submission.
    """
    plan = draft_plan(year, copied_from=source)
    lines = []
    for line in source.lines.exclude(pk__in=leave_out):
        moved = {name: moved_day(getattr(line, name), year - source.year) for name in _LINE_DAYS}
        opening = rule_set_on(moved["opens_on"])
        lines.append(
            PlanLine(
                plan=plan,
                committee_id=line.committee_id,
                level=line.level,
                channel=line.channel,
                counted_years=line.counted_years,
                decided_by=line.decided_by,
                rule_set=opening.key if opening else line.rule_set,
                unit_publicity_days=line.unit_publicity_days,
                result_publicity_days=line.result_publicity_days,
                supplement_days=line.supplement_days,
                pre_review_days=line.pre_review_days,
                dates_to_confirm=year != source.year,
                **moved,
            )
        )
    PlanLine.objects.bulk_create(lines)
    return plan


_LINE_DAYS = ("opens_on", "closes_on", "unit_deadline", "counted_to", "meeting_month")


def new_line(plan: ReviewPlan, day: dt.date | None = None) -> PlanLine:
    """An unsaved line with the three day counts prefilled from the settings and the rule set of the day."""
    rules = rule_set_on(day or clock.today())
    return PlanLine(
        plan=plan,
        rule_set=rules.key if rules else "",
        unit_publicity_days=settings.PORTAL_UNIT_PUBLICITY_DAYS,
        result_publicity_days=settings.PORTAL_RESULT_PUBLICITY_DAYS,
        supplement_days=settings.PORTAL_SUPPLEMENT_DAYS,
        pre_review_days=settings.PORTAL_PRE_REVIEW_DAYS,
    )


def decider_of(channel: str) -> str:
    """Who decides on a new line: the committee; the bureau on determination and confirmation (a setting, R-21)."""
    without_vote = channel in (Channel.PRELIMINARY, Channel.CONFIRMATION) and not settings.PORTAL_PRELIMINARY_BY_VOTE
    return str(DecidedBy.CITY_BUREAU if without_vote else DecidedBy.COMMITTEE)


@transaction.atomic
def save_line(line: PlanLine) -> PlanLine:
    """Store a line of a plan that is still a draft; its days are confirmed by it. Raises Blocked."""
    _editable(line.plan)
    line.dates_to_confirm = False
    line.save()
    return line


@transaction.atomic
def remove_line(line: PlanLine) -> None:
    """Take a line out of a plan that is still a draft. Raises Blocked."""
    _editable(line.plan)
    line.delete()


@transaction.atomic
def draft_term(
    committee: Committee,
    starts_on: dt.date,
    ends_on: dt.date,
    *,
    approval_document: str = "",
    members: "list[tuple[User, str, str, str]] | None" = None,
) -> CommitteeTerm:
    """A term with its members, each (user, office, specialty, unit)."""
    term = CommitteeTerm(committee=committee, starts_on=starts_on, ends_on=ends_on, approval_document=approval_document)
    return save_term(term, members or [])


@transaction.atomic
def save_term(term: CommitteeTerm, members: "list[tuple[User, str, str, str]]") -> CommitteeTerm:
    """A new or changed draft with exactly these members; its days are confirmed by it. Raises Blocked."""
    if term.pk is not None:
        _editable(term)
        term.members.all().delete()
        term.dates_to_confirm = False
    term.save()
    CommitteeMember.objects.bulk_create(
        CommitteeMember(term=term, user=user, office=office, specialty=specialty, unit=unit, joined_on=term.starts_on)
        for user, office, specialty, unit in members
    )
    return term


@transaction.atomic
def draft_version(committee: Committee, series: Series, level: str, **content: Any) -> StandardVersion:
    """The next version of the committee's standard for the series and level; ``content`` holds its fields, the others
    begin as the version before has them.

    Raises Blocked when somebody else makes one at this moment.
    """
    standard, _made = Standard.objects.get_or_create(committee=committee, series=series, level=level)
    last = standard.versions.order_by("-version").first()
    carried = {name: getattr(last, name) for name in CARRIED} if last else {}
    with alone():
        return StandardVersion.objects.create(
            standard=standard, version=_next(standard.versions.all()), **carried | content
        )


CARRIED = ("summary", "questions", "evidence_required", "self_scoring", "tilts", "classes", "anonymous")
"""What a new version of a standard begins with."""


@transaction.atomic
def save_draft(row: Any, fields: list[str] | None = None) -> Any:
    """Store a changed term, standard or notice that is still a draft, or these fields of it. Raises Blocked.

    Whoever saves the first day of a standard has confirmed it.
    """
    _editable(row)
    if fields and "effective_from" in fields:
        row.dates_to_confirm, fields = False, [*fields, "dates_to_confirm"]
    row.save(update_fields=fields)
    return row


def draft_notice(committee: Committee | None, title: str, body: str, *, replaces: Notice | None = None) -> Notice:
    """A notice; without a committee it is the bureau's own."""
    return Notice.objects.create(committee=committee, title=title, body=body, replaces=replaces)


@transaction.atomic
def add_attachment(
    notice: Notice,
    title: str,
    *,
    file: "UploadedFile | None" = None,
    document: StoredDocument | None = None,
    owner: Any = None,
) -> NoticeAttachment:
    """A file that goes with a notice still in draft: an upload or one of the portal's papers.

    Raises Blocked, or UploadRefused with the reason in words.
    """
    _editable(notice)
    upload = files.accept_upload(file, owner=owner) if file is not None else None
    place = (notice.attachments.aggregate(last=Max("position"))["last"] or 0) + 1
    return NoticeAttachment.objects.create(notice=notice, title=title, position=place, upload=upload, document=document)


@transaction.atomic
def remove_attachment(attachment: NoticeAttachment) -> None:
    """Take an attachment off a notice still in draft. Raises Blocked."""
    _editable(attachment.notice)
    attachment.delete()
