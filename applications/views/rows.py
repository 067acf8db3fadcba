"""Pages of rows: education, titles, experts, experience, achievements.

A row is added, changed and removed; a page that is saved while typing again and again makes its new row once.
"""

import uuid
from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms import BaseModelFormSet, modelformset_factory
from django.forms.models import construct_instance
from django.utils.translation import gettext_lazy as _

from applications.forms import sections as asked
from applications.forms import way
from applications.models import (
    Achievement,
    Declaration,
    Education,
    ExpertRecommendation,
    HeldTitle,
    Training,
    WorkHistory,
)
from applications.services import drafts
from applications.views.sections import Page
from appraisal_portal.kernel.workflow import Problem


class Token(forms.UUIDField):
    """Tells one new row of one page from every other. Nobody types it, so it is no change and never wrong."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False, initial=uuid.uuid4)
        self.widget.attrs["autocomplete"] = "off"

    def has_changed(self, initial: Any, data: Any) -> bool:
        """A row with nothing but its token is empty."""
        return False

    def clean(self, value: Any) -> uuid.UUID | None:
        """What is no token counts as none."""
        try:
            token: uuid.UUID | None = super().clean(value)
        except forms.ValidationError:
            return None
        return token


class Entries(BaseModelFormSet):
    """Rows of which the new ones carry a token."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """The token of a row that is not stored yet."""
        super().add_fields(form, index)
        if index is None or index >= self.initial_form_count():
            form.fields["token"] = Token()

    def token(self, form: Any) -> uuid.UUID | None:
        """The token sent with a new row; None of a stored one, and of a page without."""
        found: uuid.UUID | None = form.fields["token"].clean(form["token"].data) if "token" in form.fields else None
        return found


SHOWN_WHOLE = 3
"""More entries than these are folded to one line each."""


class RowsPage(Page):
    """Rows that can be added and removed, in one or several groups: (related name, heading, model, form)."""

    autosave = True
    stay = True
    least = 0
    groups: tuple[tuple[str, Any, Any, type[asked.LenientForm]], ...]

    def build(self) -> None:
        """A formset for each group, with one empty row; where ``least`` are needed, with as many as are missing."""
        self.formsets = []
        for related, heading, model, form in self.groups:
            rows = getattr(self.declaration, related).all()
            empty = max(0, self.least - len(rows)) if self.least else 1
            factory: type[Entries] = modelformset_factory(
                model, form=form, formset=Entries, extra=empty, can_delete=True, can_delete_extra=False
            )
            self.formsets.append((heading, factory(*self.data, queryset=rows, prefix=related)))
            self.formsets[-1][1].row_id = f"{related}-row" if len(self.formsets) > 1 else "row"
            for row in self.formsets[-1][1].initial_forms:
                row.fields["DELETE"].label = _("Remove this entry when saving")

    def parts(self) -> list[dict[str, Any]]:
        """Each group."""
        return [{"heading": heading, "formset": formset, "page": self} for heading, formset in self.formsets]

    def fold(self, missing: Sequence[Problem]) -> None:
        """Of a long list every entry with which nothing is to be done now; the problems speak of the first group."""
        lacking = {problem.field.rpartition(".")[2] for problem in missing}
        for _heading, formset in self.formsets:
            for form in formset.initial_forms:
                form.lacking = str(form.instance.pk) in lacking
                form.at_hand = form.lacking or self._at_hand(form)
                form.one_of_many = len(formset.initial_forms) > SHOWN_WHOLE
            lacking = set()

    def back_to(self) -> str:
        """The entry a file was taken from, or the empty one of the list that got an entry."""
        for _heading, formset in self.formsets:
            for form in formset.initial_forms if self.remove else ():
                if any(str(material.pk) == self.remove for material in getattr(form, "files_there", ())):
                    return f"?row={form.instance.pk}#{formset.row_id}-{form.instance.pk}"
        if self.remove or self.least:
            return ""
        added = [f for _heading, f in self.formsets if any(form.has_changed() for form in f.extra_forms)]
        return f"#{(added or [self.formsets[0][1]])[0].row_id}-new"

    def _at_hand(self, form: Any) -> bool:
        """Refused, typed in, opened by a correction slip, or asked for by the address."""
        typed = form.is_bound and (form.errors or form.has_changed())
        named = getattr(form, "locked", None) is False
        return bool(typed or named or self.request.GET.get("row") == str(form.instance.pk))

    def write(self, declaration: Declaration) -> None:
        """Save changed rows, delete ticked ones."""
        for _heading, formset in self.formsets:
            for form in formset.forms:
                self._write_row(declaration, formset, form)
        self._remove(declaration)

    def _write_row(self, declaration: Declaration, formset: Entries, form: Any) -> None:
        if formset._should_delete_form(form):  # type: ignore[attr-defined]
            if form.instance.pk and not self.quiet:  # a tick is not yet the button
                self._take_out(declaration, form.instance)
            return
        token = formset.token(form)
        made = drafts.row_made(declaration, formset.prefix, token, self.user) if token else None
        if not form.has_changed():
            if made is not None:  # typed, stored and emptied again
                self._take_out(declaration, made)
            return
        if made is not None:
            form.instance = construct_instance(form, made, form._meta.fields)
        form.instance.declaration = declaration
        form.instance.save()
        if token and made is None:
            drafts.remember_row(formset.prefix, form.instance, token, self.user)
        if self.proofs:
            self._add(declaration, f"{self.proofs}-{form.instance.pk}", form, "proof")

    def _take_out(self, declaration: Declaration, row: Any) -> None:
        """The row, and what proved it."""
        declaration.materials.filter(code__regex=rf"^{self.proofs or '-'}-{row.pk}(\.|$)").update(removed=True)
        row.delete()


class EducationPage(RowsPage):
    """Education and degrees."""

    groups = (("educations", _("Education"), Education, asked.EducationForm),)


class TitlePage(RowsPage):
    """Titles held so far."""

    groups = (("held_titles", _("Titles held so far"), HeldTitle, asked.HeldTitleForm),)


class WayPage(RowsPage):
    """What the chosen way asks for: its fields with a file, the two experts of an exceptional application."""

    proofs = "expert"
    least = 2
    groups = (
        (
            "expert_recommendations",
            _("Experts who recommend you (two are needed)"),
            ExpertRecommendation,
            way.ExpertForm,
        ),
    )

    def build(self) -> None:
        """The fields of the way; rows for experts only where they are asked for."""
        self.form = way.WayForm(*self.data, instance=self.declaration)
        if self.declaration.route != "exceptional":
            self.groups = ()
        super().build()

    def parts(self) -> list[dict[str, Any]]:
        """The form with its files, then the experts, each with the letter."""
        for _heading, formset in self.formsets:
            for form in formset.forms:
                form.files_there = self.files_of(f"expert-{form.instance.pk}") if form.instance.pk else []
        return [{"form": self.form, "files": self.files_of("way")}, *super().parts()]

    def write(self, declaration: Declaration) -> None:
        """Fields, examination, file; then the experts."""
        self.form.write(declaration)
        if "proof" in self.form.fields:
            self._add(declaration, "way", self.form, "proof")
        super().write(declaration)


class ExperiencePage(RowsPage):
    """Work history and training."""

    groups = (
        ("work_history", _("Work history"), WorkHistory, asked.WorkHistoryForm),
        ("trainings", _("Study and training"), Training, asked.TrainingForm),
    )


class AchievementsPage(RowsPage):
    """Achievements, each with its proofs."""

    proofs = "achievement"
    groups = (("achievements", _("Achievements"), Achievement, asked.AchievementForm),)

    def parts(self) -> list[dict[str, Any]]:
        """Each row with its files."""
        for _heading, formset in self.formsets:
            for form in formset.forms:
                form.files_there = self.files_of(f"achievement-{form.instance.pk}") if form.instance.pk else []
        return super().parts()
