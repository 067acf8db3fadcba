"""Every declared field is called by a word of its own, on the check page, on the comparison and on paper 2-1."""

import datetime as dt

import pytest

from applications.documents.declaration import blocks_of
from applications.forms.unit import _narrower
from applications.models import content
from applications.rules.comparison import compared
from applications.rules.corrections import changes
from applications.rules.items import attachment_names, items_of
from applications.rules.words import SECTIONS, field_label
from appraisal_portal.kernel.approvals import canonical
from tests.applications.steps import read, section, url

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
    [change] = compared(changes(before, type(draft).objects.get(pk=draft.pk).content()), {}, (), {}, {})
    assert {side.label for side in change.sides if not side.same} == {"岗位", "开始日期"}


def test_a_changed_attachment_is_compared_under_its_name(draft) -> None:
    before, after = draft.content(), draft.content()
    after["attachments"] = {**after["attachments"], "hours": [{"name": "学时.pdf", "sha256": "aa"}]}
    [change] = compared(changes(before, after), {}, (), {}, attachment_names(draft))
    assert change.label == "附件材料：继续教育学时证明"


def test_2_1_names_columns_like_the_pages(draft) -> None:
    blocks = {block["heading"]: block for block in blocks_of(draft, draft.content())}
    assert "业绩成果名称" in blocks["业绩成果"]["columns"]
    assert blocks["工作经历"]["columns"][:4] == ["开始日期", "所在单位", "岗位", "工作内容"]


def test_2_1_prints_health_political_status_and_schooling_once_they_are_stated(draft, mine) -> None:
    """The cells 身体状况, 政治面貌 and 学制 of form 2-1 (decision 63): voluntary, in words, a slip can name them."""
    draft.health = draft.political_status = ""
    draft.save()
    draft.educations.update(schooling_years=None)
    said = type(draft).objects.get(pk=draft.pk).content()
    assert not content.SENSITIVE & set(
        said["person"]
    )  # a content without them keeps the hash it had before they existed
    assert "schooling_years" not in said["education"][0]

    page = section(draft, "person")
    shown = mine.get(page)
    assert shown.content.decode().count("仅因评审表（2-1）印有此栏才询问") == 2
    typed = read(shown)[0] | {"health": "fair", "political_since": "2005-07-01"}
    refused = mine.post(page, typed)
    assert refused.status_code == 422
    assert "请在上面选择您加入的组织，或者不填这一天。" in refused.content.decode()
    assert mine.post(page, typed | {"political_status": "party"}).status_code == 302
    page = section(draft, "education")
    typed, fields = read(mine.get(page))
    assert "educations-0-schooling_years" in fields
    for wrong in ("0.2", "11", "四年"):
        assert mine.post(page, typed | {"educations-0-schooling_years": wrong}).status_code == 422
    assert mine.post(page, typed | {"educations-0-schooling_years": "2.5"}).status_code == 302

    fresh = type(draft).objects.get(pk=draft.pk)
    frozen = canonical(fresh.content())
    blocks = {block["heading"]: block for block in blocks_of(fresh, frozen)}
    printed = dict(blocks[str(SECTIONS["person"])]["pairs"])
    assert (printed["身体状况"], printed["政治面貌"], printed["加入时间"]) == ("一般或较弱", "中共党员", "2005-07-01")
    studied = blocks[str(SECTIONS["education"])]
    assert studied["rows"][0][studied["columns"].index("学制（年）")] == "2.5"
    for text in ("身体状况", "一般或较弱", "中共党员", "学制（年）", "2.5"):
        assert text in mine.get(url("my-check", draft.pk)).content.decode()
    person = next(item for item in items_of(fresh) if item.section == "person")
    assert ("person.health", "身体状况") in _narrower(person)
