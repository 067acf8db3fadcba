"""The check of a certificate by its file. Touches neither session nor user, writes no file."""

import io
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import generic
from django.views.decorators.csrf import csrf_exempt

from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.views import AccessMixin, client_address
from certificates.forms.bureau import FileForm
from certificates.services import lookup, uploaded
from certificates.views.public import PrivateAnswer, limits
from certificates.views.verdict import names_of, shown

LIMIT = 5 * 1024 * 1024
"""A certificate has some hundred kilobytes."""


class KeptInMemory(FileUploadHandler):
    """Takes a file into memory, never onto a disk; stops reading one that is too large."""

    too_large = False

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """An empty buffer."""
        super().new_file(*args, **kwargs)
        self.kept = io.BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Nothing is passed on to another handler."""
        if self.kept.tell() + len(raw_data) > LIMIT:
            self.too_large = True
            raise StopUpload(connection_reset=False)
        self.kept.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        """The file as the form takes it."""
        self.kept.seek(0)
        return InMemoryUploadedFile(
            self.kept, self.field_name, self.file_name, self.content_type, file_size, self.charset
        )


@method_decorator(csrf_exempt, name="dispatch")  # reads only; a forged request learns and changes nothing
class VerifyFile(PrivateAnswer, AccessMixin, generic.FormView):
    """Genuine, or what was altered, with what holds of the certificate today."""

    access = PUBLIC
    form_class = FileForm
    template_name = "certificates/verify_file.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The limit is asked before the file is read."""
        until = lookup.file_refused_until(client_address(request) or "")
        if until:
            return self.render_to_response(self.get_context_data(form=FileForm(), limited=limits(until)))
        self.handler = KeptInMemory(request)
        request.upload_handlers = [self.handler]
        return super().post(request, *args, **kwargs)

    def form_invalid(self, form: FileForm) -> HttpResponse:
        """No file, or one that is too large."""
        if self.handler.too_large:
            form.errors.clear()
            form.add_error("file", _("The file is larger than 5 MB: a certificate is much smaller."))
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def form_valid(self, form: FileForm) -> HttpResponseBase:
        """Look once; a fresh form stands below the answer."""
        found = uploaded.examine(form.cleaned_data["file"].read())
        context = {**shown(found.verdict), "found": found, "missing": names_of(found.missing), "asked": True}
        return self.render_to_response(self.get_context_data(form=FileForm(), **context))
