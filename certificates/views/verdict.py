"""The answer of a check in both languages: an employer abroad and a personnel office here read the same sheet."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.templatetags.portal import zh_date
from certificates.models import Certificate
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
_SOURCES = Certificate.Source.values
_CHECKED = _("Checked at")


@dataclass(frozen=True)
class _Words:
    """What a page in one language says whatever it shows: first in that language, then in the other one."""

    other_language: str
    titles: dict[str, tuple[str, str]]
    checked: tuple[str, str]
    terms: dict[tuple[str, str], SafeString]  # by source and field; made once, see :func:`_rows`


@cache
def _words(language: str) -> _Words:
    here, there = language, "en" if language.startswith("zh") else "zh-hans"
    other = "zh-Hans" if there == "zh-hans" else there

    def both(label: Promise) -> tuple[str, str]:
        with override(here):
            first = str(label)
        with override(there):
            return first, str(label)

    def term(label: Promise) -> SafeString:
        first, second = both(label)
        return format_html('<dt>{} <span class="muted" lang="{}">{}</span></dt>', first, other, second)

    labels = {
        (source, key): _REGISTERED.get(source, {}).get(key, label) for source in _SOURCES for key, label in _FIELDS
    }
    return _Words(
        other_language=other,
        titles={state: both(label) for state, label in _TITLES.items()},
        checked=both(_CHECKED),
        terms={place: term(label) for place, label in labels.items()},
    )


def shown(verdict: Verdict | None) -> dict[str, Any]:
    """Context of ``_verdict.html``: title and labels in both languages, the time of the check."""
    words = _words(get_language() or "zh-hans")
    title, title_there = words.titles[verdict.state if verdict else "none"]
    return {
        "verdict": verdict,
        "verdict_title": title,
        "verdict_other": title_there,
        "checked": words.checked[0],
        "checked_other": words.checked[1],
        "checked_at": clock.now(),
        "other_language": words.other_language,
        "verdict_rows": _rows(verdict, words) if verdict else "",
    }


def names_of(keys: Iterable[str]) -> list[str]:
    """The labels of fields in the reader's language."""
    labels = dict(_FIELDS)
    return [str(labels[key]) for key in keys]


def _rows(verdict: Verdict, words: _Words) -> SafeString:
    """Labels and values. Written here and not by the template: there it took a fifth of the whole answer."""
    told = ((key, getattr(verdict, key)) for key, _label in _FIELDS)
    rows = (
        (words.terms[verdict.source, key], zh_date(value) if hasattr(value, "year") else value)
        for key, value in told
        if value
    )
    return format_html_join("\n", "{}<dd>{}</dd>", rows)
