"""What cannot be answered: the question was not asked, or no published rule says it. Then the office is asked, and
nothing is cited.
"""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _

from appraisal_portal import law
from committees.plans.models import Channel

from .conditions import ENGINEERING, words
from .facts import Facts

SERVICE_WAYS = (Channel.REGULAR, Channel.RECOMMEND)
PRE_REFORM = {
    ("intermediate", "doctor"): 0,
    ("intermediate", "master"): 4,
    ("intermediate", "bachelor"): 5,
    ("intermediate", "college"): 7,
    ("associate_senior", "doctor"): 4,
    ("associate_senior", "master"): 7,
    ("associate_senior", "bachelor"): 10,
    ("assistant", "bachelor"): 1,
    ("assistant", "college"): 3,
    ("assistant", "secondary"): 5,
}
"""Years of work an engineer usually needed before the criteria of 2019 (domain.md §2, a secondary text): advice only,
never a reason against anybody and never cited."""


def open_questions(way: str, facts: Facts) -> Iterator[str]:
    """What remains open for a way that nothing speaks against."""
    if not facts.committee_known and not decided_without_vote(way):
        yield _("No published document says which committee reviews this.")
    if way in SERVICE_WAYS:
        yield from _service(facts)
    if way == Channel.TRANSFER and facts.post_since is None:
        yield _("How long you have worked in the new post is not asked here.")
    if way == Channel.CONFIRMATION and facts.held.elsewhere is None:
        yield _("Where your present title was granted is not asked here.")
    if way == Channel.EXCEPTIONAL and any(expert.level is None for expert in facts.recommended_by):
        yield _("The level of an expert's title is not known from its name.")


def decided_without_vote(way: str) -> bool:
    """Determination and confirmation are a bureau's (R-21, a setting): no committee's scope stands in their way."""
    return way in (Channel.PRELIMINARY, Channel.CONFIRMATION) and not settings.PORTAL_PRELIMINARY_BY_VOTE


def _service(facts: Facts) -> Iterator[str]:
    if facts.entry is not None:
        if facts.entry.years and facts.field_years is None:
            yield _("How many years you have worked in the field is not asked here.")
        return
    if facts.step != 1 or facts.held.level == "none" or facts.years_asked is not None:
        return
    asked = law.value("engineering.years_in_title", facts.law_day)
    best = facts.best.level if facts.best else ""
    said = asked is not None and facts.series == asked.series and (facts.level, best) in asked.years
    if not said:
        yield _(
            "No published rule says how many years in the title of the {held} you need with your education."
        ).format(held=words(facts.held.level))


def advice(way: str, facts: Facts) -> str:
    """What was usual for engineers while no criteria were in force; empty otherwise."""
    best = facts.best.level if facts.best else ""
    years = PRE_REFORM.get((facts.level, best))
    in_force = law.rule("engineering.years_in_title", facts.law_day) is not None
    if way not in SERVICE_WAYS or facts.series != ENGINEERING or in_force or years is None:
        return ""
    return _("Usual at that time with your education: about {years} years of work. The office decides.").format(
        years=years
    )
