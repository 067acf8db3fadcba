"""The standing body of a committee (常设评审机构): who sits on it, named by the committee's office."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.views import FormPage, VisibleObjectMixin
from committees.plans import access as who
from committees.plans.forms.standing import StandingForm
from committees.plans.models import Committee, SeatKind, kinds_on
from committees.plans.services import standing


def shown(committee: Committee) -> list[tuple[Any, list[str]]]:
    """Each kind with the names that stand for it today."""
    kinds = kinds_on(committee, clock.today())
    names = {user.pk: user.full_name for user in standing.people(kinds)}
    return [
        (capfirst(kind.label), sorted(names[user] for user, held in kinds.items() if kind.value in held))
        for kind in SeatKind
    ]


class EditStanding(VisibleObjectMixin, FormPage):
    """Name the body: members of the term and discipline inspection, each with the kind they stand for."""

    access = who.is_office
    model = Committee
    form_class = StandingForm
    template_name = "plans/standing.html"

    @cached_property
    def committee(self) -> Committee:
        """The office's own committee."""
        found: Committee = get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])
        refused = who.is_own_office.why_not(self.request.user, found)
        if refused:
            raise PermissionDenied(" ".join(refused))
        return found

    def get_form_kwargs(self) -> dict[str, Any]:
        """Everybody who can be named, with what they stand for now."""
        held = {seat.user_id: seat.kind for seat in self.committee.standing_seats.filter(until=None)}
        people = standing.candidates(self.committee, clock.today())
        return {**super().get_form_kwargs(), "people": people, "held": held}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which committee, and what the body lacks."""
        return super().get_context_data(committee=self.committee, kinds=shown(self.committee), **kwargs)

    def form_valid(self, form: StandingForm) -> HttpResponse:
        """Store it; what is still missing is said on the committee's page."""
        standing.name_body(self.committee, form.kinds())
        messages.success(self.request, _("The standing body has been saved."))
        return redirect(self.committee)
