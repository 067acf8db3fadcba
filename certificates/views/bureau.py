"""The bureau's desk: documents, certificates, revocations."""

from typing import Any

from django.contrib import messages
from django.db.models import Count, F, Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views import View

from appraisal_portal.kernel import documents, files
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.views import FormPage, VisibleDetail, VisibleList, VisibleObjectMixin, client_address
from appraisal_portal.kernel.workflow import Refused
from certificates import exports
from certificates.access import is_bureau, is_reviewer, may_read
from certificates.documents import DATA
from certificates.forms.bureau import DocumentForm, RevocationForm
from certificates.models import Certificate, IssueDocument, IssueItem, Revocation
from certificates.services import batches, credentials, lines
from certificates.views import sheet
from certificates.views.batches import people_of
from certificates.views.holder import switches
from certificates.words import list_name
from certificates.workflow import CERTIFICATE, ISSUE_DOCUMENT, REVOCATION
from committees.autonomous.models import FiledBatch, FiledRow


class DocumentList(VisibleList):
    """Issue documents and their batches: those not published yet, then the newest."""

    access = may_read
    model = IssueDocument
    template_name = "certificates/document_list.html"

    def get_queryset(self) -> Any:
        """With their batches, two queries whatever their number."""
        newest = F("published_on").desc(nulls_first=True)
        return super().get_queryset().order_by(newest, "-pk").prefetch_related("batches")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``may_prepare``: whether the reader is led to a new one."""
        return super().get_context_data(may_prepare=is_reviewer(self.request.user), **kwargs)


class DocumentNew(FormPage):
    """Prepare a document over decided reports."""

    access = is_reviewer
    form_class = DocumentForm
    template_name = "certificates/document_form.html"

    def form_valid(self, form: DocumentForm) -> HttpResponse:
        """Store the draft."""
        document = batches.prepare_document(user=self.request.user, **form.cleaned_data)
        return redirect(document)


class DocumentDetail(VisibleDetail):
    """One document with everybody in it."""

    access = may_read
    model = IssueDocument
    workflow = ISSUE_DOCUMENT
    do_url = "certificates:document-do"
    template_name = "certificates/document_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The people and whether a batch can be made."""
        context = super().get_context_data(**kwargs)
        rows = self.object.rows()
        published, user = self.object.status == "published", self.request.user
        can_batch = published and is_reviewer(user)
        can_export = published and is_bureau(user)
        return {
            **context,
            **people_of(rows),
            "can_export": can_export,
            "being_made": exports.on_its_way(exports.OF_DOCUMENT, self.object) if can_export else None,
            "table": documents.current(self.object, DATA) if can_export else None,
            "count": len(rows),
            "can_batch": can_batch and not self.object.batches.exists(),
        }


class DocumentDownload(VisibleObjectMixin, View):
    """The PDF before publication."""

    access = may_read
    model = IssueDocument

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The stored bytes."""
        document = get_object_or_404(self.get_queryset().filter(document__isnull=False), pk=pk)
        return files.serve(document.document)


class CertificateList(VisibleList):
    """The certificates the reader may see; with one exact search by number or name."""

    access = SIGNED_IN
    model = Certificate
    template_name = "certificates/certificate_list.html"

    def get_queryset(self) -> Any:
        """Filtered by what was typed."""
        found = super().get_queryset().select_related("person", "title", "committee")
        asked = self._asked()
        if asked:
            found = found.filter(number=asked) | found.filter(person__name=asked)
        return found

    def _asked(self) -> str:
        return self.request.GET.get("q", "").replace("\0", "").strip()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The rows of the table."""
        context = super().get_context_data(**kwargs)
        labels = (_("Number"), _("Holder"), _("Status"), _("Title"), _("Committee"), _("Date obtained"))
        context["columns"] = [{"label": label} for label in labels]
        context["rows"] = [
            [
                {"text": c.number, "url": c.get_absolute_url(), "css": "nw"},
                c.person.name, {"tag": c}, c.title.name, capfirst(c.committee or c.get_source_display()),
                c.qualified_on.isoformat(),
            ]
            for c in context["page_obj"]
        ]  # fmt: skip
        context |= {"asked": self._asked(), "list_name": list_name(self.request.user)}
        return context


class CertificateDetail(VisibleDetail):
    """One certificate as it was printed, its versions and its life."""

    access = SIGNED_IN
    model = Certificate
    workflow = CERTIFICATE
    do_url = "certificates:certificate-do"
    template_name = "certificates/certificate_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The printed fields in the order of the sheet."""
        context = super().get_context_data(list_name=list_name(self.request.user), **kwargs)
        version = self.object.current
        printed = version.snapshot
        labels = {
            "name": _("Name"), "id_masked": _("ID number"), "employer": _("Work unit"), "title": _("Title"),
            "specialty": _("Specialty"), "level": _("Level"), "committee": _("Committee"),
            "qualified_on": _("Date obtained"), "document_number": _("Approval number"),
            "number": _("Certificate number"), "issued_on": _("Issued on"),
        }  # fmt: skip
        if self.object.source == Certificate.Source.EXAM:
            labels["committee"] = _("Examination certificate issued by")
            labels["document_number"] = _("Number of the examination certificate")
        if self.object.source == Certificate.Source.ARCHIVE:
            labels["committee"] = _("Paper certificate issued by")
            labels["document_number"] = _("Number of the paper certificate")
        if self.object.source == Certificate.Source.FILED:
            labels["committee"], labels["document_number"] = _("Appraised by"), _("Number of the record")
        mine = self.object.person.user_id == self.request.user.pk
        return {
            **context,
            "version": version,
            "heading": f"{printed['name']} {printed['title']}",
            "fields": [(label, printed[key]) for key, label in labels.items()],
            "mine": mine,
            "switches": switches(self.object) if mine else [],
            "credential": mine and credentials.is_given(),
            "sheet_rows": sheet.rows(printed) if mine else [],
            "sheet_says": lines.says(printed),
            "sheet_issued_on": sheet.issued_on(printed),
            "sheet_photo": sheet.photo(self.object),
            "sheet_seal": reverse("certificates:certificate-seal", args=[self.object.pk]) if "seal" in printed else "",
            "revoked": self.object.status == Certificate.Status.REVOKED,
            "can_revoke": is_reviewer(self.request.user) and self.object.status == Certificate.Status.VALID,
            "correction": self.object.corrections.filter(status__in=("proposed", "approved")).first()
            if may_read(self.request.user)
            else None,
            "older": self.object.versions.filter(superseded_at__isnull=False) if version.version > 1 else [],
            "revocation": self.object.revocations.exclude(status="dropped").first()
            if may_read(self.request.user)
            else None,
            "appointments": self.object.appointments.visible_to(self.request.user).select_related("unit", "holding")
            if self.object.appointments.exists()
            else [],
            "history": [] if mine and not may_read(self.request.user) else context["history"],
        }


class CertificatePhoto(VisibleObjectMixin, View):
    """The photograph on a certificate whose person was filed by a unit."""

    access = SIGNED_IN
    model = Certificate

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """As it was cut for the sheet."""
        rows = self.get_queryset().select_related("filed_row__photo")
        return files.serve(get_object_or_404(rows, pk=pk, filed_row__isnull=False).filed_row.photo)


class FiledList(VisibleList):
    """Certificates of units that appraise by themselves that could not be made, with the reason."""

    access = may_read
    model = FiledBatch
    template_name = "certificates/filed_list.html"

    def get_queryset(self) -> Any:
        """Accepted lists, how many certificates they have, and what failed."""
        failed = Prefetch(
            "rows",
            FiledRow.objects.filter(issue_items__status__in=("failed", "unsigned"), certificate__isnull=True)
            .select_related("person").prefetch_related("issue_items").distinct(),
            to_attr="failed",
        )  # fmt: skip
        rows = super().get_queryset().filter(status="accepted").select_related("plan__delegation__unit")
        counted = rows.annotate(people=Count("rows"), made=Count("rows__certificate"))
        return counted.select_related("plan__delegation__series").prefetch_related(failed).order_by("-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the reader may try again."""
        return super().get_context_data(may_retry=is_reviewer(self.request.user), **kwargs)


class FiledRetry(VisibleObjectMixin, View):
    """Put what failed of a list back to work."""

    access = is_reviewer
    model = FiledBatch

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Every failed item of it."""
        batch = get_object_or_404(self.get_queryset(), pk=pk, status="accepted")
        for item in IssueItem.objects.filter(filed_row__batch=batch, status=IssueItem.Status.FAILED):
            batches.try_again(item)
        return redirect("certificates:filed-list")


class CertificateDownload(VisibleObjectMixin, View):
    """The PDF of the version in force."""

    access = SIGNED_IN
    model = Certificate

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The stored bytes under a name that says what it is."""
        certificate = get_object_or_404(self.get_queryset(), pk=pk)
        return files.serve(certificate.current.document, filename=f"电子证书 {certificate.number}.pdf")


class RevocationNew(VisibleObjectMixin, FormPage):
    """Open a revocation of a valid certificate."""

    access = is_reviewer
    model = Certificate
    form_class = RevocationForm
    template_name = "certificates/revocation_form.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Which certificate."""
        return super().get_context_data(certificate=self.certificate, **kwargs)

    @property
    def certificate(self) -> Certificate:
        """The certificate, if the reader may see it."""
        return get_object_or_404(self.get_queryset(), pk=self.kwargs["pk"])

    def form_valid(self, form: RevocationForm) -> HttpResponse:
        """Fire ``open``; problems come back above the form."""
        given = form.cleaned_data
        try:
            revocation = batches.open_revocation(
                self.certificate,
                ground=given["revoke_class"],
                evidence=given["evidence"],
                reason=given["reason"],
                user=self.request.user,
                address=client_address(self.request),
            )
        except Refused as error:
            for problem in error.problems:
                form.add_error(problem.field or None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("The revocation is open. Propose it so that a second person can decide."))
        return redirect(revocation)


class RevocationDetail(VisibleDetail):
    """One revocation: ground, evidence, who proposed, who decides."""

    access = may_read
    model = Revocation
    workflow = REVOCATION
    do_url = "certificates:revocation-do"
    template_name = "certificates/revocation_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``may_open_ban``: whether the reader is led to the case about a ban."""
        return super().get_context_data(may_open_ban=is_reviewer(self.request.user), **kwargs)
