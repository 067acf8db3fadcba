"""Migrations are complete, and quick enough for every first start and test run."""

import io

import pytest
from django.core.management import call_command
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import CASCADE, AutoField, CharField, CheckConstraint, ForeignKey, Q


@pytest.mark.django_db
def test_nothing_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, stdout=io.StringIO())


def test_a_new_model_reaches_the_one_it_points_to() -> None:
    state = ProjectState()
    state.add_model(ModelState("kernel", "Near", [("id", AutoField(primary_key=True))]))
    before = state.apps.get_model("kernel", "Near")
    fields = [("id", AutoField(primary_key=True)), ("near", ForeignKey("kernel.Near", CASCADE, related_name="far"))]
    state.add_model(ModelState("kernel", "Far", fields))
    assert state.apps.get_model("kernel", "Near") is before, "rendered once"
    assert "far" in {relation.name for relation in before._meta.related_objects}


def test_a_constraint_stays_with_the_model_when_it_is_rendered_again() -> None:
    state = ProjectState()
    fields = [("id", AutoField(primary_key=True)), ("word", CharField(max_length=9))]
    state.add_model(ModelState("kernel", "Near", fields, {"constraints": []}))
    assert state.apps.get_model("kernel", "Near")._meta.constraints == []
    state.add_constraint("kernel", "near", CheckConstraint(condition=Q(word="a"), name="only_a"))
    state.add_field("kernel", "near", "other", CharField(max_length=9, default=""), preserve_default=True)
    assert [found.name for found in state.apps.get_model("kernel", "Near")._meta.constraints] == ["only_a"]


def test_a_new_field_renders_its_own_model_and_code_is_given_all_of_them_anew() -> None:
    state = ProjectState()
    for name in ("Near", "Far"):
        state.add_model(ModelState("kernel", name, [("id", AutoField(primary_key=True))]))
    near = state.apps.get_model("kernel", "Near")
    state.add_field("kernel", "far", "near", ForeignKey("kernel.Near", CASCADE, null=True), preserve_default=True)
    state.add_field("kernel", "far", "word", CharField(max_length=9, default=""), preserve_default=True)
    far = state.apps.get_model("kernel", "Far")
    assert {field.name for field in far._meta.get_fields()} == {"id", "near", "word"}
    assert state.apps.get_model("kernel", "Near") is near, "not rendered again"
    assert far._meta.get_field("near").related_model is near
    state.clear_delayed_apps_cache()  # what RunPython asks for before it runs
    assert state.apps.get_model("kernel", "Near") is not near
    assert state.apps.get_model("kernel", "Far")._meta.get_field("near").related_model is not near
