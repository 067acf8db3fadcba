"""What a worker makes for this stage: the table of a document's certificates with the columns of 3-6."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from appraisal_portal.kernel import documents, progress
from appraisal_portal.kernel.exports import Kind, ask, on_its_way, register
from certificates.access import is_bureau
from certificates.documents import DATA
from certificates.models import IssueDocument
from certificates.models.issue import IssueDocumentPaper

__all__ = ["OF_DOCUMENT", "ask", "on_its_way"]


def _of_document(subject: IssueDocument, actor: object) -> str:
    progress.expect(len(subject.rows()))
    made = documents.issue(DATA, subject, actor=actor, paper_model=IssueDocumentPaper)
    return _("Version {n} of the table has been made.").format(n=made.version)


OF_DOCUMENT = register(
    Kind(
        name="certificate-data",
        title=gettext_lazy("The table of certificate data is being made"),
        model=IssueDocument,
        may=is_bureau,
        make=_of_document,
    )
)
