"""Numbers and dates fixed by published documents for everybody, each with its citation and the days it is in force.

Only rules marked S (said by the notice of 2018) or F+ (found in a text that reproduces the rule) stand here and may be
shown to people as a rule. What an office decides is a row; what operations decides, or what is only known from hearsay,
is a setting. Order 40 of 2019 is in force from 1 September 2019: a cycle of 2018 never cites it.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

NOTICE_2018 = _("Notice of the Lishui Human Resources and Social Security Bureau on title appraisal, 2018")
ORDER_40 = _("Interim Provisions on Title Appraisal Management, MOHRSS Order No. 40")
CIVIL_CODE = _("Civil Code")
GENERAL_PROVISIONS = _("General Provisions of the Civil Law, 2017")
NAMES_2016 = _("Notice on the separator in names of ethnic minorities, Min Wei Fa [2016] No. 33")

ENGINEERING_2019 = _("Guiding opinions on the reform of the title system for engineers, Ren She Bu Fa [2019] No. 16")

_FROM_2018 = dt.date(2018, 1, 1)
_ENGINEERING_FROM = dt.date(2019, 2, 1)
_ORDER_40_FROM = dt.date(2019, 9, 1)


@dataclass(frozen=True)
class HoursRule:
    """Continuing-education class hours a year (继续教育学时): ``common`` is industry and general subjects together."""

    total: int
    professional: int
    common: int


@dataclass(frozen=True)
class ServiceRule:
    """Completed years in the present title, by (level asked for, education), in one series."""

    series: str
    years: Mapping[tuple[str, str], int]


@dataclass(frozen=True)
class Rule:
    """One rule: its value, the document and place that says it, and the first and last day it is in force."""

    key: str
    value: Any
    document: str | Promise
    place: str
    says: str | Promise
    since: dt.date
    until: dt.date | None = None

    def in_force(self, day: dt.date) -> bool:
        """Whether the rule binds on that day."""
        return self.since <= day and (self.until is None or day <= self.until)

    def __str__(self) -> str:
        if not self.place:
            return str(self.document)
        return gettext("{document}, {place}").format(document=self.document, place=self.place)


_RULES = (
    Rule(
        "meeting.lead_days",
        5,
        NOTICE_2018,
        "IV(3)",
        _("The meeting is applied for five working days ahead and held only after approval."),
        _FROM_2018,
    ),
    Rule(
        "education.hours",
        HoursRule(total=90, professional=60, common=18),
        NOTICE_2018,
        "V(3)",
        _(
            "At least 90 class hours a year: professional subjects at least 60, industry and general "
            "subjects at least 18."
        ),
        _FROM_2018,
    ),
    Rule(
        "falsification.ban_years",
        3,
        NOTICE_2018,
        "IV(4)",
        _("After falsification no declaration for three years, counted from the year after the review."),
        _FROM_2018,
    ),
    Rule(
        "certificate.electronic_only",
        True,
        NOTICE_2018,
        "I",
        _("Certificates are electronic only."),
        _FROM_2018,
    ),
    Rule(
        "civil_servants.excluded",
        True,
        NOTICE_2018,
        "V(4)",
        _(
            "Civil servants and staff managed by reference to the Civil Servants Law do not take part in "
            "title appraisal."
        ),
        _FROM_2018,
    ),
    Rule(
        "exam_series.no_appraisal",
        ("technician", "assistant", "intermediate"),
        NOTICE_2018,
        "V(4)",
        _("Primary and intermediate titles under a national or provincial examination are not appraised."),
        _FROM_2018,
    ),
    Rule(
        "posts.within_structure",
        True,
        NOTICE_2018,
        "III",
        _(
            "Public institutions recommend within the approved post structure; examination series are bound "
            "at appointment."
        ),
        _FROM_2018,
    ),
    Rule(
        "unit.responsible",
        True,
        NOTICE_2018,
        "IV(4)",
        _("The applicant and the work unit answer for the truth of the material."),
        _FROM_2018,
    ),
    Rule(
        "undertaking.four_marks",
        True,
        NOTICE_2018,
        "IV(4)",
        _("The authenticity undertaking (2-9) is signed and sealed by the applicant and the work unit."),
        _FROM_2018,
    ),
    Rule(
        "examination.by_office",
        True,
        NOTICE_2018,
        "IV(3)",
        _("The committee office examines the qualification; the bureau makes spot checks."),
        _FROM_2018,
    ),
    Rule(
        "originals.returned",
        True,
        NOTICE_2018,
        "IV(3)",
        _("After the review originals go back to the unit or entrusted institution through the reporting channel."),
        _FROM_2018,
    ),
    Rule(
        "results.publicised",
        True,
        NOTICE_2018,
        "IV(3)",
        _(
            "Results are publicised; problems reported during the publicity are investigated and reported "
            "to the bureau."
        ),
        _FROM_2018,
    ),
    Rule(
        "special_talent.case_by_case",
        True,
        NOTICE_2018,
        "V(1)",
        _("High-level and urgently needed talent is assessed case by case by a standing body."),
        _FROM_2018,
    ),
    Rule(
        "supervision.five_questions",
        (3, 4),
        NOTICE_2018,
        "V(2)",
        _(
            "In March and April of the following year the bureau checks whether committees are formed by the rules, "
            "keep procedure, standards and scope, and whether there are other violations."
        ),
        _FROM_2018,
    ),
    Rule(
        "exceptional.two_experts",
        2,
        ENGINEERING_2019,
        "",
        _("Without the required education or years two experts of the field recommend in writing."),
        _ENGINEERING_FROM,
    ),
    Rule(
        "engineering.years_in_title",
        ServiceRule(
            series="工程技术",
            years={
                ("assistant", "college"): 2,
                ("assistant", "secondary"): 4,
                ("associate_senior", "doctor"): 2,
                ("associate_senior", "master"): 5,
                ("associate_senior", "bachelor"): 5,
            },
        ),
        ENGINEERING_2019,
        "",
        _("Years in the present title that engineers of each education need for the next one."),
        _ENGINEERING_FROM,
    ),
    Rule(
        "senior.entrusted_by_bureau",
        True,
        NOTICE_2018,
        "IV(3)",
        _("The bureau alone issues the letter of entrusted appraisal for senior titles."),
        _FROM_2018,
    ),
    Rule(
        "plan.approved_first",
        True,
        NOTICE_2018,
        "IV(1)-(2)",
        _("Plans, standards and notices are approved by the bureau before use."),
        _FROM_2018,
    ),
    Rule(
        "universities.plan_due",
        (10, 31),
        NOTICE_2018,
        "II(4)",
        _("Universities send their appraisal plan by 31 October."),
        _FROM_2018,
    ),
    Rule(
        "universities.result_due",
        (3, 31),
        NOTICE_2018,
        "II(4)",
        _("Universities file results and work summary by 31 March of the following year."),
        _FROM_2018,
    ),
    Rule(
        "names.middle_dot",
        "\u00b7",
        NAMES_2016,
        "",
        _("Parts of a name are separated by the middle dot U+00B7 only."),
        dt.date(2016, 1, 1),
    ),
    Rule(
        "publicity.period_counting",
        True,
        GENERAL_PROVISIONS,
        "",
        _("The first day does not count; a period ending on a holiday ends on the next working day, at 24:00."),
        dt.date(2017, 10, 1),
        dt.date(2020, 12, 31),
    ),
    Rule(
        "publicity.period_counting",
        True,
        CIVIL_CODE,
        "Art. 201, 203",
        _("The first day does not count; a period ending on a holiday ends on the next working day, at 24:00."),
        dt.date(2021, 1, 1),
    ),
    Rule(
        "retired.excluded",
        True,
        ORDER_40,
        "",
        _("Retired persons do not apply."),
        _ORDER_40_FROM,
    ),
    Rule(
        "punished.excluded",
        True,
        ORDER_40,
        "",
        _("Staff of public institutions do not apply during a punishment of demerit or heavier."),
        _ORDER_40_FROM,
    ),
)

RULES: Mapping[str, tuple[Rule, ...]] = MappingProxyType(
    {key: tuple(rule for rule in _RULES if rule.key == key) for key in dict.fromkeys(rule.key for rule in _RULES)}
)


def rule(key: str, day: dt.date) -> Rule | None:
    """The rule of that key in force on the day, or None. An unknown key is a programming error (KeyError)."""
    return next((found for found in RULES[key] if found.in_force(day)), None)


def since(key: str) -> dt.date:
    """The first day any rule of that key is in force. An unknown key is a programming error (KeyError)."""
    return min(found.since for found in RULES[key])


def value(key: str, day: dt.date) -> Any:
    """The rule's value on the day; None when no such rule is in force."""
    found = rule(key, day)
    return found.value if found else None


def cite(key: str, day: dt.date) -> str:
    """Document and place for a page, empty when no such rule is in force: nothing is cited that did not bind."""
    found = rule(key, day)
    return str(found) if found else ""
