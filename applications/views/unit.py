"""Pages of the work unit (/unit/): what waits, the list, one declaration item by item, verification, return."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications import signals
from applications.forms.unit import CheckForm, PasswordForm, UnitSlipForm
from applications.models import (
    CorrectionSlip,
    Declaration,
    ItemCheck,
    Originals,
    Signature,
    UnitPublicityItem,
    read_whole,
)  # fmt: skip
from applications.querysets import CLOSED
from applications.rules.changes import answered_slip, changes_step, confirm_by
from applications.rules.items import items_of
from applications.rules.ledger import ledger
from applications.rules.progress import publicity_heading, turn
from applications.rules.submission import law_day
from applications.rules.unit import live_publicity_item
from applications.rules.unit_overview import WITH_THE_UNIT, NextStep, Readiness, Waiting, next_step, post_bars
from applications.services import archive, signing
from applications.services import unit as service
from applications.services.sealing import UNIT_MAY_SEAL, awaits_scan
from applications.views.unit_case import WITH_ALL, CasePage, checks_of, with_labels
from applications.workflow.declaration import DECLARATION
from applications.workflow.originals import ORIGINALS
from appraisal_portal.accounts.access import is_unit, is_unit_clerk, is_unit_head
from appraisal_portal.accounts.models import Employment, Membership, Organisation, PostInformation, PostStructure
from appraisal_portal.accounts.services import with_taken
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.access import Predicate
from appraisal_portal.kernel.views import PageView, VisibleList
from appraisal_portal.kernel.workflow import NotAllowed, Problem, WrongState

Status = Declaration.Status
TAKES_IN_ORIGINALS = ORIGINALS.transitions["take_in"].allowed


def of_my_unit(user: Any) -> Any:
    """Declarations handed in through the acting unit; one's own of another unit is not among them."""
    return (
        Declaration.objects.visible_to(user)
        .filter(unit=user.acting_organisation_id, submitted_at__isnull=False)
        .select_related(*WITH_ALL)
    )


def waits_of(user: Any) -> tuple[Waiting, ...]:
    """What later stages leave to the acting unit and role; asked once a request."""
    if "_unit_waits" not in user.__dict__:
        answers = signals.unit_waits.send(Declaration, unit=user.acting_organisation_id)
        found = [row for _receiver, rows in answers for row in rows]
        user._unit_waits = tuple(row for row in found if row.count and row.role == user.acting.role)
    return user._unit_waits  # type: ignore[no-any-return]


def with_live_items(declarations: Any) -> Any:
    """Fetch what :func:`next_step` asks of many rows along: live publicity items with their objections, the seal, the
    post information of the year, the day of an open correction slip."""
    seal = Signature.objects.filter(mark="seal", undertaking__voided_at=None, undertaking__declaration=OuterRef("pk"))
    told = PostInformation.objects.filter(unit=OuterRef("unit"), year=OuterRef("year"))
    slip = CorrectionSlip.objects.filter(declaration=OuterRef("pk"), answered_at=None).order_by("-pk")
    declarations = declarations.annotate(
        has_seal=Exists(seal), posts_told=Exists(told), correct_by=Subquery(slip.values("ends_on")[:1])
    )
    live = UnitPublicityItem.objects.filter(voided_at=None).select_related("publicity").prefetch_related("objections")
    return declarations.prefetch_related(Prefetch("publicity_items", live, to_attr="live_items"))


class UnitMixin:
    """Pages of clerk and head of a unit; another unit's declaration does not exist here."""

    access: Predicate = is_unit

    def get_queryset(self) -> Any:
        """The declarations of the acting unit."""
        return of_my_unit(self.request.user)  # type: ignore[attr-defined]


def _step(obj: Any, waits: Any) -> NextStep | None:
    """What the unit does next; ``waits``: the answered supplement it has to confirm."""
    if waits is not None:
        return changes_step(obj, waits, clock.today())
    day = clock.today()
    return next_step(obj, day, Readiness(obj.unit, day)) if obj.status in WITH_THE_UNIT else None


def _unit_url(obj: Any) -> str:
    return reverse("applications:unit-declaration", args=[obj.pk])


class UnitDashboard(PageView):
    """One page that tells the unit: so many people, these stop us, who acts and by when."""

    access = is_unit
    template_name = "applications/unit/dashboard.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Rows that lie with the unit with their next step; those waiting for the reader's role first."""
        user, day = self.request.user, clock.today()
        rows = list(with_live_items(of_my_unit(user).filter(year=day.year)))
        structures = PostStructure.objects.on(day).ranked().filter(unit=user.acting_organisation_id)
        posts = with_taken(structures, day, day)
        bars = post_bars(posts, rows, {post.level: post.held_by for post in posts})
        ready = Readiness(user.acting.organisation, day, {bar.level: bar.free for bar in bars})
        steps = [(row, next_step(row, day, ready)) for row in rows if row.status in WITH_THE_UNIT]
        waiting = CorrectionSlip.objects.filter(declaration__in=rows, settled_at=None).exclude(follows="")
        slips = {slip.declaration_id: slip for slip in waiting.filter(answered_at__isnull=False)}
        steps += [
            (
                row,
                NextStep(
                    str(_("Settle what changed after the supplement")),
                    "unit_clerk",
                    confirm_by(slips[row.pk]),
                    why=str(_("The committee office waits for this after a supplement")),
                ),
            )
            for row in rows
            if row.pk in slips and row.status == Status.IN_EXAMINATION
        ]
        steps.sort(key=lambda pair: (pair[1].by or day, pair[0].pk))
        mine = [pair for pair in steps if pair[1].role == user.acting.role]
        asked, lacking = _people(user.acting.organisation)
        agency = user.acting.organisation.kind == Organisation.Kind.AGENCY
        return super().get_context_data(
            unit=user.acting.organisation,
            agency=agency,
            heading=_("Declarations through our agency") if agency else _("Declarations of our unit"),
            year=day.year,
            total=len(rows),
            mine=mine,
            others=[pair for pair in steps if pair[1].role != user.acting.role],
            to_post=sum(row.status == Status.VERIFIED and not row.live_items for row in rows),
            verified=sum(row.status not in (Status.WITH_UNIT, Status.RETURNED) for row in rows),
            recommended=sum(row.recommended_on is not None for row in rows),
            asked=asked,
            lacking=lacking,
            waits=waits_of(user),
            may_register_seal=is_unit_head(user) and user.acting.organisation.e_seal_id is None,
            bars=bars,
            **kwargs,
        )


def _people(unit: Organisation) -> tuple[int, list[str]]:
    """How many ask to be confirmed, and the role of clerk or head nobody holds: what waits for it waits for ever."""
    both = (Membership.Role.UNIT_CLERK, Membership.Role.UNIT_HEAD)
    held = Membership.objects.active_on(clock.today()).filter(organisation=OuterRef("pk"))
    asked = Count("employments", filter=Q(employments__status=Employment.Status.ASKED))
    filled = {role.value: Exists(held.filter(role=role)) for role in both}
    row = Organisation.objects.annotate(asked=asked, **filled).values("asked", *filled).get(pk=unit.pk)
    return row["asked"], [str(role.label) for role in both if not row[role.value]]


class UnitList(UnitMixin, VisibleList):
    """All declarations through the unit, newest year first."""

    template_name = "applications/unit/list.html"
    model = Declaration

    def get_queryset(self) -> Any:
        """Searched by name or number when asked."""
        rows = with_live_items(super().get_queryset()).order_by("-year", "-pk")
        asked = self.request.GET.get("q", "").strip()[:60]
        return rows.filter(Q(applicant__name__icontains=asked) | Q(number__icontains=asked)) if asked else rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each row with its next step."""
        context = super().get_context_data(**kwargs)
        day = clock.today()
        ready = Readiness(self.request.user.acting.organisation, day)
        context["rows"] = [
            (row, next_step(row, day, ready) if row.status in WITH_THE_UNIT else NextStep(""))
            for row in context["page_obj"]
        ]
        context["q"] = self.request.GET.get("q", "")
        return context


class UnitDeclaration(UnitMixin, CasePage):
    """One declaration: claim and file side by side, a judgement per item."""

    template_name = "applications/unit/declaration.html"
    done = _("The judgements have been saved.")

    def case(self, pk: int) -> Any:
        """To be shown: with everything the items are made of, in one round trip. To be judged it is read anew later,
        under its lock."""
        obj = super().case(pk)
        if self.request.method != "POST":
            read_whole(obj)
        return obj

    def form(self, obj: Any, *, bound: bool) -> Any:
        """Judgements as they stand."""
        return CheckForm(
            *self.posted(bound=bound),
            items=items_of(obj),
            checks=checks_of(obj, ItemCheck.Stage.UNIT),
            archived=archive.known_of(obj),
        )

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One click confirms what was verified before against the same file; everything else is the form."""
        code = request.POST.get("confirm", "")
        if not code:
            return super().post(request, pk)
        obj = self.case(pk)
        known = archive.known_of(obj).get(code)
        if known is None or not known.same:
            changed = Problem(_("Claim or file has changed: please check it again."))
            return self.page(obj, self.form(obj, bound=False), refused=[changed], status=422)
        try:
            service.check_in_unit(obj, {code: ("true", "")}, actor=request.user)
        except WrongState as error:
            return self._told(obj, error)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        messages.success(request, self.done)
        return redirect(_unit_url(obj))

    def act(self, obj: Any, form: Any) -> Any:
        """Store the judgements."""
        service.check_in_unit(obj, form.judged(), actor=self.request.user)

    def context(self, obj: Any) -> dict[str, Any]:
        """What can be done from here."""
        user = self.request.user
        item = live_publicity_item(obj)
        waits = answered_slip(obj) if obj.status == Status.IN_EXAMINATION else None
        objections = (
            list(item.objections.visible_to(user).select_related("recorded_by", "handler")) if item is not None else []
        )
        open_to = {row.name for row in DECLARATION.open_to(obj, user)}
        recommends = "recommend" in open_to and item is not None
        stops = service.stops_recommending(obj, user) if recommends else []
        return {
            "may_check": obj.status == Status.WITH_UNIT and service.UNIT_MAY_CHECK(user, obj),
            "transitions": open_to,
            "may_recommend": recommends and not stops,
            "stops": stops,
            "step": _step(obj, waits),
            "turn": turn(obj),
            "ledger": ledger(obj, law_day(obj)),
            "publicity_item": item,
            "publicity_heading": publicity_heading(by_agency=obj.through_agency),
            "objections": objections,
            "to_publicise": obj.status == Status.VERIFIED and item is None and is_unit_clerk(user),
            "may_record": (obj.status == Status.UNIT_PUBLICITY or waits is not None) and UNIT_MAY_SEAL(user, obj),
            "may_take_in": obj.status not in CLOSED and TAKES_IN_ORIGINALS(user, Originals(declaration=obj)),
            "may_seal": (obj.status in (Status.VERIFIED, Status.UNIT_PUBLICITY) or waits is not None)
            and UNIT_MAY_SEAL(user, obj)
            and awaits_scan(obj),
            "slips": list(obj.correction_slips.prefetch_related("items").order_by("-pk")),
            "records": with_labels(obj.records.select_related("actor").order_by("-pk"), DECLARATION),
        }

    def success_url(self, obj: Any) -> str:
        """The same page, with the judgements stored."""
        return _unit_url(obj)

    def back_url(self, obj: Any) -> str:
        """The list of the unit."""
        return reverse("applications:unit-list")


class _OfClerk(UnitMixin, CasePage):
    access = is_unit_clerk

    def back_url(self, obj: Any) -> str:
        """The declaration in the unit."""
        return _unit_url(obj)


class UnitVerify(_OfClerk):
    """The verifier reads the whole undertaking 2-9 and signs it with the password."""

    template_name = "applications/unit/verify.html"
    statuses = DECLARATION.transitions["verify"].sources
    done = _("Verified and signed. What comes next stands below.")

    def rule(self, obj: Any) -> Predicate:
        """As the table says."""
        return DECLARATION.transitions["verify"].allowed

    def form(self, obj: Any, *, bound: bool) -> Any:
        """The password."""
        return PasswordForm(*self.posted(bound=bound))

    def known_problems(self, obj: Any) -> list[Problem]:
        """Items not checked, said before the password is typed."""
        return DECLARATION.problems(obj, "verify", actor=self.request.user)

    def act(self, obj: Any, form: Any) -> Any:
        """Sign and verify."""
        service.verify(obj, actor=self.request.user, password=form.cleaned_data["password"], address=self.address)

    def context(self, obj: Any) -> dict[str, Any]:
        """The whole text to be signed."""
        return signing.to_be_signed(obj)


class UnitReturn(_OfClerk):
    """Return for correction: a slip that names items; only these open for the applicant."""

    template_name = "applications/unit/return.html"
    statuses = DECLARATION.transitions["return_by_unit"].sources
    done = _("Returned. The applicant has been told what to correct.")

    def rule(self, obj: Any) -> Predicate:
        """As the table says."""
        return DECLARATION.transitions["return_by_unit"].allowed

    def form(self, obj: Any, *, bound: bool) -> Any:
        """Items with reasons; doubtful ones come ticked."""
        return UnitSlipForm(
            *self.posted(bound=bound), items=items_of(obj), checks=checks_of(obj, ItemCheck.Stage.UNIT),
            last=obj.line.unit_deadline, publicity=obj.line.unit_publicity_days,
        )  # fmt: skip

    def act(self, obj: Any, form: Any) -> Any:
        """Write the slip and return."""
        service.return_for_correction(
            obj, form.items(), actor=self.request.user, reason=form.summary(), address=self.address,
            answer_by=form.cleaned_data["answer_by"],
        )  # fmt: skip

    def context(self, obj: Any) -> dict[str, Any]:
        """The unit's own last day, the working days a publicity takes, and whether one is lost."""
        return {
            "deadline": obj.line.unit_deadline,
            "days": obj.line.unit_publicity_days,
            "loses_publicity": obj.status == Status.UNIT_PUBLICITY,
        }
