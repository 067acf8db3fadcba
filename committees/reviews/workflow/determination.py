"""The table of determinations (初定, 确认): a bureau decides with two people and without a vote (R-20 – R-22)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.workflow import DECLARATION
from appraisal_portal.accounts.services import members_of
from appraisal_portal.kernel.access import not_the_same_person_as
from appraisal_portal.kernel.approvals import same_content, seen_content, write_decision, write_proposal
from appraisal_portal.kernel.workflow import Act, Tell, Transition, Workflow
from committees.reviews.access import determination as access
from committees.reviews.access.results import CLERKS, HEADS
from committees.reviews.models import Determination, DeterminationRecord
from committees.reviews.rules import determination as rules


def _preparers(determination: Any) -> Iterable[Any]:
    return members_of(determination.authority, CLERKS[determination.authority.kind])


def _deciders(determination: Any) -> Iterable[Any]:
    others = members_of(determination.authority, HEADS[determination.authority.kind])
    return [user for user in others if user.pk not in (determination.prepared_by_id, determination.proposed_by_id)]


def _decide(determination: Determination, act: Act) -> None:
    write_decision(determination, act)
    determination.decided_on = act.day


def _people(determination: Determination, act: Act, record: Any) -> None:
    for item in determination.items.select_related("declaration").order_by("declaration_id"):
        name = "determine" if item.outcome == "granted" else "refuse_determination"
        DECLARATION.fire(item.declaration, name, actor=act.actor, reason=item.reason, cause=record)


DETERMINATION = Workflow(
    Determination,
    DeterminationRecord,
    Transition(
        "propose",
        _("Propose the determination"),
        ("draft", "returned"),
        "proposed",
        access.is_preparer,
        guards=(*rules.FIT, seen_content),
        apply=write_proposal,
        tells=(
            Tell(
                _deciders,
                _("A determination waits for your decision: {obj}"),
                _("Read each person's outcome and decide, or send it back."),
                action_needed=True,
                who="second person of the county bureau, or the bureau's approvers",
            ),
        ),
    ),
    Transition(
        "send_back",
        _("Send the determination back"),
        ("proposed",),
        "returned",
        access.is_decider & not_the_same_person_as("propose"),
        needs_reason=True,
        form="appraisal_portal.kernel.returning.ReturnForm",
        tells=(
            Tell(
                _preparers,
                _("Determination sent back: {obj}"),
                _("Reason: {reason}"),
                action_needed=True,
                who="whoever prepares in the county bureau or the bureau",
            ),
        ),
    ),
    Transition(
        "decide",
        _("Decide as proposed"),
        ("proposed",),
        "decided",
        access.is_decider & access.did_not_prepare & not_the_same_person_as("propose"),
        guards=(*rules.FIT, same_content),
        apply=_decide,
        then=_people,
        irreversible=True,
        confirm=lambda determination: str(determination.items.count()),
        explanation=_(
            "Everybody granted goes into the publicity; the number to type is how many people are on the list."
        ),
        tells=(
            Tell(
                _preparers,
                _("Determination decided: {obj}"),
                _("Make the list of those granted and start its publicity."),
                action_needed=True,
                who="whoever prepares in the county bureau or the bureau",
            ),
        ),
    ),
)
