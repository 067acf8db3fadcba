"""What a standard grants some people: relief for hardship areas and grass-roots posts (倾斜政策), classes of applicants
without a classical employer (新型农业经营主体 …). Both are an office's decision, approved by the bureau, never a law.
"""

from dataclasses import dataclass
from typing import Any

from appraisal_portal.accounts.models import Organisation

CLASS = "class"
"""Code of the proof of the class among the files."""
TILT = "tilt"
"""What the code of the proof of a relief begins with: "tilt-remote"."""


@dataclass(frozen=True)
class Relief:
    """What proven claims take off: ``years`` in the present title, ``hours`` of a year's total, ``free_of`` codes of
    the standard's evidence that need not be brought. Of several the larger one counts; nothing is added up.
    """

    years: int = 0
    hours: int = 0
    free_of: frozenset[str] = frozenset()


def _files(declaration: Any) -> set[str]:
    return {row.code.partition(".")[0] for row in declaration.materials.all() if row.counts}


def offered(declaration: Any) -> list[dict[str, Any]]:
    """The relief of the declaration's standard."""
    version = declaration.standard_version
    return list(version.tilts) if version else []


def claimed(declaration: Any) -> list[dict[str, Any]]:
    """The relief the applicant claims, in the standard's order; what the standard does not know is left out."""
    codes = set(declaration.tilts or [])
    return [row for row in offered(declaration) if row["code"] in codes]


def unproven(declaration: Any) -> list[dict[str, Any]]:
    """Claims without a file."""
    rows = claimed(declaration)
    files = _files(declaration) if rows else set()
    return [row for row in rows if f"{TILT}-{row['code']}" not in files]


def relief_of(declaration: Any) -> Relief:
    """Of what is claimed only what has its file counts."""
    without = [row["code"] for row in unproven(declaration)]
    rows = [row for row in claimed(declaration) if row["code"] not in without]
    return Relief(
        max((int(row.get("years_less") or 0) for row in rows), default=0),
        max((int(row.get("hours_less") or 0) for row in rows), default=0),
        frozenset(code for row in rows for code in row.get("free_of", ())),
    )


def classes_of(declaration: Any) -> list[dict[str, Any]]:
    """The classes that can be chosen: those of the standard, where a talent agency plays the unit."""
    version = declaration.standard_version
    if version is None or declaration.unit.kind != Organisation.Kind.AGENCY:
        return []
    return list(version.classes)


def class_of(declaration: Any) -> dict[str, Any] | None:
    """The class the applicant has chosen, or None: then the usual conditions hold."""
    code = declaration.applicant_class
    return next((row for row in classes_of(declaration) if row["code"] == code), None) if code else None


def class_proven(declaration: Any) -> bool:
    """Whether the class has its file."""
    return CLASS in _files(declaration)
