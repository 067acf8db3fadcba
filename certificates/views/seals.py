"""The bureau's own seal: the list, the upload, the decision, the picture."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views import View

from appraisal_portal.kernel import clock, files
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.views import FormPage, VisibleDetail, VisibleList, VisibleObjectMixin, client_address
from appraisal_portal.kernel.workflow import Refused
from certificates.access import is_reviewer, may_read
from certificates.forms.bureau import SealForm
from certificates.models import Certificate, Seal
from certificates.services import seals
from certificates.workflow import SEAL


class SealList(VisibleList):
    """Every seal there was, the newest first."""

    access = may_read
    model = Seal
    template_name = "certificates/seal_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows, and whether the reader may upload one."""
        context = super().get_context_data(**kwargs)
        columns = [{"label": label} for label in (_("Seal"), _("Status"), _("Proposed at"))]
        rows = [
            [
                {"text": seal.label, "url": seal.get_absolute_url()},
                {"tag": seal},
                clock.local(seal.proposed_at).date().isoformat(),
            ]
            for seal in context["page_obj"]
        ]
        return {**context, "columns": columns, "rows": rows, "may_upload": is_reviewer(self.request.user)}


class SealNew(FormPage):
    """Upload a picture of the seal and propose it."""

    access = is_reviewer
    form_class = SealForm
    template_name = "certificates/seal_form.html"

    def form_valid(self, form: SealForm) -> HttpResponse:
        """Keep it, or every reason at its field."""
        given, user = form.cleaned_data, self.request.user
        try:
            seal = seals.propose(
                label=given["label"], picture=given["picture"], user=user, address=client_address(self.request)
            )
        except files.UploadRefused as error:
            for problem in error.problems:
                form.add_error("picture", str(problem))
            return self.form_invalid(form)
        except Refused as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)
        messages.success(self.request, _("The seal is proposed. A second person decides about it."))
        return redirect(seal)


class SealDetail(VisibleDetail):
    """One seal with its picture, who proposed and who decides."""

    access = may_read
    model = Seal
    workflow = SEAL
    do_url = "certificates:seal-do"
    template_name = "certificates/seal_detail.html"


class SealPicture(VisibleObjectMixin, View):
    """The picture as it is printed."""

    access = may_read
    model = Seal

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The stored bytes."""
        return files.serve(get_object_or_404(self.get_queryset().select_related("picture"), pk=pk).picture)


class CertificateSeal(VisibleObjectMixin, View):
    """The seal a certificate was printed with, for the drawing its holder sees."""

    access = SIGNED_IN
    model = Certificate

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """404 where the neutral mark was printed."""
        certificate = get_object_or_404(self.get_queryset(), pk=pk)
        seal = seals.printed_on(certificate.current.snapshot)
        return files.serve(get_object_or_404(Seal, pk=seal.pk if seal else None).picture)
