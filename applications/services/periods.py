"""Whom it concerns that a corrected calendar moved the last day of a period (domain.md §8, case 13)."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from applications.models import CorrectionSlip, Sanction, UnitPublicity
from applications.workflow import people
from appraisal_portal.accounts.models import User
from appraisal_portal.accounts.services import members_of
from appraisal_portal.kernel import clock, outbox
from appraisal_portal.kernel.calendar import PeriodEnd
from appraisal_portal.kernel.days import day_said_later

MOVED = _("The bureau corrected the calendar of working days. The last day was {before}; now it is {by}.")
CERTAIN = _("The last day was provisional and is certain now: {by}.")


def tell(users: Iterable[User], subject: str | Promise, row: Any, before: PeriodEnd, *, link: str) -> None:
    """The new last day to these people; nothing while it is provisional, for that is no day to rely on yet."""
    if row.provisional:
        return
    body, place = MOVED if before.ends_on != row.ends_on else CERTAIN, f"{row._meta.db_table}:{row.pk}"
    for user in users:
        outbox.put_message(
            user, key=f"calendar:{place}:{clock.now():%Y%m%d%H%M%S}:{user.pk}", subject=subject, body=body, link=link,
            by=row.ends_on, words={"before": day_said_later(before.ends_on)},
        )  # fmt: skip


def tell_of_publicity(sender: Any, *, row: UnitPublicity, before: PeriodEnd, **_rest: Any) -> None:
    """The unit's clerks, while the list hangs."""
    if row.status == "running":
        clerks = members_of(row.unit_id, people.Role.UNIT_CLERK)
        subject = _("The last day of your publicity has moved")
        tell(clerks, subject, row, before, link=row.get_absolute_url())


def tell_of_reply(sender: Any, *, row: CorrectionSlip, before: PeriodEnd, **_rest: Any) -> None:
    """The person who still owes the reply to a supplement notice."""
    if row.answered_at is None:
        link = row.declaration.get_absolute_url()
        tell(people.applicant(row.declaration), _("The last day of your reply has moved"), row, before, link=link)


def tell_of_statement(sender: Any, *, row: Sanction, before: PeriodEnd, **_rest: Any) -> None:
    """The person who is asked for a statement, while it can be given."""
    if row.status == "draft":
        subject = _("The last day of your statement has moved")
        tell(people.person_concerned(row), subject, row, before, link=row.get_absolute_url())
