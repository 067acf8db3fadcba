"""Atom feeds (RFC 4287) of the public column and the map of its pages for search engines."""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _later
from django.views import View, generic

from appraisal_portal.home import column
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.days import day_said
from appraisal_portal.kernel.views import AccessMixin

ENTRIES = 50


@dataclass(frozen=True)
class Kind:
    """One feed: its heading, the page it follows, its newest rows, and of a row heading, path, day and summary."""

    title: Promise | str
    page: str
    rows: Callable[[int], Any]
    entry: Callable[[Any], tuple[str, str, dt.date, str]]


def _notice(row: Any) -> tuple[str, str, dt.date, str]:
    return row.title, row.get_public_url(), row.published_on, row.committee.name if row.committee else ""


def _publicity(row: Any) -> tuple[str, str, dt.date, str]:
    people = ngettext("%(n)s person", "%(n)s people", row.people) % {"n": row.people}
    last = _("Open for objections until {day} 24:00.").format(day=day_said(row.ends_on))
    return f"{row} · {people}", reverse("reviews:public-publicity", args=[row.pk]), row.starts_on, last


def _result(row: Any) -> tuple[str, str, dt.date, str]:
    return f"{row.title} {row.number}", column.page_of_result(row), row.published_on, ""


KINDS = {
    "notices": Kind(_later("Notices"), "plans:notice-list", lambda most: column.notices()[:most], _notice),
    "publicity": Kind(
        _later("Publicity"), "reviews:public-publicity-list", lambda most: column.running_lists()[:most], _publicity
    ),
    "results": Kind(_later("Results"), "certificates:result-list", column.newest_results, _result),
}


class AtomFeed(Atom1Feed):
    """An empty feed was last changed at the beginning of its day: its bytes stay the same until then."""

    def latest_post_date(self) -> dt.datetime:
        """The newest entry's moment."""
        return super().latest_post_date() if self.items else clock.at(clock.today(), 0)


class Feed(AccessMixin, View):
    """The newest fifty rows of notices, lists in their term or results."""

    access = PUBLIC
    published = True

    def get(self, request: HttpRequest, kind: str) -> HttpResponse:
        """Atom in the language of the reader; an entry keeps its id and moves when its row is moved."""
        if kind not in KINDS:
            raise Http404
        shown, chinese = KINDS[kind], (get_language() or "").startswith("zh")
        owner = settings.PORTAL_OWNER_NAME if chinese else settings.PORTAL_OWNER_NAME_EN
        feed = AtomFeed(
            title=f"{shown.title} - {settings.PORTAL_SITE_NAME if chinese else settings.PORTAL_SITE_NAME_EN}",
            link=column.absolute(reverse(shown.page)),
            description=None,
            language="zh-Hans" if chinese else "en",
            author_name=owner,
            feed_url=column.absolute(request.path),
            feed_guid=column.absolute(request.path),
        )
        for row in shown.rows(ENTRIES):
            title, path, day, summary = shown.entry(row)
            link, began = column.absolute(path), clock.at(day, 0)
            feed.add_item(
                title=title, link=link, description=summary, unique_id=link, pubdate=began,
                updateddate=row.moved_at or began,
            )  # fmt: skip
        return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


class SiteMap(AccessMixin, generic.TemplateView):
    """Pages search engines may list (sitemaps.org). A list whose term is over is not among them."""

    access = PUBLIC
    published = True
    template_name = "home/sitemap.xml"
    content_type = "application/xml; charset=utf-8"
    pages = (
        "home:front", "home:help", "home:accessibility", "home:privacy", "applications:ways", "plans:where",
        "plans:plan-public", "plans:notice-list", "plans:standard-list", "reviews:public-publicity-list",
        "certificates:result-list", "certificates:verify", "home:form-list",
    )  # fmt: skip

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``addresses``."""
        paths: list[str] = [reverse(name) for name in self.pages]
        paths += _paths("plans:notice-detail", column.notices())
        paths += _paths("plans:standard-detail", column.standards())
        paths += _paths("reviews:public-publicity", column.running_lists())
        paths += [reverse("home:form-download", args=[form.form]) for form in column.blank_forms()]
        return super().get_context_data(addresses=[column.absolute(path) for path in paths], **kwargs)


def _paths(name: str, rows: Any) -> Iterable[str]:
    return [reverse(name, args=[pk]) for pk in rows.values_list("pk", flat=True)]


class Robots(AccessMixin, View):
    """What crawlers are told: every page that is not to be found says so itself (``noindex``); where the map is."""

    access = PUBLIC
    published = True

    def get(self, request: HttpRequest) -> HttpResponse:
        """Plain text (RFC 9309)."""
        address = column.absolute(reverse("home:sitemap"))
        return HttpResponse(f"User-agent: *\nDisallow:\n\nSitemap: {address}\n", content_type="text/plain")
