"""The examination every journey's pages pass: nothing that was right on one page excuses what is wrong on the next."""

import pytest
from playwright.sync_api import Page

from tests.journeys.steps.axe import Examination

PAGE = """<!doctype html><html lang="zh-hans"><head><title>考核</title>
<meta name="viewport" content="width=device-width">
<style>input, a.btn {{ display: inline-block; width: 8rem; height: 2rem; color: #000; background: #fff }}</style></head>
<body><main><h1>考核</h1><form>{}</form></main></body></html>"""
FIELD = '<p class="exam-test"><label for="a1">姓名</label><input id="a1" name="n1"></p>'


def said(page: Page, content: str) -> set[str]:
    """The rules that a page breaks."""
    page.set_content(PAGE.format(content))
    examination = Examination(page)
    return {found["id"] for found in (*examination.wide(), *examination.on_a_phone())}


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ('<p class="exam-test"><label for="b1">姓名</label><input id="a1" name="n2"></p>', "label"),
        (f'{FIELD}<p class="exam-test"><a class="btn" href="/x/"></a></p>', "link-name"),
        (f'{FIELD}<h3 class="exam-test">名单</h3>', "heading-order"),
        (f'{FIELD}<p class="exam-test"><a class="btn" href="/x/" style="width:9px;height:9px;position:absolute">名</a>'
         '<a class="btn" href="/x/" style="width:9px;height:9px;position:absolute;margin-left:5px">单</a></p>',
         "target-size"),
        (f'{FIELD}<p class="exam-test" style="color:#999">字色太浅</p>', "color-contrast"),
    ],
)  # fmt: skip
def test_a_fault_is_found_on_a_page_whose_like_was_right(page: Page, wrong: str, rule: str) -> None:
    assert said(page, FIELD) == set()
    page.evaluate("() => { delete window.axe }")
    assert said(page, FIELD) == set()
    assert page.evaluate("() => window.axe === undefined"), "what was examined is examined again"
    assert rule in said(page, wrong)
