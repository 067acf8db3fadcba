"""Making the list of passed persons."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal_portal.kernel.workflow import Blocked, Problem
from committees.reviews.models import (
    Admission,
    Determination,
    Meeting,
    ResultPublicity,
    ResultPublicityItem,
    Verdict,
)
from committees.reviews.rules.names import told_apart


@transaction.atomic
def prepare_publicity(meeting: Meeting, *, user: Any, how: str, contact: str, phone: str) -> ResultPublicity:
    """A draft list of everybody the meeting passed who stands on no list yet. Raises Blocked when there is nobody."""
    Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    verdicts = list(
        Verdict.objects.filter(admission__meeting=meeting, outcome="passed", admission__declaration__status="passed")
        .exclude(publicity_items__live=True)
        .select_related(
            "admission__declaration__applicant", "admission__declaration__unit", "admission__declaration__title"
        )
        .order_by("admission__seq")
    )
    if not verdicts:
        raise Blocked(Problem(_("Nobody of this meeting waits for publicity.")))
    earlier = meeting.publicities.filter(kind=ResultPublicity.Kind.RESULT).order_by("pk").first()
    publicity = ResultPublicity.objects.create(
        meeting=meeting, supplementary_of=earlier, how=how, contact=contact, phone=phone, prepared_by=user
    )
    _list(publicity, [(verdict.admission.declaration, {"verdict": verdict}) for verdict in verdicts])
    return publicity


@transaction.atomic
def prepare_pre_review(meeting: Meeting, *, user: Any, how: str, contact: str, phone: str) -> ResultPublicity:
    """A draft list of everybody who goes to the meeting and stands on no list yet (评前公示). Raises Blocked."""
    locked = Meeting.objects.select_for_update(of=("self",)).get(pk=meeting.pk)
    if locked.status != Meeting.Status.APPROVED or not locked.line.pre_review_days:
        raise Blocked(Problem(_("The plan foresees no list before this meeting, or it is not approved.")))
    admissions = list(
        locked.admissions.filter(exam_result=Admission.Result.QUALIFIED, live=True)
        .exclude(publicity_items__live=True)
        .select_related("declaration__applicant", "declaration__unit", "declaration__title")
        .order_by("seq")
    )
    if not admissions:
        raise Blocked(Problem(_("Everybody who goes to this meeting stands on a list already.")))
    publicity = ResultPublicity.objects.create(
        kind=ResultPublicity.Kind.PRE_REVIEW,
        meeting=locked,
        how=how,
        contact=contact,
        phone=phone,
        prepared_by=user,
    )
    _list(publicity, [(admission.declaration, {"admission": admission}) for admission in admissions])
    return publicity


@transaction.atomic
def publicise_determination(
    determination: Determination, *, user: Any, how: str, contact: str, phone: str
) -> ResultPublicity:
    """A draft list of everybody granted without a vote who stands on no list yet. Raises Blocked when nobody is."""
    Determination.objects.select_for_update(of=("self",)).get(pk=determination.pk)
    items = list(
        determination.items.filter(outcome="granted", declaration__status="passed")
        .exclude(publicity_items__live=True)
        .select_related("declaration__applicant", "declaration__unit", "declaration__title")
        .order_by("seq")
    )
    if not items:
        raise Blocked(Problem(_("Nobody of this determination waits for publicity.")))
    publicity = ResultPublicity.objects.create(
        determination=determination,
        supplementary_of=determination.publicities.order_by("pk").first(),
        how=how,
        contact=contact,
        phone=phone,
        prepared_by=user,
    )
    _list(publicity, [(item.declaration, {"determined": item}) for item in items])
    return publicity


def _list(publicity: ResultPublicity, people: list[tuple[Any, dict[str, Any]]]) -> None:
    beside = disambiguation([declaration for declaration, _cause in people])
    ResultPublicityItem.objects.bulk_create(
        ResultPublicityItem(
            publicity=publicity,
            **cause,
            declaration=declaration,
            seq=seq,
            shown_name=declaration.applicant.name,
            shown_unit=declaration.unit.name,
            shown_title=declaration.title.name,
            shown_specialty=declaration.specialty,
            shown_mode=declaration.route,
            disambiguation=beside.get(declaration.pk, ""),
        )
        for seq, (declaration, cause) in enumerate(people, 1)
    )


def disambiguation(declarations: list[Any]) -> dict[int, str]:
    """What tells people of one name, unit, title and specialty apart, by the key of the declaration."""
    beside = told_apart(
        [
            ((row.applicant.name, row.unit_id, row.title_id, row.specialty), row.applicant.birth_date, row.number)
            for row in declarations
        ]
    )
    return {row.pk: words for row, words in zip(declarations, beside, strict=True) if words}
