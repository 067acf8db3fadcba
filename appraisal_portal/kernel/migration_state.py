"""Migrations in seconds: a new table, constraint, index or trigger does not rebuild the state of its neighbours.

Django renders every model related to the changed one anew, and through `User` all are related: 400 such operations took
most of a minute, at each first start and each test run. None of these changes a field of another model, and each writes
its SQL from the model's own state; the next operation that does change a field renders everything with it.
"""

from typing import Any

from django.db.migrations.state import ModelState, ProjectState
from pgtrigger.migrations import AddTrigger

_add_model_and_neighbours = ProjectState.add_model


def install() -> None:
    """Replace the three methods; called once, when the apps are ready."""
    ProjectState.add_model = _add_model  # type: ignore[method-assign]
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


def _append_option(self: ProjectState, app_label: str, model_name: str, option_name: str, obj: Any) -> None:
    """What Django does for `AddConstraint` and `AddIndex`, without the rendering."""
    options = self.models[app_label, model_name].options
    options[option_name] = [*options[option_name], obj]


def _state_with_trigger(self: AddTrigger, app_label: str, state: ProjectState) -> None:
    """What pgtrigger does, without the rendering."""
    options = state.models[app_label, self.model_name].options
    options["triggers"] = [*options.get("triggers", []), self.trigger]
