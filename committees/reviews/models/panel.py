"""Specialty panels (专业组、评议组): who of the jury reads which persons; divided before the meeting opens."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .meeting import Attendee, Meeting

_BEFORE = """
    changed := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
    IF (SELECT status FROM reviews_meeting WHERE id = (MEETING)) <> 'approved' THEN
        RAISE EXCEPTION 'panels are divided before the meeting opens' USING ERRCODE = 'check_violation';
    END IF;
    RETURN changed;
"""


def before_the_meeting(name: str, meeting: str) -> pgtrigger.Trigger:
    """Rows are written only between the approval of the meeting and its opening; ``meeting``: SQL of its key.

    A row that goes with a person taken off the call-up is covered: the call-up changes in that time too.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("changed", "RECORD")],
        func=_BEFORE.replace("MEETING", meeting),
    )


@pghistory.track()
class Panel(models.Model):
    """One panel of a meeting; its persons are the admissions that point at it."""

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="panels")
    name = models.CharField(_("name"), max_length=40)
    divided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("specialty panel")
        ordering = ["meeting", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "name"], name="panel_once"),
            models.CheckConstraint(condition=~Q(name=""), name="panel_named"),
        ]
        triggers = [before_the_meeting("panel_before_opening", "changed.meeting_id")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The office's page of all panels of the meeting."""
        return reverse("reviews:meeting-panels", args=[self.meeting_id])


@pghistory.track()
class PanelSeat(models.Model):
    """A member's place on the one panel of the meeting the member sits on; goes with the call-up (hence CASCADE)."""

    panel = models.ForeignKey(Panel, models.PROTECT, related_name="seats")
    attendee = models.OneToOneField(Attendee, models.CASCADE, related_name="seat")
    head = models.BooleanField(_("head of the panel"), default=False)

    class Meta:
        verbose_name = _("place on a panel")
        ordering = ["panel", "-head", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["panel"], condition=Q(head=True), name="panel_one_head"),
        ]
        triggers = [
            before_the_meeting(
                "seat_before_opening", "SELECT meeting_id FROM reviews_panel WHERE id = changed.panel_id"
            ),
            # A voter of the same meeting, nobody else.
            pgtrigger.Trigger(
                name="seat_of_this_jury",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (
                        SELECT 1 FROM reviews_attendee a JOIN reviews_panel p ON p.meeting_id = a.meeting_id
                        WHERE a.id = NEW.attendee_id AND p.id = NEW.panel_id AND a.role = 'voter') THEN
                        RAISE EXCEPTION 'a panel has members of its own jury' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return str(self.attendee.user)
