"""The bench's drafts can really be handed in, and its reading of an answer is right."""

import datetime as dt

import pytest

from applications.models import Declaration
from applications.workflow import DECLARATION
from appraisal_portal.home.benchmark import submitting
from appraisal_portal.kernel import clock
from tests.factories.plans import a_cycle


@pytest.mark.django_db
def test_every_copied_draft_is_complete_and_signed():
    with clock.travel(dt.date(2026, 5, 6)):
        city, cycle = a_cycle(2026, committees=("forestry",))
        ready = submitting.prepare(city, cycle, 12, session=lambda user: f"session={user.pk}")
        assert len({one.cookies for one in ready}) == 12
        for one in ready:
            draft = Declaration.objects.get(pk=one.declaration)
            user = draft.applicant.user
            assert [str(p) for p in DECLARATION.problems(draft, "submit", actor=user)] == []
            DECLARATION.fire(draft, "submit", actor=user)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (b"HTTP/1.1 302 Found\r\nLocation: /my/declarations/7/submitted/\r\n\r\n", "receipt"),
        (b"HTTP/1.1 302 Found\r\nLocation: /account/login/\r\n\r\n", "HTTP/1.1 302 Found"),
        (b"HTTP/1.1 422 X\r\n\r\n" + "申报已于 2026-06-04（周四）24:00 截止。".encode(), "closed"),
        (b"HTTP/1.1 422 X\r\n\r\nelse", "HTTP/1.1 422 X"),
        (b"HTTP/1.1 500 X\r\n\r\n", "HTTP/1.1 500 X"),
    ],
)
def test_what_an_answer_says(answer, said):
    assert submitting._read(answer) == said
