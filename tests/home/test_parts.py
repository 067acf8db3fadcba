"""A public page put around ready content is the page its template would give; a remembered part follows its version."""

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation
from django.utils.safestring import mark_safe

from appraisal_portal.kernel import parts
from appraisal_portal.kernel.middleware import Preferences

WHOLE = (
    '{% extends "base_public.html" %}{% block title %}T &lt;1&gt;{% endblock %}{% block main %}<p>x</p>{% endblock %}'
)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("large", [False, True])
def test_same_page_as_by_inheritance(language, large):
    for path in ("/c/A/", '/c/"><b>/'):
        request = RequestFactory().get(path)
        request.preferences = Preferences(large=large)
        with translation.override(language):
            whole = engines["django"].from_string(WHOLE).render({}, request)
            put = parts.public_page(request, title="T <1>", main=mark_safe("<p>x</p>"))
        assert put == whole


def test_part_is_made_again_for_another_version_and_language():
    made = []

    def make() -> str:
        made.append(1)
        return f"<b>{len(made)}</b>"

    with translation.override("en"):
        assert parts.remembered(make, "test-part", 1) == parts.remembered(make, "test-part", 1) == "<b>1</b>"
        assert parts.remembered(make, "test-part", 2) == "<b>2</b>"
    with translation.override("zh-hans"):
        assert parts.remembered(make, "test-part", 1) == "<b>3</b>"
