"""The Celery application; `kernel.apps` loads it, so that every `shared_task` knows this broker."""

import os

from celery import Celery
from celery.signals import worker_ready

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "appraisal_portal.settings.dev")

app = Celery("appraisal_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_ready.connect
def sweep_at_start(**_signal: object) -> None:
    """What fell due while no worker ran is done now, not at the next tick of beat."""
    app.send_task("kernel.sweep_messages")
    app.send_task("kernel.sweep_outbox")
    app.send_task("kernel.sweep_all")
