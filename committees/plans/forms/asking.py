"""The editor of what a standard asks: questions, required evidence, the self-scoring sheet, each in rows.

A page is made of formsets; every fault of every row is said at once. What only shows when all is there (sums of the
sheet, evidence for a question taken out) stops the submission to the bureau, not the saving (``rules/asking.py``).
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.plans import asked as asking
from committees.plans.asked import Evidence
from committees.plans.models import StandardVersion
from committees.plans.questions import Choice, Kind, Question
from committees.plans.rules.asking import sheet_faults
from committees.plans.scoring import Counted, Group, Row

from .fields import LinesField

CODE_HELP = gettext_lazy("Small letters, digits and _; left empty, one is given. Never change it once people answer.")
PLACE = gettext_lazy("Place in the order")


def _line(label: Any, help_text: Any = "", length: int = 200, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, max_length=length, required=False, **more)


def _code() -> forms.CharField:
    return _line(gettext_lazy("Short name"), CODE_HELP, 20, widget=forms.TextInput(attrs={"class": "w10"}))


def _small(label: Any, help_text: Any = "") -> forms.CharField:
    return _line(label, help_text, 20, widget=forms.TextInput(attrs={"class": "w10"}))


class AskedRow(forms.Form):
    """A row of the editor; ``made()`` is what it says as a value, ``PREFIX`` begins a code given by the portal."""

    PREFIX = ""
    NEEDED: tuple[str, ...] = ("text",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.NEEDED:  # not required by the browser's measure: an empty row is no row
            self.fields[name].asked = True  # type: ignore[attr-defined]

    def made(self) -> Any:
        """The question, evidence, indicator or group as typed."""
        raise NotImplementedError

    @property
    def digest(self) -> str:
        """What a stored row says while it is folded: of an indicator or group also what it counts."""
        told = self.initial
        points = _("{points} points").format(points=told["maximum"]) if "maximum" in self.NEEDED else ""
        main = _("group of performance") if told.get("performance") else ""
        return " · ".join(filter(None, (told["text"], told.get("group"), points, main)))

    def faults(self, row: Any) -> Iterator[tuple[str, str]]:
        """(field, words) of everything that is wrong with the row by itself."""
        yield from row.own_faults()

    def value(self, name: str) -> Any:
        """What was typed, empty where the field refused it."""
        return self.cleaned_data.get(name, "")


class QuestionRow(AskedRow):
    """A question."""

    PREFIX = "q"
    text = _line(gettext_lazy("Question"), length=300)
    text_en = _line(gettext_lazy("Question in English"), length=300)
    kind = forms.ChoiceField(label=gettext_lazy("How it is answered"), choices=Kind.choices, initial=Kind.LONG)
    required = forms.BooleanField(label=gettext_lazy("Must be answered"), required=False, initial=True)
    topic = _line(gettext_lazy("Topic"), gettext_lazy("Questions of one topic stand together on the page."), 60)
    hint = _line(gettext_lazy("Help below the question"), length=300)
    unit = _small(gettext_lazy("Unit"), gettext_lazy("Only for numbers, for example 万元."))
    minimum = _small(
        gettext_lazy("Smallest"),
        gettext_lazy("Number or day; for texts characters, for lists answers ticked, for tables rows."),
    )
    maximum = _small(gettext_lazy("Largest"))
    choices = LinesField(
        label=gettext_lazy("Answers of the list"),
        help_text=gettext_lazy("One a line; English after a vertical bar: 研发 | research."),
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    columns = LinesField(
        label=gettext_lazy("Columns of the table"),
        help_text=gettext_lazy("One a line, at most five."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    code = _code()

    def made(self) -> Question:
        """The question."""
        split = [line.partition("|") for line in self.value("choices") or ()]
        return Question(
            code=self.value("code"),
            text=self.value("text"),
            kind=self.value("kind") or "",
            topic=self.value("topic"),
            text_en=self.value("text_en"),
            required=bool(self.value("required")),
            hint=self.value("hint"),
            unit=self.value("unit"),
            minimum=self.value("minimum"),
            maximum=self.value("maximum"),
            choices=tuple(Choice(text.strip(), english.strip()) for text, _bar, english in split),
            columns=tuple(self.value("columns") or ()),
        )

    @staticmethod
    def initial_of(question: Question) -> dict[str, Any]:
        """What the row shows of a stored question."""
        found = {name: getattr(question, name) for name in QuestionRow.base_fields}
        lines = [f"{each.text} | {each.text_en}" if each.text_en else each.text for each in question.choices]
        return {**found, "choices": lines, "columns": list(question.columns)}


class EvidenceRow(AskedRow):
    """A piece of evidence."""

    PREFIX = "e"
    text = _line(gettext_lazy("Evidence"), length=200)
    text_en = _line(gettext_lazy("Evidence in English"), length=200)
    required = forms.BooleanField(label=gettext_lazy("Must be uploaded"), required=False, initial=True)
    question = forms.ChoiceField(label=gettext_lazy("Which answer it proves"), required=False)
    answer = _line(
        gettext_lazy("Only with this answer"),
        gettext_lazy("For example yes, or an answer of the list. Empty: with any answer."),
    )
    files = forms.IntegerField(
        label=gettext_lazy("Files at least"), initial=1, widget=forms.NumberInput(attrs={"class": "w5"})
    )
    code = _code()

    def __init__(self, *args: Any, asked: asking.Asked, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = asked
        known = [(each.code, each.text) for each in asked.questions]
        current = str(self.initial.get("question") or "")
        if current and current not in asked.by_code:  # the question has been taken out since
            known.append((current, current))
        self.fields["question"].choices = [("", _("none: it is asked for by itself")), *known]  # type: ignore[attr-defined]

    def made(self) -> Evidence:
        """The evidence; yes and no are kept in one language."""
        answer = self.value("answer")
        words = {_("yes"): "yes", _("no"): "no", "是": "yes", "否": "no"}
        files = self.value("files")
        return Evidence(
            self.value("code"),
            self.value("text"),
            bool(self.value("required")),
            self.value("text_en"),
            self.value("question"),
            words.get(answer, answer),
            files if isinstance(files, int) else 1,
        )

    def faults(self, row: Evidence) -> Iterator[tuple[str, str]]:
        """Judged beside the questions."""
        yield from row.own_faults(self.asked.by_code)

    @staticmethod
    def initial_of(entry: Evidence) -> dict[str, Any]:
        """What the row shows of stored evidence."""
        found = {name: getattr(entry, name) for name in EvidenceRow.base_fields}
        return {**found, "answer": {"yes": _("yes"), "no": _("no")}.get(entry.answer, entry.answer)}


class GroupRow(AskedRow):
    """A group of indicators."""

    PREFIX = "g"
    NEEDED = ("text", "maximum")
    text = _line(gettext_lazy("Group"), length=60)
    text_en = _line(gettext_lazy("Group in English"), length=60)
    maximum = _small(gettext_lazy("Points of the group"))
    performance = forms.BooleanField(
        label=gettext_lazy("Group of performance"),
        help_text=gettext_lazy("One group; it must weigh more than every other group."),
        required=False,
    )
    code = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def made(self) -> Group:
        """The group, still without its indicators."""
        given = {name: self.value(name) for name in ("code", "text", "maximum", "text_en")}
        return Group(**given, performance=bool(self.value("performance")))

    @staticmethod
    def initial_of(group: Group) -> dict[str, Any]:
        """What the row shows of a stored group."""
        return {name: getattr(group, name) for name in GroupRow.base_fields}


class IndicatorRow(AskedRow):
    """An indicator."""

    PREFIX = "i"
    NEEDED = ("group", "text", "maximum")
    group = _line(gettext_lazy("Group"), gettext_lazy("By its name, as it stands above."), 60)
    text = _line(gettext_lazy("Indicator"))
    text_en = _line(gettext_lazy("Indicator in English"))
    hint = _line(gettext_lazy("Help below the indicator"), length=300)
    counted = forms.ChoiceField(label=gettext_lazy("How it is counted"), choices=Counted.choices, initial=Counted.COUNT)
    each = _small(gettext_lazy("Points each"))
    unit = _small(gettext_lazy("Unit"), gettext_lazy("What is counted, for example 篇."))
    maximum = _small(gettext_lazy("Points at most"))
    evidence = forms.BooleanField(label=gettext_lazy("Points need a proof"), required=False, initial=True)
    code = _code()

    def made(self) -> Row:
        """The indicator."""
        given = {name: self.value(name) for name in Row.__dataclass_fields__ if name != "evidence"}
        return Row(**given, evidence=bool(self.value("evidence")))

    @staticmethod
    def initial_of(row: Row) -> dict[str, Any]:
        """What the row shows of a stored indicator; its group is added by the page."""
        return {name: getattr(row, name) for name in IndicatorRow.base_fields if name != "group"}


class Rows(BaseFormSet):
    """Rows in an order of their own: judged together, each fault at its field."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        """The order is typed as a number."""
        super().add_fields(form, index)
        form.fields["ORDER"].label = PLACE
        form.fields["ORDER"].widget.attrs["class"] = "w5"
        form.fields["ORDER"].required = False

    def kept(self) -> list[Any]:
        """Filled rows that are not struck out, as they are ordered; what has no place comes last."""
        forms_kept = [
            form
            for form in self.forms
            if (form in self.initial_forms or form.has_changed()) and not self._should_delete_form(form)
        ]
        places = {id(form): form.cleaned_data.get("ORDER") for form in forms_kept if hasattr(form, "cleaned_data")}
        return sorted(forms_kept, key=lambda form: (places.get(id(form)) is None, places.get(id(form)) or 0))

    def clean(self) -> None:
        """Give codes, then say every fault of every row."""
        kept = self.kept()
        taken = {form.cleaned_data.get("code") for form in kept}
        for form in kept:
            if not form.cleaned_data.get("code") and "code" not in form.errors:
                form.cleaned_data["code"] = code = _free(form.PREFIX, taken)
                taken.add(code)
        made = [(form, form.made()) for form in kept]
        codes = asking.twice(row.code for _form, row in made)
        texts = asking.twice(row.text for _form, row in made if row.text)
        for form, row in made:
            for field, words in form.faults(row):
                if field not in form.errors:
                    form.add_error(field, words)
            if row.code in codes and "code" not in form.errors:
                where = "text" if form.fields["code"].widget.is_hidden else "code"
                form.add_error(where, _("The short name “{code}” is used twice.").format(code=row.code))
            if row.text in texts and "text" not in form.errors:
                form.add_error("text", _("“{text}” stands here twice.").format(text=row.text))


def _free(prefix: str, taken: Iterable[Any]) -> str:
    number = 1
    while f"{prefix}{number}" in taken:
        number += 1
    return f"{prefix}{number}"


def _rows(form: type[AskedRow], prefix: str, posted: tuple[Any, ...], initial: list[Any], **kwargs: Any) -> Rows:
    factory = formset_factory(
        form, formset=Rows, extra=1, can_delete=True, can_delete_extra=False, can_order=True, max_num=100
    )
    return factory(*posted, prefix=prefix, initial=initial, form_kwargs=kwargs)  # type: ignore[return-value]


class QuestionsEditor:
    """The questions of a version, and the years in the present title it asks for."""

    def __init__(self, version: StandardVersion, *posted: Any) -> None:
        asked = version.asked
        self.years = YearsForm(*posted, initial={"years_in_title": asked.years_in_title or None})
        initial = [QuestionRow.initial_of(each) for each in asked.questions]
        self.rows = _rows(QuestionRow, "questions", posted, initial)

    def parts(self) -> list[Any]:
        """For the page: (heading, form or formset)."""
        return [("", self.years), (_("Questions"), self.rows)]

    def content(self) -> dict[str, Any]:
        """The column as it is stored."""
        found = [form.made().stored() for form in self.rows.kept()]
        years = self.years.cleaned_data["years_in_title"]
        return {"questions": [*([{"years_in_title": years}] if years else []), *found]}


class YearsForm(forms.Form):
    """A condition that stands beside the questions."""

    years_in_title = forms.IntegerField(
        label=gettext_lazy("Years in the present title at least"),
        help_text=gettext_lazy("Empty: the standard asks for none beyond the published rules."),
        min_value=0,
        max_value=40,
        required=False,
        widget=forms.NumberInput(attrs={"class": "w5"}),
    )


class EvidenceEditor:
    """The evidence a version requires."""

    def __init__(self, version: StandardVersion, *posted: Any) -> None:
        asked = version.asked
        initial = [EvidenceRow.initial_of(each) for each in asked.evidence]
        self.rows = _rows(EvidenceRow, "evidence", posted, initial, asked=asked)

    def parts(self) -> list[Any]:
        """For the page: (heading, form or formset)."""
        return [(_("Evidence"), self.rows)]

    def content(self) -> dict[str, Any]:
        """The column as it is stored."""
        return {"evidence_required": [form.made().stored() for form in self.rows.kept()]}


class SheetEditor:
    """The self-scoring sheet of a version: groups with their points, then the indicators."""

    def __init__(self, version: StandardVersion, *posted: Any) -> None:
        sheet = version.sheet
        self.groups = _rows(GroupRow, "groups", posted, [GroupRow.initial_of(each) for each in sheet.groups])
        initial = [
            {**IndicatorRow.initial_of(row), "group": group.text} for group in sheet.groups for row in group.rows
        ]
        self.rows = _rows(IndicatorRow, "rows", posted, initial)

    def parts(self) -> list[Any]:
        """For the page: (heading, form or formset)."""
        return [(_("Groups"), self.groups), (_("Indicators"), self.rows)]

    def place_rows(self) -> bool:
        """Whether every indicator names a group of the page; says so at the field where it does not."""
        groups = self.groups.kept()
        names = {form.cleaned_data.get("text") for form in groups} - {""}
        renamed = {form.initial.get("text"): form.cleaned_data.get("text") for form in groups}
        strangers = []
        for form in self.rows.kept():
            named = form.cleaned_data.get("group")
            if named not in names and renamed.get(named) in names:
                form.cleaned_data["group"] = renamed[named]  # the group has a new name, the row the old one
            elif named not in names:
                strangers.append(form)
        for form in strangers:
            form.add_error("group", _("There is no group of this name above."))
        return not strangers

    def content(self) -> dict[str, Any]:
        """The column as it is stored."""
        rows = [(form.cleaned_data["group"], form.made()) for form in self.rows.kept()]
        found = []
        for form in self.groups.kept():
            group = form.made()
            own = tuple(row for name, row in rows if name == group.text)
            found.append(replace(group, rows=own).stored())
        return {"self_scoring": found}


EDITORS: dict[str, Any] = {"questions": QuestionsEditor, "evidence": EvidenceEditor, "scoring": SheetEditor}


def valid(editor: Any) -> bool:
    """Whether everything on the page is possible; every part is judged, so that every fault is said."""
    fine = all([part.is_valid() for _heading, part in editor.parts()])
    return all([fine, editor.place_rows() if isinstance(editor, SheetEditor) else True])


def notes(version: StandardVersion) -> list[str]:
    """What still stops the submission and no row says by itself."""
    return list(sheet_faults(version.sheet))
