"""Cases of domain.md §8 about a declaration under way.

The others: 9, 27 and 28 in test_rules_by_id, 15 in test_closing, 34 in test_unit_change.
"""

import pytest
from django.test import Client
from django.urls import reverse

from applications.workflow import DECLARATION
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from committees.plans.models import Subfield
from committees.plans.rules import where_to_apply
from tests.applications.conftest import DAY
from tests.factories.applications import a_submitted

pytestmark = pytest.mark.django_db
World = tuple[City, Cycle]


def test_case_26_who_became_a_civil_servant_is_not_qualified_and_withdraws_with_the_reason(world: World) -> None:
    declaration = a_submitted(*world, 31)
    employment = declaration.applicant.employments.get()
    employment.confirmed_kind = "civil_servant"
    employment.save()
    found = DECLARATION.problems(declaration, "qualify", actor=world[0].user("office_clerk"))
    assert any("公务员不参加职称评审" in str(problem) for problem in found)
    mine = Client()
    mine.force_login(declaration.applicant.user)
    url = reverse("applications:declaration-do", args=[declaration.pk, "withdraw"])
    assert mine.post(url, {"seen_status": "with_unit", "reason": "已录用为公务员"}).status_code == 302
    declaration.refresh_from_db()
    assert declaration.status == "withdrawn"
    assert declaration.records.get(transition="withdraw").reason == "已录用为公务员"


@pytest.mark.parametrize(("subfield", "key"), [("forestry", "forestry"), ("machinery", "enterprise")])
def test_case_30_an_employee_of_an_enterprise_goes_to_the_committee_of_the_field(
    world: World, subfield: str, key: str
) -> None:
    field = Subfield.objects.get(code=subfield)
    answer = where_to_apply(field.series, field, "intermediate", "enterprise", DAY)
    assert answer.committee == world[1].committee(key)
