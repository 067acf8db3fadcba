"""Making a determination without a vote: who is on it with which outcome, and its letter."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from applications.models import Declaration
from appraisal_portal.kernel import documents
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Problem
from committees.plans.models import PlanLine
from committees.reviews.access.determination import is_preparer
from committees.reviews.models import Determination, DeterminationItem
from committees.reviews.models.determination import CODES
from committees.reviews.querysets.determination import cases_of
from committees.reviews.rules.determination import ones_own, units_of

MENDABLE = ("draft", "returned")
Outcomes = Mapping[int, tuple[str, str]]
"""Declaration pk → (granted | refused, reason)."""


def cases(user: Any) -> Any:
    """Of :func:`waiting` those the user may determine: nobody of the own work unit."""
    return waiting(user).exclude(unit__in=units_of(user))


def waiting(user: Any) -> Any:
    """Declarations found eligible that the user's body decides without a vote and no open determination holds."""
    held = DeterminationItem.objects.exclude(determination__status="decided").values("declaration")
    return (
        Declaration.objects.visible_to(user)
        .filter(cases_of(user.acting.organisation), status="qualified")
        .exclude(applicant__user=user.pk)
        .exclude(pk__in=held)
        .select_related("applicant", "unit", "title", "series", "line__committee", "line__plan")
        .order_by("line", "recommended_on", "pk")
    )


@transaction.atomic
def prepare(
    line: PlanLine, outcomes: Outcomes, *, user: Any, reference: str, contact: str, phone: str
) -> Determination:
    """A draft over these persons. Raises Blocked when one is no case of this body, or the number is used."""
    authority = user.acting.organisation
    determination = Determination(line=line, authority=authority, prepared_by=user)
    refused = is_preparer.why_not(user, determination)
    if refused:
        raise NotAllowed(*(Problem(why) for why in refused))
    fields = {"reference": reference, "contact": contact, "phone": phone}
    _write(determination, outcomes, _free(line, outcomes, user), user=user, **fields)
    return determination


@transaction.atomic
def change(
    determination: Determination, outcomes: Outcomes, *, user: Any, reference: str, contact: str, phone: str
) -> None:
    """Other outcomes of a draft or returned determination; whoever changes it has prepared it."""
    locked = Determination.objects.select_for_update(of=("self",)).get(pk=determination.pk)
    if locked.status not in MENDABLE:
        raise Blocked(Problem(_("The determination is proposed already and cannot be changed.")))
    kept = [item.declaration for item in locked.items.select_related("declaration__applicant").order_by("seq")]
    locked.items.all().delete()
    locked.prepared_by = user
    fields = {"reference": reference, "contact": contact, "phone": phone}
    _write(locked, outcomes, [row for row in kept if row.pk in outcomes], user=user, **fields)
    determination.refresh_from_db()


def _free(line: PlanLine, outcomes: Outcomes, user: Any) -> list[Declaration]:
    # Locked, so that two drafts made at once cannot hold one person both.
    list(Declaration.objects.select_for_update(of=("self",)).filter(pk__in=outcomes).order_by("pk"))
    rows = list(cases(user).filter(pk__in=outcomes, line=line))
    if not rows or len(rows) != len(outcomes):
        raise Blocked(Problem(_("One of these people is not free to be determined any more. Open the list again.")))
    return rows


def _write(
    determination: Determination, outcomes: Outcomes, people: Iterable[Declaration], *, user: Any, **fields: str
) -> None:
    for name, value in fields.items():
        setattr(determination, name, value.strip())
    twin = Determination.objects.filter(authority=determination.authority, reference=determination.reference)
    if twin.exclude(pk=determination.pk).exists():
        raise Blocked(Problem(_("This number is used by another letter already."), field="reference"))
    listed = list(people)
    refused = list(ones_own(user, listed))
    if refused:
        raise Blocked(*refused)
    missing = [row for row in listed if outcomes[row.pk][0] == "refused" and not outcomes[row.pk][1].strip()]
    if missing:
        words = _("Please give the reason for {name}.")
        raise Blocked(*(Problem(words.format(name=row.applicant.name), field=f"reason-{row.pk}") for row in missing))
    determination.save()
    DeterminationItem.objects.bulk_create(
        DeterminationItem(
            determination=determination,
            declaration=row,
            seq=seq,
            outcome=outcomes[row.pk][0],
            reason=outcomes[row.pk][1].strip() if outcomes[row.pk][0] == "refused" else "",
        )
        for seq, row in enumerate(listed, 1)
    )


def make_papers(determination: Determination, *, user: Any) -> None:
    """Letter and register of a decided determination. Raises Blocked before the decision."""
    if determination.status != "decided":
        raise Blocked(Problem(_("This determination is not decided yet.")))
    # The authority's own number: the portal draws none, and what it draws stands before what the content says.
    extra = {"content_sha256": determination.content_hash(), "number": determination.reference}
    try:
        with transaction.atomic():
            for code in CODES:
                documents.issue(code, determination, actor=user, extra=extra)
    except documents.rendering.RenderingRefused as error:
        raise Blocked(Problem(documents.why_not_made(error))) from error
