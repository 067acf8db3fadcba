"""All ways side by side: open or not, why, and where the rules leave a way out."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal import law
from appraisal_portal.kernel.workflow import Problem
from committees.plans.models import SENIOR_LEVELS, Channel

from .conditions import CONDITIONS, appraised, everywhere, exam
from .facts import Facts
from .unclear import advice, open_questions

EXAM = "exam"
"""Not a way of a declaration: the certificate of a passed examination is registered."""


class State(models.TextChoices):
    """What a person is told about a way."""

    OPEN = "open", gettext_lazy("open to you")
    UNCLEAR = "unclear", gettext_lazy("unclear – ask the office")
    CLOSED = "closed", gettext_lazy("not open")


@dataclass(frozen=True)
class Reason:
    """One reason with the document that says it; ``citation`` is empty for what is only usual."""

    words: str
    citation: str


@dataclass(frozen=True)
class Verdict:
    """One way: ``needs`` what it asks for besides, ``way_out`` a sentence where another way is left, ``open_questions``
    what the office has to answer, ``advice`` what was usual; the last two cite nothing.
    """

    way: str
    label: str | Promise
    state: State
    reasons: tuple[Reason, ...]
    needs: str = ""
    way_out: str = ""
    open_questions: tuple[str, ...] = ()
    advice: str = ""


def _needs(way: str) -> str:
    return {
        Channel.EXCEPTIONAL: _("Two experts of the field recommend you in writing; their signed letters are uploaded."),
        Channel.PRELIMINARY: _("The diploma and the unit's assessment."),
        Channel.CONFIRMATION: _("The certificate of the title and the document by which it was granted."),
        Channel.TRANSFER: _("The certificate of your present title and proof of the new post."),
        Channel.EXAM_PLUS: _("The result of the examination, still valid."),
        Channel.RECOMMEND: _("The municipal committee recommends; the provincial committee decides."),
        Channel.SPECIAL: _("Proof of talent or urgent need. There is no window: you can ask on any day of the year."),
        EXAM: _("The certificate of the examination. The bureau checks it; nothing is appraised or publicised."),
    }.get(way, "")


def verdicts(facts: Facts) -> list[Verdict]:
    """Every way: the open ones first, then the unclear ones; within each in the order of the notice."""
    general = list(everywhere(facts))
    closed_by_exam = list(appraised(facts))
    found = [_verdict(Channel(way).label, way, facts, general, closed_by_exam) for way in CONDITIONS]
    found.append(
        _finished(gettext_lazy("registration of an examination certificate"), EXAM, facts, list(exam(facts)), "")
    )
    return sorted(found, key=lambda verdict: list(State).index(verdict.state))


def _verdict(
    label: str | Promise, way: str, facts: Facts, general: Sequence[Problem], by_exam: Sequence[Problem]
) -> Verdict:
    own = list(CONDITIONS[way](facts))
    way_out = ""
    asked = way == Channel.REGULAR or (way == Channel.RECOMMEND and facts.level in SENIOR_LEVELS)
    if asked and own and not general and not by_exam and facts.step > 0:
        way_out = _("A way out: an exceptional application with two experts, or case by case for special talent.")
    if by_exam and not general:
        way_out = _("Pass the examination; its certificate is registered here.")
    return _finished(label, way, facts, [*general, *by_exam, *own], way_out)


def _finished(label: str | Promise, way: str, facts: Facts, problems: Sequence[Problem], way_out: str) -> Verdict:
    reasons = tuple(
        Reason(str(problem), law.cite(problem.basis, facts.law_day) if problem.basis else "") for problem in problems
    )
    asked = () if reasons or way == EXAM else tuple(open_questions(way, facts))
    state = State.CLOSED if reasons else State.UNCLEAR if asked else State.OPEN
    return Verdict(way, label, state, reasons, _needs(way), way_out, asked, advice(way, facts))
