"""Forms of bans after falsification."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class HearForm(forms.Form):
    """The statement of the person concerned and the evidence."""

    statement = forms.CharField(
        label=_("Statement of the person"), widget=forms.Textarea(attrs={"rows": 5}), max_length=4000, required=False
    )
    statement_refused = forms.BooleanField(label=_("The person refused a statement"), required=False)
    evidence = forms.CharField(label=_("Evidence"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)

    def __init__(self, *args: Any, obj: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
