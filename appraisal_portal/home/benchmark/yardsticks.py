"""Two views to compare with. A ratio to bare Django would reward a slow server (performance.md §1b)."""

from typing import Any

from django.http import HttpRequest, HttpResponse  # noqa: TID251 - a view, though not of the portal
from django.shortcuts import render
from django.views import View

from appraisal_portal.kernel.access import PUBLIC, SIGNED_IN
from appraisal_portal.kernel.views import AccessMixin
from certificates.models import Certificate


class Hello(AccessMixin, View):
    """Five letters behind the portal's own middleware."""

    access = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        """No query, no template."""
        return HttpResponse(b"hello")


class Reference(AccessMixin, View):
    """A logged-in page as anybody writes it: session, user, CSRF, one indexed query, a template of 10 kB."""

    access = SIGNED_IN
    rows = tuple(
        {"number": n, "text": f"第 {n} 行：姓名、单位、资格名称、专业、级别、状态", "day": "2026-11-25"}
        for n in range(42)
    )

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        """One row by its unique number, forty-two lines of a table, a form."""
        found: Any = Certificate.objects.get(number=number)
        return render(request, "home/benchmark/reference.html", {"certificate": found, "rows": self.rows})
