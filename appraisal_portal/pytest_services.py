"""pytest plugin, loaded by `-p`: services start before pytest-django reads the settings (a conftest is too late)."""

import os
import shutil
import tempfile
from contextlib import ExitStack

import pytest

from appraisal_portal import services

_stack = ExitStack()


def _start() -> None:
    """Start what is not given; workers of pytest-xdist inherit the addresses and start nothing."""
    if os.environ.get("PYTEST_XDIST_WORKER"):
        return
    if services.given():
        folder = tempfile.mkdtemp(prefix="portal-test-")
        _stack.callback(shutil.rmtree, folder, ignore_errors=True)
        os.environ["PORTAL_DATA_DIR"] = folder
        return
    try:
        os.environ.update(_stack.enter_context(services.throwaway()))
    except services.ServicesError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_unconfigure() -> None:
    """Leave nothing behind."""
    _stack.close()


_start()
