"""What changed under a correction slip, side by side, for everybody who sees the declaration; the unit confirms it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from applications.forms.unit import ChangesForm, PasswordForm
from applications.models import Declaration, ItemCheck
from applications.rules.changes import answered_slip, changes_publicised, changes_step, to_confirm
from applications.rules.comparison import Compared, compared
from applications.rules.corrections import changes, consequence
from applications.rules.items import attachment_names
from applications.rules.unit import live_publicity_item
from applications.services import changes as service
from applications.services import signing
from applications.services import unit as unit_service
from applications.views.unit import UnitMixin
from applications.views.unit_case import CasePage, checks_of
from applications.workflow.declaration import DECLARATION
from appraisal_portal.accounts.access import is_unit_clerk, is_unit_head
from appraisal_portal.accounts.services import seal_of
from appraisal_portal.kernel import calendar, clock
from appraisal_portal.kernel.access import SIGNED_IN, Predicate
from appraisal_portal.kernel.views import VisibleObjectMixin
from appraisal_portal.kernel.workflow import Act, Problem

Status = Declaration.Status


def comparison_of(declaration: Any, slip: Any) -> list[Compared]:
    """Changes under a slip: until it is answered up to now, afterwards up to the answer."""
    after = declaration.content()
    if slip.answered_at is not None:
        later = declaration.snapshots.filter(taken_at__gte=slip.answered_at, stage__in=("submitted", "supplied"))
        frozen = later.order_by("pk").first()
        after = frozen.content if frozen else after
    uploads = {row.upload.sha256: row.upload_id for row in declaration.materials.select_related("upload")}
    uploads |= {photo.sha256: photo.upload_id for photo in declaration.photos.all()}
    reasons = {item.item: item.reason for item in slip.items.all()}
    again = consequence(slip.content, after).publicise
    return compared(changes(slip.content, after), reasons, again, uploads, attachment_names(declaration))


class Changes(VisibleObjectMixin, View):
    """Before and after of each changed item, slip by slip, the newest first."""

    access = SIGNED_IN
    model = Declaration

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Who sees the declaration sees what was corrected in it."""
        declaration = get_object_or_404(
            self.get_queryset().select_related("applicant", "unit", "line", "committee", "title"), pk=pk
        )
        slips = list(declaration.correction_slips.prefetch_related("items").order_by("-pk"))
        if declaration.applicant.user_id != request.user.pk:
            slips = [slip for slip in slips if slip.answered_at]  # what is being typed is the applicant's own
        waits = answered_slip(declaration) if declaration.status == Status.IN_EXAMINATION else None
        step = changes_step(declaration, waits, clock.today()) if waits else None
        context = {
            "object": declaration,
            "slips": [(slip, comparison_of(declaration, slip)) for slip in slips],
            "step": step,
            "own": declaration.applicant.user_id == request.user.pk,
            "may_confirm": step is not None
            and step.role == "unit_clerk"
            and unit_service.UNIT_MAY_CHECK(request.user, declaration),
            "may_sign": step is not None
            and step.role == "unit_head"
            and service.HEAD_MAY_SIGN(request.user, declaration),
        }
        return render(request, "applications/changes.html", context)


class _OfChanges(UnitMixin, CasePage):
    statuses = (Status.IN_EXAMINATION,)

    def known_problems(self, obj: Any) -> list[Problem]:
        """Nothing to do without a change."""
        return [] if answered_slip(obj) else [Problem(_("Nothing has changed that is to be confirmed."))]

    def back_url(self, obj: Any) -> str:
        """The side-by-side page."""
        return reverse("applications:declaration-changes", args=[obj.pk])

    def context(self, obj: Any) -> dict[str, Any]:
        """What changed and the text to be signed."""
        slip = answered_slip(obj)
        return {
            "changed": comparison_of(obj, slip) if slip else [],
            "slip": slip,
            **signing.to_be_signed(obj),
        }


class UnitChanges(_OfChanges):
    """The clerk judges what changed, signs 2-9 and posts it again where that is needed."""

    access = is_unit_clerk
    template_name = "applications/unit/changes.html"
    done = _("The judgements have been stored. The page says who acts next.")

    def rule(self, obj: Any) -> Predicate:
        """Never one's own."""
        return unit_service.UNIT_MAY_CHECK

    def form(self, obj: Any, *, bound: bool) -> Any:
        """A judgement per changed item, place and contact, password."""
        slip = answered_slip(obj)
        item = live_publicity_item(obj)
        return ChangesForm(
            *self.posted(bound=bound),
            items=to_confirm(obj, slip) if slip else [],
            checks=checks_of(obj, ItemCheck.Stage.UNIT),
            publicise=bool(slip and slip.follows == "publicise"),
            before=item.publicity if item else None,
        )

    def act(self, obj: Any, form: Any) -> Any:
        """Confirm, sign, post."""
        service.confirm(
            obj,
            form.judged(),
            actor=self.request.user,
            password=form.cleaned_data["password"],
            place=form.cleaned_data.get("place", ""),
            contact=form.cleaned_data.get("contact", ""),
            address=self.address,
        )

    def context(self, obj: Any) -> dict[str, Any]:
        """With the days of the publicity."""
        slip, days, today = answered_slip(obj), obj.line.unit_publicity_days, clock.today()
        again = slip is not None and slip.follows == "publicise"
        return {
            **super().context(obj),
            "again": again,
            "days": days,
            "today": today,
            "end": calendar.add_working_days(today, days) if again else None,
        }


class UnitChangesSign(_OfChanges):
    """The head of the unit signs 2-9 for what changed, after the publicity."""

    access = is_unit_head
    template_name = "applications/unit/changes_sign.html"
    done = _("Signed. The committee office goes on as soon as all marks are there.")

    def rule(self, obj: Any) -> Predicate:
        """Never one's own."""
        return service.HEAD_MAY_SIGN

    def form(self, obj: Any, *, bound: bool) -> Any:
        """The password."""
        return PasswordForm(*self.posted(bound=bound))

    def known_problems(self, obj: Any) -> list[Problem]:
        """A publicity that still runs is said before the password is typed."""
        slip = answered_slip(obj)
        if slip is None:
            return super().known_problems(obj)
        act = Act(self.request.user, DECLARATION.transitions["qualify"])
        return list(changes_publicised(obj, slip, act))

    def act(self, obj: Any, form: Any) -> Any:
        """Sign."""
        seen = self.request.POST.get("seen_seal", "")
        password = form.cleaned_data["password"]
        service.sign(obj, actor=self.request.user, password=password, seen_seal=seen, address=self.address)

    def context(self, obj: Any) -> dict[str, Any]:
        """With the electronic seal that is put on."""
        found = super().context(obj)
        return {**found, "seal": seal_of(obj.unit_id) if "seal" in found["missing"] else None}
