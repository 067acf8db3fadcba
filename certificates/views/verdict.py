"""The answer of a check in both languages: an employer abroad and a personnel office here read the same sheet."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.templatetags.portal import zh_date
from certificates.services.lookup import Verdict

_TITLES = {
    "valid": _("This certificate is valid"),
    "revoked": _("This certificate has been revoked"),
    "superseded": _("This sheet has been replaced by a newer version"),
    "none": _("No such certificate"),
}
_FIELDS = (
    ("name", _("Name")),
    ("title", _("Title")),
    ("series", _("Series")),
    ("specialty", _("Specialty")),
    ("level", _("Level")),
    ("employer", _("Work unit at the time of issue")),
    ("committee", _("Committee")),
    ("qualified_on", _("Date obtained")),
    ("document_number", _("Approval number")),
    ("number", _("Certificate number")),
    ("issuing_body", _("Issued by")),
    ("issued_on", _("Issued on")),
    ("corrected_on", _("Corrected on")),
    ("replaced_on", _("Replaced on")),
    ("version_in_force", _("Version in force")),
    ("revoked_on", _("Revoked on")),
)
_REGISTERED = {
    "exam": {
        "committee": _("Examination certificate issued by"),
        "document_number": _("Number of the examination certificate"),
    },
    "archive": {
        "committee": _("Paper certificate issued by"),
        "document_number": _("Number of the paper certificate"),
    },
}
"""By source: labels of what stands in place of committee and approval."""
_CHECKED = _("Checked at")


@dataclass(frozen=True)
class Row:
    """One line: its label in the reader's language and in the other one."""

    label: str
    other: str
    value: str


def shown(verdict: Verdict | None) -> dict[str, Any]:
    """Context of ``_verdict.html``: title and labels in both languages, the time of the check."""
    labels = [_TITLES[verdict.state if verdict else "none"], _CHECKED]
    fields: list[tuple[str, Promise]] = []
    if verdict:
        own = _REGISTERED.get(verdict.source, {})
        fields = [(key, own.get(key, label)) for key, label in _FIELDS if getattr(verdict, key)]
        labels += [label for _key, label in fields]
    here = [str(label) for label in labels]
    foreign = "en" if (get_language() or "zh").startswith("zh") else "zh-hans"
    with override(foreign):
        there = [str(label) for label in labels]
    names = zip(here[2:], there[2:], fields, strict=True)
    return {
        "verdict": verdict,
        "verdict_title": here[0],
        "verdict_other": there[0],
        "checked": here[1],
        "checked_other": there[1],
        "checked_at": clock.now(),
        "other_language": "zh-Hans" if foreign == "zh-hans" else foreign,
        "verdict_rows": _rows(verdict, names),
    }


def names_of(keys: Iterable[str]) -> list[str]:
    """The labels of fields in the reader's language."""
    labels = dict(_FIELDS)
    return [str(labels[key]) for key in keys]


def _rows(verdict: Verdict | None, names: Iterable[tuple[str, str, tuple[str, Promise]]]) -> list[Row]:
    values = ((label, other, getattr(verdict, key)) for label, other, (key, _label) in names)
    return [Row(label, other, zh_date(value) if hasattr(value, "year") else value) for label, other, value in values]
