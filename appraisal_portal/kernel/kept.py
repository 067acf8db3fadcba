"""Good files of a form that was refused (decision 86): kept for the next try of whoever sent them, and of nobody else.

A page that comes back draws each kept file as a ticked box beside its control; the box posts the file's key, and the
field reads the file as if it had been chosen again, by every check. Nobody can open a kept file. A signed-in person's
belong to the account, a visitor's to the secret of the browser's form cookie; what is not used is swept.
"""

import datetime as dt
import hashlib
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.middleware.csrf import get_token

from . import clock, files, sweeps
from .access import PUBLIC
from .models import KeptFile
from .uploads import clean_filename


@dataclass
class _Asking:
    """One request: who asks, and the kept files it has opened by their keys."""

    request: HttpRequest
    opened: dict[str, "Again"] = field(default_factory=dict)

    @property
    def sender(self) -> Any:
        """The account; None for a visitor. What is sent in on a public page leads to no account."""
        view = getattr(self.request.resolver_match and self.request.resolver_match.func, "view_class", None)
        known = getattr(view, "access", None) is not PUBLIC and self.request.user.is_authenticated
        return self.request.user if known else None

    @property
    def owner(self) -> dict[str, Any]:
        """Whose files it keeps and opens."""
        if self.sender:
            return {"owner": self.sender, "visitor": ""}
        get_token(self.request)
        secret = f"kept:{self.request.META['CSRF_COOKIE']}"
        return {"owner": None, "visitor": hashlib.sha256(secret.encode()).hexdigest()}


_asking: ContextVar[_Asking | None] = ContextVar("kept_files", default=None)


class Again(UploadedFile):  # type: ignore[type-arg]
    """A kept file on its next try, open until the request has been answered."""

    key = ""


class Gone:
    """Stands for a key that opens nothing for whoever sent it: too old, somebody else's, made up."""

    name, size = "", 0


@contextmanager
def asked_by(request: HttpRequest) -> Iterator[None]:
    """Within the block forms keep and open files of this request's person."""
    asking = _Asking(request)
    token = _asking.set(asking)
    try:
        yield
    finally:
        _asking.reset(token)
        for again in asking.opened.values():
            again.close()


def sender() -> Any:
    """The account whose page is being drawn, None for a visitor's and for what is drawn outside a request."""
    asking = _asking.get()
    return asking.sender if asking else None


def opened(key: str) -> Again | Gone:
    """The file of that key, if it is kept for whoever asks."""
    asking = _asking.get()
    if asking is None:
        return Gone()
    if key not in asking.opened:
        try:
            row = KeptFile.objects.filter(pk=uuid.UUID(key), kept_at__gt=_limit(), **asking.owner).first()
            if row is None:
                return Gone()
            file = files.open_named(_name(row.pk), row.sha256)
            again = Again(file, row.original_name, row.content_type, row.size)
        except (ValueError, files.DamagedFile):
            return Gone()
        again.key = key
        asking.opened[key] = again
    return asking.opened[key]


def keep(file: Any, largest: int) -> str:
    """The key under which a good file waits for the next try; empty when there is no room for it. ``largest``: what its
    control takes; of a visitor no more than an attachment."""
    if isinstance(file, Again):
        return file.key
    asking = _asking.get()
    if asking is None:
        return ""
    owner = asking.owner
    if not 0 < file.size <= (largest if owner["owner"] else min(largest, settings.PORTAL_ATTACHMENT_BYTES)):
        return ""
    address = None if owner["owner"] else asking.request.META.get("REMOTE_ADDR") or None
    if owner["owner"] is None and _visitors_are_full(address):
        return ""
    row = KeptFile(
        **owner,
        address=address,
        original_name=clean_filename(file.name or ""),
        content_type=(file.content_type or "")[:100],
        size=file.size,
    )
    row.sha256 = files.write_chunks(_name(row.pk), file.chunks())
    same = KeptFile.objects.filter(**owner, sha256=row.sha256, original_name=row.original_name, size=row.size)
    for before in same[:1]:  # chosen again instead of left ticked: it waits once, from now on, under the key it had
        place = files.root() / _name(before.pk)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        (files.root() / _name(row.pk)).replace(place)
        KeptFile.objects.filter(pk=before.pk).update(kept_at=clock.now())
        return str(before.pk)
    row.save(force_insert=True)
    _drop(_too_many(KeptFile.objects.filter(**owner)))
    return str(row.pk)


def _too_many(rows: "QuerySet[KeptFile]") -> list[uuid.UUID]:
    """The oldest: what is beyond the number, and beyond the bytes, that one account or browser keeps."""
    newest = list(rows.order_by("-kept_at", "-pk").values_list("pk", "size"))
    together = accumulate(size for _pk, size in newest)
    return [
        pk
        for place, ((pk, _size), bytes_so_far) in enumerate(zip(newest, together, strict=True))
        if place >= settings.PORTAL_KEPT_FILES or (place and bytes_so_far > settings.PORTAL_KEPT_BYTES)
    ]


def _visitors_are_full(address: str | None) -> bool:
    """Nobody has vouched for a visitor: no address fills the disk, nor do many together."""
    visitors = KeptFile.objects.filter(owner=None)
    return (
        visitors.filter(address=address).count() >= settings.PORTAL_KEPT_FILES
        or visitors.count() >= settings.PORTAL_KEPT_FILES_OF_VISITORS
    )


def _name(pk: uuid.UUID) -> str:
    return f"kept/{str(pk)[:2]}/{pk}"


def _limit() -> dt.datetime:
    return clock.now() - dt.timedelta(hours=settings.PORTAL_KEPT_FILE_HOURS)


def _drop(keys: list[uuid.UUID]) -> int:
    """Rows first: a file without one is swept as an orphan, a row without its file would be a promise."""
    if keys:
        with transaction.atomic():
            KeptFile.objects.filter(pk__in=keys).delete()
        for key in keys:
            (files.root() / _name(key)).unlink(missing_ok=True)
    return len(keys)


@sweeps.register("kept files")
def sweep_kept() -> int:
    """Take away what nobody came back for; returns how many."""
    return _drop(list(KeptFile.objects.filter(kept_at__lte=_limit()).values_list("pk", flat=True)))
