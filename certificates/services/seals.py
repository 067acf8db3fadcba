"""The seal picture certificates are printed with."""

from typing import Any

from django.conf import settings
from django.db import transaction

from appraisal_portal.kernel import files
from certificates.models import Seal
from certificates.workflow import SEAL


@transaction.atomic
def propose(*, label: str, picture: Any, user: Any, address: str | None = None) -> Seal:
    """Check the picture, keep it and propose it. Raises UploadRefused, or Refused, with every reason; nothing is
    kept then."""
    least, most = settings.PORTAL_SEAL_PIXELS
    seal = Seal(label=label, picture=files.accept_picture(picture, owner=user, least=least, most=most))
    SEAL.fire(seal, "propose", actor=user, address=address)
    return seal


def in_use() -> Seal | None:
    """The one that is printed now; None: the neutral mark is."""
    return Seal.objects.filter(status=Seal.Status.IN_USE).select_related("picture").first()


def named(seal: Seal | None) -> dict[str, str]:
    """What a snapshot says of it."""
    return {"seal": str(seal.pk)} if seal else {}


def picture_of(seal: Seal | None) -> bytes | None:
    """Its picture. Raises DamagedFile: then nothing is printed without it."""
    return files.open_upload(seal.picture) if seal else None


def printed_on(snapshot: dict[str, str]) -> Seal | None:
    """The one a sheet was printed with."""
    return Seal.objects.select_related("picture").get(pk=snapshot["seal"]) if "seal" in snapshot else None
