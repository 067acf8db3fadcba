"""The demonstration's settings with the two yardstick views; nothing else may differ from what is served for real."""

from appraisal_portal.settings.dev import *  # noqa: F403

ROOT_URLCONF = "appraisal_portal.home.benchmark.urls"
# Looking at the files' dates belongs to working on the stylesheet, not to serving it.
WHITENOISE_AUTOREFRESH = False
PORTAL_SHOW_SENT_MAIL = False
