"""Pure rules: what is wrong with a role, a person's data, a password. Each returns every problem in words."""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from appraisal_portal.accounts.models import Membership, Organisation, Person
from appraisal_portal.kernel import clock, identity, names
from appraisal_portal.kernel.workflow import Problem

Role, Kind = Membership.Role, Organisation.Kind

PLACES: dict[str, tuple[str, ...]] = {
    Role.APPLICANT: (),
    Role.UNIT_CLERK: (Kind.UNIT, Kind.AGENCY),
    Role.UNIT_HEAD: (Kind.UNIT, Kind.AGENCY),
    Role.FORWARDER: (Kind.COUNTY_BUREAU, Kind.COMPETENT_DEPARTMENT),
    Role.OFFICE_CLERK: (Kind.COMMITTEE_OFFICE,),
    Role.COMMITTEE_DIRECTOR: (Kind.COMMITTEE_OFFICE,),
    Role.JUROR: (Kind.COMMITTEE_OFFICE,),
    Role.OBSERVER: (Kind.DISCIPLINE,),
    Role.BUREAU_REVIEWER: (Kind.CITY_BUREAU,),
    Role.BUREAU_APPROVER: (Kind.CITY_BUREAU,),
    Role.SUPERVISOR: (Kind.CITY_BUREAU, Kind.DISCIPLINE),
    Role.OPERATOR: (Kind.CITY_BUREAU,),
}
"""In which kinds of organisation a role can be held; the applicant's belongs to nobody."""


def _overlap(a: Membership, b: Membership) -> bool:
    far = dt.date.max
    return a.starts_on <= (b.ends_on or far) and b.starts_on <= (a.ends_on or far)


_SIDES = (Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER)


def _substitute_problems(row: Membership, held: Membership) -> Iterator[Problem]:
    """A substitute has a last day, within the days of whom they stand in for, who is somebody else."""
    if row.ends_on is None:
        yield Problem(_("A substitute has a last day."), field="ends_on")
    elif row.starts_on < held.starts_on or (held.ends_on is not None and row.ends_on > held.ends_on):
        yield Problem(_("{name} does not hold this role on all these days.").format(name=held.user), field="ends_on")
    if held.user_id == row.user_id:
        yield Problem(_("Nobody stands in for themselves."), field="instead_of")


def membership_problems(row: Membership, others: Iterable[Membership]) -> list[Problem]:
    """Everything that stops a new role: place, dates, the same role twice, operator beside another role."""
    found: list[Problem] = []
    kinds = PLACES[row.role]
    if kinds and (row.organisation is None or row.organisation.kind not in kinds):
        words = _(", ").join(str(Kind(kind).label) for kind in kinds)
        found.append(Problem(_("This role is held in: {kinds}.").format(kinds=words), field="organisation"))
    if not kinds and row.organisation is not None:
        found.append(Problem(_("This role belongs to no organisation."), field="organisation"))
    if row.ends_on is not None and row.ends_on < row.starts_on:
        found.append(Problem(_("The last day lies before the first."), field="ends_on"))
        return found
    meeting = [o for o in others if o.pk != row.pk and o.withdrawn_at is None and _overlap(row, o)]
    if any(other.role == row.role and other.organisation_id == row.organisation_id for other in meeting):
        found.append(Problem(_("The person already holds this role in these days."), field="role"))
    if row.role in _SIDES and any(other.role in _SIDES and other.role != row.role for other in meeting):
        words = _("Nobody proposes and approves: this person holds the other role of the bureau in these days.")
        found.append(Problem(words, field="role"))
    if row.stands_in_for is not None:
        found += _substitute_problems(row, row.stands_in_for)
    if any((other.role == Role.OPERATOR) != (row.role == Role.OPERATOR) for other in meeting):
        found.append(
            Problem(
                _("Who runs the system holds no other role: end the other role first, or use another person."), "role"
            )
        )
    return found


def ending_problems(row: Membership, last_day: dt.date | None, *, by: Any, reason: str) -> list[Problem]:
    """Everything that stops the end of a role; ``last_day`` None means at once."""
    found: list[Problem] = []
    today = clock.today()
    if row.withdrawn_at is not None or (row.ends_on is not None and row.ends_on < today):
        found.append(Problem(_("This role has already ended.")))
    if last_day is not None and last_day < max(row.starts_on, today):
        found.append(
            Problem(_("The last day lies in the past; what was done until today stays valid."), field="last_day")
        )
    if not reason.strip():
        found.append(Problem(_("Please give the reason."), field="reason"))
    if row.user_id == by.pk:
        found.append(Problem(_("Another person must end your role.")))
    return found


def person_problems(
    *, name: str, id_kind: str, id_number: str, birth_date: dt.date | None, gender: str, today: dt.date
) -> list[Problem]:
    """What is wrong with a person's data, each at its field; birth date and gender against the number (GB 11643)."""
    found = [Problem(text, field="name") for text in names.name_problems(name)]
    if id_kind == Person.IdKind.RESIDENT:
        wrong = identity.id_number_problems(id_number, today=today)
        found += [Problem(text, field="id_number") for text in wrong]
        if not wrong:
            found += [
                Problem(text, field="birth_date")
                for text in identity.contradictions(id_number, birth_date=birth_date or None)
            ]
            found += [
                Problem(text, field="gender") for text in identity.contradictions(id_number, gender=gender or None)
            ]
        return found
    number = identity.normalise_id_number(id_number)
    if not (5 <= len(number) <= 30 and number.isascii() and number.isalnum()):
        found.append(Problem(_("A document number has 5 to 30 letters and digits."), field="id_number"))
    if birth_date is None:
        found.append(Problem(_("Enter the date of birth as in the document."), field="birth_date"))
    elif birth_date > today:
        found.append(Problem(_("The date of birth lies in the future."), field="birth_date"))
    if not gender:
        found.append(Problem(_("Choose the gender as in the document."), field="gender"))
    return found


APPLICANT_LENGTH, STAFF_LENGTH, STAFF_CLASSES, LONGEST = 10, 12, 3, 128
"""Passwords (trust.md §0): least lengths, kinds of characters for staff, greatest length."""


def character_classes(password: str) -> int:
    """How many of the four classes a password uses: lower case, upper case, digits, anything else."""
    kinds = {unicodedata.category(character)[:2] for character in password}
    return len(kinds & {"Ll", "Lu", "Nd"}) + bool(kinds - {"Ll", "Lu", "Nd"})


_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_SYMBOLS = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code_problems(code: str) -> list[str]:
    """What is wrong with a unified social credit code (统一社会信用代码, GB 32100-2015): 18 characters, one a check."""
    if len(code) != len(_WEIGHTS) + 1 or any(character not in _SYMBOLS for character in code):
        return [_("A unified social credit code has 18 digits and capital letters (without I, O, S, V, Z).")]
    if code[-1] != credit_check(code[:-1]):
        return [_("The last character does not fit the other 17: one character is wrong or two are swapped.")]
    return []


def credit_check(body: str) -> str:
    """The check character of the first 17 (ISO 7064 style, modulus 31)."""
    total = sum(weight * _SYMBOLS.index(character) for weight, character in zip(_WEIGHTS, body, strict=True))
    return _SYMBOLS[(31 - total % 31) % 31]
