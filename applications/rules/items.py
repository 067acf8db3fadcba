"""What is checked one by one: every claim of a declaration with the files that prove it (逐项核实)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from applications.models.content import current_files
from applications.rules.corrections import CONTACT
from applications.rules.form import ENTRUSTMENT, ENTRUSTMENT_NAME
from applications.rules.words import FIELDS, SECTIONS, field_label, shown
from appraisal_portal.kernel import identity, masking
from appraisal_portal.kernel.approvals import content_sha256
from appraisal_portal.kernel.together import kept
from committees.plans.questions import empty
from committees.plans.scoring import of_most

Text = str | Promise
Content = Mapping[str, Any]

# sections of rows that are checked one by one → what the code of their files begins with
_ROWS = {"education": "education", "title": "title", "achievements": "achievement", "relief": "tilt"}
# what names a row: the first of these that is filled in
_NAMES = {"education": ("school", "major"), "title": ("name",), "achievements": ("title",), "relief": ("text",)}
# sections whose few figures a year are judged together
_YEARLY = frozenset({"hours", "assessments"})
_MASKED = {"id_number": identity.mask, "phone": masking.mask_phone}
_HIDDEN = frozenset({"pk", "files", "id_kind", "answers"})


@dataclass(frozen=True)
class ReviewItem:
    """One claim: ``code`` "education:12", (label, value) pairs, files (Upload rows), the hash a check is bound to."""

    code: str
    section: str
    label: str
    claim: tuple[tuple[str, str], ...]
    uploads: tuple[Any, ...]
    sha256: str
    named: str = ""  # what names the row: the label without its section

    @property
    def control(self) -> str:
        """The code as part of a control's name and id."""
        return self.code.replace(":", "-")

    @property
    def pictures(self) -> list[Any]:
        """Its files that a page can show beside the claim."""
        return [upload for upload in self.uploads if upload.content_type in ("image/jpeg", "image/png")]


def _claim(section: str, row: Content) -> tuple[tuple[str, str], ...]:
    pairs = []
    for name, value in row.items():
        if name in _HIDDEN or value in (None, "", [], {}):
            continue
        mask = _MASKED.get(name)
        words = mask(str(value)) if mask else shown(section, name, value)
        pairs.append((field_label(section, name), words))
    return tuple(pairs)


def _uploads(declaration: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for material in current_files(declaration):
        found[material.code.partition(".")[0]].append(material.upload)
    return found


def items_of(declaration: Any, content: Content | None = None) -> list[ReviewItem]:
    """Every item to be checked, in the order of the form; ``content`` spares reading the rows when they are at hand."""
    return list(_items(declaration, content if content is not None else declaration.content(), _uploads(declaration)))


def _items(declaration: Any, content: Content, uploads: Mapping[str, list[Any]]) -> Iterator[ReviewItem]:
    for section, value in content.items():
        if section in _ROWS:
            yield from _of_rows(section, value, uploads)
        elif section == "questions":
            yield from _of_questions(declaration, value, uploads)
        elif section == "self_scoring":
            yield from _of_sheet(declaration, value, uploads)
        elif section == "attachments":
            yield from _of_attachments(declaration, value, uploads)
        else:
            claim, files = _whole(declaration, section, value, uploads)
            if claim or files:
                words = str(SECTIONS.get(section, section))
                yield ReviewItem(section, section, words, claim, files, content_sha256(_stated(section, value)))


def _named(section: str, what: str) -> str:
    return _("{section}: {what}").format(section=SECTIONS[section], what=what)


def _of_rows(section: str, rows: Sequence[Content], uploads: Mapping[str, list[Any]]) -> Iterator[ReviewItem]:
    """Rows judged one by one, each with the files that prove it."""
    for row in rows:
        claim = _claim(section, row)
        files = tuple(uploads.get(f"{_ROWS[section]}-{row['pk']}", ()))
        name = " ".join(str(row[field]) for field in _NAMES[section] if row.get(field))
        named = name or (claim[0][1] if claim else "-")
        code, label = f"{section}:{row['pk']}", _named(section, named)
        yield ReviewItem(code, section, label, claim, files, content_sha256(row), named)


def _stated(section: str, value: Any) -> Any:
    """What a judgement of the section is bound to: not the telephone number, which claims nothing."""
    contact = CONTACT.get(section)
    return {name: each for name, each in value.items() if name not in contact} if contact else value


def attachment_names(declaration: Any) -> dict[str, str]:
    """Attachments by their code: the names the standard gives them, and the letter of people from elsewhere."""
    named = {entry.code: entry.label for entry in declaration.asked.evidence if entry.text}
    return {**named, ENTRUSTMENT: str(ENTRUSTMENT_NAME)}


def asked_as(declaration: Any, section: str, key: str) -> str:
    """What the standard calls an attachment, a question, an indicator; empty where it asks for none of that code."""
    if section == "attachments":
        return attachment_names(declaration).get(key, key)
    asked: Any = {"questions": lambda: declaration.asked.questions, "self_scoring": lambda: declaration.sheet.rows}
    return next((each.label for each in asked.get(section, list)() if each.code == key), "")


def _of_attachments(declaration: Any, value: Content, uploads: Mapping[str, list[Any]]) -> Iterator[ReviewItem]:
    """Attachments by their code, under the name the standard gives them."""
    names = attachment_names(declaration)
    for code, found in value.items():
        label = _named("attachments", names.get(code, code))
        yield ReviewItem(
            f"attachments:{code}", "attachments", label, (), tuple(uploads.get(code, ())), content_sha256(found)
        )


def _photo(declaration: Any) -> Any:
    rows = kept(declaration, "photos")
    if rows is None:
        return declaration.photos.filter(current=True).select_related("upload").first()
    return next((row for row in rows if row.current), None)


def _whole(
    declaration: Any, section: str, value: Any, uploads: Mapping[str, list[Any]]
) -> tuple[tuple[tuple[str, str], ...], tuple[Any, ...]]:
    """Claim and files of a section that is judged as one."""
    if section in _YEARLY:
        return tuple(_year(section, row) for row in value), ()
    if section == "experience":
        return tuple(_job(row) for row in (*value["work"], *value["training"])), ()
    if section == "way":
        return _way(value), tuple(
            upload for code, found in uploads.items() if code.partition("-")[0] in ("way", "expert") for upload in found
        )
    if section == "class":
        return _claim(section, value), tuple(uploads.get(section, ()))
    if section == "photo":
        photo = _photo(declaration) if value else None
        look = ((_("Please look"), photo.please_look),) if photo and photo.findings else ()
        return look, (photo.upload,) if photo else ()
    if section == "representative":
        return (*_claim(section, value), *_answers(declaration, value.get("answers") or {})), tuple(
            uploads.get(section, ())
        )
    return _claim(section, value), ()


def _way(value: Content) -> tuple[tuple[str, str], ...]:
    """The way's own fields, the examination, and each expert in one line."""
    plain = {name: said for name, said in value.items() if name not in ("experts", "exam")}
    pairs = [*_claim("way", plain), *_claim("exam", value.get("exam") or {})]
    for expert in value.get("experts", ()):
        who = " ".join(str(expert[name]) for name in ("name", "title", "unit_name", "specialty") if expert[name])
        pairs.append((_("Expert who recommends"), _("{who}: {reason}").format(who=who, reason=expert["reason"])))
    return tuple(pairs)


def _answers(declaration: Any, answers: Content) -> tuple[tuple[str, str], ...]:
    """Answers to the questions of the standard, by the text of the question."""
    questions = declaration.asked.questions
    return tuple((each.label, each.shown(answers[each.code])) for each in questions if answers.get(each.code))


def _of_questions(declaration: Any, rows: Sequence[Content], uploads: Mapping[str, list[Any]]) -> Iterator[ReviewItem]:
    """Each answered question of the standard beside the files that prove the answer."""
    asked, said = declaration.asked, {row["pk"]: row for row in rows}
    for question in asked.questions:
        row = said.get(question.code, {})
        words = question.shown(row.get("answer"))
        files = tuple(
            file for entry in asked.proving(question.code) for file in uploads.get(f"answer-{entry.code}", ())
        )
        if words or files:
            claim = ((question.label, words),) if words else ()
            label = _named("questions", question.label)
            yield ReviewItem(f"questions:{question.code}", "questions", label, claim, files, content_sha256(row))


def _of_sheet(declaration: Any, rows: Sequence[Content], uploads: Mapping[str, list[Any]]) -> Iterator[ReviewItem]:
    """Each filled-in indicator of the self-scoring sheet beside its proofs, then the points by group and together."""
    sheet, said = declaration.sheet, {row["pk"]: row for row in rows}
    entries = {code: row["entry"] for code, row in said.items()}
    for line in sheet.rows:
        words, files = line.shown(entries.get(line.code)), tuple(uploads.get(f"score-{line.code}", ()))
        if words or files:
            points = of_most(line.points(entries.get(line.code)), line.most)
            claim = ((line.label, words), (_("Points"), points)) if words else ()
            label = _named("self_scoring", line.label)
            code = f"self_scoring:{line.code}"
            yield ReviewItem(code, "self_scoring", label, claim, files, content_sha256(said[line.code]))
    if not all(empty(entry) for entry in entries.values()):
        together = [(group.label, of_most(group.points(entries), group.most)) for group in sheet.groups]
        together.append((_("Together"), of_most(sheet.total(entries), sheet.most)))
        label = _named("self_scoring", _("sum"))
        yield ReviewItem("self_scoring", "self_scoring", label, tuple(together), (), content_sha256(rows))


def _year(section: str, row: Content) -> tuple[str, str]:
    if section == "assessments":
        return str(row["year"]), shown(section, "result", row["result"])
    parts = [f"{FIELDS[name]} {row[name]}" for name in ("professional", "industry", "general", "other") if row[name]]
    total = sum(row[name] for name in ("professional", "industry", "general", "other"))
    return str(row["year"]), _("{parts}; together {total}").format(parts=_(", ").join(parts), total=total)


def _job(row: Content) -> tuple[str, str]:
    until = row["ends_on"] or _("today")
    span = f"{row['starts_on'] or '?'} – {until}"
    what = " ".join(str(row.get(name) or "") for name in ("unit_name", "post", "work", "organiser", "content"))
    return span, " ".join(what.split())
