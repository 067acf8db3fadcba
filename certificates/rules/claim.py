"""What must hold before an examination certificate (R-15, R-16; domain case 27) or an old paper one is registered."""

from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from appraisal_portal import law
from appraisal_portal.kernel.approvals import proposed_content
from appraisal_portal.kernel.models import Upload
from appraisal_portal.kernel.workflow import Act, Problem
from certificates.models import Certificate, Claim
from committees.plans.models import SENIOR_LEVELS

_BASIS = "exam_series.no_appraisal"
_ELECTRONIC = "certificate.electronic_only"


def goes_by_exam(title: Any, subfield: Any) -> bool:
    """Whether the title is reached by a unified examination alone, in its series or in the subfield."""
    return bool(title.by_exam or (subfield is not None and title.level in subfield.by_exam_levels))


def by_examination(claim: Any, act: Act) -> Iterable[Problem]:
    """Only primary and intermediate titles of examination series are registered without an appraisal."""
    title = claim.title
    if claim.kind != Claim.Kind.EXAM:
        return
    if goes_by_exam(title, claim.subfield):
        return
    if title.level in SENIOR_LEVELS and title.series.by_exam_levels:
        yield Problem(
            _(
                "“{title}” is a senior title: the examination comes first, then the appraisal. "
                "Please declare it by the way “examination plus appraisal”."
            ).format(title=title),
            "title",
            _BASIS,
        )
    else:
        yield Problem(
            _("“{title}” is not reached by an examination. Please declare it for appraisal.").format(title=title),
            "title",
            _BASIS,
        )


def from_before_e_certificates(claim: Any, act: Act) -> Iterable[Problem]:
    """Paper certificates ended where e-certificates began; a later one was issued by this portal or by nobody."""
    if claim.kind == Claim.Kind.ARCHIVE and law.rule(_ELECTRONIC, claim.obtained_on) is not None:
        yield Problem(
            _("Certificates of {year} are electronic: only paper certificates from before are entered here.").format(
                year=claim.obtained_on.year
            ),
            "obtained_on",
            _ELECTRONIC,
        )


def title_of_the_day(claim: Any, act: Act) -> Iterable[Problem]:
    """The title existed on the day of the certificate; that of a paper one when e-certificates began, for the register
    begins there."""
    title, day = claim.title, claim.obtained_on
    if claim.kind == Claim.Kind.ARCHIVE:
        day = max(day, law.since(_ELECTRONIC))
    if day < title.valid_from or (title.valid_to is not None and day > title.valid_to):
        yield Problem(
            _("The register holds no title “{title}” on {day}. Please compare with your certificate.").format(
                title=title, day=date_format(day, "Y-m-d")
            ),
            "title",
        )


def dated_in_the_past(claim: Any, act: Act) -> Iterable[Problem]:
    """An examination certificate carries a day that has been."""
    if claim.obtained_on > act.day:
        yield Problem(_("The date of the certificate lies in the future."), "obtained_on")


def not_registered_yet(claim: Any, act: Act) -> Iterable[Problem]:
    """One valid certificate of a title, and one registration of it under way."""
    held = Certificate.objects.filter(person=claim.person_id, title=claim.title_id, status="valid").first()
    if held is not None:
        yield Problem(
            _("A valid certificate of this title is in the register already: {number}.").format(number=held), "title"
        )
    over = (Claim.Status.REFUSED, Claim.Status.WITHDRAWN, Claim.Status.REVOKED, Claim.Status.REGISTERED)
    others = Claim.objects.filter(person=claim.person_id, title=claim.title_id).exclude(pk=claim.pk)
    if others.exclude(status__in=over).exists():
        yield Problem(_("A registration of this title is under way already. Please go on with that one."), "title")


def no_ban_stands(claim: Any, act: Act) -> Iterable[Problem]:
    """No ban after false material stands this year (notice IV(4))."""
    for ban in claim.person.sanctions.all():
        if not ban.stands_in(act.day.year):
            continue
        yield Problem(
            _("You are barred from {first} to {last} after false material in the review of {review}.").format(
                first=ban.from_year, last=ban.to_year, review=ban.review_year
            ),
            basis="falsification.ban_years",
        )


def files_harmless(claim: Any, act: Act) -> Iterable[Problem]:
    """The virus scanner found nothing in the two files."""
    for field in ("file", "photo"):
        upload = getattr(claim, field)
        if upload.scan == Upload.Scan.INFECTED:
            yield Problem(
                _("The virus scanner found something in {name}. Please upload the file anew.").format(name=upload),
                field,
            )


def files_scanned(claim: Any, act: Act) -> Iterable[Problem]:
    """Nobody at the bureau decides about a file that only its owner may open so far."""
    if Upload.Scan.UNSCANNED in (claim.file.scan, claim.photo.scan):
        yield Problem(_("The files have not been scanned for viruses yet. Please wait for the scanner."))


def refusal_proposed(claim: Any, act: Act) -> Iterable[Problem]:
    """The second person refuses what the first proposed to refuse, over the same content."""
    if claim.proposal != Claim.Proposal.REJECT:
        yield Problem(_("The reviewer did not propose a refusal. Hand it back with the reason instead."))
    yield from proposed_content(claim, act)
