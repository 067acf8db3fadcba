"""The applicant's acts: signing 2-9, checking and submitting, correcting what was named, any other transition."""

from dataclasses import replace
from itertools import groupby
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from applications.forms.withdraw import AsItIsForm, SignForm
from applications.models import Declaration, Signature
from applications.rules import progress
from applications.rules.changes import changed_under
from applications.rules.comparison import label_of_item
from applications.rules.corrections import NEW, split
from applications.rules.examination import answer_until, answered_items, hand_in_again_until, open_slip, reply_until
from applications.rules.items import attachment_names, items_of
from applications.rules.ledger import ledger
from applications.rules.submission import law_day
from applications.rules.words import SECTIONS
from applications.services import drafts, signing
from applications.views.applicant import OwnMixin, Shown, out_of_turn, show
from applications.workflow import DECLARATION
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.views import TransitionView, VisibleObjectMixin, client_address
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Refused, WrongState
from committees.plans.models import DecidedBy

Status = Declaration.Status


class MyUndertaking(OwnMixin, View):
    """The whole text of 2-9; the password entered again under it is the signature."""

    template_name = "applications/my/undertaking.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Text and marks."""
        return self._page(get_object_or_404(self.get_queryset(), pk=pk), SignForm())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Sign."""
        declaration = get_object_or_404(self.get_queryset(), pk=pk)
        form = SignForm(request.POST)
        if not form.is_valid():
            return self._page(declaration, form, 422)
        if request.POST.get("text_sha256") != signing.text_hash(signing.text_of(declaration)):
            form.add_error(None, _("The text has changed since you opened this page. Please read it again."))
            return self._page(declaration, form, 422)
        try:
            signing.sign(
                declaration,
                Signature.Mark.APPLICANT,
                request.user,
                form.cleaned_data["password"],
                address=client_address(request),
            )
        except NotAllowed as refused:
            raise PermissionDenied(str(refused)) from refused
        except Blocked as refused:
            for problem in refused.problems:
                form.add_error(problem.field or None, str(problem))
            return self._page(declaration, form, 422)
        name = "my-check" if declaration.status == Status.DRAFT else "my-fix"
        return redirect(f"applications:{name}", pk=declaration.pk)

    def _page(self, declaration: Declaration, form: SignForm, status: int = 200) -> HttpResponse:
        text = signing.text_of(declaration)
        live = signing.live(declaration)
        signed = {row.mark: row for row in live.signatures.select_related("user")} if live else {}
        current = live is not None and live.snapshot.sha256 == declaration.content_hash()
        heading, *paragraphs = [part for part in text.split("\n") if part.strip()]
        context = {
            "object": declaration,
            "form": form,
            "heading": heading,
            "paragraphs": paragraphs,
            "text_sha256": signing.text_hash(text),
            "marks": [(mark.label, signed.get(mark.value)) for mark in Signature.Mark],
            "signed": signed.get(Signature.Mark.APPLICANT.value) if current else None,
            "outdated": bool(signed) and not current,
            "can_sign": declaration.status in (Status.DRAFT, Status.RETURNED) or changed_claims(declaration),
            "version": signing.version_of(declaration),
        }
        return render(self.request, self.template_name, context, status=status)


def answers_of(declaration: Declaration) -> list[dict[str, Any]]:
    """All answers by section, each with the page that changes it."""
    found = []
    asked = {entry.code: entry.label for entry in declaration.asked.evidence} | attachment_names(declaration)
    by_section = {section: list(items) for section, items in groupby(items_of(declaration), lambda item: item.section)}
    pages = drafts.sections_of(declaration)
    for section, words in SECTIONS.items():
        if section in ("class", "relief", "way", "questions", "self_scoring") and section not in pages:
            continue
        url = reverse("applications:my-section", args=[declaration.pk, section]) if section in pages else ""
        items = by_section.get(section, [])
        if section == "attachments":
            items = [replace(item, label=asked.get(item.code.partition(":")[2], item.label)) for item in items]
        found.append({"section": section, "heading": words, "items": items, "url": url})
    return found


class MyCheck(OwnMixin, View):
    """Check your answers, then submit; nothing is sent before."""

    template_name = "applications/my/check.html"
    judged_by_firing = True

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All answers with what still stops the submission."""
        declaration = get_object_or_404(Declaration.objects.own(request.user), pk=pk)
        if declaration.status != Status.DRAFT:
            return redirect(declaration)
        judged = DECLARATION.judge(declaration.pk, "submit", actor=request.user)
        return self._page(judged.subject, judged.problems, seal=judged.seal)

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Submit. ``fire()`` reads all under the row's lock and asks there whose it is; only a refusal reads more.
        The seal of the page spares the second judgement where nothing has changed since.
        """
        declaration = Declaration.from_db(DEFAULT_DB_ALIAS, ["id"], [pk])
        try:
            seal = request.POST.get("seal", "")
            DECLARATION.fire(declaration, "submit", actor=request.user, address=client_address(request), seal=seal)
        except (Declaration.DoesNotExist, Refused) as refused:
            self.refuse_others(request)
            return self._refused(request, pk, refused)
        return redirect("applications:my-receipt", pk=pk)

    def _refused(self, request: HttpRequest, pk: int, refused: Exception) -> HttpResponse:
        if isinstance(refused, Blocked):
            return self._page(get_object_or_404(self.get_queryset(), pk=pk), refused.problems, status=422)
        if not isinstance(refused, WrongState):
            raise Http404 from refused  # somebody else's is as if it did not exist
        declaration = get_object_or_404(Declaration.objects.own(request.user), pk=pk)
        if declaration.submitted_at and request.POST.get("form_version") == str(declaration.form_version):
            return redirect("applications:my-receipt", pk=pk)  # the same post again (P01)
        return out_of_turn(request, declaration, refused)

    def _page(self, declaration: Declaration, problems: list[Any], status: int = 200, seal: str = "") -> HttpResponse:
        context = {
            "object": declaration,
            "seal": seal,
            "problems": show(declaration, problems),
            "answers": answers_of(declaration),
            "photo": next((row for row in declaration.photos.all() if row.current), None),
            "ledger": ledger(declaration, law_day(declaration)),
            "refused": status != 200,
        }
        return render(self.request, self.template_name, context, status=status)


def changed_claims(declaration: Declaration) -> bool:
    """Whether a supplement under way has changed what is signed for."""
    slip = open_slip(declaration) if declaration.status == Status.SUPPLEMENT else None
    return slip is not None and bool(changed_under(slip, declaration).sign)


def _anchor(code: str) -> str:
    """The row of the page an item names."""
    section, key, _field = split(code)
    if key and section in ("questions", "self_scoring"):
        return f"#div_id_{'answer' if section == 'questions' else 'entry'}_{key}"
    group, _dash, key = key.rpartition("-")
    if group not in ("", "work", "training") or not (key.isdigit() or key == NEW):
        return ""
    return f"#trainings-row-{key}" if group == "training" else f"#row-{key}"


class MyFix(OwnMixin, View):
    """What was returned or asked for: only the named items are open, the reason stands beside each."""

    template_name = "applications/my/fix.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The items."""
        return self._page(get_object_or_404(self.get_queryset(), pk=pk))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Send the corrected declaration again."""
        declaration = get_object_or_404(self.get_queryset(), pk=pk)
        name = "supply" if declaration.status == Status.SUPPLEMENT else "resubmit"
        form = AsItIsForm(request.POST) if self._left(declaration) else None
        if form is not None and not form.is_valid():
            others = DECLARATION.problems(declaration, name, actor=request.user)
            return self._page(declaration, others, 422, form=form)
        try:
            DECLARATION.fire(declaration, name, actor=request.user, address=client_address(request))
        except WrongState as refused:
            return out_of_turn(request, declaration, refused)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused)) from refused
        except Blocked as refused:
            return self._page(declaration, refused.problems, 422, form=form)
        return redirect(declaration)

    @staticmethod
    def _left(declaration: Declaration) -> bool:
        """Whether anything that was asked for is as it was."""
        slip = open_slip(declaration) if declaration.status in (Status.RETURNED, Status.SUPPLEMENT) else None
        return slip is not None and len(answered_items(slip, declaration.content())) < slip.items.count()

    def _page(
        self, declaration: Declaration, problems: Any = (), status: int = 200, *, form: AsItIsForm | None = None
    ) -> HttpResponse:
        slip = open_slip(declaration) if declaration.status in (Status.RETURNED, Status.SUPPLEMENT) else None
        pages = drafts.open_sections(declaration) & frozenset(drafts.sections_of(declaration)) if slip else frozenset()
        changed = answered_items(slip, declaration.content()) if slip else set()
        items = [
            {
                "label": label_of_item(item),
                "reason": item.reason,
                "done": item.item in changed,
                "url": reverse("applications:my-section", args=[declaration.pk, item.section]) + _anchor(item.item)
                if item.section in pages
                else "",
            }
            for item in (slip.items.all() if slip else ())
        ]
        live = signing.live(declaration)
        supplement = declaration.status == Status.SUPPLEMENT
        context = {
            "object": declaration,
            "slip": slip,
            "items": items,
            "form": None if all(item["done"] for item in items) else form or AsItIsForm(),
            "problems": [
                *(Shown(words, "#id_as_it_is") for words in (form.errors.get("as_it_is", []) if form else [])),
                *show(declaration, list(problems)),
            ],
            "sign_again": slip is not None
            and (
                changed_claims(declaration) and (live is None or live.snapshot.sha256 != declaration.content_hash())
                if supplement
                else live is None
            ),
            "supplement": supplement,
            "by": reply_until(declaration) if supplement else answer_until(declaration),
            "last": hand_in_again_until(declaration),
            "provisional": bool(slip and supplement and slip.provisional),
            "turn": progress.turn(declaration),
        }
        return render(self.request, self.template_name, context, status=status)


class DeclarationDetail(VisibleObjectMixin, View):
    """Leads everybody to the page of their role."""

    access = SIGNED_IN
    model = Declaration

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Redirect."""
        rows = self.get_queryset().select_related("applicant", "line", "unit__forwarder")
        declaration = get_object_or_404(rows, pk=pk)
        if declaration.applicant.user_id == request.user.pk:
            name = "my-detail"
        elif request.user.acts_as("unit_clerk", "unit_head"):
            name = "unit-declaration"
        elif request.user.acts_as("forwarder") and declaration.decider != DecidedBy.COUNTY_BUREAU:
            name = "forwarder-declaration"
        else:
            name = "office-declaration"
        return redirect(f"applications:{name}", pk=pk)


OWN_PAGE = {"submit": "my-check", "resubmit": "my-fix", "supply": "my-fix"}
ELSEWHERE = frozenset(
    {"verify", "return_by_unit", "recommend", "forward", "redirect", "ask_supplement", "qualify", "disqualify"}
)
"""Steps with pages of their own, which ask for more than a reason."""


class DeclarationDo(TransitionView):
    """Any other step of a declaration on the page all transitions share."""

    workflow = DECLARATION

    def get(self, request: HttpRequest, pk: int, transition: str) -> HttpResponse:
        """Lead to the step's own page where it has one."""
        if transition in OWN_PAGE or transition in ELSEWHERE:
            declaration, _row = self._case(pk, transition)
            return redirect(f"applications:{OWN_PAGE.get(transition, 'declaration-detail')}", pk=declaration.pk)
        return super().get(request, pk, transition)

    def post(self, request: HttpRequest, pk: int, transition: str) -> HttpResponse:
        """Steps with their own page are made there."""
        if transition in OWN_PAGE or transition in ELSEWHERE:
            return self.get(request, pk, transition)
        return super().post(request, pk, transition)
