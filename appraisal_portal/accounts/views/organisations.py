"""Organisations and employments: register, ask, confirm."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.db.models import Case, Value, When
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal.accounts import access, forms
from appraisal_portal.accounts.forms.fields import put_problems
from appraisal_portal.accounts.models import Employment, Membership, Organisation, UnitSeal
from appraisal_portal.accounts.views.base import WordedForm
from appraisal_portal.accounts.workflow import EMPLOYMENT, ORGANISATION
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.views import VisibleDetail, VisibleList, client_address
from appraisal_portal.kernel.workflow import Refused, Workflow


class _Fires(WordedForm):
    """A form whose valid data make a new object by its workflow's first transition."""

    workflow: Workflow
    transition = ""

    def make(self, form: Any) -> Any:
        """The unsaved object."""
        raise NotImplementedError

    def form_valid(self, form: Any) -> HttpResponse:
        """Every reason why not stands at its field; a second post of the same is told like a first."""
        row = self.make(form)
        try:
            self.workflow.fire(row, self.transition, actor=self.request.user, address=client_address(self.request))
        except Refused as error:
            put_problems(form, error.problems)
            return self.form_invalid(form)
        except IntegrityError:
            form.add_error(
                None, _("This has just been stored by another request. Look at the list before trying again.")
            )
            return self.form_invalid(form)
        messages.success(
            self.request, _("Done: {action}").format(action=self.workflow.transitions[self.transition].label)
        )
        return redirect(row.get_absolute_url())


# -- organisations ---------------------------------------------------------------------------------------------------


class OrganisationList(VisibleList):
    """Who takes part; those to approve stand first."""

    access = access.reads_accounts | access.acts_for_county
    model = Organisation
    template_name = "accounts/organisation_list.html"

    def get_queryset(self) -> Any:
        """By kind and words of the address; waiting ones first. A county bureau finds its own units."""
        rows = super().get_queryset().select_related("forwarder")
        if access.acts_for_county(self.request.user):
            rows = rows.filter(forwarder=self.request.user.acting_organisation_id)  # type: ignore[union-attr]
        self.kind, self.asked = self.request.GET.get("kind", ""), self.request.GET.get("q", "").strip()[:100]
        if self.kind in Organisation.Kind.values:
            rows = rows.filter(kind=self.kind)
        if self.asked:
            rows = rows.filter(name__icontains=self.asked)
        return rows.order_by(Case(When(status="waiting", then=Value(0)), default=Value(1)), "kind", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The table and what was asked."""
        context = super().get_context_data(**kwargs)
        columns = (_("Organisation"), _("Kind"), _("Kind of employer"), _("County"), _("Forwards through"), _("Status"))
        context["columns"] = [{"label": label} for label in columns]
        context["rows"] = [
            [
                {"text": row.name, "url": row.get_absolute_url()},
                capfirst(row.get_kind_display()),
                capfirst(row.get_employer_kind_display()),
                row.county,
                row.forwarder.name if row.forwarder else "",
                {"tag": row},
            ]
            for row in context["page_obj"]
        ]
        context |= {"kinds": Organisation.Kind.choices, "kind": self.kind, "asked": self.asked}
        return context


class OrganisationAdd(_Fires):
    """Register a unit or agency, or for the bureau any other body."""

    access = SIGNED_IN
    form_class = forms.OrganisationForm
    workflow = ORGANISATION
    transition = "register"
    heading = gettext_lazy("Register an organisation")
    intro = gettext_lazy("The bureau checks the data and approves. Until then nobody can choose it.")
    submit = gettext_lazy("Register the organisation")

    def get_form_kwargs(self) -> dict[str, Any]:
        """The kinds open to this user."""
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_back_url(self) -> str:
        """The account."""
        return reverse("accounts:account-detail")

    def make(self, form: Any) -> Organisation:
        """As typed."""
        row: Organisation = form.save(commit=False)
        return row


class OrganisationDetail(VisibleDetail):
    """One organisation with its members (for those who may see them) and decisions."""

    access = SIGNED_IN
    model = Organisation
    workflow = ORGANISATION
    do_url = "accounts:organisation-do"
    template_name = "accounts/organisation_detail.html"

    def get_queryset(self) -> Any:
        """With its forwarder."""
        return super().get_queryset().select_related("forwarder", "registered_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Data and members."""
        row = self.object
        fields = [
            (_("Kind"), capfirst(row.get_kind_display())),
            (_("Unified social credit code"), row.credit_code),
            (_("Kind of employer"), capfirst(row.get_employer_kind_display())),
            (_("County"), row.county or _("municipal")),
            (_("Belongs to another prefecture or to the province"), _("yes") if row.elsewhere else ""),
            (_("Forwards through"), row.forwarder or _("none: straight to the committee office")),
            (_("Registered by"), row.registered_by or ""),
        ]
        members = Membership.objects.visible_to(self.request.user).filter(organisation=row).active()
        return super().get_context_data(
            fields=[(label, value) for label, value in fields if value],
            members=members.select_related("user").order_by("role", "pk")[:100],
            seal_url=self._seal_url(row),
            **kwargs,
        )

    def _seal_url(self, row: Organisation) -> str:
        """Where its newest electronic seal can be read, for whoever may."""
        seal = UnitSeal.objects.visible_to(self.request.user).filter(unit=row).first()
        return seal.get_absolute_url() if seal else ""


# -- employments -----------------------------------------------------------------------------------------------------


class EmploymentList(VisibleList):
    """For a unit: who says to work there, those to confirm first. For a person: the own ones."""

    access = SIGNED_IN
    model = Employment
    template_name = "accounts/employment_list.html"

    def get_queryset(self) -> Any:
        """Asked ones first."""
        rows = super().get_queryset().select_related("person", "unit")
        return rows.order_by(Case(When(status="asked", then=Value(0)), default=Value(1)), "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The table; before the unit has confirmed it sees the name and nothing else."""
        context = super().get_context_data(**kwargs)
        columns = (_("Name"), _("Work unit"), _("Post"), _("Working there since"), _("Kind of staff"), _("Status"))
        context["columns"] = [{"label": label} for label in columns]
        context["rows"] = [
            [
                {"text": row.person.name, "url": row.get_absolute_url()},
                row.unit.name,
                row.post or "—",
                row.starts_on.isoformat(),
                capfirst(row.get_confirmed_kind_display()),
                {"tag": row},
            ]
            for row in context["page_obj"]
        ]
        context["may_ask"] = access.is_the_person(self.request.user)
        return context


class EmploymentAdd(_Fires):
    """Choose the unit and ask it to confirm."""

    access = access.is_the_person
    form_class = forms.EmploymentForm
    template_name = "accounts/employment_form.html"
    workflow = EMPLOYMENT
    transition = "ask"
    heading = gettext_lazy("My work unit")
    intro = gettext_lazy(
        "The unit confirms that you work there. Before that it sees your name, the post and the date only."
    )
    submit = gettext_lazy("Ask the unit to confirm")

    def get_back_url(self) -> str:
        """The list."""
        return reverse("accounts:employment-list")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Names for the browser's completion."""
        units = Organisation.objects.active().employers().order_by("pk").values_list("name", flat=True)[:200]
        return super().get_context_data(units=units, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Whose employments can be left."""
        return {**super().get_form_kwargs(), "person": self.request.user.person}

    def make(self, form: Any) -> Employment:
        """As typed."""
        return Employment(person=self.request.user.person, **form.cleaned_data)


class EmploymentDetail(VisibleDetail):
    """One employment: for the person and the unit."""

    access = SIGNED_IN
    model = Employment
    workflow = EMPLOYMENT
    do_url = "accounts:employment-do"
    template_name = "accounts/employment_detail.html"

    def get_queryset(self) -> Any:
        """With person and unit."""
        return super().get_queryset().select_related("person", "unit", "confirmed_by", "replaces__unit")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What both sides said; personal data only once confirmed."""
        row = self.object
        fields = [
            (_("Name"), row.person.name),
            (_("Work unit"), row.unit),
            (_("Post"), row.post),
            (_("Working there since"), row.starts_on),
            (_("Left on"), row.ends_on),
            (_("Comes from"), row.replaces.unit if row.replaces else None),
            (_("Kind of staff"), capfirst(row.get_confirmed_kind_display())),
            (_("Confirmed by"), row.confirmed_by),
        ]
        if row.status in ("confirmed", "ended"):
            fields.insert(1, (capfirst(row.person.get_id_kind_display()), row.person.masked_id_number))
        return super().get_context_data(fields=[(label, value) for label, value in fields if value], **kwargs)
