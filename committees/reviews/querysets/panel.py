"""Who of a panel reads a person's dossier now, and whose work on it they see."""

from typing import Any, Self

from django.db import models

from committees.reviews.querysets.conflict import standing_back_rows


class PanelWorkQuerySet(models.QuerySet[Any]):
    """Score sheets and opinions: rows with an ``admission``."""

    def visible_to(self, user: Any) -> Self:
        """The members of the person's panel, while the meeting is in session and unless they stand back."""
        if not user.is_authenticated:
            return self.none()
        field: Any = self.model._meta.get_field("admission")
        cases = field.related_model.objects.filter(
            meeting__status="in_session", panel__seats__attendee__user=user.pk,
            panel__seats__attendee__left_at__isnull=True,
        )  # fmt: skip
        for rows in standing_back_rows(cases.model, member__user=user.pk):
            cases = cases.exclude(pk__in=rows.values("admission"))
        return self.filter(admission__in=cases)


def readers_of(admission: Any, *, gone_too: bool = False) -> list[Any]:
    """The panel's members in the room who do not stand back from the person, the head first, then in their order.

    The first of them speaks for the panel: when the head stands back or has left, the next one does. ``gone_too``:
    also those who came and have left.
    """
    if admission.panel_id is None:
        return []
    away = {
        member
        for rows in standing_back_rows(type(admission), admission=admission.pk)
        for member in rows.values_list("member", flat=True)
    }
    seats = admission.panel.seats.filter(attendee__signed_in_at__isnull=False)
    if not gone_too:
        seats = seats.filter(attendee__left_at__isnull=True)
    found = seats.select_related("attendee__user", "attendee__member").order_by("-head", "pk")
    return [seat for seat in found if seat.attendee.member_id not in away]
