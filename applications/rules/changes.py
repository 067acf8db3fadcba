"""After an office supplement: does the unit have to confirm, publicise and sign again, and has it (重新公示)?

The declaration stays with the office meanwhile; ``qualify`` waits for it (docs/decisions/13).
"""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from applications.models.examination import CorrectionSlip, ItemCheck
from applications.rules.corrections import Change, Consequence, consequence
from applications.rules.examination import office_slip, open_slip
from applications.rules.items import ReviewItem, items_of
from applications.rules.submission import undertaking_signed
from applications.rules.unit import (
    live_publicity_item,
    live_undertaking,
    missing_marks,
    no_open_unit_objection,
    still_says,
    undertaking_complete,
    unit_publicity_over,
    unsettled_items,
)
from applications.rules.unit_overview import NextStep
from appraisal_portal.accounts.models import Membership
from appraisal_portal.kernel import calendar, clock
from appraisal_portal.kernel.workflow import Act, Problem

_BY_ROW = (
    "education",
    "title",
    "achievements",
    "questions",
    "self_scoring",
    "attachments",
)  # items of these are judged one by one
Follows = CorrectionSlip.Follows
Role = Membership.Role


def answered_slip(declaration: Any) -> Any:
    """The office's notice once it is answered, if the unit has to act on what changed; None otherwise."""
    slip = office_slip(declaration)
    return slip if slip is not None and slip.answered_at is not None and slip.follows else None


def follows_of(found: Consequence) -> str:
    """What the answer to a slip leads to: publicise, sign or nothing."""
    if found.publicise:
        return str(Follows.PUBLICISE)
    return str(Follows.SIGN) if found.sign else ""


def changed_under(slip: Any, declaration: Any) -> Consequence:
    """What has changed since the slip was written, and what follows."""
    return consequence(slip.content, declaration.content())


def item_code(change: Change) -> str:
    """The item under which unit and office judge a change."""
    return change.code if change.section in _BY_ROW else change.section


def to_confirm(declaration: Any, slip: Any) -> list[ReviewItem]:
    """Items the unit judges again; what was taken out is not among them."""
    codes = {item_code(change) for change in changed_under(slip, declaration).sign}
    return [item for item in items_of(declaration) if item.code in codes]


def confirm_by(slip: Any) -> dt.date:
    """By when the unit acts (setting, not a rule): working days from the answer."""
    return calendar.add_working_days(clock.local(slip.answered_at).date(), settings.PORTAL_CHANGES_DAYS).ends_on


def changes_confirmed(declaration: Any, slip: Any) -> Iterator[Problem]:
    """Each changed item was found true by the unit since it changed, and the verifier has signed."""
    codes = {item.code for item in to_confirm(declaration, slip)}
    unchecked, doubtful = unsettled_items(declaration, ItemCheck.Stage.UNIT)
    for item in unchecked:
        if item.code in codes:
            words = _("{unit} has not confirmed the change yet: {item}")
            yield Problem(words.format(unit=declaration.unit, item=item.label), item.code)
    for item in doubtful:
        if item.code in codes:
            words = _("{unit} did not find the change true: {item}")
            yield Problem(words.format(unit=declaration.unit, item=item.label), item.code)


def changes_publicised(declaration: Any, slip: Any, act: Act) -> Iterator[Problem]:
    """What changed of the publicised fields has been public inside the unit for its full length again."""
    if slip.follows != Follows.PUBLICISE:
        return
    item = live_publicity_item(declaration)
    if item is None or not still_says(declaration, item.content_sha256):
        yield Problem(_("The changed material has not been publicised again yet."))
        return
    yield from unit_publicity_over(declaration, act)
    yield from no_open_unit_objection(declaration, act)


def changes_confirmed_and_publicised(declaration: Any, act: Act) -> Iterator[Problem]:
    """qualify: the unit has confirmed, publicised and signed what a supplement changed (issue 3, correction slip)."""
    slip = answered_slip(declaration)
    if slip is None:
        return
    yield from changes_confirmed(declaration, slip)
    yield from changes_publicised(declaration, slip, act)
    yield from undertaking_complete(declaration, act)


def changed_claims_signed(declaration: Any, act: Act) -> Iterator[Problem]:
    """supply: changed claims are signed on 2-9 by the applicant again; photo, telephone and a better scan are not."""
    slip = open_slip(declaration)
    if slip is not None and changed_under(slip, declaration).sign:
        yield from undertaking_signed(declaration, act)


def changes_step(declaration: Any, slip: Any, day: dt.date) -> NextStep:
    """The one next step of the unit after a supplement; ``slip`` from :func:`answered_slip`."""
    by = confirm_by(slip)
    missing = missing_marks(declaration)
    if "applicant" in missing or live_undertaking(declaration) is None:
        return NextStep(_("The applicant signs the undertaking again"), Role.APPLICANT, by)
    if "verifier" in missing:
        return NextStep(_("Confirm what changed after the supplement"), Role.UNIT_CLERK, by)
    item = live_publicity_item(declaration) if slip.follows == Follows.PUBLICISE else None
    if item is not None and any(objection.outcome == "" for objection in item.objections.all()):
        return NextStep(_("An objection is open: record its outcome"), Role.UNIT_CLERK, by)
    if item is not None and item.publicity.is_running(day):
        return NextStep(_("Publicity runs until"), "", item.publicity.ends_on, item.publicity.provisional)
    if "unit_head" in missing:
        return NextStep(_("Sign the undertaking for what changed"), Role.UNIT_HEAD, by)
    if "seal" in missing and declaration.unit.e_seal_id:  # the head signed before the unit had it
        return NextStep(_("Put the electronic seal on the undertaking"), Role.UNIT_HEAD, by)
    if "seal" in missing:
        return NextStep(_("Upload the sealed undertaking"), Role.UNIT_CLERK, by)
    return NextStep(_("Nothing more to do here; the committee office goes on"))


def waits_for_the_unit(declaration: Any, day: dt.date) -> tuple[NextStep, bool] | None:
    """What the unit has to do before the office can find the person eligible, and whether it publicises again; None
    once it is done, or where no supplement changed a claim."""
    slip = answered_slip(declaration)
    if slip is None or slip.settled_at is not None:
        return None
    return changes_step(declaration, slip, day), slip.follows == Follows.PUBLICISE
