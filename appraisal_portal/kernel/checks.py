"""Mistakes that stop the site from starting, each with an id and a hint."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.urls import URLPattern, URLResolver, get_resolver

from appraisal_portal.kernel.access import Predicate
from appraisal_portal.kernel.approvals import TwoPerson
from appraisal_portal.kernel.models import Snapshot
from appraisal_portal.kernel.records import TransitionRecord
from appraisal_portal.kernel.workflow import Workflow


def url_patterns(
    resolver: URLResolver | None = None, prefix: str = "", space: str = ""
) -> Iterator[tuple[str, str, Any]]:
    """Every pattern of the site as (path, full name, callback)."""
    for entry in (resolver or get_resolver()).url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from url_patterns(entry, path, inner)
        elif isinstance(entry, URLPattern):
            yield path, f"{space}{entry.name}", entry.callback


def declared_access(callback: Any) -> Predicate | None:
    """The ``access`` a view declares: on the class, on the function, or in ``as_view(access=…)``."""
    view = getattr(callback, "view_class", callback)
    found = getattr(callback, "view_initkwargs", {}).get("access") or getattr(view, "access", None)
    return found if isinstance(found, Predicate) else None


@register(Tags.urls)
def every_url_declares_access(**_: Any) -> list[CheckMessage]:
    """portal.E001: a URL whose view says nothing about who may open it."""
    return [
        Error(f"{path} ({name}) declares no access", hint="Give its view `access = <Predicate>`.", id="portal.E001")
        for path, name, callback in url_patterns()
        if declared_access(callback) is None
    ]


def _is_installed(label: str) -> bool:
    """Whether the driving stage exists; rows of the table may wait for a stage that is not built yet (model.md)."""
    try:
        apps.get_model(label)
    except LookupError:
        return False
    return True


@register(Tags.models)
def every_workflow_is_complete(**_: Any) -> list[CheckMessage]:
    """portal.E002: a driven row whose driver does not exist; portal.E003: a row nobody can fire."""
    found: list[CheckMessage] = []
    for workflow in Workflow.registry.values():
        for row in workflow.transitions.values():
            for driver in row.driven_by:
                label, _dot, name = driver.rpartition(".")
                stage = Workflow.registry.get(label)
                if _is_installed(label) and (stage is None or name not in stage.transitions):
                    found.append(Error(f"{workflow.label}.{row.name}: no driver {driver}", id="portal.E002"))
            if row.allowed.name == "nobody" and not row.driven_by:
                found.append(Error(f"{workflow.label}.{row.name}: nobody can fire it", id="portal.E003"))
    return found


@register(Tags.models)
def abstract_rows_keep_their_guards(**_: Any) -> list[CheckMessage]:
    """portal.E004: a concrete row whose Meta lost the triggers or constraints of its abstract parent."""
    found: list[CheckMessage] = []
    for model in apps.get_models():
        triggers = {trigger.name for trigger in getattr(model._meta, "triggers", [])}
        constraints = {constraint.name for constraint in model._meta.constraints}
        wanted: set[str] = set()
        if issubclass(model, TransitionRecord):
            wanted = {"record_append_only", "record_chained"} - triggers
        if issubclass(model, Snapshot):
            wanted = {"snapshot_stays"} - triggers
        if issubclass(model, TwoPerson):
            stem = f"{model._meta.app_label}_{model._meta.model_name}"
            wanted = {f"{stem}_two_people", f"{stem}_same_content"} - constraints
        if wanted:
            found.append(Error(f"{model._meta.label} lost {', '.join(sorted(wanted))}", id="portal.E004"))
    return found


@register(Tags.security, deploy=True)
def no_eager_tasks_in_production(**_: Any) -> list[CheckMessage]:
    """portal.E005: tasks that run inside the request."""
    if getattr(settings, "CELERY_TASK_ALWAYS_EAGER", False):
        return [Error("Celery runs eagerly", hint="Unset CELERY_TASK_ALWAYS_EAGER.", id="portal.E005")]
    return []
