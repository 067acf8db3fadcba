"""What the public column (公开栏目) consists of, asked once for feeds, search, forms and the map of its pages."""

import unicodedata
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Substr
from django.urls import reverse

from appraisal_portal.kernel import blanks, clock
from appraisal_portal.kernel.models import StoredDocument
from certificates.models import IssueDocument
from certificates.models.issue import IssueDocumentRecord
from committees.autonomous.models import FiledBatch, FiledBatchRecord
from committees.plans.models import Level, Notice, PlanLine, Standard, StandardVersion, Title
from committees.plans.models.notices import NoticeRecord
from committees.reviews.models import ResultPublicity
from committees.reviews.models.publicity import ResultPublicityRecord

WORDS = 6
FOUND = 20
"""Words of a search that count, and rows of a kind that are shown."""


def absolute(path: str) -> str:
    """The address as others may keep it: that of the settings, whichever name of the host was asked for."""
    return f"{settings.PORTAL_SITE_URL}{path}"


def notices() -> QuerySet[Notice]:
    """Published notices (通知公告), newest first, each with the moment it was last moved as ``moved_at``."""
    rows = Notice.objects.public().select_related("committee").defer("proposed_content")
    return _moved(rows, NoticeRecord).order_by("-published_on", "-pk")


def running_lists() -> QuerySet[ResultPublicity]:
    """Lists in their term (公示中). One whose term is over is no news and is not to be found by searching any more."""
    today = clock.today()
    rows = ResultPublicity.objects.public(today).filter(Q(provisional=True) | Q(ends_on__gte=today), status="running")
    return _moved(rows.with_names(), ResultPublicityRecord).order_by("-starts_on", "-pk")


def results() -> QuerySet[IssueDocument]:
    """Result notices (评审结果公布), newest first."""
    return _moved(IssueDocument.objects.published(), IssueDocumentRecord)


def filed_results() -> QuerySet[FiledBatch]:
    """Results of units that appraise their own staff (自主评聘), newest first."""
    return _moved(FiledBatch.objects.published().with_names(), FiledBatchRecord)


def newest_results(most: int) -> list[IssueDocument | FiledBatch]:
    """Both kinds of results, the newest first."""
    both = [*results()[:most], *filed_results()[:most]]
    return sorted(both, key=lambda row: row.published_on, reverse=True)[:most]


def page_of_result(row: IssueDocument | FiledBatch) -> str:
    """The public page of a result of either kind."""
    return reverse(f"certificates:result-{'filed' if isinstance(row, FiledBatch) else 'detail'}", args=[row.pk])


def _moved(rows: Any, record: Any) -> Any:
    newest = record.objects.filter(subject=OuterRef("pk")).order_by().values("subject").annotate(last=Max("at"))
    return rows.annotate(moved_at=Subquery(newest.values("last")))


def standards() -> QuerySet[Standard]:
    """Standards with a version that holds today."""
    current = StandardVersion.objects.effective_on(clock.today())
    return Standard.objects.filter(Exists(current.filter(standard=OuterRef("pk")))).select_related(
        "committee", "series"
    )


def plan_lines() -> QuerySet[PlanLine]:
    """Lines of published plans of this year and the next, one of each committee and level: the plan's page has all."""
    year = clock.today().year
    lines = PlanLine.objects.filter(plan__status="published", plan__year__in=(year, year + 1))
    one = ("plan__year", "committee__code", "level")
    return lines.select_related("plan", "committee").order_by(*one, "pk").distinct(*one)


def blank_forms() -> QuerySet[StoredDocument]:
    """The empty forms to fill in by hand, each with the code of its paper as ``form``."""
    return blanks.current().annotate(form=Substr("code", len(blanks.PREFIX) + 1)).defer("snapshot")


def words_of(text: str) -> list[str]:
    """The words of a search: full-width letters and spaces read like the others, each word once."""
    return list(dict.fromkeys(unicodedata.normalize("NFKC", text).split()))[:WORDS]


@dataclass(frozen=True)
class Found:
    """Rows of one kind, the newest first; ``more``: there are others."""

    kind: str
    rows: list[Any]
    more: bool


def search(text: str) -> list[Found]:
    """Rows in which every word stands, anywhere: Chinese is written without spaces, so a word is looked for as a part.
    People are not searched for: only headings, texts and bodies."""
    words = words_of(text)
    if not words:
        return []
    kinds = {
        "notices": (notices(), lambda w: Q(title__icontains=w) | Q(body__icontains=w)),
        "publicity": (
            running_lists(),
            lambda w: Q(meeting__committee__name__icontains=w) | Q(determination__authority__name__icontains=w),
        ),
        "results": (results(), lambda w: Q(title__icontains=w) | Q(number__icontains=w)),
        "own-results": (
            filed_results(),
            lambda w: (
                Q(number__icontains=w)
                | Q(plan__delegation__unit__name__icontains=w)
                | Q(plan__delegation__series__name__icontains=w)
            ),
        ),
        "standards": (standards(), _standard_has),
        "forms": (blank_forms(), lambda w: Q(title__icontains=w) | Q(form__icontains=w)),
        "plan": (plan_lines(), lambda w: Q(committee__name__icontains=w) | Q(level__in=_levels(w))),
    }
    found = []
    for kind, (rows, has) in kinds.items():
        for word in words:
            rows = rows.filter(has(word))  # noqa: PLW2901 - narrowed word by word
        taken = list(rows[: FOUND + 1])
        if taken:
            found.append(Found(kind, taken[:FOUND], len(taken) > FOUND))
    return found


def _levels(word: str) -> list[str]:
    return [value for value, label in Level.choices if word.lower() in str(label).lower()]


def _standard_has(word: str) -> Any:
    titles = Title.objects.filter(series=OuterRef("series"), level=OuterRef("level"), name__icontains=word)
    named = Q(committee__name__icontains=word) | Q(series__name__icontains=word) | Q(level__in=_levels(word))
    return named | Exists(titles)
