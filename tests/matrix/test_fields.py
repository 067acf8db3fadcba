"""No field is written from outside (trust.md A4): forms name their fields; what they do not name stays as it was."""

import ast
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.matrix.test_structure import LAYERS, OURS
from tests.matrix.world import World

HOSTILE = ("state", "id", "pk", "owner", "is_staff", "is_superuser", "is_active", "passed", "reviewed_by", "groups")


class Inputs(HTMLParser):
    """What a browser would post back from a page."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Inputs, chosen options, the beginning of a text area."""
        seen = dict(attrs)
        name = seen.get("name") or ""
        if tag == "input" and name:
            kind = seen.get("type", "text")
            if kind not in {"file", "submit", "button"} and (kind not in {"checkbox", "radio"} or "checked" in seen):
                self.values.setdefault(name, []).append(seen.get("value", "on" if kind == "checkbox" else "") or "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in seen:
            self.values.setdefault(self._select, []).append(seen.get("value") or "")
        elif tag == "textarea" and name:
            self._area = name
            self.values[name] = [""]

    def handle_data(self, data: str) -> None:
        """The text of an area."""
        if self._area:
            self.values[self._area][0] += data

    def handle_endtag(self, tag: str) -> None:
        """The end of an area or a choice."""
        if tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""


@dataclass(frozen=True)
class Form:
    """A page that changes ``row``; ``may``: the columns it may change, what the server itself keeps included."""

    page: str
    who: str
    row: str
    may: tuple[str, ...]
    more: tuple[tuple[str, str], ...] = ()
    without_pk: bool = False


KEPT = ("form_version", "draft_saved_at", "updated_at", "changed_at")
FORMS = (
    Form("applications:my-section", "applicant", "draft", (
        "ethnicity", "birthplace", "work_started_on", "current_post", "current_post_since", "current_specialty",
        "specialty_years", "foreign_language", "file_kept_at", "staff_kind", "retired", "under_punishment", *KEPT,
    ), (("section", "person"),)),
    Form("applications:my-section", "applicant", "draft", (
        "representative_title", "representative_role", "representative_text", "specialty", *KEPT,
    ), (("section", "representative"),)),
    Form("applications:my-section", "applicant", "draft", ("answers", *KEPT), (("section", "questions"),)),
    Form("accounts:account-edit", "applicant", "account_of_applicant", (
        "full_name", "language", "large_text", "email", "phone",
    ), without_pk=True),
    Form("reviews:meeting-change", "office_clerk", "meeting_draft", (
        "kind", "meets_on", "meets_at", "place", "method", "expected", "contact", "phone",
    )),
)  # fmt: skip


def every_name() -> list[str]:
    """Field names of all our models, with the names attackers try first."""
    models = [model for model in apps.get_models() if model._meta.app_label in LAYERS]
    names = {name for model in models for field in model._meta.concrete_fields for name in (field.name, field.attname)}
    return sorted(names | set(HOSTILE))


def columns(row: Any) -> dict[str, Any]:
    """The row as stored."""
    fresh = type(row)._base_manager.get(pk=row.pk)
    return {field.attname: getattr(fresh, field.attname) for field in fresh._meta.concrete_fields}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: f"{form.page} {dict(form.more)}")
def test_what_the_form_does_not_name_stays(world: World, form: Form) -> None:
    row = world.user("applicant", world.rows["draft"]) if form.row == "account_of_applicant" else world.rows[form.row]
    user = row if form.without_pk else world.user(form.who, row)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = world.cookies[user.pk]
    url = reverse(form.page, kwargs={**({} if form.without_pk else {"pk": row.pk}), **dict(form.more)})
    inputs = Inputs()
    inputs.feed(client.get(url).content.decode())
    named = {name.rpartition("-")[2] for name in inputs.values}
    attack = {name: "1" for name in every_name() if name not in named | set(inputs.values) and name not in form.may}
    assert len(attack) >= 40
    before = columns(row)
    with transaction.atomic():
        answer = client.post(url, {**inputs.values, **attack})
        assert answer.status_code in {200, 302, 422}
        after = columns(row)
        transaction.set_rollback(True)
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= set(form.may)


@pytest.mark.parametrize(
    ("name", "who", "label", "first"),
    [
        ("plans:notice-new", "office_clerk", "plans.Notice", "draft"),
        ("applications:sanction-new", "bureau_reviewer", "applications.Sanction", "draft"),
        ("accounts:organisation-add", "applicant", "accounts.Organisation", "waiting"),
        ("certificates:document-new", "bureau_reviewer", "certificates.IssueDocument", "draft"),
    ],
)
def test_new_rows_begin_at_the_beginning(world: World, name: str, who: str, label: str, first: str) -> None:
    """A form that creates, posted with every field name of the portal: a new row, if any, has its first status."""
    model = apps.get_model(label)
    user = world.user(who)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = world.cookies[user.pk]
    inputs = Inputs()
    inputs.feed(client.get(reverse(name)).content.decode())
    known = set(model._base_manager.values_list("pk", flat=True))
    attack = {name: "published" if name in {"status", "state"} else "1" for name in every_name()}
    with transaction.atomic():
        assert client.post(reverse(name), {**attack, **inputs.values}).status_code < 500
        made = list(model._base_manager.exclude(pk__in=known))
        transaction.set_rollback(True)
    assert {row.status for row in made} <= {first}
    assert not any(getattr(row, name, None) for row in made for name in ("proposed_by_id", "decided_by_id"))


def test_every_form_names_its_fields() -> None:
    """No ``fields = "__all__"``, no ``exclude``: a new column never slips into an old form."""
    found = []
    for top in OURS:
        for path in Path(settings.BASE_DIR, top).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if not isinstance(node, ast.ClassDef):
                    continue
                for line in node.body:
                    targets = [t.id for t in getattr(line, "targets", []) if isinstance(t, ast.Name)]
                    value = getattr(line, "value", None)
                    if "exclude" in targets or (
                        "fields" in targets and isinstance(value, ast.Constant) and value.value == "__all__"
                    ):
                        found.append(f"{path}:{line.lineno}")
    assert found == []
