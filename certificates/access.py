"""Who may act on documents, batches, claims, certificates, revocations and appointments."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.access import has_role, predicate

is_bureau = has_role("bureau_reviewer", "bureau_approver")
is_reviewer = has_role("bureau_reviewer")
is_approver = has_role("bureau_approver")
may_read = has_role("bureau_reviewer", "bureau_approver", "supervisor")


@predicate(
    _("Only the holder of the examination certificate may do this."),
    otherwise=_("This is your own certificate: another person must decide about it."),
)
def is_claimant(actor: Any, claim: Any) -> bool:
    """The person who registers the own examination certificate; asked without a claim: somebody who can."""
    if claim is None:
        return actor.is_authenticated and actor.is_person
    return actor.pk is not None and claim.person.user_id == actor.pk


def _of_unit(actor: Any, appointment: Any, role: str) -> bool:
    return actor.acts_as(role) and (appointment is None or appointment.unit_id == actor.acting_organisation_id)


@predicate(_("Only a clerk of this unit may do this."))
def is_clerk_of_unit(actor: Any, appointment: Any) -> bool:
    """Unit clerk of the unit that appoints."""
    return _of_unit(actor, appointment, "unit_clerk")


@predicate(_("Only the head of this unit may do this."))
def is_head_of_unit(actor: Any, appointment: Any) -> bool:
    """Head of the unit that appoints."""
    return _of_unit(actor, appointment, "unit_head")


@predicate(
    _("Only the person appointed may do this."),
    otherwise=_("This is your own appointment: another person must decide about it."),
)
def is_appointee(actor: Any, appointment: Any) -> bool:
    """The person who is appointed."""
    return appointment is not None and appointment.certificate.person.user_id == actor.pk


@predicate(_("Only the holder of the certificate may do this."))
def is_holder(actor: Any, disclosure: Any) -> bool:
    """The person whose certificate it is."""
    return actor.pk is not None and disclosure is not None and disclosure.certificate.person.user_id == actor.pk


reads_appointments = has_role("unit_clerk", "unit_head", "bureau_reviewer", "bureau_approver", "supervisor")
