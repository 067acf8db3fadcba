"""The pages of what the standard asks: one form a question, one form an indicator of the self-scoring sheet. Saved
leniently: empty is allowed, what is no number or no day is not; the rest is said at handing in (``rules/standard.py``).
"""

from collections.abc import Callable
from decimal import Decimal
from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.forms.sections import YES_NO, DayInput
from appraisal_portal.kernel.widgets import UploadField
from committees.plans.asked import Evidence
from committees.plans.questions import MOST_CHARACTERS, Kind, Question, day, empty, number, plain
from committees.plans.scoring import Counted, Row

FILE_WORDS = gettext_lazy("PDF, JPG or PNG, at most 10 MB. Several: add one, save, add the next.")
SPARE_ROWS, MOST_ROWS = 3, 30


class TableInput(forms.Widget):
    """A table of short texts; three empty rows wait below the filled ones."""

    template_name = "django/forms/widgets/answer_table.html"

    def __init__(self, columns: tuple[str, ...], label: str) -> None:
        super().__init__()
        self.columns, self.label = columns, label

    def id_for_label(self, id_: str) -> str:
        """The first cell."""
        return f"{id_}_0_0" if id_ else id_

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """Rows of cells, each with name, value and the words that tell it from the others."""
        context = super().get_context(name, value, attrs)
        filled = [list(row) for row in value] if isinstance(value, list) else []
        spare = 0 if context["widget"]["attrs"].get("disabled") else SPARE_ROWS
        rows = filled + [[""] * len(self.columns)] * max(0, min(spare, MOST_ROWS - len(filled)))
        at = context["widget"]["attrs"].get("id", f"id_{name}")
        context["widget"] |= {
            "label": self.label,
            "columns": self.columns,
            "rows": [
                [
                    {
                        "name": f"{name}-{r}-{c}",
                        "id": f"{at}_{r}_{c}",
                        "value": cell,
                        "label": _("{column}, row {number}").format(column=self.columns[c], number=r + 1),
                    }
                    for c, cell in enumerate(row[: len(self.columns)])
                ]
                for r, row in enumerate(rows)
            ],
        }
        return context

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The rows that hold anything; None where no cell was sent."""
        rows = [[data.get(f"{name}-{r}-{c}") for c in range(len(self.columns))] for r in range(MOST_ROWS)]
        sent = [[cell or "" for cell in row] for row in rows if any(cell is not None for cell in row)]
        return [row for row in sent if not empty(row)] if sent else None

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether no cell was sent."""
        return self.value_from_datadict(data, files, name) is None


class TableField(forms.Field):
    """Rows of short texts."""

    def __init__(self, *, columns: tuple[str, ...], label: str, **kwargs: Any) -> None:
        super().__init__(label=label, widget=TableInput(columns, label), **kwargs)
        self.cell = forms.CharField(required=False, max_length=200)

    def to_python(self, value: Any) -> list[list[str]]:
        """Cells without blanks around them, empty rows left out."""
        rows = [[self.cell.clean(cell) for cell in row] for row in value or []]
        return [row for row in rows if any(row)]


def _common(question: Question) -> dict[str, Any]:
    hint = " ".join(part for part in (question.hint, question.bounds_words) if part)
    return {"label": question.label, "help_text": hint, "required": False}


_PLAIN: dict[str, Callable[..., forms.Field]] = {
    Kind.TEXT: partial(forms.CharField, max_length=MOST_CHARACTERS),
    Kind.INTEGER: partial(forms.IntegerField, min_value=-(10**11), max_value=10**11),
    Kind.DECIMAL: partial(forms.DecimalField, max_digits=15, decimal_places=6),
    Kind.DATE: partial(forms.DateField, widget=DayInput),
    Kind.YES_NO: partial(forms.TypedChoiceField, choices=YES_NO, coerce=lambda v: v == "true", empty_value=""),
}


def answer_field(question: Question) -> forms.Field:
    """The control that fits the kind of the question."""
    common = _common(question)
    labels = [(choice.text, choice.label) for choice in question.choices]
    if question.kind == Kind.CHOICE:
        return forms.ChoiceField(choices=[("", "---------"), *labels], **common)
    if question.kind == Kind.CHOICES:
        return forms.MultipleChoiceField(choices=labels, widget=forms.CheckboxSelectMultiple, **common)
    if question.kind == Kind.TABLE:
        return TableField(columns=question.columns, **common)
    if question.kind not in _PLAIN:
        return forms.CharField(max_length=MOST_CHARACTERS, widget=forms.Textarea(attrs={"rows": 5}), **common)
    field = _PLAIN[question.kind](**common)
    if isinstance(field, forms.IntegerField):  # a decimal is one too
        field.widget.attrs["class"] = "w10"
    return field


def _initial(question: Question, value: Any) -> Any:
    """A stored answer as its control compares it."""
    if empty(value):
        return [] if question.kind in (Kind.CHOICES, Kind.TABLE) else ""
    if question.kind == Kind.INTEGER:
        return int(number(value) or 0)
    if question.kind == Kind.DECIMAL:
        return Decimal(plain(number(value) or Decimal(0)))
    if question.kind == Kind.DATE:
        return day(value) or ""
    return str(value).lower() if isinstance(value, bool) else value


class QuestionForm(forms.Form):
    """One question with the files that prove its answer."""

    def __init__(self, *args: Any, question: Question, evidence: list[Evidence], answer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question, self.evidence = question, evidence
        field = answer_field(question)
        field.initial, field.asked = _initial(question, answer), question.required  # type: ignore[attr-defined]
        self.fields[self.name] = field
        for entry in evidence:
            self.fields[f"file_{entry.code}"] = proof = UploadField(
                label=entry.label,
                required=False,
                help_text=" ".join([_evidence_words(entry, question), str(FILE_WORDS)]),
            )
            proof.asked = entry.required and not entry.answer  # type: ignore[attr-defined]

    @property
    def name(self) -> str:
        """The name of the answer's control."""
        return f"answer_{self.question.code}"

    def answer(self) -> Any:
        """The answer as it is stored."""
        value = self.cleaned_data[self.name]
        if isinstance(value, Decimal):
            return plain(value)
        return value if isinstance(value, (bool, str, list)) else "" if value is None else str(value)

    def place(self, name: str) -> tuple[str, str]:
        """Row and field of the content a control writes."""
        return self.question.code, "answer" if name == self.name else "files"


def _evidence_words(entry: Evidence, question: Question) -> str:
    """When the file is asked for, and how many."""
    words = _("At least {number} files.").format(number=entry.files) if entry.files > 1 else ""
    if entry.required and entry.answer:
        given = question.shown({"yes": True, "no": False}.get(entry.answer, entry.answer))
        words = _("Required if you answer “{answer}”. {more}").format(answer=given, more=words).strip()
    return words


class ScoreForm(forms.Form):
    """One indicator of the self-scoring sheet with its proof."""

    def __init__(self, *args: Any, row: Row, entry: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        hint = " ".join(part for part in (row.hint, row.counted_words) if part)
        common: dict[str, Any] = {"label": row.label, "help_text": hint, "required": False}
        if row.counted == Counted.YES_NO:
            field: forms.Field = forms.ChoiceField(
                choices=[("", "---------"), ("1", gettext_lazy("Yes")), ("0", gettext_lazy("No"))], **common
            )
            field.initial = "" if empty(entry) else str(entry)
        else:
            widget = forms.NumberInput(attrs={"class": "w5"})
            field = forms.DecimalField(min_value=0, max_digits=9, decimal_places=3, widget=widget, **common)
            field.initial = "" if empty(entry) else number(entry)
        field.asked = True  # type: ignore[attr-defined]
        self.fields[self.name] = field
        if row.evidence:
            self.fields[f"proof_{row.code}"] = proof = UploadField(
                label=_("Proof of “{row}”").format(row=row.label), required=False, help_text=FILE_WORDS
            )
            proof.asked = True  # type: ignore[attr-defined]

    @property
    def name(self) -> str:
        """The name of the entry's control."""
        return f"entry_{self.row.code}"

    def clean(self) -> dict[str, Any]:
        """What is counted is whole; points entered are not more than there are."""
        data: dict[str, Any] = super().clean() or {}
        value = data.get(self.name)
        for words in self.row.faults(plain(value)) if isinstance(value, Decimal) else ():
            self.add_error(self.name, ValidationError(words))
        return data

    def entry(self) -> str:
        """The entry as it is stored."""
        value = self.cleaned_data[self.name]
        return plain(value) if isinstance(value, Decimal) else str(value or "")

    def place(self, name: str) -> tuple[str, str]:
        """Row and field of the content a control writes."""
        return self.row.code, "entry" if name == self.name else "files"
