"""The table of recusals of the office's staff (工作人员回避), and whoever it finds in the data of a case."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications import access
from applications.models import CaseRecusal, CaseRecusalRecord, Declaration
from applications.rules import recusal as rules
from applications.rules.examination import decided_before_recheck
from applications.workflow import people
from appraisal_portal.accounts.models import Membership, User
from appraisal_portal.accounts.services import bureau_members, members_of
from appraisal_portal.kernel.access import IS_SYSTEM, SYSTEM
from appraisal_portal.kernel.workflow import NEW, Act, Tell, Transition, Workflow
from committees.plans.models import DecidedBy

S = Declaration.Status
HANDLED = (S.RECOMMENDED, S.FORWARDED, S.IN_EXAMINATION, S.SUPPLEMENT)
"""Where somebody of the office is needed."""
Role = Membership.Role


def nobody_left(declaration: Any) -> bool:
    """Whether nobody of the committee's office can handle the case: all keep away, or decided it before a recheck."""
    with_forwarder = declaration.status == S.RECOMMENDED and declaration.unit.forwarder_id
    if declaration.status not in HANDLED or with_forwarder or declaration.decider != DecidedBy.COMMITTEE:
        return False
    decided = decided_before_recheck(declaration)
    return not any(user.pk != decided for user in people.office_clerks(declaration))


def bureau_where_nobody_is_left(declaration: Any) -> Iterable[User]:
    """The bureau, which lends the office another clerk; nobody while the office can handle the case itself."""
    return bureau_members() if nobody_left(declaration) else []


LEND_A_CLERK = Tell(
    bureau_where_nobody_is_left, _("Nobody in the office can handle declaration {obj}"),
    _("Everybody in the committee's office keeps away from this case or decided it before. Please grant another person "
      "the role of office clerk there, for as long as it takes."),
    action_needed=True, who="bureau, where the office has nobody left",
    link=lambda _declaration: reverse("accounts:membership-add"),
)  # fmt: skip


def _deciders(recusal: Any) -> Iterable[User]:
    declaration = recusal.declaration
    if declaration.recommended_on is None:  # the office finds it on the page of the case when it arrives
        return []
    office = members_of(declaration.committee.office_id, Role.OFFICE_CLERK, Role.COMMITTEE_DIRECTOR)
    return people.knowing(declaration, office) or bureau_members(Role.BUREAU_REVIEWER)


def _bureau(recusal: Any) -> Iterable[User]:
    return bureau_where_nobody_is_left(recusal.declaration)


def _release(recusal: CaseRecusal, act: Act, record: Any) -> None:
    """Whoever keeps away handles the case no longer; a colleague takes it on or is assigned."""
    handled = Declaration.objects.filter(
        pk=recusal.declaration_id, handler=recusal.user_id, status__in=(S.IN_EXAMINATION, S.SUPPLEMENT)
    )
    if handled.update(handler=None):
        recusal.declaration.handler = None


CASE_RECUSAL = Workflow(
    CaseRecusal,
    CaseRecusalRecord,
    Transition(
        "propose", _("Stand back from the case"), (NEW,), "open", IS_SYSTEM | access.declares_own_recusal,
        then=_release,
        tells=[
            Tell(_deciders, _("A recusal in the office to decide: {obj}"),
                 _("Somebody of the office is to keep away from this case and sees nothing of it now. Please confirm "
                   "or refuse it on the page of the declaration."),
                 action_needed=True, who="the others of the office, else bureau_reviewer"),
            Tell(_bureau, LEND_A_CLERK.subject, LEND_A_CLERK.body, action_needed=True, who=LEND_A_CLERK.who,
                 link=LEND_A_CLERK.link),
        ],
    ),
    Transition(
        "confirm", _("Confirm the recusal"), ("open",), "confirmed", access.decides_case_recusals,
        explanation=_("That person sees nothing of this case any more; somebody else handles it."),
    ),
    Transition(
        "refuse", _("Refuse the recusal"), ("open",), "refused", access.decides_case_recusals,
        guards=(rules.not_declared_by_that_person,), needs_reason=True,
        explanation=_("That person sees the case again and may handle it; the reason stays on record."),
    ),
)  # fmt: skip


def propose(declaration: Any, user: User, source: str, ground: str) -> None:
    """Propose from data that somebody of the office keeps away; once for each source."""
    if not CaseRecusal.objects.filter(declaration=declaration, user=user, source=source).exists():
        row = CaseRecusal(declaration=declaration, user=user, source=source, ground=ground[:200])
        CASE_RECUSAL.fire(row, "propose", actor=SYSTEM)


def propose_from_achievements(declaration: Any, act: Act, record: Any) -> None:
    """When a case reaches an office: whoever of its staff the achievements name is proposed to keep away."""
    if declaration.decider != DecidedBy.COMMITTEE:
        return
    office = members_of(declaration.committee.office_id, Role.OFFICE_CLERK, Role.COMMITTEE_DIRECTOR)
    found = rules.named_in_achievements(declaration, {user.full_name for user in office})
    for user in office:
        if user.full_name in found:
            propose(declaration, user, CaseRecusal.Source.CO_AUTHOR, "业绩成果或代表作中列有此人")
