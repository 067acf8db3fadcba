"""``docs/notice.md`` is complete: every sentence of the notice that gives a task has its page and its test."""

import os

import pytest
from django.conf import settings

from appraisal_portal.kernel.checks import url_patterns
from tests.notice import NOT_CARRIED, SENTENCES, marked, written

PAGE = settings.BASE_DIR / "docs" / "notice.md"
CARRIED = marked(settings.BASE_DIR / "tests")


@pytest.mark.skipif("NOTICE_WRITE" not in os.environ, reason="writes the page; read it before committing it")
def test_write_the_page() -> None:
    PAGE.write_text(written(CARRIED), encoding="utf-8")


def test_markers_name_sentences_of_the_notice() -> None:
    assert sorted(set(CARRIED) - set(SENTENCES)) == []


def test_what_no_test_carries_is_listed_exactly() -> None:
    assert [name for name in SENTENCES if name not in CARRIED] == list(NOT_CARRIED)


def test_every_carried_sentence_has_a_page_of_the_portal() -> None:
    pages = {name for _path, name, _view in url_patterns()}
    assert {name: row.page for name, row in SENTENCES.items() if name in CARRIED and row.page not in pages} == {}
    assert [name for name in NOT_CARRIED if SENTENCES[name].page] == []


def test_the_page_says_what_stands_here() -> None:
    assert PAGE.read_text(encoding="utf-8") == written(CARRIED)
