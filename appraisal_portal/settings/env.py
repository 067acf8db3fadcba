"""The one place that reads the process environment; every value is typed and named here."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from appraisal_portal.services import addresses

ROOT = Path(__file__).resolve().parents[2]
"""The checkout: the folder that holds manage.py."""

TRUE, FALSE = {"1", "true", "yes", "on"}, {"", "0", "false", "no", "off"}


@dataclass(frozen=True)
class Environment:
    """What the process environment says.

    Empty strings mean "not given". `database_url` is `postgresql://user:password@host:port/name` (a `?host=` names a
    socket folder), `redis_url` is `redis://…`, `rediss://…` or `redis+socket:///path`, `email_url` is
    `smtp://user:password@host:port` or `smtps://…`. Periods are milliseconds;
    `clock_offset` is seconds (a demonstration may stand on another day).
    """

    ci: bool
    secret_key: str
    lookup_key: str
    database_url: str
    redis_url: str
    email_url: str
    email_from: str
    site_url: str
    allowed_hosts: tuple[str, ...]
    trusted_proxy: bool
    clamd: str
    signing_file: str
    signing_passphrase: str
    signing_module: str
    signing_token: str
    credential_key_file: str
    credential_passphrase: str
    tsa_url: str
    tsa_roots: str
    data_dir: Path
    ballot_keys: Path
    statement_timeout: int
    lock_timeout: int
    clock_offset: int
    log_level: str


def read(environ: Mapping[str, str] = os.environ) -> Environment:
    """Read and check the environment; `ImproperlyConfigured` names the variable that cannot be understood."""
    data_dir = Path(environ.get("PORTAL_DATA_DIR") or ROOT / ".portal" / "demo").absolute()
    return Environment(
        ci=_flag(environ, "CI"),
        secret_key=environ.get("SECRET_KEY", ""),
        lookup_key=environ.get("LOOKUP_KEY", ""),
        database_url=environ.get("DATABASE_URL", ""),
        redis_url=environ.get("REDIS_URL", ""),
        email_url=environ.get("EMAIL_URL", ""),
        email_from=environ.get("EMAIL_FROM", "portal@localhost"),
        site_url=environ.get("SITE_URL", "").rstrip("/"),
        allowed_hosts=tuple(host.strip() for host in environ.get("ALLOWED_HOSTS", "").split(",") if host.strip()),
        trusted_proxy=_flag(environ, "TRUSTED_PROXY"),
        clamd=environ.get("CLAMD", ""),
        signing_file=environ.get("SIGNING_FILE", ""),
        signing_passphrase=_secret(environ, "SIGNING_PASSPHRASE"),
        signing_module=environ.get("SIGNING_MODULE", ""),
        signing_token=environ.get("SIGNING_TOKEN", ""),
        credential_key_file=environ.get("CREDENTIAL_KEY_FILE", ""),
        credential_passphrase=_secret(environ, "CREDENTIAL_PASSPHRASE"),
        tsa_url=_address(environ, "TSA_URL"),
        tsa_roots=environ.get("TSA_ROOTS", ""),
        data_dir=data_dir,
        ballot_keys=Path(environ.get("PORTAL_BALLOT_KEYS") or in_memory(data_dir)).absolute(),
        statement_timeout=_number(environ, "STATEMENT_TIMEOUT_MS", 10_000),
        lock_timeout=_number(environ, "LOCK_TIMEOUT_MS", 3_000),
        clock_offset=_number(environ, "PORTAL_CLOCK_OFFSET", 0),
        log_level=environ.get("LOG_LEVEL", "INFO").upper(),
    )


def in_memory(data_dir: Path) -> Path:
    """A folder for what may never reach a disk: on tmpfs where the system has it, one for each data folder and user."""
    memory = Path("/dev/shm")  # noqa: S108 - made for this user alone and checked, see committees/reviews/box/keys.py
    if not os.access(memory, os.W_OK):
        return data_dir / "run" / "ballot-keys"
    digest = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return memory / f"portal-ballots-{os.geteuid()}-{digest}"


def with_embedded(env: Environment) -> Environment:
    """The environment with the sockets of the demonstration's own services where no outside ones are named.

    Settings thus load with nothing running, and `manage.py shell` reaches a running demonstration.
    """
    if bool(env.database_url) != bool(env.redis_url):
        message = "DATABASE_URL and REDIS_URL belong together: set both, or neither"
        raise ImproperlyConfigured(message)
    if env.database_url:
        return env
    own = addresses(env.data_dir)
    return replace(env, database_url=own["DATABASE_URL"], redis_url=own["REDIS_URL"])


def database(env: Environment) -> dict[str, object]:
    """Django's description of the database of `env.database_url`."""
    url = urlsplit(env.database_url)
    if url.scheme not in {"postgres", "postgresql"} or not url.path.strip("/"):
        message = "DATABASE_URL must look like postgresql://user:password@host:5432/name"
        raise ImproperlyConfigured(message)
    query = dict(parse_qsl(url.query))
    host = query.pop("host", None) or unquote(url.hostname or "")
    limits = f"-c statement_timeout={env.statement_timeout} -c lock_timeout={env.lock_timeout}"
    # Pages join eight tables along foreign keys from one row; trying every order of them takes PostgreSQL longer than
    # running the query (1.9 against 0.7 ms, measured).
    limits += " -c join_collapse_limit=4"
    # What is prepared (kernel/prepared.py) asks by keys: the plan for any key is the plan. Left alone, PostgreSQL plans
    # each statement five times anew on each connection, and again whenever the tables have been analysed.
    limits += " -c plan_cache_mode=force_generic_plan"
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.strip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": host,
        "PORT": str(url.port or ""),
        # Reconnecting for every request costs more than the request; a pool gains nothing with one thread a process.
        # A new connection plans anew whatever is prepared: what handing in reads takes it 20 ms, twice the request.
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 3, "options": limits, **query},
    }


def cache_url(env: Environment) -> str:
    """The address of `env.redis_url` as the redis client writes it (Celery writes sockets in another way)."""
    if env.redis_url.startswith("redis+socket://"):
        return "unix://" + env.redis_url.removeprefix("redis+socket://")
    if not env.redis_url.startswith(("redis://", "rediss://", "unix://")):
        message = "REDIS_URL must look like redis://host:6379/0 or redis+socket:///path/to/socket"
        raise ImproperlyConfigured(message)
    return env.redis_url


def email(env: Environment) -> dict[str, object]:
    """Django's `EMAIL_…` settings of `env.email_url`; without one the demo's mail is only recorded in its outbox."""
    if not env.email_url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    url = urlsplit(env.email_url)
    if url.scheme not in {"smtp", "smtps"} or not url.hostname:
        message = "EMAIL_URL must look like smtp://user:password@host:587 or smtps://user:password@host:465"
        raise ImproperlyConfigured(message)
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port or (465 if url.scheme == "smtps" else 25),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": url.scheme == "smtps",
        "EMAIL_USE_TLS": url.scheme == "smtp" and bool(url.username),
        "EMAIL_TIMEOUT": 10,
    }


def _secret(environ: Mapping[str, str], name: str) -> str:
    """The secret itself, or what stands in the file that `NAME_FILE` names (no other user may see the environment)."""
    path = environ.get(f"{name}_FILE", "")
    if not path:
        return environ.get(name, "")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        message = f"{name}_FILE: {path} cannot be read"
        raise ImproperlyConfigured(message) from error


def _address(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "")
    if value and urlsplit(value).scheme not in {"http", "https"}:
        message = f"{name} must look like https://host/path"
        raise ImproperlyConfigured(message)
    return value


def _flag(environ: Mapping[str, str], name: str) -> bool:
    value = environ.get(name, "").strip().lower()
    if value not in TRUE | FALSE:
        message = f"{name} must be 1 or 0, not {value!r}"
        raise ImproperlyConfigured(message)
    return value in TRUE


def _number(environ: Mapping[str, str], name: str, default: int) -> int:
    value = environ.get(name, "").strip() or str(default)
    if not value.removeprefix("-").isdigit():
        message = f"{name} must be a whole number, not {value!r}"
        raise ImproperlyConfigured(message)
    return int(value)
