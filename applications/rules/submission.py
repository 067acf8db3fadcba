"""Guards of handing in (申报提交): each yields every reason in words, where to mend it and the rule it rests on.

Only rules in force on the cycle's day are cited: the plan line's rule set says which (Order 40 never in 2018).
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from applications.querysets import GIVEN_UP
from applications.rules import ways
from applications.rules.closing import closing_day, is_over
from applications.rules.ledger import ledger
from appraisal_portal import law
from appraisal_portal.accounts.models import Employment, Organisation
from appraisal_portal.kernel.days import day_said
from appraisal_portal.kernel.workflow import Act, Problem
from committees.plans.models import Channel, CommitteeScope
from committees.plans.rules import rule_set

_CIVIL_EMPLOYERS = (Organisation.EmployerKind.CIVIL_SERVICE, Organisation.EmployerKind.REFERENCE_MANAGED)
_CIVIL_STAFF = (Employment.StaffKind.CIVIL_SERVANT, Employment.StaffKind.REFERENCE_MANAGED)
_OUTSIDE_SCOPE = (Channel.SPECIAL, Channel.AUTONOMOUS)


def law_day(declaration: Any) -> dt.date:
    """The day on which a rule must be in force to bind this cycle: the opening day, held inside the line's rule set."""
    line = declaration.line
    chosen = rule_set(line.rule_set)
    return chosen.law_day(line.opens_on) if chosen else line.opens_on


def window_open(declaration: Any, act: Act) -> Iterator[Problem]:
    """The declaration window of the plan line holds today, and the plan is in force."""
    line = declaration.line
    if act.day < line.opens_on:
        yield Problem(_("Declarations can be handed in from {day}.").format(day=day_said(line.opens_on)))
    elif is_over(declaration, day=act.day):
        last = day_said(closing_day(declaration))
        yield Problem(_("Declarations could be handed in until {day}, 24:00.").format(day=last))
    elif not line.is_in_force:
        yield Problem(_("The review plan or the committee is not in force at present."), basis="plan.approved_first")


def employment_confirmed(declaration: Any, act: Act) -> Iterator[Problem]:
    """The unit has confirmed that the person works there; before that it sees nothing and can vouch for nothing."""
    if _employment(declaration) is None:
        yield Problem(
            _("{unit} has not confirmed yet that you work there. Please ask its clerk.").format(unit=declaration.unit),
            field="employment",
        )


def _employment(declaration: Any) -> Employment | None:
    rows = declaration.applicant.employments.all()
    return next((row for row in rows if row.unit_id == declaration.unit_id and row.status == "confirmed"), None)


def undertaking_signed(declaration: Any, act: Act) -> Iterator[Problem]:
    """The applicant has signed 2-9 over exactly what is handed in."""
    live = next((row for row in declaration.undertakings.all() if row.voided_at is None), None)
    if live is None or all(signature.mark != "applicant" for signature in live.signatures.all()):
        yield Problem(_("Sign the authenticity undertaking (2-9)."), "undertaking", "undertaking.four_marks")
    elif live.snapshot.sha256 != declaration.content_hash():
        yield Problem(
            _("The declaration has changed since you signed the undertaking (2-9). Please sign it again."),
            "undertaking",
            "undertaking.four_marks",
        )


def not_civil_servant(declaration: Any, act: Act) -> Iterator[Problem]:
    """Neither civil servant nor managed by reference: the unit's kind, the applicant's statement, the unit's
    confirmation.
    """
    if not law.value("civil_servants.excluded", law_day(declaration)):
        return
    unit = declaration.unit
    if unit.employer_kind in _CIVIL_EMPLOYERS:
        yield Problem(
            _("{unit} is registered as “{kind}”: its staff does not take part in title appraisal.").format(
                unit=unit, kind=unit.get_employer_kind_display()
            ),
            "person.staff_kind",
            "civil_servants.excluded",
        )
    stated, employment = declaration.staff_kind, _employment(declaration)
    confirmed = employment.confirmed_kind if employment else ""
    if stated in _CIVIL_STAFF and confirmed in _CIVIL_STAFF:
        words = _(
            "You state, and {unit} confirms, “{kind}”: civil servants do not take part in title appraisal."
        ).format(unit=unit, kind=declaration.get_staff_kind_display())
    elif stated in _CIVIL_STAFF or confirmed in _CIVIL_STAFF:
        words = _(
            "You state “{stated}”, {unit} has confirmed “{confirmed}”. Civil servants do not take part in title"
            " appraisal; please settle the contradiction there first."
        ).format(
            unit=unit,
            stated=declaration.get_staff_kind_display() or _("nothing"),
            confirmed=employment.get_confirmed_kind_display() if employment else _("nothing"),
        )
    else:
        return
    yield Problem(words, "person.staff_kind", "civil_servants.excluded")


def not_retired(declaration: Any, act: Act) -> Iterator[Problem]:
    """Retired persons do not apply, where that rule is in force."""
    if declaration.retired and law.value("retired.excluded", law_day(declaration)):
        yield Problem(
            _("You state that you are retired: retired persons do not apply."), "person.retired", "retired.excluded"
        )


def not_under_punishment(declaration: Any, act: Act) -> Iterator[Problem]:
    """Staff of public institutions do not apply during a punishment of demerit (记过) or heavier, where the rule is
    in force.
    """
    if not declaration.under_punishment or not law.value("punished.excluded", law_day(declaration)):
        return
    if declaration.unit.employer_kind != Organisation.EmployerKind.PUBLIC_INSTITUTION:
        return
    until = declaration.punished_until
    if until is not None and until < act.day:
        return
    words = (
        _("You are under a punishment until {day}: no declaration before it has ended.").format(day=day_said(until))
        if until
        else _("You are under a punishment: no declaration before it has ended.")
    )
    yield Problem(words, "person.under_punishment", "punished.excluded")


def not_exam_only(declaration: Any, act: Act) -> Iterator[Problem]:
    """Primary and intermediate titles of an exam-based series are not appraised; senior titles stay open."""
    covered = law.value("exam_series.no_appraisal", law_day(declaration)) or ()
    level = declaration.level
    subfield = declaration.subfield
    by_exam = (
        declaration.title.by_exam
        or declaration.series.by_exam(level)
        or (subfield is not None and level in subfield.by_exam_levels)
    )
    if by_exam and level in covered:
        yield Problem(
            _("“{title}” is reached by the unified examination only; it is not appraised.").format(
                title=declaration.title
            ),
            "application",
            "exam_series.no_appraisal",
        )


def hours_met(declaration: Any, act: Act) -> Iterator[Problem]:
    """Continuing education of each counted year; says how far off (还差 n 学时)."""
    years = ledger(declaration, law_day(declaration))
    for demand in (each for year in years if year.entered for each in year.demands):
        if demand.missing and not demand.basis:  # entered for the year by its document; it is no published rule
            words = _("{year}: {missing} hours of {subjects} are missing (entered {has}, needed {least}; {document}).")
            lacking = words.format(
                year=demand.year, missing=demand.missing, subjects=demand.subjects, has=demand.has, least=demand.least,
                document=demand.source,
            )  # fmt: skip
            yield Problem(lacking, f"hours.{demand.year}")
    for year in years:
        if not year.entered:
            words = _("Enter your class hours of {year}.")
            yield Problem(words.format(year=year.year), f"hours.{year.year}", "education.hours")
            continue
        for demand in year.demands:
            if demand.missing and demand.basis:
                words = _("{year}: {missing} {kind} class hours are missing (entered {has}, at least {least}).")
                lacking = words.format(
                    year=demand.year, missing=demand.missing, kind=demand.kind, has=demand.has, least=demand.least
                )
                yield Problem(lacking, f"hours.{demand.year}", demand.basis)


def no_standing_sanction(declaration: Any, act: Act) -> Iterator[Problem]:
    """No ban after falsification stands for the review year (notice IV(4))."""
    if not settings.PORTAL_BAN_SAME_LEVEL and not _is_higher(declaration):
        return
    for ban in declaration.applicant.sanctions.all():
        if not ban.stands_in(declaration.year):
            continue
        yield Problem(
            _("You are barred from {first} to {last} after false material in the review of {review}.").format(
                first=ban.from_year, last=ban.to_year, review=ban.review_year
            ),
            "application",
            "falsification.ban_years",
        )


def held_level(declaration: Any) -> str:
    """The highest level held so far, "none" without a title."""
    levels = [row.level for row in declaration.held_titles.all() if row.level in ways.LADDER]
    return max(levels, key=ways.LADDER.index, default="none")


def _is_higher(declaration: Any) -> bool:
    return ways.LADDER.index(declaration.level) > ways.LADDER.index(held_level(declaration))


def route_conditions(declaration: Any, act: Act) -> Iterator[Problem]:
    """What the way asks for (see ``rules/ways``)."""
    facts = ways.facts_of(declaration, act.day)
    condition = ways.CONDITIONS.get(declaration.route)
    if condition is not None:
        yield from condition(replace(facts, level=declaration.level))


def committee_in_scope(declaration: Any, act: Act) -> Iterator[Problem]:
    """The committee (of ``act.data["line"]`` when the line is being set right) covers series, subfield, level and
    employer.
    """
    line = act.data.get("line") or declaration.line
    if line.channel in _OUTSIDE_SCOPE:
        return
    if line.level != declaration.title.level:
        yield Problem(_("The level of the title and of the plan line differ."), "application")
    if line.plan.year != declaration.year:
        yield Problem(_("The plan line belongs to another year."), "application")
    action = CommitteeScope.Action.RECOMMEND if line.channel == Channel.RECOMMEND else CommitteeScope.Action.REVIEW
    field = declaration.series_id, declaration.subfield_id
    if not any(
        scope.action == action
        and scope.covers(*field, line.level if line.by_vote else scope.level, declaration.unit.scope_kind, act.day)
        for scope in line.committee.scopes.all()
    ):
        yield Problem(
            _("{committee} does not cover {field}, {level}, for this kind of employer.").format(
                committee=line.committee,
                field=declaration.subfield or declaration.series,
                level=line.get_level_display(),
            ),
            "application",
        )


def no_second_declaration(declaration: Any, act: Act) -> Iterator[Problem]:
    """One live declaration per person, year and series, drafts included."""
    for other in declaration.applicant.declarations.all():
        same = (other.year, other.series_id) == (declaration.year, declaration.series_id)
        if not same or other.pk == declaration.pk or other.status in GIVEN_UP:
            continue
        yield Problem(
            _("You already have a declaration in this series and year: {number}.").format(number=other), "application"
        )
