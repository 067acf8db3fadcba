"""Blank forms (空白表格) for everybody who fills in by hand: the papers of the procedure with nothing written in them.

They come from the templates and columns of the filled papers, so the two cannot differ. A sweep draws them; what is
served are the bytes it kept. A form whose template, style, columns or words have changed gets a new version, and the
one before stays in the archive.
"""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from . import approvals, documents, rendering, sweeps
from .access import SYSTEM
from .models import StoredDocument

PREFIX = "blank-"
_LOCK = 4_343_003
"""Advisory: two that draw at once would each find a number free and then taken."""
LINE = "＿＿＿＿"
"""Something to write on, in a sentence."""
DAY = "＿＿＿＿年＿＿月＿＿日"
ROWS: list[dict[str, str]] = [{} for _row in range(20)]
"""Empty rows of a roster."""


def unfilled(**known: Any) -> Mapping[str, Any]:
    """What a paper asks for when nobody has filled it in: a line for each thing but those that are known."""
    return defaultdict(lambda: LINE, known)


def written(day: str) -> str:
    """A stored day (ISO) as letters write it, on an empty form as a line to write it on."""
    return DAY if day == LINE else rendering.chinese_date(dt.date.fromisoformat(day))


def kinds() -> list[documents.DocumentType]:
    """The papers that have an empty form, in the order of their codes."""
    return sorted((kind for kind in documents.registry.values() if kind.blank), key=lambda kind: kind.code)


def source(kind: documents.DocumentType) -> str:
    """SHA-256 of everything that decides what the form looks like; cheap, nothing is drawn."""
    empty = documents.emptied(kind)
    content = empty.content(None)
    if kind.kind == "pdf":
        told = rendering.page_of(kind.template, content) + rendering.source_of(kind.stylesheets)
    else:
        told = f"{kind.columns!r} {approvals.canonical(content)}"
    return hashlib.sha256(told.encode()).hexdigest()


def current() -> QuerySet[StoredDocument]:
    """The forms in force, in the order of their codes."""
    codes = [f"{PREFIX}{kind.code}" for kind in kinds()]
    # The condition on the number lets PostgreSQL use the index *doc_number*: papers are many, forms are few.
    return StoredDocument.objects.filter(code__in=codes, number__isnull=False, superseded_by=None).order_by("code")


@sweeps.register("blank forms")
def keep() -> int:
    """Draw what is not there yet or not up to date. Returns how many were drawn."""
    there = {row.code: row for row in current()}
    return sum(draw(kind, there.get(f"{PREFIX}{kind.code}")) for kind in kinds())


def draw(kind: documents.DocumentType, before: StoredDocument | None = None) -> bool:
    """Draw a form unless the one ``before`` still holds; whether it was drawn."""
    wanted = source(kind)
    if before is not None and before.snapshot["source"] == wanted:
        return False
    version = before.version + 1 if before else 1
    data = documents.write_empty(kind)
    with transaction.atomic(), connection.cursor() as cursor:
        # Two sweeps at once: the second waits, and finds the number of the version taken.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if StoredDocument.objects.filter(code=f"{PREFIX}{kind.code}", number=str(version)).exists():
            return False
        made = documents.store(
            f"{PREFIX}{kind.code}", kind.title, kind.kind, data, {"source": wanted}, actor=SYSTEM, version=version,
            number=str(version),
        )  # fmt: skip
        if before is not None:
            StoredDocument.objects.filter(pk=before.pk).update(superseded_by=made)
    return True
