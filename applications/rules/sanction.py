"""Guards of a ban after falsification (notice IV(4)) and of its lifting."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from appraisal_portal import law
from appraisal_portal.kernel import calendar, clock
from appraisal_portal.kernel.approvals import proposed_content
from appraisal_portal.kernel.days import day_said
from appraisal_portal.kernel.workflow import Act, Problem


def ground_given(sanction: Any, act: Act) -> Iterator[Problem]:
    """What was false, and in the review of which year; the year is typed, never guessed."""
    if not sanction.ground.strip():
        yield Problem(_("Write what was false."), field="ground")
    if not sanction.review_year or sanction.review_year > act.day.year:
        yield Problem(_("Enter the year of the review the false material was handed in for."), field="review_year")


def years_by_law(sanction: Any, act: Act) -> Iterator[Problem]:
    """Three years, counted from the year after the review."""
    years = law.value("falsification.ban_years", act.day)
    if years is None:
        yield Problem(_("No rule in force today allows a ban."))
    elif (sanction.from_year, sanction.to_year) != (sanction.review_year + 1, sanction.review_year + years):
        yield Problem(_("The ban must run for {years} years from the year after the review.").format(years=years))


def evidence_named(sanction: Any, act: Act) -> Iterator[Problem]:
    """A case rests on evidence in words, which the person reads before answering."""
    if not sanction.evidence.strip():
        yield Problem(_("Name the evidence."), field="evidence")


def no_other_case(sanction: Any, act: Act) -> Iterator[Problem]:
    """One case for one declaration at a time; one that was dropped does not count."""
    others = type(sanction).objects.filter(declaration=sanction.declaration_id).exclude(status="dropped")
    if sanction.declaration_id and others.exclude(pk=sanction.pk).exists():
        yield Problem(_("There is a case about this declaration already."), field="number")


def statement_given(sanction: Any, act: Act) -> Iterator[Problem]:
    """A statement has words."""
    if not str(act.data.get("statement", "")).strip():
        yield Problem(_("Please write your statement."), field="statement")


def hearing_ahead(row: Any, act: Act) -> Iterator[Problem]:
    """Who is to be heard knows the day some working days before."""
    at, days = act.data.get("hearing_at"), settings.PORTAL_HEARING_NOTICE_DAYS
    first = calendar.add_working_days(act.day, days)
    if first.provisional:
        yield Problem(_("The calendar of that year is not entered yet."), field="hearing_at")
    elif at is None or clock.local(at).date() < first.ends_on:
        words = _("The hearing must be at least {days} working days ahead: on {day} or later.")
        yield Problem(words.format(days=days, day=day_said(first.ends_on)), field="hearing_at")
    if not str(act.data.get("hearing_place", "")).strip():
        yield Problem(_("Say where the hearing takes place."), field="hearing_place")


def _over(hearing_at: dt.datetime | None, act: Act) -> bool:
    return hearing_at is not None and hearing_at <= act.at


def heard_as_it_was(row: Any, act: Act) -> Iterator[Problem]:
    """How the person was heard agrees with what stands in the case."""
    how = act.data.get("heard_how") or row.heard_how
    if not how:
        yield Problem(_("Say how the person was heard."), field="heard_how")
    elif how in ("hearing", "absent") and not _over(row.hearing_at, act):
        yield Problem(_("No hearing has taken place: name its day first."), field="heard_how")
    elif how == "hearing" and not str(act.data.get("minutes", row.minutes)).strip():
        yield Problem(_("Enter what was said at the hearing."), field="minutes")
    elif row.hearing_at is not None and not _over(row.hearing_at, act) and how != "refused":
        yield Problem(_("The hearing is still to come."), field="heard_how")


def person_heard(sanction: Any, act: Act) -> Iterator[Problem]:
    """A statement, or that it was refused, or that the time for it has passed; a hearing where one was asked for."""
    how = act.data.get("heard_how") or sanction.heard_how
    statement = str(act.data.get("statement") or sanction.statement).strip()
    if how == "statement" and not statement:
        yield Problem(_("Enter the person's statement, or note that they refused one."), field="statement")
    if how == "silent" and (statement or not sanction.is_over(act.day)):
        yield Problem(_("The person can still answer, or has answered."), field="heard_how")
    if sanction.wants_hearing and how in ("statement", "silent"):
        yield Problem(_("The person asked for a hearing: hold it first."), field="heard_how")


def unit_heard(sanction: Any, act: Act) -> Iterator[Problem]:
    """A unit whose responsibility is examined has answered, or had the time to."""
    if sanction.unit_responsible and not sanction.unit_statement.strip() and not sanction.is_over(act.day):
        yield Problem(_("The work unit can still answer: wait until its time is over."))


def not_returned_yet(sanction: Any, act: Act) -> Iterator[Problem]:
    """Material goes back once, on a day that is past."""
    day = act.data.get("returned_on")
    if sanction.returned_on is not None:
        yield Problem(_("The material has been returned already."))
    elif day is None or day > act.day:
        yield Problem(_("The day of the return cannot lie in the future."), field="returned_on")


def ban_in_force(lifting: Any, act: Act) -> Iterator[Problem]:
    """Only a ban in force can be lifted."""
    if lifting.sanction.status != "in_force":
        yield Problem(_("This ban is not in force."))


def no_other_lifting(lifting: Any, act: Act) -> Iterator[Problem]:
    """One decision about a ban at a time."""
    open_ones = type(lifting).objects.filter(sanction=lifting.sanction_id, status__in=("asked", "heard", "proposed"))
    if open_ones.exclude(pk=lifting.pk).exists():
        yield Problem(_("The lifting of this ban is being examined already."))


def lifting_heard(lifting: Any, act: Act) -> Iterator[Problem]:
    """A ban is lifted after a hearing only: held, or the person stayed away from it."""
    if (act.data.get("heard_how") or lifting.heard_how) not in ("hearing", "absent"):
        yield Problem(_("A ban is lifted, or kept, only after a hearing."), field="heard_how")


def opinion_given(lifting: Any, act: Act) -> Iterator[Problem]:
    """Why the ban should be lifted or stand."""
    if not str(act.data.get("opinion", lifting.opinion)).strip():
        yield Problem(_("Say why."), field="opinion")


def refusal_proposed(lifting: Any, act: Act) -> Iterator[Problem]:
    """The second person refuses what the first proposed to refuse."""
    if lifting.proposal != "reject":
        yield Problem(_("The reviewer did not propose that the ban stands. Send it back with the reason instead."))
    yield from proposed_content(lifting, act)
