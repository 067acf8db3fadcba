"""What anybody may read of the public log: its page, the lines, the heads, a consistency proof, the checker."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.views import View

from appraisal_portal.kernel import publiclog
from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.models import LogEntry
from appraisal_portal.kernel.views import AccessMixin, PageView

from . import check_log

SHOWN = 31
LINES = 5000
"""Lines read at a time: nothing is held open for a slow reader."""

Download = HttpResponse | StreamingHttpResponse


def _as_file(response: Download, name: str) -> Download:
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response


def proof_file(proof: dict[str, Any]) -> Download:
    """An inclusion proof for ``check_log.py proof``; the view that gives it decides who may have it."""
    return _as_file(JsonResponse(proof, json_dumps_params={"ensure_ascii": False, "indent": 1}), "proof.json")


class LogPage(PageView):
    """What the log is, its newest heads, everything to download."""

    access = PUBLIC
    published = True
    template_name = "kernel/log.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Size and the heads of a month."""
        heads = list(publiclog.daily_heads().select_related("signature")[:SHOWN])
        return super().get_context_data(size=publiclog.size(), heads=heads, key=_key_shown(heads), **kwargs)


def _key_shown(heads: Sequence[Any]) -> str:
    """Fingerprint of the key that signed the newest head with a signature."""
    return next((head.signature.key_id for head in heads if hasattr(head, "signature")), "")


class LogLines(AccessMixin, View):
    """All lines (JSON lines), or those after the first ``?from=`` ones for somebody who keeps a copy."""

    access = PUBLIC

    def get(self, request: HttpRequest) -> Download:
        """Streamed."""
        start, size = whole_number(request, "from", 0), publiclog.size()
        if not 0 <= start <= size:
            raise Http404
        response = StreamingHttpResponse(lines(start, size), content_type="application/jsonl; charset=utf-8")
        return _as_file(response, "log.jsonl")


def lines(start: int, end: int) -> Iterator[bytes]:
    """Lines from ``start`` up to ``end``, some thousand at a time."""
    for first in range(start, end, LINES):
        rows = LogEntry.objects.filter(place__gte=first, place__lt=min(first + LINES, end)).order_by("place")
        yield "".join(f"{line}\n" for line in rows.values_list("line", flat=True)).encode()


class LogHeads(AccessMixin, View):
    """Every daily head (JSON lines), the oldest first."""

    access = PUBLIC

    def get(self, request: HttpRequest) -> Download:
        """A few hundred bytes a day; signed where there was a key."""
        rows: Iterable[Any] = publiclog.daily_heads().reverse().select_related("signature")
        said = (
            {**publiclog.head_said(row), **({"jws": row.signature.jws} if hasattr(row, "signature") else {})}
            for row in rows
        )
        text = "".join(f"{publiclog.canonical(head)}\n" for head in said)
        return _as_file(HttpResponse(text, content_type="application/jsonl; charset=utf-8"), "heads.jsonl")


class LogConsistency(AccessMixin, View):
    """That the log of ``?second=`` lines only added to that of ``?first=`` lines."""

    access = PUBLIC

    def get(self, request: HttpRequest) -> Download:
        """404 for numbers that are none, or larger than the log."""
        size = publiclog.size()
        first, second = whole_number(request, "first", 0), whole_number(request, "second", size)
        if not 1 <= first <= second <= size:
            raise Http404
        return _as_file(JsonResponse(publiclog.consistency(first, second)), "consistency.json")


class LogChecker(AccessMixin, View):
    """The program that checks all this, for a machine that has nothing but Python."""

    access = PUBLIC

    def get(self, request: HttpRequest) -> Download:
        """Its source as it runs here."""
        source = Path(check_log.__file__).read_bytes()
        return _as_file(HttpResponse(source, content_type="text/x-python; charset=utf-8"), "check_log.py")


def whole_number(request: HttpRequest, name: str, otherwise: int) -> int:
    """A number of the address; -1 for one that is none."""
    given = request.GET.get(name, str(otherwise))
    return int(given) if given.isascii() and given.isdigit() and len(given) < 16 else -1
