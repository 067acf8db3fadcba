"""Questions the form templates ask about a bound field: kind of control, its parts, its errors, the summary's links."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.forms.formsets import BaseFormSet
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from . import alive, kept
from .uploads import clean_filename
from .widgets import UploadField, kept_name

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
    """One of "choices" (radio buttons, several ticks), "parts" (several controls), "checkbox", "file", "plain"."""
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
    """A number input drops what it cannot read, but what was typed must come back: plain text,
    number keys on a phone."""
    widget = field.field.widget
    widget.input_type = "text"
    for name in ("min", "max", "step"):
        widget.attrs.pop(name, None)
    parted = isinstance(field.field, (forms.FloatField, forms.DecimalField))
    return {"inputmode": "decimal" if parted else "numeric"}


def draw(field: BoundField, *, label: str = "") -> SafeString:
    """The control itself; a file input is also described by our own hint, and followed by what is kept for it.
    ``label`` names one without a label element."""
    attrs: dict[str, str | bool] = {}
    if isinstance(field.field.widget, forms.NumberInput):
        attrs |= _number_as_text(field)
    if label:
        attrs["aria-label"] = str(label)
    if kind(field) != "file":
        return field.as_widget(attrs=attrs)
    attrs["aria-describedby"] = f"{field.aria_describedby or ''} {field.auto_id}_filehint".strip()
    if asks := alive.address():
        attrs["data-session"] = asks
    waiting = _kept(field)
    if waiting:
        attrs["required"] = False  # the browser does not know that there is one already
    several = field.field.widget.allow_multiple_selected
    context = {"files": waiting, "name": kept_name(field.html_name), "id": field.auto_id, "several": several}
    return format_html("{}{}", field.as_widget(attrs=attrs), render_to_string("portal/kept_files.html", context))


def _kept(field: BoundField) -> list[dict[str, Any]]:
    """The good files of a refused page: each with the key under which it waits for the next try, empty when there is
    no room for it."""
    asked = field.field
    if not (isinstance(asked, UploadField) and asked.keeps and field.form.is_bound and not asked.disabled):
        return []
    good = asked.good(field.data, faulty=bool(field.errors))
    return [
        {"name": clean_filename(file.name), "size": file.size, "key": kept.keep(file, asked.largest)} for file in good
    ]


# Django's own complaints do not name what they complain about
UNNAMED = frozenset(
    {
        *("invalid", "invalid_choice", "invalid_list", "invalid_date", "invalid_time", "invalid_pk_value"),
        *("min_value", "max_value", "step_size", "min_length", "max_length", "incomplete"),
        *("max_digits", "max_decimal_places", "max_whole_digits"),
        *("empty", "missing", "contradiction", "invalid_image", "invalid_extension"),
    }
)


def _missing(field: BoundField) -> str:
    """What to do about a field that was left empty, naming it."""
    of_kind = kind(field)
    if of_kind == "checkbox":
        words = _("Please read and tick: %(label)s")
    elif of_kind == "file":
        words = _("Please choose a file: %(label)s")
    elif of_kind == "choices" or isinstance(field.field.widget, forms.Select):
        asks = str(field.label).endswith(("?", "？"))
        words = _("Please answer: %(label)s") if asks else _("Please choose: %(label)s")
    else:
        words = _("Please fill in: %(label)s")
    return words % {"label": field.label}


def _plain(field: BoundField, error: ValidationError) -> str:
    """Django's stock messages in our words: what to do, how far off; empty for messages written for this portal."""
    if error.code == "required" and str(error.message) == str(forms.Field.default_error_messages["required"]):
        return _missing(field)
    if error.code == "min_value":
        stock: type[validators.BaseValidator] = validators.MinValueValidator
        words = _("At least %(limit_value)s is needed (you entered %(show_value)s)")
    elif error.code == "max_value":
        stock = validators.MaxValueValidator
        words = _("At most %(limit_value)s is allowed (you entered %(show_value)s)")
    else:
        return ""
    return words % error.params if error.params and str(error.message) == str(stock.message) else ""


def errors(field: BoundField) -> list[tuple[str, str]]:
    """(words, code) of each error of a field, Django's stock messages put plainly."""
    return [
        (_plain(field, error) or text, error.code or "") for error in field.errors.as_data() for text in error.messages
    ]


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


def _each(thing: Any) -> Iterable[Any]:
    """Forms that come in a list are asked one by one."""
    several = isinstance(thing, list) and thing and all(isinstance(one, forms.BaseForm) for one in thing)
    return thing if several else [thing]


def summary(things: Iterable[Any]) -> list[Line]:
    """All errors of forms, formsets and problems in words, in the order of the page;
    a bare string is a line without a link. A form says by ``about`` whom it is about, where there are several."""
    given = [thing for several in things for thing in _each(several) if thing]
    asked = [thing for thing in given if isinstance(thing, forms.BaseForm)]
    lines: list[Line] = []
    for thing in given:
        if isinstance(thing, forms.BaseForm):
            about = getattr(thing, "about", "")
            lines += _form_lines(thing, _("%(label)s: %(error)s") % {"label": about, "error": ""} if about else "")
        elif isinstance(thing, BaseFormSet):
            lines += [Line(str(text)) for text in thing.non_form_errors()]
            for number, form in enumerate(thing, start=1):
                lines += _form_lines(form, _("Entry %(number)d: ") % {"number": number})
        elif isinstance(thing, (list, tuple)):
            lines += [_problem_line(problem, asked) for problem in thing]
        else:
            lines.append(_problem_line(thing, asked))
    return lines
