"""Guards of the unit's part: checks item by item, publicity inside the unit (单位公示), 2-9, recommendation."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from applications.models.examination import ItemCheck
from applications.rules.corrections import only_contact
from applications.rules.examination import hand_in_again_until
from applications.rules.items import ReviewItem, items_of
from appraisal_portal import law
from appraisal_portal.accounts.services import holders, informed, post_level, structure_of, taken
from appraisal_portal.kernel.days import day_said, last_day_said
from appraisal_portal.kernel.workflow import Act, Problem
from committees.plans.models import Level

OFFICE_STAGE = frozenset({"qualify", "ask_supplement", "disqualify"})
MARKS = ("applicant", "verifier", "unit_head", "seal")
# A recommended person takes a post of the unit until the declaration ends without the title.
FREES_THE_POST = frozenset(
    {
        "draft", "with_unit", "returned", "verified", "unit_publicity", "not_recommended", "withdrawn", "abandoned",
        "disqualified", "not_passed", "excluded", "rejected", "barred", "revoked", "refused_elsewhere",
    }
)  # fmt: skip


def stage_of(act: Act) -> str:
    """Whose check counts for this transition: the unit's or the committee office's."""
    return ItemCheck.Stage.OFFICE if act.transition.name in OFFICE_STAGE else ItemCheck.Stage.UNIT


def unsettled_items(declaration: Any, stage: str) -> tuple[list[ReviewItem], list[ReviewItem]]:
    """(items nobody judged since they last changed, items judged false or unclear) at that stage."""
    checks = {check.item: check for check in declaration.item_checks.filter(stage=stage)}
    unchecked, doubtful = [], []
    for item in items_of(declaration):
        check = checks.get(item.code)
        if check is None or check.content_sha256 != item.sha256:
            unchecked.append(item)
        elif check.result != ItemCheck.Result.TRUE:
            doubtful.append(item)
    return unchecked, doubtful


def every_item_checked(declaration: Any, act: Act) -> Iterator[Problem]:
    """Each claim was compared with its evidence and found true since it last changed (逐项核实; domain.md step 5)."""
    unchecked, doubtful = unsettled_items(declaration, stage_of(act))
    for item in unchecked:
        yield Problem(_("Not checked yet: {item}").format(item=item.label), field=item.code)
    for item in doubtful:
        yield Problem(
            _("Not found true: {item}. Return it for correction instead.").format(item=item.label), field=item.code
        )


def verified_hash(declaration: Any) -> str:
    """Hash of the content the unit last verified; empty when it has not."""
    record = declaration.records.filter(transition="verify").order_by("-pk").first()
    return str(record.content_hash) if record else ""


def still_says(declaration: Any, sha256: str) -> bool:
    """Whether the declaration says what it said under that hash: the same, but for a telephone number or an e-mail
    address changed since."""
    if sha256 == declaration.content_hash():
        return True
    snapshot = declaration.snapshots.filter(sha256=sha256).first() if sha256 else None
    return snapshot is not None and only_contact(snapshot.content, declaration.content())


def snapshot_equals_verified(declaration: Any, act: Act) -> Iterator[Problem]:
    """What is publicised is what was verified."""
    if not still_says(declaration, verified_hash(declaration)):
        yield Problem(
            _("The material of {name} has changed since it was verified. Please verify it again first.").format(
                name=declaration.applicant.name
            )
        )


def live_publicity_item(declaration: Any) -> Any:
    """The publicity item that still speaks for the declaration, or None."""
    return declaration.publicity_items.filter(voided_at=None).select_related("publicity").order_by("-pk").first()


def unit_publicity_over(declaration: Any, act: Act) -> Iterator[Problem]:
    """The publicity inside the unit has run its full length (单位公示期满); judged by its dates, never by a task."""
    item = live_publicity_item(declaration)
    if item is None:
        yield Problem(_("The material has not been publicised yet."))
        return
    publicity = item.publicity
    if publicity.status == "halted":
        yield Problem(_("The publicity has been halted. It goes on when the bureau resumes it."))
    elif publicity.provisional:
        yield Problem(
            _(
                "The end of the publicity ({day}) is provisional: the bureau has not entered that year's holidays yet."
            ).format(day=day_said(publicity.ends_on))
        )
    elif not publicity.is_over(act.day):
        yield Problem(
            _("The publicity runs until {day}, 24:00. Recommend from the day after.").format(
                day=last_day_said(publicity.ends_on)
            )
        )


def no_open_unit_objection(declaration: Any, act: Act) -> Iterator[Problem]:
    """An objection inside the unit holds the person concerned, nobody else."""
    item = live_publicity_item(declaration)
    outcomes = set(item.objections.values_list("outcome", flat=True)) if item else set()
    if "" in outcomes:
        yield Problem(_("An objection is still being checked. Record its outcome first."))
    if "upheld" in outcomes:
        yield Problem(_("An objection was upheld: this declaration cannot be recommended."))


def material_unchanged(declaration: Any, act: Act) -> Iterator[Problem]:
    """The material is still the one that was publicised; anything else needs a new publicity (重新公示)."""
    item = live_publicity_item(declaration)
    if item is not None and not still_says(declaration, item.content_sha256):
        yield Problem(_("The material has changed since it was publicised. It must be publicised again."))


def live_undertaking(declaration: Any) -> Any:
    """The undertaking (2-9) in force, or None."""
    return declaration.undertakings.filter(voided_at=None).order_by("-pk").first()


def marks_of(declaration: Any) -> dict[str, Any]:
    """Each mark of 2-9 in force, in the order they are made: the signature, None while nobody has made it."""
    undertaking = live_undertaking(declaration)
    there = {row.mark: row for row in undertaking.signatures.select_related("user")} if undertaking else {}
    return {mark: there.get(mark) for mark in MARKS}


def missing_marks(declaration: Any) -> list[str]:
    """Marks (签章) of 2-9 that are not there yet, in the order they are made."""
    return [mark for mark, made in marks_of(declaration).items() if made is None]


def undertaking_complete(declaration: Any, act: Act) -> Iterator[Problem]:
    """2-9 carries its four marks: applicant, verifier, head of the unit, seal (law key undertaking.four_marks)."""
    words = {
        "applicant": _("the applicant's signature"),
        "verifier": _("the verifier's signature"),
        "unit_head": _("the signature of the responsible person"),
        "seal": _("the seal"),
    }
    for mark in missing_marks(declaration):
        yield Problem(
            _("The undertaking 2-9 lacks {mark}.").format(mark=words[mark]), field=mark, basis="undertaking.four_marks"
        )


def bound_by_posts(declaration: Any, day: Any) -> bool:
    """Whether the approved post structure limits this declaration: public institutions, examination series excepted.

    An agency that plays the unit has no posts to give, whatever it is itself.
    """
    return (
        declaration.unit.kind != "agency"
        and declaration.unit.employer_kind == "public_institution"
        and not declaration.title.by_exam
        and law.rule("posts.within_structure", day) is not None
    )


def _same_posts(level: str) -> list[str]:
    return [each for each in Level.values if post_level(each) == post_level(level)]


def others_recommended(declaration: Any, day: Any) -> int:
    """Other persons of the unit recommended this year for the same level, who take a post until they are appointed to
    one or their declaration has ended."""
    appointed = holders(declaration.unit_id, day).get(post_level(declaration.title.level), set())
    return int(
        type(declaration)
        ._default_manager.filter(
            unit=declaration.unit_id,
            year=declaration.year,
            title__level__in=_same_posts(declaration.title.level),
            title__by_exam=False,
            recommendation__head__isnull=False,
        )
        .exclude(pk=declaration.pk)
        .exclude(status__in=FREES_THE_POST)
        .exclude(applicant__in=appointed)
        .count()
    )


def post_information_published(declaration: Any, act: Act) -> Iterator[Problem]:
    """The unit published its posts of the year before it recommends (岗位信息公布; notice 2018, III: the order)."""
    if bound_by_posts(declaration, act.day) and not informed(declaration.unit_id, declaration.year):
        yield Problem(
            _(
                "{unit} has not published its post information for {year}. "
                "Its clerk does so on the page “Post structures”."
            ).format(unit=declaration.unit, year=declaration.year),
            field="posts",
            basis="posts.within_structure",
        )


def post_vacancy(declaration: Any, act: Act) -> Iterator[Problem]:
    """A public institution recommends inside its approved post structure only (岗位结构比例)."""
    if not bound_by_posts(declaration, act.day):
        return
    structure = structure_of(declaration.unit_id, declaration.title.level, act.day)
    if structure is None:
        yield Problem(
            _("No post structure of {unit} is stored for this level. Ask the bureau or the county bureau.").format(
                unit=declaration.unit
            ),
            field="posts",
            basis="posts.within_structure",
        )
        return
    others = others_recommended(declaration, act.day)
    occupied = taken(structure, act.day, act.day)
    if structure.approved <= occupied + others:
        yield Problem(
            _("No post of this level is free: {approved} approved, {taken} taken, {others} recommended before.").format(
                approved=structure.approved, taken=occupied, others=others
            ),
            field="posts",
            basis="posts.within_structure",
        )


def unit_deadline_open(declaration: Any, act: Act) -> Iterator[Problem]:
    """Corrections go back to the unit before the unit's own last day, or by the day a later return named."""
    last = hand_in_again_until(declaration)
    if act.day > last:
        words = _("{unit} took declarations until {day}, 24:00. Please ask there.")
        yield Problem(words.format(unit=declaration.unit, day=day_said(last)))
