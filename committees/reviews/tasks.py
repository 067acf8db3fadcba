"""Sweep of this stage: closes lists whose last day has passed. ``period_over`` never reads that status."""

from appraisal_portal.kernel import clock, sweeps
from appraisal_portal.kernel.access import SYSTEM
from appraisal_portal.kernel.workflow import Refused
from committees.reviews.models import ResultPublicity
from committees.reviews.workflow.results import RESULT_PUBLICITY


@sweeps.register("reviews.close_publicity")
def close_publicity() -> int:
    """Close what is over; safe to repeat, for whoever comes second finds it closed."""
    closed = 0
    for publicity in ResultPublicity.objects.filter(status="running", provisional=False, ends_on__lt=clock.today()):
        try:
            RESULT_PUBLICITY.fire(publicity, "close", actor=SYSTEM)
        except Refused:
            continue
        closed += 1
    return closed
