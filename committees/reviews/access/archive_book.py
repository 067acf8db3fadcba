"""Who orders, reads and checks archive books."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import Membership
from appraisal_portal.kernel.access import has_role, predicate
from committees.reviews.querysets.conflict import known_items

from .meeting import is_office_clerk

Role = Membership.Role

reads_books = has_role(Role.OFFICE_CLERK, Role.COMMITTEE_DIRECTOR, Role.SUPERVISOR)


@predicate(_("Your own case is in this book, or one you keep away from."))
def knows_the_book(actor: Any, book: Any) -> bool:
    """Nobody makes or checks a book with the own case in it, or with one they keep away from (回避)."""
    if book is None:
        return True
    people = book.meeting.admissions.all()
    own = people.filter(declaration__applicant__user=actor.pk).exists()
    return not own and bool(known_items(actor, people).count() == people.count())


@predicate(_("Only the office of this committee or the supervisor may do this."))
def checks_books(actor: Any, book: Any) -> bool:
    """Clerk or director of the meeting's office, or the supervisor."""
    if actor.acts_as(Role.SUPERVISOR):
        return True
    if not actor.acts_as(Role.OFFICE_CLERK, Role.COMMITTEE_DIRECTOR):
        return False
    return book is None or bool(book.meeting.committee.office_id == actor.acting_organisation_id)


orders_books = is_office_clerk & knows_the_book
checks = checks_books & knows_the_book
