"""Guards of a ban after falsification (notice IV(4))."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from appraisal_portal import law
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


def person_heard(sanction: Any, act: Act) -> Iterator[Problem]:
    """The statement of the person, or that they refused one, and the evidence."""
    statement = act.data.get("statement", sanction.statement)
    refused = act.data.get("statement_refused", sanction.statement_refused)
    if not str(statement).strip() and not refused:
        yield Problem(_("Enter the person's statement, or note that they refused one."), field="statement")
    if not str(act.data.get("evidence", sanction.evidence)).strip():
        yield Problem(_("Name the evidence."), field="evidence")


def lifting_proposed(sanction: Any, act: Act) -> Iterator[Problem]:
    """A ban is lifted by a second person after the first has proposed it with the reason."""
    if not sanction.records.filter(transition="propose_lift").exists():
        yield Problem(_("The lifting has not been proposed yet."))
