"""The page that follows papers being made, and what its bar polls."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View

from appraisal_portal.kernel import exports
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.models import Export
from appraisal_portal.kernel.views import AccessMixin


class _Following(AccessMixin, View):
    """Whoever may ask for the papers may follow them, whoever asked; the subject must still be visible."""

    access = SIGNED_IN

    def found(self, pk: int) -> tuple[Export, Any]:
        """The export and its subject. 404 and 403 as on the subject's own page."""
        export = get_object_or_404(Export, pk=pk)
        kind, user = exports.kind_of(export), self.request.user
        subject = get_object_or_404(kind.model._default_manager.visible_to(user), pk=export.subject)  # type: ignore[attr-defined]
        refused = kind.may.why_not(user, subject)
        if refused:
            raise PermissionDenied(" ".join(refused))
        return export, subject


class ExportPage(_Following):
    """How far it is; made, it leads to the papers, failed, it says why."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The bar, or what came of it."""
        export, subject = self.found(pk)
        told = exports.state(export)
        if export.status == Export.Status.DONE:
            messages.success(request, export.told)
            return redirect(subject)
        context = {"export": export, "subject": subject, "title": exports.kind_of(export).title, **told}
        return render(request, "kernel/export.html", context)


class ExportProgress(_Following):
    """JSON for the bar."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """State, done, total, text."""
        export, _subject = self.found(pk)
        return JsonResponse(exports.state(export))
