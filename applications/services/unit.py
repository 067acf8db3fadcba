"""What the work unit does: checks, returns, publicises, hears objections, recommends."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from applications.access import is_clerk_of_unit, is_head_of_unit, is_owner
from applications.models import (
    CorrectionItem,
    CorrectionSlip,
    Declaration,
    ItemCheck,
    Recommendation,
    UnitObjection,
    UnitPublicity,
    UnitPublicityItem,
)
from applications.rules import corrections
from applications.rules.items import items_of
from applications.rules.unit import missing_marks
from applications.rules.words import shown
from applications.services import archive, sealing, signing
from applications.workflow.declaration import DECLARATION
from applications.workflow.unit_publicity import UNIT_PUBLICITY, working_days_of
from appraisal_portal.accounts.models import Organisation
from appraisal_portal.accounts.services import confirm_password, structure_of, taken
from appraisal_portal.kernel import approvals, calendar, clock, documents
from appraisal_portal.kernel.access import Predicate
from appraisal_portal.kernel.days import last_day_said
from appraisal_portal.kernel.masking import mask_in
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Problem, WrongState

Status = Declaration.Status

UNIT_MAY_CHECK = is_clerk_of_unit & ~is_owner


def demand(rule: Predicate, actor: Any, obj: Any) -> None:
    """Raise NotAllowed with the reasons in words unless the rule holds."""
    refused = rule.why_not(actor, obj)
    if refused:
        raise NotAllowed(*refused)


def demand_state(declaration: Any, *statuses: str) -> None:
    """Raise WrongState unless the declaration stands in one of these statuses."""
    if declaration.status not in statuses:
        raise WrongState(
            _("This is not possible any more: the present status is “{status}”.").format(
                status=declaration.get_status_display()
            )
        )


def may_begin(declaration: Any, name: str, actor: Any) -> None:
    """State and permission of a transition, asked before anything is written that only makes sense with it."""
    row = DECLARATION.transitions[name]
    demand_state(declaration, *row.sources)
    demand(row.allowed, actor, declaration)


def locked(declaration: Any) -> Any:
    """The declaration with its row locked; call it inside a transaction."""
    return Declaration._base_manager.select_for_update(of=("self",)).get(pk=declaration.pk)


# -- checking item by item -------------------------------------------------------------------------------------------


def record_checks(
    declaration: Any, judged: Mapping[str, tuple[str, str]], *, stage: str, actor: Any
) -> list[ItemCheck]:
    """Store judgements: item code → (result, note); the caller has asked who may. What is not true needs a note."""
    with transaction.atomic():
        subject = locked(declaration)
        items = {item.code: item for item in items_of(subject)}
        problems = []
        for code, (result, note) in judged.items():
            if code not in items:
                problems.append(
                    Problem(_("An item has been changed or removed meanwhile. Please look again."), field=code)
                )
            elif result != ItemCheck.Result.TRUE and not note.strip():
                problems.append(
                    Problem(
                        _("{item}: say what is wrong or unclear.").format(item=items[code].label), field=f"note-{code}"
                    )
                )
        if problems:
            raise Blocked(*problems)
        at = clock.now()
        checks = [
            ItemCheck(
                declaration=subject, item=code, stage=stage, result=result, note=note.strip(),
                content_sha256=items[code].sha256, by_id=actor.pk, at=at,
            )
            for code, (result, note) in judged.items()
        ]  # fmt: skip
        return ItemCheck.objects.bulk_create(
            checks,
            update_conflicts=True,
            unique_fields=["declaration", "item", "stage"],
            update_fields=["result", "note", "content_sha256", "by", "at"],
        )


def check_in_unit(declaration: Any, judged: Mapping[str, tuple[str, str]], *, actor: Any) -> list[ItemCheck]:
    """Judgements of the unit's clerk while the declaration lies with the unit."""
    demand_state(declaration, Status.WITH_UNIT)
    demand(UNIT_MAY_CHECK, actor, declaration)
    return record_checks(declaration, judged, stage=ItemCheck.Stage.UNIT, actor=actor)


def verify(declaration: Any, *, actor: Any, password: str, address: str | None = None) -> Any:
    """All items true: the clerk signs 2-9 as verifier (核实人) with the password, and the declaration is verified."""
    may_begin(declaration, "verify", actor)
    demand_password(actor, password)
    return verify_confirmed(declaration, actor=actor, address=address)


def verify_confirmed(declaration: Any, *, actor: Any, address: str | None = None) -> Any:
    """As :func:`verify`, for an actor whose password has been checked a moment ago."""
    with transaction.atomic():
        may_begin(declaration, "verify", actor)
        _sign_once(declaration, "verifier", actor, address)
        archive.verify_all(declaration, actor=actor)
        return DECLARATION.fire(declaration, "verify", actor=actor, address=address)


def _sign_once(declaration: Any, mark: str, actor: Any, address: str | None) -> None:
    # A declaration that came back from the forwarder unchanged keeps its marks.
    if mark in missing_marks(declaration):
        signing.sign_confirmed(declaration, mark, actor, address=address)


def demand_password(actor: Any, password: str) -> None:
    """Raise Blocked unless it is the actor's own password."""
    if not confirm_password(actor, password):
        raise Blocked(Problem(_("The password is not right. Nothing has been signed."), field="password"))


# -- returning for correction ----------------------------------------------------------------------------------------


def write_slip(
    declaration: Any,
    items: Mapping[str, str],
    *,
    stage: str,
    actor: Any,
    working_days: int | None = None,
    answer_by: dt.date | None = None,
) -> CorrectionSlip:
    """The slip with its items (code → reason) and the content as it is; ``working_days`` fix the reply window of the
    office. A unit names a day (``answer_by``), else it is the unit's own last day; when it is over nothing lapses.
    """
    content = declaration.content()
    names = {item.code: item.named for item in items_of(declaration, content)}
    slip = CorrectionSlip(
        declaration=declaration,
        stage=stage,
        issued_by_id=actor.pk,
        issued_on=clock.today(),
        content=approvals.canonical(content),
    )
    if working_days is not None:
        slip.starts_on, slip.working_days = clock.today(), working_days
        slip.ends_on, slip.provisional = calendar.add_working_days(slip.starts_on, working_days)
        slip.announced_ends_on = slip.ends_on
    else:
        slip.ends_on = answer_by or max(clock.today(), declaration.line.unit_deadline)
    slip.save()
    CorrectionItem.objects.bulk_create(
        CorrectionItem(
            slip=slip,
            item=code,
            named=names.get(corrections.whole_of(code), "")[:200],
            reason=reason.strip(),
            before=corrections.part(slip.content, code),
        )
        for code, reason in items.items()
    )
    return slip


def return_for_correction(
    declaration: Any,
    items: Mapping[str, str],
    *,
    actor: Any,
    reason: str,
    answer_by: dt.date | None = None,
    address: str | None = None,
) -> Any:
    """Back to the applicant with a slip that names items, reasons and a day; only these open for writing."""
    with transaction.atomic():
        may_begin(declaration, "return_by_unit", actor)
        subject = locked(declaration)
        slip = write_slip(subject, items, stage=CorrectionSlip.Stage.UNIT, actor=actor, answer_by=answer_by)
        return DECLARATION.fire(
            declaration, "return_by_unit", actor=actor, reason=reason, address=address, items=dict(items), slip=slip
        )


# -- publicity inside the unit ---------------------------------------------------------------------------------------


def shown_of(declaration: Any) -> dict[str, Any]:
    """What colleagues may read of a person: no identity number, no telephone, no address (domain.md §6, R-32), not even
    where the person typed one into a text. In Chinese.
    """
    with translation.override("zh-hans"):
        said = _shown_of(declaration, declaration.content())
    return {name: list(map(mask_in, each)) if isinstance(each, list) else mask_in(each) for name, each in said.items()}


def _shown_of(declaration: Any, content: Mapping[str, Any]) -> dict[str, Any]:

    def span(row: Mapping[str, Any]) -> str:
        return f"{_month(row['starts_on'])}—{_month(row['ends_on']) or '至今'} {row['unit_name']} {row['post']}"

    held = [f"{row['name']} {_month(row['obtained_on'])}".strip() for row in content["title"]]
    claims = [content["class"]["applicant_class"]] if "class" in content else []
    claims += [row["text"] for row in content.get("relief", ())]
    return {
        "claims": claims,
        "name": declaration.applicant.name,
        "gender": declaration.applicant.gender,
        "title": str(declaration.title),
        "specialty": declaration.specialty,
        "held": "；".join(filter(None, held)) or "无",
        "education": [
            " ".join(
                filter(
                    None,
                    (
                        _month(row["finished_on"]),
                        row["school"],
                        row["major"],
                        shown("education", "level", row["level"]),
                    ),
                )
            )
            for row in content["education"]
        ],
        "work": [span(row) for row in content["experience"]["work"]],
        "achievements": [
            " ".join(str(row[name]) for name in ("title", "level", "role", "rank") if row[name])
            for row in content["achievements"]
        ],
    }


def _month(day: dt.date | None) -> str:
    return day.strftime("%Y.%m") if day else ""


def start_publicity(
    unit: Any, declarations: Iterable[Any], *, place: str, contact: str, actor: Any, address: str | None = None
) -> UnitPublicity:
    """Post several verified declarations together; the end is computed from the plan lines and announced."""
    chosen = sorted(declarations, key=lambda declaration: declaration.pk)
    if not chosen:
        raise Blocked(Problem(_("Choose at least one declaration."), field="declarations"))
    with transaction.atomic():
        for declaration in chosen:
            demand_state(locked(declaration), Status.VERIFIED)
        return post(unit, chosen, place=place, contact=contact, actor=actor, address=address)


def post(
    unit: Any, chosen: list[Any], *, place: str, contact: str, actor: Any, address: str | None = None
) -> UnitPublicity:
    """The publicity itself, the first one or after a correction; the caller has asked whether it is its turn."""
    days = working_days_of(chosen)
    with transaction.atomic():
        publicity = UnitPublicity(unit=unit, place=place, contact=contact, posted_by_id=actor.pk)
        publicity.starts_on, publicity.working_days = clock.today(), days
        publicity.ends_on, publicity.provisional = calendar.add_working_days(publicity.starts_on, days)
        publicity.announced_ends_on = publicity.ends_on
        demand(UNIT_PUBLICITY.transitions["start"].allowed, actor, publicity)
        publicity.save()
        for declaration in chosen:
            subject = locked(declaration)
            UnitPublicityItem.objects.filter(declaration=subject, voided_at=None).update(voided_at=clock.now())
            UnitPublicityItem.objects.create(
                publicity=publicity,
                declaration=subject,
                content_sha256=subject.content_hash(),
                shown=shown_of(subject),
            )
        UNIT_PUBLICITY.fire(publicity, "start", actor=actor, address=address)
        documents.issue("unit-posting", publicity, actor=actor)
    return publicity


def make_certificate(publicity: Any, *, actor: Any) -> Any:
    """The publicity certificate (公示确认表), once the publicity is over and every objection has its outcome."""
    demand(is_clerk_of_unit | is_head_of_unit, actor, publicity)
    if not publicity.is_over():
        raise Blocked(Problem(_("The publicity runs until {day}.").format(day=last_day_said(publicity.ends_on))))
    if UnitObjection.objects.filter(item__publicity=publicity, outcome="").exists():
        raise Blocked(Problem(_("An objection is still being checked. Record its outcome first.")))
    return documents.issue("unit-publicity", publicity, actor=actor)


# -- recommendation --------------------------------------------------------------------------------------------------


def verifier_of(declaration: Any) -> int | None:
    """Number of the user who last verified the declaration."""
    record = declaration.records.filter(transition="verify").order_by("-pk").first()
    return record.actor_id if record else None


def recommend(declaration: Any, *, actor: Any, password: str, **statement: Any) -> Any:
    """The head signs 2-9 with the password and recommends; ``statement`` as :func:`recommend_confirmed` takes it."""
    may_begin(declaration, "recommend", actor)
    demand_password(actor, password)
    return recommend_confirmed(declaration, actor=actor, **statement)


def stops_recommending(declaration: Declaration, head: Any) -> list[Problem]:
    """What keeps the head from recommending whatever is entered: the guards of the table, without the marks that are
    made together with the recommendation."""
    made_with_it = {"unit_head", *(["seal"] if declaration.unit.e_seal_id else [])}
    found = DECLARATION.problems(declaration, "recommend", actor=head)
    return [problem for problem in found if problem.field not in made_with_it]


def recommend_confirmed(
    declaration: Any,
    *,
    actor: Any,
    opinion: str,
    seen_seal: str | None = None,
    address: str | None = None,
) -> Any:
    """Opinion, posts, marks and transition are stored together or not at all; the password has been checked.

    ``seen_seal``: number of the electronic seal the page showed, which is put on 2-9 with the recommendation.
    """
    with transaction.atomic():
        may_begin(declaration, "recommend", actor)
        # Two recommendations at the same moment must not both take the last free post of the unit.
        unit = Organisation.objects.select_for_update().get(pk=declaration.unit_id)
        day = clock.today()
        posts = structure_of(unit.pk, declaration.title.level, day, lock=True)
        Recommendation.objects.update_or_create(
            declaration=declaration,
            defaults={
                "opinion": opinion,
                "posts_approved": posts.approved if posts else None,
                "posts_used": taken(posts, day, day) if posts else None,
                "posts_document": posts.document if posts else "",
                "clerk_id": verifier_of(declaration),
                "head_id": actor.pk,
                "signed_at": clock.now(),
            },
        )
        declaration.refresh_from_db()
        _sign_once(declaration, "unit_head", actor, address)
        mark = sealing.put_on(declaration, actor=actor, seen=seen_seal, address=address)
        return DECLARATION.fire(
            declaration, "recommend", actor=actor, reason=opinion, address=address, e_seal=sealing.told(mark)
        )
