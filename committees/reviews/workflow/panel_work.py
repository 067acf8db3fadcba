"""The tables of score sheets and panel opinions (评分表、专业组意见)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import User
from appraisal_portal.kernel.workflow import Act, Tell, Transition, Workflow
from committees.reviews.access import panel as access
from committees.reviews.models import (
    Admission,
    PanelOpinion,
    PanelOpinionRecord,
    ScoreSheet,
    ScoreSheetRecord,
)
from committees.reviews.rules import panel_work as rules


def _alone(work: Any) -> None:
    """Lock the case before sheet or opinion: an opinion is signed over sheets that stay as they are.

    No key lock: an opening round, which holds the opinions, refers to the case and must not wait for it.
    """
    Admission.objects.select_for_update(of=("self",), no_key=True).get(pk=work.admission_id)


def _member(sheet: ScoreSheet) -> Iterable[User]:
    return [sheet.member.user]


def _day(sheet: ScoreSheet) -> Any:
    return sheet.admission.meeting.meets_on


def _sign(opinion: PanelOpinion, act: Act) -> None:
    opinion.signed_by_id, opinion.signed_at = act.actor.pk, act.at
    if rules.asks_scores(opinion.admission) and (average := rules.standing(opinion.admission).average) is not None:
        opinion.average_num, opinion.average_den = average.numerator, average.denominator


def _take_back(opinion: PanelOpinion, act: Act) -> None:
    opinion.signed_by = opinion.signed_at = opinion.average_num = opinion.average_den = None


SCORE_SHEET = Workflow(
    ScoreSheet,
    ScoreSheetRecord,
    Transition(
        "submit", _("Hand in the score sheet"), ("draft",), "submitted", access.scores_it,
        first=_alone, guards=(rules.meeting_in_session, rules.opinion_not_signed, rules.sheet_complete),
        explanation=_("The head of the panel sees your points; the other members when all sheets are in."),
    ),
    Transition(
        "reopen", _("Open the score sheet again"), ("submitted",), "draft", access.speaks_for_the_panel,
        first=_alone, guards=(rules.meeting_in_session, rules.opinion_not_signed, rules.reason_anonymous),
        needs_reason=True,
        explanation=_("For a slip of the pen. The member changes the sheet and hands it in again."),
        tells=[
            Tell(_member, _("Your score sheet is open again"),
                 _("The head of the panel opened your {obj} again: {reason}. Please hand it in again on {by}."),
                 by=_day, action_needed=True, who="juror"),
        ],
    ),
)  # fmt: skip

PANEL_OPINION = Workflow(
    PanelOpinion,
    PanelOpinionRecord,
    Transition(
        "sign", _("Sign the opinion"), ("draft",), "signed", access.speaks_for_the_panel,
        first=_alone,
        guards=(
            rules.meeting_in_session, rules.opinion_given, rules.scores_in, rules.defence_noted, rules.nobody_named,
            rules.opinion_anonymous, rules.not_before_the_committee,
        ),
        apply=_sign,
        explanation=_("All members read it with the ballot sheet; it is printed in the applicant's form 2-1."),
    ),
    Transition(
        "reopen", _("Take the signature back"), ("signed",), "draft", access.speaks_for_the_panel,
        guards=(rules.meeting_in_session, rules.not_before_the_committee, rules.reason_anonymous), apply=_take_back,
        needs_reason=True,
        explanation=_("Possible until the ballot on this person is opened."),
    ),
)  # fmt: skip
