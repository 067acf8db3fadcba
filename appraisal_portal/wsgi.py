"""The WSGI entry point; a site whose system checks fail does not start."""

import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "appraisal_portal.settings.dev")

application = get_wsgi_application()

from appraisal_portal.kernel import sweeps  # noqa: E402 - the apps are loaded only now

# gunicorn runs no checks by itself: an address without declared access must not be served.
call_command("check")
sweeps.run_at_web_start()
