"""Where form widgets take their templates: the portal's own first, then Django's. Controls for a
file and for several."""

from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from appraisal_portal.kernel.files import clean_filename


class WidgetTemplates(DjangoTemplates):
    """Django's renderer with ``templates/django/forms`` before its own: an empty choice says “请选择”, because a row of
    dashes says nothing to a screen reader."""

    @cached_property
    def engine(self) -> Any:
        """The template engine of the widgets."""
        own: Any = settings.TEMPLATES[0]["DIRS"]
        django = Path(forms.__file__).parent / str(self.backend.app_dirname)
        return self.backend({"APP_DIRS": True, "DIRS": [*own, django], "NAME": "widgets", "OPTIONS": {}})


class UploadField(forms.FileField):
    """A file of whoever fills in the form. What is wrong with it names it: many pages have more than one."""

    def to_python(self, data: Any) -> Any:
        """As Django's, but an empty file is told by its name."""
        if data not in self.empty_values and not data.size:
            words = _("%(name)s is empty. Choose the file again.")
            raise ValidationError(words % {"name": clean_filename(data.name)}, code="empty")
        return super().to_python(data)


class SeveralFiles(forms.FileInput):
    """One control that takes several files."""

    allow_multiple_selected = True


class FilesField(UploadField):
    """Several files at once; cleans to a list, empty when there is none. ``limit``: how many are taken."""

    widget = SeveralFiles

    def __init__(self, *, limit: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.limit = limit

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Each file by the rules of one; more than the limit are refused as a whole."""
        sent = list(data or [])
        if len(sent) > self.limit:
            raise ValidationError(
                _("You chose %(n)d files; at most %(limit)d can be sent.") % {"n": len(sent), "limit": self.limit}
            )
        single = super().clean
        return [single(one, initial) for one in sent] if sent else ([] if not self.required else single(None))
