"""The office writes down which relief and which classes a standard of its committee has."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views import View

from appraisal_portal.kernel.views import AccessMixin
from appraisal_portal.kernel.workflow import Refused
from committees.plans import access as who
from committees.plans import services
from committees.plans.forms.conditions import rows_of
from committees.plans.models import StandardVersion

from .editing import draft_of


class EditConditions(AccessMixin, View):
    """Relief (倾斜) and classes of applicants (申报类别) of a draft."""

    access = who.is_office
    template_name = "plans/conditions.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What stands there, and an empty row of each kind."""
        version: StandardVersion = draft_of(StandardVersion, request.user, pk)
        return self._page(version, rows_of(version))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Store both lists, or say at its place what is wrong."""
        version: StandardVersion = draft_of(StandardVersion, request.user, pk)
        found = rows_of(version, request.POST)
        if not all([formset.is_valid() for formset in found.values()]):
            return self._page(version, found, status=422)
        for name, formset in found.items():
            setattr(version, name, formset.rows())
        try:
            services.save_draft(version)
        except Refused as error:  # submitted in the meantime
            return self._page(version, found, status=409, refused=error.problems)
        messages.success(request, _("Saved."))
        return redirect("plans:version-conditions" if "stay" in request.POST else version, *self._again(version))

    def _again(self, version: StandardVersion) -> tuple[int, ...]:
        return (version.pk,) if "stay" in self.request.POST else ()

    def _page(self, version: StandardVersion, found: dict[str, Any], *, status: int = 200, **more: Any) -> HttpResponse:
        context = {"object": version, **found, **more}
        return render(self.request, self.template_name, context, status=status)
