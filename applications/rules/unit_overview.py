"""What stands between a declaration and its recommendation, in one sentence: who acts next and by when."""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from applications.models import Declaration
from applications.rules.examination import answer_until
from applications.rules.unit import FREES_THE_POST, bound_by_posts, missing_marks
from applications.rules.unit_objection import check_by
from appraisal_portal.accounts.models import Membership, PostStructure
from appraisal_portal.accounts.services import holders, informed, post_level, with_taken

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

    @property
    def who(self) -> str:
        """Who acts, in words; empty when all wait."""
        return str(capfirst(str(Role(self.role).label))) if self.role else ""


@dataclass(frozen=True)
class Waiting:
    """So many people whom a later stage leaves to the unit; ``role`` acts, on the page with the name ``url``."""

    kind: str
    count: int
    role: str
    url: str


@dataclass(frozen=True)
class PostBar:
    """Posts of one level (岗位): ``taken`` by those appointed, ``recommended`` and ``waiting`` this year, ``free``."""

    level: str
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
        label = structure.get_level_display()
        bars.append(PostBar(structure.level, label, structure.approved, structure.taken, recommended, waiting))
    return bars


class Readiness:
    """What a unit itself still lacks before it can recommend: the seal on 2-9, its post information, a free post.

    ``free``: level → free posts of this year, where the page has counted them already. Rows of a list bring
    ``has_seal`` and ``posts_told`` along; for a single declaration they are asked.
    """

    def __init__(self, unit: Any, day: dt.date, free: Mapping[str, int] | None = None) -> None:
        self.unit, self.day = unit, day
        self._free = {day.year: free} if free is not None else {}

    def sealed(self, declaration: Any) -> bool:
        """Whether 2-9 carries the seal; an electronic one is put on with the recommendation."""
        if self.unit.e_seal_id:
            return True
        there = getattr(declaration, "has_seal", None)
        return "seal" not in missing_marks(declaration) if there is None else there

    def told(self, declaration: Any) -> bool:
        """Whether the posts of the year are published inside the unit."""
        there = getattr(declaration, "posts_told", None)
        return informed(self.unit.pk, declaration.year) if there is None else there

    def free(self, year: int) -> Mapping[str, int]:
        """Free posts by level; a level without an approved structure is missing."""
        if year not in self._free:
            rows = Declaration.objects.filter(unit=self.unit.pk, year=year).select_related("title")
            structures = PostStructure.objects.on(self.day).filter(unit=self.unit.pk)
            appointed = holders(self.unit.pk, self.day)
            bars = post_bars(with_taken(structures, self.day, self.day), rows, appointed)
            self._free[year] = {bar.level: bar.free for bar in bars}
        return self._free[year]

    def lacks(self, declaration: Any) -> NextStep | None:
        """The first thing that stands between the end of the publicity and the head's recommendation."""
        last = declaration.line.unit_deadline
        if not self.sealed(declaration):
            why = _("The undertaking 2-9 is not sealed yet")
            return NextStep(_("Print 2-9, seal it and upload the scan"), Role.UNIT_CLERK, last, why=why)
        if not bound_by_posts(declaration, self.day):
            return None
        if not self.told(declaration):
            why = _("The post information of the year is not published")
            return NextStep(_("Publish the post information inside the unit"), Role.UNIT_CLERK, last, why=why)
        free = self.free(declaration.year).get(post_level(declaration.title.level))
        if free is None:
            why = _("No post structure is stored for this level")
            return NextStep(_("The bureau or county bureau enters the post structure"), by=last, why=why)
        if not free:
            why = _("No post of this level is free")
            return NextStep(_("Wait until a post is free, or refuse with the reason"), Role.UNIT_HEAD, last, why=why)
        return None


def _live_item(declaration: Any) -> Any:
    """The live publicity item, from ``live_items`` when a list has fetched them beforehand."""
    items = getattr(declaration, "live_items", None)
    if items is None:
        items = list(declaration.publicity_items.filter(voided_at=None).select_related("publicity"))
    return items[-1] if items else None


def next_step(declaration: Any, day: dt.date, ready: Readiness) -> NextStep:
    """The one next step of a declaration that lies with the unit."""
    last = declaration.line.unit_deadline
    if declaration.status == Status.WITH_UNIT:
        # Recommended once and here again: it came back from outside, with the reason on its page.
        why = _("Not verified yet") if declaration.recommended_on is None else _("Sent back, reason on its page")
        return NextStep(_("Check each item, then verify"), Role.UNIT_CLERK, last, why=why)
    if declaration.status == Status.RETURNED:
        until = getattr(declaration, "correct_by", None) or answer_until(declaration)
        return NextStep(_("The applicant corrects it"), Role.APPLICANT, until, why=_("Returned for correction"))
    item = _live_item(declaration)
    if item is None:
        why = _("Verified, not publicised yet")
        text = _("Publicise at the talent agency") if declaration.through_agency else _("Publicise inside the unit")
        return NextStep(text, Role.UNIT_CLERK, last, why=why)
    publicity = item.publicity
    objections = list(item.objections.all())
    outcomes = {objection.outcome for objection in objections}
    if "" in outcomes:
        why = _("An objection is being checked")
        due = min(check_by(objection) for objection in objections if not objection.outcome)
        return NextStep(_("Record the outcome of the objection"), Role.UNIT_CLERK, min(due, last), why=why)
    if "upheld" in outcomes:
        why = _("An objection was upheld")
        return NextStep(_("Refuse to recommend, with the reason"), Role.UNIT_HEAD, last, why=why)
    if publicity.status == "halted":
        return NextStep(_("The bureau resumes the publicity"), why=_("The publicity is halted"))
    if publicity.is_running(day):
        why = _("The publicity is running")
        return NextStep(_("Wait until the publicity is over"), "", publicity.ends_on, publicity.provisional, why)
    recommend = NextStep(_("Recommend, or refuse with a reason"), Role.UNIT_HEAD, last, why=_("Not recommended yet"))
    return ready.lacks(declaration) or recommend
