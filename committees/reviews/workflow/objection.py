"""The table of objections (model.md §7)."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from applications.workflow import DECLARATION
from appraisal_portal.kernel import calendar
from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.approvals import same_content, write_decision, write_proposal
from appraisal_portal.kernel.workflow import NEW, SAME, Act, Tell, Transition, Workflow
from committees.reviews.access import results as access
from committees.reviews.models import Objection, ObjectionRecord
from committees.reviews.rules import objection as rules
from committees.reviews.rules.results import OPEN_OBJECTIONS
from committees.reviews.workflow.results import approvers, clerks


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
    others = Objection.objects.filter(item__declaration=objection.item.declaration_id, status__in=OPEN_OBJECTIONS)
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
        form="committees.reviews.forms.objection.ConclusionForm",
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
