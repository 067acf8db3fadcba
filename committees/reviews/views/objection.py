"""Objections: raised and followed by anybody, handled by the office, seen by bureau and supervisor."""

from collections.abc import Collection
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views import View, generic

from appraisal_portal.kernel import clock, files
from appraisal_portal.kernel.access import PUBLIC, SIGNED_IN
from appraisal_portal.kernel.templatetags.portal import iso_weekday
from appraisal_portal.kernel.views import (
    AccessMixin,
    FormPage,
    TransitionView,
    VisibleDetail,
    VisibleList,
    VisibleObjectMixin,
    client_address,
)
from appraisal_portal.kernel.workflow import Refused, Transition
from committees.reviews.access import results as access
from committees.reviews.forms.objection import AnswerForm, CodeForm, ObjectionForm
from committees.reviews.models import Objection, ObjectionFile, ResultPublicity, ResultPublicityItem
from committees.reviews.rules import next_step
from committees.reviews.rules.objection import extended_end, once_dismissed, pointless, taken_on_by
from committees.reviews.services.objection import file_objection
from committees.reviews.views.results import SOURCE
from committees.reviews.workflow.objection import OBJECTION

STRUCK = "■■"
WEIGHING = ("admit", "record_as_report", "settle", "conclude", "dismiss", "uphold", "send_back")


class ObjectionNew(FormPage):
    """Raise an objection against one person on a public list (``?p=`` is the item)."""

    access = PUBLIC
    form_class = ObjectionForm
    template_name = "reviews/public/objection_form.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Find the item on a public list, else 404."""
        super().setup(request, *args, **kwargs)
        lists = ResultPublicity.objects.public(clock.today())
        asked = request.GET.get("p", "")
        self.item = get_object_or_404(
            ResultPublicityItem.objects.select_related(
                "publicity__meeting__committee", "publicity__determination__authority"
            ),
            pk=int(asked) if asked.isdecimal() else 0,
            live=True,
            publicity__in=lists,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The person and the list."""
        return super().get_context_data(item=self.item, publicity=self.item.publicity, **kwargs)

    def form_valid(self, form: ObjectionForm) -> HttpResponse:
        """Take it in and lead to its page by code."""
        given = form.cleaned_data
        try:
            objection = file_objection(self.item, address=client_address(self.request), **given)
        except Refused as error:
            for problem in error.problems:
                form.add_error(problem.field or None, str(problem))
            return self.form_invalid(form)
        if not objection.filed_by:
            return redirect("reviews:objection-received")
        return redirect(reverse("reviews:objection-follow", args=[objection.code]))


class ObjectionReceived(AccessMixin, generic.TemplateView):
    """Thanks for a report without a name: it is kept, but there is nobody to answer."""

    access = PUBLIC
    template_name = "reviews/public/objection_received.html"


def extension_of(objection: Objection) -> Any:
    """The record of the extension, whose reason both sides read; None when there was none."""
    return objection.records.filter(transition="extend").first() if objection.extended else None


def course(objection: Objection) -> tuple[list[str], int]:
    """The steps whoever objected reads, and at which it stands; a report is decided on by nobody."""
    if objection.status in ("reported_late", "settled"):
        followed = [_("Report followed up")] if objection.checkable else []
        return [_("Received"), _("Taken as a report"), *followed], 2 if objection.status == "settled" else 1
    steps = [_("Received"), _("Under investigation"), _("Reported to the bureau"), _("Decided")]
    return steps, {"received": 0, "investigating": 1, "concluded": 2}.get(objection.status, 3)


def without_author(objection: Objection, text: str) -> str:
    """What was sent in, found or replied, where it names whoever objected or says how to reach them struck out."""
    for part in (objection.filed_by, objection.contact):
        text = text.replace(part, STRUCK) if len(part) > 1 else text
    return text


class ObjectionFind(FormPage):
    """Where whoever holds a code types it; the answer is the page of :class:`ObjectionFollow`."""

    access = PUBLIC
    form_class = CodeForm
    template_name = "reviews/public/objection_find.html"

    def form_valid(self, form: CodeForm) -> HttpResponse:
        """Lead there, whether or not there is one."""
        return redirect("reviews:objection-follow", form.cleaned_data["code"])


class ObjectionFollow(AccessMixin, generic.TemplateView):
    """Where an objection stands, for whoever holds its code; says nothing about persons."""

    access = PUBLIC
    template_name = "reviews/public/objection_follow.html"

    def get(self, request: HttpRequest, code: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The same answer for every unknown code."""
        objection = Objection.objects.filter(code=code.strip().upper()).select_related("item__publicity").first()
        context = self.get_context_data(objection=objection, code=code)
        if objection:
            labels, at = course(objection)
            context["steps"] = [
                {"label": label, "state": "done" if place < at else "now" if place == at else ""}
                for place, label in enumerate(labels)
            ]
            context["extension"] = extension_of(objection)
            context["taken_on"] = taken_on_by(objection)
            context["replied"] = objection.reply if objection.status in ("unfounded", "upheld") else ""
        response = self.render_to_response(context, status=200 if objection else 404)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        return response


class ObjectionList(VisibleList):
    """The register of objections, open ones first."""

    access = access.reads_results
    model = Objection
    template_name = "reviews/results/objection_list.html"

    def get_queryset(self) -> Any:
        """With names."""
        return (
            super()
            .get_queryset()
            .select_related(*(f"item__publicity__{name}" for name in SOURCE), "handler")
            .order_by("status", "ends_on", "-pk")
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Of what nobody has taken on yet, until when it is."""
        context = super().get_context_data(**kwargs)
        for row in context["page_obj"]:
            row.taken_on = taken_on_by(row) if row.status == "received" else None
        return context


class ObjectionDetail(VisibleDetail):
    """One objection; its author is shown to the handler's office and the supervisor only."""

    access = access.reads_results
    model = Objection
    workflow = OBJECTION
    do_url = "reviews:objection-do"
    template_name = "reviews/results/objection_detail.html"

    def get_queryset(self) -> Any:
        """With names."""
        source = (f"item__publicity__{name}" for name in SOURCE)
        return super().get_queryset().select_related(*source, "item__declaration", "handler")

    def pointless(self) -> Collection[str]:
        """As the rules say of it."""
        return pointless(self.object)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Files and answers, and whether the author may be named to this reader."""
        sees_author = access.sees_author(self.request.user, self.object)
        words = {name: getattr(self.object, name) for name in ("content", "evidence", "reply")}
        answers = list(self.object.answers.all())
        context = super().get_context_data(
            sees_author=sees_author,
            **(words if sees_author else {name: without_author(self.object, text) for name, text in words.items()}),
            files=self.object.files.select_related("upload"),
            opens={
                row
                for row in ObjectionFile.objects.visible_to(self.request.user)
                .filter(objection=self.object)
                .select_related("upload")
                if row.upload.opens_for(self.request.user)
            },
            answers=answers,
            next_step=next_step.of_objection(self.object, answered=bool(answers)),
            extension=extension_of(self.object),
            **kwargs,
        )
        context["quiet"] = all(one["name"] == "extend" for one in context["actions"])  # can be, need not
        return context


class ObjectionTransition(TransitionView):
    """The page of a step: whoever concludes or decides has what was said and found in sight, an extension both days."""

    access = SIGNED_IN

    def _summary(self, obj: Any, row: Transition) -> list[tuple[str, str]]:
        if row.name in WEIGHING:
            return self._weighed(obj)
        if row.name != "extend" or obj.extended:
            return []
        ends = extended_end(obj)
        then = iso_weekday(ends.ends_on)
        return [
            (_("Investigated until"), iso_weekday(obj.ends_on)),
            (_("Extended until"), _("{day} (provisional)").format(day=then) if ends.provisional else then),
        ]

    def _weighed(self, obj: Any) -> list[tuple[str, str]]:
        """What was objected, answered and found so far; the author as on the objection's own page."""
        sees_author = access.sees_author(self.request.user, obj)

        def read(text: str) -> str:
            return text if sees_author else without_author(obj, text)

        told = [(_("What is wrong"), read(obj.content)), (_("What the person concerned is told"), obj.substance)]
        told += [(_("Answer of the person concerned"), answer.content) for answer in obj.answers.all()]
        if obj.evidence:
            told += [
                (_("What was found"), read(obj.evidence)),
                (_("Opinion of the office"), capfirst(obj.get_opinion_display())),
            ]
            told.append((_("Reply to whoever objected"), read(obj.reply)))
        return [(label, words) for label, words in told if words]


class ObjectionFileView(VisibleObjectMixin, View):
    """A file in the matter of an objection."""

    access = SIGNED_IN
    model = ObjectionFile

    def get(self, request: HttpRequest, pk: int, upload: Any) -> HttpResponse:
        """Deliver it as an attachment."""
        found = get_object_or_404(self.get_queryset().select_related("upload"), objection=pk, upload=upload)
        if not found.upload.opens_for(request.user):
            raise Http404
        return files.serve(found.upload)


class ObjectionOfMyDeclaration(AccessMixin, View):
    """From the page of a declaration to what was objected to last."""

    access = SIGNED_IN

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Lead there."""
        found = Objection.objects.about(request.user).filter(item__declaration=pk).order_by("-pk").first()
        if found is None:
            raise Http404
        return redirect(found.person_url)


class ObjectionAboutMe(FormPage):
    """What is said against one's own result, never by whom; the place to answer while it is investigated."""

    access = SIGNED_IN
    form_class = AnswerForm
    template_name = "reviews/results/objection_about_me.html"

    @cached_property
    def objection(self) -> Objection:
        """The objection, if it is about the reader and was taken on."""
        about = Objection.objects.about(self.request.user)
        names = about.select_related("item__declaration", "item__publicity__meeting__committee")
        found: Objection = get_object_or_404(names, pk=self.kwargs["pk"])
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """The matter, one's own answers and the outcome."""
        objection = self.objection
        return super().get_context_data(
            objection=objection,
            answers=objection.answers.all(),
            own_files=objection.files.filter(side="person").select_related("upload"),
            extension=extension_of(objection),
            may_answer=objection.status == "investigating",
            course=once_dismissed(objection) if objection.status == "unfounded" else "",
            others=Objection.objects.about(self.request.user)
            .filter(item__declaration=objection.item.declaration_id)
            .exclude(pk=objection.pk),
            **kwargs,
        )

    def form_valid(self, form: AnswerForm) -> HttpResponse:
        """Store the answer with its files."""
        try:
            OBJECTION.fire(
                self.objection,
                "answer",
                actor=self.request.user,
                address=client_address(self.request),
                **form.cleaned_data,
            )
        except Refused as error:
            for problem in error.problems:
                form.add_error(problem.field or None, str(problem))
            return self.form_invalid(form)
        messages.success(self.request, _("Your answer is with whoever investigates the objection."))
        return redirect(self.objection.person_url)
