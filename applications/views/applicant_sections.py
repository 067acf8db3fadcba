"""One page of the form at a time: shown, saved (leniently, never over a newer version), saved while typing."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views import View

from applications.models import Declaration
from applications.rules.closing import closing_day
from applications.rules.examination import answer_until, open_slip, reply_until
from applications.rules.ledger import ledger
from applications.rules.submission import law_day
from applications.rules.words import SECTIONS
from applications.services import drafts
from applications.views.applicant import OwnMixin, out_of_turn, problems_by_section, show, started
from applications.views.locked import lock
from applications.views.section_pages import PAGES
from applications.views.sections import HoursPage, Page, RefusedFile
from appraisal_portal.kernel import clock, controls
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Problem, WrongState

Status = Declaration.Status


class MySection(OwnMixin, View):
    """A page of the form 2-1."""

    def get(self, request: HttpRequest, pk: int, section: str) -> HttpResponse:
        """The page with what is stored and what is still missing."""
        declaration = self._mine(pk, section)
        if section not in drafts.open_sections(declaration):
            words = _("“%(section)s” cannot be changed now.") % {"section": SECTIONS[section]}
            messages.warning(request, str(drafts.closed(declaration)) if declaration.is_draft else words)
            return redirect(declaration)
        page = PAGES[section](declaration, request)
        opening = drafts.opening(declaration)
        if opening is not None:
            lock(page, section, opening)
        return self._show(declaration, section, page)

    def post(self, request: HttpRequest, pk: int, section: str) -> HttpResponse:
        """Save, or say what is wrong with everything typed kept; an old tab gets a choice (409)."""
        declaration = self._mine(pk, section)
        if section not in drafts.open_sections(declaration):
            return out_of_turn(request, declaration, drafts.closed(declaration))
        page = PAGES[section](declaration, request)
        quiet = page.quiet
        opening = drafts.opening(declaration)
        refused = lock(page, section, opening) if opening is not None else []
        if refused or not page.is_valid():
            return self._not_saved(declaration, section, page, quiet, refused)
        version = request.POST.get("version", "")
        try:
            saved = drafts.save_section(
                declaration, section, int(version) if version.isdigit() else 0, user=request.user, write=page.write
            )
        except RefusedFile as damaged:
            damaged.form.add_error(damaged.field, [str(problem) for problem in damaged.problems])
            return self._not_saved(declaration, section, page, quiet)
        except drafts.StaleForm as stale:
            return self._stale(declaration, section, page, quiet, stale.current)
        except Blocked as beyond:
            return self._not_saved(declaration, section, page, quiet, beyond.problems)
        except (WrongState, NotAllowed) as closed:  # closed in the meantime
            return out_of_turn(request, declaration, closed)
        words = _("Draft saved at %(time)s") % {"time": clock.local(clock.now()).strftime("%H:%M")}
        if quiet:
            text = " · ".join(part for part in (words, page.remark(saved)) if part)
            return JsonResponse({"text": text, "version": saved.form_version})
        messages.success(request, words)
        return redirect(self._next(declaration, section, page))

    def _mine(self, pk: int, section: str) -> Declaration:
        declaration: Declaration = get_object_or_404(self.get_queryset(), pk=pk)
        if section not in drafts.sections_of(declaration):
            raise Http404
        return declaration

    def _next(self, declaration: Declaration, section: str, page: Page) -> str:
        look = page.look_again and "leave" not in self.request.POST
        if look or "stay" in self.request.POST or "remove" in self.request.POST:
            return reverse("applications:my-section", args=[declaration.pk, section]) + page.back_to()
        if declaration.status != Status.DRAFT:
            return reverse("applications:my-fix", args=[declaration.pk])
        sections = drafts.sections_of(declaration)
        place = sections.index(section) + 1
        if place < len(sections) and "leave" not in self.request.POST:
            return reverse("applications:my-section", args=[declaration.pk, sections[place]])
        return reverse("applications:my-detail", args=[declaration.pk])

    def _not_saved(
        self, declaration: Declaration, section: str, page: Page, quiet: bool, unasked: Sequence[Problem] = ()
    ) -> HttpResponse:
        """What is wrong with what was typed; ``unasked``: by name what no correction slip opens."""
        if quiet and unasked:
            return JsonResponse({"text": " ".join(str(problem) for problem in unasked)})
        if quiet:
            count = sum(_count(thing) for thing in page.everything())
            text = ngettext("Not saved yet: %(n)d thing to fix", "Not saved yet: %(n)d things to fix", count)
            return JsonResponse({"text": text % {"n": count}})
        return self._show(declaration, section, page, status=422, unasked=unasked)

    def _stale(self, declaration: Declaration, section: str, page: Page, quiet: bool, current: int) -> HttpResponse:
        words = _("This draft was changed in another window after you opened this page. Nothing has been overwritten.")
        if quiet:
            return JsonResponse({"text": words}, status=409)
        return self._show(declaration, section, page, status=409, version=current, conflict=words)

    def _show(
        self, declaration: Declaration, section: str, page: Page, *, status: int = 200, **more: Any
    ) -> HttpResponse:
        slip = open_slip(declaration) if declaration.status != Status.DRAFT else None
        context = {
            "object": declaration,
            "closes_on": (reply_until if declaration.status == Status.SUPPLEMENT else answer_until)(declaration)
            if slip
            else closing_day(declaration),
            "slip": slip,
            "section": section,
            "heading": SECTIONS[section],
            "place": drafts.sections_of(declaration).index(section) + 1,
            "places": len(drafts.sections_of(declaration)),
            "page": page,
            "parts": page.parts(),
            "remark": page.remark(declaration),
            "lines": controls.summary(page.everything()) if status == 422 else [],
            "version": declaration.form_version,
            "named": [item for item in slip.items.all() if item.section == section] if slip else [],
            "autosave_url": self.request.path if page.autosave else "",
            "ledger": ledger(declaration, law_day(declaration)) if isinstance(page, HoursPage) else [],
            "calm": slip is None,  # a draft misses nothing before it is handed in
            **more,
        }
        missing = problems_by_section(declaration, self.request.user).get(section, []) if status == 200 else []
        page.fold(missing)
        if status == 200:
            here = self.request.path  # a link to this very page leads to the place in it, or nowhere
            shown = show(declaration, missing) if section in started(declaration) else []
            context["missing"] = [replace(each, url=each.url.removeprefix(here)) for each in shown]
        return render(self.request, "applications/my/section.html", context, status=status)


def _count(thing: Any) -> int:
    if hasattr(thing, "total_error_count"):
        return int(thing.total_error_count())
    return sum(len(errors) for errors in thing.errors.values())
