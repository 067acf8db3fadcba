"""Who may act on a check."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.access import (
    is_bureau,
    is_bureau_approver,
    is_bureau_reviewer,
    is_committee_director,
    is_office,
    is_supervisor,
)
from appraisal_portal.kernel.access import predicate

reads_all = is_bureau | is_supervisor
reads_checks = is_bureau | is_supervisor | is_office

__all__ = ["answers_for", "is_bureau_approver", "is_bureau_reviewer", "reads_all", "reads_checks"]


@predicate(_("Only the director of this committee answers the findings."))
def answers_for(actor: Any, check: Any) -> bool:
    """Director (主任委员) of the committee that was checked."""
    if not is_committee_director(actor):
        return False
    return check is None or check.committee.office_id == actor.acting_organisation_id
