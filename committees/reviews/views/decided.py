"""What a meeting decided, as it is read aloud in the room and signed."""

from typing import Any

from django.utils.translation import gettext as _

from appraisal_portal.kernel import clock
from committees.reviews.rules import ballot as ballot_rules
from committees.reviews.rules import next_step
from committees.reviews.workflow.signers import heads, signers

TO_SIGN = {"meeting": ("in_session",), "resultpublicity": ("draft",), "resultreport": ("draft", "returned")}
"""Where each waits for the director's signature."""


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


def counts_of(ballot: Any, people: Any) -> list[tuple[str, str]]:
    """What the observer confirms: of each of the people whose vote was not set aside, what both tellers counted."""
    found = []
    counts = ballot.counts.filter(admission__in=people).select_related("admission__declaration__applicant")
    items = set(ballot.items.filter(void_reason="").values_list("admission", flat=True))
    for count in counts.order_by("admission__seq", "pk"):
        if count.admission_id in items:
            items.remove(count.admission_id)
            name = f"{count.admission.seq} · {count.admission.declaration.applicant.name}"
            found.append((name, next(iter(ballot_rules.figures([count]).values()))))
    return found


def still_voting(meeting: Any) -> bool:
    """The meeting is in session, and somebody is not decided on yet."""
    return bool(
        meeting.status == "in_session"
        and meeting.admissions.filter(exam_result="qualified", live=True, verdict=None).exists()
    )


def pointless(meeting: Any) -> tuple[str, ...]:
    """Steps of a meeting the guards would refuse whoever takes them, so that no page offers them: signing
    while somebody is not decided on, deciding about a person when everybody is or without the vote there must be,
    giving up a meeting that has decided something or is voting."""
    if meeting.status != "in_session":
        return ("open",) if next_step.day_is_missed(meeting, clock.today()) else ()
    left_out = ["lock_results"] if still_voting(meeting) else ["defer_person", "determine"]
    if meeting.kind != "determination":
        left_out.append("determine")
    if meeting.rounds.filter(status__in=("open", "sealed")).exists():
        left_out.append("void")
    return tuple(left_out)


def who_signs(obj: Any, user: Any) -> dict[str, str] | None:
    """The notice box of a meeting, list or report that waits for its signature: who gives it, or that nobody can."""
    if obj.status not in TO_SIGN[obj._meta.model_name]:
        return None
    free = signers(obj)
    if not free:
        return {
            "tone": "warn",
            "title": _("Nobody may sign this"),
            "text": _(
                "Every director of this committee keeps away from somebody named here. The bureau grants another "
                "person the role of director there, for as long as it takes."
            ),
        }
    names = _(", ").join(one.full_name for one in free)
    if user.pk in {one.pk for one in heads(obj)} - {one.pk for one in free}:
        text = _("You keep away from somebody named here, or prepared it yourself. It is signed by: {names}.")
    elif obj._meta.model_name == "meeting" and still_voting(obj):
        text = _("Once everybody has been decided on, the results are signed by: {names}.")
    else:
        text = _("Next it is signed by: {names}.")
    return {"tone": "note", "title": "", "text": text.format(names=names)}
