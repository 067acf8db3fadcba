"""The ASGI entry point."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "appraisal_portal.settings.dev")

application = get_asgi_application()

from appraisal_portal.kernel import sweeps  # noqa: E402 - the apps are loaded only now

sweeps.run_at_web_start()
