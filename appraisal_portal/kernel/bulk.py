"""The same transition for many objects: refusals are named, the others go on, for some minutes all can be taken back.

Nobody is told before that time is over: what was taken back has never been said (model.md §1, BulkAction).
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from appraisal_portal.kernel import clock, outbox
from appraisal_portal.kernel.models import BulkAction
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Problem, Refused, Workflow

Entry = dict[str, Any]


def refusal(workflow: Workflow, obj: Any, name: str, *, actor: Any, **data: Any) -> str:
    """Why the transition would be refused now, in words; empty when it would go through. Locks and writes nothing."""
    row = workflow.transitions[name]
    if obj.status not in row.sources:
        return _("“{action}” is not possible any more: the present status is “{status}”.").format(
            action=row.label, status=obj.get_status_display()
        )
    found = row.allowed.why_not(actor, obj) or workflow.problems(obj, name, actor=actor, **data)
    return "\n".join(str(problem) for problem in found)


def run(
    workflow: Workflow,
    objects: Iterable[Any],
    name: str,
    *,
    actor: Any,
    address: str | None = None,
    before: Callable[[Any], Entry] = lambda obj: {},
    **data: Any,
) -> BulkAction:
    """Fire for each object, in one transaction and ascending order. ``before``: what taking it back needs.

    Raises Blocked with every refusal when not a single object goes through; nothing is stored then.
    """
    until = clock.now() + dt.timedelta(minutes=settings.PORTAL_UNDO_MINUTES)
    with transaction.atomic(), outbox.held(until):
        action = BulkAction(kind=workflow.label, transition=name, by_id=actor.pk, undo_until=until)
        for obj in sorted(objects, key=lambda one: one.pk):
            entry: Entry = {"object": obj.pk, "record": None, "refusal": "", "before": before(obj)}
            try:
                entry["record"] = workflow.fire(obj, name, actor=actor, address=address, **data).pk
            except Refused as refused:
                entry["refusal"] = "\n".join(str(problem) for problem in refused.problems)
            action.items.append(entry)
        if not action.done:
            raise Blocked(*[Problem(entry["refusal"]) for entry in action.items])
        action.save()
    return action


def undo(
    action: BulkAction,
    workflow: Workflow,
    reverse: str,
    *,
    actor: Any,
    address: str | None = None,
    data: Callable[[Entry], Entry] = lambda entry: {},
) -> BulkAction:
    """Take a batch back: the reverse row for each object it changed, and nobody is told of either.

    An object that has moved on since stays as it is; its entry says why ("kept"). Raises NotAllowed (another person's
    batch) and Blocked (too late, or taken back before).
    """
    with transaction.atomic():
        row = BulkAction.objects.select_for_update().get(pk=action.pk)
        if row.by_id != actor.pk:
            raise NotAllowed(_("Only whoever made this batch takes it back."))
        if not row.can_be_undone():
            until = date_format(clock.local(row.undo_until), "H:i")
            raise Blocked(Problem(_("This batch could be taken back until {time}.").format(time=until)))
        records = workflow.record_model._meta.db_table
        for entry in row.done:
            obj = workflow.model._base_manager.get(pk=entry["object"])
            try:
                record = workflow.fire(
                    obj, reverse, actor=actor, reason=_("Batch taken back"), address=address, **data(entry)
                )
            except Refused as refused:
                entry["kept"] = "\n".join(str(problem) for problem in refused.problems)
                continue
            for taken in (entry["record"], record.pk):
                outbox.drop(f"{records}:{taken}:")
        row.undone_at = clock.now()
        row.save(update_fields=["items", "undone_at"])
    return row
