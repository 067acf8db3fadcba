"""What a meeting decided, as it is read aloud in the room and signed."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committees.reviews.querysets.conflict import known_to


def results_of(people: Any) -> list[tuple[str, str]]:
    """What is signed or read aloud: each of the people (admissions) decided on with the decision and the vote."""
    rows = people.filter(verdict__isnull=False).select_related("verdict", "declaration__applicant")
    found = []
    for row in rows.order_by("seq"):
        verdict, said = row.verdict, str(row.verdict.get_outcome_display())
        if verdict.present is not None:
            said += " · " + _("for {agree} of {entitled}").format(agree=verdict.agree, entitled=verdict.present)
        found.append((f"{row.seq} · {row.declaration.applicant.name}", said))
    return found


def signed_results(meeting: Any, user: Any) -> list[tuple[str, str]]:
    """What a director signs: the results without those the director stands back from, whose number alone is said."""
    known = results_of(known_to(user, meeting))
    hidden = meeting.admissions.filter(exam_result="qualified", verdict__isnull=False).count() - len(known)
    words = ngettext(
        "{n} person you stand back from: counted, not shown",
        "{n} people you stand back from: counted, not shown",
        hidden,
    )
    return [*known, (_("Not shown"), words.format(n=hidden))] if hidden else known
