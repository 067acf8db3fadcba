"""Migrations in seconds: a new table, field, constraint, index or trigger does not rebuild the state of its neighbours.

Django renders every model related to the changed one anew, and through `User` all are related: 600 such operations took
two minutes, at each first start and each test run. None of these changes a field of another model, and each writes its
SQL from the model's own state. Code of a migration (`RunPython`) is given everything rendered anew, as Django does for
states it calls delayed.
"""

from typing import Any

from django.db.migrations.state import ModelState, ProjectState
from django.db.migrations.utils import field_is_referenced
from django.db.models import NOT_PROVIDED
from pgtrigger.migrations import AddTrigger

_add_model_and_neighbours = ProjectState.add_model
_alter_field_and_neighbours = ProjectState.alter_field
_model_and_neighbours = ProjectState._find_reload_model  # type: ignore[attr-defined]


def install() -> None:
    """Replace the six methods; called once, when the apps are ready."""
    ProjectState.add_model = _add_model  # type: ignore[method-assign]
    ProjectState._find_reload_model = _find_reload_model  # type: ignore[attr-defined]
    ProjectState.add_field = _add_field  # type: ignore[method-assign]
    ProjectState.alter_field = _alter_field  # type: ignore[method-assign]
    ProjectState._append_option = _append_option  # type: ignore[attr-defined]
    AddTrigger.state_forwards = _state_with_trigger  # type: ignore[method-assign]


def _add_model(self: ProjectState, model_state: ModelState) -> None:
    """What Django does for `CreateModel`, rendering the new model only (its relations reach the others' classes)."""
    key = model_state.app_label, model_state.name_lower
    if "apps" not in self.__dict__ or key[1] in self.apps.all_models[key[0]]:
        _add_model_and_neighbours(self, model_state)
        return
    self.models[key] = model_state
    if self._relations is not None:  # type: ignore[attr-defined]
        self.resolve_model_relations(key)
    self.apps.render_multiple([model_state])


def _find_reload_model(
    self: ProjectState, app_label: str, model_name: str, delay: bool = False
) -> set[tuple[str, str]]:
    """What Django renders after a change of a model: where it would put off the distant ones, the model itself only."""
    if not delay:
        return _model_and_neighbours(self, app_label, model_name, delay)  # type: ignore[no-any-return]
    self.is_delayed = True
    return {(app_label, model_name)}


def _add_field(
    self: ProjectState, app_label: str, model_name: str, name: str, field: Any, preserve_default: bool
) -> None:
    """What Django does for `AddField`; a new relation too reaches the other's class without rendering it."""
    if not preserve_default:
        field = field.clone()
        field.default = NOT_PROVIDED
    key = app_label, model_name
    self.models[key].fields[name] = field
    if self._relations is not None:  # type: ignore[attr-defined]
        self.resolve_model_field_relations(key, name, field)
    self.reload_model(app_label, model_name, delay=True)


def _alter_field(
    self: ProjectState, app_label: str, model_name: str, name: str, field: Any, preserve_default: bool
) -> None:
    """What Django does for `AlterField`; a relation that is altered changes nothing of the model it leads to. Only a
    field that others refer to renders them too.
    """
    key = app_label, model_name
    if field_is_referenced(self, key, (name, field)):
        _alter_field_and_neighbours(self, app_label, model_name, name, field, preserve_default)
        return
    if self._relations is not None:  # type: ignore[attr-defined]
        before = self.models[key].fields.pop(name)
        if before.is_relation:
            self.resolve_model_field_relations(key, name, before)
    self.add_field(app_label, model_name, name, field, preserve_default)


def _append_option(self: ProjectState, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
    """What Django does for `AddConstraint` and `AddIndex`, without the rendering."""
    options = self.models[app_label, model_name].options
    options[option_name] = [*options[option_name], obj]


def _state_with_trigger(self: AddTrigger, app_label: str, state: ProjectState) -> None:
    """What pgtrigger does, without the rendering."""
    options = state.models[app_label, self.model_name].options
    options["triggers"] = [*options.get("triggers", []), self.trigger]
