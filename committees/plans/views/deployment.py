"""How the counties deploy the plan: the county bureau's desk, what the bureau sees of it, the public page."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import generic

from appraisal_portal.kernel.views import VisibleDetail, VisibleList
from committees.plans import access as who
from committees.plans.forms.deployment import DeploymentForm
from committees.plans.models import Deployment, DeploymentDay
from committees.plans.services import deployment as service
from committees.plans.workflow import DEPLOYMENT

from .editing import DraftPage
from .public import PublicPage


def days_of(row: Deployment) -> list[DeploymentDay]:
    """What was written down at publication; for a draft what would be."""
    if row.status == Deployment.Status.DRAFT:
        return row.days_now()
    return list(row.days.select_related("line__committee"))


class DeploymentList(VisibleList):
    """A county's own deployments; for the bureau and the supervisor all counties', with those that are missing."""

    access = who.reads_deployments
    model = Deployment
    template_name = "plans/deployment_list.html"

    def get_queryset(self) -> Any:
        """A county sees its own here; what others have published stands on the public page of the plan."""
        rows = super().get_queryset().select_related("county", "plan")
        user = self.request.user
        return rows.filter(county=user.acting_organisation_id) if who.is_county(user) else rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The plan to deploy, whether the county still has to, which counties have not."""
        user, plan = self.request.user, service.plan_to_deploy()
        missing = service.counties_without(plan) if plan else []
        county = who.is_county(user)
        return super().get_context_data(
            plan=plan,
            county=county,
            to_do=county and any(one.pk == user.acting_organisation_id for one in missing),
            missing=missing,
            **kwargs,
        )


class DeploymentNew(DraftPage):
    """Prepare the deployment of the plan that is in force."""

    access = who.is_county
    form_class = DeploymentForm
    heading = gettext_lazy("Deployment of the plan in our county")
    back = "plans:deployment-list"

    @cached_property
    def row(self) -> Deployment:
        """A new one for the newest plan; the county's draft for it, where there is one."""
        plan, county = service.plan_to_deploy(), self.request.user.acting.organisation  # type: ignore[union-attr]
        if plan is None:
            raise Http404(_("There is no published plan to deploy."))
        draft = Deployment.objects.filter(county=county, plan=plan, status="draft").first()
        return draft or service.new_deployment(county, plan)

    def get_form_kwargs(self) -> dict[str, Any]:
        """The row to fill in."""
        return {**super().get_form_kwargs(), "instance": self.row}

    def save(self, form: DeploymentForm) -> Deployment:
        """Store the draft."""
        return service.save_deployment(form.save(commit=False))


class DeploymentEdit(DeploymentNew):
    """Change the draft."""

    @cached_property
    def row(self) -> Deployment:
        """The county's own draft."""
        own = Deployment.objects.visible_to(self.request.user).filter(county=self.request.user.acting_organisation_id)  # type: ignore[union-attr]
        return get_object_or_404(own, pk=self.kwargs["pk"], status="draft")

    def get_back_url(self) -> str:
        """Its page."""
        return self.row.get_absolute_url()


class DeploymentDetail(VisibleDetail):
    """One deployment with its days, for the county and the bureau."""

    access = who.reads_deployments
    model = Deployment
    workflow = DEPLOYMENT
    do_url = "plans:deployment-do"
    template_name = "plans/deployment_detail.html"

    def get_queryset(self) -> Any:
        """With county and plan."""
        return super().get_queryset().select_related("county", "plan")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The days, and whether the reader may change them."""
        row = self.object
        may_edit = row.status == Deployment.Status.DRAFT and who.is_county(self.request.user, row)
        return super().get_context_data(days=days_of(row), may_edit=may_edit, **kwargs)


class DeploymentPublic(PublicPage, generic.DetailView):
    """A published deployment; one that was replaced says by which."""

    template_name = "plans/deployment_public.html"

    def get_queryset(self) -> Any:
        """Published ones, and those replaced since."""
        return Deployment.objects.public().select_related("county", "plan")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The days, and the one in force where this is not it."""
        row, newer = self.object, None
        if row.status == Deployment.Status.SUPERSEDED:
            newer = Deployment.objects.in_force().filter(county=row.county_id, plan__year=row.plan.year).first()
        return super().get_context_data(days=days_of(row), newer=newer, **kwargs)
