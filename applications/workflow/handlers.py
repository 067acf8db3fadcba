"""Who handles a declaration in the office: assigned by name, and another person once a recheck was asked for."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from applications.access import keeps_to_no_recusal, not_of_same_unit
from applications.rules.examination import decided_before_recheck
from applications.workflow.people import examiners, office_clerks
from appraisal_portal.accounts.models import User
from appraisal_portal.kernel.workflow import Act, Problem


def rechecking(declaration: Any) -> Iterable[User]:
    """Who may examine again after a recheck was asked for: everybody but whoever decided before."""
    decided = decided_before_recheck(declaration)
    return [user for user in office_clerks(declaration) if user.pk != decided]


def handler_can_examine(declaration: Any, act: Act) -> Iterator[Problem]:
    """Who is to handle it (``act.data["handler"]``, number of the account) examines for the body that decides.

    Neither the person concerned nor somebody of the same unit or with a recusal, and not who handles it already.
    """
    chosen = act.data.get("handler")
    found = next((user for user in examiners(declaration) if user.pk == chosen), None)
    if found is None:
        yield Problem(_("Choose somebody of the office."), field="handler")
    elif found.pk == declaration.handler_id:
        yield Problem(_("{name} handles this declaration already.").format(name=found), field="handler")
    elif found.pk == declaration.applicant.user_id:
        yield Problem(_("{name} is the person concerned.").format(name=found), field="handler")
    elif not not_of_same_unit(found, declaration):
        yield Problem(_("{name} belongs to the applicant's work unit.").format(name=found), field="handler")
    elif not keeps_to_no_recusal(found, declaration):
        yield Problem(_("{name} keeps away from this case.").format(name=found), field="handler")


def another_handler_at_recheck(declaration: Any, act: Act) -> Iterator[Problem]:
    """A recheck is made by another person than the one who found the applicant not eligible (复核换人)."""
    if act.data.get("handler") is not None and act.data["handler"] == decided_before_recheck(declaration):
        yield Problem(_("Whoever found the person not eligible does not make the recheck."), field="handler")
