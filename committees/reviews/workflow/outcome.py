"""The table of the personal file: reasons in words, filing."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.workflow import NEW, SAME, Act, Tell, Transition, Workflow
from committees.reviews.access import outcome as access
from committees.reviews.models import PersonalFile, PersonalFileRecord
from committees.reviews.rules import outcome as rules


def person(file: Any) -> Iterable[Any]:
    """The applicant."""
    user = file.declaration.applicant.user
    return [user] if user else []


def _explain(file: PersonalFile, act: Act) -> None:
    file.reasons = act.data["reasons"].strip()


def _file(file: PersonalFile, act: Act) -> None:
    file.place, file.filed_on = act.data["place"].strip(), act.day


_REASONS_TOLD = (
    Tell(
        person,
        _("The reasons of the decision on {obj}"),
        _("The office has written down the reasons. Your decision letter contains them."),
        who="the person concerned",
    ),
)

PERSONAL_FILE = Workflow(
    PersonalFile,
    PersonalFileRecord,
    Transition(
        "explain",
        _("Give the reasons"),
        (NEW, "open"),
        "open",
        access.is_clerk_of_the_case & access.is_not_ones_own,
        guards=(rules.case_decided, rules.reasons_given),
        apply=_explain,
        keep=("reasons",),
        tells=_REASONS_TOLD,
    ),
    Transition(
        "explain_later",
        _("Give the reasons after the filing"),
        ("filed",),
        SAME,
        access.is_clerk_of_the_case & access.is_not_ones_own,
        guards=(rules.reasons_given,),
        apply=_explain,
        keep=("reasons",),
        tells=_REASONS_TOLD,
    ),
    Transition(
        "file",
        _("Confirm the filing"),
        (NEW, "open"),
        "filed",
        access.keeps_the_file & access.is_not_ones_own,
        guards=(rules.case_decided, rules.place_named),
        apply=_file,
        keep=("place",),
    ),
)
