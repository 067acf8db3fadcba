"""The form of the standing body: one kind, or none, for everybody who can sit on it."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import User
from committees.plans.models import SeatKind

_MEMBERS = (SeatKind.PANEL_HEAD, SeatKind.DEPARTMENT, SeatKind.INDUSTRY)


class StandingForm(forms.Form):
    """``people``: (account, words beside the name, whether a member of the committee); ``held``: account → kind."""

    def __init__(self, *args: Any, people: list[tuple[User, str, bool]], held: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = people
        for user, words, member in people:
            kinds = _MEMBERS if member else (SeatKind.DISCIPLINE,)
            self.fields[f"kind_{user.pk}"] = forms.ChoiceField(
                label=user.full_name, help_text=words, required=False, initial=held.get(user.pk, ""),
                choices=[("", _("not on the body")), *((kind.value, capfirst(kind.label)) for kind in kinds)],
            )  # fmt: skip

    def kinds(self) -> dict[int, str]:
        """Account → kind, empty for none."""
        return {user.pk: self.cleaned_data[f"kind_{user.pk}"] for user, _words, _member in self.people}
