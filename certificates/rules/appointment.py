"""What must hold before somebody is appointed to a post (R-17: within the structure, examinations included)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from appraisal_portal import law
from appraisal_portal.accounts.models import PostHolding, PostStructure
from appraisal_portal.accounts.services import post_level, structure_of, taken
from appraisal_portal.kernel.workflow import Act, Problem
from certificates.models import Appointment

_BASIS = "posts.within_structure"
RANKS = tuple(PostStructure.Level)
"""From junior to senior posts."""


def certificate_in_force(appointment: Any, act: Act) -> Iterable[Problem]:
    """A post follows a certificate that is valid."""
    if appointment.certificate.status != "valid":
        yield Problem(_("This certificate is not valid any more."), "certificate")


def works_here(appointment: Any, act: Act) -> Iterable[Problem]:
    """A unit appoints its own people."""
    employments = appointment.certificate.person.employments.filter(unit=appointment.unit_id, status="confirmed")
    if not employments.exists():
        yield Problem(
            _("{name} does not work in this unit.").format(name=appointment.certificate.person), "certificate"
        )


def level_of_the_title(appointment: Any, act: Act) -> Iterable[Problem]:
    """The post is not above the title; below it is the unit's own choice (低聘)."""
    title = appointment.certificate.title
    highest = PostStructure.Level(post_level(title.level))
    if RANKS.index(PostStructure.Level(appointment.level)) > RANKS.index(highest):
        yield Problem(
            _("The title “{title}” is for {level} at most.").format(title=title, level=highest.label), "level"
        )


def dates_fit(appointment: Any, act: Act) -> Iterable[Problem]:
    """From the day of the title at the earliest, and not back to front."""
    if appointment.starts_on < appointment.certificate.qualified_on:
        yield Problem(
            _("The title was obtained on {day}; nobody is appointed on it before.").format(
                day=appointment.certificate.qualified_on
            ),
            "starts_on",
        )
    if appointment.ends_on is not None and appointment.ends_on < appointment.starts_on:
        yield Problem(_("The end lies before the beginning."), "ends_on")


def posts_held(appointment: Any) -> tuple[list[PostHolding], list[PostHolding]]:
    """What the person holds in the unit during the appointment: lower posts begun before it, which end with it, and
    all others."""
    held = PostHolding.objects.between(appointment.starts_on, appointment.ends_on).filter(
        unit=appointment.unit_id, person=appointment.certificate.person_id
    )
    own = RANKS.index(PostStructure.Level(appointment.level))
    lower: list[PostHolding] = []
    others: list[PostHolding] = []
    for holding in held:
        below = RANKS.index(PostStructure.Level(holding.level)) < own and holding.starts_on < appointment.starts_on
        (lower if below else others).append(holding)
    return lower, others


def one_post_at_a_time(appointment: Any, act: Act) -> Iterable[Problem]:
    """Who holds a post in the unit leaves it before taking another, unless the new one is higher; one entry waits for
    the head at a time."""
    for holding in posts_held(appointment)[1]:
        yield Problem(
            _("{name} holds a post in this time already ({level}, from {day}). End that appointment first.").format(
                name=appointment.certificate.person, level=holding.get_level_display(), day=holding.starts_on
            ),
            "starts_on",
        )
    waiting = Appointment.objects.filter(
        certificate=appointment.certificate_id, unit=appointment.unit_id, status="proposed"
    )
    if waiting.exclude(pk=appointment.pk).exists():
        yield Problem(_("An appointment on this certificate waits for the head already."), "certificate")


def post_free(appointment: Any, act: Act) -> Iterable[Problem]:
    """A post of the level is free in the approved structure from the first day of the appointment on.

    Asked inside the transition the row of the structure is locked: of two who want the last post, one gets it.
    """
    day = max(appointment.starts_on, act.day)
    if law.rule(_BASIS, day) is None:
        return
    structure = structure_of(appointment.unit_id, appointment.level, day, lock=getattr(appointment, "in_act", False))
    if structure is None:
        yield Problem(
            _(
                "No post structure of {unit} is stored for this level. The bureau or the county bureau enters it for "
                "public institutions; other employers appoint without it, and not in this portal."
            ).format(unit=appointment.unit),
            "level",
            _BASIS,
        )
        return
    if appointment.starts_on < structure.valid_from:
        yield Problem(
            _("The structure in force counts everybody appointed before {day}. Enter that day or a later one.").format(
                day=structure.valid_from
            ),
            "starts_on",
        )
    occupied = taken(structure, appointment.starts_on, appointment.ends_on)
    if occupied >= structure.approved:
        yield Problem(
            _("No post of this level is free: {approved} approved ({document}), {taken} taken.").format(
                approved=structure.approved, document=structure.document, taken=occupied
            ),
            "level",
            _BASIS,
        )


def end_in_order(appointment: Any, act: Act) -> Iterable[Problem]:
    """The last day lies between the first one and today."""
    last = act.data.get("last_day")
    if last is None or last > act.day:
        yield Problem(_("Enter the last day; it does not lie in the future."), "last_day")
    elif last < appointment.starts_on:
        yield Problem(_("The end lies before the beginning."), "last_day")
