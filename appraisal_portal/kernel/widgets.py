"""Where form widgets take their templates: the portal's own first, then Django's."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.forms.renderers import DjangoTemplates
from django.utils.functional import cached_property


class WidgetTemplates(DjangoTemplates):
    """Django's renderer with ``templates/django/forms`` before its own: an empty choice says “请选择”, because a row of
    dashes says nothing to a screen reader."""

    @cached_property
    def engine(self) -> Any:
        """The template engine of the widgets."""
        own: Any = settings.TEMPLATES[0]["DIRS"]
        django = Path(forms.__file__).parent / str(self.backend.app_dirname)
        return self.backend({"APP_DIRS": True, "DIRS": [*own, django], "NAME": "widgets", "OPTIONS": {}})
