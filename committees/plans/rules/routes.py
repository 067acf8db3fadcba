"""Where do I apply? Answered from the committees' scopes (评审范围); where no document says it, the answer says so."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from appraisal_portal import law
from appraisal_portal.accounts.models import Organisation
from committees.plans.models import Committee, CommitteeScope, Series, Subfield


class Action(models.TextChoices):
    """What the person does next."""

    REVIEW = "review", _("apply here; the committee reviews")
    RECOMMEND = "recommend", _("apply here; the committee recommends to the province")
    EXAM = "exam", _("take the examination; this title is not reviewed")
    AUTONOMOUS = "autonomous", _("ask your own unit; it appraises itself")
    ASK = "ask", _("ask the bureau")


class Reason(models.TextChoices):
    """On what the answer rests."""

    NOTICE = "notice", _("the notice says so")
    BUREAU = "bureau", _("set by the bureau")
    NOT_STATED = "not_stated", _("no published document says it")


@dataclass(frozen=True)
class Answer:
    """Which committee (None: no committee), what to do, and on what it rests.

    ``citation`` is empty unless a rule in force on the day says it; ``scope`` is the row that answered. ``day``: on
    which it was asked.
    """

    committee: Committee | None
    action: Action
    reason: Reason
    citation: str = ""
    scope: CommitteeScope | None = None
    day: dt.date | None = None

    @cached_property
    def term_over(self) -> dt.date | None:
        """Last day of the committee's latest term where none runs: it holds no meeting before it is founded anew. A
        committee whose terms were never entered is not said to be over."""
        if self.committee is None or self.day is None or self.committee.term_on(self.day) is not None:
            return None
        ended = self.committee.terms.in_force().filter(ends_on__lt=self.day).order_by("-ends_on").first()
        return ended.ends_on if ended else None


def where_to_apply(series: Series, subfield: Subfield | None, level: str, employer_kind: str, day: dt.date) -> Answer:
    """The committee for a series, subfield and level, for a kind of employer, on a day.

    Order: exam-based levels (以考代评), autonomous units, the most specific scope, else: ask the bureau.
    """
    if series.by_exam(level) or (subfield is not None and level in subfield.by_exam_levels):
        return Answer(None, Action.EXAM, Reason.NOTICE, _cited("exam_series.no_appraisal", level, day))
    if employer_kind == Organisation.EmployerKind.AUTONOMOUS:
        return Answer(None, Action.AUTONOMOUS, Reason.BUREAU)
    scopes = CommitteeScope.objects.asked(series, subfield, level, employer_kind, day)
    found = scopes.filter(committee__status=Committee.Status.ACTIVE).first()
    if found is None:
        return Answer(None, Action.ASK, Reason.NOT_STATED)
    said = found.source == CommitteeScope.Source.NOTICE
    return Answer(
        found.committee,
        Action(found.action),
        Reason.NOTICE if said else Reason.BUREAU,
        gettext("{document}, {place}").format(document=law.NOTICE_2018, place=found.basis)
        if said and found.basis
        else "",
        found,
        day,
    )


def determined_with(series: Series, subfield: Subfield | None, employer_kind: str, day: dt.date) -> Committee | None:
    """Whose office keeps the field of a title that a bureau determines or confirms without a vote: the committee that
    reviews the field at any level (初定、确认 need no committee's scope for their level).
    """
    scopes = CommitteeScope.objects.of_field(series, subfield, employer_kind, day)
    reviewing = scopes.filter(action=CommitteeScope.Action.REVIEW, committee__status=Committee.Status.ACTIVE)
    found = reviewing.first()
    return found.committee if found else None


def _cited(key: str, level: str, day: dt.date) -> str:
    covers: Any = law.value(key, day)
    return law.cite(key, day) if covers and level in covers else ""
