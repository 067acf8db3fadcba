"""Which cases of a meeting a member may know of, and who sees proposed recusals."""

from typing import Any, Self

from django.db import models

from committees.reviews.querysets.meeting import OFFICE


class ProposalQuerySet(models.QuerySet[Any]):
    """Proposed recusals."""

    def visible_to(self, user: Any) -> Self:
        """The office of the committee."""
        if user.is_authenticated and user.acts_as(*OFFICE):
            return self.filter(admission__meeting__committee__office=user.acting_organisation_id)
        return self.none()


def cases_of(attendee: Any) -> Any:
    """The qualified persons of the meeting this member may know of: none the member stands back from, is proposed to
    stand back from, or declared a conflict about. Lists, counts and dossiers all begin here."""
    rows = attendee.meeting.admissions.filter(exam_result="qualified")
    if attendee.role != "voter":
        return rows.none()
    mine = {"member": attendee.member_id}
    recusal = rows.model.recusals.rel.related_model
    proposal = rows.model.recusal_proposals.rel.related_model
    answer = rows.model.conflict_answers.rel.related_model
    for model, more in ((recusal, {}), (proposal, {"status__in": ("open", "confirmed")}), (answer, {"conflict": True})):
        rows = rows.exclude(pk__in=model.objects.filter(**mine, **more).values("admission"))
    return rows
