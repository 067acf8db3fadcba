"""Two acts of a unit at once: the last free post of a level is taken by one recommendation (issue 3), and nothing is
sealed with a seal that has ended (decision 85)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.utils import translation

from applications.models import Signature
from applications.services import unit as service
from appraisal_portal.accounts.models import Organisation
from appraisal_portal.accounts.workflow import UNIT_SEAL
from appraisal_portal.home.story import seals
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


@pytest.mark.django_db(transaction=True)
def test_a_seal_that_ends_during_recommendations_seals_each_case_wholly_or_not_at_all() -> None:
    with clock.travel(MONDAY):
        city, cycle = a_stage()
        rows = publicised(city, cycle, 63, 64, 65, 66)
        seal = seals.registered(rows[0].unit)
    start = Barrier(len(rows) + 1)

    def recommend(row: Any) -> None:
        try:
            head = story.with_story_password(story.head_of(row))
            start.wait(30)
            service.recommend_confirmed(row, actor=head, opinion="同意推荐", seen_seal=seal.number)
        except Blocked:
            pass
        finally:
            connection.close()

    def end() -> None:
        try:
            head = story.head_of(rows[0])
            start.wait(30)
            UNIT_SEAL.fire(seal, "end", actor=head, reason="印章遗失")
        finally:
            connection.close()

    with clock.travel(PUBLICITY_OVER), ThreadPoolExecutor(len(rows) + 1) as pool:
        done = [pool.submit(end), *(pool.submit(recommend, row) for row in rows)]
    assert [each.result() for each in done] == [None] * 5
    assert Organisation.objects.get(pk=rows[0].unit_id).e_seal_id is None
    for row in rows:
        marks = set(Signature.objects.filter(undertaking__declaration=row).values_list("mark", "method"))
        unit = {("unit_head", "password"), ("seal", "e_seal")} & marks
        assert len(unit) == (2 if type(row).objects.get(pk=row.pk).status == "recommended" else 0)
