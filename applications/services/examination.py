"""What forwarder and committee office do: forward, accept, examine item by item, ask once for a supplement, decide."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from applications.access import is_examiner, is_handler, is_owner, keeps_to_no_recusal, not_of_same_unit
from applications.models import CorrectionSlip, Declaration, ForwardingOpinion, ItemCheck, UnitPublicity
from applications.rules.examination import first_supplement
from applications.services.unit import demand, demand_state, locked, may_begin, record_checks, write_slip
from applications.workflow.declaration import DECLARATION
from applications.workflow.unit_publicity import UNIT_PUBLICITY
from appraisal_portal.kernel import clock, sweeps
from appraisal_portal.kernel.access import SYSTEM
from appraisal_portal.kernel.models import Reveal
from appraisal_portal.kernel.workflow import Act, Blocked, Problem

Status = Declaration.Status

OFFICE_MAY_CHECK = is_handler & ~is_owner & not_of_same_unit & keeps_to_no_recusal
MAY_REVEAL = (is_examiner | is_handler) & ~is_owner


def forward(declaration: Any, *, actor: Any, opinion: str, line: Any = None, address: str | None = None) -> Any:
    """County bureau or competent department hands on (报送); ``line`` sets the committee right."""
    with transaction.atomic():
        record = DECLARATION.fire(
            declaration, "forward", actor=actor, reason=opinion, address=address, opinion=opinion, line=line
        )
        ForwardingOpinion.objects.create(
            declaration=declaration,
            forwarder_id=declaration.unit.forwarder_id,
            opinion=opinion,
            by_id=actor.pk,
            at=record.at,
        )
    return record


def accept(declaration: Any, *, actor: Any, address: str | None = None) -> Any:
    """Take a declaration on (受理): from now on the actor handles it."""
    return DECLARATION.fire(declaration, "accept", actor=actor, address=address)


def assign(declaration: Any, handler: Any, *, actor: Any, address: str | None = None) -> Any:
    """Another person of the office handles it from now on."""
    return DECLARATION.fire(declaration, "assign", actor=actor, address=address, handler=handler.pk)


def redirect(declaration: Any, line: Any, *, actor: Any, reason: str, address: str | None = None) -> Any:
    """Hand a declaration over to the committee it belongs to."""
    return DECLARATION.fire(declaration, "redirect", actor=actor, reason=reason, address=address, line=line)


def check_in_office(declaration: Any, judged: Mapping[str, tuple[str, str]], *, actor: Any) -> list[ItemCheck]:
    """Judgements of the handler while the declaration is examined."""
    demand_state(declaration, Status.IN_EXAMINATION)
    demand(OFFICE_MAY_CHECK, actor, declaration)
    return record_checks(declaration, judged, stage=ItemCheck.Stage.OFFICE, actor=actor)


def ask_supplement(
    declaration: Any, items: Mapping[str, str], *, actor: Any, reason: str = "", address: str | None = None
) -> Any:
    """The one supplement notice with its reply window of working days from the plan line (一次性告知补正)."""
    with transaction.atomic():
        may_begin(declaration, "ask_supplement", actor)
        subject = locked(declaration)
        if subject.correction_slips.filter(stage=CorrectionSlip.Stage.OFFICE).exists():
            # The table holds one such slip only; the guard says so in words before the constraint would.
            raise Blocked(*first_supplement(subject, Act(actor, DECLARATION.transitions["ask_supplement"])))
        slip = write_slip(
            subject, items, stage=CorrectionSlip.Stage.OFFICE, actor=actor, working_days=subject.line.supplement_days
        )
        return DECLARATION.fire(
            declaration, "ask_supplement", actor=actor, reason=reason, address=address, items=dict(items), slip=slip
        )


def qualify(declaration: Any, *, actor: Any, address: str | None = None) -> Any:
    """Found eligible (资格审查合格)."""
    return DECLARATION.fire(declaration, "qualify", actor=actor, address=address)


def disqualify(declaration: Any, *, actor: Any, ground: str, reason: str, address: str | None = None) -> Any:
    """Found not eligible, with the ground and the reason the person reads."""
    return DECLARATION.fire(declaration, "disqualify", actor=actor, ground=ground, reason=reason, address=address)


def reveal_id(declaration: Any, *, actor: Any, reason: str) -> str:
    """The full document number for one page load; who looked, whose and why is recorded."""
    demand(MAY_REVEAL, actor, declaration)
    if not reason.strip():
        raise Blocked(Problem(_("Please give the reason."), field="reveal_reason"))
    Reveal.objects.create(
        viewer_id=actor.pk,
        person_id=declaration.applicant_id,
        field="id_number",
        reason=reason.strip()[:200],
        at=clock.now(),
    )
    return str(declaration.applicant.id_number)


@sweeps.register("supplements without a reply")
def sweep_supplements() -> int:
    """Declarations whose reply window ran out, on a date that is certain, are deemed given up (视为放弃).

    A reply that reached the portal before 24:00 is in time while it is still being stored: the sweep waits for it.
    """
    settled = clock.local(clock.now() - dt.timedelta(seconds=settings.PORTAL_ARRIVAL_GRACE_SECONDS)).date()
    due = CorrectionSlip.objects.filter(
        stage=CorrectionSlip.Stage.OFFICE,
        declaration__status=Status.SUPPLEMENT,
        answered_at=None,
        provisional=False,
        ends_on__lt=settled,
    ).select_related("declaration")
    done = 0
    for slip in due.order_by("declaration_id"):
        with transaction.atomic():
            declaration = locked(slip.declaration)
            if declaration.status == Status.SUPPLEMENT:
                DECLARATION.fire(declaration, "deem_abandoned", actor=SYSTEM)
                done += 1
    return done


@sweeps.register("unit publicity that is over")
def sweep_unit_publicity() -> int:
    """Announce each ended publicity to the head of the unit; the recommendation never waits for this."""
    due = UnitPublicity.objects.filter(
        status=UnitPublicity.Status.RUNNING, provisional=False, ends_on__lt=clock.today()
    ).order_by("pk")
    done = 0
    for publicity in due:
        with transaction.atomic():
            row = UnitPublicity.objects.select_for_update().get(pk=publicity.pk)
            if row.status == UnitPublicity.Status.RUNNING:
                UNIT_PUBLICITY.fire(row, "close", actor=SYSTEM)
                done += 1
    return done
