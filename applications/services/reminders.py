"""Reminders before a correction is due: once for each day named, keyed in the outbox."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from applications.models import CorrectionSlip, Declaration
from applications.rules.examination import hand_in_again_until
from applications.workflow.people import unit_clerks
from appraisal_portal.kernel import calendar, clock, outbox, sweeps
from appraisal_portal.kernel.days import day_said_later
from appraisal_portal.kernel.models import Outbox

Status = Declaration.Status


def _near(stage: str, status: str) -> list[CorrectionSlip]:
    """Slips without an answer whose day is as near as the setting says; never on the day they were issued."""
    today = clock.today()
    waiting = CorrectionSlip.objects.filter(
        stage=stage,
        declaration__status=status,
        answered_at=None,
        issued_on__lt=today,
        ends_on__gte=today,
        ends_on__lte=today + dt.timedelta(days=30),
    ).select_related("declaration__applicant__user", "declaration__unit", "declaration__line")
    most = settings.PORTAL_CORRECTION_REMINDER_DAYS
    with calendar.remembered():
        return [row for row in waiting.order_by("pk") if calendar.working_days_left(today, row.ends_on) <= most]


def _key(kind: str, slip: CorrectionSlip) -> str:
    return f"{kind}-reminder:{slip.pk}:{slip.ends_on:%Y-%m-%d}:"


def _told(key: str) -> bool:
    return Outbox.objects.filter(kind="message", key__startswith=key).exists()


@sweeps.register("reminders of supplements")
def remind_of_supplements() -> int:
    """Whoever has not replied to the office's notice is reminded once; a moved end reminds again."""
    done = 0
    for slip in _near(CorrectionSlip.Stage.OFFICE, Status.SUPPLEMENT):
        user, key = slip.declaration.applicant.user, _key("supplement", slip)
        if user is None or _told(key):
            continue
        with transaction.atomic():
            outbox.put_message(
                user,
                key=f"{key}{user.pk}",
                subject=_("Reminder: please supplement declaration {obj}"),
                body=_(
                    "Please supply the named items by {by}, 24:00. Without a reply the declaration counts as given up."
                ),
                link=slip.declaration.get_absolute_url(),
                by=slip.ends_on,
                action_needed=True,
                words={"obj": str(slip.declaration)},
            )
        done += 1
    return done


@sweeps.register("reminders of returns by the unit")
def remind_of_returns() -> int:
    """Applicant and unit, once, before the day the unit named; a moved day reminds again. On the day itself nothing
    lapses: what ends is the unit's own time (:func:`applications.rules.unit.unit_deadline_open`).
    """
    done = 0
    for slip in _near(CorrectionSlip.Stage.UNIT, Status.RETURNED):
        key = _key("return", slip)
        if _told(key):
            continue
        with transaction.atomic():
            _remind_both(slip, key)
        done += 1
    return done


def _remind_both(slip: CorrectionSlip, key: str) -> None:
    declaration: Any = slip.declaration
    applicant = declaration.applicant.user
    told: dict[str, Any] = {
        "link": declaration.get_absolute_url(),
        "by": slip.ends_on,
        "words": {
            "obj": str(declaration),
            "unit": str(declaration.unit),
            "last": day_said_later(hand_in_again_until(declaration)),
        },
    }
    if applicant is not None:
        outbox.put_message(
            applicant,
            key=f"{key}{applicant.pk}",
            subject=_("Reminder: please correct declaration {obj}"),
            body=_(
                "{unit} has asked you to correct the named items and to submit again by {by}. After {last}, 24:00 it "
                "can no longer be submitted."
            ),
            action_needed=True,
            **told,
        )
    for clerk in unit_clerks(declaration):
        outbox.put_message(
            clerk,
            key=f"{key}{clerk.pk}",
            subject=_("Not corrected yet: declaration {obj}"),
            body=_(
                "You returned it to the applicant, who was asked to submit again by {by} and has been reminded. After "
                "{last}, 24:00 it can no longer be submitted. You do not need to do anything."
            ),
            **told,
        )
