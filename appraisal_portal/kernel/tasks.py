"""Thin tasks: reload, call, done. No ETA, no countdown, no Celery retry; the outbox row decides."""

import logging

from celery import shared_task
from kombu.exceptions import OperationalError

from appraisal_portal.kernel import outbox, sweeps

log = logging.getLogger(__name__)


@shared_task(name="kernel.deliver")
def deliver(*, kind: str, key: str) -> bool:
    """Deliver one outbox row if it is still due."""
    return outbox.deliver(kind, key)


@shared_task(name="kernel.sweep_outbox")
def sweep_outbox() -> int:
    """Hand every due delivery to a worker of its own, so that a poisonous one hurts nobody else."""
    rows = outbox.due()
    for kind, key in rows:
        deliver.delay(kind=kind, key=key)
    return len(rows)


@shared_task(name="kernel.sweep")
def sweep(*, name: str) -> int:
    """Run one registered sweep."""
    return sweeps.run(name)


@shared_task(name="kernel.sweep_all")
def sweep_all() -> None:
    """Start every registered sweep as a task of its own."""
    for name in sweeps.names():
        sweep.delay(name=name)


def hint_delivery(kind: str, key: str) -> None:
    """Tell a worker about a fresh row. A broker that is down costs nothing: the sweep finds the row."""
    try:
        deliver.apply_async(kwargs={"kind": kind, "key": key}, retry=False)
    except OperationalError:
        log.warning("broker not reachable; delivery %s %s waits for the sweep", kind, key)
