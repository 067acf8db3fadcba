"""Independent appraisal in the world of the matrix: the unit's delegation, its plan with the log, a list that waits."""

import datetime as dt
from typing import Any

from appraisal_portal.home.story import autonomy as story

TABLES = {
    "autonomous.Delegation": "delegation",
    "autonomous.AutonomousPlan": "autonomous_plan",
    "autonomous.FiledBatch": "filed_batch",
}
"""Label of each table → name of its row."""
LISTS = {"autonomous:delegation-list": "bureau_reviewer", "certificates:filed-list": "bureau_reviewer"}
COPIES = {
    "autonomous.Delegation": lambda row, place: {
        "starts_on": row.starts_on + dt.timedelta(days=10_000 * place), "status": "ended",
    },
    "autonomous.FiledBatch": lambda row, place: {"number": f"{row.number}-{place}", "status": "accepted"},
}  # fmt: skip
_DELEGATION, _PLAN, _BATCH = "autonomous:delegation-", "autonomous:plan-", "autonomous:batch-"


def add(world: Any) -> None:
    """A draft of the bureau, a delegation in force, an empty plan of it, and one with consent, log and results."""
    rows = world.rows
    rows["delegation_draft"] = story.draft(world.unit, kind="hospital", series="卫生技术", levels=["assistant"])
    rows["delegation"] = story.delegate(world.unit, kind="institute", series="自然科学研究", levels=["assistant"])
    rows["autonomous_open"] = story.open_plan(rows["delegation"])
    other = story.delegate(world.unit, kind="university")
    consented = story.consent(story.submit(story.fill(story.open_plan(other))))
    story.log(consented)
    rows["autonomous_plan"] = consented
    rows["filed_batch"] = story.enter(consented, [rows["exam"].applicant], "讲师")
    rows["accepted_batch"] = story.accept(story.file(story.enter(consented, [rows["shown"].applicant], "讲师")))


def pages(plain: Any, at: Any, do: Any) -> dict[str, Any]:
    """Its URLs."""
    return {
        f"{_DELEGATION}list": plain,
        f"{_DELEGATION}new": plain,
        f"{_DELEGATION}detail": at("delegation"),
        f"{_DELEGATION}change": at("delegation_draft"),
        f"{_DELEGATION}do": do("delegation", "end"),
        f"{_PLAN}new": at("delegation"),
        f"{_PLAN}detail": at("autonomous_plan"),
        f"{_PLAN}change": at("autonomous_open"),
        f"{_PLAN}standard": at("autonomous_plan"),
        f"{_PLAN}log": at("autonomous_plan"),
        f"{_PLAN}do": do("autonomous_open", "submit"),
        f"{_BATCH}empty": at("autonomous_plan"),
        f"{_BATCH}new": at("autonomous_plan"),
        f"{_BATCH}detail": at("filed_batch"),
        f"{_BATCH}change": at("filed_batch"),
        f"{_BATCH}summary": at("filed_batch"),
        f"{_BATCH}do": do("filed_batch", "file"),
        "certificates:certificate-photo": at("certificate"),
        "certificates:filed-list": plain,
        "certificates:filed-retry": at("accepted_batch"),
        "certificates:result-filed": at("accepted_batch"),
        "certificates:result-filed-proof": at("accepted_batch"),
    }
