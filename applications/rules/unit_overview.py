"""What stands between a declaration and its recommendation, in one sentence: who acts next and by when."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Declaration
from applications.rules.unit import FREES_THE_POST
from appraisal_portal.accounts.models import Membership
from appraisal_portal.accounts.services import post_level

Status = Declaration.Status
Role = Membership.Role

# Handed to somebody else or ended: nothing for the unit to do.
WITH_THE_UNIT = (Status.WITH_UNIT, Status.RETURNED, Status.VERIFIED, Status.UNIT_PUBLICITY)


@dataclass(frozen=True)
class NextStep:
    """``text``: the next act; ``role`` acts (applicant, unit_clerk, unit_head; "" when all wait), ``by`` the last day;
    ``why``: what stops the declaration until then."""

    text: str
    role: str = ""
    by: dt.date | None = None
    provisional: bool = False
    why: str = ""


@dataclass(frozen=True)
class PostBar:
    """Posts of one level (岗位): ``taken`` by those appointed, ``recommended`` and ``waiting`` this year, ``free``."""

    label: str
    approved: int
    taken: int
    recommended: int
    waiting: int

    @property
    def free(self) -> int:
        """What may still be recommended; never below nought."""
        return max(0, self.approved - self.taken - self.recommended)


def post_bars(structures: Any, declarations: Any, appointed: Mapping[str, Collection[int]]) -> list[PostBar]:
    """A bar per structure that holds today (with ``taken``), counted from the unit's declarations of the year (titles
    fetched along). ``appointed``: level → persons who hold a post already, so that nobody counts twice."""
    bars = []
    for structure in structures:
        rows = [row for row in declarations if not row.title.by_exam and post_level(row.title.level) == structure.level]
        there = appointed.get(structure.level, ())
        recommended = sum(
            row.recommended_on is not None and row.status not in FREES_THE_POST and row.applicant_id not in there
            for row in rows
        )
        waiting = sum(row.status in WITH_THE_UNIT for row in rows)
        bars.append(PostBar(structure.get_level_display(), structure.approved, structure.taken, recommended, waiting))
    return bars


def _live_item(declaration: Any) -> Any:
    """The live publicity item, from ``live_items`` when a list has fetched them beforehand."""
    items = getattr(declaration, "live_items", None)
    if items is None:
        items = list(declaration.publicity_items.filter(voided_at=None).select_related("publicity"))
    return items[-1] if items else None


def next_step(declaration: Any, day: dt.date) -> NextStep:
    """The one next step of a declaration that lies with the unit."""
    last = declaration.line.unit_deadline
    if declaration.status == Status.WITH_UNIT:
        return NextStep(_("Check each item, then verify"), Role.UNIT_CLERK, last, why=_("Not verified yet"))
    if declaration.status == Status.RETURNED:
        return NextStep(_("The applicant corrects it"), Role.APPLICANT, last, why=_("Returned for correction"))
    item = _live_item(declaration)
    if item is None:
        why = _("Verified, not publicised yet")
        return NextStep(_("Publicise inside the unit"), Role.UNIT_CLERK, last, why=why)
    publicity = item.publicity
    outcomes = {objection.outcome for objection in item.objections.all()}
    if "" in outcomes:
        why = _("An objection is being checked")
        return NextStep(_("Record the outcome of the objection"), Role.UNIT_CLERK, last, why=why)
    if "upheld" in outcomes:
        why = _("An objection was upheld")
        return NextStep(_("Refuse to recommend, with the reason"), Role.UNIT_HEAD, last, why=why)
    if publicity.status == "halted":
        return NextStep(_("The supervisor resumes the publicity"), why=_("The publicity is halted"))
    if publicity.is_running(day):
        why = _("The publicity is running")
        return NextStep(_("Wait until the publicity is over"), "", publicity.ends_on, publicity.provisional, why)
    return NextStep(_("Recommend, or refuse with a reason"), Role.UNIT_HEAD, last, why=_("Not recommended yet"))
