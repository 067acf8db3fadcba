"""What members of a panel write about a person: points, the defence, the opinion; what the committee reads of it."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Problem
from committees.plans.questions import empty
from committees.plans.scoring import of_most
from committees.reviews.access import panel as access
from committees.reviews.models import Admission, Attendee, DefenceAttendance, Meeting, PanelOpinion, Score, ScoreSheet
from committees.reviews.models.panel_work import opinion_of
from committees.reviews.rules import panel_work as rules
from committees.reviews.workflow.panel_work import PANEL_OPINION, SCORE_SHEET


def _locked(admission: Admission) -> Admission:
    """The case, alone with it, in a meeting that is in session. Raises Blocked."""
    # No key lock: an opening round, which holds the opinions, refers to the case and must not wait for it.
    rows = Admission.objects.select_for_update(of=("self",), no_key=True).select_related("meeting")
    found: Admission = rows.get(pk=admission.pk)
    if found.meeting.status != Meeting.Status.IN_SESSION:
        raise Blocked(Problem(_("The meeting is not in session.")))
    return found


def _must(rule: Any, actor: Any, work: Any) -> None:
    refused = rule.why_not(actor, work)
    if refused:
        raise NotAllowed(*refused)


def sheet_of(attendee: Attendee, admission: Admission) -> ScoreSheet | None:
    """The member's own sheet on this person, begun or not."""
    return admission.score_sheets.filter(member=attendee.member_id).prefetch_related("scores").first()


def score(
    attendee: Attendee, admission: Admission, entries: Mapping[str, str], *, actor: Any, hand_in: bool
) -> ScoreSheet:
    """Keep the entries (code → as typed) and, if asked, hand the sheet in: both or neither.

    Raises NotAllowed; Blocked with a problem at ``s-<code>`` for each cell that is wrong; WrongState when handed in.
    """
    with transaction.atomic():
        case = _locked(admission)
        if not rules.asks_scores(case):
            raise NotAllowed(_("This meeting does not score."))
        sheet = sheet_of(attendee, case) or ScoreSheet(admission=case, member=attendee.member)
        _must(access.scores_it, actor, sheet)
        if sheet.status != ScoreSheet.Status.DRAFT:
            raise Blocked(Problem(_("Your sheet is handed in. The head of the panel can open it again.")))
        rows = case.declaration.sheet.rows
        problems = list(rules.sheet_faults(rows, entries, complete=hand_in))
        if problems:
            raise Blocked(*problems)
        sheet.save()
        sheet.scores.all().delete()
        kept = {row.code: entries[row.code].strip() for row in rows if not empty(entries.get(row.code))}
        Score.objects.bulk_create(Score(sheet=sheet, code=code, entry=entry) for code, entry in kept.items())
        if hand_in:
            SCORE_SHEET.fire(sheet, "submit", actor=actor)
    return sheet


def note_defence(
    admission: Admission, *, actor: Any, attended: bool, questions: str = "", grade: str = ""
) -> DefenceAttendance:
    """Who came and how it went, until the opinion is signed. Raises NotAllowed, Blocked with the field of each."""
    with transaction.atomic():
        case = _locked(admission)
        opinion = PanelOpinion.objects.filter(admission=case).first() or PanelOpinion(admission=case)
        _must(access.speaks_for_the_panel, actor, opinion)
        problems = []
        if not rules.asks_defence(case):
            problems.append(Problem(_("This meeting has no defence.")))
        if opinion.status == PanelOpinion.Status.SIGNED:
            problems.append(Problem(_("The panel has signed its opinion on this person.")))
        if attended and grade not in DefenceAttendance.Grade.values:
            problems.append(Problem(_("Choose the grade of the defence."), field="grade"))
        problems += rules.told_of(case, questions, "questions")
        if problems:
            raise Blocked(*problems)
        row, _made = DefenceAttendance.objects.update_or_create(
            admission=case,
            defaults={
                "attended": attended,
                "questions": questions.strip(),
                "grade": grade if attended else "",
                "noted_by_id": actor.pk,
                "noted_at": clock.now(),
            },
        )
    return row


def give_opinion(
    admission: Admission, text: str, *, actor: Any, sign: bool, named_anyway: bool = False
) -> PanelOpinion:
    """Keep the text of the opinion and, if asked, sign it: both or neither. Raises NotAllowed, WrongState, Blocked."""
    with transaction.atomic():
        case = _locked(admission)
        opinion = PanelOpinion.objects.filter(admission=case).first() or PanelOpinion(admission=case)
        _must(access.speaks_for_the_panel, actor, opinion)
        if opinion.status == PanelOpinion.Status.SIGNED:
            raise Blocked(Problem(_("The panel has signed its opinion on this person.")))
        opinion.text = text.strip()
        opinion.save()
        if sign:
            PANEL_OPINION.fire(opinion, "sign", actor=actor, named_anyway=named_anyway)
    return opinion


WORK = (
    "panel", "panel_opinion__signed_by", "defence", "declaration__applicant", "declaration__standard_version",
)  # fmt: skip
"""What :func:`said_of` reads of an admission, for ``select_related``."""


def said_of(admissions: Iterable[Admission]) -> list[dict[str, Any]]:
    """What the panels signed, for the committee: case, panel, text, head, average and defence in words."""
    found = []
    for case in admissions:
        opinion = opinion_of(case)
        if opinion is None:
            continue
        average = opinion.average
        defence = getattr(case, "defence", None)
        found.append(
            {
                "case": case,
                "panel": case.panel,
                "text": opinion.text,
                "signed_by": opinion.signed_by,
                "average": "" if average is None else rules.in_words(average),
                "most": case.declaration.sheet.most_words if average is not None else "",
                "defence": defence,
            }
        )
    return found


def points_in_words(sheet: ScoreSheet) -> str:
    """The sum of one sheet beside the points there are."""
    return of_most(sheet.total, sheet.admission.declaration.sheet.most)
