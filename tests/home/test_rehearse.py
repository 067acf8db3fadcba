"""The rehearsal before it begins."""

import pytest
from django.core.management import CommandError, call_command

from appraisal_portal.home.story import declare
from appraisal_portal.home.story.procedure import FIRST_SEED
from tests.factories.unit_stage import MONDAY, a_stage
from tests.stage import begins_with

pytestmark = [pytest.mark.django_db, begins_with(a_stage)]


def test_a_database_that_has_seen_one_is_told_what_to_do(clock):
    city, cycle = a_stage()
    clock(MONDAY)
    declare.draft(city, cycle, FIRST_SEED, unit=city.unit(0), line=cycle.line("forestry"))
    with pytest.raises(CommandError, match="name a fresh one in DATABASE_URL"):
        call_command("rehearse", people=1)
