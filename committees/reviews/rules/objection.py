"""What must hold for an objection: pure functions (object, act) → problems in words."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from applications.models import Declaration
from appraisal_portal.kernel import calendar, clock
from appraisal_portal.kernel.meaning import says_something
from appraisal_portal.kernel.workflow import Act, Problem
from committees.reviews.models import Objection, ObjectionRecord


def received_in_time(objection: Any, act: Act) -> Iterable[Problem]:
    """Only an objection with a real name, received by 24:00 of the last day, holds somebody."""
    if not objection.in_time:
        yield Problem(_("It came after the publicity had ended: record it as a report instead."))
    if not objection.filed_by.strip():
        yield Problem(_("It carries no name: record it as a report instead."))


def late_or_anonymous(objection: Any, act: Act) -> Iterable[Problem]:
    """What is in time and named must be investigated as an objection."""
    if objection.in_time and objection.filed_by.strip():
        yield Problem(_("It is in time and carries a name: it has to be investigated as an objection."))


def list_is_public(objection: Any, act: Act) -> Iterable[Problem]:
    """An objection concerns a list that is or was public."""
    if objection.item.publicity.status not in {"running", "closed", "halted"}:
        yield Problem(_("This list is not public."))


def words_given(objection: Any, act: Act) -> Iterable[Problem]:
    """Something concrete is said."""
    if not says_something(objection.content):
        yield Problem(_("Please say what is wrong and what shows it, in at least ten characters."), field="content")


def not_flooding(objection: Any, act: Act) -> Iterable[Problem]:
    """One address sends in a bounded number a day, so that nobody buries a list under objections."""
    since = act.at - dt.timedelta(days=1)
    sent = ObjectionRecord.objects.filter(transition="receive", from_address=act.address, at__gt=since)
    if act.address and sent.count() >= settings.PORTAL_OBJECTIONS_PER_ADDRESS:
        yield Problem(
            _("Many objections have come from your connection today. Please go on tomorrow, or write to the office.")
        )


def substance_told(objection: Any, act: Act) -> Iterable[Problem]:
    """The person concerned learns what is said, never who said it."""
    text = (act.data.get("substance") or "").strip()
    if not says_something(text):
        yield Problem(
            _("Please say in at least ten characters what the person concerned has to answer to."), field="substance"
        )
    yield from _names_nobody(objection, text, "substance")


def _names_nobody(objection: Any, text: str, field: str) -> Iterable[Problem]:
    """What the person concerned reads never holds the name or the contact of whoever objected."""
    if any(len(part) > 1 and part in text for part in (objection.filed_by.strip(), objection.contact.strip())):
        yield Problem(
            _("The person concerned reads this text, and it names whoever objected. Take the name or number out."),
            field=field,
        )


def reason_names_nobody(objection: Any, act: Act) -> Iterable[Problem]:
    """The reason of an extension is read by both sides."""
    yield from _names_nobody(objection, act.reason, "reason")


def answer_says_something(objection: Any, act: Act) -> Iterable[Problem]:
    """An answer is more than a click."""
    if not says_something(act.data.get("content")):
        yield Problem(_("Please answer in at least ten characters."), field="content")


def reply_for_the_named(objection: Any, act: Act) -> Iterable[Problem]:
    """Whoever objected under a real name gets a written reply."""
    if objection.filed_by.strip() and not says_something(act.data.get("reply")):
        yield Problem(
            _("Somebody with a real name objected: please write the reply, in at least ten characters."), field="reply"
        )


def can_be_checked(objection: Any, act: Act) -> Iterable[Problem]:
    """A report that names nothing to check is kept, not followed up."""
    if not objection.checkable:
        yield Problem(_("This report was recorded as naming nothing that could be checked."))


def findings_given(objection: Any, act: Act) -> Iterable[Problem]:
    """What became of a report stands in words."""
    if not says_something(act.data.get("evidence")):
        yield Problem(_("Please describe what was found, in at least ten characters."), field="evidence")


def taken_on_by(objection: Any) -> calendar.PeriodEnd:
    """The day until which the office takes it on or records it as a report; the author and the office read it."""
    day = clock.local(objection.received_at).date()
    return calendar.add_working_days(day, settings.PORTAL_OBJECTION_TAKE_ON_DAYS)


def extended_end(objection: Any) -> calendar.PeriodEnd:
    """The last day once extended, counted from the beginning; never before what was announced."""
    ends = calendar.add_working_days(objection.starts_on, settings.PORTAL_OBJECTION_COMPLEX_DAYS)
    announced = objection.announced_ends_on or ends.ends_on
    return ends._replace(ends_on=max(ends.ends_on, announced))


OUT = frozenset({"excluded", "rejected", "withdrawn", "barred", "revoked"})
"""Statuses of a declaration that has ended otherwise: no objection can hold, release or exclude it any more."""


def others_under_way(objection: Any) -> Any:
    """Other objections that hold the same person."""
    here = Objection.objects.filter(item__declaration=objection.item.declaration_id)
    return here.filter(status__in=("investigating", "concluded")).exclude(pk=objection.pk)


def once_dismissed(objection: Any) -> str:
    """What becomes of the person whom an objection does not hold any more: "out" when the case has ended otherwise,
    "waits" for another objection, "on" when it goes on."""
    if Declaration.objects.filter(pk=objection.item.declaration_id, status__in=OUT).exists():
        return "out"
    return "waits" if others_under_way(objection).exists() else "on"


def pointless(objection: Any) -> frozenset[str]:
    """Steps the guards would refuse whoever takes them, so that no page offers them: to take on what came late or
    without a name, to record as a report what did not, to follow up what names nothing, a second extension, a decision
    against the opinion of the office (which can be sent back)."""
    if objection.status == "received":
        return frozenset({"record_as_report" if objection.in_time and objection.filed_by else "admit"})
    if objection.status == "reported_late":
        return frozenset() if objection.checkable else frozenset({"settle"})
    if objection.status == "concluded":
        return frozenset({"dismiss" if objection.opinion == "upheld" else "uphold"})
    return frozenset({"extend"} if objection.extended else ())


def not_extended_yet(objection: Any, act: Act) -> Iterable[Problem]:
    """The investigation is extended once."""
    if objection.extended:
        yield Problem(_("The investigation has been extended once already."))


def evidence_and_opinion(objection: Any, act: Act) -> Iterable[Problem]:
    """A conclusion names what was found and one of the two opinions."""
    yield from findings_given(objection, act)
    yield from _names_nobody(objection, act.data.get("evidence") or "", "evidence")
    if act.data.get("opinion") not in {"upheld", "unfounded"}:
        yield Problem(_("Please choose an opinion."), field="opinion")


def opinion_is(expected: str) -> Any:
    """Guard factory: the bureau confirms the opinion the handler gave, or sends it back."""

    def opinion_matches(objection: Any, act: Act) -> Iterable[Problem]:
        if objection.opinion != expected:
            yield Problem(_("The handler's opinion is another one. Send it back if you do not agree."))

    return opinion_matches
