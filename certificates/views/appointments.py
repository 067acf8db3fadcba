"""Appointments to posts (聘任): the unit enters and confirms them inside its post structure."""

from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from appraisal_portal.accounts.forms.fields import put_problems
from appraisal_portal.accounts.models import PostStructure
from appraisal_portal.accounts.services import with_taken
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.views import FormPage, VisibleDetail, VisibleList, client_address
from appraisal_portal.kernel.workflow import Blocked
from certificates.access import is_clerk_of_unit, reads_appointments
from certificates.forms.appointment import AppointmentForm
from certificates.models import Appointment
from certificates.services import appointments
from certificates.workflow import APPOINTMENT


def _structures(unit: int) -> list[Any]:
    """The unit's posts of today with what is taken."""
    day = clock.today()
    return with_taken(PostStructure.objects.on(day).ranked().filter(unit=unit), day, day)


def _now(row: Appointment) -> str:
    """The post the person holds in the unit today."""
    found = Appointment.objects.filter(pk=row.pk)
    return capfirst(appointments.post_words(appointments.with_post(found, F("unit"), "certificate__person").get()))


class AppointmentList(VisibleList):
    """The unit's appointments under its posts of today; the bureau's list of all."""

    access = reads_appointments
    model = Appointment
    template_name = "certificates/appointment_list.html"

    def get_queryset(self) -> Any:
        """With what the rows name."""
        rows = super().get_queryset().select_related("certificate__person", "certificate__title", "unit", "holding")
        return appointments.with_post(rows, F("unit"), "certificate__person")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The posts, what each person holds today, and whether an appointment can be entered."""
        user: Any = self.request.user
        unit = user.acting.organisation if user.acts_as("unit_clerk", "unit_head") else None
        structures = _structures(unit.pk) if unit else []
        context = super().get_context_data(**kwargs)
        for row in context["page_obj"]:
            row.holds_now = capfirst(appointments.post_words(row))
        context |= {
            "unit": unit,
            "structures": structures,
            "can_enter": bool(structures) and is_clerk_of_unit(user),
        }
        return context


class AppointmentNew(FormPage):
    """The clerk enters an appointment; the head confirms it."""

    access = is_clerk_of_unit
    form_class = AppointmentForm
    template_name = "certificates/appointment_form.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The people of the unit who can be appointed."""
        unit = self.request.user.acting_organisation_id
        return {**super().get_form_kwargs(), "candidates": appointments.candidates(unit)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The posts of today."""
        unit = self.request.user.acting.organisation
        return super().get_context_data(unit=unit, structures=_structures(unit.pk), **kwargs)

    def form_valid(self, form: AppointmentForm) -> HttpResponse:
        """Enter it, or every reason at its field."""
        user: Any = self.request.user
        try:
            row = appointments.propose(
                **form.cleaned_data, unit=user.acting.organisation, user=user, address=client_address(self.request)
            )
        except Blocked as error:
            put_problems(form, error.problems)
            return self.form_invalid(form)
        messages.success(self.request, _("Entered. The head of the unit has been told and confirms it."))
        return redirect(row)


class AppointmentDetail(VisibleDetail):
    """One appointment: who, on which certificate, to which post, from when to when."""

    access = SIGNED_IN
    model = Appointment
    workflow = APPOINTMENT
    do_url = "certificates:appointment-do"
    template_name = "certificates/appointment_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The entries and the posts of the level."""
        context = super().get_context_data(**kwargs)
        row, user = self.object, self.request.user
        until = row.holding.ends_on if row.holding else row.ends_on
        context["actions"].sort(key=lambda action: action["url"].rsplit("/", 2)[-2] != "confirm")
        return {
            **context,
            "fields": [
                (_("Name"), row.certificate.person.name),
                (_("Title"), row.certificate.title.name),
                (_("Certificate"), row.certificate.number),
                (_("Work unit"), row.unit.name),
                (_("Level of the post"), capfirst(row.get_level_display())),
                *([(_("Holds now"), _now(row))] if row.status == Appointment.Status.PROPOSED else []),
                (_("Appointed from"), row.starts_on.isoformat()),
                (_("Appointed until"), until.isoformat() if until else _("no fixed end")),
            ],
            "structures": [each for each in _structures(row.unit_id) if each.level == row.level],
            "reads_list": reads_appointments(user),
            "revoked": row.certificate.status == "revoked" and row.status == Appointment.Status.IN_FORCE,
            "history": context["history"] if reads_appointments(user) else [],
        }
