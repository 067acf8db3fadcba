"""The undertaking 2-9 as a page, for everybody who sees the declaration: text, marks, and the electronic seal."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views import View

from applications.models import Declaration, Signature
from applications.services import signing
from appraisal_portal.kernel import files
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.views import VisibleObjectMixin


def _intact(mark: Signature) -> bool:
    """Whether the stored picture still is the one that was put on."""
    try:
        signing.picture_of(mark)
    except files.DamagedFile:
        return False
    return True


class DeclarationUndertaking(VisibleObjectMixin, View):
    """What the printed 2-9 says can be compared here: who, when, how, and by which number the seal was put on."""

    access = SIGNED_IN
    model = Declaration

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The undertaking in force; earlier ones with what they were signed by, the newest first."""
        rows = self.get_queryset().filter(submitted_at__isnull=False).select_related("applicant", "unit", "title")
        declaration = get_object_or_404(rows, pk=pk)
        found = declaration.undertakings.prefetch_related(
            "signatures__user", "signatures__upload", "signatures__seal__unit"
        )
        context = {"object": declaration, "undertakings": [self._shown(row) for row in found.order_by("-pk")]}
        return render(request, "applications/undertaking.html", context)

    def _shown(self, undertaking: Any) -> dict[str, Any]:
        signed = {row.mark: row for row in undertaking.signatures.all()}
        seal = signed.get(Signature.Mark.SEAL)
        electronic = seal if seal is not None and seal.seal is not None else None
        return {
            "row": undertaking,
            "text": signing.text_of(undertaking.declaration, undertaking.text_version),
            "marks": [(mark.label, signed.get(mark.value)) for mark in Signature.Mark],
            "seal": electronic,
            "intact": electronic is not None and _intact(electronic),
        }
