"""The table of the bureau's decisions (model.md §7), one shape for four kinds of rows; and that of committees."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import User
from appraisal_portal.accounts.services import bureau_members, holders_of, members_of
from appraisal_portal.kernel.access import Predicate, not_the_same_person_as
from appraisal_portal.kernel.approvals import same_content, seen_content, write_decision, write_proposal
from appraisal_portal.kernel.workflow import SAME, Act, Guard, Tell, Transition, Workflow
from committees.plans import access, rules
from committees.plans.models import (
    Committee,
    CommitteeRecord,
    CommitteeTerm,
    Decision,
    Deployment,
    DeploymentDay,
    DeploymentRecord,
    Notice,
    NoticeRecord,
    PlanRecord,
    ReviewPlan,
    StandardRecord,
    StandardVersion,
    TermRecord,
)

Role = access.Role
Previous = Callable[[Any], Iterable[Any]]


def _reviewers(row: Any) -> Iterable[User]:
    return bureau_members(Role.BUREAU_REVIEWER)


def _approvers(row: Any) -> Iterable[User]:
    return [user for user in bureau_members(Role.BUREAU_APPROVER) if user.pk != row.proposed_by_id]


def _owners(row: Any) -> Iterable[User]:
    """Those who drafted it: the committee's office, else the bureau's reviewers."""
    committee = access.owner_committee(row)
    if committee is None:
        return bureau_members(Role.BUREAU_REVIEWER)
    return members_of(committee.office_id, Role.OFFICE_CLERK, Role.COMMITTEE_DIRECTOR)


def _offices_of_plan(plan: Any) -> Iterable[User]:
    offices = plan.lines.order_by().values_list("committee__office", flat=True).distinct()
    return [user for office in offices for user in members_of(office, Role.OFFICE_CLERK, Role.COMMITTEE_DIRECTOR)]


def _counties(_plan: Any) -> Iterable[User]:
    """Everybody of the county bureaus in use."""
    return holders_of(Role.FORWARDER, organisation__kind="county_bureau", organisation__status="active")


def _units_of_county(deployment: Any) -> Iterable[User]:
    """Clerks and heads of the units that send through the county bureau."""
    return holders_of(
        Role.UNIT_CLERK, Role.UNIT_HEAD, organisation__forwarder=deployment.county_id, organisation__status="active"
    )


def _is_published_on(row: Any, act: Act) -> None:
    row.published_on = act.day


def _forget_decision(row: Any, act: Act) -> None:
    row.decided_by, row.decided_at, row.decided_hash = None, None, ""


def bureau_decision(  # noqa: PLR0913 - one shape, the arguments are where the four kinds differ
    model: Any,
    record_model: Any,
    *,
    submits: Predicate,
    on_submit: Sequence[Guard],
    on_approve: Sequence[Guard] = (),
    publishes: Predicate | None = None,
    told_when_published: Callable[[Any], Iterable[User]] = _owners,
    asks_when_published: Sequence[Tell] = (),
    previous: Previous | None = None,
    supersede_at: str = "approve",
    end_previous: Callable[[Any, Act], None] | None = None,
    more: Sequence[Transition] = (),
) -> Workflow:
    """The table for one kind of row.

    ``previous(row)`` gives the rows the new one supersedes, at its transition ``supersede_at``. The guards of
    submission judge again at approval: a committee may have been suspended in between. ``more``: rows of its own.
    """

    def supersede(row: Any, act: Act, record: Any) -> None:
        for earlier in previous(row) if previous else ():
            table.fire(earlier, "supersede", actor=act.actor, cause=record)

    driver = f"{model._meta.label}.{supersede_at}"
    rows = [
        Transition(
            "submit", _("Submit to the bureau"), (Decision.DRAFT, Decision.RETURNED), Decision.SUBMITTED, submits,
            guards=on_submit,
            tells=[
                Tell(_reviewers, _("To check: {obj}"), _("Please check “{obj}” and propose a decision."),
                     action_needed=True, who="bureau_reviewer")
            ],
            public_label=_("Submitted to the bureau"),
        ),
        Transition(
            "propose", _("Propose approval"), (Decision.SUBMITTED,), Decision.PROPOSED, access.is_bureau_reviewer,
            guards=(seen_content,), apply=write_proposal,
            tells=[
                Tell(_approvers, _("To decide: {obj}"),
                     _("“{obj}” is proposed for approval. Please decide as the second person."),
                     action_needed=True, who="bureau_approver")
            ],
            explanation=_("A second person of the bureau will confirm exactly what you see here."),
        ),
        Transition(
            "approve", _("Approve"), (Decision.PROPOSED,), Decision.APPROVED,
            access.is_bureau_approver & not_the_same_person_as("propose"),
            guards=(same_content, *on_submit, *on_approve), apply=write_decision,
            then=supersede if supersede_at == "approve" and previous else None,
            tells=[Tell(_owners, _("Approved: {obj}"), _("The bureau has approved “{obj}”."), who="owner")],
            basis="plan.approved_first", public_label=_("Approved by the bureau"),
        ),
        Transition(
            "send_back", _("Send back"), (Decision.SUBMITTED, Decision.PROPOSED), Decision.RETURNED, access.sends_back,
            apply=_forget_decision, needs_reason=True, form="appraisal_portal.kernel.returning.ReturnForm",
            tells=[
                Tell(_owners, _("Sent back: {obj}"),
                     _("“{obj}” was sent back: {reason}. Please mend it and submit it again."),
                     action_needed=True, who="owner")
            ],
            public_label=_("Sent back"),
        ),
    ]  # fmt: skip
    if publishes is not None:
        rows.append(
            Transition(
                "publish", _("Publish"), (Decision.APPROVED,), Decision.PUBLISHED, publishes, apply=_is_published_on,
                then=supersede if supersede_at == "publish" and previous else None,
                tells=[
                    Tell(told_when_published, _("Published: {obj}"), _("“{obj}” has been published."), who="offices"),
                    *asks_when_published,
                ],
                basis="plan.approved_first", public_label=_("Published"),
            )
        )  # fmt: skip
    if previous is not None:
        rows.append(
            Transition(
                "supersede", _("Supersede"), (Decision.APPROVED, Decision.PUBLISHED), Decision.SUPERSEDED,
                apply=end_previous, driven_by=(driver,), public_label=_("Superseded by a newer version"),
            )
        )  # fmt: skip
    table = Workflow(model, record_model, *rows, *more)
    return table


def _plans_before(plan: ReviewPlan) -> Iterable[ReviewPlan]:
    return ReviewPlan.objects.in_force().filter(year=plan.year).exclude(pk=plan.pk).order_by("pk")


def _versions_before(version: StandardVersion) -> Iterable[StandardVersion]:
    return version.standard.versions.in_force().exclude(pk=version.pk).order_by("pk")


def _notice_before(notice: Notice) -> Iterable[Notice]:
    return Notice.objects.in_force().filter(Q(pk=notice.replaces_id))


def _effective_until(version: Any, act: Act) -> None:
    """The version ends the day before its successor begins."""
    successor = act.cause.subject
    version.effective_to = successor.effective_from - dt.timedelta(days=1)


SUGGESTED = ("committee", "level", "channel", "opens_on", "closes_on", "unit_deadline", "meeting_month")
"""What a committee proposes of its line (notice IV(1)); the rest of a line is the bureau's."""

REVIEW_PLAN = bureau_decision(
    ReviewPlan,
    PlanRecord,
    submits=access.is_bureau_reviewer,
    on_submit=(
        rules.complete,
        rules.dates_confirmed,
        rules.windows_in_order,
        rules.windows_apart,
        rules.rule_sets_fit,
        rules.committees_active,
        rules.covered_by_scope,
    ),
    publishes=access.is_bureau_reviewer,
    told_when_published=_offices_of_plan,
    asks_when_published=(
        Tell(
            _counties,
            _("To deploy in your county: {obj}"),
            _("“{obj}” has been published. Please publish how your county carries it out, and by when its units send."),
            action_needed=True,
            who="county bureaus",
            link=lambda plan: reverse("plans:deployment-list"),
        ),
    ),
    previous=_plans_before,
    more=(
        Transition(
            "suggest",
            _("Propose a line of your committee"),
            (Decision.DRAFT, Decision.RETURNED),
            SAME,
            access.proposes_lines,
            needs_reason=True,
            form="committees.plans.forms.SuggestionForm",
            keep=SUGGESTED,
            tells=(
                Tell(
                    _reviewers,
                    _("Proposal for a plan: {obj}"),
                    _("{reason} Take it over, or write a line of your own."),
                    action_needed=True,
                    who="bureau_reviewer",
                ),
            ),
            explanation=_(
                "The bureau reads it beside the draft and takes it over or not; the draft itself stays as it is. "
                "You can propose again as long as the plan has not been submitted."
            ),
            public_label=_("Proposed by a committee"),
        ),
    ),
)

COMMITTEE_TERM = bureau_decision(
    CommitteeTerm,
    TermRecord,
    submits=access.is_own_director,
    on_submit=(
        rules.complete,
        rules.dates_confirmed,
        rules.one_chair,
        rules.size_in_rule_set,
        rules.term_not_too_long,
        rules.term_not_over,
        rules.term_free,
    ),
)

STANDARD_VERSION = bureau_decision(
    StandardVersion,
    StandardRecord,
    submits=access.is_own_director,
    on_submit=(rules.complete, rules.dates_confirmed, rules.can_be_asked),
    on_approve=(rules.approved_before_use, rules.no_window_under_another_version),
    previous=_versions_before,
    end_previous=_effective_until,
)

NOTICE = bureau_decision(
    Notice,
    NoticeRecord,
    submits=access.submits_notice,
    on_submit=(rules.complete,),
    publishes=access.publishes_notice,
    previous=_notice_before,
    supersede_at="publish",
)

COMMITTEE = Workflow(
    Committee,
    CommitteeRecord,
    Transition(
        "suspend", _("Suspend"), (Committee.Status.ACTIVE,), Committee.Status.SUSPENDED, access.is_bureau_approver,
        needs_reason=True, explanation=_("No window of this committee stays open and no meeting may be approved."),
        driven_by=("supervision.SupervisionCheck.withdraw",),
        tells=[
            Tell(_owners, _("Suspended: {obj}"), _("The bureau has suspended “{obj}”: {reason}"), who="office")
        ],
    ),
    Transition(
        "restore", _("Restore"), (Committee.Status.SUSPENDED,), Committee.Status.ACTIVE, access.is_bureau_approver,
        needs_reason=True,
        tells=[Tell(_owners, _("Restored: {obj}"), _("The bureau has restored “{obj}”."), who="office")],
    ),
)  # fmt: skip


def _write_days(deployment: Any, act: Act, record: Any) -> None:
    """The days stand from now on, whatever happens to the calendar; the county's deployment before ends."""
    DeploymentDay.objects.bulk_create(deployment.days_now())
    of_year = Deployment.objects.in_force().filter(county=deployment.county_id, plan__year=deployment.plan.year)
    for earlier in of_year.exclude(pk=deployment.pk).order_by("pk"):
        DEPLOYMENT.fire(earlier, "supersede", actor=act.actor, cause=record)


DEPLOYMENT = Workflow(
    Deployment,
    DeploymentRecord,
    Transition(
        "publish", _("Publish the deployment"), (Deployment.Status.DRAFT,), Deployment.Status.PUBLISHED,
        access.is_county,
        guards=(rules.deploys_the_plan_in_force, rules.deployment_complete, rules.something_left_to_deploy),
        apply=_is_published_on, then=_write_days,
        tells=[
            Tell(_units_of_county, _("Deployment of your county: {obj}"),
                 _("Please read by when your unit sends declarations to the county bureau, and tell your staff."),
                 who="work units of the county", link=lambda deployment: deployment.get_public_url()),
            Tell(_reviewers, _("A county has deployed the plan: {obj}"), _("You do not need to do anything."),
                 who="bureau_reviewer", link=lambda deployment: deployment.get_public_url()),
        ],
        explanation=_("Everybody can read it, and the units of the county are told. Its days stay as they are now."),
        public_label=_("Published"),
    ),
    Transition(
        "supersede", _("Supersede"), (Deployment.Status.PUBLISHED,), Deployment.Status.SUPERSEDED,
        driven_by=("plans.Deployment.publish",), public_label=_("Superseded by a newer version"),
    ),
)  # fmt: skip

TABLES = (REVIEW_PLAN, COMMITTEE_TERM, STANDARD_VERSION, NOTICE, COMMITTEE, DEPLOYMENT)
