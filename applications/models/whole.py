"""A declaration with everything its rules look at, read in one round trip.

Handing in asks some twenty tables; every guard asked for itself (59 queries). Now one message locks the row and reads
the rest, and the guards find it under the ordinary relations (``declaration.educations.all()``, ``applicant``).
"""

from collections.abc import Mapping
from typing import Any

from appraisal_portal.accounts.models import Employment, Organisation, Person, User
from appraisal_portal.kernel.models import Upload
from appraisal_portal.kernel.together import NextNumber, Reading, Rows, put_on, put_under
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


def _table(model: Any) -> str:
    return str(model._meta.db_table)


def _own(column: str) -> str:
    """A column of the declaration itself."""
    return f"(SELECT {column} FROM {_table(Declaration)} WHERE id = %(pk)s)"  # noqa: S608 - names of our own


def _of_line(column: str) -> str:
    """A column of the declaration's plan line."""
    return f"(SELECT {column} FROM {_table(PlanLine)} WHERE id = {_own('line_id')})"  # noqa: S608 - names of our own


_OF_IT = "declaration_id = %(pk)s"
_OF_PERSON = f"person_id = {_own('applicant_id')}"
_LIVE = ("pk", "number", "year", "series", "status", "applicant")
_BRIEF = tuple(field.name for field in Declaration._meta.concrete_fields if field.name not in (*_LIVE, "id"))
HOURS_ASKED = "hours_asked"
"""Attribute of a declaration read whole: what is asked of its series and subfield in the years before."""
_PROPOSED = ("proposed_content",)
_HEARD = ("evidence", "statement", "unit_statement", "minutes")

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
    "declarations": Rows(Declaration, f"applicant_id = {_own('applicant_id')}", without=_BRIEF),
}
"""Relations of the applicant."""
BESIDES = {
    HOURS_ASKED: Rows(
        HoursRequirement,
        f"year < {_own('year')} AND (kind = 'general' OR industry_id IN (SELECT id FROM {_table(Industry)} "  # noqa: S608
        f"WHERE series_id = {_own('series_id')} AND (subfield_id IS NULL OR subfield_id = {_own('subfield_id')})))",
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
    "applicant": Rows(Person, f"id = {_own('applicant_id')}"),
    "user": Rows(User, f"id = (SELECT user_id FROM {_table(Person)} WHERE id = {_own('applicant_id')})"),  # noqa: S608
    "unit": Rows(Organisation, f"id = {_own('unit_id')}"),
    "line": Rows(PlanLine, f"id = {_own('line_id')}"),
    "plan": Rows(ReviewPlan, f"id = {_of_line('plan_id')}", without=_PROPOSED),
    "scopes": Rows(CommitteeScope, f"committee_id = {_of_line('committee_id')}"),
    "committees": Rows(Committee, f"id IN ({_own('committee_id')}, {_of_line('committee_id')})"),
    "series": Rows(Series, f"id IN ({_own('series_id')}, {_own('transfer_series_id')})"),
    "subfield": Rows(Subfield, f"id = {_own('subfield_id')}"),
    "title": Rows(Title, f"id = {_own('title_id')}"),
    "standard_version": Rows(StandardVersion, f"id = {_own('standard_version_id')}", without=_PROPOSED),
}
"""What the rows point at."""
_FEW = ("snapshots",)
_ALONG = {"applicant": ("user",), "unit": ("name",), "line": ("unit_deadline",), "committee": ("name",)}
"""What handing in asks and writes of what the row points at."""


def _put(declaration: Any, found: Mapping[str, list[Any]]) -> None:
    """Where the relations of ``declaration`` find it; what was not read is asked for when somebody wants it."""
    if "applicant" in found:  # else they came with the row
        _put_rest(declaration, found)
    put_under(declaration, "snapshots", found["snapshots"])


def _put_rest(declaration: Any, found: Mapping[str, list[Any]]) -> None:
    for name in ("applicant", "unit", "line"):
        put_on(declaration, name, found[name])
    put_on(declaration, "committee", found["committees"])
    put_on(declaration.line, "committee", found["committees"])
    put_on(declaration.applicant, "user", found["user"])
    for name in BLOCKS:
        put_under(declaration, name, found[name])
    for name in ("title", "subfield", "standard_version", "series"):
        put_on(declaration, name, found[name])
    put_on(declaration, "transfer_series", found["series"])
    put_on(declaration.line, "plan", found["plan"])
    put_under(declaration.line.committee, "scopes", found["scopes"])
    put_on(declaration.title, "series", found["series"])
    for name in OF_PERSON:
        put_under(declaration.applicant, name, found[name])
    setattr(declaration, HOURS_ASKED, found[HOURS_ASKED])
    for row in (*found["materials"], *found["photos"]):
        put_on(row, "upload", found["uploads"])
    for undertaking in found["undertakings"]:
        put_under(undertaking, "signatures", [s for s in found["signatures"] if s.undertaking_id == undertaking.pk])
        put_on(undertaking, "snapshot", found["snapshots"])
    Declaration._meta.get_field("exam_result").set_cached_value(declaration, next(iter(found["exam_result"]), None))


_KEYS = {
    **{f"(SELECT user_id FROM {_table(Person)} WHERE id = {_own('applicant_id')})": "user_id"},  # noqa: S608
    **{_of_line(column): f"line_{column}" for column in ("plan_id", "committee_id")},
    **{
        _own(column): column
        for column in (
            "applicant_id", "committee_id", "line_id", "series_id", "standard_version_id", "subfield_id", "title_id",
            "transfer_series_id", "unit_id", "year",
        )
    },
}  # fmt: skip
"""What the rows are found by, as it stands in their conditions, and as a column of :data:`_KEYS_OF`."""
_KEYS_OF = (
    f"SELECT d.*, l.plan_id AS line_plan_id, l.committee_id AS line_committee_id, p.user_id "  # noqa: S608
    f"FROM {_table(Declaration)} d LEFT JOIN {_table(PlanLine)} l ON l.id = d.line_id "
    f"LEFT JOIN {_table(Person)} p ON p.id = d.applicant_id WHERE d.id = %(pk)s"
)
_YEAR_TO_NUMBER = f"(SELECT year::text FROM {_table(Declaration)} WHERE id = %(pk)s AND coalesce(number, '') = '')"  # noqa: S608

read_whole = Reading(
    {**BLOCKS, **OF_PERSON, **BESIDES}, _put, few=_FEW, along=_ALONG,
    keys_of=_KEYS_OF, by=tuple(_KEYS.items()), number=NextNumber("declaration", _YEAR_TO_NUMBER),
)  # fmt: skip
"""Called with a declaration, reads it all anew and puts it there."""
