"""The work list of the committee office: tabs with counts, filters, workload of the handlers (ui.md §3)."""

import datetime as dt
from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Count, DateField, Exists, F, Max, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Cast, Coalesce
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.access import is_clerk_of_office
from applications.forms.office import WorkListFilter
from applications.models import CorrectionSlip, Declaration, DeclarationRecord, LearningHours
from applications.rules.words import LEVELS
from applications.services.batches import office_staff
from applications.workflow.declaration import DECLARATION
from appraisal_portal import law
from appraisal_portal.accounts.access import is_bureau, is_forwarder, is_office, is_supervisor
from appraisal_portal.accounts.models import Person
from appraisal_portal.kernel import calendar, clock
from appraisal_portal.kernel.access import Predicate
from appraisal_portal.kernel.models import BulkAction
from appraisal_portal.kernel.views import VisibleList

Status = Declaration.Status

# key, words, statuses (empty: all)
TABS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("todo", gettext_lazy("To do"), (Status.RECOMMENDED, Status.FORWARDED, Status.IN_EXAMINATION)),
    ("supplement", gettext_lazy("Waiting for a supplement"), (Status.SUPPLEMENT,)),
    ("eligible", gettext_lazy("Eligible"), (Status.QUALIFIED,)),
    ("not-eligible", gettext_lazy("Not eligible"), (Status.DISQUALIFIED,)),
    ("all", gettext_lazy("All"), ()),
)
ARRIVED = ("recommend", "forward", "redirect", "send_back_to_unit")
SORTS = {
    "due": ("due", "arrived", "pk"),
    "-due": ("-due", "-arrived", "-pk"),
    "number": ("number",),
    "-number": ("-number",),
}
UNDER_WAY = (Status.IN_EXAMINATION, Status.SUPPLEMENT)
READERS = is_office | is_bureau | is_supervisor
EXAMINERS = READERS | is_forwarder
"""Who opens a case: a county bureau that decides itself examines as a committee office does."""


def seen_by_office(user: Any) -> Any:
    """Declarations the reader sees as office, bureau or supervisor: recommended ones, never one's own."""
    own = Person.objects.filter(user=user.pk).values("pk")
    return Declaration.objects.visible_to(user).filter(recommended_on__isnull=False).exclude(applicant__in=own)


@dataclass(frozen=True)
class Load:
    """One bar of the workload: settled of all, in a common scale."""

    who: str
    done: int
    total: int


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    declaration: Any
    level: Any
    hours: int | None
    hours_low: bool
    due: Any
    provisional: bool


class OfficeMixin:
    """Pages of the committee office; bureau and supervisor read along."""

    access: Predicate = READERS

    def get_queryset(self) -> Any:
        """What the reader sees."""
        return seen_by_office(self.request.user)  # type: ignore[attr-defined]


class OfficeList(OfficeMixin, VisibleList):
    """The work list. Queries do not grow with its rows."""

    model = Declaration
    template_name = "applications/office/list.html"

    def get_queryset(self) -> Any:
        """Filtered by tab, search, level and handler, sorted by deadline unless asked otherwise."""
        seen = super().get_queryset()
        asked: QueryDict = self.request.GET
        self.loads_of = list(
            seen.order_by().values("status", "handler", "handler__full_name", "unit__forwarder").annotate(n=Count("pk"))
        )
        handlers = {
            str(row["handler"]): row["handler__full_name"] or "" for row in self.loads_of if row["handler"] is not None
        }
        self.filter = WorkListFilter(asked, handlers=sorted(handlers.items(), key=lambda pair: pair[1]))
        self.filter.is_valid()
        self.tab = asked.get("tab") if asked.get("tab") in {key for key, _words, _statuses in TABS} else TABS[0][0]
        return self._sorted(self._narrowed(self._arrived(self._in_tab(seen))))

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
            rows = rows.filter(arrived__lte=today - dt.timedelta(days=int(chosen["waiting"])))
        return rows

    def _in_tab(self, rows: Any) -> Any:
        statuses = dict((key, found) for key, _words, found in TABS)[self.tab]
        if not statuses:
            return rows
        rows = rows.filter(status__in=statuses)
        # Recommended declarations of a unit with a forwarder lie with the forwarder still.
        return rows.exclude(status=Status.RECOMMENDED, unit__forwarder__isnull=False)

    def _arrived(self, rows: Any) -> Any:
        arrived = (
            DeclarationRecord._base_manager.filter(subject=OuterRef("pk"), transition__in=ARRIVED)
            .order_by()
            .values("subject")
            .annotate(last=Max("at"))
            .values("last")
        )
        return rows.annotate(arrived=Coalesce(Cast(Subquery(arrived), DateField()), F("recommended_on")))

    def _sorted(self, rows: Any) -> Any:
        slip = CorrectionSlip.objects.filter(declaration=OuterRef("pk"), stage="office", answered_at=None)
        self.sort = self.request.GET.get("sort") if self.request.GET.get("sort") in SORTS else "due"
        hours = LearningHours.objects.order_by("year")
        return (
            rows.annotate(
                reply_by=Subquery(slip.values("ends_on")[:1]),
                reply_provisional=Subquery(slip.values("provisional")[:1]),
                due=Coalesce("reply_by", "arrived"),
            )
            .select_related("applicant", "unit", "series", "title", "handler")
            .prefetch_related(Prefetch("learning_hours", hours, to_attr="hours_by_year"))
            .order_by(*SORTS[self.sort])
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tabs, chips, workload and rows."""
        context = super().get_context_data(**kwargs)
        context.update(
            tabs=[(key, words, self._count(key, statuses)) for key, words, statuses in TABS],
            tab=self.tab,
            sort=self.sort,
            filter=self.filter,
            more=[self.filter[name] for name in ("way", "specialty", "unit", "handler", "supplement", "waiting")],
            chips=self._chips(),
            loads=self._loads(),
            rows=[self._row(declaration) for declaration in context["page_obj"]],
            staff=office_staff(self.request.user) if is_clerk_of_office(self.request.user) else [],
            open_batches=self._open_batches(),
            year=clock.today().year,
        )
        return context

    def _open_batches(self) -> Any:
        """One's own batches that can still be taken back."""
        mine = BulkAction.objects.filter(by=self.request.user.pk, kind=DECLARATION.label, undone_at=None)
        return mine.filter(undo_until__gt=clock.now())

    def _count(self, key: str, statuses: tuple[str, ...]) -> int:
        return sum(
            row["n"]
            for row in self.loads_of
            if key == "all"
            or (
                row["status"] in statuses
                and not (row["status"] == Status.RECOMMENDED and row["unit__forwarder"] is not None)
            )
        )

    def _loads(self) -> list[Load]:
        done, total, names = Counter[str](), Counter[str](), {"": _("Not assigned")}
        for row in self.loads_of:
            waiting = row["status"] in (Status.FORWARDED, Status.RECOMMENDED)
            if row["handler"] is None and not waiting and row["status"] != Status.IN_EXAMINATION:
                continue
            if row["status"] == Status.RECOMMENDED and row["unit__forwarder"] is not None:
                continue
            who = str(row["handler"] or "")
            names.setdefault(who, row["handler__full_name"] or "")
            total[who] += row["n"]
            if row["handler"] is not None and row["status"] not in UNDER_WAY:
                done[who] += row["n"]
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

    def _row(self, declaration: Any) -> Row:
        years = declaration.hours_by_year
        hours = min((year.total for year in years), default=None)
        demanded = law.value("education.hours", clock.today())
        due, provisional = None, False
        if declaration.status == Status.SUPPLEMENT:
            due, provisional = declaration.reply_by, bool(declaration.reply_provisional)
        elif declaration.status in (Status.FORWARDED, Status.RECOMMENDED):
            due, provisional = calendar.add_working_days(declaration.arrived, settings.PORTAL_ACCEPTANCE_DAYS)
        low = hours is not None and demanded is not None and hours < demanded.total
        return Row(declaration, LEVELS.get(declaration.title.level, ""), hours, low, due, provisional)
