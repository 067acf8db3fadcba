"""Every URL × role × method: statuses are literal (``pages.toml``), strangers learn nothing, nothing breaks.

``MATRIX_WRITE=1 pytest tests/matrix/test_pages.py`` writes the table anew; a person reads every changed line against
trust.md §2.1 before it is committed.
"""

import copy
import datetime as dt
import itertools
import os
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.core.checks import run_checks
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client, override_settings
from django.test.client import ClientHandler
from django.test.utils import CaptureQueriesContext
from django.urls import path, resolve, reverse
from django.views import View

from applications.views.office import OfficeList
from appraisal_portal import urls
from appraisal_portal.accounts.middleware import OWN
from appraisal_portal.accounts.models import Look, User
from appraisal_portal.home.benchmark import fill
from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.checks import declared_access, url_patterns
from committees.plans.models import Title
from tests.matrix import autonomy, campaigns, certification, inside
from tests.matrix.links import LEADS, Lead
from tests.matrix.pages import LISTS, MISSING, PAGES
from tests.matrix.world import OTHER, RELATED, World

TABLE = Path(__file__).with_name("pages.toml")
NAMES = (*RELATED, *OTHER, "anonymous")
SILENT = {403, 404}
CHANGING = re.compile(rb'nonce-?="?[^" ]+|name="csrfmiddlewaretoken" value="[^"]+"')


COPIES: dict[str, Callable[[Any, int], dict[str, Any]]] = {
    **campaigns.COPIES,
    **autonomy.COPIES,
    **certification.COPIES,
    **inside.COPIES,
    "applications.Declaration": lambda row, place: {
        "number": f"{row.year}-8{place:04d}",
        "applicant": fill.people(1, first=7_000 + place)[0],
    },
    "applications.SpotCheck": lambda row, place: {"number": row.number + place},
    "certificates.Appointment": lambda row, place: {"status": "refused"},
    "certificates.Claim": lambda row, place: {"title": another_exam(row.person, place)},
    "certificates.IssueDocument": lambda row, place: {"number": f"{row.number}-{place}"},
    "plans.Deployment": lambda row, place: {"status": "superseded", "published_on": dt.date(2026, 3, 2)},
    "plans.HoursRequirement": lambda row, place: {"year": row.year - place},
    "reviews.EntrustmentLetter": lambda row, place: {"number": f"{row.number}-{place}"},
    "reviews.Expert": lambda row, place: {"name": f"{row.name}{place}", "account": None},
    "reviews.Determination": lambda row, place: {"reference": f"{row.reference}-{place}"},
    "reviews.Objection": lambda row, place: {"code": f"{row.code[:-2]}{place:02d}"},
    "plans.CommitteeTerm": lambda row, place: {
        name: getattr(row, name).replace(year=getattr(row, name).year + 4 * place) for name in ("starts_on", "ends_on")
    },
    "reviews.Meeting": lambda row, place: {
        "reply_number": f"{row.reply_number}-{place}" if row.reply_number else "",
        "meets_on": row.meets_on + dt.timedelta(days=place),
    },
    "reviews.ResultPublicity": lambda row, place: {"meeting": meeting_copy(row.meeting, place)},
}
"""What the n-th copy of a row may not have in common with it, by the label of its model: name → value."""


PLACES = itertools.count(1)


def another_exam(person: Any, place: int) -> Title:
    """A title by examination the person does not register yet."""
    free = Title.objects.filter(by_exam=True).exclude(claims__person=person).order_by("pk")
    return free[place % free.count()]


def meeting_copy(meeting: Any, place: int) -> Any:
    """Another meeting of the same state, for a list that has one row for each."""
    meeting.pk, meeting._state.adding, meeting.reply_number = None, True, f"{meeting.reply_number}-{place}"
    meeting.meets_on += dt.timedelta(days=place)
    meeting.save()
    return meeting


@cache
def committed(part: str) -> dict[str, Any]:
    """The literal table: ``get`` (URL name → {status: names}), ``queries`` (URL name → [with one row, with three])."""
    found: dict[str, Any] = tomllib.loads(TABLE.read_text(encoding="utf-8")).get(part, {})
    return found


HANDLER = ClientHandler(enforce_csrf_checks=False)  # its middleware is built once
SESSIONS: dict[str, Any] = {}
USERS: dict[Any, Any] = {}


def kept_session(store: SessionStore) -> Any:
    """The row of a session, read once: it is asked for ten thousand times and no page of the matrix changes it."""
    if store.session_key not in SESSIONS:
        SESSIONS[store.session_key] = Session.objects.filter(pk=store.session_key).first()
    return SESSIONS[store.session_key]


def kept_user(backend: ModelBackend, pk: Any) -> Any:
    """The account as it was read once, in a copy of its own for each request."""
    if pk not in USERS:
        USERS[pk] = User.objects.get(pk=pk)
        USERS[pk].memberships_today()  # kept by the instance
    return copy.copy(USERS[pk])


def ask(world: World, name: str, method: str, url: str, row: Any = None) -> Any:
    """One request of that person; where its page leads is kept for ``test_where_links_lead.py``."""
    user = world.user(name, row)
    answer = asked(world, user, method, url)
    LEADS.note(name, Lead(method, url, user), answer)
    return answer


def asked(world: World, user: Any, method: str, url: str, values: Mapping[str, str] | None = None) -> Any:
    """One request; whatever a post writes is taken back, a paper once made stays for the next reader."""
    client = Client(raise_request_exception=False)  # a fault is a 500 like for everybody
    client.handler = HANDLER
    if user.is_authenticated:
        client.cookies[settings.SESSION_COOKIE_NAME] = world.cookies[user.pk]
    with (
        patch.object(SessionStore, "_get_session_from_db", kept_session),
        patch.object(ModelBackend, "get_user", kept_user),
        taken_back() if method == "POST" else nullcontext(),
    ):
        return client.post(url, values) if method == "POST" and values else client.generic(method, url)


@contextmanager
def taken_back() -> Iterator[None]:
    """Nothing of what is written meanwhile stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def answers(world: World, name: str, method: str, names: tuple[str, ...] = NAMES) -> dict[str, int]:
    """Status for each person. A refusal is not rendered: thousands of them would be read by nobody."""
    page = PAGES[name]
    url = reverse(name, kwargs=page.kwargs(world))
    refusals = {
        f"handler{status}": lambda request, exception, status=status: HttpResponse(status=status) for status in SILENT
    }
    with patch.multiple(urls, create=True, **refusals):
        LEADS.pages.update((who, name) for who in names if method == "GET")
        return {who: ask(world, who, method, url, world.rows.get(page.row)).status_code for who in names}


def grouped(statuses: dict[str, int]) -> dict[str, str]:
    """Status → names, as it stands in the table."""
    found: dict[str, list[str]] = {}
    for who, status in statuses.items():
        found.setdefault(str(status), []).append(who)
    words = {status: " ".join(names) for status, names in sorted(found.items())}
    biggest = max(words, key=lambda status: len(found[status]))
    if len(found[biggest]) > 6:
        words[biggest] = "others" if len(found) > 1 else "everybody"
    return words


def spelled(words: dict[str, str]) -> dict[str, int]:
    """The table's line spelled out."""
    named = {who: int(status) for status, names in words.items() for who in names.split()}
    rest = [int(status) for status, names in words.items() if names in {"others", "everybody"}]
    return {who: named.get(who, rest[0] if rest else 0) for who in NAMES}


def without(body: bytes, url: str) -> bytes:
    """The page without what differs from one request to the next: nonces, and the address that was asked for itself."""
    return CHANGING.sub(b"", body).replace(url.encode(), b"")


def copied(row: Any) -> int:
    """Another row of the same state; what must differ between two rows does."""
    row = type(row).objects.get(pk=row.pk)
    row.pk, row._state.adding = None, True
    for name, value in COPIES.get(row._meta.label, lambda row, place: {})(row, next(PLACES)).items():
        setattr(row, name, value)
    row.save()
    return int(row.pk)


def count_queries(world: World, name: str) -> list[int]:
    """Queries of a list page that shows one row, and of one that shows three: the first of its rows, or copies where it
    has too few. A deadline or a next step costs its query once whatever the number: the one row is the dearest.
    """
    address, _, query = name.partition("?")
    address = reverse(address)
    view, user = resolve(address).func.view_class, world.user(LISTS[name])
    client, listed = Client(), view.get_queryset
    client.cookies[settings.SESSION_COOKIE_NAME] = world.cookies[user.pk]

    def shown(rows: list[int] | None) -> tuple[list[Any], int]:
        def narrowed(self: Any) -> Any:
            return listed(self) if rows is None else listed(self).filter(pk__in=rows)

        fewer = patch.object(view, "get_queryset", narrowed)
        asked = query
        if view is OfficeList and rows and keys:  # prepared once: shorter pages instead of fewer rows
            fewer = patch.object(view, "paginate_by", len(rows))
            asked = f"page={keys.index(rows[0]) + 1}"
        with fewer, CaptureQueriesContext(connection) as queries:
            answer = client.get(address, QUERY_STRING=asked)
        return list(answer.context["object_list"]), len(queries)

    keys: list[int] = []
    rows = shown(None)[0]
    assert rows, "a list without a row says nothing"
    keys = [row.pk for row in rows[:3]]
    while len(keys) < 3:
        keys.append(copied(rows[0]))
    if view is OfficeList:
        keys = [row.pk for row in shown(None)[0][:3]]
    costs = []
    for wanted in ([keys[0]], *([key] for key in keys), keys):  # what is remembered per process is asked once
        found, cost = shown(wanted)
        assert sorted(row.pk for row in found) == sorted(wanted), "the page shows the rows it is counted with"
        costs.append(cost)
    return [max(costs[1:4]), costs[4]]


def written(world: World) -> str:
    """The tables as TOML."""
    lines = ["# What each person gets for each URL: see test_pages.py. Read by a person, line by line.", "", "[get]"]
    for name in sorted(PAGES):
        words = grouped(answers(world, name, "GET"))
        lines.append(
            f'"{name}" = {{{", ".join(f"{status} = {names!r}" for status, names in words.items())}}}'.replace("'", '"')
        )
    lines += ["", "# Queries with one row and with three", "[queries]"]
    lines += [f'"{name}" = {count_queries(world, name)}' for name in LISTS]
    return "\n".join(lines) + "\n"


def test_every_url_has_a_line() -> None:
    named = {name for _path, name, _view in url_patterns()}
    assert named == set(PAGES), (
        f"add to tests/matrix/pages.py: {sorted(named - set(PAGES))}; gone: {sorted(set(PAGES) - named)}"
    )


@pytest.mark.skipif("MATRIX_WRITE" not in os.environ, reason="writes the table; read it before committing it")
def test_write_the_table(world: World) -> None:
    TABLE.write_text(written(world), encoding="utf-8")


@pytest.mark.parametrize("name", sorted(PAGES))
def test_everybody_gets_what_the_table_says(world: World, name: str) -> None:
    seen = answers(world, name, "GET")
    assert seen == spelled(committed("get")[name])
    view = next(view for _path, full, view in url_patterns() if full == name)
    public = declared_access(view) is PUBLIC
    assert public or seen["anonymous"] == 302, "a stranger is led to the login"
    written_down = seen["supervisor"] == 200 and not public and not name.startswith(OWN)
    assert Look.objects.filter(url_name=name).count() == written_down, "each look of the supervisor leaves one record"


def test_head_is_answered_like_get() -> None:
    """Django answers HEAD by a view's ``get`` unless the view says otherwise; none does."""
    for _path, name, view in url_patterns():
        found = view.view_class
        methods = view.view_initkwargs.get("http_method_names", found.http_method_names)
        assert not hasattr(found, "head"), name
        assert ("get" in methods) == ("head" in methods), name


@pytest.mark.parametrize("name", sorted(PAGES))
def test_empty_posts_break_nothing(world: World, name: str) -> None:
    """No 500; who may not look may not write; a stranger writes nothing that is not public."""
    seen = spelled(committed("get")[name])
    posted = answers(world, name, "POST", (*RELATED, "anonymous"))
    for who, status in posted.items():
        assert status < 500, (who, status)
        if seen[who] in SILENT:
            assert status in {403, 404, 405}, (who, status)
    view = next(view for _path, full, view in url_patterns() if full == name)
    if declared_access(view) is not PUBLIC:
        assert posted["anonymous"] == 302
    if PAGES[name].row:  # a page that only takes posts looks at the object then
        closed = tuple(who for who in OTHER if seen[who] not in {200, 409} and declared_access(view) is not PUBLIC)
        for who, status in answers(world, name, "POST", closed).items():
            assert status in (SILENT if seen[who] == 405 else SILENT | {405}), (who, status)


@pytest.mark.parametrize(
    "name", ["declaration-detail", "declaration-photo", "declaration-paper", "my-detail", "my-history"]
)
def test_a_draft_is_the_applicants_alone(world: World, name: str) -> None:
    draft = world.rows["draft"]
    url = reverse(f"applications:{name}", args=[draft.pk, *(["2-1"] if name == "declaration-paper" else [])])
    for who in (*RELATED[1:], *OTHER):
        assert ask(world, who, "GET", url, draft).status_code in SILENT, who


def test_the_jury_is_secret_before_the_meeting(world: World) -> None:
    """Other offices read the term of a committee, never its members (trust.md §2.1)."""
    term = world.rows["term"]
    member = term.members.select_related("user").order_by("pk").first()
    url = reverse("plans:term-detail", args=[term.pk])
    name = member.user.full_name.encode()
    assert name in ask(world, "committee_director", "GET", url).content
    for who in ("other_office_clerk", "other_committee_director"):
        assert name not in ask(world, who, "GET", url).content


@pytest.mark.parametrize("name", [name for name, page in sorted(PAGES.items()) if page.row])
def test_a_strangers_object_is_no_object(world: World, name: str) -> None:
    """A 404 for somebody else's row is byte for byte the 404 of a number that was never given."""
    page = PAGES[name]
    kwargs = page.kwargs(world)
    here, nowhere = reverse(name, kwargs=kwargs), reverse(name, kwargs={**kwargs, page.pk: MISSING})
    seen = spelled(committed("get")[name])
    silent = [[who for who in names if seen[who] == 404] for names in (OTHER, RELATED)]
    for who in (*silent[0][:3], *silent[1][:2]):
        real = ask(world, who, "GET", here, world.rows[page.row])
        none = ask(world, who, "GET", nowhere, world.rows[page.row])
        assert none.status_code == 404
        assert without(real.content, here) == without(none.content, nowhere), who


@pytest.mark.parametrize("name", sorted(LISTS))
def test_lists_ask_no_more_for_more_rows(world: World, name: str) -> None:
    one, three = count_queries(world, name)
    assert [one, three] == committed("queries")[name]
    assert one == three <= 12


class Unprotected(View):
    """A page that forgot to say who may open it."""

    def get(self, request: Any) -> HttpResponse:
        """Nothing to see."""
        return HttpResponse()


urlpatterns = [path("leak/", Unprotected.as_view(), name="leak")]


def test_unprotected_url_stops_the_site() -> None:
    with override_settings(ROOT_URLCONF=__name__):
        found = [message for message in run_checks() if message.id == "portal.E001"]
    assert len(found) == 1
    assert found[0].is_serious()
    assert "leak" in found[0].msg
    assert [message for message in run_checks() if message.id == "portal.E001"] == []
