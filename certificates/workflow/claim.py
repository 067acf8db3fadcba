"""The table of examination and old paper certificates to be registered: no appraisal, no publicity; two people."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import outbox
from appraisal_portal.kernel.access import not_the_same_person_as
from appraisal_portal.kernel.approvals import same_content, seen_content, write_decision, write_proposal
from appraisal_portal.kernel.workflow import Act, Tell, Transition, Workflow
from certificates.access import is_approver, is_claimant, is_reviewer
from certificates.models import Claim, ClaimRecord, IssueItem
from certificates.rules import claim as rules

from .people import approvers, holder, reviewers

Status = Claim.Status
FACTS = (
    rules.by_examination,
    rules.from_before_e_certificates,
    rules.title_of_the_day,
    rules.dated_in_the_past,
    rules.not_registered_yet,
    rules.no_ban_stands,
    rules.files_harmless,
)
"""What is judged whenever a claim goes a step on."""

_CHECKS = is_reviewer & ~is_claimant
_DECIDES = is_approver & not_the_same_person_as("propose") & not_the_same_person_as("propose_refusal") & ~is_claimant


def _hand_in(claim: Claim, act: Act) -> None:
    claim.submitted_at = act.at


def _propose_refusal(claim: Claim, act: Act) -> None:
    write_proposal(claim, act)
    claim.proposal = Claim.Proposal.REJECT


def _order(claim: Claim, act: Act, record: Any) -> None:
    item = IssueItem.objects.create(claim=claim)
    outbox.put("certificates.issue", f"certificates_issueitem:{item.pk}", {"item": item.pk})


CLAIM = Workflow(
    Claim,
    ClaimRecord,
    Transition(
        "submit", _("Hand in to the bureau"), (Status.DRAFT, Status.RETURNED), Status.SUBMITTED, is_claimant,
        guards=FACTS, apply=_hand_in, public_label=_("Handed in"), basis="exam_series.no_appraisal",
        explanation=_(
            "The bureau compares your entries with the certificate you uploaded. Nothing is appraised or publicised."
        ),
        tells=(
            Tell(reviewers, _("A certificate to register, to be checked: {obj}"),
                 _("Please compare the entries with the uploaded certificate and propose a decision."),
                 action_needed=True, who="bureau reviewers"),
        ),
    ),
    Transition(
        "propose", _("Propose the registration"), (Status.SUBMITTED,), Status.PROPOSED, _CHECKS,
        guards=(*FACTS, rules.files_scanned, seen_content), apply=write_proposal,
        form="certificates.forms.claim.ComparedForm", keep=("compared",), basis="exam_series.no_appraisal",
        tells=(
            Tell(approvers, _("A certificate to register waits for your decision: {obj}"),
                 _("The reviewer proposes to register it. Please read it and decide."),
                 action_needed=True, who="bureau approvers"),
        ),
    ),
    Transition(
        "propose_refusal", _("Propose a refusal"), (Status.SUBMITTED,), Status.PROPOSED, _CHECKS,
        guards=(seen_content,), apply=_propose_refusal, needs_reason=True,
        tells=(
            Tell(approvers, _("A certificate to register waits for your decision: {obj}"),
                 _("The reviewer proposes to refuse it: {reason}"), action_needed=True, who="bureau approvers"),
        ),
    ),
    Transition(
        "send_back", _("Return for correction"), (Status.SUBMITTED,), Status.RETURNED, _CHECKS, needs_reason=True,
        public_label=_("Returned for correction"),
        tells=(
            Tell(holder, _("Please correct your registration: {obj}"),
                 _("The bureau returned it: {reason} Correct it and hand it in again."),
                 action_needed=True, who="the holder"),
        ),
    ),
    Transition(
        "approve", _("Register and issue the e-certificate"), (Status.PROPOSED,), Status.APPROVED, _DECIDES,
        guards=(*FACTS, rules.files_scanned, same_content), apply=write_decision, then=_order,
        public_label=_("Registration approved"), basis="certificate.electronic_only",
        explanation=_("The e-certificate gets its number right away; a number is never used again."),
    ),
    Transition(
        "refuse", _("Refuse the registration"), (Status.PROPOSED,), Status.REFUSED, _DECIDES,
        guards=(rules.refusal_proposed, seen_content), apply=write_decision, needs_reason=True,
        public_label=_("Refused"),
        tells=(
            Tell(holder, _("Not registered: {obj}"),
                 _("The bureau refused the registration: {reason}"), who="the holder"),
        ),
    ),
    Transition(
        "hand_back", _("Hand back to the reviewer"), (Status.PROPOSED,), Status.SUBMITTED, _DECIDES, needs_reason=True,
        tells=(
            Tell(reviewers, _("Handed back to you: {obj}"), _("The approver did not agree: {reason}"),
                 action_needed=True, who="bureau reviewers"),
        ),
    ),
    Transition(
        "withdraw", _("Withdraw"), (Status.DRAFT, Status.SUBMITTED, Status.RETURNED, Status.PROPOSED),
        Status.WITHDRAWN, is_claimant, public_label=_("Withdrawn"),
        explanation=_("Nothing is registered. You can register the certificate anew at any time."),
    ),
    Transition(
        "register", _("Register"), (Status.APPROVED,), Status.REGISTERED,
        driven_by=("certificates.Certificate.issue",), public_label=_("Registered"),
    ),
    Transition(
        "revoke", _("Registration revoked"), (Status.REGISTERED,), Status.REVOKED,
        driven_by=("certificates.Certificate.revoke",), public_label=_("Revoked"),
    ),
)  # fmt: skip
