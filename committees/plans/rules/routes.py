"""Where do I apply? Answered from the committees' scopes (评审范围); where no document says it, the answer says so."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db import models
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

    ``citation`` is empty unless a rule in force on the day says it; ``scope`` is the row that answered.
    """

    committee: Committee | None
    action: Action
    reason: Reason
    citation: str = ""
    scope: CommitteeScope | None = None


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
    )


def _cited(key: str, level: str, day: dt.date) -> str:
    covers: Any = law.value(key, day)
    return law.cite(key, day) if covers and level in covers else ""
