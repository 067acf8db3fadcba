"""What must hold for an objection: pure functions (object, act) → problems in words."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from appraisal_portal.kernel.workflow import Act, Problem


def received_in_time(objection: Any, act: Act) -> Iterable[Problem]:
    """Only an objection with a real name, received by 24:00 of the last day, holds somebody."""
    if not objection.in_time:
        yield Problem(_("It came after the publicity had ended: record it as a report instead."))
    if not objection.filed_by.strip():
        yield Problem(_("It carries no name: record it as a report instead."))


def late_or_anonymous(objection: Any, act: Act) -> Iterable[Problem]:
    """What is in time and named must be investigated as an objection."""
    if objection.in_time and objection.filed_by.strip():
        yield Problem(_("It is in time and carries a name: it has to be investigated as an objection."))


def list_is_public(objection: Any, act: Act) -> Iterable[Problem]:
    """An objection concerns a list that is or was public."""
    if objection.item.publicity.status not in {"running", "closed", "halted"}:
        yield Problem(_("This list is not public."))


def words_given(objection: Any, act: Act) -> Iterable[Problem]:
    """Something concrete is said."""
    if len(objection.content.strip()) < 10:
        yield Problem(_("Please say what is wrong and what shows it, in at least ten characters."), field="content")


def not_extended_yet(objection: Any, act: Act) -> Iterable[Problem]:
    """The investigation is extended once."""
    if objection.extended:
        yield Problem(_("The investigation has been extended once already."))


def evidence_and_opinion(objection: Any, act: Act) -> Iterable[Problem]:
    """A conclusion names what was found and one of the two opinions."""
    if len((act.data.get("evidence") or "").strip()) < 10:
        yield Problem(_("Please describe what was found, in at least ten characters."), field="evidence")
    if act.data.get("opinion") not in {"upheld", "unfounded"}:
        yield Problem(_("Please choose an opinion."), field="opinion")


def opinion_is(expected: str) -> Any:
    """Guard factory: the bureau confirms the opinion the handler gave, or sends it back."""

    def opinion_matches(objection: Any, act: Act) -> Iterable[Problem]:
        if objection.opinion != expected:
            yield Problem(_("The handler's opinion is another one. Send it back if you do not agree."))

    return opinion_matches
