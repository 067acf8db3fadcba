"""What must hold before a certificate or its revocation: pure functions (object, act) → problems in words."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from appraisal_portal.kernel import fonts
from appraisal_portal.kernel.workflow import Act, Problem


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
