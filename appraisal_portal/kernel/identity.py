"""Resident ID numbers (公民身份号码, GB 11643-1999): what is wrong with one, in words; what it says; how it is
shown."""

import dataclasses
import datetime as dt
import re
import unicodedata

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import references

MALE, FEMALE = "male", "female"

_SEPARATORS = re.compile(r"[\s\u200b\u200e\u200f\u202a-\u202e\ufeff-]+")


@dataclasses.dataclass(frozen=True, slots=True)
class IdNumber:
    """What a valid 18-digit number says: region code (6 digits, withdrawn ones included), birth date, gender by the
    17th digit."""

    number: str
    region: str
    birth_date: dt.date
    gender: str


def normalise_id_number(text: str) -> str:
    """NFKC (full-width digits and Ｘ), upper-case X, spaces, hyphens and invisible characters taken out."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()


def id_number_problems(text: str, *, today: dt.date) -> list[str | Promise]:
    """Everything wrong with a resident ID number (after normalising), in words; empty when it is a possible number."""
    number = normalise_id_number(text)
    if re.fullmatch(r"[0-9]{15}", number):
        return [_("This is a 15-digit number of the old kind. Enter the 18-digit number of the present ID card.")]
    if re.fullmatch(r"[0-9]+(\.[0-9]+)?E\+?[0-9]+", number):
        return [
            _(
                "A spreadsheet turned this number into an exponent and lost digits. "
                "Format the cell as text and enter all 18 digits."
            )
        ]
    if len(number) != 18:
        return [_("An ID number has 18 characters; this one has %(length)d.") % {"length": len(number)}]
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return [_("An ID number is 17 digits followed by a digit or X.")]
    problems: list[str | Promise] = []
    if number[0] == "0":
        problems.append(_("The first six digits are a region code; no region code begins with 0."))
    born = _birth_date(number)
    if born is None:
        problems.append(
            _("Digits 7 to 14 are the date of birth, but %(digits)s is not a date.")
            % {"digits": f"{number[6:10]}-{number[10:12]}-{number[12:14]}"}
        )
    elif born > today:
        problems.append(_("Digits 7 to 14 give a date of birth in the future (%(day)s).") % {"day": born.isoformat()})
    elif born.year < 1900:
        problems.append(_("Digits 7 to 14 give a date of birth before 1900 (%(day)s).") % {"day": born.isoformat()})
    if not references.has_valid_check(number):
        problems.append(
            _(
                "The last character does not fit the other 17: one digit is wrong or two are swapped. "
                "Compare with the ID card."
            )
        )
    return problems


def _birth_date(number: str) -> dt.date | None:
    try:
        return dt.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def parse_id_number(text: str) -> IdNumber:
    """Read a valid number. Raises ValueError when it is none (ask `id_number_problems` for the words)."""
    number = normalise_id_number(text)
    if not re.fullmatch(r"[1-9][0-9]{16}[0-9X]", number) or not references.has_valid_check(number):
        raise ValueError("not a valid resident ID number")
    born = _birth_date(number)
    if born is None:
        raise ValueError("not a valid resident ID number")
    return IdNumber(number, number[:6], born, MALE if int(number[16]) % 2 else FEMALE)


def contradictions(text: str, *, birth_date: dt.date | None = None, gender: str | None = None) -> list[str | Promise]:
    """Where typed birth date or gender (`"male"`/`"female"`) contradict a valid number, naming both."""
    facts = parse_id_number(text)
    problems: list[str | Promise] = []
    if birth_date is not None and birth_date != facts.birth_date:
        problems.append(
            _("The date of birth is %(typed)s, but the ID number says %(number)s.")
            % {"typed": birth_date.isoformat(), "number": facts.birth_date.isoformat()}
        )
    if gender is not None and gender != facts.gender:
        words = _("The 17th digit of the ID number is odd, which means male; the form says otherwise.")
        if facts.gender == FEMALE:
            words = _("The 17th digit of the ID number is even, which means female; the form says otherwise.")
        problems.append(words)
    return problems


def mask(number: str) -> str:
    """How a document number is shown: `331124********0013`; shorter or foreign ones keep a quarter at each end."""
    if len(number) == 18:
        return f"{number[:6]}{'*' * 8}{number[-4:]}"
    keep = min(3, len(number) // 4)
    return number[:keep] + "*" * (len(number) - 2 * keep) + number[len(number) - keep :]
