"""Electronic seals of units: the head proposes and ends, the bureau that approves units decides (decision 85)."""

from typing import Any

from django.contrib import messages
from django.db import IntegrityError
from django.db.models import Case, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from appraisal_portal.accounts import access
from appraisal_portal.accounts.documents import SEAL_AUTHORISATION
from appraisal_portal.accounts.forms.fields import put_problems
from appraisal_portal.accounts.forms.seals import UnitSealForm
from appraisal_portal.accounts.models import UnitSeal
from appraisal_portal.accounts.services import seals
from appraisal_portal.accounts.views.base import WordedForm
from appraisal_portal.accounts.workflow import UNIT_SEAL
from appraisal_portal.kernel import clock, documents, files
from appraisal_portal.kernel.days import last_day_said
from appraisal_portal.kernel.views import (
    AccessMixin,
    VisibleDetail,
    VisibleList,
    VisibleObjectMixin,
    client_address,
)
from appraisal_portal.kernel.workflow import Refused

READS = access.is_unit_head | access.acts_for_county | access.is_bureau | access.is_supervisor


class UnitSealList(VisibleList):
    """For a head what the unit has proposed; for the bureau those of all units. What waits stands first."""

    access = READS
    model = UnitSeal
    template_name = "accounts/unitseal_list.html"

    def get_queryset(self) -> Any:
        """By the name of the unit when asked."""
        rows = super().get_queryset().select_related("unit", "proposed_by")
        self.asked = self.request.GET.get("q", "").strip()[:100]
        if self.asked:
            rows = rows.filter(unit__name__icontains=self.asked)
        places = {"proposed": 0, "in_use": 1}
        order = Case(*(When(status=status, then=Value(place)) for status, place in places.items()), default=Value(2))
        return rows.order_by(order, "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The table, and what the head can do from here."""
        context, own = super().get_context_data(**kwargs), access.is_unit_head(self.request.user)
        columns = (_("Unit"), _("Status"), _("Registration number"), _("Day of the proposal"), _("Decision by"))
        context["columns"] = [{"label": label} for label in columns]
        context["rows"] = [
            [
                {"text": row.unit.name, "url": row.get_absolute_url()},
                {"tag": row},
                row.number or "—",
                clock.local(row.proposed_at).date().isoformat(),
                row.decide_by.isoformat() if row.status == UnitSeal.Status.PROPOSED else "—",
            ]
            for row in context["page_obj"]
        ]
        mine = list(context["page_obj"]) if own else []
        context |= {
            "own": own,
            "asked": self.asked,
            "in_use": next((row for row in mine if row.status == UnitSeal.Status.IN_USE), None),
            "waiting": next((row for row in mine if row.status == UnitSeal.Status.PROPOSED), None),
        }
        return context


class UnitSealNew(WordedForm):
    """Two files, and the proposal is made."""

    access = access.is_unit_head
    form_class = UnitSealForm
    template_name = "accounts/unitseal_form.html"
    heading = gettext_lazy("Propose our electronic seal")
    submit = gettext_lazy("Propose the electronic seal")

    def get_back_url(self) -> str:
        """The list."""
        return reverse("accounts:unitseal-list")

    def form_valid(self, form: UnitSealForm) -> HttpResponse:
        """Keep both files and propose, or every reason at its field."""
        user: Any = self.request.user
        try:
            seal = seals.propose(
                user.acting.organisation, **form.given(), user=user, address=client_address(self.request)
            )
        except Refused as error:
            put_problems(form, error.problems)
            return self.form_invalid(form)
        except IntegrityError:
            form.add_error(
                None, _("This has just been stored by another request. Look at the list before trying again.")
            )
            return self.form_invalid(form)
        words = _("Proposed. The bureau compares picture and authorisation and decides by {day}.")
        messages.success(self.request, words.format(day=last_day_said(seal.decide_by)))
        return redirect(seal)


class UnitSealDetail(VisibleDetail):
    """One seal with both files, who proposed, who decided, and who acts next."""

    access = READS
    model = UnitSeal
    workflow = UNIT_SEAL
    do_url = "accounts:unitseal-do"
    template_name = "accounts/unitseal_detail.html"

    def get_queryset(self) -> Any:
        """With what the page names."""
        return (
            super()
            .get_queryset()
            .select_related("unit__forwarder", "picture", "authorisation", "proposed_by", "decided_by")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The facts to compare; where one waits, the seal it would replace."""
        row, user = self.object, self.request.user
        before = seals.seal_of(row.unit_id) if row.status == UnitSeal.Status.PROPOSED else None
        fields = [
            (_("Unit"), row.unit.name),
            (_("Unified social credit code"), row.unit.credit_code),
            (_("Registration number"), row.number),
            (_("Head who proposed it"), row.proposed_by),
            (_("Who approved it"), row.decided_by),
            (_("Replaces, once approved"), before.number if before else ""),
        ]
        return super().get_context_data(
            fields=[(label, value) for label, value in fields if value],
            own=access.heads_the_unit(user, row),
            decides=access.decides_seal(user, row),
            readable=[which for which in ("picture", "authorisation") if getattr(row, which).opens_for(user)],
            **kwargs,
        )


class UnitSealFile(VisibleObjectMixin, View):
    """The picture as it is printed, and the sealed authorisation."""

    access = READS
    model = UnitSeal

    def get(self, request: HttpRequest, pk: int, which: str) -> HttpResponseBase:
        """The stored bytes."""
        seal = get_object_or_404(self.get_queryset().select_related("picture", "authorisation"), pk=pk)
        if which not in ("picture", "authorisation") or not getattr(seal, which).opens_for(request.user):
            raise Http404
        return files.serve(getattr(seal, which))


class UnitSealPaper(AccessMixin, View):
    """The authorisation to be printed, signed and sealed once."""

    access = access.is_unit_head

    def get(self, request: HttpRequest) -> HttpResponse:
        """A PDF with the names of unit and head, made for this moment."""
        made = documents.render(SEAL_AUTHORISATION, request.user.acting)  # type: ignore[union-attr]
        return files.attachment(made.content, f"{made.snapshot['title']}.pdf", "application/pdf")
