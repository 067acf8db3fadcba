"""What the holder of a certificate decides about it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views import View

from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.views import VisibleObjectMixin, client_address
from certificates.models import Certificate, Disclosure
from certificates.services import disclosures
from certificates.workflow import DISCLOSURE


class DisclosureSwitch(VisibleObjectMixin, View):
    """Shows or hides unit or photograph at checks; only the holder's own."""

    access = SIGNED_IN
    model = Certificate
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, what: str) -> HttpResponse:
        """Back to the certificate, with what holds now."""
        rows = self.get_queryset().filter(person__user=request.user.pk)
        certificate = get_object_or_404(rows, pk=pk)
        if what not in Disclosure.What.values:
            raise Http404
        on = request.POST.get("shown") == "1"
        disclosures.switch(certificate, what, shown=on, user=request.user, address=client_address(request))
        said = _("Everybody who checks this certificate sees it from now on.") if on else _("It is not shown any more.")
        messages.success(request, said)
        return redirect(certificate)


def switches(certificate: Certificate) -> list[dict[str, Any]]:
    """Both switches as the page draws them."""
    on = set(certificate.disclosures.filter(status=Disclosure.Status.SHOWN).values_list("what", flat=True))
    return [
        {
            "what": what,
            "label": label,
            "shown": what in on,
            "state": Disclosure.Status.SHOWN.label if what in on else Disclosure.Status.HIDDEN.label,
            "action": DISCLOSURE.transitions["hide" if what in on else "show"].label,
        }
        for what, label in Disclosure.What.choices
    ]
