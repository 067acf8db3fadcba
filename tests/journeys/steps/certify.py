"""The bureau's document and the certificates; the holder downloads, anybody verifies."""

from tests.journeys.steps.desk import Desk

DOCUMENTS = "/bureau/certificates/documents/"


def document(reviewer: Desk, approver: Desk) -> int:
    """Prepared, proposed, approved, published; its key."""
    reviewer.open(DOCUMENTS).seen("documents").follow("Prepare a document").seen("document-new")
    for box in reviewer.main.locator('[name="reports"]').all():
        box.check()
    reviewer.press("Prepare the document").seen("document-draft")
    pk = reviewer.number()
    reviewer.follow("Propose the document").seen("document-propose").press("Propose the document")
    approver.open(f"{DOCUMENTS}{pk}/").follow("Approve the document").seen("document-approve").press(
        "Approve the document"
    )
    reviewer.open(f"{DOCUMENTS}{pk}/").follow("Publish as result notice").seen("document-publish")
    reviewer.press("Publish as result notice").seen("document")
    return pk


def release(reviewer: Desk, approver: Desk, document_pk: int, people: int) -> int:
    """The batch is prepared and proposed; another person types how many and releases. Its key."""
    reviewer.open(f"{DOCUMENTS}{document_pk}/").press("Prepare the certificates").seen("batch-draft")
    pk = reviewer.number()
    reviewer.follow("Propose the release").seen("batch-propose").press("Propose the release")
    approver.open(f"/bureau/certificates/batches/{pk}/").follow("Release the certificates").seen("batch-release")
    approver.sure("Release the certificates", people).seen("batch-done")
    return pk


def own(holder: Desk) -> bytes:
    """The holder's certificate."""
    holder.open("/my/certificates/").seen("certificates")
    holder.main.locator('a[href^="/certificates/"]').first.click()
    holder.seen("certificate")
    return holder.download(holder.main.locator('a[href$="/download/"]').first)


def verify_by_hand(visitor: Desk, number: str, name: str, code: str) -> None:
    """With the three things printed on the sheet."""
    visitor.open("/certificates/verify/").seen("verify")
    visitor.fill(number=number, name=name, code=code).press("Check the certificate").seen("verdict")
