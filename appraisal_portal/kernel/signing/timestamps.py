"""Time stamps (RFC 3161) of the authority the settings name, believed only when its certificate leads to the root they
name."""

import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from asn1crypto import cms, pem, tsp, x509
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError
from pyhanko.sign.validation.generic_cms import validate_tst_signed_data
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import ValidationError

MOST = 64 * 1024
"""Octets of an answer; tokens have some 6,000."""


class TimeStampMissing(RuntimeError):
    """No time stamp that can be believed; the text says why, in words."""


class Authority(TimeStamper):
    """Asks over HTTP and gives up after ``PORTAL_TSA_SECONDS``."""

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """The answer, not judged yet."""
        url = settings.PORTAL_TSA_URL
        asked = urllib.request.Request(  # noqa: S310 - the operator's own address, http or https (env.py)
            url, data=req.dump(), headers={"Content-Type": "application/timestamp-query"}
        )
        try:
            with urllib.request.urlopen(asked, timeout=settings.PORTAL_TSA_SECONDS) as answer:  # noqa: S310
                said = answer.read(MOST)
        except (urllib.error.URLError, OSError) as error:
            raise TimeStampMissing(_("The time-stamp authority does not answer.")) from error
        try:
            found = tsp.TimeStampResp.load(said)
            found.native  # noqa: B018  parse all of it now
        except (ValueError, TypeError) as error:
            raise TimeStampMissing(_("The time-stamp authority gave no time stamp.")) from error
        return found

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """The token, of whom we believe and over what we asked for."""
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            told = await validate_tst_signed_data(
                token["content"],
                ValidationContext(trust_roots=_roots(), allow_fetching=False),
                lambda algorithm: message_digest if algorithm == md_algorithm else b"",
            )
        except TimestampRequestError as error:
            raise TimeStampMissing(_("The time-stamp authority gave no time stamp.")) from error
        except (ValidationError, ValueError) as error:
            raise TimeStampMissing(_("The time stamp is not of the authority that is set up.")) from error
        status = TimestampSignatureStatus(**told)
        if not (status.intact and status.valid and status.trusted):
            raise TimeStampMissing(_("The time stamp is not of the authority that is set up."))
        return token


def _roots() -> list[Any]:
    try:
        data = Path(settings.PORTAL_TSA_ROOTS).read_bytes()
        return [x509.Certificate.load(der) for _type, _headers, der in pem.unarmor(data, multiple=True)]
    except (OSError, ValueError) as error:
        raise TimeStampMissing(_("The certificates of the time-stamp authority cannot be read.")) from error
