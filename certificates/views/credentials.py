"""The signed JSON credential of a certificate, for its holder and for whoever holds its token; the status lists."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views import View

from appraisal_portal.kernel import files
from appraisal_portal.kernel.access import PUBLIC, SIGNED_IN
from appraisal_portal.kernel.signing.keys import KeyMissing
from appraisal_portal.kernel.views import AccessMixin, PageView, VisibleObjectMixin
from certificates.models import Certificate
from certificates.services import credentials, lookup
from certificates.views.public import PrivateAnswer


def _answer(verdict: lookup.Verdict | None) -> HttpResponse:
    """404 without a certificate and where the portal has no key: no link leads here then."""
    if verdict is None:
        raise Http404
    try:
        token = credentials.of(verdict)
    except KeyMissing as error:
        raise Http404(str(error)) from error
    return files.attachment(token.encode(), f"{verdict.number}.vc.jwt", credentials.MEDIA_TYPE)


class CertificateCredential(VisibleObjectMixin, View):
    """For the holder alone: what the check of the present version shows, signed."""

    access = SIGNED_IN
    model = Certificate

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A file to keep or to hand on."""
        certificate = get_object_or_404(self.get_queryset().filter(person__user=request.user.pk), pk=pk)
        return _answer(lookup.by_token_hash(certificate.current.token_sha256))


class TokenCredential(PrivateAnswer, AccessMixin, View):
    """For whoever scanned the QR code: the version of this very sheet."""

    access = PUBLIC

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """A file; whether it still holds, its status lists say."""
        return _answer(lookup.by_token(token))


class StatusList(AccessMixin, View):
    """One list of which credentials were revoked or replaced; nobody is named in it."""

    access = PUBLIC
    published = True

    def get(self, request: HttpRequest, purpose: str, number: int) -> HttpResponse:
        """The list as it is now."""
        try:
            token = credentials.status_list(purpose, number)
        except KeyMissing as error:
            raise Http404(str(error)) from error
        if token is None:
            raise Http404
        headers = {"Access-Control-Allow-Origin": "*", "X-Robots-Tag": "noindex"}
        return HttpResponse(token, content_type=credentials.MEDIA_TYPE, headers=headers)


class Terms(PageView):
    """What each word of a credential means, under the address the credential names (``@vocab``)."""

    access = PUBLIC
    published = True
    template_name = "certificates/credential_terms.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The words, each its own anchor."""
        return super().get_context_data(terms=credentials.TERMS.items(), **kwargs)
