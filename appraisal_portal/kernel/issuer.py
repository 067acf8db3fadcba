"""Who the portal is to programs (did:web), and its public keys for whoever checks what it signed."""

from typing import Any
from urllib.parse import quote, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import View

from .access import PUBLIC
from .models import PortalPublicKey
from .signing import compact
from .signing.keys import KeyMissing
from .views import AccessMixin

Jwk = dict[str, Any]


def did() -> str:
    """The identifier that follows from the portal's address, ``did:web:title.example.gov.cn``."""
    return f"did:web:{quote(urlsplit(settings.PORTAL_SITE_URL).netloc, safe='')}"


def publish(key: compact.PortalKey) -> PortalPublicKey:
    """Keep the public half before anything signed with the key leaves; the row stays for ever."""
    return PortalPublicKey.objects.get_or_create(pk=key.kid, defaults={"jwk": dict(key.jwk)})[0]


def public_keys() -> list[Jwk]:
    """The key in use first, then those used before, the newest first."""
    found = {row.kid: row.jwk for row in PortalPublicKey.objects.order_by("-first_used")}
    try:
        key = compact.portal_key()
    except KeyMissing:
        return list(found.values())
    found.pop(key.kid, None)
    return [dict(key.jwk), *found.values()]


class ForVerifiers(AccessMixin, View):
    """Read by programs anywhere, from pages of other sites too."""

    access = PUBLIC
    http_method_names = ["get", "head"]

    def told(self) -> dict[str, Any]:
        """The JSON object."""
        raise NotImplementedError

    def get(self, request: HttpRequest) -> HttpResponse:
        """Kept for an hour: a key that is no longer published would be asked for again by then."""
        headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "public, max-age=3600"}
        return JsonResponse(self.told(), json_dumps_params={"ensure_ascii": False}, headers=headers)


class KeySet(ForVerifiers):
    """The keys as a JWK set (RFC 7517)."""

    def told(self) -> dict[str, Any]:
        """``keys``."""
        return {"keys": public_keys()}


class DidDocument(ForVerifiers):
    """The same keys as the document of the did:web."""

    def told(self) -> dict[str, Any]:
        """Each key may sign claims (``assertionMethod``)."""
        issuer = did()
        methods = [
            {"id": f"{issuer}#{jwk['kid']}", "type": "JsonWebKey", "controller": issuer, "publicKeyJwk": jwk}
            for jwk in public_keys()
        ]
        return {
            "@context": ["https://www.w3.org/ns/did/v1", "https://www.w3.org/ns/cid/v1"],
            "id": issuer,
            "verificationMethod": methods,
            "assertionMethod": [method["id"] for method in methods],
        }
