"""Fields with the widgets all forms of this app use."""

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class DayField(forms.DateField):
    """A day, typed or picked; ISO form only, so that nobody's 3/4 becomes the 4th of March."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "w10"}))
        kwargs.setdefault("input_formats", ["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"])
        kwargs.setdefault("error_messages", {"invalid": _("Write the day like 2026-03-01.")})
        super().__init__(**kwargs)


class MonthField(forms.DateField):
    """A month, kept as its first day."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m", attrs={"class": "w10"}))
        kwargs.setdefault("input_formats", ["%Y-%m", "%Y-%m-%d"])
        kwargs.setdefault("error_messages", {"invalid": _("Write the month like 2026-11.")})
        kwargs.setdefault("help_text", _("For example 2026-11."))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> dt.date | None:
        """The first day of the month."""
        day = super().to_python(value)
        return day.replace(day=1) if day else None


class LinesField(forms.CharField):
    """Several short texts, one a line; empty lines fall away."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 6}))
        kwargs.setdefault("required", False)
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        """The lines, each once, in order."""
        text = super().to_python(value)
        return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))

    def prepare_value(self, value: Any) -> Any:
        """Lines as text."""
        return "\n".join(value) if isinstance(value, list) else value

    def validate(self, value: Any) -> None:
        """Required means at least one line."""
        if self.required and not value:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def run_validators(self, value: Any) -> None:
        """Each line by itself."""
        for line in value:
            super().run_validators(line)
