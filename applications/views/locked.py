"""Pages of the form under a correction slip: only what it names can be written, the rest is shown read-only."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from applications.models.content import WAY_FIELDS
from applications.rules.comparison import name_of
from applications.rules.corrections import NEW, Opening
from applications.rules.words import SECTIONS
from applications.views.sections import Page
from appraisal_portal.kernel.workflow import Problem

_KEYS = {"work_history": "work-", "trainings": "training-"}  # two lists on one page
_UNSEEN = ("id", "token")  # hidden controls of a row: they say which row it is


def _forms(page: Page) -> Iterator[tuple[str, Any]]:
    """(key of the row, form) for every form on the page; the key of a block of fields is empty."""
    for part in page.parts():
        if "formset" in part:
            formset = part["formset"]
            prefix = _KEYS.get(formset.prefix, "")
            for form in formset.forms:
                yield (f"{prefix}{form.instance.pk}" if form.instance.pk else NEW), form
        elif "key" in part:
            yield part["key"], part["form"]
        elif "year" in part:
            yield (str(part["form"].instance.pk) if part["form"].instance.pk else NEW), part["form"]
        else:
            yield "", part["form"]


def _is_open(opening: Opening, section: str, key: str, name: str) -> bool:
    if section in opening.codes or name in _UNSEEN:
        return True
    if section == "photo":
        return False
    if section == "attachments":
        return opening.whole(section, name.removeprefix("file_"))
    if name == "DELETE":
        return opening.whole(section, key)
    said = "files" if name == "proof" else name
    if section == "relief" and said == "claimed":
        return opening.whole(section, key)
    if section == "way" and said != "files" and not any(said in fields for fields in WAY_FIELDS.values()):
        said = "experts" if key else "exam"
    return opening.field(section, "" if section == "way" else key, said)


def _place(form: Any, key: str, name: str) -> tuple[str, str]:
    """Row and field a control writes; a form of the standard's own parts knows it itself."""
    return form.place(name) if hasattr(form, "place") else (key, name)


def _touched(form: Any, name: str, field: forms.Field) -> bool:
    """Whether the request tries to write this field: sent, and with another value than it has."""
    if not form.is_bound:
        return False
    at = form.add_prefix(name)
    if at not in form.data and at not in form.files:
        return False
    sent = field.widget.value_from_datadict(form.data, form.files, at)
    return bool(field.has_changed(form.get_initial_for_field(field, name), sent))


def lock(page: Page, section: str, opening: Opening) -> list[Problem]:
    """Make everything read-only that is not open; returns by name what the request tried to write all the same.

    The content is compared once more when it is saved (``services.drafts.save_section``).
    """
    if section in opening.codes:
        return []
    for part in page.parts():
        if "formset" in part and not part["formset"].is_bound and not opening.further(section):
            part["formset"].__dict__.pop("forms", None)
            part["formset"].extra = 0
    problems = []
    for key, form in _forms(page):
        places = {name: _place(form, key, name) for name in form.fields}
        shut = [
            name for name, (row, said) in places.items()
            if not _is_open(opening, section, opening.named(section, row), said)
        ]  # fmt: skip
        for name in shut:
            if _touched(form, name, form.fields[name]):
                problems.append(_not_asked(section, form, key, name))
            form.fields[name].disabled = True
        form.locked = len(shut) == len([name for name in form.fields if name not in _UNSEEN])
        form.files_locked = form.locked or any(places[name][1] in ("proof", "files") for name in shut)
    return problems


def _not_asked(section: str, form: Any, key: str, name: str) -> Problem:
    instance = getattr(form, "instance", None)  # the forms of files and of the standard's own parts have none
    row = {each: getattr(instance, each, "") for each in ("title", "name", "school", "unit_name", "year")}
    if key == NEW:
        what = _("{section}: a further entry").format(section=SECTIONS[section])
    else:
        what = name_of(section, row if key else None)
    label = str(form.fields[name].label or "")
    words = _("“{item}” was not asked for and cannot be changed. Nothing has been saved.")
    return Problem(words.format(item=_("{section}: {what}").format(section=what, what=label)), field=name)
