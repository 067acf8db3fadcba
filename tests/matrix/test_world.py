"""The world holds what the matrix walks."""

from appraisal_portal.kernel.workflow import Workflow
from tests.matrix.world import NAMES, World


def test_every_table_has_its_object_and_every_name_its_person(world: World) -> None:
    assert set(world.tables) == set(Workflow.registry)
    assert all(row.pk and row.status for row in world.tables.values())
    assert set(world.people) == set(NAMES) - {"anonymous"}
    assert len({user.pk for user in world.people.values()}) == len(world.people)
