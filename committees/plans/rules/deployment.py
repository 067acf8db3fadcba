"""What must hold before a county bureau publishes its deployment of the plan (notice IV(1))."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from appraisal_portal.kernel.workflow import Problem

if TYPE_CHECKING:
    from appraisal_portal.kernel.workflow import Act
    from committees.plans.models import Deployment


def deploys_the_plan_in_force(deployment: "Deployment", act: "Act") -> Iterator[Problem]:
    """Of a plan that everybody can read and that no newer version has replaced."""
    if deployment.plan.status != "published":
        yield Problem(
            _("{plan} is not the published plan of the year any more. Please prepare the deployment of the new one.")
            .format(plan=deployment.plan)
        )  # fmt: skip


def deployment_complete(deployment: "Deployment", act: "Act") -> Iterator[Problem]:
    """Heading, text and somebody who answers questions."""
    for name, words in (
        ("title", _("Enter a heading.")),
        ("body", _("Enter the text.")),
        ("contact", _("Enter who answers questions, with the telephone number.")),
    ):
        if not getattr(deployment, name).strip():
            yield Problem(words, field=name)


def something_left_to_deploy(deployment: "Deployment", act: "Act") -> Iterator[Problem]:
    """In time: for work units at least one line of the plan is still to come or under way."""
    if not deployment.days_now():
        yield Problem(_("For work units every line of this plan is over: it is too late to deploy it."))
