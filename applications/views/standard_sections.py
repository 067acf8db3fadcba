"""Pages of what the standard asks beyond the form 2-1: its questions, the self-scoring sheet."""

from typing import Any

from django.utils.translation import gettext as _

from applications.forms.standard import QuestionForm, ScoreForm
from applications.models import Declaration
from applications.views.sections import Page
from committees.plans.scoring import of_most


class QuestionsPage(Page):
    """The questions of the standard by topic, each with the files that prove its answer."""

    autosave = True
    stay = True

    def build(self) -> None:
        """A form a question."""
        self.asked, said = self.declaration.asked, self.declaration.answers
        self.forms = [
            (
                topic,
                [
                    QuestionForm(
                        *self.data, question=each, evidence=self.asked.proving(each.code), answer=said.get(each.code)
                    )
                    for each in questions
                ],
            )
            for topic, questions in self.asked.topics.items()
        ]

    def parts(self) -> list[dict[str, Any]]:
        """Each question; its topic stands above the first."""
        return [
            {
                "heading": topic if place == 0 else "",
                "form": form,
                "files": [file for entry in form.evidence for file in self.files_of(f"answer-{entry.code}")],
            }
            for topic, forms_of_topic in self.forms
            for place, form in enumerate(forms_of_topic)
        ]

    def write(self, declaration: Declaration) -> None:
        """Answers and files."""
        found = [form for _topic, forms_of_topic in self.forms for form in forms_of_topic]
        declaration.answers = {**declaration.answers, **{form.question.code: form.answer() for form in found}}
        declaration.save(update_fields=["answers"])
        for form in found:
            for entry in form.evidence:
                required_by = f"questions:{form.question.code}"
                self._add(declaration, f"answer-{entry.code}", form, f"file_{entry.code}", required_by)
        self._remove(declaration)


class SheetPage(Page):
    """The self-scoring sheet: what was done is entered, the points are counted here."""

    autosave = True
    stay = True

    def build(self) -> None:
        """A form an indicator."""
        self.sheet, said = self.declaration.sheet, self.declaration.self_scores
        self.forms = [ScoreForm(*self.data, row=row, entry=said.get(row.code)) for row in self.sheet.rows]

    def parts(self) -> list[dict[str, Any]]:
        """Each indicator with its points; its group stands above the first with the points of the group."""
        said, found = self.declaration.self_scores, []
        by_code = {form.row.code: form for form in self.forms}
        for group in self.sheet.groups:
            words = of_most(group.points(said), group.most)
            for place, row in enumerate(group.rows):
                found.append(
                    {
                        "heading": _("{group}: {points} points").format(group=group.label, points=words)
                        if not place
                        else "",
                        "form": by_code[row.code],
                        "files": self.files_of(f"score-{row.code}"),
                        "points": of_most(row.points(said.get(row.code)), row.most),
                    }
                )
        return found

    def remark(self, declaration: Declaration) -> str:
        """The sum."""
        words = of_most(self.sheet.total(declaration.self_scores), self.sheet.most)
        return _("Together {points} points").format(points=words)

    def write(self, declaration: Declaration) -> None:
        """Entries and proofs."""
        entries = {form.row.code: form.entry() for form in self.forms}
        declaration.self_scores = {**declaration.self_scores, **entries}
        declaration.save(update_fields=["self_scores"])
        for form in self.forms:
            code = form.row.code
            self._add(declaration, f"score-{code}", form, f"proof_{code}", f"self_scoring:{code}")
        self._remove(declaration)
