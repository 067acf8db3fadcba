"""Claims of relief (倾斜) and the class of applicant (申报类别), each with its proof in the same step."""

from types import SimpleNamespace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal.kernel.widgets import UploadField

_FILE = gettext_lazy("PDF, JPG or PNG, at most 10 MB.")


def _proof(row: dict[str, Any]) -> Any:
    evidence = row.get("evidence")
    return _("{evidence}. {file}").format(evidence=evidence, file=_FILE) if evidence else _FILE


class ReliefForm(forms.Form):
    """One relief of the standard: claimed or not, and a file for it. ``effects``: what it takes off, in words."""

    instance = SimpleNamespace(pk=None)  # no row stands behind it; pages under a slip ask for one
    claimed = forms.BooleanField(label=gettext_lazy("I claim this relief"), required=False)
    proof = UploadField(label=gettext_lazy("Proof"), required=False)

    def __init__(self, *args: Any, row: dict[str, Any], effects: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.fields["claimed"].help_text = _("{effects}. It rests on: {document}.").format(
            effects=_("; ").join(effects), document=row.get("document", "")
        )
        self.fields["claimed"].asked = self.fields["proof"].asked = True  # type: ignore[attr-defined]
        self.fields["proof"].help_text = _proof(row)

    def clean(self) -> dict[str, Any]:
        """A file without a claim is a forgotten tick."""
        data = super().clean() or {}
        if data.get("proof") and not data.get("claimed"):
            self.add_error("claimed", _("You chose a file but did not claim “{what}”.").format(what=self.row["text"]))
        return data


class ClassForm(forms.Form):
    """The class of the standard the person declares in, and what proves it."""

    instance = SimpleNamespace(pk=None)
    applicant_class = forms.ChoiceField(
        label=gettext_lazy("Your class"), required=False, widget=forms.RadioSelect,
        help_text=gettext_lazy("Each class has conditions of its own. The agency and the office check the proof."),
    )  # fmt: skip
    proof = UploadField(label=gettext_lazy("Proof"), required=False)

    def __init__(self, *args: Any, rows: list[dict[str, Any]], demands: dict[str, list[str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["applicant_class"].choices = [  # type: ignore[attr-defined]
            *((row["code"], _class_words(row, demands[row["code"]])) for row in rows),
            ("", _("none of these: the usual conditions apply to me")),
        ]
        evidence = (_("{what}: {evidence}").format(what=row["text"], evidence=row["evidence"]) for row in rows)
        self.fields["proof"].help_text = _("{evidence}. {file}").format(evidence=_("; ").join(evidence), file=_FILE)
        self.fields["applicant_class"].asked = self.fields["proof"].asked = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A file without a class proves nothing."""
        data = super().clean() or {}
        if data.get("proof") and not data.get("applicant_class"):
            self.add_error("applicant_class", _("You chose a file but no class."))
        return data


def _class_words(row: dict[str, Any], demands: list[str]) -> str:
    said = _("{what} ({demands})").format(what=row["text"], demands=_("; ").join(demands))
    return f"{said} {row['hint']}" if row.get("hint") else said
