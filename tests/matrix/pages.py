"""Every URL of the site by its full name: with which object of the world it is walked.

What each role gets stands literally in ``pages.toml``; a URL without a line here fails ``test_pages.py``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.matrix import autonomy, campaigns, certification, counties, entrusted, inside, jury, papers, spot
from tests.matrix.world import World

Value = Callable[[World], Any] | Any
MISSING = 999_999_999


@dataclass(frozen=True)
class Page:
    """``row``: name of the object in the world; ``pk``: the parameter that takes its number; ``more``: the others."""

    row: str = ""
    pk: str = "pk"
    more: Mapping[str, Value] = field(default_factory=dict)

    def kwargs(self, world: World) -> dict[str, Any]:
        """The parameters of the URL."""
        found = {name: value(world) if callable(value) else value for name, value in self.more.items()}
        return {self.pk: world.rows[self.row].pk, **found} if self.row else found


def at(row: str, pk: str = "pk", **more: Value) -> Page:
    """The page of an object."""
    return Page(row, pk, more)


def do(row: str, transition: str) -> Page:
    """The page of a transition of an object."""
    return Page(row, more={"transition": transition})


PLAIN = Page()

ACCOUNTS = {
    "accounts:account-detail": PLAIN,
    "accounts:account-edit": PLAIN,
    "accounts:contact-change": PLAIN,
    "accounts:contact-confirm": PLAIN,
    "accounts:employment-add": PLAIN,
    "accounts:employment-detail": at("employment"),
    "accounts:employment-do": do("employment", "end"),
    "accounts:employment-list": PLAIN,
    "accounts:login": PLAIN,
    "accounts:logout": PLAIN,
    "accounts:look-list": PLAIN,
    "accounts:membership-add": PLAIN,
    "accounts:membership-end": at("membership"),
    "accounts:membership-list": PLAIN,
    "accounts:membership-switch": PLAIN,
    "accounts:message-detail": at("message"),
    "accounts:message-list": PLAIN,
    "accounts:organisation-add": PLAIN,
    "accounts:organisation-detail": at("organisation"),
    "accounts:organisation-do": do("organisation", "suspend"),
    "accounts:organisation-list": PLAIN,
    "accounts:password-change": PLAIN,
    "accounts:password-forgotten": PLAIN,
    "accounts:password-forgotten-done": PLAIN,
    "accounts:password-reset-confirm": Page(more={"uidb64": "MQ", "token": "c0ffee-0"}),
    "accounts:post-detail": at("public_unit"),
    "accounts:post-list": PLAIN,
    "accounts:post-new": at("public_unit"),
    "accounts:postinformation-new": PLAIN,
    "accounts:postinformation-sheet": at("post_information"),
    "accounts:register": PLAIN,
    "accounts:register-confirm": PLAIN,
    "accounts:register-done": PLAIN,
    "accounts:sent-mail": PLAIN,
    "accounts:user-add": PLAIN,
    "accounts:user-detail": at("account"),
    "accounts:user-freeze": at("account"),
    "accounts:user-list": PLAIN,
}

APPLICATIONS = {
    "applications:archive-file": at("archive_entry", number=lambda w: w.rows["archive_entry"].files.first().pk),
    "applications:declaration-changes": at("exam"),
    "applications:declaration-detail": at("exam"),
    "applications:declaration-do": do("exam", "withdraw"),
    "applications:declaration-file": at("exam", upload=lambda w: w.rows["exam"].materials.first().upload_id),
    "applications:declaration-paper": at("exam", code="2-1"),
    "applications:declaration-photo": at("exam"),
    "applications:extension-detail": at("extension"),
    "applications:extension-do": do("extension", "refuse"),
    "applications:extension-list": PLAIN,
    "applications:extension-new": PLAIN,
    "applications:forwarder-declaration": at("recommended"),
    "applications:forwarder-list": PLAIN,
    "applications:forwarder-sendback": at("recommended"),
    "applications:last-draft": at("left_draft"),
    "applications:last-draft-list": PLAIN,
    "applications:my-archive": PLAIN,
    "applications:my-archive-add": at("draft"),
    "applications:my-archive-entry": at("archive_entry"),
    "applications:my-archive-new": PLAIN,
    "applications:my-archive-save": Page("draft", more={"row": lambda w: w.rows["achievement"].pk}),
    "applications:my-check": at("draft"),
    "applications:my-detail": at("draft"),
    "applications:my-fix": at("draft"),
    "applications:my-history": at("exam"),
    "applications:my-list": PLAIN,
    "applications:my-new": PLAIN,
    "applications:my-receipt": at("exam"),
    "applications:my-receipt-paper": at("exam", version=1),
    "applications:my-photo": at("draft", which="whole"),
    "applications:my-section": at("draft", section="person"),
    "applications:my-undertaking": at("draft"),
    "applications:office-accept": at("forwarded"),
    "applications:office-assign": at("exam"),
    "applications:office-batch": PLAIN,
    "applications:office-batch-done": at("bulk"),
    "applications:office-declaration": at("exam"),
    "applications:office-disqualify": at("exam"),
    "applications:office-list": PLAIN,
    "applications:office-qualify": at("exam"),
    "applications:office-redirect": at("forwarded"),
    "applications:office-reveal": at("exam"),
    "applications:office-sendback": at("forwarded"),
    "applications:case-recusal-do": do("case_recusal", "confirm"),
    "applications:office-stand-back": at("exam"),
    "applications:office-supplement": at("exam"),
    "applications:originals-detail": at("originals"),
    "applications:originals-do": do("originals", "forwarder_receives"),
    "applications:originals-list": PLAIN,
    "applications:originals-new": at("exam"),
    "applications:originals-receipt": at("originals", number=1),
    "applications:outage-list": PLAIN,
    "applications:outage-new": PLAIN,
    "applications:receipt-check": PLAIN,
    "applications:receipt-code": Page(more={"number": "2026-0001", "code": "ABCDEF"}),
    "applications:unit-changes": at("exam"),
    "applications:unit-changes-sign": at("exam"),
    "applications:unit-dashboard": PLAIN,
    "applications:unit-declaration": at("with_unit"),
    "applications:unit-list": PLAIN,
    "applications:unit-print": at("shown"),
    "applications:unit-recommend": at("shown"),
    "applications:unit-refuse": at("with_unit"),
    "applications:unit-return": at("with_unit"),
    "applications:unit-seal": at("shown"),
    "applications:unit-verify": at("with_unit"),
    "applications:ways": PLAIN,
}

PLAIN_CERTIFICATES = (
    "appointment-list appointment-new certificate-list claim-list claim-new claim-queue "
    "document-list document-new result-list verify verify-file"
)
CERTIFICATES = {
    **{f"certificates:{name}": PLAIN for name in PLAIN_CERTIFICATES.split()},
    "certificates:appointment-detail": at("appointment"),
    "certificates:appointment-do": do("appointment", "confirm"),
    "certificates:batch-detail": at("batch"),
    "certificates:batch-do": do("batch", "propose"),
    "certificates:batch-new": at("document"),
    "certificates:batch-progress": at("batch"),
    "certificates:certificate-detail": at("certificate"),
    "certificates:certificate-do": do("certificate", "revoke"),
    "certificates:certificate-download": at("certificate"),
    "certificates:claim-detail": at("claim"),
    "certificates:claim-do": do("claim", "approve"),
    "certificates:claim-edit": at("claim_draft"),
    "certificates:claim-file": at("claim", which="file"),
    "certificates:claim-retry": at("claim"),
    "certificates:document-detail": at("document"),
    "certificates:document-do": do("document", "propose"),
    "certificates:document-download": at("document"),
    "certificates:document-export": at("document"),
    "certificates:document-table": at("document"),
    "certificates:item-retry": at("batch", item=lambda w: w.rows["batch"].items.first().pk),
    "certificates:result-detail": at("document"),
    "certificates:result-download": at("document"),
    "certificates:revocation-detail": at("revocation"),
    "certificates:revocation-do": do("revocation", "propose"),
    "certificates:revocation-new": at("certificate"),
    "certificates:disclosure-switch": at("certificate", what="photo"),
    "certificates:verify-photo": Page(more={"ticket": "MQ:1:c0ffee"}),
    "certificates:verify-proof": Page(more={"ticket": "MQ:1:c0ffee"}),
    "certificates:certificate-credential": at("certificate"),
    "certificates:status-list": Page(more={"purpose": "revocation", "number": 0}),
    "certificates:verify-credential": Page(more={"token": "a" * 26}),
    "certificates:verify-token": Page(more={"token": "a" * 26}),
}

PLAIN_HOME = "accessibility api api-check api-description bureau feedback form-list front help no-role operator privacy"
HOME = {
    **{f"home:{name}": PLAIN for name in f"{PLAIN_HOME} robots search sitemap work".split()},
    "home:api-detail": Page("list", more={"kind": "publicity"}),
    "home:api-list": Page(more={"kind": "results"}),
    "home:bureau-figures": Page(more={"picture": "funnel"}),
    "home:delivery-retry": at("delivery"),
    "home:feed": Page(more={"kind": "publicity"}),
    "home:form-download": Page(more={"code": "3-5"}),
    "kernel:export": Page(more={"pk": papers.being_made}),
    "kernel:export-progress": Page(more={"pk": papers.being_made}),
    "kernel:preferences": PLAIN,
    "kernel:set-language": PLAIN,
}

PLANS = {
    "plans:calendar": PLAIN,
    "plans:calendar-remove": Page(more={"day": "2026-10-01"}),
    "plans:calendar-year": Page(more={"year": 2026}),
    "plans:committee-detail": at("committee"),
    "plans:committee-do": do("committee", "suspend"),
    "plans:committee-list": PLAIN,
    "plans:cycle": PLAIN,
    "plans:hours-edit": at("hours"),
    "plans:hours-list": PLAIN,
    "plans:hours-new": PLAIN,
    "plans:industry-new": PLAIN,
    "plans:line-edit": at("line"),
    "plans:line-new": at("plan", "plan"),
    "plans:line-remove": at("line"),
    "plans:notice-attach": at("notice"),
    "plans:notice-attachment": at("notice", attachment=MISSING),
    "plans:notice-desk": at("notice"),
    "plans:notice-detach": at("notice", attachment=MISSING),
    "plans:notice-detail": at("notice"),
    "plans:notice-do": do("notice", "propose"),
    "plans:notice-edit": at("notice"),
    "plans:notice-file": at("notice", attachment=MISSING),
    "plans:notice-list": PLAIN,
    "plans:notice-new": PLAIN,
    "plans:notice-queue": PLAIN,
    "plans:plan-detail": at("plan"),
    "plans:plan-do": do("plan", "publish"),
    "plans:plan-list": PLAIN,
    "plans:plan-new": PLAIN,
    "plans:plan-public": PLAIN,
    "plans:plan-year": Page(more={"year": 2026}),
    "plans:standard-detail": at("standard"),
    "plans:standard-list": PLAIN,
    "plans:standing-edit": at("committee"),
    "plans:term-detail": at("term"),
    "plans:term-do": do("term", "propose"),
    "plans:term-edit": at("term"),
    "plans:term-list": PLAIN,
    "plans:term-new": PLAIN,
    "plans:version-asks": at("version", part="questions"),
    "plans:version-conditions": at("version"),
    "plans:version-detail": at("version"),
    "plans:version-do": do("version", "propose"),
    "plans:version-edit": at("version"),
    "plans:version-list": PLAIN,
    "plans:version-new": PLAIN,
    "plans:where": PLAIN,
}

REVIEWS = {
    "reviews:archive-detail": at("archive_book"),
    "reviews:archive-do": do("archive_book", "check"),
    "reviews:archive-file": at("archive_book", kind="json"),
    "reviews:archive-list": PLAIN,
    "reviews:archive-new": at("meeting"),
    "reviews:attendance-sign": at("meeting"),
    "reviews:attendee-come-in": at("meeting", attendee=lambda w: w.rows["meeting"].attendees.first().pk),
    "reviews:attendee-leave": at("meeting", attendee=lambda w: w.rows["meeting"].attendees.first().pk),
    "reviews:bureau-meeting": at("meeting"),
    "reviews:bureau-meetings": PLAIN,
    "reviews:call-up": at("meeting"),
    "reviews:call-up-list": PLAIN,
    "reviews:draw-detail": at("draw"),
    "reviews:draw-do": do("draw", "confirm"),
    "reviews:expert-change": at("expert"),
    "reviews:expert-export": PLAIN,
    "reviews:expert-import": at("expert_import"),
    "reviews:expert-import-new": PLAIN,
    "reviews:expert-list": PLAIN,
    "reviews:expert-new": PLAIN,
    "reviews:invitation-do": do("invitation", "accept"),
    "reviews:juror-case": at("meeting", admission=lambda w: w.rows["meeting"].admissions.order_by("seq").first().pk),
    "reviews:juror-conflicts": at("meeting"),
    "reviews:juror-file": at("meeting", admission=MISSING, number=MISSING),
    "reviews:my-recusals": PLAIN,
    "reviews:recusal-do": do("recusal_proposal", "confirm"),
    "reviews:meeting-attendance": at("meeting"),
    "reviews:meeting-call-up": at("meeting_draft"),
    "reviews:meeting-change": at("meeting_draft"),
    "reviews:meeting-detail": at("meeting"),
    "reviews:meeting-draws": at("meeting"),
    "reviews:meeting-do": do("meeting_draft", "cancel"),
    "reviews:meeting-list": PLAIN,
    "reviews:meeting-new": PLAIN,
    "reviews:meeting-paper": at("meeting", code="3-1", version=1),
    "reviews:meeting-paper-current": at("meeting", code="3-2"),
    "reviews:determination-change": at("determination"),
    "reviews:determination-detail": at("determination"),
    "reviews:determination-do": do("determination", "decide"),
    "reviews:determination-letter": at("determination"),
    "reviews:determination-list": PLAIN,
    "reviews:determination-new": at("preliminary_line"),
    "reviews:determination-paper": at("determination_county", code="determination", version=1),
    "reviews:determination-publicity": at("determination"),
    "reviews:determination-report": at("determination"),
    "reviews:meeting-papers-make": at("meeting_draft"),
    "reviews:meeting-recusals": at("meeting_draft"),
    "reviews:meeting-room": at("meeting"),
    "reviews:meeting-votes": at("meeting"),
    "reviews:minutes-make": at("meeting"),
    "reviews:objection-about-me": at("objection"),
    "reviews:objection-detail": at("objection"),
    "reviews:objection-file": at("objection", upload=lambda w: w.rows["objection"].files.get(side="author").upload_id),
    "reviews:objection-do": do("objection", "extend"),
    "reviews:objection-follow": Page(more={"code": lambda w: w.rows["objection"].code}),
    "reviews:objection-list": PLAIN,
    "reviews:objection-new": PLAIN,
    "reviews:objection-received": PLAIN,
    "reviews:outcome-detail": at("certified"),
    "reviews:outcome-explain": at("certified"),
    "reviews:outcome-file": at("certified"),
    "reviews:outcome-list": PLAIN,
    "reviews:outcome-paper": at("certified", code="decision-letter"),
    "reviews:public-publicity": at("list"),
    "reviews:public-publicity-calendar": at("list"),
    "reviews:public-publicity-list": PLAIN,
    "reviews:publicity-desk": PLAIN,
    "reviews:publicity-detail": at("list"),
    "reviews:publicity-do": do("list", "halt"),
    "reviews:pre-review-new": at("meeting_public"),
    "reviews:publicity-new": at("meeting_public"),
    "reviews:recusal-withdraw": at("meeting_draft", recusal=MISSING),
    "reviews:report-decide": at("report"),
    "reviews:report-detail": at("report"),
    "reviews:report-do": do("report", "send"),
    "reviews:report-list": PLAIN,
    "reviews:report-make": at("report"),
    "reviews:report-new": at("meeting_public"),
    "reviews:report-paper": at("report", code="3-6", version=1),
    "reviews:round-ballot": at("round_electronic"),
    "reviews:round-ballots": at("round_electronic"),
    "reviews:round-counts": at("round"),
    "reviews:round-detail": at("round"),
    "reviews:round-do": do("round", "seal"),
    "reviews:round-turnout": at("round_electronic"),
}

APPLICATIONS |= spot.pages(PLAIN, at, do) | entrusted.pages(PLAIN, at, do) | campaigns.pages(PLAIN, at, do)
APPLICATIONS |= autonomy.pages(PLAIN, at, do) | inside.pages(PLAIN, at, do) | certification.pages(PLAIN, at, do)
PLANS |= counties.pages(Page, PLAIN, at, do)
REVIEWS |= jury.panel_pages(at, do)
KERNEL = dict.fromkeys(
    [
        f"kernel:{name}"
        for name in ("clock", "did", "jwks", "log", "log-checker", "log-consistency", "log-heads", "log-lines")
    ],
    PLAIN,
)
PAGES: dict[str, Page] = {**ACCOUNTS, **APPLICATIONS, **CERTIFICATES, **HOME, **PLANS, **REVIEWS, **KERNEL}

# List page → who opens it: its queries are counted with one row and with three.
LISTS = {
    "accounts:employment-list": "unit_clerk",
    "accounts:look-list": "bureau_reviewer",
    "accounts:membership-list": "bureau_reviewer",
    "accounts:message-list": "applicant",
    "accounts:organisation-list": "bureau_reviewer",
    "accounts:post-list": "bureau_reviewer",
    "accounts:user-list": "bureau_reviewer",
    "applications:forwarder-list": "forwarder",
    "applications:extension-list": "bureau_reviewer",
    "applications:office-list": "office_clerk",
    "applications:originals-list": "unit_clerk",
    "applications:spotcheck-list": "bureau_reviewer",
    "applications:unit-list": "unit_clerk",
    "applications:unitpublicity-list": "unit_clerk",
    "certificates:appointment-list": "unit_clerk",
    "certificates:certificate-list": "bureau_reviewer",
    "certificates:claim-list": "applicant",
    "certificates:claim-queue": "bureau_reviewer",
    "certificates:document-list": "bureau_reviewer",
    "plans:committee-list": "bureau_reviewer",
    "plans:hours-list": "forwarder",
    "plans:notice-queue": "bureau_reviewer",
    "plans:term-list": "bureau_reviewer",
    "plans:version-list": "bureau_reviewer",
    "reviews:archive-list": "office_clerk",
    "reviews:bureau-meetings?all=1": "bureau_reviewer",
    "reviews:determination-list": "bureau_reviewer",
    "reviews:expert-list": "office_clerk",
    "reviews:meeting-list": "office_clerk",
    "reviews:objection-list": "office_clerk",
    "reviews:publicity-desk": "office_clerk",
    "reviews:report-list": "office_clerk",
    **campaigns.LISTS,
    **counties.LISTS,
    **entrusted.LISTS,
    **(autonomy.LISTS | certification.LISTS),
}
