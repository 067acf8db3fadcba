"""Forms of the register of paper originals."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.translation import gettext_lazy as _

from applications.rules.originals import read_items
from appraisal_portal.kernel import clock
from committees.plans.forms.fields import DayField, LinesField


class _HandOverForm(forms.Form):
    """The other side and the day."""

    other = forms.CharField(label=_("Handed over by"), max_length=50, widget=forms.TextInput(attrs={"class": "w20"}))
    handed_on = DayField(label=_("Day of the hand-over"))

    def __init__(self, *args: Any, obj: Any = None, user: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handed_on"].initial = clock.today()
        self.helper = FormHelper()
        self.helper.form_tag = False


class ReceiveForm(_HandOverForm):
    """Who gave the originals; the receiver is whoever is logged in."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].help_text = _("The person who brought them. You receive them in your own name.")


class GiveBackForm(_HandOverForm):
    """Who took the originals."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["other"].label = _("Received by")
        self.fields["other"].help_text = _("The person concerned, or whoever came with a letter of authority.")


class TakeInForm(_HandOverForm):
    """What was handed in, by whom, on which day."""

    items = LinesField(
        label=_("Originals"),
        required=True,
        help_text=_("One original a line; more than one copy is written with ×, for example: diploma ×2."),
    )
    field_order = ("items", "other", "handed_on")

    def clean_items(self) -> list[dict[str, Any]]:
        """Text and copies of each."""
        return read_items(self.cleaned_data["items"])
