"""Archive books: what can be closed, what was made, and whether everything is still as the book says."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View, generic

from appraisal_portal.kernel import files
from appraisal_portal.kernel.approvals import canonical_text
from appraisal_portal.kernel.views import AccessMixin, VisibleDetail, VisibleObjectMixin, client_address
from appraisal_portal.kernel.workflow import NotAllowed, Refused
from committees.reviews.access import archive_book as access
from committees.reviews.models import ArchiveBook, Meeting
from committees.reviews.querysets.archive_book import archived_for
from committees.reviews.services import archive_book as service
from committees.reviews.workflow.archive_book import ARCHIVE_BOOK

WHAT = {
    "missing": gettext_lazy("the file is missing"),
    "changed": gettext_lazy("the file has other bytes"),
    "row": gettext_lazy("the portal's own row is gone or says otherwise"),
    "book": gettext_lazy("the content of the book does not give its hash"),
    "index": gettext_lazy("the index is missing or has other bytes"),
}


def held_meetings(user: Any) -> Any:
    """Meetings with locked results whose archive this reader may read."""
    return archived_for(user, Meeting.objects.filter(status="decided")).with_names()


class ArchiveList(AccessMixin, generic.ListView):
    """Meetings with locked results, each with its books; the newest meeting first."""

    access = access.reads_books
    template_name = "reviews/archive/list.html"
    paginate_by = 50

    def get_queryset(self) -> Any:
        """With the books in one query more."""
        return held_meetings(self.request.user).prefetch_related("archive_books").order_by("-meets_on", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether the reader may order one."""
        return super().get_context_data(may_order=self.request.user.acts_as("office_clerk"), **kwargs)  # type: ignore[union-attr]


class ArchiveNew(VisibleObjectMixin, View):
    """Order a book; what still stands against it is said on the list."""

    access = access.orders_books
    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """To its page, or back with every reason."""
        meeting = get_object_or_404(held_meetings(request.user), pk=pk)
        book = service.new_book(meeting, request.user)
        try:
            ARCHIVE_BOOK.fire(book, "order", actor=request.user, address=client_address(request))
        except NotAllowed as refused:
            raise PermissionDenied(str(refused)) from refused
        except Refused as refused:
            messages.error(request, " ".join(str(problem) for problem in refused.problems))
            return redirect("reviews:archive-list")
        except IntegrityError:
            messages.error(request, _("A book of this meeting is being made already."))
            return redirect("reviews:archive-list")
        return redirect(book)


class ArchiveDetail(VisibleDetail):
    """One book with its files and its checks."""

    access = access.reads_books
    model = ArchiveBook
    workflow = ARCHIVE_BOOK
    do_url = "reviews:archive-do"
    template_name = "reviews/archive/detail.html"

    def get_queryset(self) -> Any:
        """With meeting and papers."""
        return super().get_queryset().select_related("meeting__committee", "index_pdf", "index_xlsx", "ordered_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Counts, and the checks with what they found in words."""
        checks = list(self.object.checks.select_related("asked__actor")[:20])
        for check in checks:
            check.found = [{**row, "words": WHAT[row["what"]]} for row in check.differences]
        context = super().get_context_data(checks=checks, **kwargs)
        asked = self.object.records.filter(transition="check").count()
        answered = self.object.checks.filter(asked__isnull=False).count()
        context |= {"running": asked - answered, "entries": self.object.content.get("documents", [])}
        context["since_made"] = service.since_made(self.object) if self.object.status == "made" else 0
        context["size"] = sum(int(entry["size"]) for entry in context["entries"])
        return context


class ArchiveFile(VisibleObjectMixin, View):
    """Index as PDF or Excel, or the JSON whose SHA-256 is the hash of the whole."""

    access = access.reads_books
    model = ArchiveBook

    def get(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        """The stored bytes."""
        book = get_object_or_404(self.get_queryset().filter(status="made"), pk=pk)
        if kind == "json":
            return files.attachment(canonical_text(book.content).encode(), f"{book}.json", "application/json")
        document = {"pdf": book.index_pdf, "xlsx": book.index_xlsx}.get(kind)
        if document is None:
            raise Http404
        return files.serve(document)
