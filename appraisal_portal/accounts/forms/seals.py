"""The form of a unit's electronic seal."""

from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import stamp, uploads
from appraisal_portal.kernel.widgets import UploadField


def _seal_in(file: Any) -> Any:
    """The picture of a seal. Raises UploadRefused with every reason."""
    faults = partial(stamp.faults, ratio=settings.PORTAL_UNIT_SEAL_RATIO)
    return uploads.picture_in(file, least=settings.PORTAL_UNIT_SEAL_PIXELS[0], faults=faults)


class UnitSealForm(forms.Form):
    """The picture, and the paper that says it is the unit's seal."""

    picture = UploadField(
        label=_("Picture of the seal (PNG or JPEG, at most 2 MB)"),
        help_text=_(
            "Scanned from white paper, or exported from the seal system: the whole seal with a narrow white or "
            "transparent margin, nothing else, each side at least 300 pixels."
        ),
        error_messages={"required": _("Choose the picture of the seal.")},
        check=_seal_in,
    )
    authorisation = UploadField(
        label=_("Scan of the sealed authorisation (PDF, JPEG or PNG, at most 10 MB)"),
        help_text=_("The paper above, printed, signed by the legal representative and sealed with this seal."),
        error_messages={"required": _("Choose the scan of the sealed authorisation.")},
    )

    def given(self) -> dict[str, Any]:
        """By the names :func:`accounts.services.seals.propose` takes."""
        return {name: self.cleaned_data[name] for name in self.fields}
