"""Certificates to register (考试证书登记、纸质证书补录): the holder enters one, the bureau compares and decides."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views import View

from appraisal_portal.accounts.forms.fields import put_problems
from appraisal_portal.kernel import files
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.models import Upload
from appraisal_portal.kernel.views import FormPage, VisibleDetail, VisibleList, VisibleObjectMixin
from appraisal_portal.kernel.workflow import Act, Blocked
from certificates.access import is_claimant, is_reviewer, may_read
from certificates.forms.claim import ClaimForm
from certificates.models import Claim, IssueItem
from certificates.services import batches, claims
from certificates.workflow import CLAIM
from certificates.workflow.claim import FACTS

Status = Claim.Status


def next_step(claim: Claim) -> str:
    """Who acts next, for the holder."""
    return {
        Status.DRAFT: _("Look through your entries and hand them in."),
        Status.SUBMITTED: _("The bureau compares your entries with the certificate. You need not do anything."),
        Status.PROPOSED: _("A second person of the bureau decides. You need not do anything."),
        Status.RETURNED: _("Correct what the bureau named and hand it in again."),
        Status.APPROVED: _("The e-certificate is being made; it is ready in a few minutes."),
        Status.REGISTERED: _("Nothing more to do. Whether you are appointed to a post is for your unit to decide."),
    }.get(Status(claim.status), "")


class ClaimList(VisibleList):
    """My registered certificates and those on the way."""

    access = is_claimant
    model = Claim
    template_name = "certificates/claim_list.html"

    def get_queryset(self) -> Any:
        """Own ones, whatever role one acts in."""
        return super().get_queryset().own(self.request.user).select_related("title__series", "certificate")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Each with who acts next."""
        context = super().get_context_data(**kwargs)
        context["rows"] = [(claim, next_step(claim)) for claim in context["page_obj"]]
        return context


class ClaimNew(FormPage):
    """Enter a certificate; judged at once, stored as a draft."""

    access = is_claimant
    form_class = ClaimForm
    template_name = "certificates/claim_form.html"
    kind: str = Claim.Kind.EXAM

    def claim(self) -> Claim | None:
        """The one to be changed; a new one has none."""
        return None

    def get_form_kwargs(self) -> dict[str, Any]:
        """With the claim that is changed."""
        claim = self.claim()
        return {**super().get_form_kwargs(), "claim": claim, "kind": claim.kind if claim else self.kind}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The claim that is changed and why it came back."""
        claim = self.claim()
        kind = claim.kind if claim else self.kind
        return super().get_context_data(
            claim=claim, paper=kind == Claim.Kind.ARCHIVE, why=_why_returned(claim) if claim else "", **kwargs
        )

    def form_valid(self, form: ClaimForm) -> HttpResponse:
        """Store it, or every reason at its field."""
        data = form.cleaned_data
        try:
            claim = claims.keep(
                form.values(), user=self.request.user, claim=self.claim(), file=data["file"], photo=data["photo"]
            )
        except Blocked as error:
            put_problems(form, error.problems)
            return self.form_invalid(form)
        messages.success(self.request, _("Saved. Look through it once more and hand it in."))
        return redirect(claim)


class ClaimEdit(VisibleObjectMixin, ClaimNew):
    """Change a draft, or what the bureau returned."""

    model = Claim

    def claim(self) -> Claim:
        """One's own, still with oneself; anything else does not exist here."""
        return get_object_or_404(Claim.objects.own(self.request.user), pk=self.kwargs["pk"], status__in=claims.OPEN)


def _why_returned(claim: Claim) -> str:
    if claim.status != Status.RETURNED:
        return ""
    record = claim.records.filter(transition="send_back").order_by("-pk").first()
    return record.reason if record else ""


class ClaimQueue(VisibleList):
    """What the bureau has to check and to decide, the oldest first; everything else by choice."""

    access = may_read
    model = Claim
    template_name = "certificates/claim_queue.html"

    def get_queryset(self) -> Any:
        """Those waiting; with ``?all=1`` every one that was handed in."""
        rows = super().get_queryset().exclude(submitted_at=None).select_related("person", "title__series")
        if self.request.GET.get("all"):
            return rows
        return rows.waiting_for_bureau().order_by("submitted_at", "pk")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Whether all are shown."""
        return super().get_context_data(shows_all=bool(self.request.GET.get("all")), **kwargs)


class ClaimDetail(VisibleDetail):
    """One claim: for its holder with the next step, for the bureau beside the uploaded certificate."""

    access = SIGNED_IN
    model = Claim
    workflow = CLAIM
    do_url = "certificates:claim-do"
    template_name = "certificates/claim_detail.html"

    def get_queryset(self) -> Any:
        """With what the page names."""
        return super().get_queryset().select_related("person", "title__series", "subfield", "file", "photo")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The entries, the way on, and what speaks against it today."""
        context = super().get_context_data(**kwargs)
        claim, user = self.object, self.request.user
        mine = claim.person.user_id == user.pk
        waits = claim.status in (Status.DRAFT, Status.RETURNED, Status.SUBMITTED, Status.PROPOSED)
        act = Act(user, CLAIM.transitions["submit"])
        context["actions"].sort(key=lambda action: action["url"].endswith("/withdraw/"))
        return {
            **context,
            "mine": mine,
            "waiting": mine and claim.status not in claims.OPEN,
            "fields": [
                (_("Name"), claim.person.name),
                (_("ID number"), claim.person.masked_id_number),
                (_("Title"), claim.title.name + (f" · {claim.subfield.name}" if claim.subfield else "")),
                (_("Series"), claim.title.series.name),
                (_("Level"), capfirst(claim.title.get_level_display())),
                (_("Specialty"), claim.specialty or "—"),
                (_("Number of the certificate"), claim.exam_number),
                (_("Date on the certificate"), claim.obtained_on.isoformat()),
                (_("Issuing authority"), claim.authority),
            ],
            "problems": [found for rule in FACTS for found in rule(claim, act)] if waits else [],
            "can_edit": mine and claim.status in claims.OPEN,
            "next_step": next_step(claim) if mine else "",
            "why_returned": _why_returned(claim) if mine else "",
            "why_refused": _why_refused(claim),
            "proposal": capfirst(claim.get_proposal_display()) if claim.status == Status.PROPOSED else "",
            "certificate": getattr(claim, "certificate", None),
            "failed": claim.issue_items.filter(status__in=(IssueItem.Status.FAILED, IssueItem.Status.UNSIGNED)).first()
            if claim.status == Status.APPROVED
            else None,
            "may_retry": is_reviewer(user),
            "history": context["history"] if may_read(user) else [],
        }


def _why_refused(claim: Claim) -> str:
    if claim.status != Status.REFUSED:
        return ""
    record = claim.records.filter(transition="refuse").order_by("-pk").first()
    return record.reason if record else ""


class ClaimFile(VisibleObjectMixin, View):
    """The uploaded certificate or the photograph of a claim one may see."""

    access = SIGNED_IN
    model = Claim

    def get(self, request: HttpRequest, pk: int, which: str) -> HttpResponseBase:
        """Not scanned yet: its owner's eyes only. Infected: nobody's."""
        claim = get_object_or_404(self.get_queryset().select_related("file", "photo"), pk=pk)
        if which not in ("file", "photo"):
            raise Http404
        upload: Upload = getattr(claim, which)
        if not upload.opens_for(request.user):
            raise Http404
        return files.serve(upload)


class ClaimRetry(VisibleObjectMixin, View):
    """Put a certificate that could not be made back to work."""

    access = is_reviewer
    model = Claim

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Only the failed order of this claim."""
        claim = get_object_or_404(self.get_queryset(), pk=pk)
        for item in claim.issue_items.filter(status=IssueItem.Status.FAILED):
            batches.try_again(item)
        return redirect(claim)
