"""Who may act on meetings and ballots, and who may read which of their papers."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from applications.querysets_recusal import known_rows
from appraisal_portal.accounts.models import Membership
from appraisal_portal.kernel.access import Predicate, has_role, predicate
from committees.reviews.access.signing import signs_for_everybody
from committees.reviews.models import Attendee
from committees.reviews.querysets.conflict import cases_of, known_to

Role = Membership.Role

reads_all = has_role(Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER, Role.SUPERVISOR)


def _meeting(obj: Any) -> Any:
    """The meeting itself, or that of a ballot round."""
    return getattr(obj, "meeting", obj)


def _in_office(actor: Any, obj: Any, *roles: str) -> bool:
    if not actor.acts_as(*roles):
        return False
    return obj is None or bool(_meeting(obj).committee.office_id == actor.acting_organisation_id)


def _called_up(actor: Any, obj: Any, *parts: str) -> bool:
    if actor.pk is None:
        return False
    rows = Attendee.objects.filter(user=actor.pk, role__in=parts)
    return bool((rows if obj is None else rows.filter(meeting=_meeting(obj))).exists())


@predicate(_("Only a clerk of this committee's office may do this."))
def is_office_clerk(actor: Any, obj: Any) -> bool:
    """Clerk of the office of the meeting's committee (评委会办公室)."""
    return _in_office(actor, obj, Role.OFFICE_CLERK)


@predicate(_("Only the director of this committee may do this."))
def is_committee_director(actor: Any, obj: Any) -> bool:
    """Director of the meeting's committee (主任委员)."""
    return _in_office(actor, obj, Role.COMMITTEE_DIRECTOR)


@predicate(_("Only the office of this committee may do this."))
def is_office(actor: Any, obj: Any) -> bool:
    """Clerk or director of the meeting's committee."""
    return _in_office(actor, obj, Role.OFFICE_CLERK, Role.COMMITTEE_DIRECTOR)


@predicate(_("Only the discipline observer of this meeting may do this."))
def is_observer(actor: Any, obj: Any) -> bool:
    """The observer called up for this meeting (纪检监督员), acting as one."""
    return bool(actor.acts_as(Role.OBSERVER)) and _called_up(actor, obj, Attendee.Role.OBSERVER)


@predicate(
    _("Only the discipline observer of this meeting may do this."),
    otherwise=_("Another person must do this: you did the step before it."),
)
def watches_it(actor: Any, obj: Any) -> bool:
    """The person called up to observe this meeting, in whatever role they act now: duties are kept apart per person."""
    return _called_up(actor, obj, Attendee.Role.OBSERVER)


@predicate(_("Only the tellers of this meeting may do this."))
def is_teller(actor: Any, obj: Any) -> bool:
    """Called up to count the ballots of this meeting (计票人); a part in the meeting, not a role of the portal."""
    return _called_up(actor, obj, Attendee.Role.TELLER)


@predicate(
    _("Only the tellers of this meeting may do this."),
    otherwise=_("You count the ballots of this meeting: another person must do this."),
)
def counts_ballots(actor: Any, obj: Any) -> bool:
    """The person called up to count at this meeting: whoever counts does not decide who votes on whom."""
    return obj is not None and _called_up(actor, obj, Attendee.Role.TELLER)


@predicate(_("Only those called up for this meeting may see this."))
def is_called_up(actor: Any, obj: Any) -> bool:
    """Member, observer or teller of this meeting."""
    return _called_up(actor, obj, *Attendee.Role.values)


@predicate(_("Only those called up for this meeting may see this."))
def reads_whole_list(actor: Any, obj: Any) -> bool:
    """Called up, and a member only when there is nobody on the list the member may not know of, or not by name."""
    if not is_called_up(actor, obj):
        return False
    if obj is None:
        return True
    part = Attendee.objects.select_related("meeting").get(user=actor.pk, meeting=_meeting(obj))
    everybody = part.meeting.admissions.filter(exam_result="qualified")
    if part.role != Attendee.Role.VOTER:
        return True
    anonymous = everybody.filter(declaration__standard_version__anonymous=True).exists()
    return not anonymous and cases_of(part).count() == everybody.count()


@predicate(_("You stand back from somebody in these papers, or are in them yourself."))
def knows_everybody(actor: Any, obj: Any) -> bool:
    """There is nobody in the meeting the actor may not know of, in whatever role (P11, P12)."""
    if obj is None:
        return True
    meeting = _meeting(obj)
    everybody = meeting.admissions.all()
    if known_rows(actor, everybody).count() < everybody.count():  # 3-2 names those found not eligible, too
        return False
    return bool(known_to(actor, meeting).count() == everybody.filter(exam_result="qualified").count())


@predicate(_("You opened this round: another person must do this."), otherwise=_("You opened this round yourself."))
def opened_it(actor: Any, obj: Any) -> bool:
    """The actor opened the round."""
    return obj is not None and obj.opened_by_id is not None and obj.opened_by_id == actor.pk


@predicate(
    _("You do not stand back from anybody of this round."),
    otherwise=_("You stand back from a person of this round: another person must do this."),
)
def stands_back(actor: Any, obj: Any) -> bool:
    """The person stands back from somebody on the sheet of this round (回避): as a member, in whatever role, or as
    director or clerk, by declared kin, own unit or own case (decision 36)."""
    if obj is None or actor.pk is None:
        return False
    if obj.items.filter(admission__recusals__member__user=actor.pk).exists():
        return True
    return bool(known_rows(actor, obj.items.all(), "admission__declaration__").count() < obj.items.count())


@predicate(_("Only whoever presides over this round may do this."))
def presides(actor: Any, obj: Any) -> bool:
    """The committee's director, or the member whom the opening found to preside (chair, else a vice chair)."""
    if is_committee_director(actor, obj):
        return True
    if obj is None or not actor.acts_as(Role.JUROR):
        return False
    return obj.presided_by_id is not None and bool(obj.presided_by.user_id == actor.pk)


@predicate(
    _("The result of this round has not been announced."),
    otherwise=_("The result of this round has been announced already."),
)
def is_announced(actor: Any, obj: Any) -> bool:
    """The result was read aloud in the room."""
    return obj is not None and bool(obj.records.filter(transition="announce").exists())


@predicate(_("This round is voted on with paper ballots."), otherwise=_("This round is voted on electronically."))
def votes_electronically(actor: Any, obj: Any) -> bool:
    """The round's members vote on the portal."""
    return obj is None or obj.electronic


@predicate(_("Only members of the committee who are called up vote."))
def is_voter(actor: Any, obj: Any) -> bool:
    """A member called up to vote, in person and acting as one (出席委员): nobody votes for somebody else."""
    return bool(actor.acts_as(Role.JUROR)) and _called_up(actor, obj, Attendee.Role.VOTER)


is_bureau_reviewer = Predicate(
    "is_bureau_reviewer", has_role(Role.BUREAU_REVIEWER).test, _("Only a reviewer of the bureau may do this.")
)
is_bureau_approver = Predicate(
    "is_bureau_approver", has_role(Role.BUREAU_APPROVER).test, _("Only an approver of the bureau may do this.")
)


@predicate(_("Only the bureau's person whose turn it is may send this back."))
def sends_back(actor: Any, obj: Any) -> bool:
    """The reviewer what was applied for, the approver what was proposed."""
    if obj is None:
        return bool(actor.acts_as(Role.BUREAU_REVIEWER, Role.BUREAU_APPROVER))
    turn = Role.BUREAU_REVIEWER if obj.status == "applied" else Role.BUREAU_APPROVER
    return bool(actor.acts_as(turn))


divides_panels = is_office_clerk & knows_everybody
"""Who divides a meeting into panels reads every name on its list."""
runs_meeting = is_office_clerk & ~counts_ballots
"""Who keeps attendance and recusals; the two who count the ballots do not."""
signs_results = is_committee_director & signs_for_everybody
"""Who signs what was decided: the director, or another one where that one keeps away from somebody on the roster."""
opens_rounds = is_office & ~watches_it & ~counts_ballots & ~stands_back
presides_here = presides & ~stands_back
announces = presides_here & ~is_announced
closes_full = (is_office_clerk | presides) & ~stands_back
sees_jury = is_office | is_observer | reads_all
"""Names of the jury before the meeting: nobody else, a juror only the own call-up (trust.md §2.1)."""
reads_letters = is_office | reads_all
"""Papers that name no applicant (3-1, the reply)."""
reads_rosters = reads_letters & knows_everybody
"""Papers that name them: 3-2 with the full document numbers, the minutes with what was said and voted of each."""
reads_qualified = (reads_letters | reads_whole_list) & knows_everybody
"""3-3 goes to the experts, no document number in it; not to a member who stands back from somebody on it."""
