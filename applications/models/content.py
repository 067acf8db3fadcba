"""What a declaration says, as plain data by section: hashed, frozen in snapshots, printed on papers and rosters.

Nothing of the procedure is in it (status, number, committee, handler, checks): it changes only when the applicant
changes it.
"""

from collections import defaultdict
from functools import cache
from typing import Any

from appraisal_portal.kernel.masking import mask_phone
from appraisal_portal.kernel.together import Rows, kept, put_on, read
from committees.plans.questions import plain

SECTIONS = (
    "application",
    "person",
    "education",
    "title",
    "class",
    "relief",
    "way",
    "hours",
    "experience",
    "achievements",
    "assessments",
    "representative",
    "questions",
    "self_scoring",
    "attachments",
    "photo",
)
"""Top-level keys of the content. Rows carry their ``pk``; an item of a notice is "section" or "section:pk"."""

PERSON_FIELDS = (
    "former_name",
    "ethnicity",
    "birthplace",
    "work_started_on",
    "health",
    "political_status",
    "political_since",
    "current_post",
    "current_post_since",
    "current_specialty",
    "specialty_years",
    "social_posts",
    "foreign_language",
    "file_kept_at",
    "staff_kind",
    "retired",
    "under_punishment",
    "punished_until",
)
SENSITIVE = frozenset({"health", "political_status", "political_since"})
"""Sensitive personal information (敏感个人信息): whoever verifies and examines the form 2-1 reads it there; no roster,
list, export, juror or reader of a draft that was never handed in does."""
EDUCATION_FIELDS = ("level", "degree", "mode", "schooling_years", "school", "major", "finished_on")
TITLE_FIELDS = (
    "level",
    "name",
    "series",
    "by_exam",
    "obtained_on",
    "authority",
    "appointed_on",
    "certificate_number",
)
ADDED_LATER = frozenset({"series", "by_exam", "schooling_years"}) | SENSITIVE
"""Fields that snapshots of an earlier release do not hold: what is not stated is left out, so that a content
without them keeps its hash and what was signed, verified and publicised over it stays good."""
TRAINING_FIELDS = ("starts_on", "ends_on", "organiser", "content")
WORK_FIELDS = ("starts_on", "ends_on", "unit_name", "post", "work", "secondary")
HOURS_FIELDS = ("year", "professional", "industry", "general", "other")
ACHIEVEMENT_FIELDS = ("kind", "title", "role", "rank", "reached_on", "level", "before_title")
ASSESSMENT_FIELDS = ("year", "result")
REPRESENTATIVE_FIELDS = ("representative_title", "representative_role", "representative_text")
WAY_FIELDS = {
    "exceptional": ("exceptional_ground",),
    "exam_plus": (),
    "transfer": ("transfer_series",),
    "confirmation": (),
    "special": ("talent_kind", "talent_reason"),
}
"""Ways that ask for something of their own (申报途径) → fields of the declaration; the others have no such section."""
CLASS_FIELDS = ("level_from", "years", "document")
RELIEF_FIELDS = ("years_less", "hours_less", "free_of", "document")
EXPERT_FIELDS = ("name", "title", "unit_name", "specialty", "signed_on", "reason")
EXAM_FIELDS = ("name", "passed_on", "valid_until", "score", "certificate_number")
RELATIONS = (
    "educations", "held_titles", "learning_hours", "work_history", "trainings", "achievements", "assessments",
    "expert_recommendations", "materials", "photos",
)  # fmt: skip
"""What the content is made of, besides the declaration's own row and what that points at."""
POINTED_AT = ("applicant", "line", "series", "subfield", "title", "unit", "standard_version", "transfer_series")

Blocks = dict[str, list[Any]]


@cache
def _asked(model: Any) -> dict[str, Rows]:
    """What is read of a declaration, by the name it is put under."""
    rows = {name: Rows(model._meta.get_field(name).related_model, "declaration_id = %(pk)s") for name in RELATIONS}
    material = rows["materials"].model
    files = f"SELECT upload_id FROM {material._meta.db_table} WHERE declaration_id = %(pk)s"  # noqa: S608 - our table
    uploads = {"uploads": Rows(material._meta.get_field("upload").related_model, f"id IN ({files})")}
    ones = {name: Rows(model._meta.get_field(name).related_model, f"id = %({name})s") for name in POINTED_AT}
    return {**rows, **uploads, **ones}


def _pointed_at(declaration: Any) -> list[str]:
    """What the declaration points at and nobody has fetched yet."""
    there = declaration._state.fields_cache
    return [name for name in POINTED_AT if name not in there and getattr(declaration, f"{name}_id") is not None]


def _read(declaration: Any, names: list[str]) -> dict[str, list[Any]]:
    """These rows in one round trip; what the declaration points at is put there."""
    ones, asked = _pointed_at(declaration), _asked(type(declaration))
    keys = {"pk": declaration.pk, **{name: getattr(declaration, f"{name}_id") for name in ones}}
    found = read({name: asked[name] for name in (*names, *ones)}, keys) if names or ones else {}
    for name in ones:
        put_on(declaration, name, found[name])
    return found


def put_beside(declaration: Any) -> None:
    """Person, unit, line, standard … of a declaration read at once, where each would be asked for by itself."""
    _read(declaration, [])


def _blocks(declaration: Any) -> Blocks:
    """The rows of the content by relation: what has been put under the declaration counts, what is read here is
    forgotten again, for somebody may write before the next reading.
    """
    blocks = {name: kept(declaration, name) for name in RELATIONS}
    missing = [name for name, rows in blocks.items() if rows is None]
    found = _read(declaration, [*missing, "uploads"] if "materials" in missing else missing)
    for row in found.get("materials", ()):
        put_on(row, "upload", found["uploads"])
    return {name: found[name] if rows is None else rows for name, rows in blocks.items()}


def _rows(
    rows: list[Any], fields: tuple[str, ...], files: dict[str, Any] | None = None, prefix: str = ""
) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        found.append({"pk": row.pk, **_stated(row, fields)})
    if prefix and files is not None:
        for plain in found:
            plain["files"] = files.get(f"{prefix}-{plain['pk']}", [])
    return found


def _stated(row: Any, fields: tuple[str, ...]) -> dict[str, Any]:
    values = {name: getattr(row, name) for name in fields}
    return {name: value for name, value in values.items() if value or name not in ADDED_LATER}


def for_other_readers(said: dict[str, Any]) -> dict[str, Any]:
    """A content as a page of a case shows it: without what is printed on 2-1 only, the telephone masked."""
    person = {name: value for name, value in said.get("person", {}).items() if name not in SENSITIVE}
    return {**said, "person": {**person, "phone": mask_phone(person.get("phone"))}}


def current_files(declaration: Any) -> list[Any]:
    """The files that count, each with its upload; one query where the declaration has not been read whole."""
    rows = kept(declaration, "materials")
    if rows is None:
        rows = list(declaration.materials.select_related("upload"))
    return [row for row in rows if row.counts]


def files_by_code(materials: list[Any]) -> dict[str, list[dict[str, Any]]]:
    """The files that count by what they prove: "achievement-7" → [{name, sha256}]; the part after "." numbers several.

    ``materials`` with their uploads.
    """
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in materials:
        if row.counts:
            found[row.code.partition(".")[0]].append({"name": row.upload.original_name, "sha256": row.upload.sha256})
    return dict(found)


def content_of(declaration: Any) -> dict[str, Any]:
    """The whole content, by the keys of :data:`SECTIONS`.

    ``person``: identity as in the account and the basic block of 2-1; ``representative``: fields and files;
    ``class``, ``relief`` (rows whose ``pk`` is the code of the standard): only where the standard knows them;
    ``questions`` and ``self_scoring``: only where the standard has them, a row for each of its questions and indicators
    with its code as ``pk``;
    ``way``: only where the way asks for something, its fields with "experts", "exam" and "files";
    ``attachments``: files by code of the standard's list; ``photo``: hash of the picture; ``experience``:
    {"work": rows, "training": rows}; the others: lists of rows.
    """
    blocks = _blocks(declaration)
    person, line = declaration.applicant, declaration.line
    files = files_by_code(blocks["materials"])
    photo = next((row for row in blocks["photos"] if row.current), None)
    proving = (
        "education", "title", "achievement", "representative", "way", "expert", "tilt", "class", "answer", "score",
    )  # fmt: skip
    way = {"way": _way(declaration, blocks, files)} if declaration.route in WAY_FIELDS else {}
    return {
        **way,
        "application": {
            "year": declaration.year,
            "series": str(declaration.series),
            "subfield": str(declaration.subfield or ""),
            "title": str(declaration.title),
            "level": line.level,
            "route": declaration.route,
            "specialty": declaration.specialty,
            "unit": declaration.unit.name,
            "employer_kind": declaration.unit.employer_kind,
            "county": declaration.unit.county,
        },
        "person": {
            "name": person.name,
            "gender": person.gender,
            "birth_date": person.birth_date,
            "id_kind": person.id_kind,
            "id_number": person.id_number,
            "phone": person.phone,
            "email": person.email,
            **_stated(declaration, PERSON_FIELDS),
        },
        "education": _rows(blocks["educations"], EDUCATION_FIELDS, files, "education"),
        "title": _rows(blocks["held_titles"], TITLE_FIELDS, files, "title"),
        **_granted(declaration, files),
        "hours": _rows(blocks["learning_hours"], HOURS_FIELDS),
        "experience": {
            "work": _rows(blocks["work_history"], WORK_FIELDS),
            "training": _rows(blocks["trainings"], TRAINING_FIELDS),
        },
        "achievements": _rows(blocks["achievements"], ACHIEVEMENT_FIELDS, files, "achievement"),
        "assessments": _rows(blocks["assessments"], ASSESSMENT_FIELDS),
        "representative": {
            **{name: getattr(declaration, name) for name in REPRESENTATIVE_FIELDS},
            "files": files.get("representative", []),
        },
        **_standard(declaration, files),
        "attachments": {code: found for code, found in sorted(files.items()) if code.partition("-")[0] not in proving},
        "photo": photo.sha256 if photo else "",
    }


def _granted(declaration: Any, files: dict[str, Any]) -> dict[str, Any]:
    """Class and claims of relief with what the standard says of them; absent where it knows none."""
    version, found = declaration.standard_version, {}
    by_class = version is not None and declaration.applicant_class and declaration.through_agency
    named = version.class_named(declaration.applicant_class) if by_class else None
    if named is not None:
        found["class"] = {
            "applicant_class": named["text"],
            **_said(named, CLASS_FIELDS),
            "files": files.get("class", []),
        }
    if version is not None and version.tilts:
        texts = {entry["code"]: entry["text"] for entry in version.evidence_required}
        found["relief"] = [
            {
                "pk": row["code"],
                "text": row["text"],
                **_said({**row, "free_of": [texts.get(code, code) for code in row.get("free_of", ())]}, RELIEF_FIELDS),
                "files": files.get(f"tilt-{row['code']}", []),
            }
            for row in version.tilts
            if row["code"] in (declaration.tilts or ())
        ]
    return found


def _standard(declaration: Any, files: dict[str, Any]) -> dict[str, Any]:
    """Answers to the questions of the standard and the self-scoring sheet, each row with what was asked."""
    found: dict[str, Any] = {}
    asked, sheet = declaration.asked, declaration.sheet
    if asked.questions:
        found["questions"] = [
            {
                "pk": question.code,
                "asked": question.text,
                "answer": declaration.answers.get(question.code, ""),
                "files": [
                    file for entry in asked.proving(question.code) for file in files.get(f"answer-{entry.code}", [])
                ],
            }
            for question in asked.questions
        ]
    if sheet:
        entries = declaration.self_scores
        found["self_scoring"] = [
            {
                "pk": row.code,
                "asked": row.text,
                "entry": entries.get(row.code, ""),
                "points": plain(row.points(entries.get(row.code))),
                "files": files.get(f"score-{row.code}", []),
            }
            for row in sheet.rows
        ]
    return found


def _said(row: dict[str, Any], fields: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in fields if row.get(name)}


def _way(declaration: Any, blocks: Blocks, files: dict[str, Any]) -> dict[str, Any]:
    """What the way asks for: its own fields, two experts, the examination, files."""
    found: dict[str, Any] = {name: getattr(declaration, name) for name in WAY_FIELDS[declaration.route]}
    if "transfer_series" in found:
        found["transfer_series"] = str(found["transfer_series"] or "")
    if declaration.route == "exceptional":
        found["experts"] = _rows(blocks["expert_recommendations"], EXPERT_FIELDS, files, "expert")
    if declaration.route == "exam_plus":
        exam = getattr(declaration, "exam_result", None)
        found["exam"] = {name: getattr(exam, name) for name in EXAM_FIELDS} if exam else {}
    return {**found, "files": files.get("way", [])}
