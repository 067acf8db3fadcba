"""An examination certificate entered by its holder (考试证书登记)."""

from appraisal_portal.accounts.models import User
from certificates.models import Claim
from committees.plans.models import Series, Title
from tests.journeys.steps.applicant import Papers
from tests.journeys.steps.desk import Desk

NUMBER = "33120251100123"


def entered(mine: Desk, user: User, papers: Papers, seed: int) -> Claim:
    """The answer of the six questions leads here; a date to come is told, nothing typed is lost."""
    accounting = Series.objects.get(name="会计")
    mine.open(f"/ways/?series={accounting.pk}&level=intermediate&employer=public_institution&education=bachelor"
              "&finished=2010&held=none")  # fmt: skip
    mine.follow("Register the examination certificate").log_in()
    mine.open("/my/claims/new/")
    files = {"file": papers.pdf("会计师资格证书"), "photo": papers.photo(seed)}
    mine.fill(title=str(Title.objects.get(name="会计师").pk), exam_number=NUMBER, authority="财政部")
    mine.fill(obtained_on="2031-01-01", **files).press("Save and look through", 422)
    mine.told("obtained_on", "The date of the certificate lies in the future.").seen("claim-future")
    assert mine.value("exam_number") == NUMBER
    mine.fill(obtained_on="2025-11-20", **files).press("Save and look through").seen("claim-draft")
    mine.follow("Hand in to the bureau").press("Hand in to the bureau")
    return Claim.objects.get(person__user=user)
