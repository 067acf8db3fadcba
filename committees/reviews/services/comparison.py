"""What papers made again say otherwise than those made before."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from committees.reviews.models import Meeting, MeetingSnapshot
from committees.reviews.roster_differences import Difference, differences, told_to


@dataclass(frozen=True)
class Comparison:
    """The two latest snapshots, each with its version and hash, and the lines in which they differ."""

    before: MeetingSnapshot
    after: MeetingSnapshot
    lines: list[Difference]

    @property
    def hashes(self) -> list[tuple[str, str]]:
        """Each version and its hash, for a page."""
        return [(_("Version {n}").format(n=one.version), one.sha256) for one in (self.before, self.after)]


def of_latest(meeting: Meeting, user: Any) -> Comparison | None:
    """What the papers made last say otherwise than those before, as a reader may know it; None when they were made
    once.
    """
    two = list(meeting.snapshots.order_by("-version")[:2])
    if len(two) < 2:
        return None
    return Comparison(two[1], two[0], list(told_to(user, differences(two[1].content, two[0].content))))
