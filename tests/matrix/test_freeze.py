"""``none_frozen`` at the rows of every later stage: whoever was drawn for a spot check (抽查) stops what names them."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from applications.models import CaseRecusal, SpotCheckItem
from certificates.rules import issue
from committees.reviews.rules import freeze
from tests.matrix.world import World

LATER = [
    (freeze.none_frozen, "meeting"),
    (freeze.none_frozen, "list_closed"),
    (freeze.none_frozen, "report"),
    (freeze.none_frozen, "determination"),
    (issue.none_frozen, "document"),
    (issue.none_frozen, "batch"),
]


@pytest.mark.parametrize(("guard", "row"), LATER, ids=[row for _guard, row in LATER])
def test_whoever_is_drawn_stops_what_names_them(world: World, guard: Callable[[Any, Any], Any], row: str) -> None:
    subject = world.rows[row]
    case = subject.items.first().declaration if row == "determination" else world.rows["certified"]
    assert not list(guard(subject, None))
    SpotCheckItem.objects.create(spot_check=world.rows["spot_check"], declaration=case)
    [problem] = guard(subject, None)
    assert case.number in str(problem)
    assert case.applicant.name not in str(problem)
    assert "抽查" in str(problem)
    clerk = world.people["office_clerk"]
    CaseRecusal.objects.create(declaration=case, user=clerk, source="named", ground="申请回避")
    [unnamed] = guard(subject, SimpleNamespace(actor=clerk))
    assert "您须回避" in str(unnamed)
    assert case.number not in str(unnamed)
