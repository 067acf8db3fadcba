"""The work list of the committee office: tabs with counts, filters, workload of the handlers (ui.md §3)."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.access import is_clerk_of_office
from applications.forms.office import WorkListFilter
from applications.models import CorrectionSlip, Declaration
from applications.querysets import TO_EXAMINE
from applications.querysets_recusal import KeptFrom, asked_now, kept_from
from applications.rules.words import LEVELS
from applications.services import versions
from applications.services.batches import office_staff
from applications.services.worklist import AROUND, COLUMNS, Shown, Top, shown, standing
from applications.workflow.declaration import DECLARATION
from appraisal_portal import law
from appraisal_portal.accounts.access import is_bureau, is_forwarder, is_office, is_supervisor
from appraisal_portal.accounts.models import Organisation
from appraisal_portal.kernel import calendar, clock, compiled, identity, paging, parts, statuses
from appraisal_portal.kernel.access import Predicate
from appraisal_portal.kernel.views import VisibleList

Status = Declaration.Status

# key, words, statuses (empty: all)
TABS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("todo", gettext_lazy("To do"), TO_EXAMINE),
    ("supplement", gettext_lazy("Waiting for a supplement"), (Status.SUPPLEMENT,)),
    ("eligible", gettext_lazy("Eligible"), (Status.QUALIFIED,)),
    ("not-eligible", gettext_lazy("Not eligible"), (Status.DISQUALIFIED,)),
    ("all", gettext_lazy("All"), ()),
)
_TABS = {key: found for key, _words, found in TABS}
SORTS = {
    "due": ("arrived_on", "pk"),
    "-due": ("-arrived_on", "-pk"),
    "number": ("number",),
    "-number": ("-number",),
}
_LINES: parts.Store[tuple[float, SafeString]] = parts.Store(5_000)
_FILTERS: parts.Store[tuple[float, SafeString]] = parts.Store(200)
_PREPARED_PAGES = ("1", "2", "3", "4")
UNDER_WAY = (Status.IN_EXAMINATION, Status.SUPPLEMENT)
READERS = is_office | is_bureau | is_supervisor
EXAMINERS = READERS | is_forwarder
"""Who opens a case: a county bureau that decides itself examines as a committee office does."""


def seen_by_office(user: Any, kept: KeptFrom | None = None) -> Any:
    """Declarations the reader sees as office, bureau or supervisor: recommended ones, never one's own."""
    kept = kept or kept_from(user)
    rows = Declaration.objects.by_role(user, kept).filter(recommended_on__isnull=False)
    return rows if is_office(user) else rows.exclude(applicant__in=kept.people)  # an office keeps away from more


@dataclass(frozen=True)
class Load:
    """One bar of the workload: settled of all, in a common scale."""

    who: str
    done: int
    total: int


class Row(NamedTuple):
    """One line of the table: everything it shows, so that equal rows read the same."""

    pk: int
    number: str
    applicant: str
    id_number: str
    status: str
    unit: str
    at_agency: bool
    title: str
    level: Any
    hours: int | None
    hours_low: bool
    due: dt.date | None
    provisional: bool
    handler: str

    @property
    def tag(self) -> statuses.StatusTag:
        """Its status in words."""
        return statuses.shown("declaration", self.status, agency=self.at_agency)


class OfficeMixin:
    """Pages of the committee office; bureau and supervisor read along."""

    access: Predicate = READERS

    def get_queryset(self) -> Any:
        """What the reader sees."""
        return seen_by_office(self.request.user)  # type: ignore[attr-defined]


def _in_tab(rows: Any, tab: str) -> Any:
    if not _TABS[tab]:
        return rows
    # Recommended declarations of a unit with a forwarder lie with the forwarder still.
    return rows.filter(status__in=_TABS[tab]).exclude(status=Status.RECOMMENDED, unit__forwarder__isnull=False)


def _in_order(rows: Any, tab: str, sort: str) -> Any:
    if tab != "supplement":
        return rows.order_by(*SORTS[sort])
    slips = CorrectionSlip.objects.filter(declaration=OuterRef("pk"), stage="office", answered_at=None)
    rows = rows.annotate(due=Coalesce(Subquery(slips.values("ends_on")[:1]), "arrived_on"))
    return rows.order_by(*(name.replace("arrived_on", "due", 1) for name in SORTS[sort]))


@cache
def _top(tab: str, sort: str, page: int, size: int) -> compiled.Question:
    """One of the first pages of a tab without a filter, as a committee office reads it."""

    def make(office: Any, people: Any, units: Any, cases: Any, committees: Any) -> Any:
        rows = Declaration.objects.of_office(office, KeptFrom(people, (units,), (cases,)))
        rows = _in_order(_in_tab(rows.filter(committee__in=committees), tab), tab, sort)
        return rows.values_list(*COLUMNS)[(page - 1) * size : page * size]

    return compiled.Question(make, AROUND)


class OfficeList(OfficeMixin, VisibleList):
    """The work list. Neither queries nor what they read grow with the declarations of the office (decision 43); every
    reading asks them all, and what they say is put into words once (decision 80)."""

    model = Declaration

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """The page that says what the database says now."""
        asked = self._asked()
        if not settings.PORTAL_READY_PAGES:
            return self._in_words()
        address, reader = request.META.get("QUERY_STRING", ""), versions.reader(request.user)
        return parts.ready_page(request, self._in_words, *asked, address, clock.today(), reader)

    def _asked(self) -> tuple[Any, ...]:
        """Everything the page shows that its address does not say, but for who can be assigned: a new clerk comes into
        that choice within a minute."""
        user, asked = self.request.user, self.request.GET
        self.tab = asked["tab"] if asked.get("tab") in _TABS else TABS[0][0]
        self.sort = asked["sort"] if asked.get("sort") in SORTS else "due"
        self.kept, office = asked_now(user), user.acting_organisation_id if is_office(user) else None
        hidden = self.kept if office else KeptFrom(self.kept.people, (), ())  # bureau and supervisor: only the own
        self.standing = standing(hidden, office=office)
        page = asked.get("page") or "1"
        reached: tuple[Any, ...] = ()
        keys: Any
        committees = self.standing.committees
        if committees and self._is_prepared(page) and asked.keys().isdisjoint(WorkListFilter.base_fields):
            people, (units,), (cases,) = self.kept
            top = _top(self.tab, self.sort, int(page), self.paginate_by)
            keys = Top(top, (user.acting_organisation_id, people, units, cases, committees))
        else:
            paginator, chosen, _rows, _several = self.paginate_queryset(self.rows, self.paginate_by)
            keys = list(chosen.object_list.values_list("pk", flat=True))
            reached = (paginator.total, paginator.beyond)
        self.lines, self.batches = shown(keys, user=user.pk, kind=DECLARATION.label, now=clock.now())
        return self.standing, self.lines, self.batches, reached

    def _is_prepared(self, page: str) -> bool:
        return page in _PREPARED_PAGES and int(page) * self.paginate_by <= paging.REACH

    def _in_words(self) -> HttpResponse:
        """The page; a line or filter that has been put into words already is taken as it is."""
        request, self.object_list = self.request, self.rows
        context = self.get_context_data()
        aside = partial(render_to_string, "applications/office/_filter.html", context, request)
        context["aside"] = parts.remembered(
            aside, "office-filter", request.GET.urlencode(), self.standing.groups, among=_FILTERS
        )
        head = partial(render_to_string, "applications/office/_head_of_table.html", context, request)
        staff = [(person.pk, str(person)) for person in context["staff"]]
        context["head"] = parts.remembered(
            head, "office-head", request.GET.urlencode(), self.sort, staff, among=_FILTERS
        )
        context["lines"] = [self._line(row, bool(staff)) for row in context["rows"]]
        main = render_to_string("applications/office/_list.html", context, request)
        reader = versions.reader(request.user)
        title = _("Examination")
        return HttpResponse(parts.own_page(request, title=title, main=main, reader=reader, body_class="a3"))

    def _line(self, row: Row, choice: bool) -> Any:
        line = partial(render_to_string, "applications/office/_row.html", {"row": row, "staff": choice})
        return parts.remembered(line, choice, clock.today(), *row, among=_LINES)

    @cached_property
    def filter(self) -> WorkListFilter:
        """What was chosen; handlers are those who have something."""
        names = {str(group.handler): group.handler_name for group in self.standing.groups if group.handler is not None}
        found = WorkListFilter(self.request.GET, handlers=sorted(names.items(), key=lambda pair: pair[1]))
        found.is_valid()
        return found

    @cached_property
    def rows(self) -> Any:
        """Filtered by tab, search, level and handler, the first to come on top unless asked otherwise."""
        rows = self._narrowed(self._of_committees(seen_by_office(self.request.user, self.kept)))
        return _in_order(_in_tab(rows, self.tab), self.tab, self.sort)

    @cached_property
    def _paged(self) -> tuple[Any, ...]:
        return super().paginate_queryset(self.rows, self.paginate_by)

    def paginate_queryset(self, queryset: Any, page_size: int) -> Any:
        """Counted once a request."""
        return self._paged

    def get_paginator(self, queryset: Any, per_page: int, **options: Any) -> paging.Reachable:  # type: ignore[override]
        """Bounded; without a filter the number of all is known."""
        chosen = {name for name, value in self.filter.cleaned_data.items() if value}
        if chosen - {"handler"}:
            return paging.Reachable(queryset, per_page, None)
        return paging.Reachable(
            queryset, per_page, self._count(self.tab, handler=self.filter.cleaned_data.get("handler"))
        )

    def _of_committees(self, rows: Any) -> Any:
        # As numbers, so that an index by committee gives the order.
        committees = self.standing.committees
        return rows if committees is None else rows.filter(committee__in=committees)

    def _narrowed(self, rows: Any) -> Any:
        chosen, today = self.filter.cleaned_data, clock.today()
        if words := (chosen.get("q") or "").strip():
            rows = rows.filter(
                Q(applicant__name__icontains=words) | Q(unit__name__icontains=words) | Q(number__icontains=words)
            )
        if chosen.get("level"):
            rows = rows.filter(title__level__in=chosen["level"])
        if chosen.get("way"):
            rows = rows.filter(route=chosen["way"])
        if words := (chosen.get("specialty") or "").strip():
            rows = rows.filter(Q(specialty__icontains=words) | Q(subfield__name__icontains=words))
        if words := (chosen.get("unit") or "").strip():
            rows = rows.filter(unit__name__icontains=words)
        if chosen.get("handler") == "none":
            rows = rows.filter(handler=None)
        elif chosen.get("handler"):
            rows = rows.filter(handler=chosen["handler"])
        if chosen.get("supplement"):
            slips = CorrectionSlip.objects.filter(declaration=OuterRef("pk"), stage="office")
            answered = slips.filter(answered_at__isnull=chosen["supplement"] != "answered")
            late = Q(ends_on__lt=today) if chosen["supplement"] == "late" else Q()
            rows = rows.filter(Exists(answered.filter(late)))
        if chosen.get("waiting"):
            rows = rows.filter(arrived_on__lte=today - dt.timedelta(days=int(chosen["waiting"])))
        return rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tabs, chips, workload and rows."""
        context = super().get_context_data(**kwargs)
        context.update(
            tabs=[(key, words, self._count(key)) for key, words, _statuses in TABS],
            tab=self.tab,
            sort=self.sort,
            filter=self.filter,
            more=[self.filter[name] for name in ("way", "specialty", "unit", "handler", "supplement", "waiting")],
            chips=self._chips(),
            loads=self._loads(),
            staff=office_staff(self.request.user) if is_clerk_of_office(self.request.user) else [],
            open_batches=self.batches,
            year=clock.today().year,
        )
        hours = law.value("education.hours", clock.today())
        context["rows"] = [self._row(Shown(*line), hours.total if hours else 0) for line in self.lines]
        return context

    def _count(self, key: str, *, handler: str | None = None) -> int:
        statuses_of = _TABS[key]
        wanted = {None: None, "": None, "none": ""}.get(handler, handler)
        return sum(
            group.n
            for group in self.standing.groups
            if (not statuses_of or (group.status in statuses_of and not group.forwarded_by))
            and (wanted is None or str(group.handler or "") == wanted)
        )

    def _loads(self) -> list[Load]:
        done, total, names = Counter[str](), Counter[str](), {"": _("Not assigned")}
        for group in self.standing.groups:
            if group.forwarded_by or (group.handler is None and group.status not in TO_EXAMINE):
                continue
            who = str(group.handler or "")
            names.setdefault(who, group.handler_name)
            total[who] += group.n
            if group.handler is not None and group.status not in UNDER_WAY:
                done[who] += group.n
        order = sorted(total, key=lambda who: (who == "", names[who]))
        return [Load(names[who], done[who], total[who]) for who in order]

    def _chips(self) -> list[dict[str, str]]:
        return [{"label": words, "url": self._without(name, value)} for name, value, words in self.filter.chosen()]

    def _without(self, name: str, value: str) -> str:
        query = self.request.GET.copy()
        query.pop("page", None)
        left = [one for one in query.getlist(name) if one != value] if name == "level" else []
        query.setlist(name, left)
        return "?" + query.urlencode()

    def _row(self, line: Shown, demanded: int) -> Row:
        due, provisional = line.ends_on, bool(line.provisional)
        if line.status in (Status.FORWARDED, Status.RECOMMENDED):
            due, provisional = calendar.add_working_days(line.arrived_on, settings.PORTAL_ACCEPTANCE_DAYS)
        return Row(
            line.pk, line.number, line.applicant, identity.mask(line.id_number), line.status, line.unit,
            line.unit_kind == Organisation.Kind.AGENCY, line.title, LEVELS.get(line.level, ""), line.hours,
            line.hours is not None and line.hours < demanded, due, provisional, line.handler,
        )  # fmt: skip
