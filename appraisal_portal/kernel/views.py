"""Generic pages: every view declares ``access``; what is not visible is 404, what is not allowed is 403 with the
reason."""

from collections.abc import Collection, Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.views import View, generic

from appraisal_portal.kernel import carried, documents, files
from appraisal_portal.kernel.access import PUBLIC, SIGNED_IN, Predicate
from appraisal_portal.kernel.approvals import COMPARING, TwoPerson
from appraisal_portal.kernel.differences import Difference
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Problem, Transition, Workflow, WrongState


class AccessMixin:
    """Asks ``access(user)`` before anything else. A public page never touches session or user."""

    access: Predicate
    typed_again = True
    """Whether a form sent after the session ended waits behind the log-in (decision 69)."""
    judged_by_firing = False
    """Its POST does nothing but ``Workflow.fire()``, which asks the transition's own predicate under the lock; it calls
    :meth:`refuse_others` itself when that refuses (decision 79)."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Refuse strangers (to the login page, with what they typed) and people of other roles (403 with the
        reason)."""
        if self.access is not PUBLIC:
            if not request.user.is_authenticated:
                typed = carried.of_request(request)
                if typed:
                    again: HttpResponse = import_string(settings.PORTAL_LOG_IN_AGAIN)(request, typed)
                    return again
                return redirect_to_login(request.get_full_path())
            if request.method != "POST" or not self.judged_by_firing:
                self.refuse_others(request)
        return super().dispatch(request, *args, **kwargs)  # type: ignore[misc]

    def refuse_others(self, request: HttpRequest) -> None:
        """403 with the reason for people of other roles."""
        refused = self.access.why_not(request.user)
        if refused:
            raise PermissionDenied(" ".join(refused))


class PageView(AccessMixin, generic.TemplateView):
    """A page without an object."""


class ClockView(AccessMixin, View):
    """An empty answer whose header carries the server's time: for a page that came out of the browser's own store."""

    access = PUBLIC

    def get(self, request: HttpRequest) -> HttpResponse:
        """204."""
        return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


class FormPage(AccessMixin, generic.FormView):
    """A form without an object. Invalid input comes back with status 422, everything typed kept."""

    def form_invalid(self, form: Any) -> HttpResponse:
        """Show the page again with the errors."""
        return self.render_to_response(self.get_context_data(form=form), status=422)


class VisibleObjectMixin(AccessMixin):
    """Starts from ``visible_to(user)``: an invisible object does not exist, exports and downloads included."""

    model: type[models.Model]

    def get_queryset(self) -> models.QuerySet[Any]:
        """The rows this user may see."""
        return self.model._default_manager.visible_to(self.request.user)  # type: ignore[attr-defined]


class VisibleDetail(VisibleObjectMixin, generic.DetailView):
    """The page of one object. With ``workflow`` and ``do_url`` (name of its TransitionView) the template gets
    ``actions`` (name, url, label, irreversible) for components/actions.html and ``history`` (records with their
    labels)."""

    workflow: Workflow | None = None
    do_url = ""

    def pointless(self) -> Collection[str]:
        """Transitions their guards would refuse whoever makes them now: the page does not offer them."""
        return ()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the open transitions and the history."""
        context = super().get_context_data(**kwargs)
        if self.workflow:
            left_out = self.pointless()
            context["actions"] = [
                {
                    "name": row.name,
                    "url": reverse(self.do_url, args=[self.object.pk, row.name]),
                    "label": row.label,
                    "irreversible": row.irreversible,
                }
                for row in self.workflow.open_to(self.object, self.request.user)
                if row.name not in left_out
            ]
            context["history"] = self.workflow.history(self.object)
        return context


class VisibleList(VisibleObjectMixin, generic.ListView):
    """A list page, 50 rows a page."""

    paginate_by = 50


def client_address(request: HttpRequest) -> str | None:
    """The address the request came from, as the trusted proxy left it in REMOTE_ADDR."""
    return request.META.get("REMOTE_ADDR") or None


class TransitionView(VisibleObjectMixin, View):
    """The page of any transition of a workflow: label, basis, problems in words, reason box; POST fires it.

    Stages wire it once: ``path("…/<int:pk>/do/<slug:transition>/", TransitionView.as_view(workflow=X), name="x-do")``.
    The form posts ``seen_status`` and ``content_hash`` back, so that a stale tab is told (409) instead of deciding
    blindly.
    """

    access = SIGNED_IN
    workflow: Workflow = None  # type: ignore[assignment]  # given in as_view()
    template_name = "kernel/transition.html"

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Take the model from the workflow."""
        self.model = self.workflow.model
        super().setup(request, *args, **kwargs)

    def get(self, request: HttpRequest, pk: int, transition: str) -> HttpResponse:
        """Show what will happen and what still stops it."""
        obj, row = self._case(pk, transition)
        if obj.status not in row.sources:
            return self._stale(obj, row)
        found = self.workflow.problems(obj, row.name, actor=request.user, reason="-", **self._seen(obj))
        known = [p for p in found if not row.form]  # what a form still asks for is no problem yet
        return self._page(obj, row, self._form(obj, row), problems=known)

    def post(self, request: HttpRequest, pk: int, transition: str) -> HttpResponse:
        """Fire the transition, or show every reason why not with everything typed kept."""
        obj, row = self._case(pk, transition)
        form = self._form(obj, row, bound=True)
        if request.POST.get("seen_status", obj.status) != obj.status:
            return self._stale(obj, row)
        refused: list[Problem] = []
        if row.confirm and request.POST.get("confirm", "").strip() != row.confirm(obj):
            refused.append(
                Problem(_("Please type “{text}” to confirm.").format(text=row.confirm(obj)), field="confirm")
            )
        if form is not None and not form.is_valid():
            return self._page(obj, row, form, refused=refused, status=422)
        if refused:
            return self._page(obj, row, form, refused=refused, status=422)
        data = dict(form.cleaned_data) if form is not None else {}
        data.setdefault("content_hash", request.POST.get("content_hash", ""))
        reason = data.pop("reason", None) or request.POST.get("reason", "")
        try:
            self.workflow.fire(
                obj, row.name, actor=request.user, reason=reason, address=client_address(request), **data
            )
        except WrongState:
            obj.refresh_from_db()
            return self._stale(obj, row)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Blocked as error:
            return self._page(obj, row, form, refused=self._beside(form, error.problems), status=422)
        messages.success(request, _("Done: {action}").format(action=row.label))
        return redirect(self.get_success_url(obj, row))

    def get_success_url(self, obj: Any, row: Transition) -> str:
        """Back to the object; stages may lead elsewhere."""
        return obj.get_absolute_url()

    def _case(self, pk: int, name: str) -> tuple[Any, Transition]:
        row = self.workflow.transitions.get(name)
        if row is None or not row.has_page:
            raise Http404
        obj = get_object_or_404(self.get_queryset(), pk=pk)
        refused = row.allowed.why_not(self.request.user, obj)
        if refused:
            raise PermissionDenied(" ".join(refused))
        return obj, row

    def _form(self, obj: Any, row: Transition, *, bound: bool = False) -> Any:
        if not row.form:
            return None
        posted = (self.request.POST, self.request.FILES) if bound else ()
        return import_string(row.form)(*posted, obj=obj, user=self.request.user)

    def _beside(self, form: Any, problems: Iterable[Problem]) -> list[Problem]:
        """Put what a guard says about a field of the form at that field; the others are returned."""
        rest = []
        for problem in problems:
            if form is not None and problem.field in form.fields:
                form.add_error(problem.field, str(problem))
            else:
                rest.append(problem)
        return rest

    def _seen(self, obj: Any) -> dict[str, str]:
        return {"content_hash": obj.content_hash()} if hasattr(obj, "content_hash") else {}

    def _shown(self, obj: Any, row: Transition) -> dict[str, str]:
        """What the form posts back; what it stands for is kept where the transition will compare it."""
        if isinstance(obj, TwoPerson) and any(guard in COMPARING for guard in row.guards):
            return {"content_hash": obj.show()}
        return self._seen(obj)

    def _changed(self, obj: Any) -> list[Difference]:
        """After a refusal: what stands otherwise now than on the page that was posted."""
        posted = self.request.POST.get("content_hash", "")
        if not posted or not isinstance(obj, TwoPerson) or posted == obj.content_hash():
            return []
        return obj.changes_since(posted, self.request.user)

    def _summary(self, obj: Any, row: Transition) -> list[tuple[str, str]]:
        """Label and value pairs the person acts on; a page of its own names them."""
        return []

    def _more(self, obj: Any, row: Transition) -> dict[str, Any]:
        """What the template of a stage shows besides."""
        return {}

    def _page(
        self, obj: Any, row: Transition, form: Any, *, problems: Any = (), refused: Any = (), status: int = 200
    ) -> HttpResponse:
        context = {
            "object": obj,
            "transition": row,
            "form": form,
            "problems": problems,
            "refused": refused,
            "reason": self.request.POST.get("reason", ""),
            "gives_back": row.name.startswith(("send_back", "hand_back", "return_")),
            "confirm_text": row.confirm(obj) if row.confirm else "",
            "back_url": obj.get_absolute_url(),
            "summary": self._summary(obj, row),
            "missing": {one.field: one for one in refused if one.field},
            "changed": self._changed(obj) if refused else [],
            **(self._seen(obj) if problems else self._shown(obj, row)),
            **self._more(obj, row),
        }
        return render(self.request, self.template_name, context, status=status)

    def _stale(self, obj: Any, row: Transition) -> HttpResponse:
        problem = WrongState(
            _("“{action}” is not possible any more: the present status is “{status}”.").format(
                action=row.label, status=obj.get_status_display()
            )
        )
        context = {"object": obj, "refused": problem.problems, "back_url": obj.get_absolute_url()}
        return render(self.request, "409.html", context, status=409)


class DocumentView(VisibleObjectMixin, View):
    """Download of a paper: subject visible first, then the reader rule of its document type; the file's hash is
    checked."""

    access = SIGNED_IN
    model: Any = None

    def get(self, request: HttpRequest, pk: int, code: str, version: int | None = None) -> HttpResponseBase:
        """The current paper of that code, or an earlier version by number."""
        subject = get_object_or_404(self.get_queryset(), pk=pk)
        kind = documents.registry.get(code)
        if kind is None or not kind.readers(request.user, subject):
            raise Http404
        papers = subject.papers.filter(code=code).select_related("document")
        if version is None:
            papers = papers.filter(document__superseded_by__isnull=True)
        else:
            papers = papers.filter(version=version)
        paper = papers.order_by("-version").first()
        if paper is None:
            raise Http404
        return files.serve(paper.document)
