"""The pool of experts: single entries, rosters from Excel (read, looked through, then taken whole or not at all)."""

import datetime as dt
from collections import Counter
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from appraisal_portal.accounts.models import Membership, User
from appraisal_portal.kernel import clock, rendering
from appraisal_portal.kernel.workbooks import reader
from appraisal_portal.kernel.workbooks.reader import Fault
from appraisal_portal.kernel.workbooks.sheet import letters
from appraisal_portal.kernel.workbooks.table import Column, Table, table_of
from appraisal_portal.kernel.workflow import Blocked, NotAllowed, Problem
from committees.plans.models import Committee
from committees.reviews.access import expert as access
from committees.reviews.models import Expert, ExpertImport
from committees.reviews.rules import draw as rules

SHEET = "专家库"
COLUMNS = (
    Column("name", "姓名", required=True, longest=50),
    Column("unit", "工作单位", required=True, longest=100),
    Column("held_title", "现任职称", longest=60),
    Column("specialty", "专业", required=True, longest=60),
    Column("phone", "联系电话", kind="digits", longest=20),
    Column("account", "登录账号", longest=150),
    Column("term_from", "聘期起", kind="day", required=True),
    Column("term_until", "聘期止", kind="day", required=True),
)
"""The headings of the roster, as printed and as read back (专家库花名册)."""
PLACE = {column.key: letters(place) for place, column in enumerate(COLUMNS, start=1)}


def jurors_of(committee: Committee) -> dict[str, User]:
    """Accounts that act as jurors for the committee's office, by login name."""
    rows = Membership.objects.active().filter(role=Membership.Role.JUROR, organisation=committee.office_id)
    return {user.username: user for user in User.objects.active().filter(pk__in=rows.values("user"))}


def read_roster(committee: Committee, data: bytes) -> Table:
    """The roster with every fault named by row and column. Raises UploadRefused when the file is no workbook for us."""
    table = table_of(reader.read(data), COLUMNS)
    if table.faults:
        return table
    accounts = set(jurors_of(committee))
    seen: Counter[Any] = Counter()
    for number, row in table.rows:
        for problem in rules.term_problems(row["term_from"], row["term_until"]):
            table.faults.append(Fault(table.sheet, number, PLACE["term_until"], str(problem)))
        if row["account"] and row["account"] not in accounts:
            words = _("This is no account of a juror of this office.")
            table.faults.append(Fault(table.sheet, number, PLACE["account"], words))
        for key in ((row["name"], row["unit"]), row["account"]):
            seen[key] += bool(key)
            if seen[key] > 1:
                column = PLACE["account" if key == row["account"] else "name"]
                table.faults.append(Fault(table.sheet, number, column, _("This stands in an earlier row already.")))
    if table.faults:
        table.rows = []
    return table


def keep(committee: Committee, table: Table, *, actor: Any) -> ExpertImport:
    """Keep what was read for the person to look through. Raises NotAllowed."""
    _must_keep(actor, committee)
    rows = [row | {key: row[key].isoformat() for key in ("term_from", "term_until")} for _number, row in table.rows]
    return ExpertImport.objects.create(committee=committee, rows=rows, read_by_id=actor.pk)


def compared(kept: ExpertImport) -> list[tuple[dict[str, Any], str]]:
    """Each row of the import with what taking it would do: new, changed, same."""
    stored = {(row.name, row.unit): row for row in kept.committee.experts.select_related("account")}
    return [(row, _effect(row, stored.get((row["name"], row["unit"])))) for row in map(_with_days, kept.rows)]


def _with_days(row: dict[str, Any]) -> dict[str, Any]:
    return row | {key: dt.date.fromisoformat(row[key]) for key in ("term_from", "term_until")}


def _effect(row: dict[str, Any], stored: Expert | None) -> str:
    if stored is None:
        return "new"
    now = {key: getattr(stored, key) for key in row if key != "account"}
    now["account"] = stored.account.username if stored.account else ""
    return "same" if now == row else "changed"


def take(kept: ExpertImport, *, actor: Any) -> Counter[str]:
    """Write the whole roster into the pool, once. Raises NotAllowed, or Blocked when something changed meanwhile."""
    _must_keep(actor, kept.committee)
    with transaction.atomic():
        Committee.objects.select_for_update().get(pk=kept.committee_id)
        if not ExpertImport.objects.filter(pk=kept.pk, taken_at=None).update(taken_at=clock.now()):
            raise Blocked(Problem(_("This roster has been imported already.")))
        accounts = jurors_of(kept.committee)
        done: Counter[str] = Counter()
        for row, effect in compared(kept):
            done[effect] += 1
            if effect == "same":
                continue
            values = {key: value for key, value in row.items() if key not in ("name", "unit", "account")}
            account = accounts.get(row["account"])
            if row["account"] and account is None:
                raise Blocked(Problem(_("{name} is no juror's account any more.").format(name=row["account"])))
            other = kept.committee.experts.filter(account=account).exclude(name=row["name"], unit=row["unit"])
            if account is not None and other.exists():
                words = _("The account of {name} belongs to somebody else in the pool.")
                raise Blocked(Problem(words.format(name=row["name"])))
            Expert.objects.update_or_create(
                committee=kept.committee,
                name=row["name"],
                unit=row["unit"],
                defaults={**values, "account": account},
                create_defaults={**values, "account": account, "entered_by_id": actor.pk},
            )
    return done


def save(expert: Expert, *, actor: Any) -> Expert:
    """Store one expert. Raises NotAllowed, or Blocked with problems that name their field."""
    _must_keep(actor, expert.committee)
    problems = list(rules.term_problems(expert.term_from, expert.term_until))
    others = Expert.objects.filter(committee=expert.committee).exclude(pk=expert.pk)
    if others.filter(name=expert.name, unit=expert.unit).exists():
        problems.append(Problem(_("This person of this unit stands in the pool already."), field="name"))
    if expert.account_id and others.filter(account=expert.account_id).exists():
        problems.append(Problem(_("This account belongs to somebody else in the pool."), field="account"))
    if problems:
        raise Blocked(*problems)
    if expert.entered_by_id is None:
        expert.entered_by_id = actor.pk
    expert.save()
    return expert


def roster(experts: Any, committee: Committee) -> bytes:
    """The pool as the workbook that can be read back; without rows it is the form to fill in."""
    kinds = {"day": "date"}
    columns = [
        rendering.Column(column.key, column.heading, 20 if column.key == "unit" else 12, kinds.get(column.kind, "text"))
        for column in COLUMNS
    ]
    rows = (
        {column.key: getattr(row, column.key) for column in COLUMNS}
        | {"account": row.account.username if row.account else ""}
        for row in experts
    )
    return rendering.render_roster(columns, rows, title=f"{committee.name}专家库花名册", sheet=SHEET).content


def _must_keep(actor: Any, committee: Committee) -> None:
    refused = access.keeps_pool.why_not(actor, _Of(committee))
    if refused:
        raise NotAllowed(*refused)


class _Of:
    """Something of a committee, for predicates that ask ``obj.committee``."""

    def __init__(self, committee: Committee) -> None:
        self.committee = committee
