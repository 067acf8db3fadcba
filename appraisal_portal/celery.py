"""The Celery application; `kernel.apps` loads it, so that every `shared_task` knows this broker."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "appraisal_portal.settings.dev")

app = Celery("appraisal_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
