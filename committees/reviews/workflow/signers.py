"""Who signs what names people, and the bureau where nobody is left to (decision 39)."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from appraisal_portal.accounts.models import User
from appraisal_portal.accounts.services import bureau_members, members_of
from appraisal_portal.kernel.workflow import Tell
from committees.reviews.access import results as access
from committees.reviews.access.signing import signs_for_everybody
from committees.reviews.models import Meeting


def heads(obj: Any) -> list[User]:
    """Directors of the committee; of a bureau that determined without a vote whoever signs there."""
    office = obj.committee.office if isinstance(obj, Meeting) else access.office_of(obj)
    return members_of(office, access.HEADS[office.kind])


def signers(obj: Any) -> list[User]:
    """Those of the heads who may sign the meeting's results, the list, the report: they keep away from nobody on it,
    and did not prepare it where no committee voted.
    """
    free = [user for user in heads(obj) if signs_for_everybody(user, obj)]
    return free if isinstance(obj, Meeting) else [user for user in free if access.is_not_its_maker(user, obj)]


def _bureau(meeting: Any) -> Iterable[User]:
    return [] if signers(meeting) else bureau_members()


LEND_A_DIRECTOR = Tell(
    _bureau,
    _("Nobody may sign the results of {obj}"),
    _(
        "Every director of this committee keeps away from somebody on the roster. Please grant another person the role "
        "of director there, for as long as it takes."
    ),
    action_needed=True,
    who="bureau, where every director keeps away from somebody",
    link=lambda _meeting: reverse("accounts:membership-add"),
)
