"""Papers made in the worker: the page only asks, a row in PostgreSQL is followed, and what goes wrong is a sentence.

The making itself is one transaction, so its papers are there as a whole or not at all. The counts go past it over a
connection of their own, or nobody would see them before the end. Who asks again while it runs is led to the same row.
"""

import dataclasses
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal.kernel import documents, files, outbox, progress, rendering
from appraisal_portal.kernel.access import Predicate
from appraisal_portal.kernel.models import Export, Outbox
from appraisal_portal.kernel.workflow import NotAllowed, Refused

log = logging.getLogger(__name__)
KIND = "export"
NO_PAPER = (Refused, rendering.RenderingRefused, rendering.RosterProblem, files.DamagedFile)
"""What has a sentence of its own; anything else is a fault the operator reads about in the log."""


@dataclasses.dataclass(frozen=True, slots=True)
class Kind:
    """What can be made: `make(subject, actor)` makes it and says in words what came of it (rows are counted by
    :mod:`progress`). `may` says who asks for it and who may follow it; `model.objects.visible_to` comes first."""

    name: str
    title: str | Promise
    model: type[models.Model]
    may: Predicate
    make: Callable[[Any, Any], str]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    """Add a kind. Raises ValueError when the name is taken by another."""
    if _kinds.setdefault(kind.name, kind) is not kind:
        raise ValueError(f"export {kind.name} is registered twice")
    return kind


def kind_of(export: Export) -> Kind:
    """The kind of an export."""
    return _kinds[export.kind]


def ask(kind: Kind, subject: Any, user: Any) -> Export:
    """Have it made by a worker; the one that is on its way already, if there is one."""
    found, acting = on_its_way(kind, subject), user.acting
    if found is not None:
        return found
    key = _key(kind, subject)
    try:
        with transaction.atomic():
            export = Export.objects.create(
                kind=kind.name,
                subject=subject.pk,
                key=key,
                requested_by_id=user.pk,
                membership=acting.pk if acting else None,
            )
            outbox.put(KIND, str(export.pk), {})
    except IntegrityError:  # two clicks at once: the row of the other one
        return Export.objects.filter(key=key).latest("pk")
    return export


def _key(kind: Kind, subject: Any) -> str:
    return f"{kind.name}:{subject.pk}"


def on_its_way(kind: Kind, subject: Any) -> Export | None:
    """The one that is being made, or None."""
    found = Export.objects.filter(key=_key(kind, subject), status__in=("waiting", "running")).first()
    return found if found is not None and not _given_up(found) else None


def _given_up(export: Export) -> bool:
    """The worker was killed over it again and again: nobody will try any more."""
    if not Outbox.objects.filter(kind=KIND, key=str(export.pk), status=Outbox.Status.DEAD).exists():
        return False
    _settle(export, Export.Status.FAILED, _fault())
    return True


def state(export: Export) -> dict[str, Any]:
    """What page and poll say: state, done, total, text."""
    if not export.over:
        _given_up(export)
    if export.over:
        text = export.told
    elif export.status == Export.Status.WAITING:
        text = _("Waits for the worker. You may leave this page; it goes on without you.")
    elif not export.total_rows:
        text = _("The data are being collected.")
    else:
        text = _("{done} of {total} rows").format(done=export.done_rows, total=export.total_rows)
    return {"state": export.status, "done": export.done_rows, "total": export.total_rows, "text": text}


@outbox.handler(KIND, gettext_lazy("Papers to be made"))
def _run(row: Outbox) -> None:
    """Make one; a second time is nothing new."""
    export = Export.objects.select_related("requested_by").get(pk=int(row.key))
    if export.over:
        return
    user: Any = export.requested_by
    user.act_as(next((one for one in user.memberships_today() if one.pk == export.membership), None))
    with translation.override(user.language or "zh-hans"):
        kind = kind_of(export)
        try:
            with transaction.atomic(), _heard(export) as listener, progress.told_to(listener):
                subject = kind.model._default_manager.get(pk=export.subject)
                if refused := kind.may.why_not(user, subject):  # the right may have gone since it was asked for
                    raise NotAllowed(*refused)
                told = kind.make(subject, user)
                _settle(export, Export.Status.DONE, told)
        except NO_PAPER as error:
            words = str(error) if isinstance(error, Refused) else documents.why_not_made(error)
            _settle(export, Export.Status.FAILED, words)
        except Exception:
            log.exception("export %s (%s) failed", export.pk, export.key)
            _settle(export, Export.Status.FAILED, _fault())


def _settle(export: Export, status: str, told: str) -> None:
    export.status, export.told = status, told
    export.save(update_fields=["status", "told"])


def _fault() -> str:
    return _("The papers could not be made, and nothing was stored. Tell the operator; then ask for them again.")


@contextmanager
def _heard(export: Export) -> Iterator[progress.Listener]:
    """A listener that writes the counts at once, outside the transaction that makes the papers."""
    other: Any = connection.copy()  # type: ignore[no-untyped-call]

    def listener(done: int, total: int) -> None:
        with other.cursor() as cursor:
            cursor.execute(_COUNTS, [done, total, export.pk])

    try:
        listener(0, 0)
        yield listener
    finally:
        other.close()


_COUNTS = f"""
    UPDATE {Export._meta.db_table} SET status = 'running', done_rows = %s, total_rows = %s
     WHERE id = %s AND status IN ('waiting', 'running')
"""  # noqa: S608 - a table's name only
