"""Production: everything from the environment; what is missing is said at the start, by name."""

from django.core.exceptions import ImproperlyConfigured

from . import env as environment
from .base import *  # noqa: F403
from .base import STORAGES

ENV = environment.read()
_missing = [
    name
    for name, value in {
        "SECRET_KEY": ENV.secret_key,
        "LOOKUP_KEY": ENV.lookup_key,
        "DATABASE_URL": ENV.database_url,
        "REDIS_URL": ENV.redis_url,
        "ALLOWED_HOSTS": ENV.allowed_hosts,
        "SITE_URL": ENV.site_url,
        "EMAIL_URL": ENV.email_url,
    }.items()
    if not value
]
if _missing:
    raise ImproperlyConfigured("set these environment variables first: " + ", ".join(_missing))

DEBUG = False
SECRET_KEY = ENV.secret_key
ALLOWED_HOSTS = list(ENV.allowed_hosts)
CSRF_TRUSTED_ORIGINS = [ENV.site_url]
globals().update(environment.email(ENV))
PORTAL_REAL_MAIL = True
PORTAL_CLOCK_OFFSET = 0

SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-session", "__Host-csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
if ENV.trusted_proxy:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

STORAGES = {
    **STORAGES,
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
PORTAL_CLAMD = ENV.clamd
PORTAL_SAMPLE_MARK = False
