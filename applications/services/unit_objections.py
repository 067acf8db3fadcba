"""Objections inside the unit (单位公示异议): recorded, checked, concluded; the person concerned hears the substance."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy

from applications.models import Declaration, UnitObjection
from applications.rules import unit_objection
from applications.rules.changes import answered_slip
from applications.services.sealing import UNIT_MAY_SEAL
from applications.services.unit import demand, demand_state
from appraisal_portal.kernel import clock, outbox
from appraisal_portal.kernel.workflow import Blocked, WrongState

Status = Declaration.Status
CONCLUDED = gettext_lazy("The outcome of this objection has been recorded already.")


def receive(
    item: Any,
    *,
    filed_by: str,
    content: str,
    substance: str,
    received_on: dt.date,
    actor: Any,
    checkable: bool = False,
    evidence: Any = None,
) -> UnitObjection:
    """Record what a colleague objects to (单位公示异议); it holds the recommendation of this one person, who is told
    ``substance`` and never the author. ``evidence``: an upload of what came with it; ``checkable`` as in the rule.
    """
    demand(UNIT_MAY_SEAL, actor, item.declaration)
    again = (Status.IN_EXAMINATION,) if answered_slip(item.declaration) else ()
    demand_state(item.declaration, Status.UNIT_PUBLICITY, *again)
    objection = UnitObjection(
        item=item, filed_by=filed_by.strip(), content=content, substance=substance, received_on=received_on,
        recorded_by_id=actor.pk, evidence=evidence,
    )  # fmt: skip
    problems = list(unit_objection.receipt(objection, clock.today(), checkable=checkable))
    if problems:
        raise Blocked(*problems)
    with transaction.atomic():
        objection.save()
        _tell_concerned(
            objection,
            "received",
            gettext_lazy("An objection concerns declaration {obj}"),
            gettext_lazy(
                "Raised during the publicity: {substance}. {unit} checks it; until then you cannot be recommended. "
                "You may give a statement there."
            ),
        )
    return objection


def conclude(objection: Any, *, outcome: str, report: str, actor: Any, report_file: Any = None) -> UnitObjection:
    """The outcome of the unit's check with its report, given once; ``report_file``: an upload with the papers."""
    with transaction.atomic():
        row = UnitObjection.objects.select_for_update(of=("self",)).get(pk=objection.pk)
        demand(UNIT_MAY_SEAL, actor, row.item.declaration)
        if row.outcome:
            raise WrongState(CONCLUDED)
        row.outcome, row.report, row.handler_id, row.concluded_at = outcome, report, actor.pk, clock.now()
        row.report_file = report_file
        row.save()
        upheld = outcome == UnitObjection.Outcome.UPHELD
        _tell_concerned(
            row,
            "concluded",
            gettext_lazy("The objection against declaration {obj} was upheld")
            if upheld
            else gettext_lazy("The objection against declaration {obj} was not upheld"),
            gettext_lazy("{unit} cannot recommend you with it. The responsible person tells you the decision.")
            if upheld
            else gettext_lazy("Your declaration goes on. You do not need to do anything."),
        )
    return row


def _tell_concerned(objection: UnitObjection, what: str, subject: Any, body: Any) -> None:
    declaration = objection.item.declaration
    outbox.put_message(
        declaration.applicant.user,
        key=f"unit-objection:{objection.pk}:{what}",
        subject=subject,
        body=body,
        link=reverse("applications:my-detail", args=[declaration.pk]),
        words={
            "obj": declaration.number,
            "unit": str(declaration.unit),
            "substance": objection.substance.rstrip("。."),
        },
    )
