"""Paper originals on their way through the channel and back. The caller travels in time."""

from collections.abc import Iterable
from typing import Any

from applications.models import Declaration, Originals
from applications.services import originals
from applications.workflow import ORIGINALS
from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.unit import officer_of
from appraisal_portal.kernel import clock

ITEMS = [{"text": "毕业证书", "copies": 1}, {"text": "发明专利证书", "copies": 2}]


def taken_in(declaration: Declaration) -> Originals:
    """The unit's clerk takes them in from the person today."""
    clerk = holder("unit_clerk", declaration.unit, but=declaration.applicant.user)
    given_by = declaration.applicant.name
    return originals.take_in(declaration, ITEMS, actor=clerk, other=given_by, handed_on=clock.today())


def moved(bundle: Originals, name: str) -> Originals:
    """The next hand-over of that name, today, by whoever receives (or gives back) it."""
    case = bundle.declaration
    actors: dict[str, Any] = {
        "forwarder_receives": lambda: holder("forwarder", case.unit.forwarder),
        "office_receives": lambda: officer_of(case),
        "forwarder_takes_back": lambda: holder("forwarder", case.unit.forwarder),
        "unit_takes_back": lambda: holder("unit_clerk", case.unit),
        "give_back": lambda: holder("unit_clerk", case.unit),
    }
    other = case.applicant.name if name == "give_back" else "送件人"
    ORIGINALS.fire(bundle, name, actor=actors[name](), other=other, handed_on=clock.today())
    return bundle


def taken_to_the_office(declarations: Iterable[Declaration]) -> list[Originals]:
    """In along the channel to the office that examines, all of it today."""
    bundles = [taken_in(declaration) for declaration in declarations]
    for bundle in bundles:
        if bundle.declaration.unit.forwarder_id:
            moved(bundle, "forwarder_receives")
        moved(bundle, "office_receives")
    return bundles


def given_back(bundles: Iterable[Originals]) -> None:
    """Back the way they came, to the person, all of it today."""
    for bundle in bundles:
        if bundle.declaration.unit.forwarder_id:
            moved(bundle, "forwarder_takes_back")
        moved(bundle, "unit_takes_back")
        moved(bundle, "give_back")
