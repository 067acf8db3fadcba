"""What must hold before a bureau determines without a vote: pure functions (object, act) → problems in words.

A refusal says the number of a case, never a name (P12).
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from applications.models import Declaration, DeclarationSnapshot, Material, Sanction, UnitPublicityItem
from appraisal_portal.accounts.models import Employment
from appraisal_portal.kernel.workflow import Act, Problem
from committees.reviews.querysets.determination import cases_of
from committees.reviews.rules.freeze import none_frozen


def _rows(determination: Any) -> list[Any]:
    found = determination.items.select_related("declaration__applicant__user", "declaration__line").order_by("seq")
    return list(found)


def has_people(determination: Any, act: Act) -> Iterator[Problem]:
    """A determination is about somebody, and its letter has a number."""
    if not determination.items.exists():
        yield Problem(_("Nobody is on the list. Choose at least one person."))
    if not determination.reference.strip():
        yield Problem(_("Please give the number of the letter."), field="reference")


def cases_of_this_body(determination: Any, act: Act) -> Iterator[Problem]:
    """Everybody was found eligible, is decided by this body, and by this line of the plan."""
    mine = determination.items.filter(
        declaration__in=Declaration.objects.filter(
            cases_of(determination.authority), line=determination.line_id, status="qualified"
        )
    )
    for row in determination.items.exclude(pk__in=mine).select_related("declaration__applicant").order_by("seq"):
        yield Problem(_("{case}: not a case of yours, or not found eligible (any more).").format(case=row.declaration))


def unit_publicity_over(determination: Any, act: Act) -> Iterator[Problem]:
    """The publicity inside the unit (单位公示) ran its full length, and no objection there is open or upheld."""
    live = {
        item.declaration_id: item
        for item in UnitPublicityItem.objects.filter(
            declaration__determination_items__determination=determination, voided_at=None
        )
        .select_related("publicity")
        .prefetch_related("objections")
        .order_by("pk")
    }
    for row in _rows(determination):
        item, case = live.get(row.declaration_id), row.declaration
        if item is None:
            yield Problem(_("{case}: the material has not been publicised.").format(case=case))
            continue
        if item.publicity.provisional or not item.publicity.is_over(act.day):
            yield Problem(_("{case}: the publicity is not over.").format(case=case))
        outcomes = {objection.outcome for objection in item.objections.all()}
        if outcomes & {"", "upheld"}:
            yield Problem(_("{case}: an objection is open or was upheld.").format(case=case))


def examined_with_evidence(determination: Any, act: Act) -> Iterator[Problem]:
    """Every item was examined (资格审查) and the evidence lies with the declaration."""
    people = determination.items.values("declaration")
    examined = _having(DeclarationSnapshot.objects.filter(stage="qualified"), people)
    proven = _having(Material.objects.filter(superseded_by=None, removed=False), people)
    for row in _rows(determination):
        case = row.declaration
        if row.declaration_id not in examined:
            yield Problem(_("{case}: the examination is not finished.").format(case=case))
        if row.declaration_id not in proven:
            yield Problem(_("{case}: no evidence has been handed in.").format(case=case))


def _having(rows: Any, people: Any) -> set[int]:
    return set(rows.filter(declaration__in=people).values_list("declaration", flat=True))


def nobody_barred(determination: Any, act: Act) -> Iterator[Problem]:
    """Neither a frozen account nor a ban after falsification (R-12) stands against anybody on the list."""
    rows = _rows(determination)
    bans = Sanction.objects.filter(person__in=[row.declaration.applicant_id for row in rows], status="in_force")
    banned = [(ban.person_id, ban.from_year, ban.to_year) for ban in bans]
    for row in rows:
        person, year = row.declaration.applicant, row.declaration.year
        if person.user_id and person.user.frozen_at:
            yield Problem(_("{case}: the account is frozen.").format(case=row.declaration))
        if any(pk == person.pk and first <= year <= last for pk, first, last in banned):
            yield Problem(
                _("{case}: a ban is in force for {year}.").format(case=row.declaration, year=year),
                basis="falsification.ban_years",
            )


def nobody_of_ones_own(determination: Any, act: Act) -> Iterator[Problem]:
    """Nobody proposes or decides about themselves or about people of their own work unit."""
    yield from ones_own(act.actor, [row.declaration for row in _rows(determination)])


def ones_own(user: Any, people: Iterable[Any]) -> Iterator[Problem]:
    """Who of these declarations this user may not determine."""
    units = units_of(user)
    for case in people:
        if case.applicant.user_id == user.pk:
            yield Problem(_("You are on the list yourself: somebody else must do this."))
        elif case.unit_id in units:
            words = _("{case} is of your own work unit: somebody else must do this.")
            yield Problem(words.format(case=case))


def units_of(user: Any) -> set[int]:
    """The bodies somebody acts for or is employed at."""
    employed = Employment.objects.filter(person__user=user.pk, status="confirmed").values_list("unit", flat=True)
    return {row.organisation_id for row in user.memberships_today()} | set(employed)


FIT = (
    has_people,
    cases_of_this_body,
    unit_publicity_over,
    examined_with_evidence,
    nobody_barred,
    nobody_of_ones_own,
    none_frozen,
)
