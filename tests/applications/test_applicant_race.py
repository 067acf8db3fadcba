"""P01 and P02 with real threads: the database holds what the pages promise."""

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from applications.models import Declaration
from applications.services import drafts
from appraisal_portal.kernel import clock
from committees.plans.models import Subfield, Title
from tests.factories.plans import a_cycle


@pytest.mark.django_db(transaction=True)
def test_p01_p02_many_posts_at_once_give_one_declaration() -> None:
    with clock.travel(dt.date(2026, 5, 6)):
        city, _cycle = a_cycle(2026, committees=("forestry",))
        user = city.applicant(1)
        unit = next(body for body in city.units if body.name == "龙泉市凤阳山林场")
        city.employ(user, unit)
        title = Title.objects.valid_on(clock.today()).get(name="工程师")
        subfield = Subfield.objects.get(code="forestry")
        token = uuid.uuid4()

        def post(number: int) -> int:
            try:
                # three posts of one form, three of other tabs
                own = token if number % 2 else uuid.uuid4()
                return drafts.start(user, title=title, subfield=subfield, unit=unit, token=own).pk
            except drafts.SecondDeclaration as refused:
                return refused.first.pk
            finally:
                connection.close()

        with ThreadPoolExecutor(6) as pool:
            answers = set(pool.map(post, range(6)))
        assert answers == {Declaration.objects.get().pk}
