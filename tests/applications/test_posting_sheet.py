"""The posting sheet on the wall: nobody's facts are torn apart where a page can hold them, and whose they are stands
at the top of every page they need."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from applications.documents.unit import facts_of, posting_sheet
from appraisal_portal.kernel.rendering import render_pdf

LONG = 60


def person(seq: int, achievements: int) -> dict[str, Any]:
    """Somebody with so many achievements, none like another's."""
    shown = {
        "name": f"人员{seq:02}", "title": "农艺师", "held": "助理农艺师 2015.12", "claims": [],
        "education": [f"2010.06 浙江农林大学 农学 本科 甲{seq:02}"], "work": [f"2010.07—至今 农科院 技术员 乙{seq:02}"],
        "achievements": [f"水稻新品种选育与示范推广 市级 2/5 丙{seq:02}-{n:02}" for n in range(achievements)],
    }  # fmt: skip
    return {"seq": seq, **shown, "facts": facts_of(shown)}


def pages(people: list[dict[str, Any]]) -> list[str]:
    """What stands on each page of the sheet."""
    content = {
        "title": "职称申报材料公示", "unit": "丽水市农业科学研究院", "people": people, "place": "公告栏",
        "contact": "人事科，0578-2091234", "from": "2026 年 3 月 2 日", "to": "2026 年 3 月 9 日", "working_days": 5,
        "dated": "2026 年 3 月 2 日",
    }  # fmt: skip
    data = render_pdf(str(posting_sheet.template), content)
    return [page.extract_text().replace("\n", "") for page in PdfReader(io.BytesIO(data)).pages]


def those_of(one: dict[str, Any], found: list[str]) -> list[int]:
    """Pages on which a person is named."""
    return [number for number, text in enumerate(found) if f"{one['seq']}. {one['name']}" in text]


@pytest.mark.parametrize("many", [1, 8, 37])
def test_each_persons_facts_stand_together(many: int) -> None:
    people = [person(seq, seq % 5 + 1) for seq in range(1, many + 1)]
    found = pages(people)
    for one in people:
        [page] = those_of(one, found)
        for _label, lines in one["facts"]:
            assert all(line in found[page] for line in lines), (one["name"], lines)
    assert "（盖章处）" in found[-1]
    assert people[-1]["name"] in found[-1], "a seal never stands on a page without names"
    if many == 1:
        assert len(found) == 1


def test_whoever_needs_more_than_a_page_is_named_on_each() -> None:
    people = [person(1, 2), person(2, LONG), person(3, 2)]
    found = pages(people)
    theirs = those_of(people[1], found)
    assert len(theirs) > 1
    for line in people[1]["achievements"]:
        assert [number for number, text in enumerate(found) if line in text][0] in theirs
    assert len(those_of(people[0], found)) == len(those_of(people[2], found)) == 1
