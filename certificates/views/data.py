"""The table of a document's certificates with the columns of 3-6, for the bureau."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views import View

from appraisal_portal.kernel import documents, files
from appraisal_portal.kernel.models import Reveal
from appraisal_portal.kernel.views import VisibleObjectMixin
from certificates import exports
from certificates.access import is_bureau
from certificates.documents import DATA
from certificates.models import IssueDocument


class DocumentExport(VisibleObjectMixin, View):
    """Have a worker make the table of the document's certificates with the columns of 3-6 (POST)."""

    access = is_bureau
    model = IssueDocument
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask for it, and follow."""
        document = get_object_or_404(self.get_queryset().published(), pk=pk)
        return redirect("kernel:export", exports.ask(exports.OF_DOCUMENT, document, request.user).pk)


class DocumentTable(VisibleObjectMixin, View):
    """That table. It holds full identity numbers: each download is kept as one reveal with its count."""

    access = is_bureau
    model = IssueDocument

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        """The newest version, and the record of the reveal, or neither."""
        document = get_object_or_404(self.get_queryset(), pk=pk)
        table = documents.current(document, DATA)
        if table is None:
            raise Http404
        with transaction.atomic():
            people = max(len(table.snapshot["rows"]), 1)
            Reveal.objects.create(viewer=request.user, field="id_number", reason=DATA, count=people)
            return files.serve(table)
