"""What must hold before a document, a batch or a certificate: pure functions (object, act) → problems in words."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from appraisal_portal.kernel import fonts
from appraisal_portal.kernel.workflow import Act, Problem


def has_people(document: Any, act: Act) -> Iterable[Problem]:
    """A document without a single approved person announces nothing."""
    if not document.rows():
        yield Problem(_("None of the chosen reports has an approved person."), field="reports")


def reports_decided(document: Any, act: Act) -> Iterable[Problem]:
    """Only reports the bureau has decided go into a document."""
    for report in document.reports.exclude(status="decided"):
        yield Problem(_("The report “{report}” is not decided yet.").format(report=report), field="reports")


def not_in_other_document(document: Any, act: Act) -> Iterable[Problem]:
    """A report is announced once."""
    others = type(document).objects.filter(status__in=["proposed", "approved", "published"]).exclude(pk=document.pk)
    for report in document.reports.filter(pk__in=others.values("reports")):
        yield Problem(_("The report “{report}” already stands in another document.").format(report=report))


def paper_made(document: Any, act: Act) -> Iterable[Problem]:
    """The numbered PDF lies ready; it is made by the worker right after approval."""
    if document.document_id is None:
        yield Problem(_("The document is still being made. Please try again in a moment."))


def document_published(batch: Any, act: Act) -> Iterable[Problem]:
    """Certificates follow the published document, never precede it."""
    if batch.issue_document.status != "published":
        yield Problem(_("Publish the document first; certificates follow it."))


def count_as_expected(batch: Any, act: Act) -> Iterable[Problem]:
    """The batch holds as many people as its page said."""
    there = batch.items.exclude(status="failed").count()
    if there != batch.expected:
        yield Problem(_("The batch holds {there} people, not {expected}.").format(there=there, expected=batch.expected))


def every_item_settled(batch: Any, act: Act) -> Iterable[Problem]:
    """Each item is issued or has failed with a named reason."""
    waiting = batch.items.filter(status="waiting").count()
    if waiting:
        yield Problem(_("{count} certificates are still being made.").format(count=waiting))


def printable(texts: Iterable[str]) -> Iterable[Problem]:
    """Every character has a glyph in the certificate's face; a box in a name is no certificate (生僻字)."""
    missing = fonts.missing_glyphs("".join(texts))
    if missing:
        yield Problem(_("The certificate's typeface cannot draw: {characters}").format(characters=" ".join(missing)))


def no_live_certificate(certificate: Any, act: Act) -> Iterable[Problem]:
    """One valid certificate per person and title."""
    live = type(certificate).objects.filter(person=certificate.person_id, title=certificate.title_id, status="valid")
    other = live.exclude(pk=certificate.pk).first()
    if other:
        yield Problem(_("The person already holds a valid certificate of this title: {number}").format(number=other))


def certificate_still_valid(revocation: Any, act: Act) -> Iterable[Problem]:
    """Only a valid certificate can be revoked."""
    if revocation.certificate.status != "valid":
        yield Problem(_("This certificate is not valid any more."))


def no_other_revocation(revocation: Any, act: Act) -> Iterable[Problem]:
    """One revocation of a certificate at a time; a dropped one does not count."""
    others = type(revocation).objects.filter(certificate=revocation.certificate_id).exclude(status="dropped")
    if others.exclude(pk=revocation.pk).exists():
        yield Problem(_("A revocation of this certificate is open already."))


def evidence_given(revocation: Any, act: Act) -> Iterable[Problem]:
    """A revocation rests on evidence in words."""
    if not revocation.evidence.strip():
        yield Problem(_("Please describe the evidence."), field="evidence")
