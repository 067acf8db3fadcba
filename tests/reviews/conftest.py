"""A divided meeting, told once for a module and taken back afterwards; each test stands in a savepoint of it."""

import tempfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import override_settings

from appraisal_portal.kernel.clock import travel
from committees.reviews.models import Attendee, Meeting
from tests.factories.reviews import MONDAY, a_divided_meeting


@pytest.fixture(scope="module")
def particulars() -> dict[str, Any]:
    """Of the meeting; a module that asks for scores or a defence has a fixture of its own."""
    return {}


@pytest.fixture(scope="module")
def _divided(django_db_setup: None, django_db_blocker: Any, particulars: dict[str, Any]) -> Iterator[list[int]]:
    with (
        tempfile.TemporaryDirectory(prefix="portal-panels-") as folder,
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=folder),
        transaction.atomic(),
        travel(MONDAY),
    ):
        meeting, rows, voters = a_divided_meeting(**particulars)
        yield [meeting.pk, *(row.pk for row in rows), *(part.pk for part in voters)]
        transaction.set_rollback(True)


@pytest.fixture
def divided(_divided: list[int], db: None, clock: Any) -> tuple[Meeting, list[Any], list[Any]]:
    """Two panels of three, on the Monday before the meeting: (meeting, declarations, voters); the first two persons
    belong to the first panel, the third to the second."""
    clock(MONDAY)
    meeting = Meeting.objects.get(pk=_divided[0])
    rows = [meeting.admissions.get(declaration=pk).declaration for pk in _divided[1:4]]
    people = {row.pk: row for row in Attendee.objects.select_related("user", "member", "meeting")}
    return meeting, rows, [people[pk] for pk in _divided[4:]]
