"""Who keeps the pool of experts, draws, confirms, and answers an invitation."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import Membership
from appraisal_portal.kernel.access import not_the_same_person_as, predicate

from .meeting import is_committee_director, is_office, is_office_clerk, reads_all

Role = Membership.Role
__all__ = ["answers", "confirms", "draws", "keeps_pool", "reads_draws", "reads_pool"]

keeps_pool = is_office_clerk
reads_pool = is_office | reads_all
draws = is_office_clerk
reads_draws = is_office | reads_all
confirms = is_committee_director & not_the_same_person_as("draw")


@predicate(_("Only the expert who was invited may answer."))
def answers(actor: Any, invitation: Any) -> bool:
    """The account of the invited expert."""
    if invitation is None:
        return bool(actor.acts_as(Role.JUROR))
    return actor.pk is not None and invitation.expert.account_id == actor.pk
