"""Controls drawn without templates: what comes out is what the templates would have made of it."""

import datetime as dt
import re
from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from appraisal_portal.kernel import clock
from appraisal_portal.kernel.widgets import SeveralFiles, WidgetTemplates

MOMENT = clock.at(dt.date(2026, 5, 6), 9)
HOSTILE = """<b>"it's" & 三</b>"""
ATTRS: dict[str, Any] = {
    "id": "id_x", "maxlength": 50, "required": True, "disabled": False, "data-<n>": HOSTILE,
    "title": mark_safe("a &amp; b"),    "aria-label": gettext_lazy("Please choose"), "data-none": None, "step": 0.5,
}  # fmt: skip
CHOICES = [
    ("", "---------"), ("a", HOSTILE), (1, "one"), (None, "none"), ("s", mark_safe("x &amp; y")),
    (gettext_lazy("Year"), [("g", gettext_lazy("Month")), (HOSTILE, "h")]),
]  # fmt: skip
WIDGETS = [
    (forms.TextInput, [None, "", HOSTILE, mark_safe("a &amp; b"), 0, "三"]),
    (forms.NumberInput, [None, 0, 12345, "1.50", 1.5]),
    (forms.EmailInput, ["a@example.com"]),
    (forms.URLInput, ["https://example.com/?a=1&b=2"]),
    (forms.PasswordInput, ["secret"]),
    (forms.HiddenInput, [7, HOSTILE]),
    (forms.DateInput, [dt.date(2026, 5, 6), "2026-05-06", None]),
    (forms.DateTimeInput, [MOMENT]),
    (forms.TimeInput, [dt.time(9, 30)]),
    (forms.FileInput, [None]),
    (SeveralFiles, [None]),
    (forms.CheckboxInput, [None, True, False, "x"]),
    (forms.Textarea, [None, "", HOSTILE, "\n first line", mark_safe("a &amp; b")]),
    (lambda attrs: forms.Select(attrs, CHOICES), [None, "a", 1, "g", HOSTILE, "unknown"]),
    (lambda attrs: forms.SelectMultiple(attrs, CHOICES), [None, ["a", "g"]]),
    (lambda attrs: forms.SelectDateWidget(attrs, years=[2025, 2026]), [None, dt.date(2026, 5, 6)]),
    (forms.SplitDateTimeWidget, [MOMENT]),
]


def _plain(html: str) -> str:
    """Without the blank lines between options."""
    return re.sub(r">\s+<(/?opt|/select)", r"><\1", html.strip())


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(("widget", "values"), WIDGETS)
def test_a_control_is_what_its_templates_make_of_it(widget: Any, values: list[Any], language: str) -> None:
    ours = WidgetTemplates()
    with override(language):
        for attrs in (ATTRS, {}):
            for value in values:
                drawn = widget(attrs=attrs)
                context = drawn.get_context('name<"', value, attrs)
                by_templates = DjangoTemplates.render(ours, drawn.template_name, context)
                assert _plain(drawn.render('name<"', value, attrs, renderer=ours)) == _plain(by_templates)


def test_the_empty_choice_says_what_to_do() -> None:
    with override("zh-hans"):
        assert '<option value="">请选择</option>' in forms.Select(choices=CHOICES).render(
            "n", "a", renderer=WidgetTemplates()
        )
