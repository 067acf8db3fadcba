"""The bureau's desk: a batch of certificates from its preparation to the last one issued."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from appraisal_portal.kernel.views import VisibleDetail, VisibleObjectMixin
from appraisal_portal.kernel.workflow import Refused
from certificates.access import is_reviewer, may_read
from certificates.models import Certificate, IssueBatch, IssueDocument, IssueItem
from certificates.services import batches
from certificates.workflow import ISSUE_BATCH


def people_of(rows: list[Any]) -> dict[str, Any]:
    """The table of the people of a document or of a batch."""
    columns = [
        {"label": label}
        for label in (_("No."), _("Name"), _("Work unit"), _("Title"), _("Specialty"), _("Date obtained"))
    ]
    cells = [
        [
            place,
            row.data_3_6["name"],
            row.data_3_6["employer"],
            row.data_3_6["title"],
            row.data_3_6["specialty"],
            {"text": row.data_3_6["qualified_on"], "css": "nw"},
        ]
        for place, row in enumerate(rows, 1)
    ]
    return {"columns": columns, "rows": cells}


class BatchNew(VisibleObjectMixin, View):
    """Prepare the batch of a published document."""

    access = is_reviewer
    model = IssueDocument

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One item for each approved person."""
        document = get_object_or_404(self.get_queryset().published(), pk=pk)
        try:
            return redirect(batches.prepare_batch(document, user=request.user))
        except Refused as error:
            messages.error(request, str(error))
            return redirect(document)


class BatchDetail(VisibleDetail):
    """Progress of a batch with real counts, each person's certificate; failures with their reasons."""

    access = may_read
    model = IssueBatch
    workflow = ISSUE_BATCH
    do_url = "certificates:batch-do"
    template_name = "certificates/batch_detail.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Counts, the people and the failed items."""
        context = super().get_context_data(**kwargs)
        items = list(self.object.items.select_related("report_item", "declaration"))
        failed = [item for item in items if item.status == IssueItem.Status.FAILED]
        unsigned = [item for item in items if item.status == IssueItem.Status.UNSIGNED]
        people = people_of([item.report_item for item in items])
        if self.object.released_at:
            people["columns"].append({"label": _("Certificate")})
            for row, cell in zip(people["rows"], self._certificates(items), strict=True):
                row.append(cell)
        return {
            **context,
            **people,
            **progress(self.object, [item.status for item in items]),
            "failed": failed,
            "unsigned": len(unsigned),
            "unsigned_reason": unsigned[0].error if unsigned else "",
            "poll_url": reverse("certificates:batch-progress", args=[self.object.pk]),
        }

    def _certificates(self, items: list[IssueItem]) -> list[Any]:
        """Of each person the number that leads to the certificate, or how far it is; one query."""
        issued = [item.number for item in items if item.status == IssueItem.Status.ISSUED]
        pages = dict(Certificate.objects.filter(number__in=issued).values_list("number", "pk"))
        return [
            {
                "text": item.number,
                "url": reverse("certificates:certificate-detail", args=[pages[item.number]]),
                "css": "nw",
            }
            if item.number in pages
            else capfirst(item.get_status_display())
            for item in items
        ]


def progress(batch: IssueBatch, statuses: list[str]) -> dict[str, Any]:
    """What the progress bar and its poll say."""
    done, failed, unsigned = (statuses.count(status) for status in ("issued", "failed", "unsigned"))
    text = ngettext(
        "%(done)d of %(total)d certificate issued", "%(done)d of %(total)d certificates issued", len(statuses)
    ) % {
        "done": done,
        "total": len(statuses),
    }
    if unsigned:
        text += _(", %(unsigned)d unsigned, waiting") % {"unsigned": unsigned}
    if failed:
        text += _(", %(failed)d failed") % {"failed": failed}
    state = "done" if batch.status == IssueBatch.Status.DONE else "running"
    return {"state": state, "done": done + failed, "total": len(statuses), "text": text}


class BatchProgress(VisibleObjectMixin, View):
    """The counts as JSON for the page's poll."""

    access = may_read
    model = IssueBatch

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """State, done, total, text."""
        batch = get_object_or_404(self.get_queryset(), pk=pk)
        return JsonResponse(progress(batch, list(batch.items.values_list("status", flat=True))))


class ItemRetry(VisibleObjectMixin, View):
    """Put a failed item back to work."""

    access = is_reviewer
    model = IssueBatch

    def post(self, request: HttpRequest, pk: int, item: int) -> HttpResponse:
        """The item must belong to the batch."""
        batch = get_object_or_404(self.get_queryset(), pk=pk)
        batches.try_again(get_object_or_404(batch.items, pk=item))
        return redirect(batch)
