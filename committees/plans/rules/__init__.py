"""What must hold before the bureau decides, and where a title is asked for."""

from .asking import can_be_asked
from .conditions import class_demands, free_of_texts, tilt_effects
from .decisions import (
    approved_before_use,
    committees_active,
    complete,
    covered_by_scope,
    covered_on,
    dates_confirmed,
    no_window_under_another_version,
    one_chair,
    rule_sets_fit,
    size_in_rule_set,
    term_free,
    term_not_over,
    term_not_too_long,
    windows_apart,
    windows_in_order,
)
from .deployment import deployment_complete, deploys_the_plan_in_force, something_left_to_deploy
from .routes import Action, Answer, Reason, determined_with, where_to_apply
from .rule_sets import RuleSet, rule_set, rule_set_on, rule_sets

__all__ = [
    "Action",
    "Answer",
    "Reason",
    "RuleSet",
    "approved_before_use",
    "can_be_asked",
    "class_demands",
    "committees_active",
    "complete",
    "covered_by_scope",
    "covered_on",
    "dates_confirmed",
    "deployment_complete",
    "deploys_the_plan_in_force",
    "determined_with",
    "free_of_texts",
    "no_window_under_another_version",
    "one_chair",
    "rule_set",
    "rule_set_on",
    "rule_sets",
    "rule_sets_fit",
    "size_in_rule_set",
    "something_left_to_deploy",
    "term_free",
    "term_not_over",
    "term_not_too_long",
    "tilt_effects",
    "where_to_apply",
    "windows_apart",
    "windows_in_order",
]
