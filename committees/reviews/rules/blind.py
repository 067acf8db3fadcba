"""An anonymous review (匿名评审): what of a frozen declaration the jury reads when the standard hides who it is.

Pure. What lies inside a scanned page cannot be taken out by a portal: the applicant hands such evidence in without
name, and the office looks at it in the examination.
"""

import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

LEFT_OUT = {
    "person": ("name", "former_name", "gender", "ethnicity", "social_posts", "file_kept_at"),
    "application": ("unit", "county"),
    "title": ("certificate_number", "authority"),
    "work": ("unit_name",),
    "training": ("organiser",),
    "experts": ("name", "unit_name"),
    "exam": ("certificate_number",),
}
"""Fields by part of the content, which the jury does not read at all."""


def _named(said: dict[str, Any], declaration: Any) -> Iterator[str]:
    """Whatever names the person or the unit, wherever somebody may have written it."""
    person = declaration.applicant
    yield from (person.name, person.id_number, person.phone, person.email, declaration.unit.name)
    yield str(said.get("person", {}).get("former_name") or "")
    yield str(said.get("application", {}).get("unit") or "")
    yield str(person.user.username if person.user else "")
    yield from (str(row.get("unit_name") or "") for row in said.get("experience", {}).get("work", ()))


def _pattern(names: Iterator[str]) -> re.Pattern[str]:
    found = sorted({name.strip() for name in names if name and len(name.strip()) > 1}, key=len, reverse=True)
    return re.compile("|".join(r"\s*".join(map(re.escape, name)) for name in found), re.IGNORECASE)


def _masked(value: Any, pattern: re.Pattern[str], mark: str) -> Any:
    if isinstance(value, str):
        return pattern.sub(mark, value)
    if isinstance(value, dict):
        return {key: _masked(one, pattern, mark) for key, one in value.items()}
    return [_masked(one, pattern, mark) for one in value] if isinstance(value, list) else value


def _less(value: Any, part: str) -> Any:
    if isinstance(value, list):
        return [_less(one, part) for one in value]
    if isinstance(value, dict):
        return {key: _less(one, key) for key, one in value.items() if key not in LEFT_OUT.get(part, ())}
    return value


def telling(text: str, said: dict[str, Any], declaration: Any) -> list[str]:
    """What in a text of the jury tells who the person is or where they work: each place once, as it was written.

    ``said`` and ``declaration`` as below.
    """
    return list(dict.fromkeys(_pattern(_named(said, declaration)).findall(text)))


def without_the_person(said: dict[str, Any], declaration: Any) -> dict[str, Any]:
    """The content without the fields that say who and where, and with every mention of them in a text covered.

    ``said``: as ``applications.models.content``; ``declaration``: whose names are looked for, spaces between the
    characters and capitals aside.
    """
    covered: dict[str, Any] = _masked(_less(said, ""), _pattern(_named(said, declaration)), _("[covered]"))
    return covered
