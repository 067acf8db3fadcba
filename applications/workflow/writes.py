"""What the transitions of a declaration write in the same transaction."""

from typing import Any

from applications.models import DeclarationSnapshot
from applications.rules.examination import open_slip
from appraisal_portal.kernel import approvals, references
from appraisal_portal.kernel.workflow import Act
from committees.plans.models import StandardVersion

Stage = DeclarationSnapshot.Stage


def take_snapshot(declaration: Any, stage: str, *, by: Any = None) -> DeclarationSnapshot:
    """Freeze the content at a stage; the same content a second time is the snapshot that stands already."""
    content = approvals.canonical(declaration.content())
    snapshot, _created = DeclarationSnapshot.objects.get_or_create(
        declaration=declaration,
        stage=stage,
        sha256=approvals.content_sha256(content),
        defaults={"content": content, "taken_by_id": getattr(by, "pk", None)},
    )
    return snapshot


def void_undertaking(declaration: Any, at: Any) -> None:
    """The live undertaking no longer speaks for the declaration; its signatures stay as they were made."""
    declaration.undertakings.filter(voided_at=None).update(voided_at=at)


def hand_in(declaration: Any, act: Act) -> None:
    """submit: number (gap-free in the year), moment, snapshot."""
    if not declaration.number:
        number = references.next_number("declaration", declaration.year)
        declaration.number = f"{declaration.year}-{number:04d}"
    declaration.submitted_at = act.at
    take_snapshot(declaration, Stage.SUBMITTED, by=act.actor)


def hand_in_again(declaration: Any, act: Act) -> None:
    """resubmit: the slip is answered, a new snapshot taken."""
    close_slip(declaration, act)
    take_snapshot(declaration, Stage.SUBMITTED, by=act.actor)


def close_slip(declaration: Any, act: Act) -> None:
    """The open correction slip is answered; each item keeps how its section stands now."""
    slip = open_slip(declaration)
    if slip is None:
        return
    content = approvals.canonical(declaration.content())
    for item in slip.items.all():
        item.after, item.done = content.get(item.section), True
        item.save(update_fields=["after", "done"])
    slip.answered_at = act.at
    slip.save(update_fields=["answered_at"])


def give_back(declaration: Any, act: Act) -> None:
    """return_by_unit: undertaking and publicity item lose their force, because the content is about to change."""
    void_undertaking(declaration, act.at)
    declaration.publicity_items.filter(voided_at=None).update(voided_at=act.at)


def recommend(declaration: Any, act: Act) -> None:
    """recommend: from today the declaration is seen outside the unit."""
    declaration.recommended_on = act.day
    take_snapshot(declaration, Stage.RECOMMENDED, by=act.actor)


def set_line(declaration: Any, act: Act) -> None:
    """forward, redirect: another committee, when one is named (``act.data["line"]``)."""
    line = act.data.get("line")
    if line is None or line.pk == declaration.line_id:
        return
    declaration.line, declaration.committee, declaration.route = line, line.committee, line.channel
    declaration.standard_version = StandardVersion.objects.for_line(line, declaration.series)


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
