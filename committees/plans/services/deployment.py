"""Drafts of a county bureau's deployment of the plan."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from appraisal_portal.accounts.models import Organisation
from appraisal_portal.kernel.workflow import Blocked
from committees.plans.models import Deployment, ReviewPlan


def plan_to_deploy() -> ReviewPlan | None:
    """The newest published plan."""
    return ReviewPlan.objects.filter(status="published").order_by("-year", "-version").first()


def new_deployment(county: Organisation, plan: ReviewPlan) -> Deployment:
    """An unsaved draft; it begins with what the county wrote last."""
    last = Deployment.objects.filter(county=county).order_by("-pk").first()
    row = Deployment(county=county, plan=plan)
    row.title = _("How {county} carries out the review plan of {year}").format(county=county, year=plan.year)
    if last is not None:
        row.body, row.contact, row.lead_days = last.body, last.contact, last.lead_days
    return row


@transaction.atomic
def save_deployment(row: Deployment) -> Deployment:
    """Store a new or changed draft. Raises Blocked when it was published meanwhile, or a colleague made one."""
    if row.pk is not None:
        status = Deployment.objects.select_for_update().values_list("status", flat=True).get(pk=row.pk)
        if status != Deployment.Status.DRAFT:
            raise Blocked(_("This has been published and cannot be changed any more."))
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Blocked(_("A colleague has just made a draft for this plan. Please look at the list.")) from error
    return row


def counties_without(plan: ReviewPlan) -> list[Organisation]:
    """County bureaus in use that have not deployed this plan yet."""
    done = Deployment.objects.in_force().filter(plan=plan).values("county")
    counties = Organisation.objects.active().filter(kind=Organisation.Kind.COUNTY_BUREAU)
    return list(counties.exclude(pk__in=done).order_by("pk"))
