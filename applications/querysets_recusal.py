"""Who keeps away from which case (回避): of an office, and as a member of its committee (decisions 36, 67)."""

from collections.abc import Callable, Collection
from typing import Any, NamedTuple

from django.db.models import IntegerField, Q, QuerySet, Value

from appraisal_portal.kernel import compiled

_OFFICE = ("office_clerk", "committee_director")


class Recusals(NamedTuple):
    """Rows of a later stage, each of which keeps somebody away from a case; ``user`` and ``case`` lead to the two."""

    rows: Callable[[], list[QuerySet[Any]]]
    user: str
    case: str

    def of_user(self, pk: int) -> list[QuerySet[Any]]:
        """The cases, as queries of keys."""
        return [rows.filter(**{self.user: pk}).order_by().values(self.case) for rows in self.rows()]

    def of_case(self, case: Any, users: Collection[Any]) -> set[int]:
        """Which of the users."""
        concerned = {self.case: case.pk, f"{self.user}__in": users}
        first, *others = (rows.filter(**concerned).order_by().values_list(self.user, flat=True) for rows in self.rows())
        return set(first.union(*others))


_LATER: list[Recusals] = []


def keep_away_too(recusals: Recusals) -> None:
    """A later stage knows of more who keep away from a case: as members of its committee."""
    _LATER.append(recusals)


def away_later(case: Any, users: Collection[Any]) -> set[int]:
    """Which of the users a later stage keeps away from the case."""
    return {user for recusals in _LATER for user in recusals.of_case(case, users)}


class KeptFrom(NamedTuple):
    """What somebody of an office keeps away from (回避): cases of these persons, of these units, and these cases; as
    queries of keys, or as the keys themselves."""

    people: Any
    units: Any
    cases: Any

    def q(self, path: str = "") -> Q:
        """The rows concerned; ``path`` leads from the row to its declaration: "declaration__"."""
        found = Q(**{f"{path}applicant__in": self.people})
        for cases in self.cases:
            found |= Q(**{f"{path}pk__in": cases})
        for units in self.units:
            found |= Q(**{f"{path}unit__in": units})
        return found


def kept_from(user: Any) -> KeptFrom:
    """The own case, those of the own unit, and those with a recusal that is proposed or confirmed, be it as a member of
    the committee; nothing is asked yet.
    """
    kept = _rows_of(user.pk)
    return kept._replace(units=(*kept.units, _own_bodies(user)))


def _own_bodies(user: Any) -> set[int]:
    return {membership.organisation_id for membership in user.memberships_today()}


def _rows_of(pk: int) -> KeptFrom:
    from django.apps import apps  # noqa: PLC0415 - querysets are loaded while the models are being made

    def rows(app: str, model: str, **which: Any) -> Any:
        return apps.get_model(app, model)._base_manager.filter(**which).order_by()

    units = rows("accounts", "Employment", person__user=pk, status="confirmed").values("unit")
    recusals = apps.get_model("applications", "CaseRecusal")._default_manager
    cases = recusals.standing().filter(user=pk).order_by().values("declaration")
    later = [cases for recusals in _LATER for cases in recusals.of_user(pk)]
    return KeptFrom(rows("accounts", "Person", user=pk).values("pk"), (units,), (cases, *later))


def _of_anybody(pk: int) -> QuerySet[Any]:
    kept = _rows_of(pk)
    kinds = ((0, kept.people), *((1, units) for units in kept.units), *((2, cases) for cases in kept.cases))
    first, *others = (
        rows.values_list(Value(kind, output_field=IntegerField()), *rows.query.values_select) for kind, rows in kinds
    )
    return first.union(*others, all=True)


_in_one_query = compiled.Question(_of_anybody)


def asked_now(user: Any) -> KeptFrom:
    """The same as keys, by one query: a work list names them twice, and by keys an index finds their rows."""
    keys: tuple[set[int], ...] = (set(), set(), set())
    for kind, key in _in_one_query(user.pk):
        keys[kind].add(key)
    return KeptFrom(keys[0], (keys[1] | _own_bodies(user),), (keys[2],))


def stands_back(user: Any, path: str = "") -> Q:
    """Cases from which somebody of an office keeps away; ``path`` leads from the row to its declaration."""
    return kept_from(user).q(path)


def known_rows(user: Any, rows: Any, path: str = "declaration__") -> Any:
    """Rows about persons, without those from whose cases a reader of an office keeps away; others read them all."""
    return rows.exclude(stands_back(user, path)) if user.acts_as(*_OFFICE) else rows
