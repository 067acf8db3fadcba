"""What is checked one by one: every claim of a declaration with the files that prove it (逐项核实)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from appraisal_portal.kernel import identity
from appraisal_portal.kernel.approvals import content_sha256
from applications.rules.words import FIELDS, SECTIONS, shown

Text = str | Promise
Content = Mapping[str, Any]

# sections of rows that are checked one by one → what the code of their files begins with
_ROWS = {"education": "education", "title": "title", "hours": "", "achievements": "achievement", "assessments": ""}
_HIDDEN = frozenset({"pk", "files", "id_kind", "answers"})


@dataclass(frozen=True)
class ReviewItem:
    """One claim: ``code`` "education:12", words, (label, value) pairs, its files (Upload rows), the hash a check is bound to."""

    code: str
    section: str
    label: str
    claim: tuple[tuple[str, str], ...]
    uploads: tuple[Any, ...]
    sha256: str

    @property
    def control(self) -> str:
        """The code as part of a control's name and id."""
        return self.code.replace(":", "-")


def _claim(section: str, row: Content) -> tuple[tuple[str, str], ...]:
    pairs = []
    for name, value in row.items():
        if name in _HIDDEN or value in (None, "", [], {}):
            continue
        words = identity.mask(str(value)) if name == "id_number" else shown(section, name, value)
        pairs.append((str(FIELDS.get(name, name)), words))
    return tuple(pairs)


def _uploads(declaration: Any) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for material in declaration.materials.filter(superseded_by=None, removed=False).select_related("upload"):
        found[material.code.partition(".")[0]].append(material.upload)
    return found


def items_of(declaration: Any, content: Content | None = None) -> list[ReviewItem]:
    """Every item to be checked, in the order of the form; ``content`` spares reading the rows when they are at hand."""
    return list(_items(declaration, content if content is not None else declaration.content(), _uploads(declaration)))


def _items(declaration: Any, content: Content, uploads: Mapping[str, list[Any]]) -> Iterator[ReviewItem]:
    for section, value in content.items():
        words = str(SECTIONS.get(section, section))
        if section in _ROWS:
            for row in value:
                claim = _claim(section, row)
                files = tuple(uploads.get(f"{_ROWS[section]}-{row['pk']}", ())) if _ROWS[section] else ()
                label = _("{section}: {what}").format(section=words, what=claim[0][1] if claim else "-")
                yield ReviewItem(f"{section}:{row['pk']}", section, label, claim, files, content_sha256(row))
        elif section == "experience":
            if value["work"] or value["training"]:
                jobs = tuple(_job(row) for row in (*value["work"], *value["training"]))
                yield ReviewItem(section, section, words, jobs, (), content_sha256(value))
        elif section == "attachments":
            for code in value:
                files = tuple(uploads.get(code, ()))
                label = _("{section}: {what}").format(section=words, what=code)
                yield ReviewItem(f"{section}:{code}", section, label, (), files, content_sha256(value[code]))
        elif section == "photo":
            if value:
                yield ReviewItem(section, section, words, (), (), content_sha256(value))
        elif section == "representative":
            claim = (*_claim(section, value), *_answers(declaration, value.get("answers") or {}))
            if claim or value["files"]:
                files = tuple(uploads.get(section, ()))
                yield ReviewItem(section, section, words, claim, files, content_sha256(value))
        else:
            yield ReviewItem(section, section, words, _claim(section, value), (), content_sha256(value))


def _answers(declaration: Any, answers: Content) -> tuple[tuple[str, str], ...]:
    """Answers to the questions of the standard, by the text of the question."""
    version = declaration.standard_version
    questions = version.questions if version else []
    return tuple((row["text"], str(answers[row["code"]])) for row in questions if answers.get(row["code"]))


def _job(row: Content) -> tuple[str, str]:
    span = f"{row['starts_on'] or '?'} – {row['ends_on'] or _('today')}"
    what = " ".join(str(row.get(name) or "") for name in ("unit_name", "post", "work", "organiser", "content"))
    return span, " ".join(what.split())
