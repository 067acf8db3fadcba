"""Tags and filters every page may use: ``{% load portal %}``. How to choose among them: docs/interface.md."""

import datetime as dt
from typing import Any

from django import template
from django.forms.boundfield import BoundField
from django.http import HttpRequest, QueryDict
from django.template.context import Context
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from appraisal_portal import law
from appraisal_portal.kernel import calendar, clock, controls, identity, masking, navigation, pictures, statuses
from appraisal_portal.kernel.days import day_said, left_said, weekday

register = template.Library()

SOON = 3  # fewer working days left than this are shown in red (ui.md §4, rule 4)


@register.inclusion_tag("components/tag.html")
def status_tag(thing: Any, own: bool | str = False) -> dict[str, Any]:
    """The tag of an object with a ``status``, or of "workflow.status" in words;
    ``own=True`` on pages of the person concerned, ``own="unit"`` on those of unit and forwarder."""
    if isinstance(thing, statuses.StatusTag):
        return {"tag": thing}
    if hasattr(thing, "status"):
        name = type(thing).__name__
        agency = statuses.differs_at_agency(name, thing.status) and getattr(thing, "through_agency", False)
        return {"tag": statuses.shown(name, thing.status, own=own, agency=agency)}
    workflow, _dot, status = str(thing).rpartition(".")
    return {"tag": statuses.shown(workflow, status, own=own)}


@register.inclusion_tag("components/deadline.html")
def deadline(
    day: dt.date | None,
    provisional: bool = False,
    short: bool = False,
    only_left: bool = False,
    owed: bool = False,
) -> dict[str, Any]:
    """A last day (until 24:00): date, weekday, working days left; red below three.

    ``short`` leaves the weekday out (tables), ``only_left`` the whole day (where it is written beside); ``owed`` is a
    day by which somebody has to do something: it does not close, it is overdue."""
    if day is None:
        return {"day": None}
    today = clock.today()
    over = _("overdue") if owed else _("closed")
    return {
        "day": day,
        "weekday": "" if short else weekday(day),
        "words": over if day < today else left_said(day),
        "soon": owed if day < today else calendar.working_days_left(today, day) < SOON,
        "provisional": provisional,
        "only_left": only_left,
    }


@register.filter
def iso_weekday(day: dt.date | None) -> str:
    """``2026-12-11（周五）``; nothing for no day."""
    return day_said(day) if day else ""


@register.filter
def zh_date(day: dt.date | None) -> str:
    """A date as letters write it: ``2026 年 12 月 20 日``, in English ``20 December 2026``."""
    if day is None:
        return ""
    if (get_language() or "zh").startswith("zh"):
        return f"{day.year} 年 {day.month} 月 {day.day} 日"
    return date_format(day, "j F Y")


@register.filter
def moment(at: dt.datetime | None) -> str:
    """``2026-11-19 10:02`` on the clock of Asia/Shanghai."""
    return clock.local(at).strftime("%Y-%m-%d %H:%M") if at else ""


@register.filter
def second(at: dt.datetime | None) -> str:
    """``2026-11-19 10:02:07`` on the clock of Asia/Shanghai, where a second may decide."""
    return clock.local(at).strftime("%Y-%m-%d %H:%M:%S") if at else ""


@register.filter
def citation(key: str) -> str:
    """The document and place of a rule in force today by its key in ``law.py``; other words are shown as they are."""
    return law.cite(key, clock.today()) if key in law.RULES else key


@register.filter
def mask_id(number: str | None) -> str:
    """A document number with its middle hidden: ``331124********0013``."""
    return identity.mask(number or "")


@register.filter
def mask_phone(number: str | None) -> str:
    """A telephone number with its middle hidden: ``138****0013``."""
    return masking.mask_phone(number)


@register.simple_tag(takes_context=True)
def qs(context: Context, **changes: Any) -> str:
    """The page's query string with parameters replaced; None or "" removes one: ``href="{% qs page=2 %}"``."""
    request: HttpRequest = context["request"]
    query: QueryDict = request.GET.copy()
    for name, value in changes.items():
        if value is None or value == "":
            query.pop(name, None)
        else:
            query[name] = str(value)
    return "?" + query.urlencode()


def _page(request: HttpRequest) -> str:
    """The full name of what the address leads to; "" for an address that leads nowhere."""
    return request.resolver_match.view_name if request.resolver_match else ""


@register.simple_tag(takes_context=True)
def main_navigation(context: Context) -> list[navigation.NavLink]:
    """The entries of the user's acting role (``as links``)."""
    request: HttpRequest = context["request"]
    return navigation.links_for(request.user, request.path, _page(request))


@register.simple_tag(takes_context=True)
def public_navigation(context: Context) -> list[navigation.NavLink]:
    """The entries of the public column (``as links``); touches neither session nor user."""
    request = context.get("request")
    return navigation.public_links(request.path, _page(request)) if request else navigation.public_links("/")


@register.simple_tag(takes_context=True)
def footer_navigation(context: Context) -> list[navigation.NavLink]:
    """The entries of the footer (``as links``)."""
    request = context.get("request")
    return navigation.footer_links(request.path, _page(request)) if request else navigation.footer_links("/")


# Forms


@register.inclusion_tag("components/error_summary.html")
def error_summary(*things: Any) -> dict[str, Any]:
    """Everything to fix on the page, each line leading to its control: ``{% error_summary form formset problems %}``.

    Takes forms, formsets, lists of problems (``fire()``'s refusals) and plain strings; empty ones say nothing.
    """
    return {"lines": controls.summary(things)}


@register.simple_tag
def kind_of_control(field: BoundField) -> str:
    """For the template pack: see :func:`controls.kind`."""
    return controls.kind(field)


@register.filter
def error_words(field: BoundField) -> list[str]:
    """For the template pack: see :func:`controls.errors`."""
    return [text for text, _code in controls.errors(field)]


@register.simple_tag
def control_parts(field: BoundField) -> list[controls.Part]:
    """For the template pack: see :func:`controls.parts`."""
    return controls.parts(field)


@register.simple_tag
def control(field: BoundField, label: str = "") -> SafeString:
    """The bare control of a field, described by hint and error: see :func:`controls.draw`."""
    return controls.draw(field, label=label)


# Drawings


@register.inclusion_tag("components/svg_bar.html")
def svg_bar(done: float, total: float, tone: str = "done", label: str = "") -> dict[str, Any]:
    """A small bar done/total for tables; the numbers must stand beside it, or in ``label`` for readers. ``tone``:
    done, ok, low, grey."""
    return {"width": pictures.share(done, total, 170), "tone": tone, "label": label}


@register.inclusion_tag("components/post_bar.html")
def post_bar(approved: int, taken: int, recommended: int, waiting: int) -> dict[str, Any]:
    """The approved posts of a level: taken, then recommended, then waiting; who waits beyond the last post stands right
    of its mark. The numbers must stand beside it."""
    return pictures.post_bar(approved, taken, recommended, waiting)


@register.inclusion_tag("components/hours_bar.html")
def hours_bar(label: Any, done: float, needed: float, calm: bool = False) -> dict[str, Any]:
    """One bar against a demand (学时 72 of 90) with how far off it is in words; ``calm``: nobody has missed anything
    yet, so it says what is still needed and is not red."""
    return {
        "calm": calm,
        "label": label,
        "done": done,
        "needed": needed,
        "short": max(needed - done, 0),
        "width": pictures.share(done, max(needed, done), 300),
        "mark": pictures.share(needed, max(needed, done), 300),
    }


@register.inclusion_tag("components/vote_bar.html")
def vote_bar(agree: int, against: int, abstain: int, needed: int, invalid: int = 0, missing: int = 0) -> dict[str, Any]:
    """A vote with its pass line and the numbers in words."""
    return pictures.vote(agree, against, abstain, needed, invalid=invalid, missing=missing)


@register.inclusion_tag("components/ruler.html")
def day_ruler(start: dt.date, working_days: int, label: str = "") -> dict[str, Any]:
    """The days of a period that began on ``start`` (which does not count), days off shaded, today marked."""
    return {**pictures.ruler(start, working_days), "label": label}


@register.inclusion_tag("components/funnel.html")
def funnel(steps: Any, title: str, key: str = "funnel") -> dict[str, Any]:
    """(label, count) pairs as horizontal bars and as a table; ``key`` makes the ids unique on a page with several."""
    return {**pictures.funnel(steps), "title": title, "key": key}


@register.inclusion_tag("components/lanes.html")
def lanes(first: dt.date, last: dt.date, periods: Any, title: str, key: str = "lanes") -> dict[str, Any]:
    """Periods on a calendar from the bureau's working days: see :func:`pictures.lanes`."""
    return {"picture": pictures.lanes(first, last, periods), "periods": periods, "title": title, "key": key}


@register.inclusion_tag("components/year_grid.html")
def year_grid(year: int) -> dict[str, Any]:
    """The months of a year with days off, make-up days and the bureau's own entries."""
    return {"months": pictures.year_grid(year), "today": clock.today()}


register.filter(day_said)


@register.filter
def weekday_name(day: dt.date) -> str:
    """``周五`` or ``Fri``."""
    return weekday(day)


@register.filter
def add_px(value: int, more: int) -> int:
    """A coordinate moved by some pixels, for drawings."""
    return value + more


# Outlines on a 20 x 20 grid, drawn with the colour of the text around them
ICONS = {
    "check": "M4 10.5l4 4 8-9",
    "cross": "M5 5l10 10M15 5L5 15",
    "file": "M5 2.5h7l3 3v12H5zM12 2.5v3h3",
    "download": "M10 3v9M6 8.5l4 4 4-4M4 17h12",
    "print": "M6 7V3h8v4M6 14H4V7.5h12V14h-2M6 12h8v5H6z",
    "warning": "M10 3l8 14H2zM10 8v4.5M10 14.5v.5",
    "person": "M10 10a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7M3.5 17.5c1-4 3-5 6.5-5s5.5 1 6.5 5",
    "search": "M8.5 14a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11M12.5 12.5l5 5",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A small outline beside words; it says nothing by itself, so it is hidden from readers.
    KeyError for an unknown name."""
    return format_html(
        '<svg class="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">'
        '<path d="{}" fill="none" stroke="currentColor" stroke-width="1.8"/></svg>',
        ICONS[name],
    )


# Small helpers of components


@register.filter
def pairs(columns: Any, cells: Any) -> list[tuple[Any, Any]]:
    """Columns and the cells of one row side by side; ValueError when a row is too short or too long."""
    return list(zip(columns, cells, strict=True))


@register.filter
def last_day(days: list[pictures.RulerDay]) -> dt.date | None:
    """The last day of a ruler."""
    return days[-1].day if days else None
