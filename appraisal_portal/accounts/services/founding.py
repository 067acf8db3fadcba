"""The first body and the first accounts: before them nobody can approve anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from appraisal_portal.accounts import rules
from appraisal_portal.accounts.models import Membership, Organisation, User
from appraisal_portal.kernel import clock, names
from appraisal_portal.kernel.workflow import Blocked, Problem

FIRST_ROLES = (Membership.Role.BUREAU_REVIEWER, Membership.Role.BUREAU_APPROVER, Membership.Role.OPERATOR)
"""Two people for every decision of the bureau, and who runs the machines."""


@dataclass(frozen=True)
class First:
    """One of the first accounts; ``password`` as typed."""

    role: str
    username: str
    full_name: str
    email: str
    password: str


def founded(kind: str, name: str, short_name: str = "", **more: Any) -> Organisation:
    """A body that exists without anybody's approval; again: the same. ``more``: further fields of a new one."""
    body, _made = Organisation.objects.get_or_create(
        kind=kind, name=name, defaults={"short_name": short_name, "status": Organisation.Status.ACTIVE, **more}
    )
    return body


def is_founded() -> bool:
    """Whether anybody holds a role of the bureau: set-up is for an empty database only."""
    return Membership.objects.filter(role__in=FIRST_ROLES).exists()


def first_problems(people: Sequence[First]) -> list[Problem]:
    """Everything wrong with the first accounts; ``field`` is the role concerned."""
    found: list[Problem] = []
    if len({User.normalise_username(who.username) for who in people}) < len(people):
        found.append(Problem(_("Reviewer, approver and operator must be three different accounts.")))
    for who in people:
        words = [str(text) for text in names.name_problems(who.full_name)]
        if not who.username.strip():
            words.append(_("Enter a login name."))
        elif User.objects.filter(username=User.normalise_username(who.username)).exists():
            words.append(_("This login name is taken."))
        try:
            validate_email(who.email)
        except ValidationError as error:
            words += error.messages
        words += password_problems(who)
        found += [Problem(text, field=who.role) for text in words]
    return found


def password_problems(who: First) -> list[str]:
    """What Django's validators say about the password."""
    words: list[str] = []
    try:
        validate_password(who.password, User(username=who.username, email=who.email))
    except ValidationError as error:
        words += error.messages
    if len(who.password) < rules.STAFF_LENGTH or rules.character_classes(who.password) < rules.STAFF_CLASSES:
        words.append(_("At least 12 characters of three kinds (small letters, capitals, digits, others)."))
    return words


def found_bureau(name: str, people: Sequence[First]) -> Organisation:
    """The municipal bureau with its first people. Raises :class:`Blocked` with every problem."""
    with transaction.atomic():
        found = first_problems(people)
        if is_founded():
            found.insert(0, Problem(_("The bureau has accounts already: set-up is for an empty database.")))
        if found:
            raise Blocked(*found)
        bureau = founded(Organisation.Kind.CITY_BUREAU, name)
        for who in people:
            user = User.objects.create_user(
                who.username, who.password, full_name=names.normalise_name(who.full_name), email=who.email
            )
            Membership.objects.create(
                user=user, organisation=bureau, role=who.role, starts_on=clock.today(), reason="setup"
            )
    return bureau
