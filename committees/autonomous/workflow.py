"""The tables of independent appraisal (自主评聘): delegation, plan, filed results; two people of the authority each."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.services import members_of
from appraisal_portal.kernel import references
from appraisal_portal.kernel.access import not_the_same_person_as
from appraisal_portal.kernel.approvals import same_content, seen_content, write_decision, write_proposal
from appraisal_portal.kernel.workflow import NEW, Act, Tell, Transition, Workflow
from committees.autonomous import access, rules
from committees.autonomous.models import (
    AutonomousPlan,
    AutonomousPlanRecord,
    Delegation,
    DelegationRecord,
    FiledBatch,
    FiledBatchRecord,
)


def unit_people(row: Any) -> Iterable[Any]:
    """Clerks and heads of the unit."""
    return members_of(access.delegation_of(row).unit_id, "unit_clerk", "unit_head")


def authority_clerks(row: Any) -> Iterable[Any]:
    """Who prepares in the authority."""
    authority = access.delegation_of(row).authority
    return members_of(authority, access.CLERKS[authority.kind])


def authority_heads(row: Any) -> Iterable[Any]:
    """Who decides in the authority, the proposer aside."""
    authority = access.delegation_of(row).authority
    return [user for user in members_of(authority, access.HEADS[authority.kind]) if user.pk != row.proposed_by_id]


_SECOND = access.is_authority_head & not_the_same_person_as("propose")


def _end(delegation: Delegation, act: Act) -> None:
    delegation.ends_on = max(act.day, delegation.starts_on)


def _consent(plan: AutonomousPlan, act: Act) -> None:
    write_decision(plan, act)
    plan.consented_on = act.day


def _accept(batch: FiledBatch, act: Act) -> None:
    write_decision(batch, act)
    n = references.next_number("autonomous-record", act.day.year)
    batch.number = references.document_number(settings.PORTAL_RECORD_PREFIX, act.day.year, n)


def _file(batch: FiledBatch, act: Act) -> None:
    batch.filed_on = act.day


def _proposed(subject: Any) -> Tell:
    return Tell(
        authority_heads, subject, _("Please read it and decide, or send it back."), action_needed=True,
        who="second person of the authority",
    )  # fmt: skip


DELEGATION = Workflow(
    Delegation,
    DelegationRecord,
    Transition(
        "propose", _("Propose the delegation"), ("draft", "returned"), "proposed", access.is_authority_clerk,
        guards=(rules.levels_for_the_kind, rules.of_this_authority, rules.no_other_in_force, seen_content),
        apply=write_proposal, tells=(_proposed(_("A delegation waits for you: {obj}")),),
    ),
    Transition(
        "send_back", _("Send the delegation back"), ("proposed",), "returned", _SECOND, needs_reason=True,
        tells=(
            Tell(authority_clerks, _("Delegation sent back: {obj}"), _("Reason: {reason}"), action_needed=True,
                 who="clerks of the authority"),
        ),
    ),
    Transition(
        "approve", _("Delegate"), ("proposed",), "in_force", _SECOND,
        guards=(rules.levels_for_the_kind, rules.of_this_authority, rules.no_other_in_force, same_content),
        apply=write_decision, explanation=_("The unit decides about these titles of its own staff from that day on."),
        tells=(
            Tell(unit_people, _("Your unit may appraise by itself: {obj}"),
                 _("Next the bureau opens the plan of the year; you fill it in and nothing starts before the consent."),
                 who="unit"),
            Tell(authority_clerks, _("Delegated: {obj}"), _("Open the plan of the year for the unit."),
                 action_needed=True, who="clerks of the authority"),
        ),
    ),
    Transition(
        "end", _("End the delegation"), ("in_force",), "ended", access.is_authority_head, apply=_end,
        needs_reason=True,
        tells=(
            Tell(unit_people, _("Your unit's own appraisal has ended: {obj}"), _("Reason: {reason}"), who="unit"),
        ),
    ),
)  # fmt: skip

AUTONOMOUS_PLAN = Workflow(
    AutonomousPlan,
    AutonomousPlanRecord,
    Transition(
        "open", _("Open the plan of the year"), (NEW,), "draft", access.is_authority_clerk,
        guards=(rules.delegation_in_force, rules.days_by_the_notice),
        tells=(
            Tell(unit_people, _("Fill in your plan of independent appraisal: {obj}"),
                 _("Standard, procedure and posts are due by {by}. Nothing starts before the consent."),
                 by=lambda plan: plan.due_on, action_needed=True, who="unit"),
        ),
    ),
    Transition(
        "submit", _("Submit the plan"), ("draft", "returned"), "submitted", access.is_unit_head,
        guards=(rules.delegation_in_force, rules.plan_complete), basis="universities.plan_due",
        tells=(
            Tell(authority_clerks, _("A plan of independent appraisal has come in: {obj}"),
                 _("Check standard, procedure and posts, then propose the consent or send it back."),
                 action_needed=True, who="clerks of the authority"),
        ),
    ),
    Transition(
        "propose", _("Propose the consent"), ("submitted",), "proposed", access.is_authority_clerk,
        guards=(rules.delegation_in_force, rules.plan_complete, seen_content), apply=write_proposal,
        tells=(_proposed(_("A plan of independent appraisal waits for you: {obj}")),),
    ),
    Transition(
        "send_back", _("Send the plan back"), ("submitted", "proposed"), "returned", access.is_authority,
        needs_reason=True, form="appraisal_portal.kernel.returning.ReturnForm",
        tells=(
            Tell(unit_people, _("Please correct your plan: {obj}"), _("Reason: {reason}"), action_needed=True,
                 who="unit"),
        ),
    ),
    Transition(
        "consent", _("Consent to the plan"), ("proposed",), "consented", _SECOND,
        guards=(rules.delegation_in_force, rules.plan_complete, same_content), apply=_consent,
        explanation=_("The unit may start. Results and work summary come back by the day of the plan."),
        basis="universities.plan_due",
        tells=(
            Tell(unit_people, _("You may start your appraisal: {obj}"),
                 _("Keep the process log. Results and work summary are due by {by}."),
                 by=lambda plan: plan.result_due_on, action_needed=True, who="unit"),
        ),
    ),
)  # fmt: skip

_LIST = (rules.plan_consented, rules.log_kept, rules.somebody_passed, rules.rows_hold)

FILED_BATCH = Workflow(
    FiledBatch,
    FiledBatchRecord,
    Transition(
        "file", _("File the results"), ("draft", "returned"), "filed", access.is_unit_head, guards=_LIST, apply=_file,
        basis="universities.result_due",
        tells=(
            Tell(authority_clerks, _("Results of an independent appraisal have come in: {obj}"),
                 _("Check the list and the work summary, then propose to accept or send it back."),
                 action_needed=True, who="clerks of the authority"),
        ),
    ),
    Transition(
        "propose", _("Propose to accept"), ("filed",), "proposed", access.is_authority_clerk,
        guards=(*_LIST, seen_content), apply=write_proposal,
        tells=(_proposed(_("Results of an independent appraisal wait for you: {obj}")),),
    ),
    Transition(
        "send_back", _("Send the results back"), ("filed", "proposed"), "returned", access.is_authority,
        needs_reason=True, form="appraisal_portal.kernel.returning.ReturnForm",
        tells=(
            Tell(unit_people, _("Please correct your results: {obj}"), _("Reason: {reason}"), action_needed=True,
                 who="unit"),
        ),
    ),
    Transition(
        "accept", _("Take on record"), ("proposed",), "accepted", _SECOND, guards=(*_LIST, same_content),
        apply=_accept, after_commit=("certificates.filed",), irreversible=True,
        confirm=lambda batch: str(batch.rows.count()),
        explanation=_(
            "The list becomes public and each person gets a numbered e-certificate; the number to type is how many "
            "people are on it."
        ),
        basis="universities.result_due",
        tells=(
            Tell(unit_people, _("Your results are on record: {obj}"),
                 _("The list is public among the results. Each person is told when the e-certificate is ready."),
                 who="unit"),
        ),
    ),
)  # fmt: skip

TABLES = (DELEGATION, AUTONOMOUS_PLAN, FILED_BATCH)
"""Every table of the app, for the status triggers."""
