"""What the transitions of a declaration write in the same transaction."""

from typing import Any

from applications.models import DeclarationSnapshot, Receipt
from applications.rules.changes import changed_under, follows_of
from applications.rules.closing import closing_day, is_over
from applications.rules.corrections import after_of
from applications.rules.examination import open_slip
from appraisal_portal.kernel import approvals, clock, references
from appraisal_portal.kernel.rendering.pdf import chinese_date
from appraisal_portal.kernel.together import kept
from appraisal_portal.kernel.workflow import Act
from committees.plans.models import StandardVersion

Stage = DeclarationSnapshot.Stage


def take_snapshot(declaration: Any, stage: str, *, by: Any = None) -> DeclarationSnapshot:
    """Freeze the content at a stage; the same content a second time is the snapshot that stands already."""
    sha256 = declaration.content_hash()
    for snapshot in kept(declaration, "snapshots") or []:
        if (snapshot.stage, snapshot.sha256) == (stage, sha256):
            return snapshot  # type: ignore[no-any-return]
    snapshot, _created = DeclarationSnapshot.objects.get_or_create(
        declaration=declaration,
        stage=stage,
        sha256=sha256,
        defaults={"content": approvals.canonical(declaration.content()), "taken_by_id": getattr(by, "pk", None)},
    )
    return snapshot


def withdraw(declaration: Any, act: Act) -> None:
    """withdraw: a draft given up after closing leaves its evidence."""
    keep_last_draft(declaration)


def keep_last_draft(declaration: Any) -> DeclarationSnapshot | None:
    """What stood in a draft at 24:00 of the closing day, as evidence; None while the window holds or once handed in.

    After closing a draft cannot be written, so the sweep, a reader and a late run all freeze the same content.
    """
    if declaration.submitted_at is not None or not is_over(declaration):
        return None
    closed_at = clock.end_of_day(closing_day(declaration))
    kept: DeclarationSnapshot | None = declaration.snapshots.filter(
        stage=Stage.AT_CLOSING, taken_at__gte=closed_at
    ).first()
    return kept or take_snapshot(declaration, Stage.AT_CLOSING)


def void_undertaking(declaration: Any, at: Any) -> None:
    """The live undertaking no longer speaks for the declaration; its signatures stay as they were made."""
    declaration.undertakings.filter(voided_at=None).update(voided_at=at)


def hand_in(declaration: Any, act: Act) -> None:
    """submit: number (gap-free in the year), moment, snapshot."""
    if not declaration.number:
        number = act.number or references.next_number("declaration", declaration.year)
        declaration.number = f"{declaration.year}-{number:04d}"
    declaration.submitted_at = act.at
    give_receipt(declaration, act, take_snapshot(declaration, Stage.SUBMITTED, by=act.actor))


def hand_in_again(declaration: Any, act: Act) -> None:
    """resubmit: the slip is answered, a new snapshot taken."""
    close_slip(declaration, act)
    give_receipt(declaration, act, take_snapshot(declaration, Stage.SUBMITTED, by=act.actor))


def supply(declaration: Any, act: Act) -> None:
    """supply: the slip of the office is answered, what was supplied frozen."""
    slip = open_slip(declaration)
    if slip is not None:
        slip.follows = follows_of(changed_under(slip, declaration))
        slip.save(update_fields=["follows"])
    close_slip(declaration, act)
    give_receipt(declaration, act, take_snapshot(declaration, Stage.SUPPLIED, by=act.actor))


def give_receipt(declaration: Any, act: Act, snapshot: DeclarationSnapshot) -> None:
    """One more receipt (回执); what it says is fixed now, its paper is made when it is first asked for."""
    name = act.transition.name
    before = 0 if name == Receipt.Act.SUBMIT else declaration.receipts.count()
    if name == Receipt.Act.SUPPLY:
        following = "下一步由评审委员会办公室继续审查。"
    else:
        following = (
            f"下一步由{declaration.unit.name}核实、公示并推荐，截止日期{chinese_date(declaration.line.unit_deadline)}。"
        )
    receipt = Receipt(
        declaration=declaration,
        version=before + 1,
        act=name,
        at=act.at,
        snapshot=snapshot,
        committee=declaration.committee.name,
        next_step=following,
    )
    act.rows.append(receipt)


def close_slip(declaration: Any, act: Act) -> None:
    """The open correction slip is answered; each item keeps how what it names stands now."""
    slip = open_slip(declaration)
    if slip is None:
        return
    content = approvals.canonical(declaration.content())
    for item in slip.items.all():
        item.after, item.done = after_of(slip.content, content, item.item), True
        item.save(update_fields=["after", "done"])
    slip.answered_at = act.at
    slip.save(update_fields=["answered_at"])


def give_back(declaration: Any, act: Act) -> None:
    """return_by_unit: undertaking and publicity item lose their force, because the content is about to change."""
    void_undertaking(declaration, act.at)
    declaration.publicity_items.filter(voided_at=None).update(voided_at=act.at)


def change_unit(declaration: Any, act: Act) -> None:
    """change_unit: the new unit vouches from now on; what the old one judged, posted and signed has no force."""
    declaration.unit_id = act.data["unit"].pk
    declaration.item_checks.filter(stage="unit").delete()
    give_back(declaration, act)


def recommend(declaration: Any, act: Act) -> None:
    """recommend: from today the declaration is seen outside the unit."""
    declaration.recommended_on = act.day
    arrive(declaration, act)
    take_snapshot(declaration, Stage.RECOMMENDED, by=act.actor)


def arrive(declaration: Any, act: Act) -> None:
    """send_back_to_unit, and whatever else brings it to somebody new: it lies there from today."""
    declaration.arrived_on = act.day


def set_line(declaration: Any, act: Act) -> None:
    """forward, redirect: another committee, when one is named (``act.data["line"]``)."""
    arrive(declaration, act)
    line = act.data.get("line")
    if line is None or line.pk == declaration.line_id:
        return
    declaration.line, declaration.committee, declaration.route = line, line.committee, line.channel
    declaration.standard_version = StandardVersion.objects.for_line(line, declaration.series)


def assign(declaration: Any, act: Act) -> None:
    """assign: another person of the office handles it from now on."""
    declaration.handler_id = act.data["handler"]


def recheck(declaration: Any, act: Act) -> None:
    """recheck: whoever found the person not eligible does not examine again."""
    declaration.handler_id = None


def take_over(declaration: Any, act: Act) -> None:
    """accept: whoever accepts handles it from now on."""
    declaration.handler_id = act.actor.pk


def _snapshot_at(stage: str) -> Any:
    def write(declaration: Any, act: Act) -> None:
        take_snapshot(declaration, stage, by=act.actor)

    return write


qualified = _snapshot_at(Stage.QUALIFIED)
rostered = _snapshot_at(Stage.ROSTERED)
reported = _snapshot_at(Stage.REPORTED)
