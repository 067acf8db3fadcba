"""One declaration from an empty form to a verified certificate, through the pages of everybody concerned."""

from pathlib import Path

import pytest

from appraisal_portal.home.story.people import someone
from tests.journeys.conftest import World
from tests.journeys.steps import applicant

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
SEED = 7


def test_from_an_empty_declaration_to_the_verified_certificate(world: World, tmp_path: Path) -> None:
    person = someone(SEED)
    papers = applicant.Papers(tmp_path)
    mine = world.desk("applicant")
    applicant.register(mine, person)
    applicant.ask_unit(mine, world.unit.name)
    pk = applicant.start(mine, world.unit)
    applicant.fill_everything(mine, pk, papers, SEED)
    number = applicant.sign_and_submit(mine, pk)
    assert number
    assert not world.findings.found
