"""The table of a sampled case (抽中件), from the draw to its finding and, after a defect, to the end of the matter."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from applications import access
from applications.models import SpotCheckItem, SpotCheckItemRecord
from applications.rules import spot_check as rules
from applications.workflow import people
from appraisal_portal.accounts.models import Membership, User
from appraisal_portal.accounts.services import bureau_members
from appraisal_portal.kernel import calendar
from appraisal_portal.kernel.workflow import NEW, Act, Tell, Transition, Workflow

S = SpotCheckItem.Status
_FORM = "applications.forms.spot_check.FindingForm"


def _applicant(item: Any) -> Iterable[User]:
    return people.applicant(item.declaration)


def _unit(item: Any) -> Iterable[User]:
    return people.unit_clerks(item.declaration)


def _office(item: Any) -> Iterable[User]:
    return people.handler(item.declaration)


def _bureau(_item: Any) -> Iterable[User]:
    return bureau_members(Membership.Role.BUREAU_REVIEWER)


def _approvers(_item: Any) -> Iterable[User]:
    return bureau_members(Membership.Role.BUREAU_APPROVER)


def _case(item: Any) -> str:
    return str(item.declaration.get_absolute_url())


def _findings_by(item: Any) -> dt.date | None:
    return item.spot_check.findings_by  # type: ignore[no-any-return]


def _re_examine_by(item: Any) -> dt.date | None:
    return item.re_examine_by  # type: ignore[no-any-return]


def _found(item: Any, act: Act) -> None:
    item.found_by_id, item.found_on, item.note = act.actor.pk, act.day, act.reason[:1000]


def _ordered(item: Any, act: Act) -> None:
    item.re_examine_by = calendar.add_working_days(act.day, settings.PORTAL_RE_EXAMINATION_DAYS).ends_on


def _examined(item: Any, act: Act) -> None:
    item.re_examined_at = act.at


def _exclude(item: Any, act: Act, record: Any) -> None:
    Workflow.registry["applications.Declaration"].fire(
        item.declaration, "reject_after_spot_check", actor=act.actor, reason=act.reason, cause=record
    )


def settle_re_examination(declaration: Any, act: Act, record: Any) -> None:
    """The office decided a case that a spot check had opened again: that is its re-examination."""
    name = "confirm" if act.transition.name == "qualify" else "find_not_eligible"
    open_ones = SpotCheckItem.objects.filter(declaration=declaration.pk, status__in=(S.RE_EXAMINING, S.NOT_ELIGIBLE))
    for item in open_ones.order_by("pk"):
        if item.status in SPOT_CHECK_ITEM.transitions[name].sources:
            SPOT_CHECK_ITEM.fire(
                item, name, actor=act.actor, reason=act.reason or str(act.transition.label), cause=record
            )


SPOT_CHECK_ITEM = Workflow(
    SpotCheckItem,
    SpotCheckItemRecord,
    Transition(
        "draw", _("Draw for the spot check"), (NEW,), S.PENDING, driven_by=("applications.SpotCheck.draw",),
        tells=[
            Tell(_applicant, _("Declaration {obj} was drawn for a spot check"),
                 _("The draw is random. The bureau looks at your material by {by}; until then the case waits. You do "
                   "not need to do anything."), by=_findings_by, link=_case, who="applicant"),
            Tell(_unit, _("Spot check: declaration {obj}"),
                 _("The case was drawn at random. Please keep the originals you compared at hand until {by}."),
                 by=_findings_by, action_needed=True, link=_case, who="unit_clerk"),
            Tell(_office, _("Spot check: declaration {obj}"),
                 _("The case was drawn at random for spot check {check}. Until the bureau has recorded its finding, by "
                   "{by}, it goes no further."), by=_findings_by, who="handler"),
        ],
    ),
    Transition(
        "clear", _("Record: no defect"), (S.PENDING,), S.CLEAR, access.checks_sampled_case,
        guards=(rules.every_claim_true,), apply=_found, form=_FORM, keep=("judged",),
        explanation=_("Every item was compared with its file. The case goes on at once."),
        tells=[
            Tell(_applicant, _("Spot check of declaration {obj}: no defect"),
                 _("Your declaration goes on. You do not need to do anything."), link=_case, who="applicant"),
            Tell(_office, _("Spot check of declaration {obj}: no defect"), _("The case can go on."), who="handler"),
        ],
    ),
    Transition(
        "find_defect", _("Record a defect"), (S.PENDING,), S.DEFECT, access.checks_sampled_case,
        guards=(rules.some_claim_doubtful,), apply=_found, form=_FORM, keep=("judged",), needs_reason=True,
        explanation=_("The case stays frozen until it was examined again. The approver orders that with the others."),
        tells=[
            Tell(_office, _("Spot check found a defect: declaration {obj}"),
                 _("What was found: {finding}. The case is frozen; the bureau will order the re-examination."),
                 who="handler"),
        ],
    ),
    Transition(
        "order", _("Order the re-examination"), (S.DEFECT,), S.RE_EXAMINING,
        driven_by=("applications.SpotCheck.order",), apply=_ordered,
        tells=[
            Tell(_office, _("To examine again: declaration {obj}"),
                 _("Spot check {check} found: {finding}. Please examine the case again and record the result by {by}."),
                 by=_re_examine_by, action_needed=True, who="handler"),
            Tell(_unit, _("Re-examination of declaration {obj}"),
                 _("A spot check found: {finding}. Please have the originals ready for the office until {by} and "
                   "answer its questions."), by=_re_examine_by, action_needed=True, link=_case, who="unit_clerk"),
            Tell(_applicant, _("Declaration {obj} is examined again"),
                 _("A spot check found: {finding}. The office examines the case again by {by} and asks you if it needs "
                   "anything. Until then the case waits."), by=_re_examine_by, link=_case, who="applicant"),
        ],
    ),
    Transition(
        "confirm", _("Examined again: eligible"), (S.RE_EXAMINING, S.NOT_ELIGIBLE), S.CONFIRMED,
        access.re_examines & access.sampled_somebody_else, guards=(rules.beyond_examination,), apply=_examined,
        needs_reason=True, driven_by=("applications.Declaration.qualify",),
        explanation=_("Say what was compared and why the person is eligible all the same. The case goes on."),
        tells=[
            Tell(_bureau, _("Examined again, eligible: declaration {obj}"), _("The reason: {reason}."),
                 who="bureau_reviewer"),
            Tell(_applicant, _("Declaration {obj} was examined again: eligible"),
                 _("Your declaration goes on. You do not need to do anything."), link=_case, who="applicant"),
        ],
    ),
    Transition(
        "find_not_eligible", _("Examined again: not eligible"), (S.RE_EXAMINING,), S.NOT_ELIGIBLE,
        access.re_examines & access.sampled_somebody_else, guards=(rules.beyond_examination,), apply=_examined,
        needs_reason=True, driven_by=("applications.Declaration.disqualify",),
        explanation=_("The case stays frozen; an approver of the bureau excludes it."),
        tells=[
            Tell(_approvers, _("Examined again, not eligible: declaration {obj}"),
                 _("The reason: {reason}. Please exclude the case, if it has not ended with the examination."),
                 action_needed=True, who="bureau_approver"),
        ],
    ),
    Transition(
        "exclude", _("Exclude the case"), (S.NOT_ELIGIBLE,), S.EXCLUDED,
        access.is_bureau_approver & access.sampled_somebody_else, guards=(rules.can_leave,), then=_exclude,
        needs_reason=True, irreversible=True, confirm=lambda item: str(item.declaration),
        explanation=_("The person gets no title from this review and is told the reason."),
    ),
)  # fmt: skip
