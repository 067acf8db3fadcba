"""Whom a transition tells and in which words: the rows of the outbox that belong to its record."""

import functools
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from appraisal_portal.kernel import outbox
from appraisal_portal.kernel.models import Outbox

if TYPE_CHECKING:
    from appraisal_portal.kernel.workflow import Act


def subject_words(subject: Any) -> dict[str, str]:
    """Words of its own an object brings to the messages about it."""
    own = getattr(subject, "message_words", None)
    return own() if own else {}


def messages(subject: Any, act: "Act", record: Any) -> Iterator[Outbox]:
    """One for each person; the words say what holds at this moment."""
    words = functools.cache(lambda: {"obj": str(subject), "reason": act.reason, **subject_words(subject)})
    page = functools.cache(getattr(subject, "get_absolute_url", str))
    for place, tell in enumerate(act.transition.tells):
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


def deliveries(subject: Any, act: "Act", record: Any) -> Iterator[Outbox]:
    """What a worker does after the commit (``Transition.after_commit``)."""
    for kind in act.transition.after_commit:
        yield outbox.delivery(kind, _key(record), {"record": record.pk, "subject": subject.pk})


def _key(record: Any) -> str:
    return f"{record._meta.db_table}:{record.pk}"
