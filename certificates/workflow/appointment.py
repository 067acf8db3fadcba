"""The table of appointments (聘任): the unit's clerk enters, its head confirms, never beyond the approved structure."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import PostHolding, PostStructure
from appraisal_portal.accounts.services import members_of
from appraisal_portal.kernel.access import not_the_same_person_as
from appraisal_portal.kernel.approvals import same_content, write_decision, write_proposal
from appraisal_portal.kernel.workflow import NEW, Act, Blocked, Problem, Tell, Transition, Workflow
from certificates.access import is_appointee, is_clerk_of_unit, is_head_of_unit
from certificates.models import Appointment, AppointmentRecord
from certificates.rules import appointment as rules

Status = Appointment.Status
_BASIS = "posts.within_structure"
_POSTS = (
    rules.certificate_in_force,
    rules.works_here,
    rules.level_of_the_title,
    rules.dates_fit,
    rules.one_post_at_a_time,
    rules.post_free,
)
_DECIDES = is_head_of_unit & not_the_same_person_as("propose") & ~is_appointee


def _heads(appointment: Any) -> Iterable[Any]:
    return members_of(appointment.unit_id, "unit_head")


def _clerks(appointment: Any) -> Iterable[Any]:
    return members_of(appointment.unit_id, "unit_clerk")


def _person(appointment: Any) -> Iterable[Any]:
    user = appointment.certificate.person.user
    return [user] if user is not None else []


def _take_post(appointment: Appointment, act: Act) -> None:
    write_decision(appointment, act)
    lower = [holding.pk for holding in rules.posts_held(appointment)[0]]
    PostHolding.objects.filter(pk__in=lower).end_after(appointment.starts_on - dt.timedelta(days=1))
    try:
        with transaction.atomic():
            appointment.holding = PostHolding.objects.create(
                unit_id=appointment.unit_id,
                person_id=appointment.certificate.person_id,
                level=appointment.level,
                starts_on=appointment.starts_on,
                ends_on=appointment.ends_on,
            )
    except IntegrityError as error:
        # Two posts of different levels for one person at the same moment: the structures' locks do not meet.
        raise Blocked(Problem(_("Somebody else has just appointed this person. Please look again."))) from error


def _leave_lower_post(appointment: Appointment, act: Act, record: Any) -> None:
    """The appointment to the lower post, which has ended on the day before, says so as well."""
    day_before = appointment.starts_on - dt.timedelta(days=1)
    below = rules.RANKS[: rules.RANKS.index(PostStructure.Level(appointment.level))]
    theirs = Appointment.objects.filter(unit=appointment.unit_id, certificate__person=appointment.certificate.person_id)
    for row in theirs.filter(status=Status.IN_FORCE, level__in=below, holding__ends_on=day_before).order_by("pk"):
        APPOINTMENT.fire(row, "rise", actor=act.actor, cause=record, address=act.address)


def _leave_post(appointment: Appointment, act: Act) -> None:
    PostHolding.objects.filter(appointment=appointment).end_after(act.data["last_day"])


APPOINTMENT = Workflow(
    Appointment,
    AppointmentRecord,
    Transition(
        "propose", _("Enter the appointment"), (NEW,), Status.PROPOSED, is_clerk_of_unit & ~is_appointee,
        guards=_POSTS, apply=write_proposal, basis=_BASIS,
        tells=(
            Tell(_heads, _("An appointment waits for you: {obj}"),
                 _("Please read the appointment of {obj} and confirm or refuse it."),
                 action_needed=True, who="unit heads"),
        ),
    ),
    Transition(
        "confirm", _("Confirm the appointment"), (Status.PROPOSED,), Status.IN_FORCE, _DECIDES,
        guards=(*_POSTS, same_content), apply=_take_post, then=_leave_lower_post, basis=_BASIS,
        public_label=_("Appointed"),
        explanation=_(
            "The person takes a post of the approved structure from the first day on. A lower post held in the unit "
            "ends on the day before."
        ),
        tells=(
            Tell(_person, _("You are appointed: {obj}"), _("Your unit has appointed you to a post."), who="the person"),
            Tell(_clerks, _("Appointment confirmed: {obj}"), _("The head has confirmed it."), who="unit clerks"),
        ),
    ),
    Transition(
        "refuse", _("Refuse the appointment"), (Status.PROPOSED,), Status.REFUSED, _DECIDES, needs_reason=True,
        tells=(
            Tell(_clerks, _("Appointment refused: {obj}"), _("Reason: {reason}"), who="unit clerks"),
        ),
    ),
    Transition(
        "withdraw", _("Withdraw the entry"), (Status.PROPOSED,), Status.WITHDRAWN, is_clerk_of_unit,
    ),
    Transition(
        "rise", _("Leave for a higher post"), (Status.IN_FORCE,), Status.ENDED,
        driven_by=("certificates.Appointment.confirm",), public_label=_("Appointed higher"),
    ),
    Transition(
        "end", _("End the appointment"), (Status.IN_FORCE,), Status.ENDED,
        (is_clerk_of_unit | is_head_of_unit) & ~is_appointee,
        guards=(rules.end_in_order,), apply=_leave_post, needs_reason=True, keep=("last_day",),
        form="certificates.forms.appointment.EndForm", public_label=_("Appointment ended"),
        explanation=_("The post is free from the day after the last one on. The title stays as it is."),
        tells=(
            Tell(_person, _("Your appointment has ended: {obj}"), _("Reason: {reason}"), who="the person"),
            Tell(_heads, _("Appointment ended: {obj}"), _("Reason: {reason}"), who="unit heads"),
        ),
    ),
)  # fmt: skip
