"""The pool of experts for tests: the committee's members with specialties and units."""

import datetime as dt
from typing import Any

from committees.reviews.models import Expert, Meeting

SPECIALTIES = ("森林培育", "林产化工", "园林")


def a_pool(meeting: Meeting, *, clerk: Any, people: int = 15) -> list[Expert]:
    """Members of the meeting's term in the pool, three specialties and five units in turn."""
    members = meeting.term.members_on(meeting.meets_on).select_related("user").order_by("pk")[:people]
    return [
        Expert.objects.create(
            committee=meeting.committee,
            name=member.user.full_name,
            unit=f"丽水市第{n % 5 + 1}林场",
            held_title="高级工程师",
            specialty=SPECIALTIES[n % 3],
            phone="05782091234",
            account=member.user,
            term_from=dt.date(2025, 1, 1),
            term_until=dt.date(2027, 12, 31),
            entered_by=clerk,
        )
        for n, member in enumerate(members)
    ]
