"""Every declared field is called by a word of its own, on the check page, on the comparison and on paper 2-1."""

import datetime as dt

import pytest

from applications.documents.declaration import blocks_of
from applications.models import content
from applications.rules.comparison import compared
from applications.rules.corrections import changes
from applications.rules.items import items_of
from applications.rules.words import field_label

FIELDS = {
    "person": content.PERSON_FIELDS, "education": content.EDUCATION_FIELDS, "title": content.TITLE_FIELDS,
    "experience": (*content.WORK_FIELDS, *content.TRAINING_FIELDS), "hours": content.HOURS_FIELDS,
    "achievements": content.ACHIEVEMENT_FIELDS, "assessments": content.ASSESSMENT_FIELDS,
    "representative": (*content.REPRESENTATIVE_FIELDS, "files", "answers"),
    "way": ("exceptional_ground", "transfer_series", "talent_kind", "talent_reason", "experts", "exam", "files"),
    "experts": content.EXPERT_FIELDS, "exam": content.EXAM_FIELDS, "class": content.CLASS_FIELDS,
    "relief": content.RELIEF_FIELDS,
}  # fmt: skip


@pytest.mark.parametrize(("section", "name"), [(key, name) for key, names in FIELDS.items() for name in names])
def test_no_field_is_shown_by_its_name_in_the_code(section: str, name: str) -> None:
    assert not field_label(section, name).isascii()  # pages begin in Chinese


def test_a_title_and_an_achievement_are_not_called_like_a_person(draft) -> None:
    items = {item.section: dict(item.claim) for item in items_of(draft)}
    held, reached = draft.held_titles.get(), draft.achievements.last()
    assert items["title"]["资格名称"] == held.name
    assert "姓名" not in items["title"]
    assert items["achievements"]["业绩成果名称"] == reached.title
    assert items["person"]["姓名"] == draft.applicant.name


def test_a_changed_job_is_compared_in_words(draft) -> None:
    before = draft.content()
    draft.work_history.update(post="副科长", starts_on=dt.date(2015, 3, 1))
    [change] = compared(changes(before, type(draft).objects.get(pk=draft.pk).content()), {}, (), {})
    assert {side.label for side in change.sides if not side.same} == {"岗位", "起"}


def test_2_1_names_columns_like_the_pages(draft) -> None:
    blocks = {block["heading"]: block for block in blocks_of(draft, draft.content())}
    assert "业绩成果名称" in blocks["业绩成果"]["columns"]
    assert blocks["工作经历"]["columns"][:4] == ["起", "所在单位", "岗位", "工作内容"]
