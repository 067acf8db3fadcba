"""Conflicts of interest: the applicant's page of named members, the juror's page of one case."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views import View

from applications.access import is_applicant
from applications.documents.declaration import blocks_of, for_a_page
from applications.models.content import SENSITIVE
from appraisal_portal.kernel import files
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.views import FormPage, VisibleObjectMixin
from appraisal_portal.kernel.workflow import NotAllowed, Refused
from committees.reviews.forms.conflict import ConflictForm, ConflictSheet, DeclareForm, NamedForm
from committees.reviews.forms.meeting import add_refusal
from committees.reviews.models import Admission, Attendee, Meeting, NamedMember, PanelSeat
from committees.reviews.models.panel_work import opinion_of
from committees.reviews.querysets.conflict import dossiers_of
from committees.reviews.rules import blind
from committees.reviews.rules.panel_work import asks_scores
from committees.reviews.services import conflicts as services

HIDDEN = ("id_kind", "id_number", "phone", "email", "birth_date", "birthplace", *SENSITIVE)
"""Of the person a juror needs neither numbers nor addresses, nor what is asked for the printed 2-1 only."""


class MyRecusals(FormPage):
    """Whom an applicant asks to be kept away from the own case; the jury itself stays secret."""

    access = is_applicant
    form_class = NamedForm
    template_name = "reviews/conflicts/named.html"

    def get_form_kwargs(self) -> dict[str, Any]:
        """One's own declarations."""
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Who was named before."""
        own = NamedMember.objects.filter(declaration__applicant__user=self.request.user)
        return {**super().get_context_data(**kwargs), "named": own.select_related("declaration__title")}

    def form_valid(self, form: NamedForm) -> HttpResponse:
        """Keep it; the office decides once the jury is known."""
        data = form.cleaned_data
        try:
            services.name_member(data["declaration"], data["name"], data["reason"], actor=self.request.user)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Refused as refused:
            add_refusal(form, refused)
            return self.form_invalid(form)
        messages.success(self.request, _("Stored. If this person belongs to the jury, the office decides about it."))
        return redirect("reviews:my-recusals")


class OfCase(VisibleObjectMixin, View):
    """A page about one case of the member's own panel."""

    access = SIGNED_IN
    model = Meeting

    @cached_property
    def attendee(self) -> Attendee:
        """One's own call-up as a voter."""
        rows = Attendee.objects.select_related("meeting__committee", "member")
        mine = rows.filter(user=self.request.user.pk, role=Attendee.Role.VOTER)
        return get_object_or_404(mine, meeting__in=self.get_queryset(), meeting=self.kwargs["pk"])

    @cached_property
    def admission(self) -> Admission:
        """The case, if one may know of it and its dossier is one's own to read."""
        rows = dossiers_of(self.attendee).select_related(
            "declaration__applicant", "declaration__unit", "declaration__title", "declaration__standard_version",
            "declaration_snapshot",
        )  # fmt: skip
        return get_object_or_404(rows, pk=self.kwargs["admission"])

    def dossier(self) -> dict[str, Any]:
        """What was frozen of the declaration, without numbers and addresses."""
        said = dict(self.admission.declaration_snapshot.content)
        said["person"] = {key: value for key, value in said.get("person", {}).items() if key not in HIDDEN}
        return blind.without_the_person(said, self.admission.declaration) if self.admission.blind else said

    def proofs(self) -> Any:
        """The files the frozen content names."""
        named = _hashes(self.admission.declaration_snapshot.content)
        rows = self.admission.declaration.materials.filter(upload__sha256__in=named, removed=False)
        return rows.select_related("upload").order_by("code", "version")


class JurorCase(OfCase):
    """Name, unit and title; after "no conflict" and while the meeting is in session the dossier."""

    def get(self, request: HttpRequest, pk: int, admission: int) -> HttpResponse:
        """The page."""
        return self._page(ConflictForm())

    def post(self, request: HttpRequest, pk: int, admission: int) -> HttpResponse:
        """Declare; whoever has a conflict is led back to the list, where the case no longer stands."""
        form = ConflictForm(request.POST)
        case = self.admission
        if not form.is_valid():
            return self._page(form, 422)
        conflict = form.cleaned_data["conflict"] == "yes"
        try:
            services.declare(self.attendee, case.pk, conflict=conflict, ground=form.cleaned_data["ground"])
        except NotAllowed as error:
            raise Http404 from error
        except Refused as refused:
            add_refusal(form, refused)
            return self._page(form, 422)
        if conflict:
            messages.success(request, _("You stand back from this person; the office confirms it."))
            return redirect("reviews:call-up", pk)
        return redirect("reviews:juror-case", pk, case.pk)

    def _page(self, form: ConflictForm, status: int = 200) -> HttpResponse:
        case, mine = self.admission, self.attendee
        answered = case.conflict_answers.filter(member=mine.member_id).exists()
        opened = services.dossier_open(mine, case) and case.declaration_snapshot_id
        context = {
            "object": mine.meeting,
            "case": case,
            "form": None if answered else form,
            "blocks": for_a_page(blocks_of(case.declaration, self.dossier())) if opened else [],
            "proofs": self.proofs() if opened else [],
            "opened": opened,
            "scored": opened and asks_scores(case),
        }
        return render(self.request, "reviews/conflicts/case.html", context, status=status)


class ConflictDeclare(OfCase):
    """A conflict about somebody whose dossier another panel reads: the member votes on that person too."""

    template_name = "reviews/conflicts/declare.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Whom the committee votes on besides."""
        return self._page(DeclareForm(attendee=self.attendee))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Stand back; the person is no longer on the list."""
        form = DeclareForm(request.POST, attendee=self.attendee)
        if not form.is_valid():
            return self._page(form, 422)
        try:
            services.declare(
                self.attendee, form.cleaned_data["admission"].pk, conflict=True, ground=form.cleaned_data["ground"]
            )
        except Refused as refused:
            add_refusal(form, refused)
            return self._page(form, 422)
        messages.success(request, _("You stand back from this person; the office confirms it."))
        return redirect("reviews:call-up", pk)

    def _page(self, form: DeclareForm, status: int = 200) -> HttpResponse:
        context = {"object": self.attendee.meeting, "form": form}
        return render(self.request, self.template_name, context, status=status)


class JurorConflicts(OfCase):
    """Conflicts first: all cases the juror has not answered for, on one page; without it no electronic round opens."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The sheet."""
        return self._page(ConflictSheet(cases=self._cases()))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Declare for everybody shown."""
        form = ConflictSheet(request.POST, cases=self._cases())
        if not form.is_valid():
            return self._page(form, 422)
        try:
            services.declare_all(self.attendee, form.cleaned_data["shown"], conflicts=form.conflicts)
        except Refused as refused:
            add_refusal(form, refused)
            return self._page(form, 422)
        messages.success(request, _("Your declaration is stored; the office decides where you stand back."))
        return redirect("reviews:call-up", pk)

    def _cases(self) -> list[Admission]:
        names = ("applicant", "unit", "title", "standard_version")
        rows = services.undeclared_cases(self.attendee).select_related(*(f"declaration__{name}" for name in names))
        return list(rows.order_by("seq"))

    def _page(self, form: ConflictSheet, status: int = 200) -> HttpResponse:
        context = {"object": self.attendee.meeting, "form": form}
        return render(self.request, "reviews/conflicts/sheet.html", context, status=status)


class JurorFile(OfCase):
    """A file of a dossier: the case first, then the file, both checked."""

    def get(self, request: HttpRequest, pk: int, admission: int, number: int) -> HttpResponseBase:
        """Serve it while the dossier lies open."""
        if not services.dossier_open(self.attendee, self.admission) or not self.admission.declaration_snapshot_id:
            raise Http404
        upload = get_object_or_404(self.proofs(), pk=number).upload
        if not upload.opens_for(request.user):
            raise Http404
        if not self.admission.blind:
            return files.serve(upload)
        place = list(self.proofs().values_list("pk", flat=True)).index(number) + 1
        try:
            return files.serve_bare(upload, f"{self.admission.seq}-{place}")
        except files.UploadRefused as error:  # a file that cannot be freed of what names its author is not shown
            raise Http404 from error


def _hashes(content: Any) -> set[str]:
    """Every file hash in a content."""
    if isinstance(content, dict):
        own = {content["sha256"]} if isinstance(content.get("sha256"), str) else set()
        return own.union(*map(_hashes, content.values()))
    return set().union(*map(_hashes, content)) if isinstance(content, list) else set()


def cases_for(attendee: Attendee) -> list[dict[str, Any]]:
    """The juror's list: what the member has to do about a case (``to_do``, words) first, then the other dossiers."""
    names = ("applicant", "unit", "title", "standard_version")
    rows = dossiers_of(attendee).select_related(*(f"declaration__{name}" for name in names), "panel_opinion")
    answered = set(attendee.member.conflict_answers.values_list("admission", flat=True))
    handed_in = set(attendee.member.score_sheets.filter(status="submitted").values_list("admission", flat=True))
    head = PanelSeat.objects.filter(attendee=attendee, head=True).exists()
    found = []
    for case in rows.order_by("seq"):
        to_do = ""
        if case.pk not in answered:
            to_do = _("to be declared")
        elif attendee.meeting.status == Meeting.Status.IN_SESSION and case.panel_id and not opinion_of(case):
            if asks_scores(case) and case.pk not in handed_in:
                to_do = _("score sheet to be handed in")
            elif head:
                to_do = _("opinion to be signed")
        url = reverse("reviews:juror-case", args=[attendee.meeting_id, case.pk])
        found.append({"case": case, "to_do": to_do, "signed": opinion_of(case) is not None, "url": url})
    return sorted(found, key=lambda row: not row["to_do"])
