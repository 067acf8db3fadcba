"""Organisations and employments."""

from appraisal_portal.accounts.models import Employment, Organisation
from appraisal_portal.accounts.workflow import EMPLOYMENT, ORGANISATION
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.views import VisibleDetail


class OrganisationDetail(VisibleDetail):
    """One organisation with its decisions."""

    access = SIGNED_IN
    model = Organisation
    workflow = ORGANISATION
    template_name = "accounts/organisation_detail.html"


class EmploymentDetail(VisibleDetail):
    """One employment: for the person and the unit."""

    access = SIGNED_IN
    model = Employment
    workflow = EMPLOYMENT
    template_name = "accounts/employment_detail.html"
