"""Pages about one declaration (or publicity) with a form of their own; unit, forwarder and office share them."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views import View

from applications.models import Declaration, ItemCheck
from appraisal_portal.accounts.forms.fields import put_problems
from appraisal_portal.kernel import files
from appraisal_portal.kernel.access import SIGNED_IN, Predicate
from appraisal_portal.kernel.models import Upload
from appraisal_portal.kernel.views import VisibleObjectMixin, client_address
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Problem, Refused, WrongState

WITH_ALL = ("applicant", "unit__forwarder", "title", "series", "line", "committee", "handler")


class CasePage(VisibleObjectMixin, View):
    """GET shows the form, POST acts: 404 unseen, 403 not allowed, 409 out of turn, 422 all typed kept.

    Subclasses give ``template_name``, ``form(obj, bound)``, ``act(obj, form)`` and, where needed, ``rule(obj)`` and
    ``statuses``.
    """

    model = Declaration
    template_name = ""
    statuses: Iterable[str] = ()
    done: str | Promise = ""

    def rule(self, obj: Any) -> Predicate | None:
        """Who may act on this object, beyond the role of the page."""
        return None

    def judged(self, obj: Any) -> Any:
        """What the rule looks at."""
        return obj

    def form(self, obj: Any, *, bound: bool) -> Any:
        """The form, filled from the request when bound."""
        raise NotImplementedError

    def act(self, obj: Any, form: Any) -> Any:
        """Do it, through a service; may raise Refused."""
        raise NotImplementedError

    def context(self, obj: Any) -> dict[str, Any]:
        """What the template needs beside object, form, problems and back_url."""
        return {}

    def known_problems(self, obj: Any) -> list[Problem]:
        """What stops the act already now, said before anybody fills in the form."""
        return []

    def success_url(self, obj: Any) -> str:
        """Where a successful POST leads."""
        return self.back_url(obj)

    def back_url(self, obj: Any) -> str:
        """Where the page was reached from."""
        return str(obj.get_absolute_url())

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the form, or why this is not possible any more."""
        obj = self.case(pk)
        if stale := self.stale(obj):
            return stale
        return self.page(obj, self.form(obj, bound=False), known=self.known_problems(obj))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Act, or show every reason why not."""
        obj = self.case(pk)
        if stale := self.stale(obj):
            return stale
        form = self.form(obj, bound=True)
        if not form.is_valid():
            return self.page(obj, form, status=422)
        try:
            self.act(obj, form)
        except WrongState as error:
            return self._told(obj, error)
        except NotAllowed as error:
            raise PermissionDenied(str(error)) from error
        except Blocked as error:
            return self.page(obj, form, refused=_at_their_fields(form, error.problems), status=422)
        if self.done:
            messages.success(request, self.done)
        return redirect(self.success_url(obj))

    def case(self, pk: int) -> Any:
        """The object, if this user may see it and act on it."""
        obj = get_object_or_404(self.get_queryset(), pk=pk)
        rule = self.rule(obj)
        refused = rule.why_not(self.request.user, self.judged(obj)) if rule else []
        if refused:
            raise PermissionDenied(" ".join(refused))
        return obj

    def stale(self, obj: Any) -> HttpResponse | None:
        """409 when the object is not where this page starts."""
        if not self.statuses or obj.status in self.statuses:
            return None
        words = _("This is not possible any more: the present status is “{status}”.")
        return self._told(obj, WrongState(words.format(status=obj.get_status_display())))

    def _told(self, obj: Any, error: Refused) -> HttpResponse:
        obj.refresh_from_db()
        context = {"object": obj, "refused": error.problems, "back_url": self.back_url(obj)}
        return render(self.request, "409.html", context, status=409)

    def page(
        self, obj: Any, form: Any, *, known: Iterable[Problem] = (), refused: Iterable[Problem] = (), status: int = 200
    ) -> HttpResponse:
        """The page with the form."""
        context = {
            "object": obj,
            "form": form,
            "known": list(known),
            "refused": list(refused),
            "back_url": self.back_url(obj),
            **self.context(obj),
        }
        return render(self.request, self.template_name, context, status=status)

    @property
    def address(self) -> str | None:
        """Where the request came from, for records and signatures."""
        return client_address(self.request)

    def posted(self, *, bound: bool) -> tuple[Any, ...]:
        """Arguments of a form: the request's data and files when bound."""
        return (self.request.POST, self.request.FILES) if bound else ()


def _at_their_fields(form: Any, problems: Iterable[Problem]) -> list[Problem]:
    """Put each refusal at the field it names; those of no field of this form are left for the summary alone."""
    mine = [problem for problem in problems if problem.field in form.fields]
    put_problems(form, mine)
    return [problem for problem in problems if problem not in mine]


class DeclarationFile(VisibleObjectMixin, View):
    """A file of a declaration, for everybody who sees the declaration; a file not scanned yet only for its owner."""

    access = SIGNED_IN
    model = Declaration

    def get(self, request: HttpRequest, pk: int, upload: Any) -> HttpResponseBase:
        """Deliver it as an attachment (an <img> shows it all the same)."""
        declaration = get_object_or_404(self.get_queryset(), pk=pk)
        row = get_object_or_404(Upload, pk=upload)
        named = (
            declaration.materials.filter(upload=row, removed=False).exists()
            or declaration.photos.filter(upload=row, current=True).exists()
            or declaration.undertakings.filter(signatures__upload=row).exists()
            or _stood_before_a_slip(declaration, row)
        )
        if not named or not row.opens_for(request.user):
            raise Http404
        return files.serve(row)


def _stood_before_a_slip(declaration: Any, upload: Upload) -> bool:
    """Replaced since under a correction slip: it stands in the left column of what changed."""
    own = declaration.materials.filter(upload=upload).exists() or declaration.photos.filter(upload=upload).exists()
    return own and any(upload.sha256 in str(slip.content) for slip in declaration.correction_slips.all())


def checks_of(declaration: Any, stage: str) -> dict[str, ItemCheck]:
    """The current judgements of a stage by item code."""
    return {check.item: check for check in declaration.item_checks.filter(stage=stage).select_related("by")}


def with_labels(records: Iterable[Any], workflow: Any) -> list[Any]:
    """Records with the words of their transition, for the history."""
    found = []
    for record in records:
        row = workflow.transitions.get(record.transition)
        record.label = row.label if row else record.transition
        found.append(record)
    return found
