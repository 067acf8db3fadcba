"""Tests: quick password hashes, tasks run at once and their failures propagate."""

import os

from .base import *  # noqa: F403
from .base import CACHES, DATABASES, ENV

DEBUG = False
SECRET_KEY = "tests-only"  # noqa: S105  (nothing real is signed with it)
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = True
CELERY_TASK_EAGER_PROPAGATES = True
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
MEDIA_ROOT = ENV.data_dir / "test-media"
# A key bears the number of its round, and every process of a run has a database that counts for itself.
PORTAL_BALLOT_KEYS = ENV.data_dir / f"test-ballot-keys-{os.environ.get('PYTEST_XDIST_WORKER', 'one')}"
# A page is cut off after ten seconds; a busy machine may need them for a world of a thousand rows.
DATABASES["default"]["OPTIONS"]["options"] += " -c statement_timeout=60000"
CACHES = {**CACHES, "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PORTAL_READY_PAGES = False  # a test reads the context of the page; test_ready_pages.py switches it on
PORTAL_SIGNING_FILE = str(ENV.data_dir / "test-signing.p12")
PORTAL_SIGNING_PASSPHRASE = "tests-only"  # noqa: S105  (nothing real is signed with it)
PORTAL_SIGNING_DEMONSTRATION = True  # made at the first signature, kept with the data folder
PORTAL_SIGNING_MODULE = PORTAL_TSA_URL = ""
PORTAL_CREDENTIAL_KEY_FILE = str(ENV.data_dir / "test-credentials.pem")
PORTAL_CREDENTIAL_PASSPHRASE = "tests-only"  # noqa: S105  (nothing real is signed with it)
PORTAL_CREDENTIAL_DEMONSTRATION = True
