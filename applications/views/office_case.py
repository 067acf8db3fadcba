"""Examination of one declaration at the committee office, and the decisions that need more than a reason."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications.access import declares_own_recusal, is_examiner
from applications.forms.office import (
    AssignForm,
    DisqualifyForm,
    OfficeCheckForm,
    RedirectForm,
    RevealForm,
    StandBackForm,
)
from applications.forms.unit import InnerForm, SendBackForm, SlipForm
from applications.models import CaseRecusal, Declaration, ItemCheck, UnitObjection
from applications.rules.at_office import what_next
from applications.rules.examination import decided_before_recheck, office_slip, reply_too_late
from applications.rules.items import items_of
from applications.rules.ledger import ledger
from applications.rules.submission import law_day
from applications.rules.words import GROUNDS
from applications.services import examination as service
from applications.views.forwarder import sister_lines
from applications.views.office import EXAMINERS, OfficeMixin
from applications.views.unit_case import WITH_ALL, CasePage, checks_of, with_labels
from applications.workflow import people
from applications.workflow.declaration import DECLARATION
from applications.workflow.recusal import CASE_RECUSAL, nobody_left
from appraisal_portal.accounts.access import is_forwarder, is_office
from appraisal_portal.kernel import calendar, clock
from appraisal_portal.kernel.access import Predicate
from appraisal_portal.kernel.workflow import NotAllowed, Problem

Status = Declaration.Status


class _OfOffice(OfficeMixin, CasePage):
    access = EXAMINERS

    def get_queryset(self) -> Any:
        """What the reader sees, with everything the page names; a county bureau only what it decides itself."""
        seen = super().get_queryset().select_related(*WITH_ALL)
        if is_forwarder(self.request.user):
            return seen.filter(line__decided_by="county_bureau", unit__forwarder__kind="county_bureau")
        return seen

    def list_url(self) -> str:
        """The list the reader came from."""
        name = "forwarder" if is_forwarder(self.request.user) else "office"
        return reverse(f"applications:{name}-list")

    def back_url(self, obj: Any) -> str:
        """The page of the declaration at the office."""
        return reverse("applications:office-declaration", args=[obj.pk])


def _refusal_and_recheck(declaration: Any) -> Any:
    """The records of what was refused and what the person wrote against it, the last one last."""
    return declaration.records.filter(transition__in=("disqualify", "recheck")).order_by("pk")


def _offered(declaration: Any, user: Any) -> set[str]:
    """Steps open to the reader; reopening only while its minutes last, for later it is refused (decision 84)."""
    offered = {row.name for row in DECLARATION.open_to(declaration, user)}
    again = "reopen_examination"
    if again in offered and DECLARATION.problems(declaration, again, actor=user, reason="-"):
        offered.remove(again)
    return offered


class OfficeDeclaration(_OfOffice):
    """The examination page: identity bar, items with evidence, hours, what the unit found, decisions."""

    template_name = "applications/office/declaration.html"
    done = _("The judgements have been saved.")

    def form(self, obj: Any, *, bound: bool) -> Any:
        """The office's own judgements."""
        return OfficeCheckForm(
            *self.posted(bound=bound),
            items=items_of(obj),
            checks=checks_of(obj, ItemCheck.Stage.OFFICE),
            before=checks_of(obj, ItemCheck.Stage.UNIT),
        )

    def act(self, obj: Any, form: Any) -> Any:
        """Store the judgements."""
        service.check_in_office(obj, form.judged(), actor=self.request.user)

    def context(self, obj: Any) -> dict[str, Any]:
        """What the reader sees and may do."""
        user = self.request.user
        refused = {record.transition: record for record in _refusal_and_recheck(obj)}
        disqualified = refused.get("disqualify")
        return {
            "list_url": self.list_url(),
            "may_check": obj.status == Status.IN_EXAMINATION and service.OFFICE_MAY_CHECK(user, obj),
            "may_reveal": service.MAY_REVEAL(user, obj),
            "reveal_form": RevealForm(),
            "transitions": _offered(obj, user),
            "ledger": ledger(obj, law_day(obj)),
            "recommendation": getattr(obj, "recommendation", None),
            "opinions": list(obj.forwarding_opinions.select_related("forwarder", "by")),
            "slip": office_slip(obj),
            "next": what_next(obj),
            "unit_objections": UnitObjection.objects.visible_to(user).filter(item__declaration=obj).exclude(outcome=""),
            "disqualified": disqualified,
            "ground": GROUNDS.get(disqualified.data.get("ground"), "") if disqualified else "",
            "recheck": refused.get("recheck"),
            "photo": obj.photos.filter(current=True).first(),
            "may_stand_back": declares_own_recusal(user, CaseRecusal(declaration=obj, user_id=user.pk)),
            "recusals": [
                (row, CASE_RECUSAL.open_to(row, user))
                for row in CaseRecusal.objects.visible_to(user).filter(declaration=obj).select_related("user")
            ],
            "nobody_left": nobody_left(obj),
            "records": with_labels(obj.records.select_related("actor").order_by("-pk"), DECLARATION),
        }

    def success_url(self, obj: Any) -> str:
        """The same page."""
        return self.back_url(obj)


class OfficeReveal(OfficeDeclaration):
    """The full document number, for this page load only; recorded with the reason."""

    access = is_examiner

    def rule(self, obj: Any) -> Predicate:
        """Clerks of the office, never one's own."""
        return service.MAY_REVEAL

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A reload asks anew: back to the masked page."""
        return redirect("applications:office-declaration", pk=self.case(pk).pk)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Record and show once; never kept by a cache."""
        obj = self.case(pk)
        reveal = RevealForm(request.POST)
        if not reveal.is_valid():
            response = self.page(obj, self.form(obj, bound=False), status=422)
        else:
            try:
                self.full_number = service.reveal_id(obj, actor=request.user, reason=reveal.words())
            except NotAllowed as error:
                raise PermissionDenied(str(error)) from error
            response = self.page(obj, self.form(obj, bound=False))
        response["Cache-Control"] = "no-store"
        return response

    def context(self, obj: Any) -> dict[str, Any]:
        """With the number, where it was revealed."""
        return {**super().context(obj), "full_number": getattr(self, "full_number", "")}


class _Decision(_OfOffice):
    """A page of its own for one transition of the table."""

    access = is_examiner
    name = ""

    def rule(self, obj: Any) -> Predicate:
        """As the table says."""
        return DECLARATION.transitions[self.name].allowed

    def stale(self, obj: Any) -> HttpResponse | None:
        """The sources are the table's."""
        self.statuses = DECLARATION.transitions[self.name].sources
        return super().stale(obj)

    def context(self, obj: Any) -> dict[str, Any]:
        """The row of the table."""
        return {"transition": DECLARATION.transitions[self.name]}


class OfficeAccept(_Decision):
    """Take it on: the clerk becomes its handler."""

    name = "accept"
    template_name = "applications/office/decide.html"
    done = _("Accepted. You handle this declaration now.")

    def form(self, obj: Any, *, bound: bool) -> Any:
        """Nothing to fill in."""
        return InnerForm(*self.posted(bound=bound))

    def known_problems(self, obj: Any) -> list[Problem]:
        """Said before the button."""
        return DECLARATION.problems(obj, self.name, actor=self.request.user)

    def act(self, obj: Any, form: Any) -> Any:
        """Accept."""
        service.accept(obj, actor=self.request.user, address=self.address)


class OfficeQualify(OfficeAccept):
    """Found eligible."""

    name = "qualify"
    done = _("Found eligible. The applicant has been told.")

    def act(self, obj: Any, form: Any) -> Any:
        """Qualify."""
        service.qualify(obj, actor=self.request.user, address=self.address)


class OfficeAssign(_Decision):
    """Somebody else of the office handles it from now on."""

    name = "assign"
    template_name = "applications/office/decide.html"
    done = _("Assigned. The new handler has been told.")

    def form(self, obj: Any, *, bound: bool) -> Any:
        """Whom; whoever examines for the body that decides."""
        before = decided_before_recheck(obj)
        staff = [user for user in people.office_clerks(obj) if user.pk != before]
        return AssignForm(*self.posted(bound=bound), staff=staff)

    def act(self, obj: Any, form: Any) -> Any:
        """Assign."""
        service.assign(obj, form.cleaned_data["handler"], actor=self.request.user, address=self.address)


class OfficeStandBack(_OfOffice):
    """Clerk or director keeps away from this case, with the ground; nothing of it is seen from then on."""

    access = is_office
    template_name = "applications/office/stand_back.html"
    done = _("You keep away from this case and see nothing of it any more. Your colleagues have been told.")

    def rule(self, obj: Any) -> Predicate:
        """Of the committee's office."""
        return declares_own_recusal

    def judged(self, obj: Any) -> CaseRecusal:
        """The recusal that would come into being."""
        return CaseRecusal(declaration=obj, user_id=self.request.user.pk, source=CaseRecusal.Source.DECLARED)

    def form(self, obj: Any, *, bound: bool) -> Any:
        """The ground."""
        return StandBackForm(*self.posted(bound=bound))

    def act(self, obj: Any, form: Any) -> Any:
        """Keep away."""
        recusal = self.judged(obj)
        recusal.ground = form.cleaned_data["ground"]
        CASE_RECUSAL.fire(recusal, "propose", actor=self.request.user, address=self.address)

    def success_url(self, obj: Any) -> str:
        """The case is not visible any more."""
        return self.list_url()


class OfficeDisqualify(_Decision):
    """Found not eligible: ground code and reason."""

    name = "disqualify"
    template_name = "applications/office/decide.html"
    done = _("Found not eligible. The applicant has been told the ground.")

    def form(self, obj: Any, *, bound: bool) -> Any:
        """Ground and reason."""
        return DisqualifyForm(*self.posted(bound=bound))

    def act(self, obj: Any, form: Any) -> Any:
        """Disqualify."""
        service.disqualify(obj, actor=self.request.user, address=self.address, **form.cleaned_data)


class OfficeRedirect(_Decision):
    """To the committee that reviews the title."""

    name = "redirect"
    template_name = "applications/office/decide.html"
    done = _("Handed over to the other committee's office.")

    def form(self, obj: Any, *, bound: bool) -> Any:
        """Committee and reason."""
        return RedirectForm(*self.posted(bound=bound), lines=sister_lines(obj))

    def act(self, obj: Any, form: Any) -> Any:
        """Redirect."""
        service.redirect(
            obj,
            form.cleaned_data["line"],
            actor=self.request.user,
            reason=form.cleaned_data["reason"],
            address=self.address,
        )

    def success_url(self, obj: Any) -> str:
        """The declaration may not be visible any more: back to the list."""
        return self.list_url()


class OfficeSendBack(_Decision):
    """Back to the unit with the reason."""

    name = "send_back_to_unit"
    template_name = "applications/office/decide.html"
    done = _("Sent back to the work unit.")

    def form(self, obj: Any, *, bound: bool) -> Any:
        """The reason."""
        return SendBackForm(*self.posted(bound=bound))

    def act(self, obj: Any, form: Any) -> Any:
        """Send back."""
        DECLARATION.fire(
            obj,
            self.name,
            actor=self.request.user,
            reason=form.cleaned_data["reason"],
            address=self.address,
        )

    def success_url(self, obj: Any) -> str:
        """It is the unit's again."""
        return self.list_url()


class OfficeSupplement(_Decision):
    """The one supplement notice: items, reasons and the last day of the reply."""

    name = "ask_supplement"
    template_name = "applications/office/supplement.html"
    done = _("The supplement notice has been sent. It is possible only once.")

    def form(self, obj: Any, *, bound: bool) -> Any:
        """Doubtful items come ticked."""
        return SlipForm(*self.posted(bound=bound), items=items_of(obj), checks=checks_of(obj, ItemCheck.Stage.OFFICE))

    def known_problems(self, obj: Any) -> list[Problem]:
        """A second notice, and one whose reply would come too late, are refused before anything is typed."""
        if office_slip(obj) is not None:
            words = _("A supplement has been asked for before. It is possible only once; decide on what was supplied.")
            return [Problem(words)]
        today = clock.today()
        return list(reply_too_late(obj, calendar.add_working_days(today, obj.line.supplement_days).ends_on, today))

    def act(self, obj: Any, form: Any) -> Any:
        """Send the notice."""
        service.ask_supplement(obj, form.items(), actor=self.request.user, reason=form.summary(), address=self.address)

    def context(self, obj: Any) -> dict[str, Any]:
        """The last day, computed before anybody sends it."""
        days, today = obj.line.supplement_days, clock.today()
        return {**super().context(obj), "days": days, "today": today, "end": calendar.add_working_days(today, days)}
