"""Entrusted appraisal as reviewer and approver of the bureau do it on their pages. The caller travels in time."""

from django.core.files.uploadedfile import SimpleUploadedFile

from appraisal_portal.home.story.actors import holder
from appraisal_portal.home.story.people import evidence_pdf
from appraisal_portal.kernel import clock
from committees.reviews.models import EntrustmentLetter, ExternalResult, ResultReport
from committees.reviews.services import entrustment as service
from committees.reviews.workflow.entrustment import ENTRUSTMENT, EXTERNAL_RESULT

ADDRESSEE = "浙江省工程技术人员高级专业技术职务评审委员会"


def prepare(report: ResultReport) -> EntrustmentLetter:
    """A draft letter over everybody of the report who is free."""
    return service.prepare(
        report, user=holder("bureau_reviewer"), addressee=ADDRESSEE, contact="苏砚秋", phone="0578-2091234"
    )


def propose(letter: EntrustmentLetter) -> EntrustmentLetter:
    """The reviewer proposes it."""
    ENTRUSTMENT.fire(letter, "propose", actor=holder("bureau_reviewer"), content_hash=letter.content_hash())
    return letter


def issue(letter: EntrustmentLetter) -> EntrustmentLetter:
    """Another person issues it: it has its number and its paper, the people leave."""
    approver = holder("bureau_approver", but=letter.proposed_by)
    ENTRUSTMENT.fire(letter, "issue", actor=approver, content_hash=letter.content_hash())
    return letter


def answer(letter: EntrustmentLetter, *, refused: tuple[int, ...] = (), people: int | None = None) -> ExternalResult:
    """A draft of what the higher committee wrote today: about all, or the first ``people``; ``refused``: places."""
    outcomes = {
        item.pk: ("refused", "代表作水平未达到标准条件") if place in refused else ("granted", "")
        for place, item in enumerate(service.open_items(letter)[:people])
    }
    today = clock.today()
    document = SimpleUploadedFile("result.pdf", evidence_pdf("浙江省高评委评审结果通知"), "application/pdf")
    values = {"authority": letter.addressee, "reference": f"浙高评〔{today.year}〕6号", "dated": today}
    return service.keep(letter, outcomes, user=holder("bureau_reviewer"), values=values, file=document)


def register(result: ExternalResult) -> ExternalResult:
    """The reviewer proposes, another person registers."""
    reviewer = holder("bureau_reviewer")
    EXTERNAL_RESULT.fire(result, "propose", actor=reviewer, content_hash=result.content_hash())
    approver = holder("bureau_approver", but=reviewer)
    EXTERNAL_RESULT.fire(result, "register", actor=approver, content_hash=result.content_hash())
    return result
