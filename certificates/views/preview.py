"""The certificates of a batch to leaf through before they are released: the wall, one sheet as PDF, its photograph."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from appraisal_portal.kernel import files, rendering
from appraisal_portal.kernel.views import VisibleList, VisibleObjectMixin
from certificates.access import may_read
from certificates.models import IssueBatch
from certificates.services import lines, previewing, seals, sources
from certificates.views import sheet

NOT_RELEASED = (IssueBatch.Status.DRAFT, IssueBatch.Status.PROPOSED)


class PreviewWall(VisibleList):
    """A small picture of each certificate, twelve a page, and by name whoever would get none as it stands."""

    access = may_read
    model = IssueBatch
    template_name = "certificates/preview_wall.html"
    paginate_by = 12

    @cached_property
    def batch(self) -> IssueBatch:
        """The batch that is looked at."""
        return get_object_or_404(super().get_queryset().select_related("issue_document"), pk=self.kwargs["pk"])

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Once it is released the batch itself shows what became of it."""
        if self.batch.status not in NOT_RELEASED:
            return redirect(self.batch)
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        """Its items, in their order."""
        return self.batch.items.select_related("report_item__photo", "declaration__title", "batch__issue_document")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The drawings of this page; what stops the words of all, and the photographs of this page."""
        context = super().get_context_data(**kwargs)
        items = list(self.object_list)
        why = previewing.obstacles(items, {item.pk for item in context["page_obj"]})
        pictures = []
        for item in context["page_obj"]:
            printed = {**sources.words(item), "number": ""}
            pictures.append(
                {
                    "item": item, "name": printed["name"], "issuing_body": printed["issuing_body"],
                    "rows": sheet.rows(printed), "says": lines.says(printed), "issued_on": sheet.issued_on(printed),
                    "photo": reverse("certificates:batch-preview-photo", args=[self.batch.pk, item.pk])
                    if item.report_item.photo_id
                    else "",
                    "obstacle": why.get(item.pk, ""),
                }
            )  # fmt: skip
        stopped = [(item.report_item.data_3_6["name"], why[item.pk]) for item in items if item.pk in why]
        return {**context, "batch": self.batch, "pictures": pictures, "stopped": stopped, "seal": seals.in_use()}


class _OneOfABatch(VisibleObjectMixin, View):
    """Something of one item, as long as its batch is not released."""

    access = may_read
    model = IssueBatch

    def get(self, request: HttpRequest, pk: int, item: int) -> HttpResponseBase:
        """404 once it is released: then there is a certificate."""
        batch = get_object_or_404(self.get_queryset().filter(status__in=NOT_RELEASED), pk=pk)
        rows = batch.items.select_related("report_item__photo", "declaration__title", "batch__issue_document")
        return self.answer(batch, get_object_or_404(rows, pk=item))

    def answer(self, batch: IssueBatch, item: Any) -> HttpResponseBase:
        """What is asked for."""
        raise NotImplementedError


class PreviewSheet(_OneOfABatch):
    """The real sheet as PDF, watermarked, without number."""

    def answer(self, batch: IssueBatch, item: Any) -> HttpResponseBase:
        """Drawn now and kept nowhere; what stops it is said on the wall."""
        try:
            data = previewing.sheet(item)
        except (rendering.RenderingRefused, files.DamagedFile, ValueError) as error:
            messages.error(self.request, str(error))
            return redirect("certificates:batch-preview", batch.pk)
        return files.attachment(
            data, _("Preview {name}.pdf").format(name=item.report_item.data_3_6["name"]), files.CONTENT_TYPES["pdf"]
        )


class PreviewPhoto(_OneOfABatch):
    """The photograph as it will be printed."""

    def answer(self, batch: IssueBatch, item: Any) -> HttpResponseBase:
        """404 without one."""
        photo = get_object_or_404(type(item.report_item).objects.filter(photo__isnull=False), pk=item.report_item_id)
        return files.serve(photo.photo)
