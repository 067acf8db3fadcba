"""How each page of the form 2-1 is asked and written: its forms, and what ``save_section`` writes."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from applications.forms import sections as asked
from applications.models import Assessment, Declaration, LearningHours, Material
from applications.models.content import current_files
from applications.rules.form import brought_elsewhere, counted_years, evidence_of
from applications.services import files
from appraisal_portal.kernel import portrait
from appraisal_portal.kernel.files import UploadRefused
from appraisal_portal.kernel.portrait import Crop
from appraisal_portal.kernel.workflow import Problem


class RefusedFile(Exception):
    """A file that was not taken; ``form`` and ``field`` say where the words belong."""

    def __init__(self, form: forms.BaseForm, field: str, error: UploadRefused) -> None:
        self.form, self.field, self.problems = form, field, error.problems
        super().__init__(str(error))


class Page:
    """One page of the form for one request; bound when posted. ``autosave``: whether it may be saved while typing."""

    autosave = False
    look_again = False  # what was saved is shown before the next page
    stay = False  # whether a page that is saved while typing can be saved and looked at again
    proofs = ""  # what the files of its rows are coded with

    def __init__(self, declaration: Declaration, request: HttpRequest) -> None:
        self.declaration, self.user, self.request = declaration, request.user, request
        posted = request.method == "POST"
        self.data = (request.POST, request.FILES) if posted else (None, None)
        self.remove = request.POST.get("remove", "") if posted else ""
        self.quiet = request.headers.get("X-Requested-With") == "autosave"  # sent by the script, not by a button
        self.build()

    def build(self) -> None:
        """Make the forms."""
        raise NotImplementedError

    def parts(self) -> list[dict[str, Any]]:
        """For the template: {"heading", "form"} or {"heading", "formset"}, with "files" beside a form."""
        raise NotImplementedError

    def everything(self) -> list[Any]:
        """Forms and formsets, for the error summary."""
        return [part.get("form") or part["formset"] for part in self.parts()]

    def remark(self, declaration: Declaration) -> str:
        """What else is said of the page as it is stored."""
        return ""

    def fold(self, missing: Sequence[Problem]) -> None:
        """Decide which entries stand folded to one line; ``missing``: what is said of them as they are stored."""

    def back_to(self) -> str:
        """Where on the page its reader goes on after saving, as the end of the address."""
        return ""

    def is_valid(self) -> bool:
        """Whether everything typed is possible."""
        return all([thing.is_valid() for thing in self.everything()])

    def write(self, declaration: Declaration) -> None:
        """What ``save_section`` calls inside its transaction. Raises RefusedFile."""
        raise NotImplementedError

    def _remove(self, declaration: Declaration) -> None:
        if self.remove.isdigit():
            files.remove_material(declaration, int(self.remove))

    def _add(
        self, declaration: Declaration, code: str, form: forms.BaseForm, field: str, required_by: str = ""
    ) -> None:
        file = form.cleaned_data.get(field)  # type: ignore[attr-defined]
        if not file or self.quiet:  # what is saved while typing takes no file: the button would take it again
            return
        try:
            files.add_material(declaration, code, file, owner=self.user, required_by=required_by)
        except UploadRefused as error:
            raise RefusedFile(form, field, error) from error

    def files_of(self, code: str) -> list[Material]:
        """Current files for a code."""
        return [material for material in self._files if material.code.partition(".")[0] == code]

    @cached_property
    def _files(self) -> list[Material]:
        return current_files(self.declaration)


class FieldsPage(Page):
    """Fields of the declaration itself."""

    autosave = True
    form_class: type[asked.LenientForm]

    def build(self) -> None:
        """One form over the declaration."""
        self.form = self.form_class(*self.data, instance=self.declaration)

    def parts(self) -> list[dict[str, Any]]:
        """The form alone."""
        return [{"form": self.form}]

    def write(self, declaration: Declaration) -> None:
        """Take the fields over onto the locked row."""
        names = [name for name in self.form._meta.fields or () if name in self.form.cleaned_data]
        for name in names:
            setattr(declaration, name, self.form.cleaned_data[name])
        declaration.save(update_fields=names)


class PersonPage(FieldsPage):
    """The basic block."""

    form_class = asked.PersonForm


class RepresentativePage(FieldsPage):
    """Representative work and its file."""

    form_class = asked.RepresentativeForm

    def parts(self) -> list[dict[str, Any]]:
        """With its files."""
        return [{"form": self.form, "files": self.files_of("representative")}]

    def write(self, declaration: Declaration) -> None:
        """Fields and file."""
        super().write(declaration)
        self._add(declaration, "representative", self.form, "proof")
        self._remove(declaration)


class YearsPage(Page):
    """One small form for each year that counts."""

    autosave = True
    related: str
    model: Any
    form_class: type[asked.LenientForm]

    def build(self) -> None:
        """Forms in the order of the years."""
        rows = {row.year: row for row in getattr(self.declaration, self.related).all()}
        self.forms = []
        for year in sorted({*counted_years(self.declaration), *rows}):
            instance = rows.get(year) or self.model(declaration=self.declaration, year=year)
            form: Any = self.form_class(*self.data, instance=instance, prefix=f"y{year}")
            form.about = str(year)  # the fields of all years have the same names
            self.forms.append((year, form))

    def parts(self) -> list[dict[str, Any]]:
        """Each year."""
        return [{"heading": str(year), "form": form, "year": year} for year, form in self.forms]

    def write(self, declaration: Declaration) -> None:
        """Save the years in which something was entered."""
        for _year, form in self.forms:
            if form.has_changed():
                self.write_year(form)

    def write_year(self, form: Any) -> None:
        """One year."""
        form.instance.save()


class HoursPage(YearsPage):
    """Continuing education, with a bar for each demand."""

    stay = True
    related, model, form_class = "learning_hours", LearningHours, asked.HoursForm


class AssessmentsPage(YearsPage):
    """Annual assessments; an emptied year is taken out."""

    related, model, form_class = "assessments", Assessment, asked.AssessmentForm

    def write_year(self, form: Any) -> None:
        """A year without result has no row; to take one out needs the button, as under a slip it cannot come back."""
        if form.cleaned_data.get("result"):
            form.instance.save()
        elif form.instance.pk and not self.quiet:
            form.instance.delete()


class AttachmentsPage(Page):
    """Files of the standard's list of evidence."""

    def build(self) -> None:
        """One file field for each code."""
        self.evidence = evidence_of(self.declaration)
        self.form = asked.AttachmentsForm(
            *self.data, evidence=self.evidence, elsewhere=brought_elsewhere(self.declaration)
        )

    def parts(self) -> list[dict[str, Any]]:
        """The form; below each field the files there are of it."""
        rows = [(self.form[f"file_{entry.code}"], self.files_of(entry.code)) for entry in self.evidence]
        return [{"form": self.form, "rows": rows}]

    def write(self, declaration: Declaration) -> None:
        """Take the chosen files."""
        for entry in self.evidence:
            required_by = f"attachments:{entry.code}" if entry.required else ""
            self._add(declaration, entry.code, self.form, f"file_{entry.code}", required_by)
        self._remove(declaration)


MOVES = {
    "up": _("Move the frame up"),
    "down": _("Move the frame down"),
    "left": _("Move the frame left"),
    "right": _("Move the frame right"),
    "closer": _("Closer"),
    "wider": _("Wider"),
    "turn": _("Turn to the right"),
}
"""The links below the crop, by the name of the move."""


class PhotoPage(Page):
    """The certificate photo: the file, and where the frame lies on it. Links move the frame, saving keeps it."""

    def build(self) -> None:
        """One file field; the crop that is looked at, from the address or the form."""
        self.photo = self.declaration.photos.filter(current=True).select_related("upload", "original").first()
        self.form = asked.PhotoForm(*self.data, there=self.photo is not None)
        given = self.data[0] or self.request.GET
        self.crop = Crop.read(given, self.photo.crop) if self.photo else Crop()

    def parts(self) -> list[dict[str, Any]]:
        """The form with the photo as it would be printed."""
        return [{"form": self.form, "clinic": self._clinic(self.photo) if self.photo else None}]

    def _clinic(self, photo: Any) -> dict[str, Any]:
        picture = files.picture_of(photo)
        whole = portrait.turned(picture, self.crop)
        left, top, right, bottom = self.crop.box(whole.size, settings.PORTAL_PHOTO_SIZE)
        moved = self.crop != photo.crop
        found = portrait.examine(portrait.cut(picture, self.crop)) if moved else photo.findings
        return {
            "photo": photo,
            "moved": moved,
            "crop": self.crop,
            "query": urlencode(asdict(self.crop)),
            "found": [portrait.FINDINGS[key] for key in found],
            "whole": whole.size,
            "frame": {"x": left, "y": top, "width": right - left, "height": bottom - top},
            "moves": [
                (name, MOVES[name], urlencode(asdict(crop)))
                for name, crop in self.crop.moves(whole.size, settings.PORTAL_PHOTO_SIZE).items()
            ],
        }

    def write(self, declaration: Declaration) -> None:
        """Check, crop and keep; a new photo is looked at before the next page."""
        file = self.form.cleaned_data.get("photo")
        try:
            if file:
                files.set_photo(declaration, file, owner=self.user)
                self.look_again = True
            elif self.photo:
                files.recrop_photo(self.photo, self.crop)
        except UploadRefused as error:
            raise RefusedFile(self.form, "photo", error) from error
