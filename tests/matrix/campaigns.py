"""What the matrix needs of false material (弄虚作假) and of the supervision campaign (督查): rows and pages."""

import datetime as dt
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from applications.models import SanctionFile
from appraisal_portal.home.story import declare, sanctions, supervise
from appraisal_portal.home.story.people import evidence_pdf
from appraisal_portal.kernel import clock, files

TABLES = {
    "applications.Lifting": "lifting",
    "applications.Sanction": "sanction",
    "supervision.SupervisionCheck": "supervision",
}
"""Label of each table → name of its row."""

LISTS = {"applications:sanction-list": "bureau_reviewer", "supervision:check-list": "bureau_reviewer"}
COPIES: dict[str, Any] = {"supervision.SupervisionCheck": lambda row, place: {"year": row.year - place}}


def banned(world: Any, away: str) -> None:
    """A ban in force, with a file; its lifting is proposed after the hearing."""
    with clock.travel(clock.at(dt.date(2026, 6, 24), 9)):
        draft = declare.draft(world.city, world.cycle, 5300, unit=world.other_unit, line=world.cycle.line(away))
        ban = sanctions.banned(draft)
        shown = files.accept_upload(SimpleUploadedFile("检索报告.pdf", evidence_pdf("检索报告")), owner=None)
        world.rows |= {"ban": ban, "lifting": sanctions.lifting_proposed(ban)}
        world.rows["ban_file"] = SanctionFile.objects.create(sanction=ban, side="bureau", upload=shown)


def add(world: Any) -> None:
    """A ban proposed against the person whose certificate was revoked; findings sent to the committee's office."""
    world.rows["sanction"] = sanctions.proposed(world.rows["certificate_revoked"].declaration)
    committee, year = world.rows["committee"], world.rows["plan"].year
    world.rows["supervision"] = supervise.sent(committee, year, {"recusals": supervise.DEFECT})


def pages(plain: Any, at: Any, do: Any) -> dict[str, Any]:
    """Their URLs."""
    return {
        "applications:lifting-do": do("lifting", "decide"),
        "applications:lifting-new": at("ban"),
        "applications:sanction-detail": at("sanction"),
        "applications:sanction-do": do("sanction", "decide"),
        "applications:sanction-file": at("ban", upload=lambda w: w.rows["ban_file"].upload_id),
        "applications:sanction-letter": at("ban"),
        "applications:sanction-list": plain,
        "applications:sanction-new": plain,
        "supervision:check-anew": at("supervision"),
        "supervision:check-detail": at("supervision"),
        "supervision:check-do": do("supervision", "answer"),
        "supervision:check-judge": at("supervision"),
        "supervision:check-list": plain,
        "supervision:check-new": plain,
    }
