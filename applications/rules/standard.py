"""What the standard asks beyond the form 2-1 and is still missing: answers, their evidence, the self-scoring sheet.

Drafts are saved with any of it empty; handing in asks for all of it (see ``rules/form.py``).
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from applications.rules.relief import relief_of
from appraisal_portal.kernel.workflow import Problem
from committees.plans.asked import Evidence
from committees.plans.questions import empty


def files_there(declaration: Any) -> Counter[str]:
    """How many current files there are by what they prove: "answer-thesis", "score-papers", "diploma"."""
    return Counter(row.code.partition(".")[0] for row in declaration.materials.all() if row.counts)


def too_few(entry: Evidence, there: int) -> str:
    """What is said when fewer files are there than the standard asks for; empty when they are enough."""
    if there >= entry.files:
        return ""
    if entry.files == 1:
        return _("Upload: {what}").format(what=entry.label)
    return _("Upload at least {least} files: {what} (there are {there})").format(
        least=entry.files, what=entry.label, there=there
    )


def questions(declaration: Any, today: dt.date) -> Iterator[Problem]:
    """The questions of the standard: every answer possible and within its bounds, with the evidence it needs."""
    asked = declaration.asked
    for question in asked.questions:
        for words in question.faults(declaration.answers.get(question.code)):
            yield Problem(words, field=f"questions.answer_{question.code}")
    demanded = [entry for entry in asked.evidence if entry.question and entry.demanded(declaration.answers)]
    there = files_there(declaration) if demanded else Counter()
    free = relief_of(declaration).free_of if demanded else frozenset()
    for entry in demanded:
        if entry.code not in free:
            words = too_few(entry, there[f"answer-{entry.code}"])
            if words:
                yield Problem(words, field=f"questions.file_{entry.code}")


def self_scoring(declaration: Any, today: dt.date) -> Iterator[Problem]:
    """The self-scoring sheet (量化自评): something entered, each entry possible, points with their proof."""
    sheet, entries = declaration.sheet, declaration.self_scores
    if not sheet:
        return
    there = files_there(declaration)
    if all(empty(entries.get(row.code)) for row in sheet.rows):
        first = sheet.rows[0].code
        yield Problem(_("Fill in the self-scoring sheet."), field=f"self_scoring.entry_{first}")
    for row in sheet.rows:
        entry = entries.get(row.code)
        for words in row.faults(entry):
            yield Problem(words, field=f"self_scoring.entry_{row.code}")
        if row.evidence and row.points(entry) > 0 and not there[f"score-{row.code}"]:
            yield Problem(
                _("Upload the proof of “{row}”.").format(row=row.label), field=f"self_scoring.proof_{row.code}"
            )
