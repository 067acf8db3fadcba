"""Which way to a title is open to me? Answered before anybody needs an account; nothing is stored."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.forms.ways import WaysForm
from applications.rules.ways import Verdict, verdicts
from applications.rules.ways.verdicts import EXAM, Reason, State
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.views import PageView
from committees.plans.models import Channel, DecidedBy, PlanLine, StandardVersion
from committees.plans.rules import Action, Answer, determined_with, where_to_apply


@dataclass(frozen=True)
class Answered:
    """A way as shown: the verdict and, where the plan of the year has one, its line."""

    verdict: Verdict
    line: PlanLine | None
    begin: str = ""
    common: Sequence[Reason] = ()

    @property
    def reasons(self) -> list[Reason]:
        """What closes this way; what closes all of them stands above."""
        return [reason for reason in self.verdict.reasons if reason not in self.common]

    @property
    def is_open(self) -> bool:
        """Whether nothing speaks against it and it can be begun now."""
        return self.verdict.state == State.OPEN and self.has_place

    @property
    def has_place(self) -> bool:
        """Whether there is a window for it; a certificate of an examination is registered at any time."""
        return self.line is not None or self.verdict.way == EXAM

    @property
    def state(self) -> str | Promise:
        """Open, unclear or not, in words; nobody is told that a way is open while no window is."""
        if self.verdict.state == State.OPEN and not self.has_place:
            return _("your answers fit, but no window is open")
        return self.verdict.state.label

    @property
    def can_begin(self) -> bool:
        """Whether a declaration may be begun: what is unclear is settled with the office, not by this page."""
        return self.verdict.state != State.CLOSED

    @property
    def all_year(self) -> bool:
        """Whether the way knows no window: its last day is the end of the plan, after which the next one takes over."""
        return self.verdict.way == Channel.SPECIAL


class Ways(PageView):
    """Six questions by GET; every way with its reasons, the open ones first."""

    access = PUBLIC
    template_name = "applications/ways.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """``form``; once it is filled ``ways``, and ``where`` the committee is."""
        asked = self.request.GET if "series" in self.request.GET else None
        form = WaysForm(asked)
        context = super().get_context_data(form=form, **kwargs)
        if asked is None or not form.is_valid():
            return context
        data, day = form.cleaned_data, clock.today()
        by_agency = data["employer"] == "agency"
        employer = settings.PORTAL_AGENCY_COUNTS_AS if by_agency else data["employer"]
        where = where_to_apply(data["series"], data["subfield"], data["level"], employer, day)
        lines = self._lines(where, data, employer, day)
        counted = next(iter(lines.values())).counted_to if lines else dt.date(day.year, 12, 31)
        known = where.action != Action.ASK
        found = verdicts(form.facts(counted, self._version(where, lines, data, day), committee_known=known))
        common = _common(found)
        ways = [Answered(verdict, lines.get(verdict.way), _begin(verdict.way, data), common) for verdict in found]
        context["common"] = common
        context["ways"] = sorted(ways, key=lambda way: (not way.is_open, not way.can_begin))
        context["closed"] = [way for way in ways if not way.can_begin and (not common or way.verdict.way == EXAM)]
        context["way_out"] = next((way.verdict.way_out for way in ways if common and way.verdict.way_out), "")
        context["where"], context["exam"] = where, EXAM
        context["taken_as"] = where.scope.get_employer_kind_display() if by_agency and where.scope else ""
        return context

    @staticmethod
    def _version(where: Answer, lines: dict[str, PlanLine], data: dict[str, Any], day: dt.date) -> Any:
        """The standard by which a declaration begun now is judged."""
        if where.committee is None:
            return None
        if lines:
            return StandardVersion.objects.for_line(next(iter(lines.values())), data["series"])
        of_committee = {"standard__committee": where.committee, "standard__series": data["series"]}
        return StandardVersion.objects.effective_on(day).filter(**of_committee, standard__level=data["level"]).first()

    def _lines(self, where: Answer, data: dict[str, Any], employer: str, day: dt.date) -> dict[str, PlanLine]:
        """The open lines by their way; where no committee reviews the level, those a bureau decides in the field."""
        rows = PlanLine.objects.select_related("plan")
        if where.committee is not None:
            rows = rows.open_for(day, committee=where.committee, level=data["level"])
        elif where.action == Action.ASK:
            keeper = determined_with(data["series"], data["subfield"], employer, day)
            rows = rows.open_for(day, level=data["level"]).filter(committee=keeper)
            rows = rows.exclude(decided_by=DecidedBy.COMMITTEE)
        else:
            return {}
        return {line.channel: line for line in rows}


def _common(found: list[Verdict]) -> list[Reason]:
    """What closes every way of a declaration, said once instead of eight times."""
    first, *others = (verdict.reasons for verdict in found if verdict.way != EXAM)
    return [reason for reason in first if all(reason in reasons for reasons in others)]


def _begin(way: str, data: dict[str, Any]) -> str:
    """The start page of a declaration with field, way and, where the level has one title only, the title chosen."""
    titles = list(data["series"].titles_on(clock.today()).filter(level=data["level"]).values_list("pk", flat=True)[:2])
    chosen = {
        "channel": Channel.REGULAR if way == Channel.RECOMMEND else way,
        "subfield": data["subfield"].pk if data["subfield"] else "",
        "title": titles[0] if len(titles) == 1 else "",
        "applicant_class": data.get("applicant_class", ""),
    }
    return f"{reverse('applications:my-new')}?{urlencode({name: value for name, value in chosen.items() if value})}"
