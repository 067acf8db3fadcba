"""Papers of the unit: the posting sheet (公示) and the publicity certificate (申报材料公示确认表)."""

from collections.abc import Mapping
from typing import Any

from applications.models import UnitPublicity
from appraisal_portal.accounts.models import Membership
from appraisal_portal.kernel import blanks, clock, documents
from appraisal_portal.kernel.access import has_role
from appraisal_portal.kernel.rendering.pdf import chinese_date

Role = Membership.Role

POSTING_SHEET = "unit-posting"
CERTIFICATE = "unit-publicity"


def _people(publicity: UnitPublicity) -> list[dict[str, Any]]:
    items = publicity.items.filter(voided_at=None)
    return [{"seq": number, **item.shown, "facts": facts_of(item.shown)} for number, item in enumerate(items, start=1)]


def facts_of(shown: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """(what, its lines) of one person as the wall reads it, each line a row: a page may end between two of them."""
    found = {
        "申报资格": [shown["title"]],
        "现任资格": [shown["held"]],
        "申报类别、倾斜": shown.get("claims"),
        "学历": shown["education"] or [""],
        "工作经历": shown["work"] or [""],
        "主要业绩": shown["achievements"] or [""],
    }
    return [(label, lines) for label, lines in found.items() if lines]


def _posting_content(publicity: UnitPublicity) -> dict[str, Any]:
    """What hangs on the wall: who asks for what, until when, whom to tell. No identity or telephone numbers."""
    if publicity.starts_on is None or publicity.ends_on is None:
        raise ValueError("the sheet is made after the start")
    return {
        "title": "职称申报材料公示",
        "unit": publicity.unit.name,
        "people": _people(publicity),
        "place": publicity.place,
        "from": chinese_date(publicity.starts_on),
        "to": chinese_date(publicity.ends_on),
        "working_days": publicity.working_days,
        "contact": publicity.contact,
        "dated": chinese_date(publicity.starts_on),
    }


def _certificate_content(publicity: UnitPublicity) -> dict[str, Any]:
    """What was publicised, where, from when to when, objections and their outcome."""
    objections = [
        {
            "name": objection.item.declaration.applicant.name,
            "received_on": chinese_date(objection.received_on),
            "outcome": {"unfounded": "经核查不成立", "upheld": "经核查成立"}.get(objection.outcome, "核查中"),
            "kind": "举报" if objection.is_report else "异议",
        }
        for item in publicity.items.all()
        for objection in item.objections.select_related("item__declaration__applicant", "item__publicity")
    ]
    return {
        **_posting_content(publicity),
        "title": "申报材料公示确认表",
        "objections": objections,
        "raised": sum(row["kind"] == "异议" for row in objections),
        "dated": chinese_date(clock.today()),
    }


_READERS = has_role(Role.UNIT_CLERK, Role.UNIT_HEAD, Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER, Role.SUPERVISOR)


def _empty_certificate() -> dict[str, Any]:
    return {
        "title": "申报材料公示确认表",
        "blank": True,
        "from": blanks.DAY,
        "to": blanks.DAY,
        "working_days": blanks.LINE,
        "dated": blanks.DAY,
    }


posting_sheet = documents.register(
    documents.DocumentType(
        code=POSTING_SHEET,
        title="职称申报材料公示",
        paper="A4 portrait",
        kind="pdf",
        content=_posting_content,
        template="documents/posting-sheet.html",
        readers=_READERS,
    )
)

publicity_certificate = documents.register(
    documents.DocumentType(
        code=CERTIFICATE,
        title="申报材料公示确认表",
        paper="A4 portrait",
        kind="pdf",
        content=_certificate_content,
        template="documents/unit-publicity.html",
        readers=_READERS,
        blank=_empty_certificate,
    )
)
