"""The table of organisations: registered by somebody, approved by another (model.md §7)."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts import access, rules
from appraisal_portal.accounts.models import Membership, Organisation, OrganisationRecord, User
from appraisal_portal.kernel.access import SIGNED_IN
from appraisal_portal.kernel.workflow import NEW, Act, Problem, Tell, Transition, Workflow

from .people import bureau, county


def _registrant(organisation: Any) -> Iterable[User]:
    return User.objects.active().filter(pk=organisation.registered_by_id)


def _staff_of(organisation: Any) -> Iterable[User]:
    return User.objects.active().filter(
        pk__in=Membership.objects.active().filter(organisation=organisation).values("user")
    )


def organisation_complete(organisation: Any, act: Act) -> Iterable[Problem]:
    """Name, kind, credit code, kind of employer: what a letter and a roster need."""
    if not organisation.name.strip():
        yield Problem(_("Enter the full name as in the registration certificate."), field="name")
    if organisation.credit_code:
        for text in rules.credit_code_problems(organisation.credit_code):
            yield Problem(text, field="credit_code")
    employer = organisation.kind in (Organisation.Kind.UNIT, Organisation.Kind.AGENCY)
    if employer and not organisation.employer_kind:
        yield Problem(_("Choose the kind of employer: it decides which rules apply."), field="employer_kind")


def not_registered_twice(organisation: Any, act: Act) -> Iterable[Problem]:
    """The same name of the same kind, or the same credit code, once only."""
    others = Organisation.objects.exclude(pk=organisation.pk)
    if others.filter(kind=organisation.kind, name=organisation.name).exists():
        yield Problem(_("An organisation of this name is registered already."), field="name")
    code = organisation.credit_code
    if code and others.filter(credit_code=code).exists():
        yield Problem(_("This credit code is registered already, under another name."), field="credit_code")


def forwarder_forwards(organisation: Any, act: Act) -> Iterable[Problem]:
    """Units forward through a county bureau or a competent department in use, or straight to the office."""
    kinds = (Organisation.Kind.COUNTY_BUREAU, Organisation.Kind.COMPETENT_DEPARTMENT)
    through = organisation.forwarder
    if through is not None and (through.kind not in kinds or through.status != Organisation.Status.ACTIVE):
        yield Problem(_("Only a county bureau or competent department in use can forward."), field="forwarder")


def _first_clerk(organisation: Any, act: Act, record: Any) -> None:
    """Who registered a unit becomes its first clerk (or head) with the approval."""
    role = organisation.registered_as
    kinds = rules.PLACES.get(role, ())
    if organisation.registered_by_id is None or organisation.kind not in kinds:
        return
    row = Membership(
        user=organisation.registered_by,
        organisation=organisation,
        role=role,
        starts_on=act.day,
        granted_by_id=act.actor.pk,
        reason=str(_("registration approved")),
    )
    if not rules.membership_problems(row, Membership.objects.filter(user=row.user)):
        row.save()


def _is_registrant(organisation: Any, act: Act) -> None:
    organisation.registered_by_id = act.actor.pk


ORGANISATION = Workflow(
    Organisation,
    OrganisationRecord,
    Transition(
        "register",
        _("Register the organisation"),
        (NEW,),
        Organisation.Status.WAITING,
        SIGNED_IN,
        guards=(organisation_complete, not_registered_twice, forwarder_forwards),
        apply=_is_registrant,
        tells=(
            Tell(
                bureau,
                _("Organisation to approve: {obj}"),
                _("{obj} has been registered. Please check its data and approve it, or ask back."),
                action_needed=True,
                who="bureau reviewers",
            ),
            Tell(
                county,
                _("Unit of your county to approve: {obj}"),
                _("{obj} will forward through you. Please check its data and approve it, or ask back."),
                action_needed=True,
                who="county bureau",
            ),
        ),
    ),
    Transition(
        "approve",
        _("Approve"),
        (Organisation.Status.WAITING,),
        Organisation.Status.ACTIVE,
        access.approves_unit & ~access.registered_it,
        guards=(organisation_complete, not_registered_twice, forwarder_forwards),
        then=_first_clerk,
        tells=(
            Tell(
                _registrant,
                _("Approved: {obj}"),
                _("{obj} can now confirm its people and work on their declarations. Nothing else is needed."),
                who="who registered it",
            ),
        ),
        explanation=_("People can then choose it; who registered it receives the role asked for."),
    ),
    Transition(
        "suspend",
        _("Suspend"),
        (Organisation.Status.WAITING, Organisation.Status.ACTIVE),
        Organisation.Status.SUSPENDED,
        access.is_bureau,
        needs_reason=True,
        tells=(Tell(_staff_of, _("Suspended: {obj}"), _("{obj} has been suspended: {reason}"), who="its members"),),
        explanation=_("Nobody can choose it any more; declarations under way keep their place."),
    ),
    Transition(
        "restore",
        _("Restore"),
        (Organisation.Status.SUSPENDED,),
        Organisation.Status.ACTIVE,
        access.is_bureau,
        guards=(not_registered_twice, forwarder_forwards),
        needs_reason=True,
        tells=(Tell(_staff_of, _("Restored: {obj}"), _("{obj} is in use again: {reason}"), who="its members"),),
    ),
)
