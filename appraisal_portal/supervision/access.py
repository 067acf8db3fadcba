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

__all__ = [
    "answers_for",
    "is_bureau_approver",
    "is_bureau_reviewer",
    "proposed_after_the_answer",
    "reads_all",
    "reads_checks",
]


@predicate(_("Only the director of this committee answers the findings."))
def answers_for(actor: Any, check: Any) -> bool:
    """Director (主任委员) of the committee that was checked."""
    if not is_committee_director(actor):
        return False
    return check is None or check.committee.office_id == actor.acting_organisation_id


@predicate(
    _("The committee had not answered when the withdrawal was proposed."),
    otherwise=_("The committee had answered when the withdrawal was proposed."),
)
def proposed_after_the_answer(actor: Any, check: Any) -> bool:
    """The withdrawal was proposed from an answered check: when it is kept, no second answer is owed."""
    if check is None or check.pk is None:
        return True
    last = check.records.filter(transition="propose_withdrawal").order_by("-pk").first()
    return last is not None and bool(last.source == "answered")
