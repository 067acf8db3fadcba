"""The table of result publicity (model.md §7)."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.workflow import DECLARATION
from appraisal_portal.accounts.models import Organisation
from appraisal_portal.accounts.services import bureau_members, members_of
from appraisal_portal.kernel import calendar, together
from appraisal_portal.kernel.access import IS_SYSTEM
from appraisal_portal.kernel.approvals import content_sha256
from appraisal_portal.kernel.workflow import Act, Tell, Transition, Workflow
from committees.plans.models import Committee
from committees.reviews.access import results as access
from committees.reviews.models import (
    Determination,
    Meeting,
    ResultPublicity,
    ResultPublicityRecord,
)
from committees.reviews.rules import results as rules
from committees.reviews.rules.freeze import none_frozen


def clerks(obj: Any) -> Iterable[Any]:
    """Clerks of the committee's office, or of the bureau that determined without a vote."""
    office = access.office_of(obj)
    return members_of(office, access.CLERKS[office.kind])


def director(obj: Any) -> Iterable[Any]:
    """The director of the committee, or who signs in the bureau that determined without a vote."""
    office = access.office_of(obj)
    return members_of(office, access.HEADS[office.kind])


def reviewers(_obj: Any) -> Iterable[Any]:
    """The bureau's reviewers."""
    return bureau_members("bureau_reviewer")


def approvers(_obj: Any) -> Iterable[Any]:
    """The bureau's approvers."""
    return bureau_members("bureau_approver")


def _sign(publicity: ResultPublicity, act: Act) -> None:
    publicity.signed_by_id, publicity.signed_at = act.actor.pk, act.at
    publicity.content_sha256 = content_sha256(publicity.content())


def _taken_down(publicity: Any) -> dt.date:
    """The list stays readable, out of search engines, for a year after its last day; one before the meeting to it."""
    ends_on = publicity.ends_on
    if publicity.before_review:
        return max(ends_on, publicity.meeting.meets_on)
    return ends_on.replace(year=ends_on.year + 1, day=min(ends_on.day, 28))


def _start(publicity: ResultPublicity, act: Act) -> None:
    days = publicity.days_of_the_plan
    ends = calendar.add_working_days(act.day, days)
    publicity.starts_on, publicity.working_days = act.day, days
    publicity.ends_on, publicity.provisional = ends.ends_on, ends.provisional
    publicity.announced_ends_on = ends.ends_on
    publicity.take_down_on = _taken_down(publicity)


def _publish_people(publicity: ResultPublicity, act: Act, record: Any) -> None:
    if publicity.before_review:
        return
    for item in publicity.items.filter(live=True).select_related("declaration").order_by("declaration_id"):
        DECLARATION.fire(item.declaration, "publish_result", actor=act.actor, cause=record)


def _halt(publicity: ResultPublicity, act: Act) -> None:
    publicity.halted_on = act.day


def _resume(publicity: Any, act: Act) -> None:
    # The end moves by the working days the list was off the page, never earlier than announced.
    lost = calendar.working_days_between(publicity.halted_on, act.day)
    ends = calendar.add_working_days(publicity.ends_on, lost)
    publicity.ends_on = max(ends.ends_on, publicity.announced_ends_on)
    publicity.provisional = publicity.provisional or ends.provisional
    publicity.announced_ends_on, publicity.halted_on = publicity.ends_on, None
    publicity.take_down_on = _taken_down(publicity)


_MEETING = f"(SELECT meeting_id FROM {ResultPublicity._meta.db_table} WHERE id = %(pk)s)"  # noqa: S608 - tables' names
_COMMITTEE = f"(SELECT committee_id FROM {Meeting._meta.db_table} WHERE id = {_MEETING})"  # noqa: S608 - tables' names
_SOURCE = {
    "meeting": together.Rows(Meeting, f"id = {_MEETING}"),
    "committee": together.Rows(Committee, f"id = {_COMMITTEE}"),
    "office": together.Rows(
        Organisation,
        f"id = (SELECT office_id FROM {Committee._meta.db_table} WHERE id = {_COMMITTEE})",  # noqa: S608 - tables' names
    ),
}
"""Where a list comes from, asked past the ORM."""


def _put_source(publicity: ResultPublicity, found: Mapping[str, list[Any]]) -> None:
    """Body, day and office, which the messages name: a sweep may close a thousand lists."""
    if publicity.meeting_id:
        together.put_on(found["committee"][0], "office", found["office"])
        together.put_on(found["meeting"][0], "committee", found["committee"])
        together.put_on(publicity, "meeting", found["meeting"])
    if publicity.determination_id:
        rows = Determination.objects.select_related("authority")
        publicity.determination = rows.get(pk=publicity.determination_id)


def _clerks_after(*, before_review: bool) -> Any:
    def whom(publicity: ResultPublicity) -> Iterable[Any]:
        return clerks(publicity) if publicity.before_review is before_review else []

    return whom


RESULT_PUBLICITY = Workflow(
    ResultPublicity,
    ResultPublicityRecord,
    Transition(
        "sign",
        _("Sign the list"),
        ("draft",),
        "signed",
        access.signs,
        guards=(rules.meeting_decided, rules.items_are_the_passed, rules.where_and_whom),
        apply=_sign,
        explanation=_("Please read the list first: it becomes public as it stands."),
        tells=(
            Tell(
                clerks,
                _("List signed: {obj}"),
                _("Start the publicity of “{obj}”."),
                action_needed=True,
                who="office clerks",
            ),
        ),
    ),
    Transition(
        "start",
        _("Start the publicity"),
        ("signed",),
        "running",
        access.is_clerk,
        guards=(rules.items_are_the_passed, rules.content_as_signed, none_frozen),
        apply=_start,
        then=_publish_people,
        basis="results.publicised",
        explanation=_("The list becomes public at once. Its last day is fixed now."),
        tells=(
            Tell(
                reviewers,
                _("List public: {obj}"),
                _("The publicity of “{obj}” has started."),
                who="bureau reviewers",
            ),
        ),
    ),
    Transition(
        "halt",
        _("Halt the publicity"),
        ("running",),
        "halted",
        access.is_bureau,
        apply=_halt,
        needs_reason=True,
        tells=(Tell(clerks, _("Publicity halted: {obj}"), _("Reason: {reason}"), who="office clerks"),),
    ),
    Transition(
        "resume",
        _("Resume the publicity"),
        ("halted",),
        "running",
        access.is_bureau,
        apply=_resume,
        needs_reason=True,
        tells=(
            Tell(clerks, _("Publicity resumed: {obj}"), _("The last day has moved accordingly."), who="office clerks"),
        ),
    ),
    Transition(
        "close",
        _("Close the publicity"),
        ("running",),
        "closed",
        IS_SYSTEM,
        guards=(rules.period_over,),
        reads=together.Reading(_SOURCE, _put_source),
        tells=(
            Tell(
                _clerks_after(before_review=False),
                _("Publicity over: {obj}"),
                _("Settle open objections, then report “{obj}” to the bureau."),
                action_needed=True,
                who="office clerks",
            ),
            Tell(
                _clerks_after(before_review=True),
                _("Publicity before the meeting over: {obj}"),
                _("The meeting can be opened on its day. Who is under objection is not voted on but deferred."),
                who="office clerks",
            ),
        ),
    ),
)
