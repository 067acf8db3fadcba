"""Telephone numbers as pages may show them (document numbers: ``identity.mask``), and both inside a text."""

import re

from . import identity

# An identity number with its check character, a mobile number: neither as part of a longer number (a patent's).
_NUMBERS = re.compile(r"(?<![0-9A-Za-z])(?:[1-9][0-9]{16}[0-9Xx]|1[3-9][0-9]{9})(?![0-9A-Za-z])")


def mask_phone(number: str | None) -> str:
    """``138****0013``: the first three and the last four digits; of a short number only the last two."""
    text = str(number or "").strip()
    if len(text) >= 11:
        return f"{text[:-8]}****{text[-4:]}"
    return "*" * max(len(text) - 2, 0) + text[-2:]


def mask_in(text: str) -> str:
    """A text of people with the identity and mobile numbers in it masked (R-32); other numbers stay."""
    return _NUMBERS.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    number = found.group()
    if len(number) == 11:
        return mask_phone(number)
    try:
        identity.parse_id_number(number)
    except ValueError:
        return number
    return identity.mask(number)
