"""Every way to a title with scripts switched off: the same pages, handed in by one person for each way, in one city.

A file of its own, so that it runs beside the journeys with scripts (`_Files` in tests/conftest.py).
"""

from pathlib import Path

import pytest

from tests.journeys.conftest import World
from tests.journeys.steps.applicant import Papers
from tests.journeys.steps.claims import entered
from tests.journeys.steps.ways import EXAMINED, WAYS, a_draft_by, handed_in, the_unit_sees_it

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def committees() -> tuple[str, ...]:
    return ("forestry", EXAMINED)


def test_every_way_is_handed_in_without_scripts(world: World, tmp_path: Path) -> None:
    world.findings.scripts = False  # nothing can be examined without scripts
    papers, unit = Papers(tmp_path), world.desk("unit", world.city.user("unit_clerk", world.unit))
    for seed, way in enumerate(WAYS, start=31):
        draft = a_draft_by(world, way, seed)
        mine = world.desk(f"applicant-{way}", draft.applicant.user, script=False)
        handed_in(mine, draft, papers)
        the_unit_sees_it(unit, draft)
        draft.refresh_from_db()
        assert draft.status == "with_unit"
    user = world.city.applicant(21)
    mine = world.desk("examined", user, script=False, at_the_door=True)  # the way without an appraisal
    claim = entered(mine, user, papers, 21)
    assert claim.status == "submitted"
    assert not world.findings.found
