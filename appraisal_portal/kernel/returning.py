"""Sending something back (退回): what is wrong is said item by item, so that whoever mends it misses none."""

from collections.abc import Iterable
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import HTML, Fieldset, Layout
from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as _

MOST = 300  # characters of a line
LISTED = 500  # people who get a line each


def by_place(people: Iterable[tuple[Any, int, str]]) -> list[tuple[Any, ...]]:
    """People of a list as key, place and name: in the reason by their place, on the page with the name too, for not
    everybody who reads the reason may know whom it is about. Nobody goes down a page of many hundred lines: of a list
    that long the reason names the places in its text."""
    words = _("No. {place} of the list")
    found = [(key, words.format(place=place), name) for key, place, name in people]
    return found if len(found) <= LISTED else []


class ReturnForm(forms.Form):
    """One line for each of ``obj.return_items()``, and what concerns the whole. All that was said becomes the reason of
    the transition, a line an item: records, message and page show it as it was written. An item is its key and what it
    is called there; a third word stands on this page only (a name, where not every reader of the reason may know it).
    """

    def __init__(self, *args: Any, obj: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.items: dict[str, str] = {}
        for key, label, *here in obj.return_items():
            name = f"item-{key}"
            self.items[name] = str(label)
            words = " · ".join([str(label), *map(str, here)])
            self.fields[name] = forms.CharField(label=words, max_length=MOST, required=False)
        self.fields["reason"] = forms.CharField(
            label=_("What concerns the whole"),
            required=False,
            max_length=2000,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text=_(
                "It stays in the records and is told to whoever it concerns. Say what is wrong and what to do next."
            ),
        )
        self.helper = FormHelper()
        self.helper.form_tag = False
        hint = _("Write beside each item what is wrong with it; leave empty what is in order.")
        lines = (HTML(format_html('<p class="hint">{}</p>', hint)), *self.items) if self.items else ()
        self.helper.layout = Layout(*([Fieldset(_("Item by item"), *lines)] if lines else []), "reason")

    def clean(self) -> dict[str, Any]:
        """The one reason; nothing said at all sends nothing back."""
        given = super().clean() or {}
        said = [f"{label}{_(': ')}{given[name]}" for name, label in self.items.items() if given.get(name)]
        whole = "\n".join([*said, *filter(None, [given.get("reason", "").strip()])])
        if not whole and not self.errors:
            self.add_error("reason", _("Please give the reason."))
        return {"reason": whole}
