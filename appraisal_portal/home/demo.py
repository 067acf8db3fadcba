"""What ``manage.py demo`` says once it serves: who can log in, and what to try."""

from collections.abc import Iterator, Sequence

from django.utils import translation

from applications.models import Declaration
from appraisal_portal.accounts.models import User
from appraisal_portal.home.story.city import PASSWORD, build_city, logins
from appraisal_portal.home.story.people import someone

TRY = (
    ("draft", "fill in, sign and submit a declaration"),
    ("supplement", "answer a supplement notice"),
    ("certified", "download the e-certificate and check it without logging in"),
)


def guide() -> Sequence[str]:
    """Lines for the terminal, in English like every command's words."""
    with translation.override("en"):
        return [
            f"Everybody's password: {PASSWORD}",
            "",
            *(f"  {role:<48} {login}" for role, login in logins(build_city())),
        ]


def applicants() -> Sequence[str]:
    """Lines for the terminal once the year is there: applicants at some states, and what to try."""
    return [
        *_applicants(),
        "",
        "To try: as the bureau's reviewer decide a meeting application, as another approver confirm it;",
        "as forestry-clerk1 conclude the open objection; as a visitor read /publicity/ and check a certificate;",
        "as agriculture-clerk1 check the archive book of 2018 (/archive/) and see whose paper originals are overdue",
        "(/originals/?tab=late); as safety-clerk1 examine what has come in (/office/: assign, pass several, ask",
        "for a supplement) and enter that originals came in (/originals/);",
        "as farming-juror1 hand in the score sheet of a dossier and sign the panel's opinion (“My meetings”), as",
        "farming-director read the opinion that is signed already (the meeting's specialty panels).",
        "What was sent by e-mail: log in as the operator, “Sent mail”.",
    ]


def _applicants() -> Iterator[str]:
    for status, what in TRY:
        row = Declaration.objects.filter(status=status).select_related("applicant__user").order_by("year", "pk").last()
        if row is not None and isinstance(row.applicant.user, User):
            yield f"  {'applicant: ' + what:<72} {row.applicant.user.username}"
    number = someone(424242).id_number
    yield f"  {'applicant without a declaration':<72} register one, for instance with ID number {number}"
