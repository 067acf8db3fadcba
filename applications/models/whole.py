"""A declaration with everything its rules look at, read in one round trip.

Handing in asks some twenty tables; every guard asked for itself (59 queries). Now the row is locked, then this reads
the rest once, and the guards find it under the ordinary relations (``declaration.educations.all()``, ``applicant``).
"""

from typing import Any

from appraisal_portal.accounts.models import Employment, Organisation, Person, User
from appraisal_portal.kernel.models import Upload
from appraisal_portal.kernel.together import Rows, put_on, put_under, read
from committees.plans.models import (
    Committee,
    CommitteeScope,
    HoursRequirement,
    Industry,
    PlanLine,
    ReviewPlan,
    Series,
    StandardVersion,
    Subfield,
    Title,
)

from .blocks import (
    Achievement,
    Assessment,
    Education,
    ExamResult,
    ExpertRecommendation,
    HeldTitle,
    LearningHours,
    Material,
    Photo,
    Training,
    WorkHistory,
)
from .declaration import Declaration, DeclarationSnapshot
from .sanction import Sanction
from .undertaking import Signature, Undertaking

_OF_IT = "declaration_id = %(pk)s"
_OF_PERSON = "person_id = %(applicant)s"
_LIVE = ("pk", "number", "year", "series", "status", "applicant")
_BRIEF = tuple(field.name for field in Declaration._meta.concrete_fields if field.name not in (*_LIVE, "id"))
HOURS_ASKED = "hours_asked"
"""Attribute of a declaration read whole: what is asked of its series and subfield in the years before."""
_PROPOSED = ("proposed_content",)
_HEARD = ("evidence", "statement", "unit_statement", "minutes")


def _table(model: Any) -> str:
    return str(model._meta.db_table)


BLOCKS = {
    "educations": Rows(Education, _OF_IT),
    "held_titles": Rows(HeldTitle, _OF_IT),
    "trainings": Rows(Training, _OF_IT),
    "work_history": Rows(WorkHistory, _OF_IT),
    "assessments": Rows(Assessment, _OF_IT),
    "learning_hours": Rows(LearningHours, _OF_IT),
    "achievements": Rows(Achievement, _OF_IT),
    "expert_recommendations": Rows(ExpertRecommendation, _OF_IT),
    "materials": Rows(Material, _OF_IT),
    "photos": Rows(Photo, _OF_IT),
    "undertakings": Rows(Undertaking, _OF_IT),
    "snapshots": Rows(DeclarationSnapshot, _OF_IT, without=("content",)),
}
"""Relations of the declaration."""
OF_PERSON = {
    "employments": Rows(Employment, _OF_PERSON),
    "sanctions": Rows(Sanction, _OF_PERSON, without=(*_PROPOSED, *_HEARD)),
    "declarations": Rows(Declaration, "applicant_id = %(applicant)s", without=_BRIEF),
}
"""Relations of the applicant."""
BESIDES = {
    HOURS_ASKED: Rows(
        HoursRequirement,
        "year < %(year)s AND (kind = 'general' OR industry_id IN (SELECT id FROM "  # noqa: S608
        f"{_table(Industry)} WHERE series_id = %(series)s AND (subfield_id IS NULL OR subfield_id = %(subfield)s)))",
    ),
    "exam_result": Rows(ExamResult, _OF_IT),
    "uploads": Rows(
        Upload,
        f"id IN (SELECT upload_id FROM {_table(Material)} WHERE declaration_id = %(pk)s UNION ALL "  # noqa: S608 - table names only
        f"SELECT upload_id FROM {_table(Photo)} WHERE declaration_id = %(pk)s AND current)",
    ),
    "signatures": Rows(
        Signature,
        f"undertaking_id IN (SELECT id FROM {_table(Undertaking)} WHERE declaration_id = %(pk)s)",  # noqa: S608
    ),
    "applicant": Rows(Person, "id = %(applicant)s"),
    "user": Rows(User, f"id = (SELECT user_id FROM {_table(Person)} WHERE id = %(applicant)s)"),  # noqa: S608
    "unit": Rows(Organisation, "id = %(unit)s"),
    "line": Rows(PlanLine, "id = %(line)s"),
    "plan": Rows(ReviewPlan, f"id = (SELECT plan_id FROM {_table(PlanLine)} WHERE id = %(line)s)", without=_PROPOSED),  # noqa: S608
    "scopes": Rows(
        CommitteeScope,
        f"committee_id = (SELECT committee_id FROM {_table(PlanLine)} WHERE id = %(line)s)",  # noqa: S608
    ),
    "committees": Rows(
        Committee,
        f"id IN (%(committee)s, (SELECT committee_id FROM {_table(PlanLine)} WHERE id = %(line)s))",  # noqa: S608
    ),
    "series": Rows(Series, "id IN (%(series)s, %(transfer_series)s)"),
    "subfield": Rows(Subfield, "id = %(subfield)s"),
    "title": Rows(Title, "id = %(title)s"),
    "standard_version": Rows(StandardVersion, "id = %(standard_version)s", without=_PROPOSED),
}
"""What the rows point at."""
_ASKED = {**BLOCKS, **OF_PERSON, **BESIDES}
_KEYS = ("applicant", "unit", "line", "committee", "series", "transfer_series", "subfield", "title", "standard_version")


def read_whole(declaration: Any) -> None:
    """Read it all anew and put it where the relations of ``declaration`` find it. One round trip."""
    keys = {
        "pk": declaration.pk,
        "year": declaration.year,
        **{name: getattr(declaration, f"{name}_id") for name in _KEYS},
    }
    found = read(_ASKED, keys)
    for name in BLOCKS:
        put_under(declaration, name, found[name])
    for name in ("applicant", "unit", "line", "title", "subfield", "standard_version"):
        put_on(declaration, name, found[name])
    for name in ("series", "transfer_series"):
        put_on(declaration, name, found["series"])
    put_on(declaration, "committee", found["committees"])
    put_on(declaration.line, "plan", found["plan"])
    put_on(declaration.line, "committee", found["committees"])
    put_under(declaration.line.committee, "scopes", found["scopes"])
    put_on(declaration.title, "series", found["series"])
    put_on(declaration.applicant, "user", found["user"])
    for name in OF_PERSON:
        put_under(declaration.applicant, name, found[name])
    setattr(declaration, HOURS_ASKED, found[HOURS_ASKED])
    for row in (*found["materials"], *found["photos"]):
        put_on(row, "upload", found["uploads"])
    for undertaking in found["undertakings"]:
        put_under(undertaking, "signatures", [s for s in found["signatures"] if s.undertaking_id == undertaking.pk])
        put_on(undertaking, "snapshot", found["snapshots"])
    Declaration._meta.get_field("exam_result").set_cached_value(declaration, next(iter(found["exam_result"]), None))
