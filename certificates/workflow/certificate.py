"""The tables of certificates and revocations (model.md §7)."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.workflow import DECLARATION
from appraisal_portal.kernel.access import IS_SYSTEM, not_the_same_person_as
from appraisal_portal.kernel.approvals import same_content, seen_content, write_decision, write_proposal
from appraisal_portal.kernel.workflow import NEW, Act, Tell, Transition, Workflow
from certificates.access import is_approver, is_reviewer
from certificates.models import Certificate, CertificateRecord, Revocation, RevocationRecord
from certificates.rules import certificate as rules

from .claim import CLAIM
from .correction import CORRECTION
from .people import appointing_clerks, approvers, holder, reviewers


def _certify(certificate: Certificate, act: Act, record: Any) -> None:
    if certificate.declaration_id:
        DECLARATION.fire(certificate.declaration, "certify", actor=act.actor, cause=record)
    if certificate.claim_id:
        CLAIM.fire(certificate.claim, "register", actor=act.actor, cause=record)


def _revoke(certificate: Certificate, act: Act) -> None:
    certificate.revoked_on = act.day
    certificate.revoke_class = act.data["revoke_class"]


def _end_what_hangs_on_it(certificate: Certificate, act: Act, record: Any) -> None:
    if certificate.claim_id:
        CLAIM.fire(certificate.claim, "revoke", actor=act.actor, cause=record)
    for correction in certificate.corrections.filter(status__in=("proposed", "approved")):
        CORRECTION.fire(correction, "lapse", actor=act.actor, cause=record)


def _corrected(certificate: Certificate, act: Act, record: Any) -> None:
    CORRECTION.fire(act.data["correction"], "finish", actor=act.actor, cause=record)


CERTIFICATE = Workflow(
    Certificate,
    CertificateRecord,
    Transition(
        "issue",
        _("Issue the certificate"),
        (NEW,),
        "valid",
        IS_SYSTEM,
        guards=(rules.no_live_certificate,),
        then=_certify,
        public_label=_("Certificate issued"),
        tells=(
            Tell(
                holder,
                _("Your e-certificate is ready: {obj}"),
                _("You can download it in “My certificates”. There is no paper certificate; you need not come."),
                who="the holder",
            ),
        ),
    ),
    Transition(
        "correct",
        _("Correct the certificate"),
        ("valid",),
        "valid",
        IS_SYSTEM,
        then=_corrected,
        public_label=_("Certificate corrected"),
        tells=(
            Tell(
                holder,
                _("Your certificate has been corrected: {obj}"),
                _("The number stays. Please download the new version; a check of the old one says it was replaced."),
                who="the holder",
            ),
        ),
    ),
    Transition(
        "revoke",
        _("Revoke the certificate"),
        ("valid",),
        "revoked",
        driven_by=("certificates.Revocation.decide",),
        apply=_revoke,
        then=_end_what_hangs_on_it,
        public_label=_("Certificate revoked"),
        tells=(
            Tell(
                holder,
                _("Your certificate has been revoked: {obj}"),
                _("The bureau has decided to revoke it."),
                who="the holder",
            ),
            Tell(
                appointing_clerks,
                _("A certificate has been revoked: {obj}"),
                _("Your unit has appointed its holder to a post. Please look at the appointment and end it."),
                action_needed=True,
                who="clerks of units that appointed on it",
            ),
        ),
    ),
)


def _decide_revocation(revocation: Revocation, act: Act, record: Any) -> None:
    certificate = revocation.certificate
    CERTIFICATE.fire(certificate, "revoke", actor=act.actor, cause=record, revoke_class=revocation.revoke_class)
    if certificate.declaration_id:
        DECLARATION.fire(certificate.declaration, "revoke", actor=act.actor, cause=record)


REVOCATION = Workflow(
    Revocation,
    RevocationRecord,
    Transition(
        "open",
        _("Open a revocation"),
        (NEW,),
        "draft",
        is_reviewer,
        needs_reason=True,
        guards=(rules.certificate_still_valid, rules.no_other_revocation, rules.evidence_given),
        driven_by=("applications.Sanction.decide",),
        tells=(
            Tell(
                reviewers,
                _("A revocation was opened: {obj}"),
                _("Please read the evidence and propose the revocation: {reason}"),
                action_needed=True,
                who="bureau reviewers",
            ),
        ),
    ),
    Transition(
        "propose",
        _("Propose the revocation"),
        ("draft",),
        "proposed",
        is_reviewer,
        guards=(rules.certificate_still_valid, rules.evidence_given, seen_content),
        apply=write_proposal,
        tells=(
            Tell(
                approvers,
                _("A revocation waits for your decision: {obj}"),
                _("Please read the evidence for “{obj}” and decide."),
                action_needed=True,
                who="bureau approvers",
            ),
        ),
    ),
    Transition(
        "decide",
        _("Revoke"),
        ("proposed",),
        "decided",
        is_approver & not_the_same_person_as("propose"),
        guards=(rules.certificate_still_valid, same_content),
        apply=write_decision,
        then=_decide_revocation,
        irreversible=True,
        confirm=lambda revocation: revocation.certificate.number[-4:],
        explanation=_("The number stays; every check of it says “revoked” with today's date from now on."),
    ),
    Transition(
        "hand_back",
        _("Hand back to the reviewer"),
        ("proposed",),
        "draft",
        is_approver,
        needs_reason=True,
        tells=(
            Tell(
                reviewers,
                _("A revocation was handed back to you: {obj}"),
                _("The approver did not agree: {reason}"),
                action_needed=True,
                who="bureau reviewers",
            ),
        ),
    ),
    Transition(
        "drop",
        _("Drop the revocation"),
        ("draft", "proposed"),
        "dropped",
        is_reviewer,
        needs_reason=True,
    ),
)
