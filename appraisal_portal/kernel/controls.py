"""Questions the form templates ask about a bound field: which kind of control, where the summary links to, which parts."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


# What the page of a transition asks for outside any form class
TRANSITION_FIELDS = ("reason", "confirm")


@dataclass(frozen=True)
class Part:
    """One labelled control of an answer in several parts (year, month, day)."""

    id: str
    label: str
    html: SafeString


@dataclass(frozen=True)
class Line:
    """One line of the error summary; ``target`` is the id of the control to go to, empty when there is none."""

    text: str
    target: str = ""


def kind(field: BoundField) -> str:
    """"choices" (radio buttons, several ticks), "parts" (several controls), "checkbox", "file" or "plain"."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput):
        return "checkbox"
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "choices"
    if isinstance(widget, (forms.MultiWidget, forms.SelectDateWidget)):
        return "parts"
    return "file" if isinstance(widget, forms.FileInput) else "plain"


def _subwidgets(field: BoundField) -> list[dict[str, Any]]:
    """The contexts of the single controls a widget in parts draws."""
    found: list[dict[str, Any]] = field.subwidgets[0].data["subwidgets"]
    return found


def parts(field: BoundField) -> list[Part]:
    """The single controls of a widget in parts, each with a label of its own (Django draws them without)."""
    widget = field.field.widget
    if isinstance(widget, forms.SelectDateWidget):
        words = {"year": pgettext("date", "Year"), "month": pgettext("date", "Month"), "day": pgettext("date", "Day")}
    elif isinstance(widget, (forms.SplitDateTimeWidget, forms.SplitHiddenDateTimeWidget)):
        words = {"0": pgettext("date", "Date"), "1": pgettext("date", "Time")}
    else:
        words = {}
    drawn = []
    for number, part in enumerate(_subwidgets(field), start=1):
        suffix = part["name"].rpartition("_")[2]
        label = words.get(suffix) or _("%(label)s, part %(number)d") % {"label": field.label, "number": number}
        # As Django's own Widget._render: the template escaped what came from outside.
        html = SafeString(field.form.renderer.render(part["template_name"], {"widget": part}))
        drawn.append(Part(part["attrs"]["id"], label, html))
    return drawn


def target(field: BoundField) -> str:
    """The id of the control a line of the summary leads to: of a group, its first control."""
    if field.is_hidden:
        return ""
    if kind(field) == "choices":
        return f"{field.auto_id}_0"
    if kind(field) == "parts":
        return str(_subwidgets(field)[0]["attrs"]["id"])
    return field.id_for_label or field.auto_id


def _number_as_text(field: BoundField) -> dict[str, str]:
    """A number input drops what it cannot read, but what was typed must come back with the error: plain text, number keys on a phone."""
    widget = field.field.widget
    widget.input_type = "text"
    for name in ("min", "max", "step"):
        widget.attrs.pop(name, None)
    whole = isinstance(field.field, forms.IntegerField) and not isinstance(field.field, (forms.FloatField, forms.DecimalField))
    return {"inputmode": "numeric" if whole else "decimal"}


def draw(field: BoundField, *, label: str = "") -> SafeString:
    """The control itself. A file input is also described by our own hint; ``label`` names a control that has no label element."""
    attrs: dict[str, str] = {}
    if isinstance(field.field.widget, forms.NumberInput):
        attrs |= _number_as_text(field)
    if label:
        attrs["aria-label"] = str(label)
    if kind(field) == "file":
        attrs["aria-describedby"] = f"{field.aria_describedby or ''} {field.auto_id}_filehint".strip()
    return field.as_widget(attrs=attrs)


# Django's own complaints do not name what they complain about
UNNAMED = frozenset(
    "invalid min_value max_value step_size min_length max_length invalid_choice invalid_list incomplete max_digits max_decimal_places "
    "max_whole_digits invalid_date invalid_time empty missing contradiction invalid_image invalid_extension invalid_pk_value".split()
)


def _missing(field: BoundField) -> str:
    """What to do about a field that was left empty, naming it."""
    words = {
        "checkbox": _("Please read and tick: %(label)s"),
        "choices": _("Please choose: %(label)s"),
        "file": _("Please choose a file: %(label)s"),
    }
    chosen = _("Please choose: %(label)s") if isinstance(field.field.widget, forms.Select) else _("Please fill in: %(label)s")
    return words.get(kind(field), chosen) % {"label": field.label}


def errors(field: BoundField) -> list[tuple[str, str]]:
    """(words, code) of each error of a field; Django's bare "This field is required." says what to do instead."""
    bare = str(forms.Field.default_error_messages["required"])
    found = []
    for error in field.errors.as_data():
        for text in error.messages:
            found.append((_missing(field) if error.code == "required" and text == bare else text, error.code or ""))
    return found


def _form_lines(form: forms.BaseForm, prefix: str = "") -> Iterator[Line]:
    for text in form.non_field_errors():
        yield Line(f"{prefix}{text}")
    for field in form:
        for text, code in errors(field):
            unnamed = field.is_hidden or (code in UNNAMED and str(field.label) not in text)
            named = _("%(label)s: %(error)s") % {"label": field.label, "error": text} if unnamed else text
            yield Line(f"{prefix}{named}", target(field))


def _problem_line(problem: Any, asked: Iterable[forms.BaseForm]) -> Line:
    name = getattr(problem, "field", "")
    field = next((form[name] for form in asked if name in form.fields), None) if name else None
    if field is not None:
        return Line(str(problem), target(field))
    return Line(str(problem), f"id_{name}" if name in TRANSITION_FIELDS else "")


def summary(things: Iterable[Any]) -> list[Line]:
    """All errors of forms, formsets and problems in words, in the order of the page; a bare string is a line without a link."""
    given = [thing for thing in things if thing]
    asked = [thing for thing in given if isinstance(thing, forms.BaseForm)]
    lines: list[Line] = []
    for thing in given:
        if isinstance(thing, forms.BaseForm):
            lines += _form_lines(thing)
        elif isinstance(thing, BaseFormSet):
            lines += [Line(str(text)) for text in thing.non_form_errors()]
            for number, form in enumerate(thing, start=1):
                lines += _form_lines(form, _("Entry %(number)d: ") % {"number": number})
        elif isinstance(thing, (list, tuple)):
            lines += [_problem_line(problem, asked) for problem in thing]
        else:
            lines.append(_problem_line(thing, asked))
    return lines
