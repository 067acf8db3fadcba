"""Signing the undertaking 2-9: the password entered again under the whole text, the scan of the sealed paper, or the
unit's electronic seal put on by its head."""

import hashlib
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from applications import access
from applications.models import Declaration, DeclarationSnapshot, Signature, Undertaking
from applications.rules.changes import changed_under
from applications.rules.examination import open_slip
from applications.rules.unit import marks_of, still_says
from applications.workflow.writes import take_snapshot, void_undertaking
from appraisal_portal.accounts.models import UnitSeal, User
from appraisal_portal.accounts.services import confirm_password
from appraisal_portal.kernel import clock, files
from appraisal_portal.kernel.models import Upload
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Problem

Mark = Signature.Mark
TEXT_VERSION, AGENCY_VERSION = "2018-1", "2018-1-agency"
"""The wordings in ``templates/documents/undertaking-….txt``; a new wording is a new file and a new version."""

SIGNERS = {
    Mark.APPLICANT: access.is_owner,
    Mark.VERIFIER: access.is_clerk_of_unit & ~access.is_owner,
    Mark.UNIT_HEAD: access.is_head_of_unit & ~access.is_owner,
    Mark.SEAL: (access.is_clerk_of_unit | access.is_head_of_unit) & ~access.is_owner,
}
"""Who makes which mark; the electronic seal only the head (:func:`seal_electronically`)."""


def version_of(declaration: Declaration) -> str:
    """The wording a declaration is signed under: where a talent agency declares, nobody says to work there."""
    return AGENCY_VERSION if declaration.through_agency else TEXT_VERSION


def text_of(declaration: Declaration, version: str = "") -> str:
    """The whole text as it is shown, signed and printed; always Chinese, the paper is the statutory one."""
    return text_with(
        version or version_of(declaration),
        name=declaration.applicant.name,
        unit=declaration.unit.name,
        title=str(declaration.title),
        year=declaration.year,
    )


def to_be_signed(declaration: Declaration) -> dict[str, Any]:
    """For a page of the unit that signs 2-9: the whole text, each mark with who made it and when, and those missing."""
    made = marks_of(declaration)
    return {
        "undertaking": text_of(declaration),
        "marks": [(mark, mark.label, made[mark.value]) for mark in Mark],
        "missing": [mark for mark, signature in made.items() if signature is None],
    }


def text_with(version: str, **words: Any) -> str:
    """The text of a version with ``name``, ``unit``, ``title`` and ``year``: a person's, or lines to write them on."""
    return render_to_string(f"documents/undertaking-{version}.txt", words).strip()


def text_hash(text: str) -> str:
    """SHA-256 of the text, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def live(declaration: Declaration) -> Undertaking | None:
    """The undertaking in force, or None."""
    found: Undertaking | None = declaration.undertakings.filter(voided_at=None).select_related("snapshot").first()
    return found


def sign(declaration: Declaration, mark: str, user: User, password: str, *, address: str | None = None) -> Signature:
    """Make a mark by password. Raises Blocked (wrong password, not the same text, three people) or NotAllowed."""
    if not confirm_password(user, password):
        raise Blocked(Problem(_("The password is not right. Nothing has been signed."), field="password"))
    return sign_confirmed(declaration, mark, user, address=address)


def sign_confirmed(declaration: Declaration, mark: str, user: User, *, address: str | None = None) -> Signature:
    """Make a mark for somebody whose password the caller has just checked: one entry can sign several declarations."""
    return _mark(declaration, mark, user, address, method=Signature.Method.PASSWORD)


def sign_by_scan(
    declaration: Declaration, mark: str, user: User, upload: Upload, *, address: str | None = None
) -> Signature:
    """Make a mark by the scan of the printed and sealed paper, for units without an electronic seal."""
    return _mark(declaration, mark, user, address, method=Signature.Method.SCAN, upload=upload)


def seal_electronically(
    declaration: Declaration, seal: UnitSeal, user: User, *, address: str | None = None
) -> Signature:
    """Put the unit's electronic seal on 2-9; the caller has locked the unit and just checked the head's password."""
    refused = SIGNERS[Mark.UNIT_HEAD].why_not(user, declaration)
    if refused:
        raise NotAllowed(*refused)
    found = {"method": Signature.Method.E_SEAL, "upload": seal.picture, "seal": seal}
    return _mark(declaration, Mark.SEAL, user, address, **found, seal_sha256=seal.picture.sha256)


def picture_of(mark: Signature) -> bytes:
    """The electronic seal of a mark as it was put on. Raises DamagedFile where the file is gone or another one."""
    upload: Any = mark.upload
    data = files.open_upload(upload)
    if upload.sha256 != mark.seal_sha256:
        raise files.DamagedFile(files.upload_name(upload))
    return data


def _mark(declaration: Declaration, mark: str, user: User, address: str | None, **how: Any) -> Signature:
    with transaction.atomic():
        locked: Declaration = Declaration.objects.select_for_update(of=("self",)).get(pk=declaration.pk)
        refused = SIGNERS[Mark(mark)].why_not(user, locked)
        if refused:
            raise NotAllowed(*refused)
        undertaking = _begin(locked, user) if mark == Mark.APPLICANT else _go_on(locked, mark, user)
        return Signature.objects.create(
            undertaking=undertaking,
            mark=mark,
            user=user,
            text_sha256=undertaking.text_sha256,
            at=clock.now(),
            from_address=address,
            **how,
        )


def _begin(declaration: Declaration, user: User) -> Undertaking:
    """The applicant signs first: a new undertaking over the content as it stands now."""
    if declaration.status == Declaration.Status.SUPPLEMENT:
        slip = open_slip(declaration)
        if slip is None or not changed_under(slip, declaration).sign:
            raise Blocked(Problem(_("Nothing you stated has changed: the undertaking need not be signed again.")))
    elif declaration.status not in (Declaration.Status.DRAFT, Declaration.Status.RETURNED):
        raise Blocked(Problem(_("The undertaking is signed before the declaration is submitted.")))
    snapshot = take_snapshot(declaration, DeclarationSnapshot.Stage.SUBMITTED, by=user)
    before = live(declaration)
    if (
        before is not None
        and before.snapshot_id == snapshot.pk
        and before.signatures.filter(mark=Mark.APPLICANT).exists()
    ):
        raise Blocked(Problem(_("You have signed this text already.")))
    void_undertaking(declaration, clock.now())
    text = text_of(declaration)
    return Undertaking.objects.create(
        declaration=declaration,
        text_version=version_of(declaration),
        text_sha256=text_hash(text),
        snapshot=snapshot,
        made_at=clock.now(),
    )


def _go_on(declaration: Declaration, mark: str, user: User) -> Undertaking:
    """The unit signs what the applicant signed, if the content is still the same."""
    undertaking = live(declaration)
    if undertaking is None or not still_says(declaration, undertaking.snapshot.sha256):
        raise Blocked(
            Problem(_("The applicant has not signed this content. Return the declaration so that it is signed again."))
        )
    marks: Any = undertaking.signatures.all()
    if any(row.mark == mark for row in marks):
        raise Blocked(Problem(_("This mark stands already.")))
    if mark != Mark.SEAL and any(row.user_id == user.pk for row in marks if row.mark != Mark.SEAL):
        raise Blocked(
            Problem(_("Applicant, verifier and responsible person are three people; you have signed already."))
        )
    return undertaking
