"""The electronic seal of a unit: proposed with its two files; which one is in use."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.conf import settings
from django.db import transaction

from appraisal_portal.accounts.models import Organisation, UnitSeal
from appraisal_portal.accounts.workflow import UNIT_SEAL
from appraisal_portal.kernel import files, stamp
from appraisal_portal.kernel.models import Upload
from appraisal_portal.kernel.workflow import Blocked, Problem


@transaction.atomic
def propose(unit: Organisation, *, picture: Any, authorisation: Any, user: Any, address: str | None = None) -> UnitSeal:
    """Check both files, keep them and propose the seal. Raises Refused with every reason; nothing is kept then."""
    least, most = settings.PORTAL_UNIT_SEAL_PIXELS
    faults = partial(stamp.faults, ratio=settings.PORTAL_UNIT_SEAL_RATIO)
    taken: dict[str, Callable[[], Upload]] = {
        "picture": partial(files.accept_picture, picture, owner=user, least=least, most=most, faults=faults),
        "authorisation": partial(files.accept_upload, authorisation, owner=user),
    }
    kept, problems = {}, []
    for field, take in taken.items():
        try:
            kept[field] = take()
        except files.UploadRefused as error:
            problems += [Problem(text, field=field) for text in error.problems]
    if problems:
        raise Blocked(*problems)
    seal = UnitSeal(unit=unit, **kept)
    UNIT_SEAL.fire(seal, "propose", actor=user, address=address)
    return seal


def seal_of(unit: int) -> UnitSeal | None:
    """The seal the unit uses now, None without one."""
    found: UnitSeal | None = UnitSeal.objects.in_use().filter(unit=unit).select_related("picture", "unit").first()
    return found
