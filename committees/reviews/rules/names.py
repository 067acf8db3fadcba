"""Two people of one name on a list anybody reads (同名)."""

import datetime as dt
from collections import Counter
from collections.abc import Hashable, Sequence


def told_apart(people: Sequence[tuple[Hashable, dt.date, str]]) -> list[str]:
    """What stands beside each name; empty for most. A person is (what the list shows anyway: name, unit, title and
    specialty; the day of birth; the number of the declaration).

    Where all of the first is the same, birth year and month; where those are the same too, the last four digits of the
    declaration's number. Never anything of an identity number (domain.md §6).
    """
    shown = Counter(same for same, _born, _number in people)
    months = Counter((same, f"{born:%Y-%m}") for same, born, _number in people)
    return [
        f"{born:%Y-%m}" + (f" …{number[-4:]}" if months[same, f"{born:%Y-%m}"] > 1 else "") if shown[same] > 1 else ""
        for same, born, number in people
    ]
