"""The table of corrections (更正): a reviewer proposes, another person decides, the worker prints."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import outbox
from appraisal_portal.kernel.access import not_the_same_person_as
from appraisal_portal.kernel.approvals import same_content, write_decision, write_proposal
from appraisal_portal.kernel.workflow import NEW, Act, Tell, Transition, Workflow
from certificates.access import is_approver, is_reviewer
from certificates.models import Correction, CorrectionRecord
from certificates.rules import certificate, correction

from .people import approvers, reviewers


def _order(row: Correction, act: Act, record: Any) -> None:
    outbox.put("certificates.correct", f"certificates_correction:{row.pk}", {"correction": row.pk})


CORRECTION = Workflow(
    Correction,
    CorrectionRecord,
    Transition(
        "propose",
        _("Propose the correction"),
        (NEW,),
        "proposed",
        is_reviewer,
        guards=(
            certificate.certificate_still_valid,
            correction.no_other_correction,
            correction.something_changes,
            correction.drawn_in_full,
            correction.not_in_the_future,
            certificate.evidence_given,
        ),
        apply=write_proposal,
        tells=(
            Tell(
                approvers,
                _("A correction waits for your decision: {obj}"),
                _("Please compare the old words of “{obj}” with the new ones, read the evidence and decide."),
                action_needed=True,
                who="bureau approvers",
            ),
        ),
    ),
    Transition(
        "approve",
        _("Correct the certificate"),
        ("proposed",),
        "approved",
        is_approver & not_the_same_person_as("propose"),
        guards=(certificate.certificate_still_valid, same_content),
        apply=write_decision,
        then=_order,
        irreversible=True,
        confirm=lambda row: row.certificate.number[-4:],
        explanation=_(
            "The number stays. A new version is printed with a new QR code; every check of the old sheet says that it "
            "has been replaced."
        ),
    ),
    Transition(
        "drop",
        _("Drop the correction"),
        ("proposed",),
        "dropped",
        is_reviewer | is_approver,
        needs_reason=True,
        tells=(
            Tell(
                reviewers,
                _("A correction was dropped: {obj}"),
                _("Reason: {reason}"),
                who="bureau reviewers",
            ),
        ),
    ),
    Transition(
        "lapse",
        _("The certificate was revoked"),
        ("proposed", "approved"),
        "dropped",
        driven_by=("certificates.Certificate.revoke",),
    ),
    Transition(
        "finish",
        _("Print the new version"),
        ("approved",),
        "done",
        driven_by=("certificates.Certificate.correct",),
    ),
)
