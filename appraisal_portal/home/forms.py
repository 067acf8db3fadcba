"""The question of the search."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SearchForm(forms.Form):
    """A few words, asked by GET; nothing is stored."""

    q = forms.CharField(
        label=_("Words"),
        max_length=60,
        help_text=_("Parts of words are found too. People cannot be searched for."),
        error_messages={"required": _("Write at least one word.")},
        widget=forms.TextInput(attrs={"type": "search", "class": "w20"}),
    )
