"""Who belongs where, whether a password is right, who gets or loses a role, who is locked out."""

import datetime as dt
from typing import Any

import pghistory
from django.db import transaction
from django.utils.translation import gettext as _

from appraisal_portal.accounts import rules
from appraisal_portal.accounts.models import Membership, Organisation, User
from appraisal_portal.kernel import clock, outbox, together
from appraisal_portal.kernel.workflow import Blocked, Problem

_MEMBERS = {"memberships": together.Rows(Membership, "organisation_id = %(organisation)s", along={"user": ()})}
"""Every transition tells somebody: who that is is asked past the ORM."""


def members_of(organisation: Organisation | int | None, *roles: str) -> list[User]:
    """Accounts in use that hold one of the roles in the organisation today, oldest first; for ``Tell.whom``."""
    if organisation is None:
        return []
    asked, today = {"organisation": getattr(organisation, "pk", organisation)}, clock.today()
    members = together.read(_MEMBERS, asked)["memberships"]
    chosen = {row.user for row in members if row.is_active_on(today) and (not roles or row.role in roles)}
    return sorted((user for user in chosen if user.is_active), key=lambda user: user.pk)


def bureau_members(*roles: str) -> list[User]:
    """Accounts in use of the municipal bureau with one of the roles (default: reviewers and approvers) today."""
    chosen = roles or (Membership.Role.BUREAU_REVIEWER, Membership.Role.BUREAU_APPROVER)
    return _holders(Membership.objects.filter(organisation__kind=Organisation.Kind.CITY_BUREAU), chosen)


def _holders(rows: Any, roles: tuple[str, ...]) -> list[User]:
    chosen = rows.active()
    if roles:
        chosen = chosen.filter(role__in=roles)
    return list(User.objects.active().filter(pk__in=chosen.values("user")).order_by("pk"))


def holders_of(*roles: str, **where: Any) -> list[User]:
    """Accounts in use that hold one of the roles today in memberships that fit ``where``; for ``Tell.whom`` of many
    bodies at once."""
    return _holders(Membership.objects.filter(**where), roles)


def confirm_password(user: User, raw_password: str) -> bool:
    """Whether who signs is who logged in: the password entered again (a checkbox is no signature)."""
    return user.is_active and bool(raw_password) and user.check_password(raw_password)


def grant(
    user: User,
    role: str,
    organisation: Organisation | None,
    *,
    by: User | None,
    reason: str = "",
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    instead_of: User | None = None,
) -> Membership:
    """Give a role; ``instead_of``: as a substitute for somebody who holds it in this organisation. Raises
    :class:`Blocked` with every problem (place, overlap, operator beside another role, both sides of a decision)."""
    first_day = starts_on or clock.today()
    held = _held(instead_of, role, organisation, first_day) if instead_of else None
    row = Membership(
        user=user,
        role=role,
        organisation=organisation,
        starts_on=first_day,
        ends_on=ends_on,
        granted_by=by,
        reason=reason,
        stands_in_for=held,
    )
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two grants at once see each other
        found: list[Problem] = rules.membership_problems(row, list(Membership.objects.filter(user=user)))
        if found:
            raise Blocked(*found)
        row.save()
    user.__dict__.pop("_memberships", None)
    return row


def _held(user: User, role: str, organisation: Organisation | None, day: dt.date) -> Membership:
    """The role somebody is stood in for. Raises Blocked when they do not hold it on the day."""
    rows = Membership.objects.active_on(day).filter(user=user, role=role, organisation=organisation)
    found: Membership | None = rows.filter(stands_in_for=None).select_related("user").first()
    if found is None:
        words = _("{name} does not hold this role there on the first day.").format(name=user)
        raise Blocked(Problem(words, field="instead_of"))
    return found


def end_membership(row: Membership, *, by: User, reason: str, last_day: dt.date | None = None) -> Membership:
    """Let a role end after ``last_day``; None withdraws it at once, the holder's next click included."""
    with transaction.atomic(), pghistory.context(user=by.pk, reason=reason):
        locked = Membership.objects.select_for_update().get(pk=row.pk)
        found = rules.ending_problems(locked, last_day, by=by, reason=reason)
        if found:
            raise Blocked(*found)
        if last_day is None:
            locked.withdrawn_at = clock.now()
            last_day = max(locked.starts_on, clock.today())
        locked.ends_on = last_day
        locked.reason = reason
        locked.save(update_fields=["ends_on", "reason", "withdrawn_at"])
    return locked


def hire(username: str, full_name: str, email: str) -> User:
    """An account for staff without a password; its owner sets one by the link in the message. No role comes with it."""
    with transaction.atomic():
        user: User = User.objects.create_user(username, None, full_name=full_name, email=email)
        outbox.put("password_reset", f"accounts_user:{user.pk}:hired", {"user": user.pk, "welcome": True})
    return user


def freeze(user: User, *, by: User, reason: str) -> None:
    """Lock an account out, effective at its next click. Raises :class:`Blocked` without a reason or for oneself."""
    found = []
    if not reason.strip():
        found.append(Problem(_("Please give the reason."), field="reason"))
    if user.pk == by.pk:
        found.append(Problem(_("You cannot freeze your own account.")))
    if found:
        raise Blocked(*found)
    _set_frozen(user, clock.now(), by=by, reason=reason)


def unfreeze(user: User, *, by: User, reason: str) -> None:
    """Let an account in again; its roles are as they were."""
    if not reason.strip():
        raise Blocked(Problem(_("Please give the reason."), field="reason"))
    _set_frozen(user, None, by=by, reason=reason)


def _set_frozen(user: User, moment: dt.datetime | None, *, by: User, reason: str) -> None:
    with transaction.atomic(), pghistory.context(user=by.pk, reason=reason):
        user.frozen_at, user.frozen_reason = moment, reason
        user.save(update_fields=["frozen_at", "frozen_reason"])
