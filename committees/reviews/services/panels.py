"""Dividing a meeting into specialty panels (专业组), between its approval and its opening."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Problem, WrongState
from committees.reviews.access import meeting as access
from committees.reviews.models import Admission, Attendee, Meeting, Panel, PanelSeat


def _locked(meeting: Meeting, actor: Any) -> Meeting:
    refused = access.divides_panels.why_not(actor, meeting)
    if refused:
        raise NotAllowed(*refused)
    found: Meeting = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if found.status != Meeting.Status.APPROVED:
        raise WrongState(_("Panels are divided after the approval of the meeting and before it opens."))
    return found


def free_voters(meeting: Meeting, panel: Panel | None = None) -> Any:
    """Voting members who sit on no panel, or on this one."""
    taken = PanelSeat.objects.filter(panel__meeting=meeting)
    if panel is not None:
        taken = taken.exclude(panel=panel)
    rows = meeting.attendees.filter(role=Attendee.Role.VOTER).exclude(pk__in=taken.values("attendee"))
    return rows.select_related("user", "member").order_by("pk")


def free_cases(meeting: Meeting, panel: Panel | None = None) -> Any:
    """Qualified persons of no panel, or of this one."""
    taken = meeting.admissions.filter(panel__isnull=False)
    if panel is not None:
        taken = taken.exclude(panel=panel)
    rows = meeting.admissions.filter(exam_result=Admission.Result.QUALIFIED, live=True).exclude(pk__in=taken)
    return rows.select_related("declaration__applicant", "declaration__unit").order_by("seq")


def save(
    meeting: Meeting,
    panel: Panel | None = None,
    *,
    actor: Any,
    name: str,
    members: Sequence[Attendee],
    head: Attendee,
    cases: Sequence[Admission],
) -> Panel:
    """A new panel, or another division of one. Raises NotAllowed, WrongState, or Blocked with the field of each."""
    with transaction.atomic():
        locked = _locked(meeting, actor)
        problems = list(_problems(locked, panel, name.strip(), members, head, cases))
        if problems:
            raise Blocked(*problems)
        stored = panel or Panel(meeting=locked, divided_by_id=actor.pk)
        stored.name, stored.divided_by_id = name.strip(), actor.pk
        stored.save()
        stored.seats.all().delete()
        for member in sorted(members, key=lambda one: (one.pk != head.pk, one.pk)):
            PanelSeat.objects.create(panel=stored, attendee=member, head=member.pk == head.pk)
        chosen = {case.pk for case in cases}
        stored.admissions.exclude(pk__in=chosen).update(panel=None)
        locked.admissions.filter(pk__in=chosen).update(panel=stored)
    return stored


def _problems(
    meeting: Meeting,
    panel: Panel | None,
    name: str,
    members: Sequence[Attendee],
    head: Attendee,
    cases: Sequence[Admission],
) -> Iterator[Problem]:
    others = meeting.panels.exclude(pk=panel.pk) if panel else meeting.panels.all()
    if not name:
        yield Problem(_("Name the panel."), field="name")
    if others.filter(name=name).exists():
        yield Problem(_("Another panel has this name."), field="name")
    if head not in members:
        yield Problem(_("The head is one of the panel's members."), field="head")
    if not {row.pk for row in members} <= set(free_voters(meeting, panel).values_list("pk", flat=True)):
        yield Problem(_("Somebody chosen is not called up to vote, or sits on another panel."), field="members")
    if not {row.pk for row in cases} <= set(free_cases(meeting, panel).values_list("pk", flat=True)):
        yield Problem(_("Somebody chosen belongs to another panel."), field="cases")


def remove(panel: Panel, *, actor: Any) -> None:
    """Dissolve a panel; its persons and members are free again. Raises NotAllowed, WrongState."""
    with transaction.atomic():
        _locked(panel.meeting, actor)
        panel.admissions.update(panel=None)
        panel.seats.all().delete()
        panel.delete()
