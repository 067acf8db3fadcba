"""Settings common to development, tests and production."""

from pathlib import Path

from celery.schedules import schedule
from django.utils.translation import gettext_lazy as _
from kombu import Queue

from . import env as environment
from .portal import *  # noqa: F403  (the portal's own names are settings too)

ENV = environment.with_embedded(environment.read())
BASE_DIR = environment.ROOT

# Applications, the earliest stage first
INSTALLED_APPS = [
    "appraisal_portal.kernel",
    "appraisal_portal.accounts",
    "committees.plans",
    "applications",
    "committees.reviews",
    "committees.autonomous",
    "certificates",
    "appraisal_portal.supervision",
    "appraisal_portal.home",
    "pgtrigger",
    "pghistory",
    "crispy_forms",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
]
MIDDLEWARE = [
    "appraisal_portal.kernel.middleware.ArrivalMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "appraisal_portal.kernel.middleware.ServerClockMiddleware",
    "appraisal_portal.kernel.middleware.OwnWritesMiddleware",
    "appraisal_portal.kernel.middleware.ContentSecurityPolicyMiddleware",
    "appraisal_portal.home.middleware.PublishedPagesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "appraisal_portal.kernel.middleware.PreferencesMiddleware",
    "appraisal_portal.kernel.middleware.RememberedCalendarMiddleware",
    "appraisal_portal.kernel.middleware.KeptFilesMiddleware",
    "appraisal_portal.kernel.middleware.DamagedFileMiddleware",
    "appraisal_portal.kernel.middleware.BusyMiddleware",
    "appraisal_portal.kernel.middleware.UnreadableTextMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "appraisal_portal.accounts.middleware.ActingMembershipMiddleware",
    "appraisal_portal.accounts.middleware.LookMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "appraisal_portal.urls"
WSGI_APPLICATION = "appraisal_portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "appraisal_portal.kernel.context.portal",
            ],
        },
    },
]
CRISPY_TEMPLATE_PACK = "portal"
CRISPY_ALLOWED_TEMPLATE_PACKS = ("portal",)
CRISPY_FAIL_SILENTLY = False
FORM_RENDERER = "appraisal_portal.kernel.widgets.WidgetTemplates"

# Persons
AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "home:work"
PORTAL_LOG_IN_AGAIN = "appraisal_portal.accounts.views.sessions.log_in_again"
CSRF_FAILURE_VIEW = "appraisal_portal.accounts.views.sessions.open_too_long"
LOGOUT_REDIRECT_URL = "/"
PASSWORD_RESET_TIMEOUT = 2 * 60 * 60
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "appraisal_portal.accounts.validators.PortalPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Database, cache, queue
DATABASES = {"default": environment.database(ENV)}
ATOMIC_REQUESTS = False
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": environment.cache_url(ENV),
        "KEY_PREFIX": "portal",
        "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
    },
    # Ready bytes of published pages, kept by each process under a version that the publishing transaction bumps.
    "pages": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 500}},
}

CELERY_BROKER_URL = ENV.redis_url
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
# The hint is sent after the commit: a dead queue must cost the person at the page less than a second.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 2 * 60 * 60,
    "socket_timeout": 1,
    "socket_connect_timeout": 1,
    "max_retries": 1,
    "interval_start": 0.1,  # kombu would wait two seconds before the second try
    "interval_step": 0.1,
    "interval_max": 0.2,
}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_SOFT_TIME_LIMIT = 10 * 60
CELERY_TASK_TIME_LIMIT = 11 * 60
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Asia/Shanghai"
# Nobody waits at a page for a message: the sweep finds it, and its queue passes by what is being drawn (decision 72).
PORTAL_MESSAGES_EVERY = 10
PORTAL_MESSAGES_QUEUE = "messages"
CELERY_TASK_QUEUES = tuple(Queue(name, routing_key=name) for name in ("celery", PORTAL_MESSAGES_QUEUE))
CELERY_TASK_ROUTES = {"kernel.sweep_messages": {"queue": PORTAL_MESSAGES_QUEUE}}
# Beat tasks carry no state ("what is due now?"): a missed run repairs itself.
CELERY_BEAT_SCHEDULE = {
    "messages": {
        "task": "kernel.sweep_messages",
        "schedule": schedule(PORTAL_MESSAGES_EVERY),
        "options": {"expires": PORTAL_MESSAGES_EVERY},
    },
    "outbox": {"task": "kernel.sweep_outbox", "schedule": schedule(30), "options": {"expires": 30}},
    "stages": {"task": "kernel.sweep_all", "schedule": schedule(30), "options": {"expires": 30}},
}

# Languages and time
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "appraisal_portal" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
FORMAT_MODULE_PATH: list[str] = []

# Files. Uploads and papers lie outside every web root and are delivered by views only.
STATIC_URL = "static/"
STATIC_ROOT = ENV.data_dir / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
MEDIA_ROOT = ENV.data_dir / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 60  # a page of forty achievements has a control for each; the proxy bounds the bytes

# Browser
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
SECURE_CONTENT_TYPE_NOSNIFF = True
# With "no-referrer" a browser sends "Origin: null" with every form, which the CSRF check must refuse; pages whose
# address is a secret (a certificate's token) set the stricter value themselves.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.email_from
# Keyed hashes of certificate look-ups; kept apart from SECRET_KEY, which may be changed while certificates stay.
PORTAL_LOOKUP_KEY = ENV.lookup_key or "for-development-and-demonstration-only-lookup"
# The bureau's key: a PKCS#12 file, or the token that a PKCS#11 module reaches ("token label:key label").
PORTAL_SIGNING_FILE = ENV.signing_file
PORTAL_SIGNING_PASSPHRASE = ENV.signing_passphrase
PORTAL_SIGNING_MODULE = ENV.signing_module
PORTAL_SIGNING_TOKEN = ENV.signing_token
# The portal's own key for what programs check (credentials, heads of the public log): a PEM file, curve P-256.
PORTAL_CREDENTIAL_KEY_FILE = ENV.credential_key_file
PORTAL_CREDENTIAL_PASSPHRASE = ENV.credential_passphrase
PORTAL_TSA_URL = ENV.tsa_url
PORTAL_TSA_ROOTS = ENV.tsa_roots
PORTAL_SITE_URL = ENV.site_url or "http://127.0.0.1:8000"
PORTAL_DATA_DIR: Path = ENV.data_dir
PORTAL_BALLOT_KEYS: Path = ENV.ballot_keys
PORTAL_CLOCK_OFFSET = ENV.clock_offset
# Called by `demo` when the site answers; gives the lines that say who can sign in and what to try.
PORTAL_DEMO_GUIDE = "appraisal_portal.home.demo.guide"
PORTAL_DEMO_APPLICANTS = "appraisal_portal.home.demo.applicants"

# The SQL log would carry parameters, that is ID numbers: it stays off everywhere.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["console"], "level": ENV.log_level, "propagate": False},
        "django.db.backends": {"level": "WARNING"},
        "appraisal_portal": {"level": ENV.log_level},
        "celery": {"level": ENV.log_level},
    },
}
