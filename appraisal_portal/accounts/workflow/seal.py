"""The table of units' electronic seals: the head proposes, whoever approves units decides, both can end it at once."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts import access
from appraisal_portal.accounts.models import Membership, Organisation, UnitSeal, UnitSealRecord, User
from appraisal_portal.kernel import references
from appraisal_portal.kernel.access import not_the_same_person_as
from appraisal_portal.kernel.approvals import same_content, write_decision, write_proposal
from appraisal_portal.kernel.workflow import NEW, Act, Problem, Tell, Transition, Workflow

from .people import bureau, county, holders

Role, Status = Membership.Role, UnitSeal.Status


def deciders(seal: Any) -> Iterable[User]:
    """The county bureau the unit forwards through; without one the reviewers of the bureau."""
    return county(seal.unit) or bureau(seal.unit)


def _heads(seal: Any) -> Iterable[User]:
    return holders(seal.unit_id, Role.UNIT_HEAD)


def _clerks(seal: Any) -> Iterable[User]:
    return holders(seal.unit_id, Role.UNIT_CLERK)


def unit_recommends(seal: Any, act: Act) -> Iterable[Problem]:
    """A unit or agency in use: nobody else seals 2-9."""
    unit = seal.unit
    if unit.kind not in (Organisation.Kind.UNIT, Organisation.Kind.AGENCY) or unit.status != Organisation.Status.ACTIVE:
        yield Problem(_("Only a unit or agency in use has a seal here."))


def no_other_seal_proposed(seal: Any, act: Act) -> Iterable[Problem]:
    """One seal of a unit at a time waits for its decision."""
    if UnitSeal.objects.waiting().filter(unit=seal.unit_id).exclude(pk=seal.pk).exists():
        yield Problem(_("A seal of this unit waits for its decision already. Take it back first."))


def files_scanned(seal: Any, act: Act) -> Iterable[Problem]:
    """Nobody decides about a file the virus scanner has not let through."""
    for upload in (seal.picture, seal.authorisation):
        if not upload.opens_for(act.actor):
            words = _("{name} has not been scanned for viruses yet. Please try again in some minutes.")
            yield Problem(words.format(name=upload.original_name))


def _lock_unit(seal: Any) -> None:
    """As a recommendation does: it is sealed with the seal before this act or not at all."""
    Organisation.objects.select_for_update().get(pk=seal.unit_id)


def _register(seal: Any, act: Act) -> None:
    write_decision(seal, act)
    n = references.next_number("unit-seal", act.day.year)
    seal.number = f"YZ{act.day.year}-{n:04d}"  # 印章: not to be taken for the number of a declaration


def _put_in_use(seal: Any, act: Act, record: Any) -> None:
    for before in UnitSeal.objects.in_use().filter(unit=seal.unit_id).exclude(pk=seal.pk):
        UNIT_SEAL.fire(before, "replace", actor=act.actor, cause=record, address=act.address)
    Organisation.objects.filter(pk=seal.unit_id).update(e_seal=seal.picture_id)


def _take_out_of_use(seal: Any, act: Act, record: Any) -> None:
    Organisation.objects.filter(pk=seal.unit_id).update(e_seal=None)


UNIT_SEAL = Workflow(
    UnitSeal,
    UnitSealRecord,
    Transition(
        "propose",
        _("Propose the electronic seal"),
        (NEW,),
        Status.PROPOSED,
        access.heads_the_unit,
        guards=(unit_recommends, no_other_seal_proposed),
        apply=write_proposal,
        tells=(
            Tell(
                deciders,
                _("Electronic seal to check: {unit}"),
                _(
                    "Please compare the picture with the sealed authorisation and with the name of {unit}, and approve "
                    "or refuse it by {by}."
                ),
                by=lambda seal: seal.decide_by,
                action_needed=True,
                who="county bureau, else bureau reviewers",
            ),
        ),
    ),
    Transition(
        "approve",
        _("Approve the electronic seal"),
        (Status.PROPOSED,),
        Status.IN_USE,
        access.decides_seal & not_the_same_person_as("propose"),
        guards=(same_content, unit_recommends, files_scanned),
        apply=_register,
        then=_put_in_use,
        first=_lock_unit,
        tells=(
            Tell(
                _heads,
                _("Electronic seal approved: {obj}"),
                _(
                    "From now on you put the seal on 2-9 yourself when you recommend. If it is lost or misused, take "
                    "it out of use at once on its page."
                ),
                who="unit heads",
            ),
            Tell(
                _clerks,
                _("Electronic seal approved: {obj}"),
                _("The head puts the seal on 2-9 with the recommendation. You need not print, seal and scan it."),
                who="unit clerks",
            ),
        ),
        explanation=_(
            "Approve only if the picture shows the seal of this very unit, the same as on the authorisation, and the "
            "authorisation names the head. A seal in use until now is replaced; what was sealed with it keeps it."
        ),
    ),
    Transition(
        "refuse",
        _("Refuse the electronic seal"),
        (Status.PROPOSED,),
        Status.REFUSED,
        access.decides_seal,
        needs_reason=True,
        tells=(
            Tell(
                _heads,
                _("Electronic seal not approved: {unit}"),
                _("The reason: {reason} You can propose another picture; until then 2-9 is sealed as before."),
                action_needed=True,
                who="unit heads",
            ),
        ),
    ),
    Transition(
        "take_back",
        _("Take the proposal back"),
        (Status.PROPOSED,),
        Status.WITHDRAWN,
        access.heads_the_unit,
        tells=(
            Tell(
                deciders,
                _("No longer to check: electronic seal of {unit}"),
                _("The head has taken the proposal back. You do not need to do anything."),
                who="county bureau, else bureau reviewers",
            ),
        ),
        explanation=_("Nobody has to decide about it any more. You can propose another picture."),
    ),
    Transition(
        "replace",
        _("Replaced by another seal"),
        (Status.IN_USE,),
        Status.REPLACED,
        driven_by=("accounts.UnitSeal.approve",),
    ),
    Transition(
        "end",
        _("Take the seal out of use"),
        (Status.IN_USE,),
        Status.ENDED,
        access.heads_the_unit | access.decides_seal,
        then=_take_out_of_use,
        first=_lock_unit,
        needs_reason=True,
        tells=(
            Tell(
                _heads,
                _("Electronic seal out of use: {obj}"),
                _(
                    "The reason: {reason} What was sealed stays sealed. Until another seal is approved, 2-9 is "
                    "printed, sealed and scanned before you recommend."
                ),
                who="unit heads",
            ),
            Tell(
                _clerks,
                _("Electronic seal out of use: {obj}"),
                _(
                    "The reason: {reason} Please print 2-9 of everybody not recommended yet, have it sealed and upload "
                    "the scan; each page names the last day."
                ),
                action_needed=True,
                who="unit clerks",
            ),
            Tell(
                deciders,
                _("Electronic seal out of use: {obj}"),
                _("The reason: {reason} You do not need to do anything until another one is proposed."),
                who="county bureau, else bureau reviewers",
            ),
        ),
        explanation=_(
            "It takes effect at once: nothing more is sealed with it. What has been sealed stays as it is. Another "
            "seal has to be proposed and approved."
        ),
    ),
)
