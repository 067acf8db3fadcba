"""Rows of the declaration's table that meeting, publicity, report, certificate and ban fire with their own record as
cause.
"""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from applications import access
from applications.models import Declaration
from applications.querysets import CLOSED
from applications.rules import course
from applications.rules.spot_check import not_frozen
from applications.workflow import people, writes
from appraisal_portal.kernel.workflow import SAME, Tell, Transition

S = Declaration.Status
_NOTHING = _("You do not need to do anything.")
_BARRED_FROM = tuple(s for s in S.values if s not in (*CLOSED, S.CERTIFIED))


def _tell(subject: object, body: object) -> list[Tell]:
    return [Tell(people.applicant, subject, body, who="applicant")]  # type: ignore[arg-type]


def _tell_with_unit(subject: Any, body: Any) -> list[Tell]:
    """The applicant and the clerks of the unit, each led to the page of the decided case with its papers."""
    return [
        Tell(whom, subject, body, who=who, link=lambda case: reverse("reviews:outcome-detail", args=[case.pk]))
        for whom, who in ((people.applicant, "applicant"), (people.unit_clerks, "unit_clerk"))
    ]


MEETING_AND_RESULT = (
    Transition(
        "put_on_roster", _("Put on the roster"), (S.QUALIFIED,), S.ON_ROSTER, guards=(not_frozen,),
        apply=writes.rostered, driven_by=("reviews.Meeting.approve",),
        public_label=_("On the roster of the committee meeting"),
        tells=_tell(_("Declaration {obj} goes to the committee meeting"), _NOTHING),
    ),
    Transition(
        "take_off_roster", _("Take off the roster"), (S.ON_ROSTER,), S.QUALIFIED,
        driven_by=("reviews.Meeting.void", "reviews.Meeting.cancel"), public_label=_("The meeting did not take place"),
        tells=_tell(_("The meeting for declaration {obj} did not take place"),
                    _("Another meeting will be called. You do not need to do anything.")),
    ),
    Transition(
        "record_pass", _("Record: passed"), (S.ON_ROSTER,), S.PASSED, driven_by=("reviews.Meeting.lock_results",),
    ),
    Transition(
        "record_fail", _("Record: not passed"), (S.ON_ROSTER,), S.NOT_PASSED,
        driven_by=("reviews.Meeting.lock_results",),
        public_label=_("Not passed by the committee"),
        tells=_tell(_("Result of declaration {obj}"),
                    _("The committee has not passed it. You can declare again in a later year.")),
    ),
    Transition(
        "defer", _("Defer"), (S.ON_ROSTER,), S.DEFERRED, driven_by=("reviews.Meeting.lock_results",),
        public_label=_("Deferred by the committee"),
        tells=_tell(_("Declaration {obj} has been deferred"),
                    _("The committee has not decided yet. The office will tell you what comes next.")),
    ),
    Transition(
        "readmit", _("Admit again"), (S.DEFERRED,), S.QUALIFIED, access.is_clerk_of_office & ~access.is_owner,
        guards=(course.line_still_open,), needs_reason=True, public_label=_("Admitted to another meeting"),
        tells=_tell(_("Declaration {obj} goes to another meeting"), _NOTHING),
    ),
    Transition(
        "determine", _("Determine without a vote"), (S.QUALIFIED,), S.PASSED, guards=(not_frozen,),
        driven_by=("reviews.Determination.decide",),
    ),
    Transition(
        "refuse_determination", _("Refuse the determination"), (S.QUALIFIED,), S.NOT_PASSED,
        driven_by=("reviews.Determination.decide",), public_label=_("Refused by the bureau that decides"),
        tells=_tell(_("Declaration {obj} was refused"),
                    _("The reason: {reason}. You can declare again in a later year.")),
    ),
    Transition(
        "publish_result", _("Publish the result"), (S.PASSED,), S.RESULT_PUBLICITY,
        guards=(not_frozen,), driven_by=("reviews.ResultPublicity.start",), basis="results.publicised",
        public_label=_("Passed; the result is public"),
        tells=_tell(_("Declaration {obj} has passed and is public now"),
                    _("Anybody may raise an objection while the list is public. You do not need to do anything.")),
    ),
    Transition(
        "hold", _("Hold"), (S.RESULT_PUBLICITY, S.REPORTED), S.HELD, driven_by=("reviews.Objection.admit",),
        public_label=_("An objection is being checked"),
        tells=_tell(_("An objection concerns declaration {obj}"),
                    _("It is being checked; only your own result waits. The page of the declaration leads to what is "
                      "said, where you can answer with evidence.")),
    ),
    Transition(
        "release", _("Release"), (S.HELD,), S.RESULT_PUBLICITY, driven_by=("reviews.Objection.dismiss",),
        public_label=_("Objection not upheld"),
        tells=_tell(_("The objection against declaration {obj} was not upheld"), _NOTHING),
    ),
    Transition(
        "hold_before_review", _("Hold before the meeting"), (S.QUALIFIED, S.ON_ROSTER, S.DEFERRED), SAME,
        driven_by=("reviews.Objection.admit",), public_label=_("An objection is being checked before the meeting"),
        tells=_tell(_("An objection concerns declaration {obj}"),
                    _("It is being checked; until then the committee does not vote on you. The page of the declaration "
                      "leads to what is said, where you can answer with evidence.")),
    ),
    Transition(
        "release_before_review", _("Release before the meeting"), (S.QUALIFIED, S.ON_ROSTER, S.DEFERRED), SAME,
        driven_by=("reviews.Objection.dismiss",), public_label=_("Objection not upheld"),
        tells=_tell(_("The objection against declaration {obj} was not upheld"), _NOTHING),
    ),
    Transition(
        "exclude", _("Exclude"), (S.HELD, S.QUALIFIED, S.ON_ROSTER, S.DEFERRED), S.EXCLUDED,
        driven_by=("reviews.Objection.uphold",),
        public_label=_("Excluded after an objection"),
        tells=_tell(_("Declaration {obj} has been excluded"),
                    _("The objection was upheld: {reason}. The title is not granted.")),
    ),
    Transition(
        "report", _("Report to the bureau"), (S.RESULT_PUBLICITY,), S.REPORTED, guards=(not_frozen,),
        apply=writes.reported, driven_by=("reviews.ResultReport.send",), public_label=_("Reported to the bureau"),
        tells=_tell(_("Declaration {obj} is with the bureau for approval"), _NOTHING),
    ),
    Transition(
        "take_back", _("Take back"), (S.REPORTED,), S.RESULT_PUBLICITY, driven_by=("reviews.ResultReport.send_back",),
        public_label=_("The report went back to the committee office"),
        tells=_tell(_("The report with declaration {obj} was sent back"),
                    _("The committee office corrects it. You do not need to do anything.")),
    ),
    Transition(
        "approve_result", _("Approve the result"), (S.REPORTED,), S.APPROVED,
        guards=(not_frozen,), driven_by=("reviews.ResultReport.decide",),
        public_label=_("Approved by the bureau"),
        tells=[
            Tell(people.applicant_decided_here, _("The bureau has approved declaration {obj}"),
                 _("The electronic certificate comes next. You do not need to do anything."), who="applicant"),
            Tell(people.applicant_recommended, _("The bureau has approved declaration {obj}"),
                 _("The bureau entrusts the higher committee by letter next. You do not need to do anything."),
                 who="applicant who is recommended to a higher committee"),
        ],
    ),
    Transition(
        "reject_result", _("Reject the result"), (S.REPORTED,), S.REJECTED, driven_by=("reviews.ResultReport.decide",),
        public_label=_("Not approved by the bureau"),
        tells=_tell(_("The bureau has not approved declaration {obj}"), _("The reason: {reason}.")),
    ),
    Transition(
        "reject_after_spot_check", _("Reject after a spot check"),
        (S.QUALIFIED, S.DEFERRED, S.PASSED, S.RESULT_PUBLICITY, S.APPROVED), S.REJECTED,
        driven_by=("applications.SpotCheckItem.exclude",), public_label=_("Not approved by the bureau"),
        tells=_tell(_("The bureau has not approved declaration {obj}"), _("The reason: {reason}.")),
    ),
    Transition(
        "certify", _("Issue the certificate"), (S.APPROVED,), S.CERTIFIED,
        guards=(course.decided_in_this_city, not_frozen), driven_by=("certificates.Certificate.issue",),
        basis="certificate.electronic_only", public_label=_("Certificate issued"),
        tells=_tell(_("Your certificate for declaration {obj} is ready"),
                    _("You find it under “My certificates” and can download it at any time.")),
    ),
    Transition(
        "entrust", _("Entrust to a higher committee"), (S.APPROVED,), S.ENTRUSTED,
        guards=(course.goes_to_a_higher_committee, not_frozen), driven_by=("reviews.EntrustmentLetter.issue",),
        basis="senior.entrusted_by_bureau", public_label=_("Entrusted to the higher committee"),
        tells=_tell_with_unit(
            _("Declaration {obj} goes to the higher committee"),
            _("The bureau has issued the letter of entrusted appraisal; you can download it with the case. The higher "
              "committee decides next. You do not need to do anything."),
        ),
    ),
    Transition(
        "register_granted", _("Register: granted elsewhere"), (S.ENTRUSTED,), S.GRANTED_ELSEWHERE,
        driven_by=("reviews.ExternalResult.register",), public_label=_("Granted by the higher committee"),
        tells=_tell_with_unit(
            _("Declaration {obj}: granted by the higher committee"),
            _("The certificate comes from the body that decided. Whoever employs the person decides on the "
              "appointment."),
        ),
    ),
    Transition(
        "register_refused", _("Register: refused elsewhere"), (S.ENTRUSTED,), S.REFUSED_ELSEWHERE,
        driven_by=("reviews.ExternalResult.register",), public_label=_("Not passed by the higher committee"),
        tells=_tell_with_unit(
            _("Declaration {obj}: not passed by the higher committee"), _("You can declare again in a later year."),
        ),
    ),
    Transition(
        "bar", _("Bar"), _BARRED_FROM, S.BARRED, driven_by=("applications.Sanction.decide",),
        basis="falsification.ban_years", public_label=_("Ended by a ban; material is returned"),
        tells=[
            Tell(people.applicant, _("Declaration {obj} has ended"),
                 _("The bureau has decided a ban: {reason}. Your material is returned through {unit}."),
                 who="applicant"),
            Tell(people.unit_clerks, _("Declaration {obj} has ended by a ban"),
                 _("The material of declaration {obj} comes back to you. Please hand it to the applicant."),
                 action_needed=True, who="unit_clerk"),
        ],
    ),
    Transition(
        "revoke", _("Revoke"), (S.CERTIFIED,), S.REVOKED, driven_by=("certificates.Revocation.decide",),
        public_label=_("Certificate revoked"),
        tells=_tell(_("The certificate for declaration {obj} has been revoked"), _("The reason: {reason}.")),
    ),
)  # fmt: skip
