"""A spot check of the bureau from the announcement to its close. The caller travels in time."""

from collections.abc import Iterable, Mapping
from typing import Any

from applications.models import Declaration, SpotCheck
from applications.rules.items import items_of
from applications.rules.spot_check import STATES
from applications.services import spot_checks
from applications.workflow import SPOT_CHECK, SPOT_CHECK_ITEM
from appraisal_portal.home.story import unit
from appraisal_portal.home.story.actors import holder


def announce(lines: Iterable[Any], *, share: int = 10, minimum: int = 1) -> SpotCheck:
    """A reviewer announces rule and population today."""
    rule = {"share": share, "minimum": minimum}
    return spot_checks.announce(lines=lines, statuses=STATES, actor=holder("bureau_reviewer"), **rule)


def draw(check: SpotCheck) -> SpotCheck:
    """Drawn, once the seed's day is over."""
    spot_checks.draw(check, actor=holder("bureau_reviewer"))
    return check


def find(item: Any, defect: str = "") -> Any:
    """The reviewer compares every item with its file; with ``defect`` the first one is unclear."""
    reviewer = holder("bureau_reviewer", but=item.declaration.applicant.user)
    codes = [claim.code for claim in items_of(item.declaration)]
    judged = dict.fromkeys(codes, ("true", ""))
    if defect:
        judged[codes[0]] = ("unclear", defect)
    spot_checks.check_items(item, judged, actor=reviewer)
    name = "find_defect" if defect else "clear"
    SPOT_CHECK_ITEM.fire(item, name, actor=reviewer, reason=defect, **spot_checks.judgements(item))
    return item


def complete(check: SpotCheck, defects: Mapping[int, str] | None = None) -> SpotCheck:
    """A finding on every case that has none; ``defects``: pk of a declaration → what was found."""
    for item in check.items.filter(status="pending").select_related("declaration").order_by("pk"):
        find(item, (defects or {}).get(item.declaration_id, ""))
    SPOT_CHECK.fire(check, "find", actor=holder("bureau_reviewer"))
    return check


def order(check: SpotCheck) -> SpotCheck:
    """An approver orders the re-examination of the defects."""
    SPOT_CHECK.fire(check, "order", actor=holder("bureau_approver"))
    return check


def settle(check: SpotCheck) -> SpotCheck:
    """The offices examine again and find everybody eligible; the check is closed with its report."""
    for item in check.items.filter(status="re_examining").order_by("pk"):
        declaration = Declaration.objects.get(pk=item.declaration_id)
        if declaration.status == "in_examination":
            unit.qualify(declaration)
        else:
            SPOT_CHECK_ITEM.fire(
                item, "confirm", actor=unit.officer_of(declaration), reason="已调阅原件复核，材料属实，符合申报条件。"
            )
    SPOT_CHECK.fire(check, "close", actor=holder("bureau_approver"))
    return check
