"""The table of proposed recusals (回避): the office confirms or refuses each, person by person."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.workflow.people import knowing
from appraisal_portal.accounts.models import Membership, User
from appraisal_portal.accounts.services import members_of
from appraisal_portal.kernel.access import IS_SYSTEM
from appraisal_portal.kernel.workflow import NEW, Act, Tell, Transition, Workflow
from committees.reviews.access import conflict as access
from committees.reviews.models import Recusal, RecusalProposal, RecusalProposalRecord
from committees.reviews.rules import conflict as rules


def _clerks(proposal: Any) -> Iterable[User]:
    clerks = members_of(proposal.meeting.committee.office_id, Membership.Role.OFFICE_CLERK)
    return knowing(proposal.admission.declaration, clerks)


def _day(proposal: Any) -> Any:
    return proposal.meeting.meets_on


def _stand_back(proposal: RecusalProposal, act: Act) -> None:
    Recusal.objects.get_or_create(
        admission=proposal.admission,
        member=proposal.member,
        defaults={"ground": proposal.ground, "proposed_by_rule": True},
    )


RECUSAL_PROPOSAL = Workflow(
    RecusalProposal,
    RecusalProposalRecord,
    Transition(
        "propose", _("Propose a recusal"), (NEW,), "open", IS_SYSTEM,
        tells=[
            Tell(_clerks, _("A recusal to decide"),
                 _("A recusal was proposed. Please confirm or refuse it before {by}; until then the member sees "
                   "nothing of the case."),
                 by=_day, action_needed=True, who="office_clerk"),
        ],
    ),
    Transition(
        "confirm", _("Confirm the recusal"), ("open",), "confirmed", access.decides_recusals,
        guards=(rules.not_voted_on,), apply=_stand_back,
        explanation=_("The member sees nothing of this case any more and is taken off its denominator."),
    ),
    Transition(
        "refuse", _("Refuse the recusal"), ("open",), "refused", access.decides_recusals,
        guards=(rules.not_declared_by_the_member,), needs_reason=True,
        explanation=_("The member takes part in this case; the reason stays on record."),
    ),
)  # fmt: skip
