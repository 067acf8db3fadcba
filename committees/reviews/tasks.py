"""Sweeps of this stage: lists whose last day has passed, ballot boxes whose time is up.

Nothing waits for them: ``period_over`` never reads the status, and the pages of a meeting seal what is due themselves.
"""

from appraisal_portal.kernel import clock, sweeps
from appraisal_portal.kernel.access import SYSTEM
from appraisal_portal.kernel.workflow import Refused
from committees.reviews.models import ResultPublicity
from committees.reviews.services import ballot_box
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


@sweeps.register("reviews.ballot_boxes")
def ballot_boxes() -> int:
    """Seal what is due, and destroy the keys of rounds that are over."""
    return ballot_box.settle() + ballot_box.destroy_old_keys()
