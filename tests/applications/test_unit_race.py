"""Two heads of a unit at once (issue 3): the last free post of a level is taken by one recommendation."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from applications.services import unit as service
from appraisal_portal.home.story import unit as story
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.workflow import Blocked
from tests.factories.unit_stage import MONDAY, PUBLICITY_OVER, a_stage, publicised


@pytest.mark.django_db(transaction=True)
def test_two_recommendations_race_for_the_last_post_and_one_wins() -> None:
    with clock.travel(MONDAY):
        city, cycle = a_stage()
        public = next(unit for unit in city.units if unit.employer_kind == "public_institution")
        rows = publicised(city, cycle, 61, 62, unit=public)
    public.post_structures.filter(level="intermediate").update(approved=3, used=2)
    start = Barrier(2)

    def recommend(row: Any) -> str:
        """What stopped it, empty when it went through."""
        try:
            head = story.with_story_password(story.head_of(row))
            start.wait(30)
            with translation.override("en"):
                service.recommend_confirmed(row, actor=head, opinion="同意推荐")
        except Blocked as refused:
            return " ".join(str(problem) for problem in refused.problems)
        finally:
            connection.close()
        return ""

    with clock.travel(PUBLICITY_OVER):
        for row in rows:
            story.seal(row)
        with ThreadPoolExecutor(2) as pool:
            said = sorted(pool.map(recommend, rows))
    assert said[0] == ""
    assert "3 approved, 2 taken, 1 recommended before" in said[1]
    assert sorted(type(row).objects.get(pk=row.pk).status for row in rows) == ["recommended", "unit_publicity"]
    assert [row.posts_used for row in service.Recommendation.objects.all()] == [2]
