"""What each way asks for: pure functions of the facts, yielding every reason against it.

A rule is cited (``basis``) only when a published document in force says it; what is habit or our decision is worded as
such and cites nothing.
"""

from collections.abc import Callable, Iterator

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from appraisal_portal import law
from appraisal_portal.kernel.workflow import Problem
from committees.plans.models import SENIOR_LEVELS, Channel, Level

from .facts import LADDER, Degree, Entry, Facts, years_between

Reasons = Iterator[Problem]
ENGINEERING = "工程技术"
"""The series the criteria of 2019 speak of; elsewhere two experts are asked for by custom, and nothing is cited."""


def words(level: str) -> str:
    """A level in words; without a title: so."""
    return str(Level(level).label) if level in Level.values else _("no title yet")


def everywhere(facts: Facts) -> Reasons:
    """What closes every appraisal: civil servants (R-13), retired and punished people (R-14)."""
    if facts.civil_servant and law.value("civil_servants.excluded", facts.law_day):
        yield Problem(
            _("Civil servants and staff managed like them do not take part in title appraisal."),
            "situation",
            "civil_servants.excluded",
        )
    if facts.retired and law.value("retired.excluded", facts.law_day):
        yield Problem(_("Retired persons do not apply."), "situation", "retired.excluded")
    if facts.punished and law.value("punished.excluded", facts.law_day):
        yield Problem(
            _("Staff of public institutions do not apply while a punishment lasts."), "situation", "punished.excluded"
        )


def appraised(facts: Facts) -> Reasons:
    """Primary and intermediate titles of examination series are neither appraised nor determined (R-15, R-16)."""
    covered = law.value("exam_series.no_appraisal", facts.law_day) or ()
    if facts.by_exam and facts.level in covered:
        yield Problem(
            _("This title is reached by the unified examination only; it is not appraised, recognised or determined."),
            "level",
            "exam_series.no_appraisal",
        )


def regular(facts: Facts) -> Reasons:
    """正常申报: level by level (逐级, R-26); a doctor reaches the intermediate level at once; a class of the standard
    has conditions of its own.
    """
    if facts.entry is not None:
        yield from _as_class(facts, facts.entry)
        return
    first = facts.step > 0 and facts.level in (Level.TECHNICIAN, Level.ASSISTANT)
    doctor = facts.is_doctor and facts.level == Level.INTERMEDIATE and facts.step > 0
    if not (facts.step == 1 or first or doctor):
        yield Problem(_ladder(facts).format(target=words(facts.level), held=words(facts.held.level)), "title")
    yield from _service(facts)
    yield from years_of_standard(facts)


def _ladder(facts: Facts) -> str:
    """Why the asked level is not the next one, with places for ``target`` and ``held``."""
    if facts.held.level not in Level.values:
        return _("Titles are reached level by level: without a title {target} cannot be asked for yet.")
    if facts.step <= 0:
        return _("A higher level is asked for: you hold {held}.")
    return _("Titles are reached level by level: {target} does not follow {held}.")


def _as_class(facts: Facts, entry: Entry) -> Reasons:
    """What the standard asks of the chosen class instead of the usual ladder: differentiated conditions (分类评价)."""
    if facts.step <= 0:
        yield Problem(_ladder(facts).format(held=words(facts.held.level)), "title")
    elif LADDER.index(facts.held.level) < LADDER.index(entry.level_from):
        yield Problem(
            _("In this class {target} is asked for from {needed} on; you hold {held}.").format(
                target=words(facts.level), needed=words(entry.level_from), held=words(facts.held.level)
            ),
            "title",
        )
    needed = max(0, entry.years - facts.years_less)
    if facts.field_years is not None and facts.field_years < needed:
        yield Problem(
            _("In this class {needed} years of work in the field are asked for; you have {years}.").format(
                needed=needed, years=facts.field_years
            ),
            "person.specialty_years",
        )


def years_of_standard(facts: Facts) -> Reasons:
    """Years in the present title the standard asks for, counted to the line's day, less what a relief takes off."""
    least = max(0, (facts.years_asked or 0) - facts.years_less)
    years = facts.years_held()
    if facts.held.level != "none" and years is not None and years < least:
        yield Problem(
            _("The standard asks for {least} years in the present title; counted to {day} you have {years}.").format(
                least=least, day=date_format(facts.counted_to, "Y-m-d"), years=years
            ),
            f"title.{facts.held.pk}" if facts.held.pk else "title",
        )


def _service(facts: Facts) -> Reasons:
    """Years in the present title by the criteria for engineers of 2019; other series follow their standard alone."""
    asked = law.value("engineering.years_in_title", facts.law_day)
    years, best = facts.years_held(), facts.best
    if asked is None or facts.series != asked.series or facts.step != 1 or years is None or best is None:
        return
    least = asked.years.get((facts.level, best.level))
    if least is not None and years < max(0, least - facts.years_less):
        yield Problem(
            _("With your education {least} years as {held} are needed; counted to {day} you have {years}.").format(
                least=max(0, least - facts.years_less),
                held=words(facts.held.level),
                day=date_format(facts.counted_to, "Y-m-d"),
                years=years,
            ),
            f"title.{facts.held.pk}" if facts.held.pk else "title",
            "engineering.years_in_title",
        )


def exceptional(facts: Facts) -> Reasons:
    """破格: without the usual education or years; two experts of the field recommend in writing (R-24)."""
    if facts.step <= 0:
        yield Problem(
            _("An exceptional application asks for a higher level: you hold {held}.").format(
                held=words(facts.held.level)
            ),
            "title",
        )
    if facts.experts is not None and facts.experts < 2:
        yield Problem(
            _("Two experts of the field must recommend you in writing; there are {n}.").format(n=facts.experts),
            "way",
            "exceptional.two_experts" if facts.series == ENGINEERING else "",
        )
    for expert in facts.recommended_by:
        if expert.level is not None and LADDER.index(expert.level) < LADDER.index(facts.level):
            # Our own demand (D): no published text says it, so none is cited.
            yield Problem(
                _("“{name}” holds the title {title} ({level}): an expert's title is not lower than {target}.").format(
                    name=expert.name, title=expert.title, level=words(expert.level), target=words(facts.level)
                ),
                f"way.{expert.pk}" if expert.pk else "way",
            )


def preliminary(facts: Facts) -> Reasons:
    """初定: the first title from graduation (R-20, the usual table, a setting)."""
    ways = settings.PORTAL_DETERMINATION
    best = facts.best
    shorter = best is not None and best.level == "master" and facts.held.level == Level.ASSISTANT
    if facts.held.level != "none" and not (shorter and facts.level == Level.INTERMEDIATE):
        yield Problem(
            _("Preliminary determination is for people without a title; you hold one ({held}).").format(
                held=words(facts.held.level)
            ),
            "title",
        )
    if best is None:
        return
    reached, years = ways[best.level]
    if LADDER.index(facts.level) > LADDER.index(reached):
        yield Problem(
            _("With your education a first title is usually determined up to {reached}, not {target}.").format(
                reached=words(reached), target=words(facts.level)
            ),
            f"education.{best.pk}" if best.pk else "education",
        )
    elif facts.level == reached:
        yield from _waiting(facts, best, settings.PORTAL_DETERMINATION_ASSISTANT_YEARS if shorter else years)


def _waiting(facts: Facts, best: Degree, years: int) -> Reasons:
    since = facts.held.obtained_on if facts.held.level != "none" else best.finished_on
    if since is not None and years_between(since, facts.counted_to) < years:
        yield Problem(
            _("Usually {years} years must have passed since {since}; counted to {day} they have not.").format(
                years=years, since=date_format(since, "Y-m-d"), day=date_format(facts.counted_to, "Y-m-d")
            ),
            f"education.{best.pk}" if best.pk else "education",
        )


def confirmation(facts: Facts) -> Reasons:
    """确认: a title granted elsewhere, the same level and field (R-22)."""
    yield from _same_level(facts)
    if facts.held.elsewhere is False:
        yield Problem(_("Only a title granted elsewhere is confirmed; yours was granted here and holds."), "title")


def transfer(facts: Facts) -> Reasons:
    """转评: another series at the same level, after a time in the new post (R-23, a setting)."""
    yield from _same_level(facts)
    if facts.held.series and facts.held.series == facts.series:
        yield Problem(_("You hold a title of this series already; a transfer leads to another series."), "title")
    years = settings.PORTAL_TRANSFER_YEARS
    if facts.post_since is not None and years_between(facts.post_since, facts.counted_to) < years:
        yield Problem(
            _("A transfer usually needs {years} year in the new post; counted to {day} it is less.").format(
                years=years, day=date_format(facts.counted_to, "Y-m-d")
            ),
            "person.current_post_since",
        )


def _same_level(facts: Facts) -> Reasons:
    if facts.held.level not in Level.values:
        yield Problem(_("Transfer and confirmation are for a title of this level; you hold no title yet."), "title")
    elif facts.step != 0:
        yield Problem(
            _("Transfer and confirmation keep the level: you hold {held} and ask for {target}.").format(
                held=words(facts.held.level), target=words(facts.level)
            ),
            "title",
        )


def exam_plus(facts: Facts) -> Reasons:
    """考评结合: the examination is passed first, then the committee appraises; senior titles of examination series."""
    if not (facts.by_exam or facts.level in SENIOR_LEVELS) or facts.exam_series is False:
        yield Problem(_("Examination plus appraisal exists for senior titles of examination series only."), "level")
        return
    if facts.exam_passed is False:
        yield Problem(_("Pass the examination first and enter its result."), "way")
    until, day = facts.exam_valid_until, facts.handed_in_on or facts.law_day
    if until is not None and until < day:
        yield Problem(
            _("The examination result was valid until {until} only; it must still be valid on {day}.").format(
                until=date_format(until, "Y-m-d"), day=date_format(day, "Y-m-d")
            ),
            "way",
        )
    if facts.exam_passed_on is not None and facts.exam_passed_on > day:
        yield Problem(_("Pass the examination first and enter its result."), "way")
    if facts.step == 1 and facts.entry is None:
        yield from years_of_standard(facts)
    else:
        yield from regular(facts)


def recommend(facts: Facts) -> Reasons:
    """推荐: the municipal committee recommends to the province, which decides."""
    if facts.level not in SENIOR_LEVELS:
        yield Problem(_("Only senior titles are recommended to the province."), "level")
    yield from regular(facts)


def special(facts: Facts) -> Reasons:
    """一事一议: high-level and urgently needed talent, case by case, at any time of the year (R-25)."""
    if facts.talent is False:
        yield Problem(
            _("Only for high-level or urgently needed talent: say why you count as such; the bureau judges each case."),
            "way",
            "special_talent.case_by_case",
        )


def exam(facts: Facts) -> Reasons:
    """考试: the certificate of a passed examination is registered, nothing is appraised (R-15)."""
    if not facts.by_exam or facts.level in SENIOR_LEVELS:
        yield Problem(_("There is no unified examination for this title."), "level")


CONDITIONS: dict[str, Callable[[Facts], Reasons]] = {
    Channel.REGULAR: regular,
    Channel.EXCEPTIONAL: exceptional,
    Channel.PRELIMINARY: preliminary,
    Channel.CONFIRMATION: confirmation,
    Channel.TRANSFER: transfer,
    Channel.EXAM_PLUS: exam_plus,
    Channel.RECOMMEND: recommend,
    Channel.SPECIAL: special,
}
"""Way of a declaration → what it asks for."""
