"""The head of the unit recommends; units without an electronic seal upload the sealed scan."""

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views import View

from applications.forms.unit import ReasonForm, RecommendForm, SealForm
from applications.models import Declaration
from applications.rules import unit as rules
from applications.services import sealing, signing
from applications.services import unit as service
from applications.views.unit import UnitMixin
from applications.views.unit_case import CasePage
from applications.workflow.declaration import DECLARATION
from appraisal_portal.accounts.access import is_unit, is_unit_head
from appraisal_portal.accounts.services import seal_of, structure_of, taken
from appraisal_portal.kernel import clock, documents, files
from appraisal_portal.kernel.access import Predicate
from appraisal_portal.kernel.views import VisibleObjectMixin
from appraisal_portal.kernel.workflow import Blocked, Problem

Status = Declaration.Status
RECOMMEND = DECLARATION.transitions["recommend"]
REFUSE = DECLARATION.transitions["refuse_recommendation"]


class _OfUnit(UnitMixin, CasePage):
    def back_url(self, obj: Any) -> str:
        """The declaration in the unit."""
        return reverse("applications:unit-declaration", args=[obj.pk])


class UnitRecommend(_OfUnit):
    """The head reads the whole 2-9, writes opinion and post statement, signs with the password."""

    access = is_unit_head
    template_name = "applications/unit/recommend.html"
    statuses = RECOMMEND.sources
    done = _("Recommended. It has gone on; the applicant has been told.")

    def rule(self, obj: Any) -> Predicate:
        """As the table says: another person than the verifier, never one's own."""
        return RECOMMEND.allowed

    def form(self, obj: Any, *, bound: bool) -> Any:
        """The opinion, as written before when there is one."""
        earlier = getattr(obj, "recommendation", None)
        return RecommendForm(*self.posted(bound=bound), initial={"opinion": earlier.opinion} if earlier else {})

    def known_problems(self, obj: Any) -> list[Problem]:
        """What no input on this page can mend: publicity, objections, marks of others."""
        return service.stops_recommending(obj, self.request.user)

    def act(self, obj: Any, form: Any) -> Any:
        """Everything or nothing."""
        seen = self.request.POST.get("seen_seal", "")
        service.recommend(obj, actor=self.request.user, address=self.address, seen_seal=seen, **form.cleaned_data)

    def context(self, obj: Any) -> dict[str, Any]:
        """The whole text to be signed and what the posts look like."""
        day = clock.today()
        posts, text = rules.bound_by_posts(obj, day), signing.to_be_signed(obj)
        structure = structure_of(obj.unit_id, obj.title.level, day) if posts else None
        return {
            **text,
            "seal": seal_of(obj.unit_id) if "seal" in text["missing"] else None,
            "others": rules.others_recommended(obj, day) if posts else 0,
            "posts": posts,
            "structure": structure,
            "taken": taken(structure, day, day) if structure else 0,
            "item": rules.live_publicity_item(obj),
        }


class UnitRefuse(_OfUnit):
    """The head refuses to recommend, with the reason the applicant reads."""

    access = is_unit_head
    template_name = "applications/unit/refuse.html"
    statuses = REFUSE.sources
    done = _("Not recommended. The applicant has been told the reason.")

    def rule(self, obj: Any) -> Predicate:
        """As the table says."""
        return REFUSE.allowed

    def form(self, obj: Any, *, bound: bool) -> Any:
        """The reason."""
        return ReasonForm(*self.posted(bound=bound))

    def act(self, obj: Any, form: Any) -> Any:
        """Refuse."""
        DECLARATION.fire(
            obj,
            "refuse_recommendation",
            actor=self.request.user,
            reason=form.cleaned_data["reason"],
            address=self.address,
        )


class UnitSeal(_OfUnit):
    """Print 2-9, seal it, scan it, upload it: the mark "seal" of a unit without an electronic seal."""

    access = is_unit
    template_name = "applications/unit/seal.html"
    statuses = (Status.VERIFIED, Status.UNIT_PUBLICITY, Status.IN_EXAMINATION)
    done = _("The sealed undertaking has been stored.")

    def rule(self, obj: Any) -> Predicate:
        """Clerk or head of the unit, never one's own."""
        return sealing.UNIT_MAY_SEAL

    def form(self, obj: Any, *, bound: bool) -> Any:
        """The file."""
        return SealForm(*self.posted(bound=bound))

    def known_problems(self, obj: Any) -> list[Problem]:
        """Nothing is printed and scanned where the head puts the electronic seal on."""
        problem = sealing.nothing_to_upload(obj) if "seal" in rules.missing_marks(obj) else None
        return [problem] if problem else []

    def context(self, obj: Any) -> dict[str, Any]:
        """Whether the reader is who can propose an electronic seal."""
        return {"may_propose": is_unit_head(self.request.user)}

    def act(self, obj: Any, form: Any) -> Any:
        """File and mark in one transaction; a refused file is a problem in words."""
        try:
            with transaction.atomic():
                upload = files.accept_upload(form.cleaned_data["scan"], owner=self.request.user)
                sealing.upload_seal(obj, upload, actor=self.request.user, address=self.address)
        except files.UploadRefused as error:
            raise Blocked(Problem(str(error), field="scan")) from error


class UnitPrint(UnitMixin, VisibleObjectMixin, View):
    """The undertaking 2-9 as it stands, to be printed and sealed."""

    access = is_unit
    model = Declaration

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A PDF made for this moment; the paper of record is made when all marks are there."""
        declaration = get_object_or_404(self.get_queryset(), pk=pk)
        made = documents.render("2-9", declaration)
        return files.attachment(made.content, f"2-9 {declaration.number}.pdf", "application/pdf")
