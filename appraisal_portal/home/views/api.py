"""The read API (接口): notices, lists in their term, results, the check of a certificate; `api.json` describes it
(OpenAPI 3.1)."""

import json
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from appraisal_portal.home import column
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.views import AccessMixin, PageView, client_address
from certificates.forms.bureau import VerifyForm
from certificates.rules.issue import filed_shown, people_shown
from certificates.services import lookup
from certificates.views.public import FLOOR_SECONDS, PrivateAnswer, limits

PER_PAGE = 100
MOST_BYTES = 2000  # of a question about one certificate
DESCRIPTION = Path(__file__).with_name("api.json")

Shown = dict[str, Any]


def _notice(row: Any) -> Shown:
    return {
        "id": row.pk,
        "title": row.title,
        "issued_by": row.committee.name if row.committee else settings.PORTAL_OWNER_NAME,
        "published_on": row.published_on,
        "page": column.absolute(row.get_public_url()),
    }


def _whole_notice(row: Any) -> Shown:
    attachments = [
        {
            "title": file.title,
            "bytes": file.size,
            "sha256": file.sha256,
            "address": column.absolute(reverse("plans:notice-file", args=[row.pk, file.pk])),
        }
        for file in row.attachments.select_related("upload", "document")
    ]
    return {**_notice(row), "text": row.body, "attachments": attachments}


def _list(row: Any) -> Shown:
    return {
        "id": row.pk,
        "body": row.source.body,
        "kind": row.kind,
        "decided_on": row.source.held_on,
        "people": row.people,
        "starts_on": row.starts_on,
        "ends_on": row.ends_on,
        "provisional": row.provisional,
        "page": column.absolute(reverse("reviews:public-publicity", args=[row.pk])),
    }


def _whole_list(row: Any) -> Shown:
    listed = [
        {
            "no": item.seq,
            "name": item.shown_name,
            "unit": item.shown_unit,
            "title": item.shown_title,
            "specialty": item.shown_specialty,
            "manner": item.shown_mode,
            "told_apart_by": item.disambiguation,
        }
        for item in row.items.filter(live=True).order_by("seq")
    ]
    return {**_list(row), "list": listed}


def _result(row: Any) -> Shown:
    return {
        "id": row.pk,
        "number": row.number,
        "title": row.title,
        "published_on": row.published_on,
        "page": column.absolute(reverse("certificates:result-detail", args=[row.pk])),
    }


def _own_result(row: Any) -> Shown:
    return {**_result(row), "page": column.absolute(reverse("certificates:result-filed", args=[row.pk]))}


def _people(shown: list[dict[str, str]]) -> list[Shown]:
    return [
        {
            "no": place,
            "name": person["name"],
            "unit": person["employer"],
            "title": person["title"],
            "specialty": person["specialty"],
            "obtained_on": person["qualified_on"],
            "told_apart_by": person["beside"],
        }
        for place, person in enumerate(shown, 1)
    ]


def _whole_result(row: Any) -> Shown:
    return {**_result(row), "list": _people(people_shown(row.rows()))}


def _whole_own_result(row: Any) -> Shown:
    rows = row.rows.select_related("person", "title").order_by("seq")
    return {**_own_result(row), "list": _people(filed_shown(rows, row.plan.delegation.unit.name))}


@dataclass(frozen=True)
class Kind:
    """What is read: its rows, one of them in a list, and alone."""

    rows: Callable[[], Any]
    short: Callable[[Any], Shown]
    whole: Callable[[Any], Shown]


KINDS = {
    "notices": Kind(column.notices, _notice, _whole_notice),
    "publicity": Kind(column.running_lists, _list, _whole_list),
    "results": Kind(column.results, _result, _whole_result),
    "own-results": Kind(column.filed_results, _own_result, _whole_own_result),
}


class ForMachines(AccessMixin, View):
    """Read by programs of anybody, from pages of other sites too; kept out of search engines."""

    access = PUBLIC
    published = True
    http_method_names = ["get", "head"]

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Add the headers. Nothing here depends on who asks, so no origin is refused."""
        response = super().dispatch(request, *args, **kwargs)
        response["Access-Control-Allow-Origin"] = "*"
        response["Access-Control-Expose-Headers"] = "ETag"
        response["X-Robots-Tag"] = "noindex"
        return response


def answer(shown: Shown) -> JsonResponse:
    """Chinese as it is written, dates as ISO 8601."""
    return JsonResponse(shown, json_dumps_params={"ensure_ascii": False})


def _kind(name: str) -> Kind:
    try:
        return KINDS[name]
    except KeyError:
        raise Http404 from None


class Listed(ForMachines):
    """A hundred rows, the newest first; ``?page=2`` the ones before."""

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        """``items`` and, while there are more, the address of the ``next`` page."""
        shown, asked = _kind(kind), request.GET.get("page", "1")
        pages = Paginator(shown.rows(), PER_PAGE)
        if not (asked.isascii() and asked.isdigit() and len(asked) < 10) or not 1 <= int(asked) <= pages.num_pages:
            raise Http404
        page = pages.page(asked)
        following = f"{column.absolute(request.path)}?page={page.next_page_number()}" if page.has_next() else None
        return answer({"items": [shown.short(row) for row in page], "next": following})


class Single(ForMachines):
    """One row with everything it says. A list whose term is over is not handed out in bulk any more."""

    def get(self, request: HttpRequest, kind: str, pk: int) -> HttpResponse:
        """The row."""
        shown = _kind(kind)
        return answer(shown.whole(get_object_or_404(shown.rows(), pk=pk)))


@cache
def description() -> Shown:
    """The description of the API as it is kept beside this file."""
    found: Shown = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    return found


class Description(ForMachines):
    """OpenAPI 3.1."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """With the address of this portal."""
        return answer({**description(), "servers": [{"url": column.absolute("")}]})


class About(PageView):
    """What the API offers, for the people who write programs."""

    access = PUBLIC
    published = True
    template_name = "home/api.html"


@method_decorator(csrf_exempt, name="dispatch")  # reads only; a forged request learns and changes nothing
class Check(PrivateAnswer, AccessMixin, View):
    """The check of a certificate by number, name and check code: limits, time and answers of the page for people."""

    access = PUBLIC
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        """200 with the verdict, the same ``not_found`` for every failure; 422 what is missing; 429 over the limit."""
        started = time.monotonic()
        form = VerifyForm(_asked(request))
        if not form.is_valid():
            return JsonResponse({"errors": form.errors}, status=422, json_dumps_params={"ensure_ascii": False})
        given = form.cleaned_data
        headers = {}
        until = lookup.refused_until(address=client_address(request) or "", number=given["number"])
        if until:
            said = _("Too many checks. You can go on from %(until)s.") % {"until": limits(until)["until"]}
            shown, status = {"errors": {"__all__": [said]}}, 429
            headers["Retry-After"] = str(math.ceil((until - clock.now()).total_seconds()))
        else:
            shown, status = _verdict(lookup.by_hand(given["number"], given["name"], given["code"])), 200
        time.sleep(max(0.0, FLOOR_SECONDS - (time.monotonic() - started)))
        return JsonResponse(shown, status=status, headers=headers, json_dumps_params={"ensure_ascii": False})


def _asked(request: HttpRequest) -> dict[str, str]:
    """The texts of the JSON object that was sent; what is none of them counts as left empty."""
    try:
        sent = json.loads(request.body) if len(request.body) <= MOST_BYTES else None
    except (ValueError, RecursionError):  # two thousand brackets are nested deeper than the reader goes
        sent = None
    return {name: text for name, text in sent.items() if isinstance(text, str)} if isinstance(sent, dict) else {}


def _verdict(found: lookup.Verdict | None) -> Shown:
    shown: Shown = {"state": "not_found", "checked_at": clock.now(), "certificate": None}
    if found is None:
        return shown
    names = ("number", "name", "title", "series", "specialty", "level", "committee", "qualified_on", "issuing_body",
             "issued_on", "document_number", "revoked_on", "version", "replaced_on", "version_in_force")  # fmt: skip
    photo = (
        column.absolute(reverse("certificates:verify-photo", args=[found.photo_ticket])) if found.photo_ticket else None
    )
    certificate = {name: getattr(found, name) for name in names}
    return {**shown, "state": found.state,
            "certificate": {**certificate, "employer": found.employer or None, "photo": photo}}  # fmt: skip
