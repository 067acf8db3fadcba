"""Pages of rows saved while typing: a new row is made once, a ticked one stays, an emptied one goes, tabs are told."""

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from applications.models import Declaration, ExpertRecommendation
from appraisal_portal.home.story.people import evidence_pdf
from appraisal_portal.kernel import clock, sweeps, tokens
from appraisal_portal.kernel.models import FormToken
from tests.applications.steps import read, rows, section

pytestmark = pytest.mark.django_db
QUIET = {"headers": {"X-Requested-With": "autosave"}}
FILLED = {
    "education": ("educations", {"level": "master", "school": "浙江大学"}, "school"),
    "title": ("held_titles", {"level": "technician", "name": "技术员"}, "name"),
    "experience": ("work_history", {"unit_name": "松阳县林业局"}, "unit_name"),
    "achievements": ("achievements", {"kind": "award", "title": "新奖项"}, "title"),
    "way": ("expert_recommendations", {"name": "张教授"}, "name"),
}


def begun(mine: Client, draft: Declaration, page: str) -> tuple[dict[str, Any], str, str]:
    """The page as it is posted with a new row; where the new row lies, and its relation."""
    related, typed, _name = FILLED[page]
    if page == "way":
        Declaration.objects.filter(pk=draft.pk).update(route="exceptional")
    shown = mine.get(section(draft, page))
    assert f'data-autosave="{section(draft, page)}"' in shown.content.decode()
    post, _fields = read(shown)
    del post["stay"]
    new = f"{related}-{getattr(draft, related).count()}"
    return post | {f"{new}-{name}": value for name, value in typed.items()}, new, related


@pytest.mark.parametrize("page", FILLED)
def test_a_new_entry_saved_again_and_again_is_made_once(mine: Client, draft: Declaration, page: str) -> None:
    post, new, related = begun(mine, draft, page)
    name, count = FILLED[page][2], getattr(draft, related).count()
    assert uuid.UUID(post[f"{new}-token"])
    for words in ("第一次", "第二次"):
        said = mine.post(section(draft, page), post | {f"{new}-{name}": words}, **QUIET).json()
        assert said["text"].startswith("草稿已于")
        post["version"] = said["version"]
        assert getattr(draft, related).filter(**{name: words}).count() == 1
        assert getattr(draft, related).count() == count + 1
    answer = mine.post(section(draft, page), post | {f"{new}-{name}": "最后"})
    assert answer.status_code == 302
    assert getattr(draft, related).filter(**{name: "最后"}).count() == 1
    assert getattr(draft, related).count() == count + 1


def test_a_ticked_removal_waits_for_the_button(mine: Client, draft: Declaration) -> None:
    post = rows(draft, "educations") | {"educations-0-DELETE": "on"}
    said = mine.post(section(draft, "education"), post, **QUIET).json()
    assert draft.educations.count() == 1
    assert mine.post(section(draft, "education"), post | {"version": said["version"]}).status_code == 302
    assert draft.educations.count() == 0


def test_a_new_entry_emptied_again_is_none_and_can_be_begun_anew(mine: Client, draft: Declaration) -> None:
    """Experts must be named to be stored: whoever began one by mistake is not kept on the page by the missing name."""
    post, new, _related = begun(mine, draft, "way")
    for words, count in (("张教授", 1), ("", 0), ("李教授", 1), ("", 0)):
        said = mine.post(section(draft, "way"), post | {f"{new}-name": words}, **QUIET).json()
        post["version"] = said["version"]
        assert ExpertRecommendation.objects.count() == count
    assert mine.post(section(draft, "way"), post | {f"{new}-name": ""}).status_code == 302
    assert not draft.expert_recommendations.exists()


def test_a_row_half_typed_is_not_stored_and_told(mine: Client, draft: Declaration) -> None:
    post, new, _related = begun(mine, draft, "education")
    said = mine.post(section(draft, "education"), post | {f"{new}-finished_on": "2026-02-30"}, **QUIET).json()
    assert said == {"text": "尚未保存：有 1 处需要修改"}
    assert draft.educations.count() == 1


def test_two_tabs_each_with_a_new_entry_the_second_is_told_and_keeps_its_own(mine: Client, draft: Declaration) -> None:
    first, new, _related = begun(mine, draft, "education")
    second, _new, _related = begun(mine, draft, "education")
    second |= {f"{new}-school": "宁波大学"}
    assert mine.post(section(draft, "education"), first, **QUIET).status_code == 200
    told = mine.post(section(draft, "education"), second, **QUIET)
    assert (told.status_code, "另一窗口" in told.json()["text"]) == (409, True)
    assert draft.educations.count() == 2
    asked = mine.post(section(draft, "education"), second)
    assert asked.status_code == 409
    assert "data-autosave" not in asked.content.decode()
    post, _fields = read(asked)
    assert mine.post(section(draft, "education"), post).status_code == 302
    assert set(draft.educations.values_list("school", flat=True)) >= {"浙江大学", "宁波大学"}
    assert draft.educations.count() == 3


def test_a_page_that_never_heard_the_answer_makes_no_second_entry(mine: Client, draft: Declaration) -> None:
    """The answer to the first save was lost on the way: the page asks, and what stands there is saved into its row."""
    post, new, _related = begun(mine, draft, "achievements")
    count = draft.achievements.count()
    mine.post(section(draft, "achievements"), post, **QUIET)
    proof = SimpleUploadedFile("证明.pdf", evidence_pdf("奖项证明"), "application/pdf")
    asked = mine.post(section(draft, "achievements"), post | {f"{new}-role": "主持"})
    again, _fields = read(asked)
    assert mine.post(section(draft, "achievements"), again | {f"{new}-proof": proof}).status_code == 302
    made = draft.achievements.get(title="新奖项")
    assert (made.role, draft.achievements.count()) == ("主持", count + 1)
    assert draft.materials.filter(code=f"achievement-{made.pk}").count() == 1


def test_a_token_of_somebody_else_or_none_does_no_harm(
    mine: Client, draft: Declaration, django_user_model: Any
) -> None:
    post, new, _related = begun(mine, draft, "education")
    other = django_user_model.objects.exclude(pk=draft.applicant.user.pk).first()
    token = FormToken.objects.create(user=other, purpose="entry", result_url=f"educations:{draft.educations.get().pk}")
    answer = mine.post(section(draft, "education"), post | {f"{new}-token": str(token.pk)})
    assert answer.status_code == 409
    assert draft.educations.count() == 1
    draft.refresh_from_db()
    assert mine.post(section(draft, "education"), post | {f"{new}-token": "x"}).status_code == 302
    assert draft.educations.count() == 2


def test_tokens_are_forgotten_once_no_open_page_can_send_them(mine: Client, draft: Declaration) -> None:
    post, _new, _related = begun(mine, draft, "education")
    mine.post(section(draft, "education"), post, **QUIET)
    kept = FormToken.objects.get(purpose="entry")
    assert sweeps.run("tokens of forms") == 0
    FormToken.objects.filter(pk=kept.pk).update(created_at=clock.now() - tokens.KEPT_FOR - dt.timedelta(seconds=1))
    assert sweeps.run("tokens of forms") == 1
    assert draft.educations.count() == 2  # what it made stays
