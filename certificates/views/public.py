"""What anybody may read: the check of one certificate and the result notices. Touches neither session nor user."""

import datetime as dt
import time
from typing import Any

from django.conf import settings
from django.db.models import Value
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View, generic
from django.views.decorators.csrf import csrf_exempt

from appraisal_portal.kernel import clock, files, publiclog
from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.parts import public_page
from appraisal_portal.kernel.publiclog.views import proof_file
from appraisal_portal.kernel.views import AccessMixin, client_address
from certificates.forms.bureau import VerifyForm
from certificates.models import IssueDocument
from certificates.rules.issue import filed_shown, people_shown
from certificates.services import credentials, lookup, public_log
from certificates.views.verdict import shown
from committees.autonomous.models import FiledBatch

FLOOR_SECONDS = 0.15  # hit and miss answer after the same time


def limits(until: dt.datetime) -> dict[str, Any]:
    """What somebody is told who asked too often: how many are answered, and from when the next one is."""
    return {
        "an_hour": settings.PORTAL_LOOKUPS_PER_ADDRESS,
        "a_day": settings.PORTAL_LOOKUPS_PER_NUMBER,
        "until": clock.local(until).strftime("%Y-%m-%d %H:%M"),
    }


class PrivateAnswer:
    """An answer about one person stays out of caches, search engines and the address other sites are told."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Add the headers."""
        response = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        response["Referrer-Policy"] = "no-referrer"
        return response


@method_decorator(csrf_exempt, name="dispatch")  # reads only; a forged request learns and changes nothing
class VerifyView(PrivateAnswer, AccessMixin, generic.FormView):
    """Check by number, name and check code. One answer for every failure, after the same time."""

    access = PUBLIC
    form_class = VerifyForm
    template_name = "certificates/verify.html"

    def form_invalid(self, form: VerifyForm) -> HttpResponse:
        """Something was left empty."""
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def form_valid(self, form: VerifyForm) -> HttpResponse:
        """Count the attempt, look once, write the page, answer after the floor: a page that shows more takes longer."""
        started = time.monotonic()
        given = form.cleaned_data
        address = client_address(self.request) or ""
        until = lookup.refused_until(address=address, number=given["number"])
        if until:
            answer = {"limited": limits(until)}
        else:
            verdict = lookup.by_hand(given["number"], given["name"], given["code"])
            answer = {**shown(verdict), "asked": True}
        response = self.render_to_response(self.get_context_data(form=form, **answer)).render()
        time.sleep(max(0.0, FLOOR_SECONDS - (time.monotonic() - started)))
        return response


class TokenView(PrivateAnswer, AccessMixin, View):
    """Check by the QR code: 128 random bits, so nothing needs to be typed and nothing can be guessed."""

    access = PUBLIC

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """The verdict, or none with the same words for every cause."""
        verdict = lookup.by_token(token)
        said = shown(verdict)
        if verdict is not None and credentials.is_given():
            said["credential_url"] = reverse("certificates:verify-credential", args=[token])
        main = get_template("certificates/verdict.html").template.render(Context(said))
        return HttpResponse(public_page(request, title=_("Result of the check"), main=main, indexed=False))


class ProofDownload(PrivateAnswer, AccessMixin, View):
    """The inclusion proof of a certificate that was just checked, for ``check_log.py proof``."""

    access = PUBLIC

    def get(self, request: HttpRequest, ticket: str) -> HttpResponseBase:
        """404 for a ticket that is none or older than an hour: whoever checks again gets a new one."""
        proof = lookup.proof(ticket)
        if proof is None:
            raise Http404
        return proof_file(proof)


class CheckedPhoto(PrivateAnswer, AccessMixin, View):
    """The photograph beside a verdict, if the holder shows it."""

    access = PUBLIC

    def get(self, request: HttpRequest, ticket: str) -> HttpResponseBase:
        """404 once it is switched off, or an hour after the check."""
        data = lookup.photo(ticket)
        if data is None:
            raise Http404
        return files.attachment(data, "photo.jpg", files.CONTENT_TYPES["photo"])


class ResultList(AccessMixin, generic.ListView):
    """Results (评审结果公布), newest first: notices of the bureau, and what units with their own appraisal filed."""

    access = PUBLIC
    published = True
    template_name = "certificates/result_list.html"
    paginate_by = 50

    def get_queryset(self) -> Any:
        """Kind, key and day of both, asked together."""
        bureau, units = (
            rows.order_by().annotate(kind=Value(kind)).values_list("kind", "pk", "published_on")
            for kind, rows in (("bureau", IssueDocument.objects.published()), ("unit", FiledBatch.objects.published()))
        )
        return bureau.union(units, all=True).order_by("-published_on", "kind", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``results`` of the page: heading, number, day, address."""
        context = super().get_context_data(**kwargs)
        page = list(context["page_obj"])
        found = {
            "bureau": IssueDocument.objects.in_bulk([pk for kind, pk, _day in page if kind == "bureau"]),
            "unit": FiledBatch.objects.with_names().in_bulk([pk for kind, pk, _day in page if kind == "unit"]),
        }
        rows = [(kind, found[kind][pk], day) for kind, pk, day in page]
        return {**context, "results": [(row, day, reverse(_PAGES[kind], args=[row.pk])) for kind, row, day in rows]}


_PAGES = {"bureau": "certificates:result-detail", "unit": "certificates:result-filed"}


def _table(people: list[dict[str, str]]) -> dict[str, Any]:
    columns = [
        {"label": label}
        for label in (_("No."), _("Name"), _("Work unit"), _("Title"), _("Specialty"), _("Date obtained"))
    ]
    rows = [
        [place, f"{row['name']} ({row['beside']})" if row["beside"] else row["name"], row["employer"], row["title"],
         row["specialty"], row["qualified_on"]]
        for place, row in enumerate(people, 1)
    ]  # fmt: skip
    return {"columns": columns, "rows": rows}


class ResultDetail(AccessMixin, generic.DetailView):
    """One result notice with its list: name, unit, title, specialty, date; never an identity number."""

    access = PUBLIC
    published = True
    template_name = "certificates/result_detail.html"
    queryset = IssueDocument.objects.published()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The table of the list, and where the document stands in the public log."""
        logged = publiclog.entry_of(public_log.DOCUMENT, self.object.pk)
        return super().get_context_data(**_table(people_shown(self.object.rows())), logged=logged, **kwargs)


class ResultProof(AccessMixin, View):
    """The inclusion proof of a published document, for ``check_log.py proof``."""

    access = PUBLIC
    kind = public_log.DOCUMENT
    published = IssueDocument.objects.published

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """404 in the minute before it is logged."""
        row = get_object_or_404(type(self).published(), pk=pk)
        logged = publiclog.entry_of(self.kind, row.pk)
        if logged is None:
            raise Http404
        return proof_file(publiclog.proof(logged))


class ResultFiled(AccessMixin, generic.DetailView):
    """Results of a unit that appraises its own staff, public from the day they were taken on record."""

    access = PUBLIC
    published = True
    template_name = "certificates/result_filed.html"
    queryset = FiledBatch.objects.published().with_names().select_related("plan__delegation__authority")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The table of the list, and where it stands in the public log."""
        logged = publiclog.entry_of(public_log.FILED, self.object.pk)
        rows = self.object.rows.select_related("person", "title").order_by("seq")
        people = filed_shown(rows, self.object.plan.delegation.unit.name)
        return super().get_context_data(**_table(people), logged=logged, **kwargs)


class FiledProof(ResultProof):
    """The same of results a unit filed."""

    access = PUBLIC
    kind = public_log.FILED
    published = FiledBatch.objects.published


class ResultDownload(AccessMixin, View):
    """The published document as PDF."""

    access = PUBLIC

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The stored bytes, checked by their hash."""
        document = get_object_or_404(IssueDocument.objects.published().select_related("document"), pk=pk)
        if document.document is None:
            raise Http404
        return files.serve(document.document)
