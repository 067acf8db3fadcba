"""The table of paper originals (纸质原件): in through the forwarding channel, back the same way.

Whoever receives enters the hand-over and names who gave; the last one, to the person, the unit enters.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from applications import access
from applications.models import HandOver, Originals, OriginalsRecord
from applications.rules import originals as rules
from appraisal_portal.kernel.access import Predicate, predicate
from appraisal_portal.kernel.workflow import NEW, Act, Tell, Transition, Workflow

Status = Originals.Status
RECEIVE = "applications.forms.originals.ReceiveForm"
KEEPS = ("other", "handed_on")
_IN_ORDER = (rules.other_side_named, rules.day_in_order)


def _of_case(rule: Predicate) -> Predicate:
    """The same question about the declaration the originals belong to."""
    return Predicate(rule.name, lambda a, o: rule(a, o.declaration if o is not None else None), rule.reason)


@predicate(_("These are your own originals: somebody else must do this."))
def not_ones_own(actor: Any, originals: Any) -> bool:
    """Nobody acknowledges having received from or given to themselves."""
    return originals is None or originals.declaration.applicant.user_id != actor.pk


is_clerk_of_unit = _of_case(access.is_clerk_of_unit) & not_ones_own
is_forwarder = _of_case(access.is_forwarder_of_unit) & not_ones_own
is_examiner = _of_case(access.is_examiner) & not_ones_own


def _person(originals: Originals) -> Iterable[Any]:
    user = originals.declaration.applicant.user
    return [user] if user else []


def _receive(originals: Originals, act: Act) -> None:
    originals.from_body = originals.holder
    originals.holder = act.membership.organisation
    originals.since = act.data["handed_on"]


def _give_back(originals: Originals, act: Act) -> None:
    originals.from_body, originals.holder, originals.since = originals.holder, None, act.data["handed_on"]


def _hand_over(originals: Originals, act: Act, record: Any) -> None:
    here, other = str(act.actor), act.data["other"].strip()
    received = originals.holder is not None
    HandOver.objects.create(
        originals=originals,
        number=originals.hand_overs.count() + 1,
        from_body=originals.from_body,
        from_person=other if received else here,
        to_body=originals.holder,
        to_person=here if received else other,
        handed_on=originals.since,
        entered_by=act.actor,
    )


def _received(name: str, label: Any, sources: tuple[str, ...], target: str, who: Predicate, *guards: Any) -> Transition:
    return Transition(
        name, label, sources, target, who, guards=(*guards, *_IN_ORDER), apply=_receive, then=_hand_over,
        keep=KEEPS, form=RECEIVE, basis="originals.returned",
        tells=(
            Tell(_person, _("Your paper originals: {obj}"), _("Your paper originals now lie with {holder}."),
                 who="the person concerned"),
        ),
    )  # fmt: skip


ORIGINALS = Workflow(
    Originals,
    OriginalsRecord,
    _received(
        "take_in", _("Take in"), (NEW,), Status.WITH_UNIT, is_clerk_of_unit,
        rules.something_handed_in, rules.case_under_way,
    ),
    _received(
        "forwarder_receives", _("Confirm receipt for the forwarding body"), (Status.WITH_UNIT,),
        Status.WITH_FORWARDER, is_forwarder,
    ),
    _received(
        "office_receives", _("Confirm receipt for the deciding office"), (Status.WITH_UNIT, Status.WITH_FORWARDER),
        Status.WITH_OFFICE, is_examiner,
    ),
    _received(
        "forwarder_takes_back", _("Confirm that they came back to the forwarding body"), (Status.WITH_OFFICE,),
        Status.BACK_WITH_FORWARDER, is_forwarder,
    ),
    _received(
        "unit_takes_back", _("Confirm that they came back to the unit"),
        (Status.WITH_FORWARDER, Status.WITH_OFFICE, Status.BACK_WITH_FORWARDER), Status.BACK_WITH_UNIT,
        is_clerk_of_unit, rules.along_the_channel,
    ),
    Transition(
        "give_back", _("Give back to the person"), (Status.WITH_UNIT, Status.BACK_WITH_UNIT), Status.RETURNED,
        is_clerk_of_unit, guards=_IN_ORDER, apply=_give_back, then=_hand_over, keep=KEEPS,
        form="applications.forms.originals.GiveBackForm", basis="originals.returned",
        tells=(
            Tell(_person, _("Your paper originals: {obj}"),
                 _("{unit} has entered that your paper originals were given back. If you do not have them, please ask "
                   "there."), who="the person concerned"),
        ),
    ),
)  # fmt: skip
