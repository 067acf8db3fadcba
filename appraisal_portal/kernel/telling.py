"""Whom a transition tells and in which words: the rows of the outbox that belong to its record.

Most transitions store the messages themselves. Where many people act in the same minute (``Transition.tells_later``)
the record alone goes into the outbox, and the sweep of messages works out from it whom to tell.
"""

import functools
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import outbox
from appraisal_portal.kernel.models import Outbox

if TYPE_CHECKING:
    from appraisal_portal.kernel.workflow import Act, Transition

_tables: "dict[str, Mapping[str, Transition]]" = {}


def register(record_model: Any, transitions: "Mapping[str, Transition]") -> None:
    """What the transitions named in these records are."""
    _tables[record_model._meta.label] = transitions


def subject_words(subject: Any) -> dict[str, str]:
    """Words of its own an object brings to the messages about it."""
    own = getattr(subject, "message_words", None)
    return own() if own else {}


def messages(subject: Any, transition: "Transition", record: Any) -> Iterator[Outbox]:
    """One for each person; the words say what holds at this moment."""
    words = functools.cache(lambda: {"obj": str(subject), "reason": record.reason, **subject_words(subject)})
    page = functools.cache(getattr(subject, "get_absolute_url", str))
    for place, tell in enumerate(transition.tells):
        for user in tell.whom(subject):
            yield outbox.message(
                user,
                key=f"{_key(record)}:{place}:{user.pk}",
                subject=tell.subject,
                body=tell.body,
                link=tell.link(subject) if tell.link else page(),
                by=tell.by(subject) if tell.by else None,
                action_needed=tell.action_needed,
                words=words(),
            )


def later(record: Any) -> Outbox:
    """Lets the sweep work out whom to tell."""
    return outbox.delivery(
        outbox.TELLING, f"{_key(record)}:later", {"records": record._meta.label, "record": record.pk}
    )


@outbox.handler(outbox.TELLING, _("Acts of which people are told"))
def tell(row: Outbox) -> None:
    """Store the messages about a record, due since the act and so before those of later acts; told again, nobody gets a
    second one."""
    model = apps.get_model(row.payload["records"])
    record = model._base_manager.select_related("subject").get(pk=row.payload["record"])
    transition = _tables[model._meta.label][record.transition]
    with outbox.held(row.not_before):
        outbox.store(list(messages(record.subject, transition, record)))


def deliveries(subject: Any, act: "Act", record: Any) -> Iterator[Outbox]:
    """What a worker does after the commit (``Transition.after_commit``)."""
    for kind in act.transition.after_commit:
        yield outbox.delivery(kind, _key(record), {"record": record.pk, "subject": subject.pk})


def _key(record: Any) -> str:
    return f"{record._meta.db_table}:{record.pk}"
