"""Tokens of forms are forgotten once no open page can send them any more."""

import datetime as dt

from appraisal_portal.kernel import clock, sweeps
from appraisal_portal.kernel.models import FormToken

KEPT_FOR = dt.timedelta(days=7)
"""A session ends after hours, and a page left open longer asks for the log-in; a week also covers a computer that slept
over a holiday. A page older than that is told by its version that it is old."""


@sweeps.register("tokens of forms")
def forget() -> int:
    """Delete what is older."""
    return FormToken.objects.filter(created_at__lt=clock.now() - KEPT_FOR).delete()[0]
