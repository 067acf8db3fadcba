"""The office writes what the standard asks, one page for questions, evidence and the self-scoring sheet each."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views import View

from appraisal_portal.kernel.approvals import content_sha256
from appraisal_portal.kernel.views import AccessMixin
from appraisal_portal.kernel.workflow import Refused
from committees.plans import access as who
from committees.plans import services
from committees.plans.forms import asking
from committees.plans.models import StandardVersion

from .editing import draft_of

HEADINGS = {
    "questions": gettext_lazy("Questions to the applicant"),
    "evidence": gettext_lazy("Evidence"),
    "scoring": gettext_lazy("Self-scoring sheet"),
}


class EditAsked(AccessMixin, View):
    """A page of rows; ``part`` of the address says which."""

    access = who.is_office
    template_name = "plans/asking.html"

    def get(self, request: HttpRequest, pk: int, part: str) -> HttpResponse:
        """The rows as stored, with an empty one."""
        version = self._draft(pk, part)
        return self._page(version, part, asking.EDITORS[part](version))

    def post(self, request: HttpRequest, pk: int, part: str) -> HttpResponse:
        """Save all rows, or say every fault with what was typed kept."""
        version = self._draft(pk, part)
        editor = asking.EDITORS[part](version, request.POST)
        if request.POST.get("seen") != _seen(version):
            words = _("Somebody else has changed this draft meanwhile. Nothing has been saved; look at it anew.")
            return self._page(version, part, editor, 409, words)
        if not asking.valid(editor):
            return self._page(version, part, editor, 422)
        content = editor.content()
        for name, value in content.items():
            setattr(version, name, value)
        try:
            services.save_draft(version, list(content))
        except Refused as error:
            return self._page(version, part, editor, 409, str(error))
        messages.success(request, _("Saved."))
        return redirect(request.path if "stay" in request.POST else version.get_absolute_url())

    def _draft(self, pk: int, part: str) -> StandardVersion:
        if part not in asking.EDITORS:
            raise Http404
        version: StandardVersion = draft_of(StandardVersion, self.request.user, pk)
        return version

    def _page(
        self, version: StandardVersion, part: str, editor: Any, status: int = 200, refused: str = ""
    ) -> HttpResponse:
        context = {
            "object": version,
            "heading": HEADINGS[part],
            "parts": editor.parts(),
            "summary": [thing for _heading, thing in editor.parts()] if status == 422 else [],
            "refused": [refused] if refused else [],
            "notes": asking.notes(version) if part == "scoring" else [],
            "seen": _seen(version),
        }
        return render(self.request, self.template_name, context, status=status)


def _seen(version: StandardVersion) -> str:
    """A hash of all three parts: evidence names questions, so that one page depends on another."""
    return content_sha256([version.questions, version.evidence_required, version.self_scoring])
