"""A panel's work on one person: a member's score sheet; sheets, defence and opinion on the page of the panel."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from appraisal_portal.kernel.workflow import NotAllowed, Refused
from committees.plans.scoring import of_most
from committees.reviews.access import panel as access
from committees.reviews.forms.meeting import add_refusal
from committees.reviews.forms.panel_work import DefenceForm, OpinionForm, ScoreForm
from committees.reviews.models import PanelOpinion, ScoreSheet
from committees.reviews.models.panel_work import opinion_of
from committees.reviews.rules import panel_work as rules
from committees.reviews.services import conflicts
from committees.reviews.services import panel_work as services
from committees.reviews.views.conflict import OfCase


class _PanelWork(OfCase):
    """Only while the dossier lies open to the member, and only where the committee works in panels."""

    def must_be_open(self) -> None:
        """404 otherwise: the work of the panel exists for its readers alone."""
        if self.admission.panel_id is None or not conflicts.dossier_open(self.attendee, self.admission):
            raise Http404


class JurorScores(_PanelWork):
    """The member's own sheet: kept as often as one likes, handed in once."""

    def get(self, request: HttpRequest, pk: int, admission: int) -> HttpResponse:
        """The sheet with what stands in it."""
        return self._page(None)

    def post(self, request: HttpRequest, pk: int, admission: int) -> HttpResponse:
        """Keep it, or hand it in; every cell that is wrong says why, everything typed stays."""
        self._must_score()
        form = self._form(request.POST)
        hand_in = "submit" in request.POST
        if not form.is_valid():
            return self._page(form, 422)
        try:
            services.score(self.attendee, self.admission, form.entries, actor=request.user, hand_in=hand_in)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Refused as refused:
            add_refusal(form, refused)
            return self._page(form, 422)
        messages.success(request, _("Your score sheet is handed in.") if hand_in else _("Kept. Not handed in yet."))
        return redirect("reviews:panel-case" if hand_in else "reviews:juror-scores", pk, admission)

    def _must_score(self) -> None:
        self.must_be_open()
        if not rules.asks_scores(self.admission):
            raise Http404

    def _form(self, data: Any = None) -> ScoreForm:
        said = self.dossier().get("self_scoring", [])
        own = {row["pk"]: row["entry"] for row in said}
        stored = services.sheet_of(self.attendee, self.admission)
        initial = {f"s-{code}": entry for code, entry in stored.entries.items()} if stored else {}
        return ScoreForm(data, sheet=self.admission.declaration.sheet, own=own, initial=initial)

    def _page(self, form: ScoreForm | None, status: int = 200) -> HttpResponse:
        self._must_score()
        sheet, stored = self.admission.declaration.sheet, services.sheet_of(self.attendee, self.admission)
        handed_in = stored is not None and stored.status == ScoreSheet.Status.SUBMITTED
        context = {
            "object": self.attendee.meeting,
            "case": self.admission,
            "form": None if handed_in else form or self._form(),
            "rows": [
                {"label": row.label, "entry": row.shown(stored.entries.get(row.code)), "most": row.most_words}
                for row in sheet.rows
            ]
            if stored
            else [],
            "total": of_most(stored.total, sheet.most) if stored else "",
        }
        return render(self.request, "reviews/panels/scores.html", context, status=status)


class PanelCase(_PanelWork):
    """Sheets, defence and opinion. The head writes; the others read averages when all sheets are in, then the opinion.

    Nobody sees another's points before the own sheet is in, the head neither.
    """

    def get(self, request: HttpRequest, pk: int, admission: int) -> HttpResponse:
        """The page."""
        return self._page()

    def post(self, request: HttpRequest, pk: int, admission: int) -> HttpResponse:
        """Note the defence, keep the opinion, or sign it."""
        self.must_be_open()
        if "defence" in request.POST:
            return self._defence(request)
        named = rules.names_in(self.admission, request.POST.get("text", ""))
        form, sign = OpinionForm(request.POST, ask_named=bool(named)), "sign" in request.POST
        if not form.is_valid():
            return self._page(opinion=form, status=422)
        data = form.cleaned_data
        try:
            services.give_opinion(
                self.admission, data["text"], actor=request.user, sign=sign,
                named_anyway=data.get("named_anyway", False),
            )  # fmt: skip
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Refused as refused:
            add_refusal(form, refused)
            return self._page(opinion=form, status=422)
        messages.success(request, _("The opinion is signed.") if sign else _("Kept. Not signed yet."))
        return redirect("reviews:panel-case", self.attendee.meeting_id, self.admission.pk)

    def _defence(self, request: HttpRequest) -> HttpResponse:
        form = DefenceForm(request.POST)
        if not form.is_valid():
            return self._page(defence=form, status=422)
        data = form.cleaned_data
        try:
            services.note_defence(
                self.admission, actor=request.user, attended=data["attended"] == "yes", questions=data["questions"],
                grade=data["grade"],
            )  # fmt: skip
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Refused as refused:
            add_refusal(form, refused)
            return self._page(defence=form, status=422)
        messages.success(request, _("The defence is noted."))
        return redirect("reviews:panel-case", self.attendee.meeting_id, self.admission.pk)

    def _page(
        self, *, defence: DefenceForm | None = None, opinion: OpinionForm | None = None, status: int = 200
    ) -> HttpResponse:
        self.must_be_open()
        case = self.admission
        stored = PanelOpinion.objects.filter(admission=case).first()
        head = access.speaks_for_the_panel(self.request.user, stored or PanelOpinion(admission=case))
        signed, noted = opinion_of(case), getattr(case, "defence", None)
        writes = head and not signed
        if writes and defence is None and rules.asks_defence(case):
            defence = DefenceForm(
                initial={
                    "attended": "yes" if noted.attended else "no",
                    "questions": noted.questions,
                    "grade": noted.grade,
                }
                if noted
                else {}
            )
        if writes and opinion is None and (noted or not rules.asks_defence(case)):  # one form to fill at a time
            opinion = OpinionForm(initial={"text": stored.text if stored else ""})
        context = {
            "object": self.attendee.meeting,
            "case": case,
            "head": head,
            "signed": signed,
            "may_take_back": head and signed is not None and not list(rules.not_before_the_committee(signed, None)),
            "noted": noted,
            "defence_form": defence if writes and rules.asks_defence(case) else None,
            "opinion_form": opinion if writes else None,
            **(self._scores(head) if rules.asks_scores(case) else {}),
        }
        return render(self.request, "reviews/panels/case.html", context, status=status)

    def _scores(self, head: bool) -> dict[str, Any]:
        found = rules.standing(self.admission)
        own = services.sheet_of(self.attendee, self.admission)
        mine_in = own is not None and own.status == ScoreSheet.Status.SUBMITTED
        reads = mine_in and (head or found.complete)
        sheet, average = self.admission.declaration.sheet, found.average
        return {
            "scored": True,
            "mine_in": mine_in,
            "standing": found,
            "rows": [
                {"seat": seat, "sheet": one, "points": services.points_in_words(one) if one else ""}
                for seat, one in found.rows
            ]
            if reads
            else [],
            "average": rules.in_words(average) if reads and average is not None else "",
            "most": sheet.most_words,
            "may_reopen": head and opinion_of(self.admission) is None,
        }
