"""Correction slip: what an item opens, what changed, and what follows from it (issue 3, correction slip)."""

import copy
from typing import Any

import pytest

from applications.rules.corrections import Opening, after_of, changes, consequence, part, split

CONTENT: dict[str, Any] = {
    "application": {"unit": "林场", "title": "工程师"},
    "person": {"name": "王小明", "phone": "13800000000", "email": "", "current_post": "工程师"},
    "education": [{"pk": 12, "school": "浙江大学", "major": "林学", "files": [{"name": "学历.pdf", "sha256": "aa"}]}],
    "hours": [{"pk": 3, "year": 2025, "professional": 60}],
    "experience": {
        "work": [{"pk": 5, "unit_name": "林场", "post": "技术员"}],
        "training": [{"pk": 5, "content": "培训"}],
    },
    "achievements": [
        {"pk": 7, "title": "造林", "rank": "1/3", "files": [{"name": "证明.pdf", "sha256": "bb"}]},
        {"pk": 8, "title": "论文", "rank": "2/3", "files": []},
    ],
    "representative": {"representative_text": "一", "answers": {}, "files": []},
    "attachments": {"hours": [{"name": "学时.pdf", "sha256": "cc"}]},
    "photo": "dd",
}


def changed(path: tuple[Any, ...], value: Any) -> dict[str, Any]:
    """The content with one thing different."""
    content = copy.deepcopy(CONTENT)
    here: Any = content
    for step in path[:-1]:
        here = here[step]
    if value is None:
        del here[path[-1]]
    elif path[-1] == "+":
        here.append(value)
    else:
        here[path[-1]] = value
    return content


SCAN = [{"name": "更清楚.pdf", "sha256": "ee"}]
TABLE = [
    # (what changed, path, value, publicised again, signed again)
    ("nothing", ("photo",), "dd", False, False),
    ("photo", ("photo",), "ee", False, False),
    ("phone", ("person", "phone"), "13900000000", False, False),
    ("post", ("person", "current_post"), "高级工程师", False, True),
    ("health, on 2-1 only", ("person", "health"), "fair", False, True),
    ("schooling, on 2-1 only", ("education", 0, "schooling_years"), "2.5", False, True),
    ("school", ("education", 0, "school"), "浙江农林大学", True, True),
    ("scan of the diploma", ("education", 0, "files"), SCAN, False, False),
    ("further education", ("education", "+"), {"pk": 13, "school": "北京林业大学", "files": []}, True, True),
    ("education removed", ("education", 0), None, True, True),
    ("job", ("experience", "work", 0, "post"), "工程师", True, True),
    ("training", ("experience", "training", 0, "content"), "研修", True, True),
    ("achievement", ("achievements", 0, "rank"), "2/3", True, True),
    ("scan of an achievement", ("achievements", 0, "files"), SCAN, False, False),
    ("first file of an achievement", ("achievements", 1, "files"), SCAN, False, False),
    ("achievement added", ("achievements", "+"), {"pk": 9, "title": "标准", "rank": "", "files": []}, True, True),
    ("hours", ("hours", 0, "professional"), 70, False, True),
    ("text", ("representative", "representative_text"), "二", False, True),
    ("better scan of an attachment", ("attachments", "hours"), SCAN, False, False),
    ("attachment that was missing", ("attachments", "diploma"), SCAN, False, True),
]


@pytest.mark.parametrize(("path", "value", "publicise", "sign"), [row[1:] for row in TABLE], ids=[r[0] for r in TABLE])
def test_what_follows_from_a_change(path: tuple[Any, ...], value: Any, publicise: bool, sign: bool) -> None:
    found = consequence(CONTENT, changed(path, value))
    assert (bool(found.publicise), bool(found.sign)) == (publicise, sign)


OPENINGS = [
    ("the row named", "achievements:7", ("achievements", 0, "title"), "造林工程", True),
    ("another row", "achievements:7", ("achievements", 1, "title"), "别的", False),
    ("the row named may go", "achievements:8", ("achievements", 1), None, True),
    ("another row may not go", "achievements:7", ("achievements", 1), None, False),
    ("a further row", "achievements:new", ("achievements", "+"), {"pk": 9, "title": "新"}, True),
    ("no further row for one row", "achievements:7", ("achievements", "+"), {"pk": 9, "title": "新"}, False),
    ("no row for a further row", "achievements:new", ("achievements", 0, "title"), "别的", False),
    ("whole section", "achievements", ("achievements", "+"), {"pk": 9, "title": "新"}, True),
    ("the field named", "person.current_post", ("person", "current_post"), "高级工程师", True),
    ("another field", "person.current_post", ("person", "birthplace"), "浙江龙泉", False),
    ("what the account says", "hours", ("person", "phone"), "13900000000", True),
    ("what the register of units says", "hours", ("application", "unit"), "新名称的林场", True),
    ("only the files", "achievements:7.files", ("achievements", 0, "files"), SCAN, True),
    ("not the claim", "achievements:7.files", ("achievements", 0, "rank"), "1/1", False),
    ("one job", "experience:work-5", ("experience", "work", 0, "post"), "工程师", True),
    ("training of that number", "experience:work-5", ("experience", "training", 0, "content"), "别的", False),
    ("the attachment named", "attachments:hours", ("attachments", "hours"), SCAN, True),
    ("another attachment", "attachments:hours", ("attachments", "diploma"), SCAN, False),
    ("photo", "photo", ("photo",), "ee", True),
    ("photo not named", "hours", ("photo",), "ee", False),
]


@pytest.mark.parametrize(
    ("code", "path", "value", "allowed"), [row[1:] for row in OPENINGS], ids=[row[0] for row in OPENINGS]
)
def test_what_an_item_opens(code: str, path: tuple[Any, ...], value: Any, allowed: bool) -> None:
    found = changes(CONTENT, changed(path, value))
    assert len(found) == 1
    assert (Opening.of([code], CONTENT).beyond(found) == []) is allowed


def test_parts_of_a_content() -> None:
    assert split("achievements:7.files") == ("achievements", "7", "files")
    assert split("attachments:a.b") == ("attachments", "a.b", "")
    assert part(CONTENT, "person.current_post") == "工程师"
    assert part(CONTENT, "education:12")["school"] == "浙江大学"
    assert part(CONTENT, "education:99") is None
    assert part(CONTENT, "experience:work-5")["post"] == "技术员"
    assert part(CONTENT, "attachments:hours")[0]["sha256"] == "cc"
    added = changed(("achievements", "+"), {"pk": 9, "title": "标准"})
    assert [row["title"] for row in after_of(CONTENT, added, "achievements:new")] == ["标准"]
