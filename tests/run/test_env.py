"""The environment, read in one place: good values, and the sentence that names a bad one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from appraisal_portal.settings import env

ROOT = env.ROOT
PRODUCTION = {
    "PATH": os.environ["PATH"],
    "DJANGO_SETTINGS_MODULE": "appraisal_portal.settings.production",
    "SECRET_KEY": "a" * 25 + "bcdefghijklmnopqrstuvwxyz0123456789",
    "LOOKUP_KEY": "b" * 32,
    "DATABASE_URL": "postgresql://portal:secret@db.example.org/portal",
    "REDIS_URL": "redis://queue.example.org:6379/0",
    "ALLOWED_HOSTS": "zcps.example.org",
    "SITE_URL": "https://zcps.example.org",
    "EMAIL_URL": "smtp://portal:secret@mail.example.org:587",
}


def test_a_database_with_password_and_port() -> None:
    found = env.database(env.read({"DATABASE_URL": "postgresql://portal:p%40ss@db:5433/appraisal?sslmode=require"}))
    assert (found["NAME"], found["USER"], found["PASSWORD"]) == ("appraisal", "portal", "p@ss")
    assert (found["HOST"], found["PORT"], found["CONN_MAX_AGE"]) == ("db", "5433", 600)
    assert found["CONN_HEALTH_CHECKS"] is True
    options = found["OPTIONS"]
    assert isinstance(options, dict)
    assert options["sslmode"] == "require"
    assert options["options"].split(" -c ") == [
        "-c statement_timeout=10000",
        "lock_timeout=3000",
        "join_collapse_limit=4",
        "plan_cache_mode=force_generic_plan",
    ]


def test_a_socket_folder_with_chinese_characters() -> None:
    found = env.with_embedded(env.read({"PORTAL_DATA_DIR": "/srv/职称"}))
    assert env.database(found)["HOST"] == "/srv/职称/run"
    assert env.cache_url(found) == "unix:///srv/职称/run/valkey.sock"


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({"DATABASE_URL": "mysql://db/portal"}, "DATABASE_URL must look like postgresql://"),
        ({"DATABASE_URL": "postgresql://db"}, "DATABASE_URL must look like postgresql://"),
        ({"TRUSTED_PROXY": "perhaps"}, "TRUSTED_PROXY must be 1 or 0"),
        ({"LOCK_TIMEOUT_MS": "3s"}, "LOCK_TIMEOUT_MS must be a whole number"),
        ({"REDIS_URL": "amqp://queue"}, "REDIS_URL must look like redis://"),
        ({"EMAIL_URL": "mail.example.org"}, "EMAIL_URL must look like smtp://"),
    ],
)
def test_a_bad_value_is_named(environ: dict[str, str], sentence: str) -> None:
    defaults = {"DATABASE_URL": "postgresql://db/portal", "REDIS_URL": "redis://queue"}

    def understand() -> None:
        found = env.read({**defaults, **environ})
        env.database(found)
        env.cache_url(found)
        env.email(found)

    with pytest.raises(ImproperlyConfigured, match=sentence):
        understand()


def test_one_address_without_the_other_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured, match="set both, or neither"):
        env.with_embedded(env.read({"DATABASE_URL": "postgresql://db/portal"}))


def test_encrypted_mail() -> None:
    found = env.email(env.read({"EMAIL_URL": "smtps://portal:s%3Acret@mail"}))
    assert (found["EMAIL_PORT"], found["EMAIL_HOST_PASSWORD"], found["EMAIL_USE_SSL"]) == (465, "s:cret", True)


def manage(*arguments: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, Path(ROOT, "manage.py"), *arguments], env=environ, capture_output=True, text=True, check=False
    )


def test_production_names_everything_missing() -> None:
    environ = {
        key: PRODUCTION[key] for key in ("PATH", "DJANGO_SETTINGS_MODULE", "SECRET_KEY", "LOOKUP_KEY", "SITE_URL")
    }
    done = manage("check", environ=environ)
    assert done.returncode
    assert "set these environment variables first: DATABASE_URL, REDIS_URL, ALLOWED_HOSTS, EMAIL_URL" in done.stderr


@pytest.mark.slow
def test_production_passes_every_deployment_check() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING", environ=PRODUCTION)
    assert done.returncode == 0, done.stderr
