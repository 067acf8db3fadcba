"""Pages of the applicant (/my/): the list, a new declaration, task list and progress, receipt."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Count, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from applications import access
from applications.forms.start import StartForm
from applications.models import Declaration, DeclarationRecord, HandOver, UnitObjection
from applications.rules import closing, progress, submission
from applications.rules import form as form_rules
from applications.rules.examination import may_ask_for_a_recheck
from applications.rules.words import SECTIONS
from applications.services import drafts
from applications.workflow import DECLARATION, writes
from appraisal_portal import law
from appraisal_portal.accounts.models import Employment
from appraisal_portal.kernel import clock, parts
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.views import FormPage, VisibleDetail, VisibleList, VisibleObjectMixin
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Problem, Refused
from committees.plans.models import PlanLine

Status = Declaration.Status
WITH_ALL = (
    "applicant__user",
    "unit__forwarder",
    "line__plan",
    "line__committee",
    "committee",
    "series",
    "subfield",
    "title",
    "standard_version",
)


class OwnMixin(VisibleObjectMixin):
    """Pages about one's own declaration; anybody else's is 404, whatever role the reader has."""

    access = access.is_owner
    model = Declaration

    def get_queryset(self) -> Any:
        """Own declarations only."""
        return Declaration.objects.own(self.request.user).select_related(*WITH_ALL)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Shown:
    """A problem with the place where it is mended and the rule it rests on."""

    text: str
    url: str = ""
    basis: str = ""


def place_to_mend(declaration: Declaration, field: str) -> str:
    """The page (and row) a problem's ``field`` leads to; empty when no page can mend it."""
    section, _dot, part = field.partition(".")
    if section == "undertaking":
        return reverse("applications:my-undertaking", args=[declaration.pk])
    if section == "employment":
        return reverse("accounts:employment-list")
    if section in drafts.sections_of(declaration):
        if part and section in ("questions", "self_scoring"):
            part = f"#div_id_{part}"  # the whole field: a table and a list of ticks have no control of that id
            return reverse("applications:my-section", args=[declaration.pk, section]) + part
        anchor = f"#id_{part}" if section in ("person", "representative") and part else (f"#row-{part}" if part else "")
        return reverse("applications:my-section", args=[declaration.pk, section]) + anchor
    return ""


def show(declaration: Declaration, problems: list[Problem]) -> list[Shown]:
    """Problems for a page; citations only of rules in force on the cycle's day."""
    day = submission.law_day(declaration)
    return [
        Shown(str(p), place_to_mend(declaration, p.field), law.cite(p.basis, day) if p.basis in law.RULES else "")
        for p in problems
    ]


def out_of_turn(request: HttpRequest, declaration: Declaration, refused: Refused) -> HttpResponse:
    """A post that comes too late or too early: said by name, nothing written (409)."""
    context = {"refused": refused.problems, "back_url": declaration.get_absolute_url()}
    return render(request, "409.html", context, status=409)


class MyList(VisibleList):
    """One's own declarations, and what is open now."""

    access = SIGNED_IN
    model = Declaration
    template_name = "applications/my/list.html"

    def get_queryset(self) -> Any:
        """Own, newest first."""
        return Declaration.objects.own(self.request.user).select_related(*WITH_ALL).order_by("-year", "-pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Rows with their step, and the next window."""
        context = super().get_context_data(**kwargs)
        rows = []
        for declaration in closing.prepare(context["object_list"]):
            place = progress.place_of(declaration.status)
            rows.append((declaration, place, progress.turn(declaration)))
        today = clock.today()
        lines = PlanLine.objects.in_force().filter(opens_on__gt=today).order_by("opens_on", "closes_on")
        context |= {
            "rows": rows,
            "first_line": lines.first(),
            "open_until": closing.open_until(today, getattr(self.request.user, "person", None)),
            "can_start": access.is_owner(self.request.user),
        }
        return context


CARRIED = ("channel", "subfield", "title", "applicant_class")


class MyNew(FormPage):
    """Choose unit, title, field and way; five equal posts give one draft, a second draft leads to the first."""

    access = access.is_owner
    form_class = StartForm
    template_name = "applications/my/new.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """The person decides which units can be chosen."""
        kwargs = super().get_form_kwargs()
        if self.request.method != "POST":
            units = Employment.objects.filter(person=self.request.user.person, status__in=("asked", "confirmed"))
            only = list(units.values_list("unit", flat=True)[:2])
            kwargs["initial"] = {**kwargs["initial"], **({"unit": only[0]} if len(only) == 1 else {})}
            # What the six questions have found out already (views/ways.py); a value that is no choice chooses nothing.
            kwargs["initial"] |= {name: self.request.GET[name] for name in CARRIED if self.request.GET.get(name)}
        return {**kwargs, "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether a unit can be chosen at all."""
        context = super().get_context_data(**kwargs)
        fields = context["form"].fields
        context["no_unit"] = not fields["unit"].queryset.exists()
        context["nothing_open"] = not fields["title"].queryset.exists()
        return context

    def form_valid(self, form: StartForm) -> HttpResponse:
        """Start the draft, or lead to the first one by name."""
        data = form.cleaned_data
        try:
            declaration = drafts.start(self.request.user, **data)
        except drafts.SecondDeclaration as refused:
            messages.warning(self.request, _("%(problem)s Here it is.") % {"problem": refused.problems[0]})
            return redirect(refused.first)
        except (Blocked, NotAllowed) as refused:
            for problem in refused.problems:
                form.add_error(problem.field if problem.field in form.fields else None, _with_basis(problem))
            return self.form_invalid(form)
        return redirect("applications:my-detail", pk=declaration.pk)


def _with_basis(problem: Problem) -> str:
    cited = law.cite(problem.basis, clock.today()) if problem.basis in law.RULES else ""
    return _("%(problem)s (%(basis)s)") % {"problem": problem, "basis": cited} if cited else str(problem)


@dataclass(frozen=True)
class Task:
    """One line of the task list: ``state`` is done, blocked or empty (to do); ``text`` replaces the standard words."""

    label: str
    url: str
    state: str
    text: str = ""


def problems_by_section(declaration: Declaration, user: Any) -> dict[str, list[Problem]]:
    """What each section still lacks, eligibility rules included, from the guards of the step that comes next."""
    name = "resubmit" if declaration.status == Status.RETURNED else "submit"
    found: dict[str, list[Problem]] = {section: [] for section in drafts.sections_of(declaration)}
    for problem in DECLARATION.problems(declaration, name, actor=user):
        found.setdefault(problem.field.partition(".")[0], []).append(problem)
    return found


def started(declaration: Declaration) -> set[str]:
    """Sections in which something has been entered."""
    empty = form_rules.empty_sections(declaration)
    return {section for section in drafts.sections_of(declaration) if section not in empty}


def tasks_of(declaration: Declaration, by_section: dict[str, list[Problem]]) -> list[Task]:
    """The task list of a draft: sections, undertaking, check and submit."""
    begun = started(declaration)
    tasks = []
    sections = drafts.sections_of(declaration)
    for section in sections:
        missing = by_section.get(section, [])
        url = reverse("applications:my-section", args=[declaration.pk, section])
        text = ""
        if (section in begun) == bool(missing):  # begun and not finished, or left empty and not missed
            waits = _("In progress, still missing: {n}").format(n=len(missing))
            text = waits if missing else _("Optional, nothing entered")
        tasks.append(Task(str(SECTIONS[section]), url, "" if missing else "done", text))
    complete = not any(by_section.get(section) for section in sections)
    undersigned = not by_section.get("undertaking")
    tasks.append(
        Task(
            _("Read and sign the authenticity undertaking (2-9)"),
            reverse("applications:my-undertaking", args=[declaration.pk]),
            "done" if undersigned else ("" if complete else "blocked"),
            "" if undersigned or complete else _("After the parts above"),
        )
    )
    tasks.append(
        Task(
            _("Check your answers and submit"),
            reverse("applications:my-check", args=[declaration.pk]),
            "" if complete and undersigned else "blocked",
            "" if undersigned else _("After 2-9 is signed") if complete else _("After the parts above"),
        )
    )
    return tasks


class MyDetail(OwnMixin, VisibleDetail):
    """The task list before submission, the progress afterwards."""

    access = SIGNED_IN  # others find nothing here; asking for the person again would be one query more
    template_name = "applications/my/tasks.html"
    do_url = "applications:declaration-do"

    def get_queryset(self) -> Any:
        """Only what the page of progress shows: the join of everything costs more than the rest of the page."""
        shown = ("applicant", "unit__forwarder", "line", "committee", "series", "subfield", "title")
        return Declaration.objects.own(self.request.user).select_related(*shown)  # type: ignore[attr-defined]

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A draft is read in full; the page of progress says the same until something happens to the declaration."""
        records = DeclarationRecord.objects.filter(subject=kwargs["pk"], subject__applicant__user=request.user)
        columns = ("pk", "subject__number", "subject__status", "subject__form_version", "moved", "heard")
        moved = HandOver.objects.filter(originals__declaration=kwargs["pk"]).order_by("-pk").values("pk")[:1]
        inside = UnitObjection.objects.filter(item__declaration=kwargs["pk"]).order_by().values("item__declaration")
        heard = inside.annotate(n=Count("pk") + Count("concluded_at")).values("n")  # grows with each entry and outcome
        records = records.annotate(moved=Subquery(moved), heard=Subquery(heard))
        seen = records.order_by("-pk").values_list(*columns).first()
        if seen is None or seen[2] == Status.DRAFT:
            return super().get(request, *args, **kwargs)
        body = parts.remembered(self._progress, "my-detail", kwargs["pk"], *seen, clock.today())
        user = request.user
        reader = (user.pk, str(user), user.acting.pk if user.acting else None, [m.pk for m in user.memberships_today()])
        title = f"{_('Progress of the declaration')} - {seen[1]}"
        return HttpResponse(parts.own_page(request, title=title, main=body, reader=reader))

    def _progress(self) -> str:
        self.object = self.get_object()
        return render_to_string("applications/my/_progress.html", self.get_context_data(), self.request)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Tasks, or tracker and timeline."""
        context = super().get_context_data(**kwargs)
        declaration = self.object
        context["actions"] = [
            {
                "url": reverse(self.do_url, args=[declaration.pk, row.name]),
                "label": row.label,
                "irreversible": row.irreversible,
            }
            for row in DECLARATION.open_to(declaration, self.request.user)
            if row.name == "withdraw" or (row.name == "recheck" and may_ask_for_a_recheck(declaration, clock.today()))
        ]
        if declaration.is_draft:
            context["closes_on"] = closing.closing_day(declaration)
            context["kept"] = writes.keep_last_draft(declaration)
            by_section = problems_by_section(declaration, self.request.user)
            context["tasks"] = tasks_of(declaration, by_section)
            context["others"] = show(declaration, [*by_section.get("", []), *by_section.get("application", [])])
            context["others"] += show(declaration, by_section.get("employment", []))
            context["done"] = sum(task.state == "done" for task in context["tasks"])
            return context
        context["originals"] = declaration.originals.select_related("holder")
        return context | course_of(declaration)


# Whose reason is meant for the person concerned; opinions between offices are not.
REASON_SHOWN = frozenset(
    {
        "return_by_unit", "refuse_recommendation", "disqualify", "recheck", "withdraw", "exclude", "reject_result",
        "reject_after_spot_check",
        "bar", "revoke",
    }
)  # fmt: skip


def course_of(declaration: Declaration) -> dict[str, Any]:
    """Tracker, whose turn, timeline in public words; names of officials are not shown to the applicant."""
    records = list(declaration.records.order_by("pk"))
    by_agency = declaration.through_agency
    return {
        "steps": progress.steps(declaration, records),
        "turn": progress.turn(declaration),
        "decided": declaration.status in progress.DECIDED,
        "objected": progress.objected(records),
        "inside": progress.raised_inside(declaration),
        "entries": [
            {
                "label": (by_agency and progress.AGENCY_LABELS.get(row.name)) or row.public_label,
                "at": record.at,
                "text": record.reason if record.transition in REASON_SHOWN else "",
            }
            for record in reversed(records)
            if (row := DECLARATION.transitions[record.transition]).public_label
        ],
    }


class MyReceipt(OwnMixin, VisibleDetail):
    """The receipts: number, time, hash of each hand-in, what comes next; can be opened again at any time."""

    template_name = "applications/my/receipt.html"

    def get_queryset(self) -> Any:
        """A draft has none."""
        return super().get_queryset().filter(submitted_at__isnull=False)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whose turn it is."""
        receipts = self.object.receipts.select_related("snapshot").defer("snapshot__content")
        return super().get_context_data(turn=progress.turn(self.object), receipts=receipts, **kwargs)


class MyHistory(OwnMixin, VisibleDetail):
    """The timeline by itself, for print."""

    template_name = "applications/my/history.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The same entries as on the page of progress."""
        return super().get_context_data(**kwargs) | course_of(self.object)
