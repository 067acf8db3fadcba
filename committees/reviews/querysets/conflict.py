"""Which cases of a meeting a member may know of, and who sees proposed recusals."""

from collections.abc import Collection
from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import F

from applications.querysets_recusal import known_rows, stands_back
from committees.reviews.querysets.meeting import OFFICE

EXAMINED = "资格审查经办人"
"""The ground of a recusal, as the minutes print it."""


class ProposalQuerySet(models.QuerySet[Any]):
    """Proposed recusals."""

    def visible_to(self, user: Any) -> Self:
        """The office of the committee."""
        if user.is_authenticated and user.acts_as(*OFFICE):
            here = self.filter(admission__meeting__committee__office=user.acting_organisation_id)
            return here.exclude(stands_back(user, "admission__declaration__"))
        return self.none()


def standing_back_rows(admissions: Any, **whose: Any) -> list[Any]:
    """What keeps a member away from a person (model ``admissions``): recusals, proposed ones unless refused and
    declared conflicts; ``whose`` narrows each of the three to a member or an admission."""
    recusal = admissions.recusals.rel.related_model
    proposal = admissions.recusal_proposals.rel.related_model
    answer = admissions.conflict_answers.rel.related_model
    return [
        recusal.objects.filter(**whose),
        proposal.objects.filter(**whose, status__in=("open", "confirmed")),
        answer.objects.filter(**whose, conflict=True),
    ]


def recusals_of_members() -> list[Any]:
    """What keeps a member of a committee away from a case wherever else that person works, too. To have examined it
    keeps nobody from examining it."""
    recusals, *others = standing_back_rows(apps.get_model("reviews", "Admission"))
    return [recusals.exclude(ground=EXAMINED, admission__declaration__handler=F("member__user")), *others]


def known_items(user: Any, rows: Any) -> Any:
    """Rows of a list or report, without the people from whose case a reader of the office keeps away in any part."""
    return rows.exclude(stands_back(user, "declaration__")) if user.acts_as(*OFFICE) else rows


def known_among(user: Any, cases: Collection[int]) -> set[int]:
    """Of the keys of declarations those a reader may know of: all, but for whom a reader of the office keeps away from
    in any part. Asks nothing where there are none.
    """
    if not cases or user is None or not user.acts_as(*OFFICE):
        return set(cases)
    rows = apps.get_model("applications", "Declaration")._base_manager.filter(pk__in=cases)
    return set(rows.exclude(stands_back(user)).values_list("pk", flat=True))


def cases_of(attendee: Any) -> Any:
    """The qualified persons of the meeting this member may know of: none the member stands back from, is proposed to
    stand back from, or declared a conflict about. Lists, counts and dossiers all begin here."""
    rows = attendee.meeting.admissions.filter(exam_result="qualified")
    if attendee.role != "voter":
        return rows.none()
    for standing_back in standing_back_rows(rows.model, member=attendee.member_id):
        rows = rows.exclude(pk__in=standing_back.values("admission"))
    return rows


def dossiers_of(attendee: Any) -> Any:
    """Of :func:`cases_of` those whose dossiers the member reads: where the committee works in panels, of the own."""
    rows = cases_of(attendee)
    if attendee.meeting.panels.exists():
        rows = rows.filter(panel__seats__attendee=attendee.pk)
    return rows


def others_of(attendee: Any) -> Any:
    """Persons the member votes on without reading the dossier, by name; none of an anonymous review."""
    rows = cases_of(attendee).exclude(pk__in=dossiers_of(attendee).values("pk"))
    rows = rows.exclude(declaration__standard_version__anonymous=True)
    return rows.select_related("declaration__applicant", "declaration__unit", "declaration__title").order_by("seq")


def known_to(user: Any, meeting: Any) -> Any:
    """The qualified persons of the meeting a reader may know of in whatever role: not oneself, nobody one stands back
    from as a member or as somebody of the office. Totals and lists of office pages begin here (P11, P12)."""
    rows = meeting.admissions.filter(exam_result="qualified").exclude(declaration__applicant__user=user.pk)
    rows = known_rows(user, rows)
    part = meeting.attendees.filter(user=user.pk, role="voter").first()
    return rows.filter(pk__in=cases_of(part).values("pk")) if part else rows
