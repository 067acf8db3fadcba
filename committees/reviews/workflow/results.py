"""The tables of result publicity and objections (model.md §7)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from applications.workflow import DECLARATION
from appraisal_portal.accounts.services import bureau_members, members_of
from appraisal_portal.kernel import calendar
from appraisal_portal.kernel.access import IS_SYSTEM, PUBLIC
from appraisal_portal.kernel.approvals import content_sha256, same_content, write_decision, write_proposal
from appraisal_portal.kernel.workflow import NEW, SAME, Act, Tell, Transition, Workflow
from committees.reviews.access import results as access
from committees.reviews.models import (
    Objection,
    ObjectionRecord,
    ResultPublicity,
    ResultPublicityRecord,
)
from committees.reviews.rules import results as rules


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


def _taken_down(ends_on: dt.date) -> dt.date:
    """The list stays readable, out of search engines, for a year after its last day."""
    return ends_on.replace(year=ends_on.year + 1, day=min(ends_on.day, 28))


def _start(publicity: ResultPublicity, act: Act) -> None:
    days = publicity.source.line.result_publicity_days
    ends = calendar.add_working_days(act.day, days)
    publicity.starts_on, publicity.working_days = act.day, days
    publicity.ends_on, publicity.provisional = ends.ends_on, ends.provisional
    publicity.announced_ends_on = ends.ends_on
    publicity.take_down_on = _taken_down(ends.ends_on)


def _publish_people(publicity: ResultPublicity, act: Act, record: Any) -> None:
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
    publicity.take_down_on = _taken_down(publicity.ends_on)


RESULT_PUBLICITY = Workflow(
    ResultPublicity,
    ResultPublicityRecord,
    Transition(
        "sign",
        _("Sign the list"),
        ("draft",),
        "signed",
        access.is_director & access.is_not_its_maker,
        guards=(rules.meeting_decided, rules.items_are_the_passed, rules.where_and_whom),
        apply=_sign,
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
        guards=(rules.items_are_the_passed, rules.content_as_signed),
        apply=_start,
        then=_publish_people,
        basis="results.publicised",
        explanation=_("The list becomes public at once. Its last day is fixed now."),
        tells=(
            Tell(
                reviewers,
                _("Results public: {obj}"),
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
        access.is_supervisor,
        apply=_halt,
        needs_reason=True,
        tells=(Tell(clerks, _("Publicity halted: {obj}"), _("Reason: {reason}"), who="office clerks"),),
    ),
    Transition(
        "resume",
        _("Resume the publicity"),
        ("halted",),
        "running",
        access.is_supervisor,
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
        tells=(
            Tell(
                clerks,
                _("Publicity over: {obj}"),
                _("Settle open objections, then report “{obj}” to the bureau."),
                action_needed=True,
                who="office clerks",
            ),
        ),
    ),
)


def _admit(objection: Objection, act: Act) -> None:
    objection.handler_id = act.actor.pk
    ends = calendar.add_working_days(act.day, settings.PORTAL_OBJECTION_CHECK_DAYS)
    objection.starts_on, objection.working_days = act.day, settings.PORTAL_OBJECTION_CHECK_DAYS
    objection.ends_on, objection.provisional = ends.ends_on, ends.provisional


def _hold(objection: Objection, act: Act, record: Any) -> None:
    declaration = objection.item.declaration
    if declaration.status == "held":
        return  # another objection holds the person already
    taken_out = objection.item.report_items.exclude(report__status="decided").exclude(decision="rejected")
    for row in taken_out:
        row.decision, row.reason, row.decided_by_id = "rejected", str(_("objection")), act.actor.pk
        row.save(update_fields=["decision", "reason", "decided_by"])
    DECLARATION.fire(declaration, "hold", actor=act.actor, cause=record)


def _extend(objection: Any, act: Act) -> None:
    days = settings.PORTAL_OBJECTION_COMPLEX_DAYS
    ends = calendar.add_working_days(objection.starts_on, days)
    objection.working_days, objection.extended = days, True
    objection.ends_on, objection.provisional = ends.ends_on, ends.provisional


def _conclude(objection: Objection, act: Act) -> None:
    objection.evidence, objection.opinion = act.data["evidence"].strip(), act.data["opinion"]
    write_proposal(objection, act)


def _release(objection: Objection, act: Act, record: Any) -> None:
    others = Objection.objects.filter(item__declaration=objection.item.declaration_id, status__in=rules.OPEN_OBJECTIONS)
    if not others.exclude(pk=objection.pk).exclude(status="received").exists():
        DECLARATION.fire(objection.item.declaration, "release", actor=act.actor, cause=record)


def _exclude(objection: Objection, act: Act, record: Any) -> None:
    objection.item.live = False
    objection.item.save(update_fields=["live"])
    DECLARATION.fire(objection.item.declaration, "exclude", actor=act.actor, cause=record)


OBJECTION = Workflow(
    Objection,
    ObjectionRecord,
    Transition(
        "receive",
        _("Receive the objection"),
        (NEW,),
        "received",
        PUBLIC,
        guards=(rules.list_is_public, rules.words_given),
        tells=(
            Tell(
                clerks,
                _("An objection has come in: {obj}"),
                _("Read it today and take it on, or record it as a report."),
                action_needed=True,
                who="office clerks",
            ),
        ),
    ),
    Transition(
        "admit",
        _("Take it on for investigation"),
        ("received",),
        "investigating",
        access.is_clerk & access.is_not_the_person_concerned,
        guards=(rules.received_in_time,),
        apply=_admit,
        then=_hold,
        basis="results.publicised",
        explanation=_("Only the person concerned is held back; everybody else on the list goes on."),
    ),
    Transition(
        "record_as_report",
        _("Record it as a report"),
        ("received",),
        "reported_late",
        access.is_clerk & access.is_not_the_person_concerned,
        guards=(rules.late_or_anonymous,),
        explanation=_("It holds nobody back, but it is kept and followed up."),
    ),
    Transition(
        "extend",
        _("Extend the investigation"),
        ("investigating",),
        SAME,
        access.is_director,
        guards=(rules.not_extended_yet,),
        apply=_extend,
        needs_reason=True,
    ),
    Transition(
        "conclude",
        _("Conclude and report to the bureau"),
        ("investigating",),
        "concluded",
        access.is_clerk & access.is_objection_handler,
        guards=(rules.evidence_and_opinion,),
        apply=_conclude,
        form="committees.reviews.forms.results.ConclusionForm",
        keep=("opinion",),
        basis="results.publicised",
        tells=(
            Tell(
                approvers,
                _("An objection waits for your decision: {obj}"),
                _("Read what was found and decide."),
                action_needed=True,
                who="bureau approvers",
            ),
        ),
    ),
    Transition(
        "dismiss",
        _("Confirm: not upheld"),
        ("concluded",),
        "unfounded",
        access.is_bureau_approver & access.is_not_its_handler,
        guards=(rules.opinion_is("unfounded"), same_content),
        apply=write_decision,
        then=_release,
        tells=(
            Tell(
                clerks,
                _("Objection not upheld: {obj}"),
                _("The person goes on; report them in a supplement if needed."),
                who="office clerks",
            ),
        ),
    ),
    Transition(
        "uphold",
        _("Confirm: upheld"),
        ("concluded",),
        "upheld",
        access.is_bureau_approver & access.is_not_its_handler,
        guards=(rules.opinion_is("upheld"), same_content),
        apply=write_decision,
        then=_exclude,
        irreversible=True,
        explanation=_("The person is taken off the list and gets no certificate from this review."),
        tells=(
            Tell(
                clerks, _("Objection upheld: {obj}"), _("The person has been taken off the list."), who="office clerks"
            ),
        ),
    ),
    Transition(
        "send_back",
        _("Send it back to the office"),
        ("concluded",),
        "investigating",
        access.is_bureau_approver,
        needs_reason=True,
        tells=(
            Tell(
                lambda objection: [objection.handler],
                _("Objection sent back: {obj}"),
                _("Reason: {reason}"),
                action_needed=True,
                who="the handler",
            ),
        ),
    ),
)
