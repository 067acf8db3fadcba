"""What must hold before a certificate is printed anew: pure functions (object, act) → problems in words."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from appraisal_portal.kernel.workflow import Act, Problem

from .certificate import printable


def something_changes(correction: Any, act: Act) -> Iterable[Problem]:
    """What shall be printed differs from what is printed."""
    said = correction.certificate.current.snapshot
    if all(said[key] == value for key, value in correction.changes.items()):
        yield Problem(_("Nothing is different from what the certificate says."))


def drawn_in_full(correction: Any, act: Act) -> Iterable[Problem]:
    """Every new character has a glyph."""
    yield from printable(correction.changes.values())


def not_in_the_future(correction: Any, act: Act) -> Iterable[Problem]:
    """A qualification is obtained before the certificate is issued."""
    day = correction.changes.get("qualified_on")
    if day and dt.date.fromisoformat(day) > correction.certificate.issued_on:
        yield Problem(_("The date obtained lies after the day of issue."), field="qualified_on")


def no_other_correction(correction: Any, act: Act) -> Iterable[Problem]:
    """One correction of a certificate at a time."""
    others = type(correction).objects.filter(certificate=correction.certificate_id, status__in=["proposed", "approved"])
    if others.exclude(pk=correction.pk).exists():
        yield Problem(_("A correction of this certificate is open already."))
