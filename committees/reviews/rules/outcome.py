"""What must hold for reasons and filing: pure functions (object, act) → problems in words."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from appraisal_portal.kernel.meaning import says_something
from appraisal_portal.kernel.workflow import Act, Problem
from committees.reviews.models.outcome import outcome_of


def case_decided(file: Any, act: Act) -> Iterable[Problem]:
    """Papers on the outcome exist once there is one."""
    if not outcome_of(file.declaration):
        yield Problem(_("This case is not decided yet."))


def reasons_given(file: Any, act: Act) -> Iterable[Problem]:
    """Reasons say which demand of the standard was not met, in words a person can use next year."""
    if not says_something(act.data.get("reasons")):
        yield Problem(
            _("Please say in at least ten characters which demand of the standard was not met."), field="reasons"
        )


def place_named(file: Any, act: Act) -> Iterable[Problem]:
    """Whoever looks for the papers in ten years finds them."""
    if not (act.data.get("place") or "").strip():
        yield Problem(_("Please say where the papers are filed."), field="place")
