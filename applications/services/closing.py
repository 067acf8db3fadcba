"""What is done when a window closes, and the two logs around it: interruptions and extensions."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext as _

from applications.models import Declaration, DeclarationSnapshot, Extension, Outage
from applications.rules.closing import prepare
from applications.workflow import EXTENSION
from applications.workflow.writes import keep_last_draft
from appraisal_portal.accounts.access import is_operator
from appraisal_portal.accounts.models import Person, User
from appraisal_portal.kernel import clock, sweeps
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Problem
from committees.plans.models import PlanLine


def drafts_left(day: dt.date | None = None) -> Any:
    """Drafts whose window has closed, for their person too, and of which nothing has been kept since."""
    own = Extension.objects.in_force().filter(line=OuterRef("line"), person=OuterRef("applicant")).order_by("-until")
    plan = F("line__closes_on")
    last = Greatest(plan, Coalesce("line__extended_to", plan), Coalesce(Subquery(own.values("until")[:1]), plan))
    kept = DeclarationSnapshot.objects.filter(
        declaration=OuterRef("pk"), stage="at_closing", taken_at__date__gt=OuterRef("last_day")
    )
    return (
        Declaration.objects.filter(status=Declaration.Status.DRAFT, submitted_at=None)
        .annotate(last_day=last)
        .filter(~Exists(kept), last_day__lt=day or clock.today())
        .select_related("applicant", "line__plan", "unit", "series", "title", "subfield", "committee")
        .order_by("pk")
    )


@sweeps.register("drafts at closing")
def sweep_last_drafts() -> int:
    """Keep the last draft of everybody who did not hand in. Run late or twice it keeps the same."""
    kept = 0
    for draft in prepare(drafts_left()):
        before = draft.snapshots.filter(stage="at_closing").count()
        with transaction.atomic():
            snapshot = keep_last_draft(draft)
        kept += snapshot is not None and draft.snapshots.filter(stage="at_closing").count() > before
    return kept


def log_outage(user: User, *, what: str, starts_at: dt.datetime, ends_at: dt.datetime) -> Outage:
    """Log an interruption (系统故障). Raises NotAllowed, Blocked (order of the times, one that has not ended yet)."""
    refused = is_operator.why_not(user)
    if refused:
        raise NotAllowed(*refused)
    found = []
    if ends_at <= starts_at:
        found.append(Problem(_("The interruption must end after it begins."), field="ends_at"))
    if ends_at > clock.now():
        found.append(Problem(_("Log the interruption when it is over."), field="ends_at"))
    if found:
        raise Blocked(*found)
    return Outage.objects.create(what=what, starts_at=starts_at, ends_at=ends_at, logged_by=user)


def propose_extension(
    user: User,
    *,
    line: PlanLine,
    until: dt.date,
    reason: str,
    person: Person | None = None,
    outage: Outage | None = None,
    address: str | None = None,
) -> Extension:
    """Propose a later closing day (延期), for one person or for everybody. Raises Blocked, NotAllowed."""
    extension = Extension(line=line, person=person, until=until, reason=reason, outage=outage)
    EXTENSION.fire(extension, "propose", actor=user, address=address)
    return extension
