"""Everything a standard asks beyond the form 2-1: its questions with the evidence it requires, and the reader of both.

A piece of evidence in ``StandardVersion.evidence_required``: ``code``, ``text``, ``text_en``, ``required``,
``question`` (code of the question whose answer it proves, empty: asked for by itself), ``answer`` (only with this
answer; "yes", "no" or a choice), ``files`` (how many at least). The questions' schema stands in ``questions``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from .questions import MOST_FILES, Kind, Question, code_faults, empty, in_language, question_of, text_of


@dataclass(frozen=True)
class Evidence:
    """A file the standard asks for; fields as in the schema above."""

    code: str
    text: str
    required: bool = False
    text_en: str = ""
    question: str = ""
    answer: str = ""
    files: int = 1

    @property
    def label(self) -> str:
        """In the reader's language."""
        return in_language(self.text, self.text_en)

    def demanded(self, answers: Mapping[str, Any]) -> bool:
        """Whether it is to be uploaded with these answers."""
        if not self.required or not self.question:
            return self.required
        value = answers.get(self.question)
        if empty(value):
            return False
        if not self.answer:
            return True
        given = ["yes" if value else "no"] if isinstance(value, bool) else value if isinstance(value, list) else [value]
        return self.answer in given

    def when_words(self, questions: Mapping[str, Question]) -> str:
        """When it is asked for and how many files, in words."""
        question = questions.get(self.question)
        if not self.required:
            found = [_("may be uploaded")]
        elif question is None:
            found = []
        elif self.answer:
            given = question.shown({"yes": True, "no": False}.get(self.answer, self.answer))
            found = [
                _("required if the answer to “{question}” is “{answer}”").format(question=question.label, answer=given)
            ]
        else:
            found = [_("required with the answer to “{question}”").format(question=question.label)]
        if question is not None and not self.required:
            found.append(_("proves the answer to “{question}”").format(question=question.label))
        if self.files > 1:
            found.append(_("at least {number} files").format(number=self.files))
        return _("; ").join(found)

    def own_faults(self, questions: Mapping[str, Question]) -> Iterator[tuple[str, str]]:
        """(field of the editor, words) for everything that is wrong with it."""
        yield from code_faults(self.code)
        if not self.text.strip():
            yield "text", _("Name the piece of evidence.")
        if not 1 <= self.files <= MOST_FILES:
            yield "files", _("Write a number from 1 to {most}.").format(most=MOST_FILES)
        asked = questions.get(self.question)
        if self.question and asked is None:
            yield "question", _("There is no question with the short name “{code}”.").format(code=self.question)
        if not self.answer:
            return
        possible = [choice.text for choice in asked.choices] if asked else []
        if asked is not None and asked.kind == Kind.YES_NO:
            possible = ["yes", "no"]
        if self.answer not in possible:
            yield "answer", _("This is no answer of that question. Only lists and yes or no have answers to name.")

    def stored(self) -> dict[str, Any]:
        """As JSON."""
        found = {"text_en": self.text_en, "question": self.question, "answer": self.answer}
        more = {"files": self.files} if self.files != 1 else {}
        kept = {name: value for name, value in found.items() if value}
        return {"code": self.code, "text": self.text, "required": self.required, **kept, **more}


@dataclass(frozen=True)
class Asked:
    """Everything a version asks, in its order; ``years_in_title``: years in the present title, 0 for no condition."""

    questions: tuple[Question, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    years_in_title: int = 0
    by_code: Mapping[str, Question] = field(default_factory=dict)

    @property
    def topics(self) -> dict[str, list[Question]]:
        """Questions by topic, topics in the order of their first question."""
        found: dict[str, list[Question]] = {}
        for question in self.questions:
            found.setdefault(question.topic, []).append(question)
        return found

    @property
    def attachments(self) -> list[Evidence]:
        """Evidence asked for by itself."""
        return [entry for entry in self.evidence if not entry.question]

    @property
    def evidence_words(self) -> list[tuple[str, str]]:
        """Each piece of evidence with the words when it is asked for."""
        return [(entry.label, entry.when_words(self.by_code)) for entry in self.evidence]

    def proving(self, code: str) -> list[Evidence]:
        """Evidence for the answer to a question."""
        return [entry for entry in self.evidence if entry.question == code]


def evidence_of(row: Mapping[str, Any]) -> Evidence:
    """A stored piece of evidence, older rows included."""
    files = str(row.get("files") or 1)
    return Evidence(
        code=text_of(row, "code"),
        text=text_of(row, "text"),
        required=bool(row.get("required")),
        text_en=text_of(row, "text_en"),
        question=text_of(row, "question"),
        answer=text_of(row, "answer"),
        files=int(files) if files.isdigit() else 1,
    )


def read(questions: Iterable[Mapping[str, Any]], evidence: Iterable[Mapping[str, Any]]) -> Asked:
    """The two columns of a version; a row without code or text asks nothing."""
    rows = list(questions)
    asked = tuple(question_of(row) for row in rows if row.get("code") and row.get("text"))
    return Asked(
        asked,
        tuple(evidence_of(row) for row in evidence if row.get("code")),
        max((int(row["years_in_title"]) for row in rows if str(row.get("years_in_title", "")).isdigit()), default=0),
        {question.code: question for question in asked},
    )


def twice(codes: Iterable[str]) -> set[str]:
    """Codes that stand there more than once."""
    return {code for code, times in Counter(codes).items() if times > 1}
