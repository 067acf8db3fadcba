"""The pages of the steps of two people: what is decided about stands on the page where it is decided."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from appraisal_portal.kernel.templatetags.portal import zh_date
from appraisal_portal.kernel.views import TransitionView
from appraisal_portal.kernel.workflow import Transition
from certificates.models import Certificate
from certificates.views.corrections import changes_of

Shown = list[tuple[str, str]]


def _of_certificate(certificate: Certificate) -> Shown:
    return [(_("Holder"), certificate.person.name), (_("Title"), certificate.title.name)]


class RevocationStep(TransitionView):
    """Whose certificate is revoked, on what ground and evidence, and why the revocation was opened."""

    def _summary(self, obj: Any, row: Transition) -> Shown:
        opened = obj.records.get(transition="open")
        return [
            *_of_certificate(obj.certificate),
            (_("Ground of the revocation"), capfirst(obj.get_revoke_class_display())),
            (_("Evidence"), obj.evidence),
            (_("Reason for opening"), opened.reason),
        ]


class CorrectionStep(TransitionView):
    """What the certificate says and what it shall say."""

    def _summary(self, obj: Any, row: Transition) -> Shown:
        changes = [(label, _("{old} → {new}").format(old=old, new=new)) for label, old, new in changes_of(obj)]
        return [*_of_certificate(obj.certificate), *changes, (_("Evidence"), obj.evidence)]


class BatchStep(TransitionView):
    """Of which document, and how many people get a certificate."""

    def _summary(self, obj: Any, row: Transition) -> Shown:
        document = obj.issue_document
        return [
            (_("Document"), f"{document.title} {document.number}"),
            (_("Published on"), zh_date(document.published_on)),
            (_("People"), str(obj.expected)),
        ]


class ClaimStep(TransitionView):
    """Whose certificate it is, and the entries that were compared."""

    def _summary(self, obj: Any, row: Transition) -> Shown:
        return [
            (_("Name"), obj.person.name),
            (_("Title"), f"{obj.title.name} · {obj.title.series.name}"),
            (_("Number of the certificate"), obj.exam_number),
            (_("Date on the certificate"), zh_date(obj.obtained_on)),
            (_("Issuing authority"), obj.authority),
        ]
