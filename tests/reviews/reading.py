"""What somebody can read: every page and paper that links lead to, as bytes in which a name can be looked for."""

import io
import re
import zipfile
from collections.abc import Collection, Iterable
from functools import lru_cache

import pypdf
from django.db.models import Q
from django.test import Client
from django.urls import NoReverseMatch, reverse

from appraisal_portal.accounts.models import Membership, User
from appraisal_portal.kernel.checks import url_patterns


def doors() -> list[str]:
    """Every address of the site that needs no number."""
    found = []
    for _path, name, _view in url_patterns():
        try:
            found.append(reverse(name))
        except NoReverseMatch:
            continue
    return found


@lru_cache(maxsize=256)
def words(body: bytes) -> bytes:
    """The bytes with what a paper hides in its packing: cells of a workbook, names in an archive, text of a PDF."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as packed:
            return b"".join([entry.encode() + words(packed.read(entry)) for entry in packed.namelist()])
    if body.startswith(b"%PDF"):
        pages = pypdf.PdfReader(io.BytesIO(body)).pages
        return "".join(page.extract_text() for page in pages).encode()
    return body


def logged_in(user: User, role: str) -> Client:
    """A browser of somebody who acts in this role."""
    client = Client()
    client.force_login(user)
    if role != "applicant":
        client.post(reverse("accounts:membership-switch"), {"membership": user.memberships.get(role=role).pk})
    return client


def read(client: Client, url: str) -> bytes:
    """What comes back, with what a paper hides in its packing."""
    answer = client.get(url)
    return words(b"".join(answer) if answer.streaming else answer.content)


def somebody_elsewhere(*bodies: int | None) -> dict[str, User]:
    """Of each role somebody who belongs to none of these bodies: readers a case is no business of."""
    roles = (
        "unit_clerk",
        "unit_head",
        "forwarder",
        "office_clerk",
        "committee_director",
        "juror",
        "observer",
        "operator",
    )
    here = Q(organisation__in=[body for body in bodies if body])
    rows = Membership.objects.active().exclude(here).select_related("user").order_by("pk")
    return {role: rows.filter(role=role).first().user for role in roles}


def reachable(client: Client, start: Iterable[str], known: Collection[str] = ()) -> dict[str, bytes]:
    """Every page and paper the links lead to, own site only, each asked once; what only posts is left aside, and what
    is ``known``: read by somebody else already, and the same for everybody.
    """
    found: dict[str, bytes] = {}
    waiting = list(start)
    while waiting:
        url = waiting.pop()
        if url in found or url in known or "logout" in url:
            continue
        answer = client.get(url, follow=True)
        kind = answer.get("Content-Type", "")
        found[url] = words(b"".join(answer) if answer.streaming else answer.content)
        if "text/html" in kind and answer.status_code == 200:
            waiting += [link for link in re.findall(r'href="(/[^"#]*)', found[url].decode()) if "/static/" not in link]
    return found
