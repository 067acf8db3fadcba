"""Who signs what names people: nobody who keeps away from one of them (decision 39)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.querysets_recusal import stands_back
from appraisal_portal.kernel.access import predicate


def _named(obj: Any) -> Any:
    """The rows of the people a meeting decides on, a list shows, a report reports."""
    if obj._meta.model_name == "meeting":
        return obj.admissions.filter(exam_result="qualified")
    return obj.items.all()


@predicate(
    _(
        "You keep away from somebody named here, so somebody else signs: another director of this committee or, where "
        "the bureau determined without a vote, another person of the bureau. Where there is none, the bureau grants "
        "somebody the role for as long as it takes."
    )
)
def signs_for_everybody(actor: Any, obj: Any) -> bool:
    """There is nobody on it from whose case the person keeps away, in whatever part (回避)."""
    if obj is None or not actor.is_authenticated:
        return True
    return not _named(obj).filter(stands_back(actor, "declaration__")).exists()
