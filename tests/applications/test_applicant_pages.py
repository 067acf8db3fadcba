"""The applicant's pages: drafts saved leniently, bad input refused by name with everything typed kept, nothing lost."""

import io
import re
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from applications.models import Declaration, Photo
from appraisal_portal.home.story import declare
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.home.story.people import evidence_pdf, photo_jpeg
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.files import open_upload
from committees.plans.models import Subfield, Title
from tests.applications.steps import rows, section, sign, url
from tests.factories.applications import a_submitted

pytestmark = pytest.mark.django_db
World = tuple[City, Cycle]


def fresh(world: World, seed: int = 50) -> tuple[Client, dict[str, Any]]:
    """An applicant without declaration, and what the form of a new one posts."""
    city, _cycle = world
    user = city.applicant(seed)
    unit = next(u for u in city.units if u.name == "龙泉市凤阳山林场")
    city.employ(user, unit)
    client = Client()
    client.force_login(user)
    data = {
        "token": str(uuid.uuid4()),
        "unit": unit.pk,
        "title": Title.objects.valid_on(clock.today()).get(name="工程师").pk,
        "subfield": Subfield.objects.get(code="forestry").pk,
        "channel": "regular",
        "specialty": "",
    }
    return client, data


# -- starting ----------------------------------------------------------------------------------------------------------


def test_p01_five_equal_posts_give_one_declaration(world: World) -> None:
    client, data = fresh(world)
    answers = [client.post(url("my-new"), data) for _ in range(5)]
    (declaration,) = Declaration.objects.all()
    assert {answer["Location"] for answer in answers} == {url("my-detail", declaration.pk)}
    assert declaration.committee == world[1].committee("forestry")
    assert declaration.standard_version is not None


def test_p02_a_second_draft_leads_to_the_first(world: World) -> None:
    client, data = fresh(world)
    client.post(url("my-new"), data)
    (first,) = Declaration.objects.all()
    answer = client.post(url("my-new"), data | {"token": str(uuid.uuid4())}, follow=True)
    assert Declaration.objects.count() == 1
    assert answer.request["PATH_INFO"] == url("my-detail", first.pk)
    assert str(first) in answer.content.decode()


def test_after_withdrawal_a_new_one_can_be_started(world: World) -> None:
    client, data = fresh(world)
    client.post(url("my-new"), data)
    first = Declaration.objects.get()
    client.post(url("declaration-do", first.pk, "withdraw"), {"seen_status": "draft"})
    first.refresh_from_db()
    assert first.status == "withdrawn"
    client.post(url("my-new"), data | {"token": str(uuid.uuid4())})
    assert Declaration.objects.count() == 2


def test_a_unit_of_somebody_else_cannot_be_chosen(world: World) -> None:
    client, data = fresh(world)
    other = next(u for u in world[0].units if u.name == "丽水市林业科学研究院")
    answer = client.post(url("my-new"), data | {"unit": other.pk})
    assert answer.status_code == 422
    assert not Declaration.objects.exists()


def test_an_exceptional_level_leads_to_the_recommending_line(world: World) -> None:
    client, data = fresh(world)
    senior = Title.objects.valid_on(clock.today()).get(name="高级工程师")
    client.post(url("my-new"), data | {"title": senior.pk})
    assert Declaration.objects.get().route == "recommend"


# -- saving ------------------------------------------------------------------------------------------------------------


def test_saving_is_lenient(mine: Client, draft: Declaration) -> None:
    answer = mine.post(section(draft, "person"), {"version": draft.form_version, "ethnicity": "畲族"})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert (draft.ethnicity, draft.current_post, draft.retired) == ("畲族", "", None)
    assert re.search(r"进行中，还缺 [1-9]\d* 项", mine.get(url("my-detail", draft.pk)).content.decode())


def test_a_stale_tab_gets_a_choice_and_overwrites_nothing(mine: Client, draft: Declaration) -> None:
    old = draft.form_version
    mine.post(section(draft, "person"), {"version": old, "ethnicity": "畲族"})
    answer = mine.post(section(draft, "person"), {"version": old, "ethnicity": "回族", "current_post": "组长"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "回族" in page
    assert "组长" in page  # everything typed stands there
    assert f'name="version" value="{old + 1}"' in page  # and can be saved knowingly
    draft.refresh_from_db()
    assert draft.ethnicity == "畲族"
    assert mine.post(section(draft, "person"), {"version": old + 1, "ethnicity": "回族"}).status_code == 302


def test_saving_while_typing(mine: Client, draft: Declaration) -> None:
    quiet = {"HTTP_X_REQUESTED_WITH": "autosave"}
    answer = mine.post(section(draft, "person"), {"version": draft.form_version, "ethnicity": "畲族"}, **quiet)
    assert answer.json()["version"] == draft.form_version + 1
    again = mine.post(section(draft, "person"), {"version": draft.form_version, "ethnicity": "回族"}, **quiet)
    assert (again.status_code, "text" in again.json()) == (409, True)
    wrong = mine.post(section(draft, "person"), {"version": draft.form_version + 1, "work_started_on": "x"}, **quiet)
    assert "version" not in wrong.json()


@pytest.mark.parametrize("day", ["2031-01-01", "gestern", "2026-02-30"])
def test_a_wrong_or_future_day_is_refused_at_its_field(mine: Client, draft: Declaration, day: str) -> None:
    before = draft.work_started_on
    data = {"version": draft.form_version, "work_started_on": day, "current_post": "组长"}
    answer = mine.post(section(draft, "person"), data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_work_started_on"' in page
    assert "组长" in page
    draft.refresh_from_db()
    assert (draft.work_started_on, draft.form_version) == (before, data["version"])


def test_rows_are_added_and_removed(mine: Client, draft: Declaration) -> None:
    new = {"educations-1-level": "master", "educations-1-degree": "master", "educations-1-mode": "in_service"}
    mine.post(section(draft, "education"), rows(draft, "educations", **new))
    assert draft.educations.count() == 2
    draft.refresh_from_db()
    gone = {"educations-0-DELETE": "on"}
    mine.post(section(draft, "education"), rows(draft, "educations", **gone))
    assert draft.educations.count() == 1


def test_p05_one_bad_file_keeps_what_was_typed_and_stores_nothing(mine: Client, draft: Declaration) -> None:
    bad = SimpleUploadedFile("证明.pdf", b"GIF89a not a pdf", "application/pdf")
    title = {"achievements-2-kind": "award", "achievements-2-title": "新奖项", "achievements-2-proof": bad}
    answer = mine.post(section(draft, "achievements"), rows(draft, "achievements", **title))
    assert answer.status_code == 422
    assert "新奖项" in answer.content.decode()
    assert draft.achievements.count() == 2
    good = SimpleUploadedFile("证明.pdf", evidence_pdf("奖项证明\n新奖项"), "application/pdf")
    data = rows(draft, "achievements", **(title | {"achievements-2-proof": good}))
    assert mine.post(section(draft, "achievements"), data).status_code == 302
    assert draft.materials.filter(code=f"achievement-{draft.achievements.get(title='新奖项').pk}").count() == 1


def test_a_removed_achievement_takes_its_files_along(mine: Client, draft: Declaration) -> None:
    first = draft.achievements.all()[0]
    mine.post(section(draft, "achievements"), rows(draft, "achievements", **{"achievements-0-DELETE": "on"}))
    assert not draft.materials.filter(code__startswith=f"achievement-{first.pk}", removed=False).exists()
    assert "diploma" in draft.content()["attachments"]
    assert len(draft.content()["achievements"]) == 1


def test_files_can_be_removed(mine: Client, draft: Declaration) -> None:
    material = draft.materials.get(code="diploma")
    mine.post(section(draft, "attachments"), {"version": draft.form_version, "remove": material.pk})
    material.refresh_from_db()
    assert material.removed
    page = mine.get(section(draft, "attachments")).content.decode()
    assert f"files/{material.upload_id}" not in page


def _gif() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 80)).save(out, "GIF")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "data"),
    [("photo.jpg", b"no photo at all"), ("photo.jpg", _gif()), ("photo.svg", b"<svg/>"), ("photo.jpg", b"")],
)
def test_a_photo_that_is_no_photo_is_refused_by_name(mine: Client, draft: Declaration, name: str, data: bytes) -> None:
    before = Photo.objects.get(declaration=draft, current=True)
    file = SimpleUploadedFile(name, data, "image/jpeg")
    answer = mine.post(section(draft, "photo"), {"version": draft.form_version, "photo": file})
    assert answer.status_code == 422
    assert 'href="#id_photo"' in answer.content.decode()
    assert Photo.objects.get(declaration=draft, current=True) == before


def test_a_photo_is_stored_as_a_certificate_photo(mine: Client, draft: Declaration) -> None:
    file = SimpleUploadedFile("我.jpg", photo_jpeg(9), "image/jpeg")
    assert mine.post(section(draft, "photo"), {"version": draft.form_version, "photo": file}).status_code == 302
    picture = Image.open(io.BytesIO(mine.get(url("declaration-photo", draft.pk)).content))
    assert (picture.size, picture.format) == ((358, 441), "JPEG")


def _shadow() -> bytes:
    """Somebody before a wall with a shadow on it."""
    one = Image.open(io.BytesIO(photo_jpeg(2))).convert("RGB").resize((600, 800))
    wall = Image.linear_gradient("L").rotate(90).resize((600, 800)).point(lambda v: 110 + v * 145 // 255).convert("RGB")
    wall.paste(one, mask=one.convert("L").point(lambda v: 0 if v > 250 else 255))
    out = io.BytesIO()
    wall.save(out, "JPEG")
    return out.getvalue()


def test_a_photo_refused_for_several_reasons_says_them_all(mine: Client, draft: Declaration) -> None:
    out = io.BytesIO()
    Image.open(io.BytesIO(photo_jpeg(2))).resize((150, 150)).save(out, "JPEG")
    file = SimpleUploadedFile("我.png", out.getvalue())
    before = Photo.objects.get(declaration=draft, current=True)
    data = {"version": draft.form_version, "photo": file, "turn": 0, "width": 70, "across": 50, "down": 20}
    answer = mine.post(section(draft, "photo"), data)
    assert answer.status_code == 422
    for words in (
        "我.png 的内容是 JPEG 文件，与文件名后缀不符。请改名后再上传。",
        "照片为 150 × 150 像素，至少需要 200 × 240 像素才能印制。",
        "照片须为竖版证件照，高为宽的 1.20 至 1.45 倍。这张为 150 × 150 像素。",
    ):
        assert words in answer.content.decode()
    assert 'name="width" value="70"' in answer.content.decode()  # the frame chosen before is kept
    assert Photo.objects.get(declaration=draft, current=True) == before


def test_a_doubtful_photo_is_taken_and_shown_with_advice_to_everybody(
    mine: Client, draft: Declaration, world: World
) -> None:
    file = SimpleUploadedFile("我.jpg", _shadow())
    answer = mine.post(section(draft, "photo"), {"version": draft.form_version, "photo": file})
    assert answer.headers["Location"] == section(draft, "photo")  # looked at before the next page
    page = mine.get(section(draft, "photo")).content.decode()
    assert "背景不均匀。 请离纯色墙面一步远再拍，不要有影子和花纹。" in page
    assert "您可以继续使用这张照片" in page
    assert "背景不均匀。" in mine.get(url("my-check", draft.pk)).content.decode()
    declare.submit(draft)
    clerk = Client()
    clerk.force_login(world[0].user("unit_clerk", draft.unit))
    seen = clerk.get(url("unit-declaration", draft.pk)).content.decode()
    assert "请留意" in seen
    assert "背景不均匀。" in seen
    assert "请离纯色墙面" not in seen  # advice is for who takes the photo


def test_the_frame_of_the_photo_is_moved_saved_and_cut_from_the_original(mine: Client, draft: Declaration) -> None:
    file = SimpleUploadedFile("我.jpg", _shadow())
    mine.post(section(draft, "photo"), {"version": draft.form_version, "photo": file})
    first = Photo.objects.get(declaration=draft, current=True)
    frame = {"turn": 0, "width": 70, "across": 30, "down": 20}
    looked = mine.get(section(draft, "photo"), frame).content.decode()
    assert "保存后才会采用这个框。" in looked
    assert f"{url('my-photo', draft.pk, 'crop')}?turn=0&amp;width=70&amp;across=30&amp;down=20" in looked
    assert "turn=0&amp;width=60&amp;across=30&amp;down=20#crop" in looked  # one press closer
    shown = mine.get(url("my-photo", draft.pk, "crop"), frame).content
    assert Photo.objects.get(declaration=draft, current=True) == first  # looking writes nothing
    draft.refresh_from_db()
    answer = mine.post(section(draft, "photo"), {"version": draft.form_version, **frame})
    assert answer.headers["Location"] == url("my-detail", draft.pk)
    cut = Photo.objects.get(declaration=draft, current=True)
    assert (cut.turn, cut.width, cut.across, cut.down, cut.original) == (0, 70, 30, 20, first.original)
    assert mine.get(url("declaration-photo", draft.pk)).content == shown
    draft.refresh_from_db()
    mine.post(section(draft, "photo"), {"version": draft.form_version, **frame})
    assert Photo.objects.filter(declaration=draft).count() == 3  # the story's, the first, the moved one


def test_a_photo_kept_before_originals_were_is_cut_from_the_print(mine: Client, draft: Declaration) -> None:
    draft.photos.filter(current=True).update(original=None)
    page = mine.get(section(draft, "photo")).content.decode()
    assert 'viewBox="0 0 358 441"' in page
    data = {"version": draft.form_version, "turn": 0, "width": 80, "across": 50, "down": 40}
    assert mine.post(section(draft, "photo"), data).status_code == 302
    cut = Photo.objects.get(declaration=draft, current=True)
    assert (cut.width, Image.open(io.BytesIO(open_upload(cut.upload))).size) == (80, (358, 441))


def test_the_pictures_of_the_photo_page_are_for_its_owner(mine: Client, draft: Declaration, world: World) -> None:
    whole = mine.get(url("my-photo", draft.pk, "whole"))
    assert whole.headers["Content-Type"] == "image/jpeg"
    assert mine.get(url("my-photo", draft.pk, "other")).status_code == 404
    draft.photos.update(current=False)
    assert mine.get(url("my-photo", draft.pk, "whole")).status_code == 404
    clerk = Client()
    clerk.force_login(world[0].user("unit_clerk", draft.unit))
    assert clerk.get(url("my-photo", draft.pk, "whole")).status_code in (403, 404)


@pytest.mark.notice("V.3.a")
def test_the_photo_is_asked_for_until_there_is_one(mine: Client, draft: Declaration) -> None:
    for there in (True, False):  # another file may replace the one that is kept
        asked = mine.get(section(draft, "photo")).content.decode().partition("证件照")[2].partition("</label>")[0]
        assert ("选填" in asked) is there
        draft.photos.all().delete()


def test_hours_show_what_is_missing(mine: Client, draft: Declaration) -> None:
    data = {"version": draft.form_version, "y2025-professional": 54, "y2025-industry": 9, "y2025-general": 9}
    for year in (2023, 2024):
        row = draft.learning_hours.get(year=year)
        data |= {f"y{year}-{kind}": getattr(row, kind) for kind in ("professional", "industry", "general", "other")}
    mine.post(section(draft, "hours"), data | {"stay": "1"})
    page = mine.get(section(draft, "hours"), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "72 of 90 hours, 18 still needed" in page
    assert 'class="low"' not in page  # red only for who is asked to correct something
    assert "class hours are missing" in page


# -- signing and submitting --------------------------------------------------------------------------------------------


@pytest.mark.notice("I.a")
def test_p03_sign_check_submit_receipt(mine: Client, draft: Declaration) -> None:
    assert sign(mine, draft).status_code == 302
    page = mine.get(url("my-check", draft.pk))
    assert page.context["problems"] == []
    answers = [mine.post(url("my-check", draft.pk), {"form_version": draft.form_version}) for _ in range(3)]
    assert {answer["Location"] for answer in answers} == {url("my-receipt", draft.pk)}
    draft.refresh_from_db()
    assert (draft.status, draft.number) == ("with_unit", "2026-0001")
    assert draft.records.count() == 1
    assert draft.number in mine.get(url("my-receipt", draft.pk)).content.decode()
    paper = mine.get(url("declaration-paper", draft.pk, "receipt"))
    assert paper.content.startswith(b"%PDF")
    assert mine.get(url("declaration-paper", draft.pk, "receipt")).content == paper.content  # made once


def test_a_wrong_password_signs_nothing(mine: Client, draft: Declaration) -> None:
    answer = sign(mine, draft, "wrong")
    assert answer.status_code == 422
    assert 'href="#id_password"' in answer.content.decode()
    assert not draft.undertakings.exists()


def test_a_change_after_signing_voids_the_signature(mine: Client, draft: Declaration) -> None:
    sign(mine, draft)
    draft.refresh_from_db()
    mine.post(section(draft, "person"), {"version": draft.form_version, "ethnicity": "畲族"})
    assert draft.undertakings.get().voided_at is not None
    assert draft.undertakings.get().signatures.count() == 1  # the mark stays as it was made


@pytest.mark.notice("IV.4.a")
def test_submission_names_everything_that_is_missing(mine: Client, draft: Declaration) -> None:
    draft.learning_hours.all().delete()
    answer = mine.post(url("my-check", draft.pk))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count("#row-2025") + page.count("#row-2024") == 2
    assert url("my-undertaking", draft.pk) in page


def test_out_of_turn_is_refused_by_name(world: World) -> None:
    declaration = a_submitted(*world, 2)
    client = Client()
    client.force_login(declaration.applicant.user)
    for name, data in (("my-section", {"version": declaration.form_version}), ("my-check", {}), ("my-fix", {})):
        args = [declaration.pk, "person"] if name == "my-section" else [declaration.pk]
        answer = client.post(url(name, *args), data)
        assert answer.status_code == 409
        assert declaration.get_status_display() in answer.content.decode()
    assert sign(client, declaration).status_code == 422
