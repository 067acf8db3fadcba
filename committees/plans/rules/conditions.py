"""What a standard grants some people, in words and complete: relief (倾斜) and classes of applicants (申报类别)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from appraisal_portal.kernel.workflow import Problem
from committees.plans.models import Level

if TYPE_CHECKING:
    from committees.plans.models import StandardVersion


def tilt_effects(row: dict[str, Any], evidence: list[dict[str, Any]]) -> list[str]:
    """What a relief takes off, sentence by sentence; ``evidence``: the list of the same standard."""
    years, hours = int(row.get("years_less") or 0), int(row.get("hours_less") or 0)
    found = []
    if years:
        words = ngettext("{n} year less in the present title", "{n} years less in the present title", years)
        found.append(words.format(n=years))
    if hours:
        words = ngettext("{n} class hour less a year", "{n} class hours less a year", hours)
        found.append(words.format(n=hours))
    found += [_("need not bring: {what}").format(what=text) for text in free_of_texts(row, evidence)]
    return found


def free_of_texts(row: dict[str, Any], evidence: list[dict[str, Any]]) -> list[str]:
    """Texts of the evidence a relief frees from."""
    return [entry["text"] for entry in evidence if entry["code"] in row.get("free_of", ())]


def class_demands(row: dict[str, Any]) -> list[str]:
    """What a class asks for instead of the usual conditions."""
    from_level, years = row.get("level_from") or "none", int(row.get("years") or 0)
    found = [
        _("without a title before")
        if from_level == "none"
        else _("from the {level} title on").format(level=Level(from_level).label)
    ]
    if years:
        words = ngettext("at least {n} year of work in the field", "at least {n} years of work in the field", years)
        found.append(words.format(n=years))
    return found


def conditions_complete(version: "StandardVersion") -> Iterator[Problem]:
    """Every relief takes something off that exists, and says what proves it and on which document it rests."""
    known = {entry["code"] for entry in version.evidence_required}
    for row in version.tilts:
        if not set(row.get("free_of", ())) <= known:
            yield Problem(
                _("“{text}” frees from evidence this standard does not ask for any more.").format(text=row["text"]),
                field="tilts",
            )
        elif not tilt_effects(row, version.evidence_required):
            yield Problem(
                _("“{text}” takes nothing off. Say what it relieves.").format(text=row["text"]), field="tilts"
            )
    for name, rows in (("tilts", version.tilts), ("classes", version.classes)):
        for row in rows:
            if not (row.get("evidence") and row.get("document")):
                yield Problem(
                    _("“{text}”: say what proves it and on which document it rests.").format(text=row["text"]),
                    field=name,
                )
