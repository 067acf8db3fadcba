"""The table of objections (model.md §7)."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from applications.workflow import DECLARATION
from applications.workflow.people import knowing
from appraisal_portal.kernel import calendar, files
from appraisal_portal.kernel.access import PUBLIC
from appraisal_portal.kernel.approvals import same_content, write_decision, write_proposal
from appraisal_portal.kernel.workflow import NEW, SAME, Act, Blocked, Problem, Tell, Transition, Workflow
from committees.reviews.access import results as access
from committees.reviews.models import Admission, Objection, ObjectionAnswer, ObjectionFile, ObjectionRecord
from committees.reviews.rules import objection as rules
from committees.reviews.workflow.results import approvers, clerks, reviewers


def handler(objection: Any) -> Iterable[Any]:
    """Who investigates it."""
    return [objection.handler] if objection.handler_id else []


def clerks_who_know_it(objection: Any) -> Iterable[Any]:
    """Clerks of the office, whoever keeps away from the case aside: the message names the person."""
    return knowing(objection.item.declaration, clerks(objection))


def person_concerned(objection: Any) -> Iterable[Any]:
    """The applicant it is about."""
    user = objection.item.declaration.applicant.user
    return [user] if user else []


def _person_who(course: str) -> Any:
    """The person concerned, where a dismissed objection leaves them so (``rules.once_dismissed``)."""

    def those(objection: Any) -> Iterable[Any]:
        return person_concerned(objection) if rules.once_dismissed(objection) == course else []

    return those


def about_me(objection: Any) -> str:
    """Where the person concerned reads of it."""
    return str(objection.person_url)


def due(objection: Any) -> dt.date | None:
    """Last day of the investigation."""
    day: dt.date | None = objection.ends_on
    return day


def _record(objection: Objection, act: Act) -> None:
    objection.handler_id, objection.checkable = act.actor.pk, bool(act.data.get("checkable"))
    if objection.checkable:
        _start_the_clock(objection, act)


def _settle(objection: Objection, act: Act) -> None:
    objection.evidence = act.data["evidence"].strip()


def _answer(objection: Objection, act: Act) -> None:
    ObjectionAnswer.objects.create(objection=objection, content=act.data["content"].strip(), given_at=act.at)
    keep_files(objection, act, ObjectionFile.Side.PERSON)


def _keep_authors_files(objection: Objection, act: Act, record: Any) -> None:
    keep_files(objection, act, ObjectionFile.Side.AUTHOR)


def keep_files(objection: Objection, act: Act, side: str) -> None:
    """Store the files of an act. A file that is refused takes the whole act back, with the reason at its control."""
    owner = act.actor if act.actor.is_authenticated and side != ObjectionFile.Side.AUTHOR else None
    for sent in act.data.get("files") or ():
        try:
            upload = files.accept_upload(sent, owner=owner)
        except files.UploadRefused as error:
            raise Blocked(Problem(str(error), field="files")) from error
        ObjectionFile.objects.create(objection=objection, side=side, upload=upload)


def _admit(objection: Objection, act: Act) -> None:
    objection.handler_id, objection.substance = act.actor.pk, act.data["substance"].strip()
    _start_the_clock(objection, act)


def _start_the_clock(objection: Objection, act: Act) -> None:
    ends = calendar.add_working_days(act.day, settings.PORTAL_OBJECTION_CHECK_DAYS)
    objection.starts_on, objection.working_days = act.day, settings.PORTAL_OBJECTION_CHECK_DAYS
    objection.ends_on, objection.provisional = ends.ends_on, ends.provisional
    objection.announced_ends_on = ends.ends_on  # whoever is concerned is told this day


def _hold(objection: Objection, act: Act, record: Any) -> None:
    declaration = objection.item.declaration
    if objection.item.admission_id is not None:
        # Before the meeting nothing has been decided: the person stays on the roster and is not voted on.
        _before_review("hold_before_review", objection, act, record)
        return
    if declaration.status == "held" or declaration.status in rules.OUT:
        return  # another objection holds the person already, or has ended the case
    taken_out = objection.item.report_items.exclude(report__status="decided").exclude(decision="rejected")
    for row in taken_out:
        row.decision, row.reason, row.decided_by_id = "rejected", str(_("objection")), act.actor.pk
        row.save(update_fields=["decision", "reason", "decided_by"])
    DECLARATION.fire(declaration, "hold", actor=act.actor, cause=record)


def _before_review(name: str, objection: Objection, act: Act, record: Any, *, reason: str = "") -> None:
    """Fire for the person concerned, who may have withdrawn meanwhile: then there is nothing to hold or exclude."""
    declaration = objection.item.declaration
    if declaration.status in DECLARATION.transitions[name].sources:
        DECLARATION.fire(declaration, name, actor=act.actor, cause=record, reason=reason)


def _extend(objection: Any, act: Act) -> None:
    ends = rules.extended_end(objection)
    objection.working_days, objection.extended = settings.PORTAL_OBJECTION_COMPLEX_DAYS, True
    objection.ends_on = objection.announced_ends_on = ends.ends_on
    objection.provisional = ends.provisional


def _conclude(objection: Objection, act: Act) -> None:
    objection.evidence, objection.opinion = act.data["evidence"].strip(), act.data["opinion"]
    objection.reply = (act.data.get("reply") or "").strip()
    keep_files(objection, act, ObjectionFile.Side.OFFICE)
    write_proposal(objection, act)


def _release(objection: Objection, act: Act, record: Any) -> None:
    if objection.item.admission_id is not None:
        _before_review("release_before_review", objection, act, record)
        return
    if rules.once_dismissed(objection) == "on":
        DECLARATION.fire(objection.item.declaration, "release", actor=act.actor, cause=record)


def _exclude(objection: Objection, act: Act, record: Any) -> None:
    told = objection.substance.rstrip(
        "。. "
    )  # what the person may know: never the author, nor what the office noted for itself
    objection.item.live = False
    objection.item.save(update_fields=["live"])
    if objection.item.admission_id is not None:
        # Off every list of those a committee decides on.
        Admission.objects.filter(declaration=objection.item.declaration_id, live=True).update(live=False)
        _before_review("exclude", objection, act, record, reason=told)
        return
    if objection.item.declaration.status in rules.OUT:
        return  # another objection, or a decision of the bureau, has ended the case
    DECLARATION.fire(objection.item.declaration, "exclude", actor=act.actor, cause=record, reason=told)


OBJECTION = Workflow(
    Objection,
    ObjectionRecord,
    Transition(
        "receive",
        _("Receive the objection"),
        (NEW,),
        "received",
        PUBLIC,
        by_arrival=True,
        guards=(rules.list_is_public, rules.words_given, rules.not_flooding),
        then=_keep_authors_files,
        tells=(
            Tell(
                clerks_who_know_it,
                _("An objection has come in: {obj}"),
                _("Read it today and take it on, or record it as a report."),
                action_needed=True,
                who="office clerks",
            ),
        ),
    ),
    Transition(
        "admit",
        _("Take it on for investigation"),
        ("received",),
        "investigating",
        access.is_clerk & access.is_not_the_person_concerned,
        guards=(rules.received_in_time, rules.substance_told),
        apply=_admit,
        then=_hold,
        form="committees.reviews.forms.objection.SubstanceForm",
        basis="results.publicised",
        explanation=_("Only the person concerned is held back; everybody else on the list goes on."),
        tells=(
            Tell(
                person_concerned,
                _("Somebody has raised an objection about you"),
                _("Read what is said. You can answer with evidence until {by}; your case waits until it is settled."),
                by=due,
                action_needed=True,
                who="the person concerned",
                link=about_me,
            ),
        ),
    ),
    Transition(
        "answer",
        _("Answer the objection"),
        ("investigating",),
        SAME,
        access.is_the_person_concerned,
        guards=(rules.answer_says_something,),
        apply=_answer,
        form="committees.reviews.forms.objection.AnswerForm",
        explanation=_(
            "Whoever objected does not read your answer; the office that investigates, the bureau and the "
            "supervisor do."
        ),
        tells=(
            Tell(
                handler,
                _("The person concerned has answered: {obj}"),
                _("Read the answer before you conclude."),
                action_needed=True,
                who="the handler",
            ),
        ),
    ),
    Transition(
        "record_as_report",
        _("Record it as a report"),
        ("received",),
        "reported_late",
        access.is_clerk & access.is_not_the_person_concerned,
        guards=(rules.late_or_anonymous,),
        apply=_record,
        form="committees.reviews.forms.objection.ReportedForm",
        keep=("checkable",),
        explanation=_("It holds nobody back. It is followed up when it names something that can be checked."),
    ),
    Transition(
        "settle",
        _("Record what became of the report"),
        ("reported_late",),
        "settled",
        access.is_clerk & access.is_objection_handler & access.is_not_the_person_concerned,
        guards=(rules.can_be_checked, rules.findings_given),
        apply=_settle,
        form="committees.reviews.forms.objection.FindingsForm",
        explanation=_("If it proves right, the bureau can open a sanction or a revocation on it."),
        tells=(
            Tell(
                reviewers,
                _("A report has been followed up: {obj}"),
                _("Read what was found and decide whether something follows from it."),
                who="bureau reviewers",
            ),
        ),
    ),
    Transition(
        "extend",
        _("Extend the investigation"),
        ("investigating",),
        SAME,
        access.is_director,
        guards=(rules.not_extended_yet, rules.reason_names_nobody),
        apply=_extend,
        needs_reason=True,
        explanation=_(
            "This can be done once. Whoever objected and the person concerned both read the new day and the reason."
        ),
        tells=(
            Tell(
                person_concerned,
                _("The investigation of the objection takes longer"),
                _("It ends on {by} at the latest. Reason: {reason}"),
                by=due,
                who="the person concerned",
                link=about_me,
            ),
        ),
    ),
    Transition(
        "conclude",
        _("Conclude and report to the bureau"),
        ("investigating",),
        "concluded",
        access.is_clerk & access.is_objection_handler,
        guards=(rules.evidence_and_opinion, rules.reply_for_the_named),
        apply=_conclude,
        form="committees.reviews.forms.objection.ConclusionForm",
        keep=("opinion",),
        basis="results.publicised",
        tells=(
            Tell(
                approvers,
                _("An objection waits for your decision: {obj}"),
                _("Read what was found and decide."),
                action_needed=True,
                who="bureau approvers",
            ),
        ),
    ),
    Transition(
        "dismiss",
        _("Confirm: not upheld"),
        ("concluded",),
        "unfounded",
        access.is_bureau_approver & access.is_not_its_handler,
        guards=(rules.opinion_is("unfounded"), same_content),
        apply=write_decision,
        then=_release,
        tells=(
            Tell(
                clerks_who_know_it,
                _("Objection not upheld: {obj}"),
                _("The page of the objection says what becomes of the person."),
                who="office clerks",
            ),
            Tell(
                _person_who("on"),
                _("The objection about you was not upheld"),
                _("Your case goes on."),
                who="the person concerned",
                link=about_me,
            ),
            Tell(
                _person_who("waits"),
                _("The objection about you was not upheld"),
                _("Another objection about you is still being checked; your case waits for its outcome."),
                who="the person concerned, whom another objection holds",
                link=about_me,
            ),
            Tell(
                _person_who("out"),
                _("The objection about you was not upheld"),
                _("This changes nothing about your case, which had ended before."),
                who="the person concerned, whose case has ended otherwise",
                link=about_me,
            ),
        ),
    ),
    Transition(
        "uphold",
        _("Confirm: upheld"),
        ("concluded",),
        "upheld",
        access.is_bureau_approver & access.is_not_its_handler,
        guards=(rules.opinion_is("upheld"), same_content),
        apply=write_decision,
        then=_exclude,
        irreversible=True,
        explanation=_("The person is taken off the list and gets no certificate from this review."),
        tells=(
            Tell(
                clerks_who_know_it,
                _("Objection upheld: {obj}"),
                _("The person has been taken off the list."),
                who="office clerks",
            ),
            Tell(
                person_concerned,
                _("The objection about you was upheld"),
                _("You have been taken off the list. Read what was found."),
                who="the person concerned",
                link=about_me,
            ),
        ),
    ),
    Transition(
        "send_back",
        _("Send it back to the office"),
        ("concluded",),
        "investigating",
        access.is_bureau_approver,
        needs_reason=True,
        tells=(
            Tell(
                handler,
                _("Objection sent back: {obj}"),
                _("Reason: {reason}"),
                action_needed=True,
                who="the handler",
            ),
        ),
    ),
)
