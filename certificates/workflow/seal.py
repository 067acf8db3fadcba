"""The table of seals (印章图样): a reviewer uploads, another person puts it in use; the one before ends then."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.access import not_the_same_person_as
from appraisal_portal.kernel.approvals import same_content, write_decision, write_proposal
from appraisal_portal.kernel.workflow import NEW, Act, Tell, Transition, Workflow
from certificates.access import is_approver, is_reviewer
from certificates.models import Seal, SealRecord
from certificates.rules.seal import no_other_seal_waits

from .people import approvers, reviewers


def _take_the_place(seal: Seal, act: Act) -> None:
    write_decision(seal, act)
    for before in Seal.objects.filter(status=Seal.Status.IN_USE):
        reason = gettext("“{seal}” takes its place.").format(seal=seal)
        SEAL.fire(before, "end", actor=act.actor, reason=reason, address=act.address)


SEAL = Workflow(
    Seal,
    SealRecord,
    Transition(
        "propose",
        _("Propose the seal"),
        (NEW,),
        "proposed",
        is_reviewer,
        guards=(no_other_seal_waits,),
        apply=write_proposal,
        tells=(
            Tell(
                approvers,
                _("A seal waits for your decision: {obj}"),
                _("Please compare the picture of “{obj}” with the seal itself and decide."),
                action_needed=True,
                who="bureau approvers",
            ),
        ),
    ),
    Transition(
        "approve",
        _("Put the seal in use"),
        ("proposed",),
        "in_use",
        is_approver & not_the_same_person_as("propose"),
        guards=(same_content,),
        apply=_take_the_place,
        explanation=_("It is printed on every certificate issued from now on; those issued before stay as they are."),
    ),
    Transition(
        "drop",
        _("Drop the seal"),
        ("proposed",),
        "dropped",
        is_reviewer | is_approver,
        needs_reason=True,
        tells=(Tell(reviewers, _("A seal was dropped: {obj}"), _("Reason: {reason}"), who="bureau reviewers"),),
    ),
    Transition(
        "end",
        _("Take the seal out of use"),
        ("in_use",),
        "ended",
        is_approver,
        needs_reason=True,
        explanation=_("Certificates are printed with the neutral mark again until another seal is put in use."),
    ),
)
