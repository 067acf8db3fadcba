"""Class hours asked for, year by year: general subjects of the bureau, professional ones of the departments."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy

from appraisal_portal import law
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.access import has_role
from appraisal_portal.kernel.views import VisibleList
from committees.plans import access as who
from committees.plans.forms.hours import HoursForm, IndustryForm
from committees.plans.models import HoursRequirement, Industry

from .editing import DraftPage

READS = who.reads_bureau | has_role("forwarder")


class HoursList(VisibleList):
    """All rows, the newest year first; whoever enters them finds the way to add and change."""

    access = READS
    model = HoursRequirement
    template_name = "plans/hours_list.html"

    def get_queryset(self) -> Any:
        """With industry and department."""
        return (
            super()
            .get_queryset()
            .select_related("industry__series", "industry__subfield", "industry__department", "entered_by")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Rows with whether this reader may change them, the published totals, the industries."""
        user = self.request.user
        context = super().get_context_data(**kwargs)
        mine = user.acts_as("forwarder")
        industries = Industry.objects.select_related("series", "subfield", "department")
        own = mine and industries.filter(department=user.acting_organisation_id).exists()
        context |= {
            "rows": [(row, who.enters_hours(user, row)) for row in context["page_obj"]],
            "may_enter": who.enters_hours(user, None) and not (mine and not own),
            "unnamed": who.enters_hours(user, None) and mine and not own,
            "rule": law.rule("education.hours", clock.today()),
            "industries": industries,
            "may_assign": who.is_bureau_reviewer(user),
        }
        return context


class HoursEdit(DraftPage):
    """A requirement, new or changed."""

    access = who.enters_hours
    form_class = HoursForm
    heading = gettext_lazy("Class hours asked for")
    back = "plans:hours-list"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The row of the address, if it is the reader's own."""
        kwargs = {**super().get_form_kwargs(), "user": self.request.user}
        if "pk" in self.kwargs:
            row = get_object_or_404(HoursRequirement.objects.select_related("industry"), pk=self.kwargs["pk"])
            refused = who.enters_hours.why_not(self.request.user, row)
            if refused:
                raise PermissionDenied(" ".join(refused))
            kwargs["instance"] = row
        return kwargs

    def save(self, form: HoursForm) -> HoursRequirement:
        """As typed, by whom and when."""
        form.instance.entered_by, form.instance.entered_at = self.request.user, clock.now()
        row: HoursRequirement = form.save()
        return row

    def url_of(self, row: Any) -> str:
        """The list."""
        return reverse("plans:hours-list")


class IndustryNew(DraftPage):
    """Name the department that speaks for an industry."""

    access = who.is_bureau_reviewer
    form_class = IndustryForm
    heading = gettext_lazy("Department of an industry")
    back = "plans:hours-list"

    def save(self, form: IndustryForm) -> Industry:
        """Store the assignment."""
        row: Industry = form.save()
        return row

    def url_of(self, row: Any) -> str:
        """The list."""
        return reverse("plans:hours-list")
