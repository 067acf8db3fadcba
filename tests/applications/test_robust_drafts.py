"""Robustness of the draft: P05, P17, P54 (trust.md §7), domain.md §8 cases 2, 3, 8, lost sessions and two tabs.

P01 and P02 with threads: test_applicant_race.py; P03: test_applicant_pages.py; cases 1 and 4 to 7: tests/kernel.
"""

import uuid
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from applications.models import Declaration
from appraisal_portal.home.story import people
from appraisal_portal.home.story.city import PASSWORD, City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel.models import Upload
from tests.applications.steps import rows, section, sign, url

World = tuple[City, Cycle]


def person_post(client: Client, draft: Declaration, **changes: Any) -> dict[str, Any]:
    form = client.get(section(draft, "person")).context["page"].form
    known = {bound.html_name: bound.value() for bound in form if bound.value() not in (None, "")}
    return {"version": draft.form_version, **known, **changes}


# -- errors keep what was typed ----------------------------------------------------------------------------------------


def test_p05_one_wrong_value_keeps_the_others_and_the_button(mine: Client, draft: Declaration) -> None:
    typed = person_post(mine, draft, current_post="高级技师", specialty_years="十", birthplace="浙江龙泉")
    answer = mine.post(section(draft, "person"), typed)
    page = answer.content.decode()
    assert answer.status_code == 422
    for words in ("高级技师", "十", "浙江龙泉", 'href="#id_specialty_years"', "<button"):
        assert words in page
    draft.refresh_from_db()
    assert draft.current_post != "高级技师"
    assert mine.post(section(draft, "person"), typed | {"specialty_years": "10"}).status_code == 302


def test_the_summary_names_field_and_year(mine: Client, draft: Declaration) -> None:
    """A page has several days and every year the same fields: a sentence without their name leads nowhere."""
    page = mine.post(section(draft, "person"), person_post(mine, draft, work_started_on="2050-01-01")).content.decode()
    assert "参加工作时间：日期在今天之后。" in page
    years = mine.get(section(draft, "hours")).context["page"].forms
    typed = {bound.html_name: bound.value() for _year, form in years for bound in form}
    first = years[0][0]
    typed |= {"version": draft.form_version, f"y{first}-professional": "-5", f"y{first}-industry": "9999"}
    page = mine.post(section(draft, "hours"), typed).content.decode()
    assert f"{first}：专业科目：" in page
    assert f"{first}：行业公需科目：一年没有这么多小时。" in page


# -- session and tabs --------------------------------------------------------------------------------------------------


def test_session_expired_log_in_and_back_on_the_page_with_the_draft(mine: Client, draft: Declaration) -> None:
    page = section(draft, "person")
    typed = person_post(mine, draft, birthplace="浙江庆元")
    saved = mine.post(page, typed, headers={"X-Requested-With": "autosave"})
    assert saved.json()["version"] == draft.form_version + 1
    Session.objects.all().delete()
    lost = mine.post(page, typed | {"birthplace": "x"}, headers={"X-Requested-With": "autosave"})
    assert lost.status_code in (302, 401, 403)  # the script stops and says so
    answer = mine.get(page)
    assert answer.status_code == 302
    login = answer["Location"]
    assert f"next={page}" in login
    back = mine.post(login, {"username": draft.applicant.user.username, "password": PASSWORD}, follow=True)
    assert back.request["PATH_INFO"] == page
    assert "浙江庆元" in back.content.decode()


def test_session_expired_while_posting_leads_back_to_the_page(mine: Client, draft: Declaration) -> None:
    page = section(draft, "person")
    typed = person_post(mine, draft, birthplace="浙江庆元")
    Session.objects.all().delete()
    answer = mine.post(page, typed)
    assert answer.status_code == 302
    assert f"next={page}" in answer["Location"]
    assert "登录后回到原来的页面，已保存的内容都在。" in mine.get(answer["Location"]).content.decode()
    assert "登录后回到原来的页面" not in mine.get(answer["Location"].partition("?")[0]).content.decode()
    draft.refresh_from_db()
    assert draft.birthplace != "浙江庆元"


def test_two_tabs_the_later_save_is_told_and_nothing_is_overwritten(mine: Client, draft: Declaration) -> None:
    page = section(draft, "person")
    one, two = person_post(mine, draft, birthplace="第一个窗口"), person_post(mine, draft, birthplace="第二个窗口")
    assert mine.post(page, one).status_code == 302
    for answer in (mine.post(page, two), mine.post(page, two, headers={"X-Requested-With": "autosave"})):
        assert answer.status_code == 409
    shown = mine.post(page, two).content.decode()
    assert "第二个窗口" in shown
    assert "另一个窗口" in shown
    draft.refresh_from_db()
    assert draft.birthplace == "第一个窗口"


# -- files -------------------------------------------------------------------------------------------------------------

JPEG_HTML = b"\xff\xd8\xff\xe0<html><script>alert(1)</script></html>"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("照片.svg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("照片.jpg", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("证明.html", JPEG_HTML),
        ("证明.jpg", JPEG_HTML),
    ],
)
def test_p54_svg_and_polyglots_are_refused(mine: Client, draft: Declaration, name: str, data: bytes) -> None:
    before = Upload.objects.count()
    achievement = draft.achievements.first()
    for page, field in (("photo", "photo"), ("achievements", "achievements-0-proof")):
        post = {"version": draft.form_version} if page == "photo" else rows(draft, "achievements")
        answer = mine.post(section(draft, page), post | {field: SimpleUploadedFile(name, data, "image/jpeg")})
        assert answer.status_code == 422, page
    assert Upload.objects.count() == before
    assert achievement is not None


def test_p54_a_picture_with_a_tail_of_html_is_encoded_anew(mine: Client, draft: Declaration) -> None:
    data = people.photo_jpeg(1) + b"<html><script>alert(1)</script></html>"
    answer = mine.post(
        section(draft, "photo"),
        {"version": draft.form_version, "photo": SimpleUploadedFile("照片.jpg", data, "text/html")},
    )
    assert answer.status_code == 302
    served = mine.get(url("declaration-photo", draft.pk))
    assert b"script" not in served.content
    assert served["Content-Type"] == "image/jpeg"
    assert served["X-Content-Type-Options"] == "nosniff"
    assert served["Content-Disposition"].startswith("attachment")


def test_p17_a_file_of_a_failed_form_opens_for_nobody(world: World, mine: Client, draft: Declaration) -> None:
    good = SimpleUploadedFile("证明.pdf", people.evidence_pdf("证明"), "application/pdf")
    bad = {"achievements-0-reached_on": "昨天", "achievements-0-proof": good}
    before = set(Upload.objects.values_list("pk", flat=True))
    assert mine.post(section(draft, "achievements"), rows(draft, "achievements") | bad).status_code == 422
    assert set(Upload.objects.values_list("pk", flat=True)) == before
    other = Client()
    other.force_login(world[0].applicant("other"))
    for pk in [*before, uuid.uuid4()]:
        assert other.get(url("declaration-file", draft.pk, pk)).status_code == 404


# -- domain.md §8 ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("school", ["北京大學𠮷", "䶮村〇中学", "𬎆𰻝大学", "𪛖学院"])
def test_case_03_rare_characters_are_stored_as_they_are(mine: Client, draft: Declaration, school: str) -> None:
    post = rows(draft, "educations") | {"educations-0-school": school}
    assert mine.post(section(draft, "education"), post).status_code == 302
    assert draft.educations.first().school == school
    assert school in mine.get(section(draft, "education")).content.decode()


def test_case_02_a_long_name_with_two_dots_is_nowhere_cut(mine: Client, draft: Declaration) -> None:
    name = "阿卜杜热合曼·买买提艾力·艾合买提江买买提吐尔逊尼"
    person = draft.applicant
    person.name = name
    person.save(update_fields=["name"])
    assert draft.content()["person"]["name"] == name  # type: ignore[index]
    sign(mine, draft)
    assert mine.post(url("my-check", draft.pk), {"form_version": draft.form_version}).status_code == 302
    assert mine.get(url("my-receipt-paper", draft.pk, 1)).content.startswith(b"%PDF")


def test_case_08_another_kind_of_document_hands_in_like_everybody(mine: Client, draft: Declaration) -> None:
    person = draft.applicant
    person.id_kind, person.id_number = "hk_macau", "H12345678"
    kinds = {choice for choice, _words in type(person).IdKind.choices}
    person.id_kind = next(kind for kind in sorted(kinds) if kind != "resident")
    person.save(update_fields=["id_kind", "id_number"])
    sign(mine, draft)
    assert mine.post(url("my-check", draft.pk), {"form_version": draft.form_version}).status_code == 302
