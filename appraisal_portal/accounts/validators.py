"""Password rules of trust.md §0: 10 characters for applicants, 12 from three classes for staff, at most 128 for all."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from appraisal_portal.accounts import access, rules


def is_staff_account(user: Any) -> bool:
    """Whether the account holds any role today but the applicant's; an account without roles yet is staff to be."""
    if user is None or user.pk is None:
        return False
    roles = {row.role for row in user.memberships_today()}
    return not roles or bool(roles & set(access.STAFF_ROLES))


class PortalPasswordValidator:
    """For ``AUTH_PASSWORD_VALIDATORS``; how far off a password is stands in the message."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raises ValidationError with every problem."""
        staff = is_staff_account(user)
        least, found = rules.STAFF_LENGTH if staff else rules.APPLICANT_LENGTH, []
        if len(password) < least:
            found.append(
                _("The password has {length} characters; at least {least} are needed.").format(
                    length=len(password), least=least
                )
            )
        if len(password) > rules.LONGEST:
            found.append(_("A password has at most {most} characters.").format(most=rules.LONGEST))
        classes = rules.character_classes(password)
        if staff and classes < rules.STAFF_CLASSES:
            found.append(
                _("Use three of: small letters, capitals, digits, other characters; now there are {n}.").format(
                    n=classes
                )
            )
        if found:
            raise ValidationError(found)

    def get_help_text(self) -> str:
        """One line for the form."""
        return _("At least 10 characters; for staff 12, of three kinds (small letters, capitals, digits, others).")
