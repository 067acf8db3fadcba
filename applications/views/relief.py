"""The pages of the form on which relief and class are claimed, each with its proof."""

from typing import Any

from applications.forms.relief import ClassForm, ReliefForm
from applications.models import Declaration
from applications.rules.relief import CLASS, TILT, classes_of, offered
from applications.views.sections import Page
from committees.plans.rules import class_demands, tilt_effects


class ReliefPage(Page):
    """One claim for each relief the standard knows."""

    def build(self) -> None:
        """A form a row, told apart by the code of the row."""
        version, claimed = self.declaration.standard_version, set(self.declaration.tilts)
        shown = version.evidence_required if version else []
        self.forms = [
            ReliefForm(
                *self.data, prefix=row["code"], row=row, effects=tilt_effects(row, shown),
                initial={"claimed": row["code"] in claimed},
            )
            for row in offered(self.declaration)
        ]  # fmt: skip

    def parts(self) -> list[dict[str, Any]]:
        """Each relief with the files there are."""
        return [
            {
                "heading": form.row["text"],
                "key": form.row["code"],
                "form": form,
                "files": self.files_of(f"{TILT}-{form.row['code']}"),
            }
            for form in self.forms
        ]

    def write(self, declaration: Declaration) -> None:
        """Keep the claims; the files of a claim given up go with it."""
        codes = {form.row["code"]: form.cleaned_data["claimed"] for form in self.forms}
        declaration.tilts = [code for code, claimed in codes.items() if claimed]
        declaration.save(update_fields=["tilts"])
        for form in self.forms:
            code = f"{TILT}-{form.row['code']}"
            if codes[form.row["code"]]:
                self._add(declaration, code, form, "proof")
            else:
                declaration.materials.filter(code__regex=rf"^{code}(\.|$)").update(removed=True)
        self._remove(declaration)


class ClassPage(Page):
    """The class, where the standard has classes and a talent agency plays the unit."""

    def build(self) -> None:
        """One choice and one file."""
        rows = classes_of(self.declaration)
        demands = {row["code"]: class_demands(row) for row in rows}
        chosen = {"applicant_class": self.declaration.applicant_class}
        self.form = ClassForm(*self.data, rows=rows, demands=demands, initial=chosen)

    def parts(self) -> list[dict[str, Any]]:
        """The form with its files."""
        return [{"form": self.form, "files": self.files_of(CLASS)}]

    def write(self, declaration: Declaration) -> None:
        """Keep the class; without one its files prove nothing."""
        declaration.applicant_class = self.form.cleaned_data["applicant_class"]
        declaration.save(update_fields=["applicant_class"])
        if declaration.applicant_class:
            self._add(declaration, CLASS, self.form, "proof")
        else:
            declaration.materials.filter(code__regex=rf"^{CLASS}(\.|$)").update(removed=True)
        self._remove(declaration)
