"""The verdict of a transition's guards, kept until the transition is fired: they had nothing to say, and every row they
looked at stands as it stood then.

A page that shows what still stops a step judges it all; so does the step a moment later. The page therefore sends a
seal along. Under the row's lock ``Workflow.fire()`` asks for the versions of the rows (``together.Versions``); where
they are those of the seal, on the same day, the guards would say again what they said. In every other case they are
asked anew: a seal never makes a step possible, it only spares the second judgement. One is given only where guards

* looked at nothing but the rows of ``Transition.reads`` (they sent no query of their own),
* never looked at the actor, and the step carries neither reason nor data.

What remains is the day, which is part of the seal, and what never changes while a process lives: law, settings, code.
"""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.crypto import constant_time_compare, salted_hmac

from appraisal_portal.kernel import calendar, clock

if TYPE_CHECKING:
    from appraisal_portal.kernel.workflow import Act, Problem

_PROCESSES = secrets.token_hex(16)
"""Drawn once for all workers of a server that loads the portal before it forks: the next start judges anew, for law,
settings and code may be others then."""
_HASH = 64


@dataclass
class _Watched:
    """The actor, and whether anybody looked."""

    actor: Any
    seen: bool = False

    def __getattr__(self, name: str) -> Any:
        self.seen = True
        return getattr(self.actor, name)


@dataclass(frozen=True)
class Judged:
    """What was found of a step, over the row read anew. ``seal`` is empty where the verdict cannot be kept."""

    subject: Any
    problems: "list[Problem]"
    seal: str = ""


@contextmanager
def _counting() -> Iterator[list[str]]:
    """The queries sent within the block; the calendar counts even where the request has read it already."""
    sent: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        sent.append(sql)
        return execute(sql, *rest)

    with calendar.remembered(), connection.execute_wrapper(note):
        yield sent


def judge(subject: Any, act: "Act", versions: str, guards: "Callable[[Any, Act], list[Problem]]") -> Judged:
    """Ask the guards about a row that was read whole, at ``versions`` or later."""
    watched = _Watched(act.actor)
    subject.in_act = True  # nobody else holds this instance, and its rows stand still
    with _counting() as sent:
        problems = guards(subject, replace(act, actor=watched))
        content = subject.content_hash()
    if problems or sent or watched.seen or not _may_be_kept(act, versions):
        return Judged(subject, problems)
    return Judged(subject, problems, content + _seal(subject, act, versions, content))


def content_under(seal: str, subject: Any, act: "Act", versions: str) -> str:
    """The hash of the content the guards found nothing against; empty when they must be asked anew."""
    content, given = seal[:_HASH], seal[_HASH:]
    right = _may_be_kept(act, versions) and constant_time_compare(given, _seal(subject, act, versions, content))
    return content if right else ""


def _may_be_kept(act: "Act", versions: str) -> bool:
    return bool(versions) and not act.reason and not act.data and act.cause is None


def _seal(subject: Any, act: "Act", versions: str, content: str) -> str:
    days = act.day.isoformat(), clock.today().isoformat()
    said = (_PROCESSES, subject._meta.label, subject.pk, act.transition.name, act.actor.pk, *days, versions, content)
    return salted_hmac(__name__, "|".join(map(str, said)), algorithm="sha256").hexdigest()
