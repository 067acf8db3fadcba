"""The table of employments: who says to work where, and what the unit answers (model.md §7)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts import access
from appraisal_portal.accounts.models import Employment, EmploymentRecord, Membership, Organisation, PostHolding, User
from appraisal_portal.accounts.signals import unit_changed
from appraisal_portal.kernel.workflow import NEW, Act, Problem, Tell, Transition, Workflow

from .people import holders


def unit_in_use(employment: Any, act: Act) -> Iterable[Problem]:
    """A unit or agency, approved and not suspended."""
    unit = employment.unit
    if unit.kind not in (Organisation.Kind.UNIT, Organisation.Kind.AGENCY) or unit.status != Organisation.Status.ACTIVE:
        yield Problem(_("Choose a unit that is in use. If yours is missing, register it first."), field="unit")


def asked_once(employment: Any, act: Act) -> Iterable[Problem]:
    """One live employment per person and unit."""
    live = Employment.objects.filter(
        person=employment.person_id, unit=employment.unit_id, status__in=("asked", "confirmed")
    )
    if live.exclude(pk=employment.pk).exists():
        yield Problem(_("You have already asked this unit, or it has already confirmed you."), field="unit")


def starts_in_the_past(employment: Any, act: Act) -> Iterable[Problem]:
    """Nobody declares an employment that has not begun."""
    if employment.starts_on > act.day:
        yield Problem(_("The first day there lies in the future."), field="starts_on")


def kind_of_staff_chosen(employment: Any, act: Act) -> Iterable[Problem]:
    """The unit says which kind of staff the person is: the rule on civil servants asks it (notice §5 (4))."""
    if act.data.get("confirmed_kind") not in Employment.StaffKind.values:
        yield Problem(_("Choose what kind of staff the person is."), field="confirmed_kind")


def ends_after_start(employment: Any, act: Act) -> Iterable[Problem]:
    """The last day: not before the first, not in the future."""
    last = act.data.get("ends_on") or act.day
    if last < employment.starts_on:
        yield Problem(_("The last day lies before the first."), field="ends_on")
    if last > act.day:
        yield Problem(_("The last day lies in the future."), field="ends_on")


def _confirm(employment: Any, act: Act) -> None:
    employment.confirmed_by_id = act.actor.pk
    employment.confirmed_kind = act.data["confirmed_kind"]


def unit_left_is_another(employment: Any, act: Act) -> Iterable[Problem]:
    """A change of unit (变更单位) leaves a confirmed employment of the same person in another unit, after it began."""
    old = employment.replaces
    if old is None:
        return
    if old.person_id != employment.person_id or old.unit_id == employment.unit_id:
        yield Problem(_("Choose an employment of your own in another unit."), field="replaces")
    if old.starts_on > employment.starts_on:
        yield Problem(_("You came to the old unit after this day. Please check the date."), field="starts_on")


def _leave_old_unit(employment: Any, act: Act, record: Any) -> None:
    """The old employment ends the day before, and whoever keeps declarations moves them (``signals.unit_changed``).
    So it does from units that never confirmed: asked by mistake, or they refused."""
    left = list(Employment.objects.never_to_be().filter(person=employment.person_id))
    old = employment.replaces
    if old is not None and old.status == Employment.Status.CONFIRMED:
        EMPLOYMENT.fire(old, "leave", actor=act.actor, cause=record, address=act.address, new=employment)
        left.append(old)
    for row in left:
        unit_changed.send(Employment, old=row, new=employment, act=act, record=record)


def _leave_posts(employment: Any) -> None:
    PostHolding.objects.filter(unit=employment.unit_id, person=employment.person_id).end_after(employment.ends_on)


def _left(employment: Any, act: Act) -> None:
    employment.ends_on = max(employment.starts_on, act.data["new"].starts_on - dt.timedelta(days=1))
    _leave_posts(employment)


def _end(employment: Any, act: Act) -> None:
    employment.ends_on = act.data.get("ends_on") or act.day
    _leave_posts(employment)


def _clerks(employment: Any) -> Iterable[User]:
    return holders(employment.unit_id, Membership.Role.UNIT_CLERK)


def _person(employment: Any) -> Iterable[User]:
    return User.objects.active().filter(pk=employment.person.user_id)


EMPLOYMENT = Workflow(
    Employment,
    EmploymentRecord,
    Transition(
        "ask",
        _("Ask the unit to confirm"),
        (NEW,),
        Employment.Status.ASKED,
        access.is_the_person,
        guards=(unit_in_use, asked_once, starts_in_the_past, unit_left_is_another),
        tells=(
            Tell(
                _clerks,
                _("Employment to confirm: {obj}"),
                _("Please confirm this person, and the kind of staff; or refuse with the reason."),
                action_needed=True,
                who="unit clerks",
            ),
        ),
    ),
    Transition(
        "confirm",
        _("Confirm the employment"),
        (Employment.Status.ASKED,),
        Employment.Status.CONFIRMED,
        access.is_clerk_of_the_unit & ~access.is_the_person,
        guards=(unit_in_use, kind_of_staff_chosen),
        apply=_confirm,
        then=_leave_old_unit,
        form="appraisal_portal.accounts.forms.ConfirmEmploymentForm",
        keep=("confirmed_kind",),
        basis="civil_servants.excluded",
        tells=(
            Tell(
                _person,
                _("Employment confirmed: {obj}"),
                _("{unit} has confirmed you. You can now fill in your declaration."),
                who="the person",
            ),
        ),
        explanation=_("From now on you see the person's data and what the person submits."),
    ),
    Transition(
        "refuse",
        _("Refuse"),
        (Employment.Status.ASKED,),
        Employment.Status.REFUSED,
        access.is_clerk_of_the_unit & ~access.is_the_person,
        needs_reason=True,
        tells=(
            Tell(
                _person,
                _("Employment not confirmed: {obj}"),
                _("{unit} did not confirm you: {reason} Choose the right one and ask again."),
                action_needed=True,
                who="the person",
            ),
        ),
    ),
    Transition(
        "take_back",
        _("Take the question back"),
        (Employment.Status.ASKED,),
        Employment.Status.WITHDRAWN,
        access.is_the_person,
        tells=(
            Tell(
                _clerks,
                _("No longer asked: {obj}"),
                _("The person has taken the question back. You do not need to do anything."),
                who="unit clerks",
            ),
        ),
        explanation=_(
            "The unit need not answer any more. Ask the right one; a draft you began goes with you as soon as it "
            "has confirmed you."
        ),
    ),
    Transition(
        "leave",
        _("Leave for another unit"),
        (Employment.Status.CONFIRMED,),
        Employment.Status.ENDED,
        apply=_left,
        driven_by=("accounts.Employment.confirm",),
        tells=(
            Tell(
                _person,
                _("Employment changed: {obj}"),
                _(
                    "You have been confirmed elsewhere, so {obj} has ended. Declarations already recommended stay "
                    "with {unit}."
                ),
                who="the person",
            ),
            Tell(
                _clerks,
                _("Employment changed: {obj}"),
                _(
                    "{obj} has ended: the person has been confirmed elsewhere. Declarations you have recommended stay "
                    "with you; the others have left your list. You do not need to do anything."
                ),
                who="unit clerks",
            ),
        ),
    ),
    Transition(
        "end",
        _("End the employment"),
        (Employment.Status.CONFIRMED,),
        Employment.Status.ENDED,
        access.is_clerk_of_the_unit | access.is_the_person,
        guards=(ends_after_start,),
        apply=_end,
        form="appraisal_portal.accounts.forms.EndEmploymentForm",
        keep=("ends_on",),
        tells=(
            Tell(_person, _("Employment ended: {obj}"), _("{obj} has ended. {reason}"), who="the person"),
            Tell(_clerks, _("Employment ended: {obj}"), _("{obj} has ended. {reason}"), who="unit clerks"),
        ),
        explanation=_("Declarations under way stay with whoever verified them."),
    ),
)
