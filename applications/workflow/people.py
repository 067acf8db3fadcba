"""Whom a transition tells."""

from collections.abc import Iterable
from typing import Any

from applications.querysets_recusal import away_later
from applications.rules.changes import answered_slip
from applications.rules.examination import rechecks_left
from appraisal_portal.accounts.models import Employment, Membership, User
from appraisal_portal.accounts.services import bureau_members, members_of
from committees.plans.models import Channel, DecidedBy

Role = Membership.Role


def applicant(declaration: Any) -> Iterable[User]:
    """The person concerned, when there is an account."""
    user = declaration.applicant.user
    return [user] if user is not None else []


def applicant_who_may_ask_again(declaration: Any) -> Iterable[User]:
    """The person concerned, while a recheck can be asked for."""
    return applicant(declaration) if rechecks_left(declaration) else []


def applicant_after_the_recheck(declaration: Any) -> Iterable[User]:
    """The person concerned, when the recheck has been made."""
    return [] if rechecks_left(declaration) else applicant(declaration)


def applicant_decided_here(declaration: Any) -> Iterable[User]:
    """The person concerned, where this city decides."""
    return [] if declaration.line.channel == Channel.RECOMMEND else applicant(declaration)


def applicant_recommended(declaration: Any) -> Iterable[User]:
    """The person concerned, where a higher committee decides."""
    return applicant(declaration) if declaration.line.channel == Channel.RECOMMEND else []


def unit_clerks(declaration: Any) -> Iterable[User]:
    """Clerks of the unit, the applicant aside."""
    return _others(declaration, members_of(declaration.unit, Role.UNIT_CLERK))


def unit_heads(declaration: Any) -> Iterable[User]:
    """Heads of the unit, the applicant aside."""
    return _others(declaration, members_of(declaration.unit, Role.UNIT_HEAD))


def unit_clerks_before_a_recheck(declaration: Any) -> Iterable[User]:
    """Clerks of the unit, while the applicant can ask for a recheck."""
    return unit_clerks(declaration) if rechecks_left(declaration) else []


def unit_clerks_after_the_recheck(declaration: Any) -> Iterable[User]:
    """Clerks of the unit, when the recheck has been made."""
    return [] if rechecks_left(declaration) else unit_clerks(declaration)


def unit_clerks_after_a_change(declaration: Any) -> Iterable[User]:
    """Clerks of the unit, where a supplement changed what the unit has to confirm."""
    return unit_clerks(declaration) if answered_slip(declaration) else []


def next_after_recommendation(declaration: Any) -> Iterable[User]:
    """The unit's forwarder, or whoever examines where the unit reports through nobody."""
    forwarder = declaration.unit.forwarder_id
    return members_of(forwarder, Role.FORWARDER) if forwarder else office_clerks(declaration)


def knowing(declaration: Any, users: Iterable[User]) -> list[User]:
    """Those of the users who do not keep away from the case (回避): no message about it reaches the others.

    The same question as ``querysets_recusal.stands_back``, asked for one case and many people.
    """
    users = list(users)
    unit = Membership.objects.active().filter(organisation=declaration.unit_id, user__in=users)
    employed = Employment.objects.filter(person__user__in=users, unit=declaration.unit_id, status="confirmed")
    away = {
        declaration.applicant.user_id,
        *unit.values_list("user", flat=True),
        *employed.values_list("person__user", flat=True),
        *declaration.case_recusals.standing().values_list("user", flat=True),
        *away_later(declaration, users),
    }
    return [user for user in users if user.pk not in away]


def office_clerks(declaration: Any) -> Iterable[User]:
    """Who examines: of :func:`examiners` those who do not keep away from the case."""
    return knowing(declaration, examiners(declaration))


def examiners(declaration: Any) -> Iterable[User]:
    """Clerks of the committee office, or of the bureau that decides without a vote."""
    decider = declaration.decider
    if decider == DecidedBy.COUNTY_BUREAU:
        return members_of(declaration.unit.forwarder_id, Role.FORWARDER)
    if decider == DecidedBy.CITY_BUREAU:
        return bureau_members(Role.BUREAU_REVIEWER)
    return members_of(declaration.committee.office_id, Role.OFFICE_CLERK)


def handler(declaration: Any) -> Iterable[User]:
    """Who handles the declaration in the office; its clerks before acceptance or when the handler keeps away."""
    known = knowing(declaration, [declaration.handler]) if declaration.handler_id else []
    return known or office_clerks(declaration)


def bureau_reviewers(_subject: Any) -> Iterable[User]:
    """Reviewers of the bureau."""
    return bureau_members(Role.BUREAU_REVIEWER)


def other_approvers(sanction: Any) -> Iterable[User]:
    """Approvers of the bureau, whoever proposed aside."""
    return [user for user in bureau_members(Role.BUREAU_APPROVER) if user.pk != sanction.proposed_by_id]


def person_concerned(sanction: Any) -> Iterable[User]:
    """The person a ban is about."""
    return [sanction.person.user] if sanction.person.user_id else []


def _others(declaration: Any, users: Iterable[User]) -> list[User]:
    return [user for user in users if user.pk != declaration.applicant.user_id]
