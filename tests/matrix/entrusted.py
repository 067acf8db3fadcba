"""Entrusted appraisal in the world of the matrix: an issued letter, one being written, a result waiting; its pages."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from appraisal_portal.home.story.people import evidence_pdf
from appraisal_portal.kernel import documents, files
from committees.reviews.models import EntrustmentItem, EntrustmentLetter, ExternalResult
from committees.reviews.models.entrustment import LETTER

TABLES = {"reviews.EntrustmentLetter": "entrustment", "reviews.ExternalResult": "external"}
"""Label of each table → name of its row."""
LISTS = {"reviews:entrustment-list": "bureau_reviewer"}
_LETTER, _RESULT = "reviews:entrustment-", "reviews:external-"


def add(world: Any) -> None:
    """The issued letter is about the certified case, whose people may download it."""
    report, case = world.rows["report"], world.rows["certified"]
    reviewer, approver = world.people["bureau_reviewer_2"], world.people["bureau_approver_2"]
    words = {"report": report, "addressee": "省高评委", "contact": "苏砚秋", "phone": "0578", "prepared_by": reviewer}
    world.rows["entrustment_draft"] = EntrustmentLetter.objects.create(**words)
    letter = EntrustmentLetter.objects.create(
        **words, number="丽人社委〔2026〕1号", issued_on=report.sent_on, status="issued", proposed_by=reviewer,
        decided_by=approver,
    )  # fmt: skip
    item = report.items.get(declaration=case)
    EntrustmentItem.objects.create(letter=letter, report_item=item, declaration=case, seq=1)
    documents.issue(LETTER, letter, actor=approver)
    upload = files.accept_upload(
        SimpleUploadedFile("result.pdf", evidence_pdf("评审结果通知"), "application/pdf"), owner=reviewer
    )
    world.rows["entrustment"] = letter
    world.rows["external"] = ExternalResult.objects.create(
        letter=letter, authority="省高评委", reference="浙高评〔2026〕6号", dated=report.sent_on, file=upload,
        prepared_by=reviewer,
    )  # fmt: skip


def pages(plain: Any, at: Any, do: Any) -> dict[str, Any]:
    """Its URLs."""
    return {
        f"{_LETTER}list": plain,
        f"{_LETTER}new": at("report"),
        f"{_LETTER}detail": at("entrustment"),
        f"{_LETTER}change": at("entrustment_draft"),
        f"{_LETTER}do": do("entrustment_draft", "propose"),
        f"{_LETTER}paper": at("entrustment", code=LETTER),
        f"{_RESULT}new": at("entrustment"),
        f"{_RESULT}detail": at("external"),
        f"{_RESULT}change": at("external"),
        f"{_RESULT}file": at("external"),
        f"{_RESULT}do": do("external", "propose"),
    }
