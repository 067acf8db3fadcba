"""Blank forms (空白表格) to download: the papers 2-x and 3-x with nothing written in them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views import View

from appraisal_portal.home import column
from appraisal_portal.kernel import blanks, files
from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.views import AccessMixin, PageView


class FormList(PageView):
    """Which forms there are, in which version."""

    access = PUBLIC
    published = True
    template_name = "home/form_list.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``forms``, each with its code."""
        return super().get_context_data(forms=list(column.blank_forms()), **kwargs)


class FormDownload(AccessMixin, View):
    """One form: the bytes that were drawn once, the same for everybody."""

    access = PUBLIC
    published = True

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        """The version in force."""
        form = get_object_or_404(blanks.current(), code=f"{blanks.PREFIX}{code}")
        name = files.clean_filename(f"{code} {form.title}（空白表）.{form.kind}")
        response = files.serve(form, filename=name)
        response["Cache-Control"] = "no-cache"  # nobody's secret: kept, and asked for again by its ETag
        return response
