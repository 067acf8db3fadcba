"""The world of the matrix, told once for all tests of this package and taken back afterwards."""

import logging
import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from appraisal_portal.kernel import clock
from tests.matrix import world as told
from tests.stage import stands


@pytest.fixture(scope="package")
def _told(django_db_setup: None, django_db_blocker: Any, playwright: object) -> Iterator[tuple[told.World, str]]:
    """The world inside one outer transaction; each test stands in a savepoint of it.

    Playwright's event loop runs before: Django gives a thread with a loop another connection than one without.
    """
    with (
        tempfile.TemporaryDirectory(prefix="portal-matrix-") as folder,
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=folder),
        transaction.atomic(),
    ):
        built = told.build()
        stands()
        yield built, folder
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _own_media(settings: Any, request: pytest.FixtureRequest) -> None:
    """Tests of the world read its files."""
    if "world" in request.fixturenames:
        settings.MEDIA_ROOT = request.getfixturevalue("_told")[1]


@pytest.fixture
def world(_told: tuple[told.World, str], db: None) -> Iterator[told.World]:
    """The world on its last day; what a test changes is taken back."""
    logging.disable(logging.WARNING)  # thousands of refusals, each with its traceback
    with clock.travel(clock.at(told.TODAY, 10)):
        yield _told[0]
    logging.disable(logging.NOTSET)
