"""Thin tasks: reload, call, done. No ETA, no countdown, no Celery retry; the outbox row decides."""

import logging

from celery import shared_task
from django.conf import settings
from kombu.exceptions import OperationalError

from appraisal_portal.kernel import outbox, sweeps

log = logging.getLogger(__name__)


@shared_task(name="kernel.deliver")
def deliver(*, kind: str, key: str) -> bool:
    """Deliver one outbox row if it is still due."""
    return outbox.deliver(kind, key)


@shared_task(name="kernel.hand_out")
def hand_out(*, rows: list[tuple[str, str]]) -> int:
    """Each delivery becomes a task of its own, so that a poisonous one hurts nobody else."""
    for kind, key in rows:
        deliver.delay(kind=kind, key=key)
    return len(rows)


@shared_task(name="kernel.sweep_messages")
def sweep_messages() -> int:
    """Hand out every message that is due, by a queue of its own: nobody's waits behind a thousand certificates. What no
    worker has begun by the next sweep lapses, for that hands it out anew. Those still to be made are made before.
    """
    outbox.make_messages()
    rows = outbox.due(messages=True)
    for kind, key in rows:
        way = {"queue": settings.PORTAL_MESSAGES_QUEUE, "expires": settings.PORTAL_MESSAGES_EVERY}
        deliver.apply_async(kwargs={"kind": kind, "key": key}, **way)
    return len(rows)


@shared_task(name="kernel.sweep_outbox")
def sweep_outbox() -> int:
    """Hand out every other delivery that is due: its hint was lost, or it failed before."""
    return hand_out(rows=outbox.due(messages=False))


@shared_task(name="kernel.sweep")
def sweep(*, name: str) -> int:
    """Run one registered sweep."""
    return sweeps.run(name)


@shared_task(name="kernel.sweep_all")
def sweep_all() -> None:
    """Start every registered sweep as a task of its own."""
    for name in sweeps.names():
        sweep.delay(name=name)


def hint_deliveries(rows: list[tuple[str, str]]) -> None:
    """Tell a worker about fresh rows, by one message. A broker that is down costs nothing: the sweep finds them."""
    try:
        # argsrepr, kwargsrepr: the rows once more in words, which nobody reads, cost a fifth of the hint
        hand_out.apply_async(kwargs={"rows": rows}, retry=False, argsrepr="", kwargsrepr="")
    except OperationalError:
        log.warning("broker not reachable; deliveries %s wait for the sweep", rows)
