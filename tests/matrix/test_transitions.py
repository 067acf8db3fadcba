"""Every transition × status × person: who may is a literal table (``transitions.toml``), all else is refused.

``MATRIX_WRITE=1 pytest tests/matrix/test_transitions.py`` writes the table anew; a person then reads every changed line
against model.md §7 and trust.md §2.1 before it is committed.
"""

import copy
import os
import tomllib
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from django.forms.models import model_to_dict

from appraisal_portal.accounts.middleware import Visitor
from appraisal_portal.kernel import workflow
from appraisal_portal.kernel.access import NOBODY, SYSTEM
from appraisal_portal.kernel.workflow import NEW, Blocked, NotAllowed, Problem, Transition, Workflow, WrongState
from tests.matrix.world import NAMES, World

TABLE = Path(__file__).with_name("transitions.toml")
LABELS = (
    "accounts.Organisation", "accounts.Employment", "plans.ReviewPlan", "plans.CommitteeTerm", "plans.StandardVersion",
    "accounts.UnitSeal",
    "plans.Notice", "plans.Committee", "plans.Deployment", "applications.Declaration", "applications.Sanction",
    "applications.Lifting",
    "applications.Extension", "applications.Originals", "applications.UnitPublicity", "applications.CaseRecusal",
    "applications.SpotCheck", "applications.SpotCheckItem",
    "reviews.Determination",
    "reviews.BallotRound", "reviews.Meeting", "reviews.ResultPublicity", "reviews.Objection", "reviews.ResultReport",
    "reviews.PersonalFile", "reviews.ArchiveBook", "reviews.EntrustmentLetter", "reviews.ExternalResult",
    "reviews.Draw", "reviews.Invitation", "reviews.RecusalProposal",
    "reviews.ScoreSheet", "reviews.PanelOpinion",
    "autonomous.Delegation", "autonomous.AutonomousPlan", "autonomous.FiledBatch",
    "certificates.IssueDocument", "certificates.IssueBatch", "certificates.Claim", "certificates.Certificate",
    "certificates.Revocation", "certificates.Correction", "certificates.Seal", "certificates.Appointment",
    "certificates.Disclosure", "supervision.SupervisionCheck",
)  # fmt: skip
CREATED = "created"


def standing(row: Any, status: str) -> Any:
    """The row as it would stand in that status, in memory only; ``NEW``: not stored yet."""
    found = copy.copy(row)
    found._state = copy.copy(row._state)
    found.status = status
    if status == NEW:
        found._state.adding = True
    return found


def attempt(flow: Workflow, row: Any, name: str, status: str, actor: Any, **how: Any) -> type[Exception] | None:
    """What ``fire`` answers when the row stood in that status and every guard had something to say."""
    case = standing(row, status)
    with (
        patch.object(Workflow, "_read", lambda self, pk, row, *, lock, whole: (case, workflow._Read())),
        patch.object(Workflow, "_problems", lambda self, subject, act: [Problem("stop here")]),
    ):
        try:
            flow.fire(case, name, actor=actor, reason="-", **how)
        except (WrongState, NotAllowed, Blocked) as refusal:
            return type(refusal)
    return None


def stored(flow: Workflow, row: Any) -> tuple[Any, ...]:
    """The stored row, how many there are and how many records: equal before and after a refusal."""
    fresh = flow.model._base_manager.get(pk=row.pk)
    values = {field.attname: getattr(fresh, field.attname) for field in fresh._meta.concrete_fields}
    return values, flow.model._base_manager.count(), flow.record_model._base_manager.count()


def allowed(world: World, flow: Workflow, row: Transition, status: str) -> list[str]:
    """The names of those who get as far as the guards."""
    subject = world.tables[flow.label]
    answers = {name: attempt(flow, subject, row.name, status, world.user(name, subject)) for name in NAMES}
    answers["SYSTEM"] = attempt(flow, subject, row.name, status, SYSTEM)
    assert set(answers.values()) <= {Blocked, NotAllowed}, answers
    return [name for name, answer in answers.items() if answer is Blocked]


def table(world: World, flow: Workflow) -> dict[str, dict[str, list[str]]]:
    """Transition → status → names, as the code answers today."""
    return {
        row.name: {status or CREATED: allowed(world, flow, row, status) for status in row.sources}
        for row in flow.transitions.values()
    }


def written(tables: dict[str, dict[str, dict[str, list[str]]]]) -> str:
    """The tables as TOML, one line a transition and set of names."""
    lines = [
        "# Who gets past the permission of a transition: see test_transitions.py. Read by a person, line by line.",
        "",
    ]
    for label, rows in tables.items():
        lines += [f'["{label}"]']
        for name, by_status in rows.items():
            groups: dict[tuple[str, ...], list[str]] = {}
            for status, names in by_status.items():
                groups.setdefault(tuple(names), []).append(status)
            for names, statuses in groups.items():
                key = name if len(groups) == 1 else f'"{name} from {" ".join(statuses)}"'
                lines.append(f'{key} = "{" ".join(names)}"')
        lines.append("")
    return "\n".join(lines)


def committed(label: str) -> dict[str, dict[str, list[str]]]:
    """The literal table of one workflow, statuses spelled out."""
    flow = Workflow.registry[label]
    found: dict[str, dict[str, list[str]]] = {}
    for key, names in tomllib.loads(TABLE.read_text(encoding="utf-8"))[label].items():
        name, _word, statuses = key.partition(" from ")
        row = flow.transitions[name]
        for status in statuses.split() or [source or CREATED for source in row.sources]:
            found.setdefault(name, {})[status] = names.split()
    return found


def test_who_supervises_only_reads() -> None:
    """Issue 5: a supervisor acts nowhere but where everybody may; the check of a book reads it again (decision 56)."""
    may = {
        f"{label}.{name}"
        for label in LABELS
        for name, by_status in committed(label).items()
        if any("supervisor" in names for names in by_status.values())
    }
    assert may == {"accounts.Organisation.register", "reviews.Objection.receive", "reviews.ArchiveBook.check"}
    receive = committed("reviews.Objection")["receive"][CREATED]
    assert "anonymous" in receive, "raised on a page that knows no session"


def test_every_workflow_is_walked() -> None:
    assert set(LABELS) == set(Workflow.registry)


@pytest.mark.skipif("MATRIX_WRITE" not in os.environ, reason="writes the table; read it before committing it")
def test_write_the_table(world: World) -> None:
    TABLE.write_text(written({label: table(world, Workflow.registry[label]) for label in LABELS}), encoding="utf-8")


@pytest.mark.parametrize("label", LABELS)
def test_whoever_may_is_in_the_table_and_nobody_else(world: World, label: str) -> None:
    flow = Workflow.registry[label]
    before = stored(flow, world.tables[label])
    assert table(world, flow) == committed(label)
    assert stored(flow, world.tables[label]) == before


@pytest.mark.parametrize("label", LABELS)
def test_no_step_is_skipped_or_repeated(world: World, label: str) -> None:
    """From every status outside the sources: refused for the permitted, the portal and a stranger; no row changed."""
    flow, subject = Workflow.registry[label], world.tables[label]
    before = stored(flow, subject)
    permitted = committed(label)
    statuses = {str(value) for value, _words in flow.model._meta.get_field("status").flatchoices}
    walked = 0
    for row in flow.transitions.values():
        names = next((found for found in permitted[row.name].values() if found), [])
        actors = [world.user(names[0], subject) if names and names[0] != "SYSTEM" else SYSTEM, SYSTEM, Visitor()]
        for status in sorted({*statuses, NEW} - set(row.sources)):
            for actor in actors:
                assert attempt(flow, subject, row.name, status, actor) is WrongState, (row.name, status)
                walked += 1
    assert stored(flow, subject) == before
    assert walked >= 3 * len(flow.transitions)


@pytest.mark.parametrize("label", LABELS)
def test_driven_rows_refuse_everybody_who_is_not_their_cause(world: World, label: str) -> None:
    """No human, not the portal, not a record of another decision; a record named by the table is let through."""
    flow, subject = Workflow.registry[label], world.tables[label]
    wrong = world.tables["applications.Sanction"].records.filter(transition="open").get()
    for row in flow.transitions.values():
        status = row.sources[0]
        assert attempt(flow, subject, row.name, status, SYSTEM, cause=wrong) is NotAllowed, row.name
        if row.driven_by and row.allowed is NOBODY:
            for name in NAMES:
                assert attempt(flow, subject, row.name, status, world.user(name, subject)) is NotAllowed
            assert attempt(flow, subject, row.name, status, SYSTEM) is NotAllowed
        for driver in row.driven_by:
            stage = Workflow.registry.get(driver.rpartition(".")[0])
            if stage is not None:  # rows of stages that are not built yet wait in the table
                cause = stage.record_model(subject=world.tables[stage.label], transition=driver.rpartition(".")[2])
                assert attempt(flow, subject, row.name, status, SYSTEM, cause=cause) is Blocked, driver


def test_a_real_refusal_through_the_lock_changes_nothing(world: World) -> None:
    """Without any patch: the wrong status, the wrong person, a guard; the stored rows stay as they are."""
    flow, subject = Workflow.registry["applications.Declaration"], world.rows["exam"]
    before = stored(flow, subject)
    for name, actor, refusal in (
        ("submit", world.user("applicant", subject), WrongState),
        ("qualify", world.user("office_clerk_2"), NotAllowed),
        ("qualify", world.user("office_clerk"), Blocked),
    ):
        with pytest.raises(refusal):
            flow.fire(subject, name, actor=actor, reason="-")
        assert stored(flow, subject) == before
    assert model_to_dict(subject)["id"] == subject.pk
