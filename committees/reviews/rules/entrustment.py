"""What must hold before a letter of entrusted appraisal and a result from outside: every problem in words.

A refusal says the number of a case, never a name (P12).
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from applications.rules.spot_check import frozen_among
from appraisal_portal.kernel.days import day_said
from appraisal_portal.kernel.models import Upload
from appraisal_portal.kernel.workflow import Act, Problem

BASIS = "senior.entrusted_by_bureau"


def somebody_to_entrust(letter: Any, act: Act) -> Iterable[Problem]:
    """A letter about nobody entrusts nothing."""
    if not letter.items.exists():
        yield Problem(_("Nobody is on this letter. Take the people of the report again."), basis=BASIS)


def recommended_and_approved(letter: Any, act: Act) -> Iterator[Problem]:
    """Everybody was recommended to a higher committee and approved by the bureau, and is free to leave."""
    rows = list(letter.people())
    for item in rows:
        case = item.declaration
        if case.line.channel != "recommend":
            yield Problem(_("{case} is decided here and not entrusted.").format(case=case), basis=BASIS)
        elif case.status != "approved":
            words = _("{case}: the present status is “{status}”. Take the people of the report again.")
            yield Problem(words.format(case=case, status=case.get_status_display()))
    yield from frozen_among([item.declaration_id for item in rows], act)


def addressee_named(letter: Any, act: Act) -> Iterable[Problem]:
    """The letter says whom it entrusts."""
    if not letter.addressee.strip():
        yield Problem(_("Say which committee is entrusted."), field="addressee")


def somebody_decided(result: Any, act: Act) -> Iterable[Problem]:
    """A registered document says something about somebody."""
    if not result.items.exists():
        yield Problem(_("Enter the outcome of at least one person."))


def still_entrusted(result: Any, act: Act) -> Iterator[Problem]:
    """Everybody in it still waits for the higher committee: a ban, say, ends a case meanwhile."""
    for row in result.items.select_related("item__declaration"):
        case = row.item.declaration
        if case.status != "entrusted":
            words = _("{case}: the present status is “{status}”.")
            yield Problem(words.format(case=case, status=case.get_status_display()))


def after_the_letter(result: Any, act: Act) -> Iterator[Problem]:
    """The higher committee decides after it was entrusted, and its document is not dated in the future."""
    issued = result.letter.issued_on
    if issued is None:
        yield Problem(_("The letter of entrusted appraisal has not been issued yet."))
    elif result.dated < issued:
        words = _("The document is dated before the letter of entrusted appraisal of {day}.")
        yield Problem(words.format(day=day_said(issued)), field="dated")
    if result.dated > act.day:
        yield Problem(_("The document is dated in the future."), field="dated")


def document_harmless(result: Any, act: Act) -> Iterable[Problem]:
    """The document is no infected file."""
    if result.file.scan == Upload.Scan.INFECTED:
        yield Problem(_("The scanner found something harmful in the document. Upload another copy."), field="file")
