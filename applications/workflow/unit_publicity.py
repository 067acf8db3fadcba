"""Table of the publicity inside a unit (单位公示). Its end is a date; closing only announces it."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.access import is_clerk_of_unit
from applications.models import UnitPublicity, UnitPublicityRecord
from appraisal_portal.accounts.access import is_bureau
from appraisal_portal.accounts.models import Membership
from appraisal_portal.accounts.services import members_of
from appraisal_portal.kernel import calendar
from appraisal_portal.kernel.access import IS_SYSTEM
from appraisal_portal.kernel.days import last_day_said
from appraisal_portal.kernel.workflow import Act, Problem, Tell, Transition, Workflow

from .declaration import DECLARATION

Status = UnitPublicity.Status
Role = Membership.Role


def working_days_of(declarations: Any) -> int:
    """Length of a publicity of these declarations: the longest their plan lines demand."""
    return max((declaration.line.unit_publicity_days for declaration in declarations), default=0)


def _items(publicity: Any) -> list[Any]:
    return list(publicity.items.filter(voided_at=None).select_related("declaration__line", "declaration__applicant"))


def somebody_on_the_list(publicity: Any, act: Act) -> Iterator[Problem]:
    """A publicity names at least one person."""
    if not _items(publicity):
        yield Problem(_("Choose at least one declaration."), field="declarations")


def nobody_publicises_oneself(publicity: Any, act: Act) -> Iterator[Problem]:
    """The clerk who posts the list is not on it."""
    if any(item.declaration.applicant.user_id == act.actor.pk for item in _items(publicity)):
        yield Problem(_("Your own declaration is on the list: another clerk must post it."), field="declarations")


def items_as_now(publicity: Any, act: Act) -> Iterator[Problem]:
    """What is posted is what the declarations say now."""
    for item in _items(publicity):
        if item.content_sha256 != item.declaration.content_hash():
            yield Problem(
                _("The material of {name} has changed meanwhile.").format(name=item.declaration.applicant.name),
                field="declarations",
            )


def length_from_the_plan(publicity: Any, act: Act) -> Iterator[Problem]:
    """Working days from the plan line, counted from today, the end fixed and announced (domain.md R-09, R-30)."""
    days = working_days_of(item.declaration for item in _items(publicity))
    counted = calendar.add_working_days(act.day, days)
    if publicity.working_days != days or publicity.starts_on != act.day or publicity.ends_on != counted.ends_on:
        yield Problem(_("The publicity lasts {days} working days from today.").format(days=days))
    if publicity.announced_ends_on is None:
        yield Problem(_("The last day of the publicity has not been announced."))


def its_time_is_over(publicity: Any, act: Act) -> Iterator[Problem]:
    """Judged by the dates; a provisional end closes nothing."""
    if not publicity.is_over(act.day):
        yield Problem(_("The publicity runs until {day}.").format(day=last_day_said(publicity.ends_on)))


def _publicise(publicity: Any, act: Act, record: Any) -> None:
    for item in sorted(_items(publicity), key=lambda item: item.declaration_id):
        if item.declaration.status == "in_examination":
            continue  # publicised again after a supplement: it stays with the office, which waits for the end
        DECLARATION.fire(item.declaration, "publicise", actor=act.actor, cause=record, address=act.address)


def _halt(publicity: Any, act: Act) -> None:
    publicity.halted_on = act.day


def _resume(publicity: Any, act: Act) -> None:
    publicity.working_days += calendar.working_days_between(publicity.halted_on, act.day)
    publicity.halted_on = None
    calendar.recompute(publicity)


def _clerks_and_head(publicity: Any) -> list[Any]:
    return members_of(publicity.unit, Role.UNIT_CLERK, Role.UNIT_HEAD)


def _head(publicity: Any) -> list[Any]:
    return members_of(publicity.unit, Role.UNIT_HEAD)


def _end(publicity: Any) -> Any:
    return publicity.ends_on


UNIT_PUBLICITY = Workflow(
    UnitPublicity,
    UnitPublicityRecord,
    Transition(
        "start",
        gettext_lazy("Start the publicity"),
        (Status.DRAFT,),
        Status.RUNNING,
        is_clerk_of_unit,
        guards=(somebody_on_the_list, nobody_publicises_oneself, items_as_now, length_from_the_plan),
        then=_publicise,
        basis="publicity.period_counting",
        tells=(
            Tell(
                _clerks_and_head,
                gettext_lazy("The publicity has started"),
                gettext_lazy("It runs until {by}, 24:00. The responsible person can recommend from the day after."),
                by=_end,
                who="clerks and head of the unit",
            ),
        ),
    ),
    Transition(
        "halt",
        gettext_lazy("Halt the publicity"),
        (Status.RUNNING,),
        Status.HALTED,
        is_bureau,
        apply=_halt,
        needs_reason=True,
        tells=(
            Tell(
                _clerks_and_head,
                gettext_lazy("The publicity has been halted"),
                gettext_lazy("Reason: {reason}"),
                who="clerks and head of the unit",
            ),
        ),
    ),
    Transition(
        "resume",
        gettext_lazy("Resume the publicity"),
        (Status.HALTED,),
        Status.RUNNING,
        is_bureau,
        apply=_resume,
        needs_reason=True,
        explanation=gettext_lazy("The end moves by the working days during which it was halted, never earlier."),
        tells=(
            Tell(
                _clerks_and_head,
                gettext_lazy("The publicity goes on"),
                gettext_lazy("It now runs until {by}, 24:00."),
                by=_end,
                who="clerks and head of the unit",
            ),
        ),
    ),
    Transition(
        "close",
        gettext_lazy("Announce the end of the publicity"),
        (Status.RUNNING,),
        Status.CLOSED,
        IS_SYSTEM,
        guards=(its_time_is_over,),
        tells=(
            Tell(
                _head,
                gettext_lazy("The publicity is over: please recommend"),
                gettext_lazy(
                    "Nobody has to wait any longer. Open the list, read each undertaking and recommend or refuse."
                ),
                action_needed=True,
                who="head of the unit",
            ),
        ),
    ),
)
