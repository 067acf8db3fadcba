"""What no linter sees: foreign keys point downwards, statuses are assigned in one place only."""

import ast
from pathlib import Path

from django.apps import apps
from django.conf import settings

from appraisal_portal.kernel.workflow import Workflow

LAYERS = [
    "kernel", "accounts", "plans", "applications", "reviews", "autonomous", "certificates", "supervision", "home",
]  # fmt: skip
OURS = ("appraisal_portal", "applications", "committees", "certificates")

# Rows with a status of their own that no workflow moves: deliveries, units of work, exports.
WITHOUT_WORKFLOW = {
    "appraisal_portal/home/services.py",  # Outbox: a delivery that was given up is tried again
    "appraisal_portal/kernel/exports.py",  # Export: how far the worker has come
    "appraisal_portal/kernel/outbox.py",
    "appraisal_portal/kernel/workflow.py",
    "certificates/services/issuing.py",  # IssueItem
    "certificates/services/batches.py",  # IssueItem
}


def test_foreign_keys_point_to_the_same_or_a_lower_layer():
    upwards = []
    for model in apps.get_models():
        if model._meta.app_label not in LAYERS:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if (
                not getattr(field, "concrete", False)
                or target is None
                or target._meta.label == settings.AUTH_USER_MODEL
            ):
                continue
            if target._meta.app_label in LAYERS and LAYERS.index(target._meta.app_label) > LAYERS.index(
                model._meta.app_label
            ):
                upwards.append(f"{model._meta.label}.{field.name} -> {target._meta.label}")
    assert upwards == []


def test_only_the_engine_assigns_a_status():
    found = []
    for top in OURS:
        for path in Path(settings.BASE_DIR, top).rglob("*.py"):
            name = path.relative_to(settings.BASE_DIR).as_posix()
            if "/migrations/" in name or name in WITHOUT_WORKFLOW:
                continue
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                targets = node.targets if isinstance(node, ast.Assign) else []
                found += [
                    f"{name}:{node.lineno}"
                    for target in targets
                    for part in (target.elts if isinstance(target, ast.Tuple) else [target])
                    if isinstance(part, ast.Attribute) and part.attr == "status"
                ]
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and node.func.attr in {"update", "bulk_update"}
                    and any(keyword.arg == "status" for keyword in node.keywords)
                ):
                    found.append(f"{name}:{node.lineno}")
    assert found == []


def test_every_model_with_a_workflow_has_its_status_trigger():
    for workflow in Workflow.registry.values():
        names = {trigger.name for trigger in workflow.model._meta.triggers}
        assert "status_by_table" in names, workflow.label
