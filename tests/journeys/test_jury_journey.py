"""From a roster in Excel to the dossier: import, draw, confirm, accept, recusal, conflict gate, in a browser."""

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from appraisal_portal.home.story import meeting as story
from committees.reviews.models import Draw, Meeting, RecusalProposal
from committees.reviews.services import draws, experts
from committees.reviews.services import meeting as services
from committees.reviews.workflow import MEETING
from committees.reviews.workflow.draw import INVITATION
from tests.factories.reviews import examined
from tests.journeys.conftest import World
from tests.journeys.steps.desk import words

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
DAY = dt.date(2026, 3, 18)


def approved(world: World) -> tuple[Meeting, Any]:
    """A meeting the bureau has approved, two people on its roster, nobody called up."""
    line = world.cycle.line("forestry")
    rows = [examined(world.city, line, seed, unit=world.unit) for seed in (70, 71)]
    meeting = story.prepare(world.city, world.cycle, line, rows, DAY)
    story.apply(meeting)
    story.propose(meeting)
    approver = story.holder("bureau_approver", but=meeting.proposed_by)
    MEETING.fire(meeting, "approve", actor=approver, content_hash=meeting.content_hash())
    return meeting, rows[0]


def roster(meeting: Meeting, folder: Path, name: str, *, wrong: bool = False) -> str:
    """The committee's members as the office keeps them in Excel; ``wrong``: one telephone is a number."""
    book = Workbook()
    book.active.append([column.heading for column in experts.COLUMNS])
    for n, member in enumerate(meeting.term.members_on(DAY).select_related("user").order_by("pk")):
        phone = 5782091234 if wrong and n == 1 else "05782091234"
        book.active.append(
            [member.user.full_name, f"丽水市第{n % 5 + 1}林场", "高级工程师", ("森林培育", "园林")[n % 2], phone,
             member.user.username, dt.date(2025, 1, 1), dt.date(2027, 12, 31)]
        )  # fmt: skip
    out = io.BytesIO()
    book.save(out)
    (folder / name).write_bytes(out.getvalue())
    return str(folder / name)


def called_up(meeting: Meeting) -> None:
    """The office calls up whoever accepted."""
    accepted = draws.accepted(meeting)
    services.call_up(
        meeting, actor=story._clerk(meeting), observer=services.possible_observers()[0],
        voters=[member for member in services.possible_voters(meeting) if member.user_id in accepted],
        tellers=services.possible_tellers(meeting)[:2],
    )  # fmt: skip


def test_from_the_roster_to_the_dossier(world: World, tmp_path: Path) -> None:
    meeting, case = approved(world)
    desk = world.desk("office", meeting.prepared_by)
    desk.open("/office/experts/").follow("Import from Excel")
    desk.fill(file=roster(meeting, tmp_path, "错.xlsx", wrong=True)).press("Read the roster", 422).seen(
        "experts-faults"
    )
    desk.seen("experts-faults").says("第 3 行 E 列")
    desk.fill(file=roster(meeting, tmp_path, "专家.xlsx")).press("Read the roster").seen("experts-look")
    desk.press("Import these rows").seen("experts").says("可以抽取")

    desk.open(f"/office/meetings/{meeting.pk}/").follow("Draw experts").seen("draws")
    desk.fill(wanted=meeting.expected, specialties="森林培育 3").press("Draw").seen("draw")
    director = world.desk("director", story._director(meeting))
    director.open(f"/office/draws/{Draw.objects.get().pk}/").follow("Confirm the draw")
    director.press("Confirm the draw")

    first, *rest = Draw.objects.get().invitations.select_related("expert__account").order_by("pk")
    juror = world.desk("juror", first.expert.account)
    juror.open("/my/meetings/").seen("invitations").follow("Accept the invitation").press("Accept the invitation")
    for row in rest:
        INVITATION.fire(row, "accept", actor=row.expert.account)
    called_up(meeting)
    mine = world.desk("applicant", case.applicant.user)
    mine.open("/my/recusals/").fill(name=rest[0].expert.name, reason="曾有项目纠纷")
    mine.press("Ask for the recusal").seen("recusals")
    desk.open(f"/office/meetings/{meeting.pk}/recusals/").seen("recusals").follow("Confirm")
    desk.press("Confirm the recusal").says("曾有项目纠纷")
    assert RecusalProposal.objects.get().status == "confirmed"

    juror.open(f"/my/meetings/{meeting.pk}/").says(case.applicant.name).go(case.applicant.name)
    juror.seen("case").fill(conflict="no").press("Submit the declaration")
    juror.says(words("You declared no conflict. The dossier opens when the meeting is in session."))
    world.travel(DAY)
    story.open_meeting(meeting)
    juror.open(juror.page.url.removeprefix(juror.base)).seen("dossier").says("浙江农林大学")
    assert case.applicant.id_number not in juror.page.content()
    assert not world.findings.found, world.findings.found
