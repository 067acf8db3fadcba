"""The personal archive (个人业绩库) of the applicant: kept over the years, used in declarations."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from applications.access import is_owner
from applications.forms.archive import ArchiveChoice, ArchiveForm
from applications.models import ArchivedAchievement
from applications.services import archive as service
from applications.services import drafts
from applications.views.applicant import OwnMixin, out_of_turn
from appraisal_portal.kernel import files
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.files import UploadRefused
from appraisal_portal.kernel.views import VisibleList, VisibleObjectMixin
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, WrongState


class MyArchive(VisibleList):
    """My entries, the newest version of each, with what the unit has verified."""

    access = is_owner
    model = ArchivedAchievement
    template_name = "applications/my/archive.html"

    def get_queryset(self) -> Any:
        """Own ones, whatever role one acts in."""
        rows = ArchivedAchievement.objects.own(self.request.user).select_related("verified_by", "verified_unit")
        return rows.prefetch_related("files__upload")


class _Entry(VisibleObjectMixin, View):
    access = is_owner
    model = ArchivedAchievement
    template_name = "applications/my/archive_entry.html"

    def get_queryset(self) -> Any:
        """Own ones only, the newest version of each."""
        return ArchivedAchievement.objects.own(self.request.user)

    def entry(self, pk: int | None) -> ArchivedAchievement | None:
        """The newest version of one's own entry; another person's does not exist."""
        return get_object_or_404(self.get_queryset(), pk=pk) if pk else None

    def get(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """The form."""
        entry = self.entry(pk)
        return self._page(entry, ArchiveForm(instance=entry))

    def post(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Store it; a verified entry stays and gets a new version."""
        entry = self.entry(pk)
        remove = request.POST.get("remove", "")
        if entry is not None and remove.isdigit():
            service.drop_file(entry, int(remove))
            return redirect("applications:my-archive-entry", pk=entry.pk)
        # The form judges a copy: a verified row must not be written to, not even in memory.
        form = ArchiveForm(request.POST, request.FILES, instance=ArchivedAchievement(person=request.user.person))
        if not form.is_valid():
            return self._page(entry, form, 422)
        try:
            service.keep(
                request.user.person,
                form.values(),
                entry=entry,
                file=form.cleaned_data["file"],
                owner=request.user,
            )
        except UploadRefused as refused:
            form.add_error("file", str(refused))
            return self._page(entry, form, 422)
        except Blocked as refused:
            form.add_error(None, str(refused))
            return self._page(entry, form, 422)
        messages.success(request, _("Stored in your archive."))
        return redirect("applications:my-archive")

    def _page(self, entry: ArchivedAchievement | None, form: ArchiveForm, status: int = 200) -> HttpResponse:
        kept = list(entry.files.select_related("upload")) if entry else []
        context = {"entry": entry, "form": form, "files": kept}
        return render(self.request, self.template_name, context, status=status)


class MyArchiveEntry(_Entry):
    """Add an entry, or change one."""


class ArchiveFileView(VisibleObjectMixin, View):
    """A file of an entry for its owner, and for the unit where a declaration uses the entry."""

    access = SIGNED_IN
    model = ArchivedAchievement

    def get(self, request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
        """Deliver it."""
        entry = get_object_or_404(self.get_queryset(), pk=pk)
        kept = get_object_or_404(entry.files.select_related("upload"), pk=number)
        if not kept.upload.opens_for(request.user):
            raise Http404
        return files.serve(kept.upload)


class MyArchiveAdd(OwnMixin, View):
    """Take entries of the archive over into the declaration."""

    template_name = "applications/my/archive_add.html"

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The list to tick."""
        declaration = get_object_or_404(self.get_queryset(), pk=pk)
        if "achievements" not in drafts.open_sections(declaration):
            return out_of_turn(request, declaration, drafts.closed(declaration))
        return self._page(declaration, ArchiveChoice(queryset=self._free(declaration)))

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Use the ticked ones."""
        declaration = get_object_or_404(self.get_queryset(), pk=pk)
        form = ArchiveChoice(request.POST, queryset=self._free(declaration))
        if not form.is_valid():
            return self._page(declaration, form, 422)
        version = request.POST.get("version", "")
        try:
            service.add_to_declaration(
                declaration,
                form.cleaned_data["entries"],
                int(version) if version.isdigit() else 0,
                user=request.user,
            )
        except drafts.StaleForm:
            words = _("This draft was changed in another window meanwhile. Nothing was added; please choose again.")
            form.add_error(None, words)
            return self._page(declaration, form, 409)
        except (Blocked, UploadRefused) as refused:
            form.add_error(None, str(refused))
            return self._page(declaration, form, 422)
        except WrongState as refused:
            return out_of_turn(request, declaration, refused)
        except NotAllowed as refused:
            raise PermissionDenied(str(refused)) from refused
        return redirect("applications:my-section", pk=declaration.pk, section="achievements")

    def _free(self, declaration: Any) -> Any:
        used = declaration.achievements.filter(archived__isnull=False).values("archived")
        return ArchivedAchievement.objects.own(self.request.user).exclude(pk__in=used)

    def _page(self, declaration: Any, form: ArchiveChoice, status: int = 200) -> HttpResponse:
        declaration.refresh_from_db(fields=["form_version"])
        context = {"object": declaration, "form": form, "some": self._free(declaration).exists()}
        return render(self.request, self.template_name, context, status=status)


class MyArchiveSave(OwnMixin, View):
    """Keep an achievement of a declaration in the archive."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, pk: int, row: int) -> HttpResponse:
        """Store it and go back."""
        declaration = get_object_or_404(self.get_queryset(), pk=pk)
        achievement = get_object_or_404(declaration.achievements, pk=row)
        if not achievement.title:
            messages.warning(request, _("Give the achievement a title first; then it can be kept in the archive."))
        else:
            service.save_back(achievement)
            messages.success(request, _("Kept in your archive: {title}").format(title=achievement.title))
        return redirect(reverse("applications:my-archive-add", args=[declaration.pk]))
