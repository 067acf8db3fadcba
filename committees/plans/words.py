"""What the deciding pages and a refusal call the content of a plan, a term, a standard or a notice."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel.approvals import canonical
from appraisal_portal.kernel.differences import Difference, differences
from committees.plans import asked as asking
from committees.plans import scoring
from committees.plans.models import Channel, CommitteeMember, DecidedBy, Level
from committees.plans.questions import Question, plain

NAMES: dict[str, Any] = {
    "year": _("Year"),
    "version": _("Version"),
    "lines": _("Lines of the plan"),
    "opens_on": _("Window opens"),
    "closes_on": _("Window closes"),
    "unit_deadline": _("Last day for work units"),
    "counted_to": _("Years counted to"),
    "counted_years": _("Years of continuing education and assessments counted"),
    "decided_by": _("Decided by"),
    "meeting_month": _("Month of the meeting"),
    "rule_set": _("Rule set"),
    "unit_publicity_days": _("Unit publicity, working days"),
    "result_publicity_days": _("Result publicity, working days"),
    "supplement_days": _("Reply to a supplement notice, working days"),
    "pre_review_days": _("Publicity before the meeting, working days"),
    "committee": _("Committee"),
    "starts_on": _("First day"),
    "ends_on": _("Last day"),
    "approval_document": _("Approval document"),
    "members": _("Members"),
    "name": _("Name"),
    "office": _("Seat on the committee"),
    "specialty": _("Specialty"),
    "unit": _("Work unit"),
    "standard": _("Standard"),
    "effective_from": _("Effective from"),
    "summary": _("Summary"),
    "questions": _("Questions to the applicant"),
    "evidence_required": _("Evidence"),
    "self_scoring": _("Self-scoring sheet"),
    "tilts": _("Relief for hardship areas and grass-roots posts"),
    "classes": _("Classes of applicants"),
    "anonymous": _("Anonymous review"),
    "years_in_title": _("Years in the present title at least"),
    "maximum": _("Points at most"),
    "text_en": _("In English"),
    "performance": _("Group of performance"),
    "years_less": _("Years less in the present title"),
    "hours_less": _("Class hours less a year"),
    "free_of": _("Evidence that need not be brought"),
    "evidence": _("What proves it"),
    "document": _("Document it rests on"),
    "level_from": _("May ask from this title on"),
    "years": _("Years of work in the field"),
    "text": _("Text"),
    "hint": _("Hint"),
    "code": _("Short name"),
    "required": _("Required"),
    "title": _("Heading"),
    "body": _("Text"),
    "attachments": _("Attachments"),
    "sha256": _("Hash of the file"),
}
VALUES: dict[str, Any] = {
    **dict(Level.choices),
    **dict(Channel.choices),
    **dict(DecidedBy.choices),
    **dict(CommitteeMember.Office.choices),
    "none": _("no title needed"),
    "True": _("yes"),
    "False": _("no"),
}


def _words(path: str) -> str:
    parts = []
    for step in path.split(" › "):
        name, _blank, place = step.rpartition(" ")
        if place.isdigit() and name in NAMES:
            parts.append(f"{NAMES[name]} {place}")
        else:
            parts.append(str(NAMES.get(step) or " · ".join(str(VALUES.get(word, word)) for word in step.split(" "))))
    return " › ".join(parts)


def in_words(found: list[Difference]) -> list[Difference]:
    """The differences with names and values as people read them."""
    return [
        Difference(
            _words(entry.path),
            None if entry.before is None else str(VALUES.get(entry.before, entry.before)),
            None if entry.after is None else str(VALUES.get(entry.after, entry.after)),
        )
        for entry in found
    ]


def readable(content: dict[str, Any] | None) -> dict[str, Any] | None:
    """A content with questions, evidence and sheet in words by short name: a row that has moved has not changed."""
    if not content or "evidence_required" not in content:
        return content
    asked = asking.read(content["questions"], content["evidence_required"])
    conditions = {"years_in_title": asked.years_in_title} if asked.years_in_title else {}
    return {
        **content,
        "questions": {**conditions, **{f"“{each.code}”": _question(each) for each in asked.questions}},
        "evidence_required": {f"“{each.code}”": _evidence(each, asked) for each in asked.evidence},
        "self_scoring": {
            f"“{group.text}”": {
                "maximum": plain(group.most),
                **({"text_en": group.text_en} if group.text_en else {}),
                **({"performance": _("yes")} if group.performance else {}),
                **{f"“{row.code}”": _indicator(row) for row in group.rows},
            }
            for group in scoring.read(content.get("self_scoring") or []).groups
        },
    }


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _question(each: Question) -> str:
    needed = str(_("required") if each.required else _("optional"))
    bounds = [each.kind_words, each.unit, each.bounds_words, needed]
    english = [choice.text_en for choice in each.choices if choice.text_en]
    return _lines(
        each.text, each.text_en, " · ".join(part for part in bounds if part), " / ".join(english), each.topic, each.hint
    )


def _evidence(each: asking.Evidence, asked: asking.Asked) -> str:
    return _lines(each.text, each.text_en, each.when_words(asked.by_code) or str(_("required")))


def _indicator(row: scoring.Row) -> str:
    proof = str(_("with proof") if row.evidence else _("without proof"))
    return _lines(row.text, row.text_en, row.counted_words, row.hint, proof)


def between(before: dict[str, Any] | None, after: dict[str, Any]) -> list[Difference]:
    """What differs between two contents, named and valued as people read them; with no earlier one: everything."""
    return in_words(differences(canonical(readable(before)), canonical(readable(after))))
