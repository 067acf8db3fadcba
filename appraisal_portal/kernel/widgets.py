"""Where form widgets take their templates: the portal's own first, then Django's. Controls for a
file and for several."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates
from django.utils.functional import cached_property
from django.utils.html import escape
from django.utils.safestring import SafeData, SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from appraisal_portal.kernel import kept
from appraisal_portal.kernel.uploads import UploadRefused, attachment_in, clean_filename, same_file

_FOLDER = "django/forms/widgets"
_INPUTS = frozenset(
    f"{_FOLDER}/{name}.html"
    for name in (
        "input", "text", "number", "email", "url", "tel", "search", "color", "password", "hidden", "date", "datetime",
        "time", "file", "checkbox",
    )
)  # fmt: skip
"""Widgets Django draws as one ``<input>`` with its attributes."""
EMPTY_CHOICE = "---------"
"""What Django writes for no choice."""


def _said(value: Any) -> str:
    """As the templates write a value."""
    return str(value if isinstance(value, SafeData) else escape(str(value)))


def _attributes(attrs: dict[str, Any]) -> str:
    kept = ((_said(name), value) for name, value in attrs.items() if value is not False)
    return "".join(f" {name}" if value is True else f' {name}="{_said(value)}"' for name, value in kept)


def _input(widget: dict[str, Any]) -> str:
    value = "" if widget["value"] is None else f' value="{_said(widget["value"])}"'
    kind, name = _said(widget["type"]), _said(widget["name"])
    return f'<input type="{kind}" name="{name}"{value}{_attributes(widget["attrs"])}>'


def _textarea(widget: dict[str, Any]) -> str:
    value = _said(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{_said(widget["name"])}"{_attributes(widget["attrs"])}>\n{value}</textarea>'


def _select(widget: dict[str, Any]) -> str:
    drawn = [f'<select name="{_said(widget["name"])}"{_attributes(widget["attrs"])}>']
    for group, options, _place in widget["optgroups"]:
        drawn += [f'  <optgroup label="{capfirst(_said(group))}">'] if group else []
        drawn += [f"  {_option(option)}" for option in options]
        drawn += ["  </optgroup>"] if group else []
    return "\n".join([*drawn, "</select>"])


def _option(widget: dict[str, Any]) -> str:
    label = capfirst(_said(_("Please choose") if widget["label"] == EMPTY_CHOICE else widget["label"]))
    return f'<option value="{_said(widget["value"])}"{_attributes(widget["attrs"])}>{label}</option>'


_DRAWN = {**dict.fromkeys(_INPUTS, _input), f"{_FOLDER}/textarea.html": _textarea, f"{_FOLDER}/select.html": _select}


class WidgetTemplates(DjangoTemplates):
    """Django's renderer with ``templates/django/forms`` before its own: an empty choice says “请选择”, because a row of
    dashes says nothing to a screen reader. The kinds of controls a form has most of are written here, as the
    templates would (tests/kernel/test_widgets.py): two templates for each control were a quarter of a long form.
    """

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> SafeString:
        """The HTML of a widget."""
        draw = _DRAWN.get(template_name)
        if draw is None:
            return mark_safe(super().render(template_name, context, request))  # noqa: S308 - it came from a template
        return mark_safe(draw(context["widget"]))  # noqa: S308 - every value escaped above

    @cached_property
    def engine(self) -> Any:
        """The template engine of the widgets."""
        own: Any = settings.TEMPLATES[0]["DIRS"]
        django = Path(forms.__file__).parent / str(self.backend.app_dirname)
        return self.backend({"APP_DIRS": True, "DIRS": [*own, django], "NAME": "widgets", "OPTIONS": {}})


class UploadInput(forms.FileInput):
    """A control that takes a file, or several. What a refused page kept of the last try is posted beside it as keys,
    unless its box was unticked (``kernel/kept.py``)."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The file chosen now, else the one kept; of several both."""
        sent = super().value_from_datadict(data, files, name)
        several = self.allow_multiple_selected
        if sent and not several:
            return sent
        key = kept_name(name)
        keys = data.getlist(key) if hasattr(data, "getlist") else filter(None, [data.get(key)])
        found: list[Any] = [kept.opened(one) for one in dict.fromkeys(keys)]
        if not several:
            return found[0] if found else sent
        for file in sent or ():  # whoever does not trust the box chooses the same one again
            if not any(same_file(file, there) for there in found):
                found.append(file)
        return found

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether there is neither a file nor a key."""
        return super().value_omitted_from_data(data, files, name) and kept_name(name) not in data


class SeveralFiles(UploadInput):
    """One control that takes several files."""

    allow_multiple_selected = True


def kept_name(control: str) -> str:
    """Under which name the keys of kept files are posted."""
    return f"{control}-kept"


class UploadField(forms.FileField):
    """A file of whoever fills in the form. What is wrong with it names it: many pages have more than one.

    ``check``: reads what is in it, or raises UploadRefused; None where the view reads it. ``keeps``: whether a good
    file waits for the next try when the page is refused. ``largest``: how many bytes its view takes.
    """

    widget = UploadInput

    def __init__(
        self, *, check: Callable[[Any], Any] | None = attachment_in, keeps: bool = True,
        largest: int = settings.PORTAL_ATTACHMENT_BYTES, **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(**kwargs)
        self.check, self.keeps, self.largest = check, keeps, largest

    def to_python(self, data: Any) -> Any:
        """As Django's, but an empty file is told by its name, and a bad one refused with every reason."""
        if isinstance(data, kept.Gone):
            raise ValidationError(_("A file that you had sent before is not kept any more. Choose it again."))
        if data not in self.empty_values and not data.size:
            words = _("%(name)s is empty. Choose the file again.")
            raise ValidationError(words % {"name": clean_filename(data.name)}, code="empty")
        file = super().to_python(data)
        if file and self.check:
            try:
                self.check(file)
            except UploadRefused as refused:
                raise ValidationError([str(problem) for problem in refused.problems]) from refused
        return file

    def good(self, value: Any, *, faulty: bool) -> list[Any]:
        """Which files of a refused page are good; ``faulty``: something is wrong at this very control."""
        return [] if faulty or not value or getattr(value, "refused", False) else [value]


class FilesField(UploadField):
    """Several files at once; cleans to a list, empty when there is none. ``limit``: how many are taken."""

    widget = SeveralFiles

    def __init__(self, *, limit: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.limit = limit

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each file by the rules of one, every bad one told; more than the limit are refused as a whole."""
        sent = list(data or [])
        if len(sent) > self.limit:
            raise ValidationError(
                _("You chose %(n)d files; at most %(limit)d can be sent.") % {"n": len(sent), "limit": self.limit}
            )
        if not sent:
            return [] if not self.required else super().clean(None)
        taken, wrong = [], []
        for one in sent:
            try:
                taken.append(super().clean(one, initial))
            except ValidationError as error:
                wrong.append(error)
        if wrong:
            raise ValidationError(wrong)
        return taken

    def good(self, value: Any, *, faulty: bool) -> list[Any]:
        """Each that was not refused itself: what is wrong may be another one, or their number."""
        return [file for one in value or () for file in super(FilesField, self).good(one, faulty=not one.size)]
