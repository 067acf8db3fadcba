"""What the bureau's spot check froze goes on no roster, list, determination or report: one guard for all of them."""

from collections.abc import Iterator
from typing import Any

from applications.rules.spot_check import frozen_among
from appraisal_portal.kernel.workflow import Act, Problem
from committees.reviews.rules.naming import said_to


def none_frozen(subject: Any, act: Act) -> Iterator[Problem]:
    """Nobody of the meeting, list, determination or report was drawn for a spot check (抽查) without a good end."""
    kind = subject._meta.model_name
    if kind == "meeting":
        cases = subject.admissions.filter(exam_result="qualified", live=True)
    elif kind == "resultpublicity":
        cases = subject.items.filter(live=True) if not subject.before_review else subject.items.none()
    elif kind == "resultreport":
        cases = subject.items.exclude(decision="rejected")
    else:
        cases = subject.items.filter(outcome="granted")
    yield from frozen_among(cases.order_by().values("declaration"), act, said_to)
