"""One journey for each way to a title: the page of the way filled in at a browser, handed in, seen by the unit item by
item, and followed to its end.
"""

from pathlib import Path
from typing import Any

import pytest

from applications.models import Declaration
from certificates.models import Certificate
from tests.journeys.conftest import World
from tests.journeys.steps.applicant import Papers
from tests.journeys.steps.desk import Desk
from tests.journeys.steps.end import to_the_end
from tests.journeys.steps.ways import EXAMINED, WAYS, a_draft_by, handed_in, the_unit_sees_it

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def committees() -> tuple[str, ...]:
    return ("forestry", EXAMINED)


def test_every_way_from_the_form_to_its_end(world: World, tmp_path: Path) -> None:
    """One city for all of them: eight people hand in on the same Monday, then a committee meets for each line."""
    papers, unit = Papers(tmp_path), world.desk("unit", world.city.user("unit_clerk", world.unit))
    people = {}
    for seed, way in enumerate(WAYS, start=31):
        draft = a_draft_by(world, way, seed)
        mine = world.desk(f"applicant-{way}", draft.applicant.user)
        handed_in(mine, draft, papers)
        the_unit_sees_it(unit, draft)
        people[way] = mine, draft
    to_the_end(world.city, world.cycle, [draft for _mine, draft in people.values()])
    for way, (mine, draft) in people.items():
        at_its_end(mine, draft, way)
    assert not world.findings.found


def at_its_end(mine: Desk, draft: Declaration, way: str) -> None:
    """A certificate that names the way, or the approval of the recommendation."""
    draft.refresh_from_db()
    if way == "recommend":
        assert draft.status == "approved"
        assert not Certificate.objects.filter(declaration=draft).exists()
        return
    assert draft.status == "certified"
    certificate: Any = Certificate.objects.get(declaration=draft)
    assert certificate.acquired_by == way
    mine.open(f"/my/declarations/{draft.pk}/").follow("My certificates").says(certificate.number).seen("certificates")
