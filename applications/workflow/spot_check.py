"""The table of spot checks (抽查): announced, drawn by a seed of a later day, found, examined again, closed."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from applications import access
from applications.models import Declaration, SpotCheck, SpotCheckItem, SpotCheckRecord
from applications.rules import spot_check as rules
from applications.workflow.declaration import DECLARATION
from applications.workflow.spot_check_item import SPOT_CHECK_ITEM
from appraisal_portal.accounts.models import Membership, User
from appraisal_portal.accounts.services import bureau_members, members_of
from appraisal_portal.kernel import calendar, documents
from appraisal_portal.kernel.workflow import NEW, Act, Tell, Transition, Workflow

S = SpotCheck.Status
Role = Membership.Role
REPORT = "spot-check"


def _approvers(_check: Any) -> Iterable[User]:
    return bureau_members(Role.BUREAU_APPROVER)


def _reviewers(_check: Any) -> Iterable[User]:
    return bureau_members(Role.BUREAU_REVIEWER)


def _offices(check: Any) -> Iterable[User]:
    offices = sorted({line.committee.office_id for line in check.lines.select_related("committee")})
    return {user.pk: user for office in offices for user in members_of(office, Role.OFFICE_CLERK)}.values()


def _findings_by(check: Any) -> Any:
    return check.findings_by


def _draw(check: SpotCheck, act: Act) -> None:
    head = act.data["head"]
    check.seed, check.seed_day, check.chain_seq = head.hash, head.day, head.seq
    check.sample = rules.drawn(check.seed, check.population, check.rule)
    check.drawn_by_id, check.drawn_on = act.actor.pk, act.day
    check.findings_by = calendar.add_working_days(act.day, settings.PORTAL_SPOT_CHECK_DAYS).ends_on


def _set_lines(check: SpotCheck, act: Act, record: Any) -> None:
    check.lines.set(act.data["lines"])


def _sample(check: SpotCheck, act: Act, record: Any) -> None:
    pks = {row[0]: row[2] for row in check.population}
    for pk in sorted(pks[number] for number in check.sample):
        item = SpotCheckItem(spot_check=check, declaration_id=pk)
        SPOT_CHECK_ITEM.fire(item, "draw", actor=act.actor, cause=record)


def _order(check: SpotCheck, act: Act, record: Any) -> None:
    defects = check.items.filter(status=SpotCheckItem.Status.DEFECT).order_by("declaration_id")
    for item in defects:
        SPOT_CHECK_ITEM.fire(item, "order", actor=act.actor, cause=record)
        declaration = Declaration.objects.select_for_update(of=("self",)).get(pk=item.declaration_id)
        if rules.can_be_reopened(declaration, act):
            DECLARATION.fire(declaration, "reopen_examination", actor=act.actor, reason=item.note, cause=record)


def _report(check: SpotCheck, act: Act, record: Any) -> None:
    documents.issue(REPORT, check, actor=act.actor)


SPOT_CHECK = Workflow(
    SpotCheck,
    SpotCheckRecord,
    Transition(
        "announce", _("Announce a spot check"), (NEW,), S.ANNOUNCED, access.is_bureau_reviewer,
        guards=(rules.rule_complete, rules.somebody_to_draw), then=_set_lines,
        keep=("rule", "population", "population_sha256"), basis="examination.by_office",
        tells=[
            Tell(_offices, _("Spot check {obj} is announced"),
                 _("Rule and population stand on the portal. The cases are drawn by a seed nobody knows yet."),
                 who="office clerks of the lines"),
        ],
        public_label=_("Spot check announced"),
    ),
    Transition(
        "draw", _("Draw the sample"), (S.ANNOUNCED,), S.DRAWN, access.is_bureau_reviewer,
        guards=(rules.seed_known, rules.population_as_announced), apply=_draw, then=_sample,
        form="applications.forms.spot_check.DrawForm",
        explanation=_("The sample follows from announced rule, frozen population and seed; anybody can run it again. "
                      "The cases drawn wait for their finding; everybody concerned is told."),
        tells=[
            Tell(_reviewers, _("Spot check {obj}: the sample is drawn"),
                 _("Please check each case against its files and record the finding by {by}."),
                 by=_findings_by, action_needed=True, who="bureau_reviewer"),
        ],
        public_label=_("Sample drawn"),
    ),
    Transition(
        "find", _("Complete the findings"), (S.DRAWN,), S.FOUND, access.is_bureau_reviewer,
        guards=(rules.every_item_found,),
        explanation=_("An approver orders re-examinations where defects were found, or closes the check."),
        tells=[
            Tell(_approvers, _("Spot check {obj}: the findings are complete"),
                 _("Please read them, order the re-examination of each defect or close the check."),
                 action_needed=True, who="bureau_approver"),
        ],
    ),
    Transition(
        "order", _("Order the re-examinations"), (S.FOUND,), S.RE_EXAMINING, access.is_bureau_approver,
        guards=(rules.some_defect,), then=_order, basis="examination.by_office",
        explanation=_("Cases on no roster are open in the examination again; the others are frozen until the office "
                      "has recorded its re-examination. Office, unit and applicant are told what to do by when."),
    ),
    Transition(
        "close", _("Close the spot check"), (S.FOUND, S.RE_EXAMINING), S.CLOSED, access.is_bureau_approver,
        guards=(rules.no_open_defect,), then=_report, irreversible=True, confirm=str,
        explanation=_("The report is made with rule, population, seed, sample and findings."),
        tells=[
            Tell(_offices, _("Spot check {obj} is closed"), _("The findings on your cases stand on its page."),
                 who="office clerks of the lines"),
        ],
        public_label=_("Spot check closed"),
    ),
)  # fmt: skip
