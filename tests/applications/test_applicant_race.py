"""P01 and P02 with real threads: the database holds what the pages promise."""

import datetime as dt
import re
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.test import Client

from applications.models import Declaration
from applications.services import drafts
from appraisal_portal.kernel import clock
from committees.plans.models import Subfield, Title
from tests.applications.steps import sign, url
from tests.factories.applications import a_draft
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


def _wait_for_a_lock() -> None:
    """Until somebody waits for what this connection holds."""
    with connection.cursor() as cursor:
        for _try in range(600):
            # Not pg_stat_activity: within a transaction it shows the sessions of its first look.
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            if cursor.fetchone():
                return
            time.sleep(0.05)
    pytest.fail("nobody waits")


@pytest.mark.django_db(transaction=True)
def test_p01_five_submissions_at_once_give_one_hand_in_with_one_receipt() -> None:
    """Before them one more, from a check page that said nothing was missing: it waits for the row, and what was changed
    meanwhile is judged."""
    with clock.travel(dt.date(2026, 5, 6)):
        city, cycle = a_cycle(2026, committees=("forestry",))
        draft = a_draft(city, cycle, 1, line=cycle.line("forestry"))
        client = Client()
        client.force_login(draft.applicant.user)
        assert sign(client, draft).status_code == 302
        draft.refresh_from_db()

        page = client.get(url("my-check", draft.pk)).content.decode()
        given = {"form_version": draft.form_version, "seal": re.findall(r'name="seal" value="(\w+)"', page)[0]}

        def post(_number: int) -> tuple[int, str]:
            try:
                own = Client()
                own.cookies = client.cookies
                answer = own.post(url("my-check", draft.pk), given)
                return answer.status_code, answer.get("Location", "")
            finally:
                connection.close()

        [school] = draft.educations.values_list("school", flat=True)
        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                Declaration.objects.select_for_update().get(pk=draft.pk)
                draft.educations.update(school="另一所学校")
                waiting = pool.submit(post, 0)
                _wait_for_a_lock()
            assert waiting.result() == (422, "")
        draft.educations.update(school=school)
        with ThreadPoolExecutor(5) as pool:
            answers = set(pool.map(post, range(5)))
        assert answers == {(302, url("my-receipt", draft.pk))}
        assert draft.receipts.count() == 1
        assert draft.records.filter(transition="submit").count() == 1
        assert draft.materials.filter(removed=False).exists()
