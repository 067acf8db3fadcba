"""Correcting a certificate: the form with what it says, and the decision with old and new words side by side."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from appraisal_portal.kernel.views import FormPage, VisibleDetail, VisibleObjectMixin, client_address
from appraisal_portal.kernel.workflow import Refused
from certificates.access import is_reviewer, may_read
from certificates.forms.bureau import CorrectionForm
from certificates.models import Certificate, Correction
from certificates.services import correcting
from certificates.workflow import CORRECTION


class CorrectionNew(VisibleObjectMixin, FormPage):
    """Propose that a valid certificate says something else."""

    access = is_reviewer
    model = Certificate
    form_class = CorrectionForm
    template_name = "certificates/correction_form.html"

    @cached_property
    def certificate(self) -> Certificate:
        """The certificate, if the reader may see it."""
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def get_initial(self) -> dict[str, Any]:
        """What it says now."""
        printed = self.certificate.current.snapshot
        return {key: printed[key] for key in Correction.FIELDS}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which certificate."""
        return super().get_context_data(certificate=self.certificate, **kwargs)

    def form_valid(self, form: CorrectionForm) -> HttpResponse:
        """Propose; problems come back above the form."""
        try:
            correction = correcting.propose(
                self.certificate,
                changes=form.changes(self.certificate.current.snapshot),
                evidence=form.cleaned_data["evidence"],
                user=self.request.user,
                address=client_address(self.request),
            )
        except Refused as error:
            for problem in error.problems:
                form.add_error(problem.field or None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("The correction is proposed. A second person decides about it."))
        return redirect(correction)


def changes_of(correction: Correction) -> list[list[str]]:
    """Of each field that changes: its label, what the certificate said before this correction, what it shall say."""
    labels = {"name": _("Name"), "employer": _("Work unit"), "specialty": _("Specialty"),
              "qualified_on": _("Date obtained")}  # fmt: skip
    versions = correction.certificate.versions.order_by("-version")
    if correction.status == Correction.Status.DONE:
        versions = versions.filter(superseded_at__lte=correction.records.get(transition="finish").at)
    said = versions[0].snapshot
    return [[labels[key], said[key], correction.changes[key]] for key in labels if key in correction.changes]


class CorrectionDetail(VisibleDetail):
    """One correction: old and new words, evidence, who proposed, who decides."""

    access = may_read
    model = Correction
    workflow = CORRECTION
    do_url = "certificates:correction-do"
    template_name = "certificates/correction_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The words as they stood before this correction."""
        context = super().get_context_data(**kwargs)
        columns = [{"label": label} for label in (_("Field"), _("Says now"), _("Shall say"))]
        return {**context, "columns": columns, "rows": changes_of(self.object)}
