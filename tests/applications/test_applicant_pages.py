"""The applicant's pages: drafts saved leniently, bad input refused by name with everything typed kept, nothing lost."""

import io
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from applications.models import Declaration, Material, Photo
from applications.rules.examination import open_slip
from applications.services import drafts
from applications.workflow import DECLARATION
from appraisal_portal.home.story.city import PASSWORD, City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.home.story.people import evidence_pdf, photo_jpeg
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.approvals import canonical
from committees.plans.models import Subfield, Title
from tests.factories.applications import a_draft, a_submitted

pytestmark = pytest.mark.django_db
World = tuple[City, Cycle]


def url(name: str, *args: Any) -> str:
    return reverse(f"applications:{name}", args=args)


def section(declaration: Declaration, name: str) -> str:
    return url("my-section", declaration.pk, name)


@pytest.fixture
def draft(world: World) -> Declaration:
    """Complete, unsigned, forestry."""
    city, cycle = world
    unit = next(u for u in city.units if u.name == "龙泉市凤阳山林场")
    return a_draft(city, cycle, 1, unit=unit, line=cycle.line("forestry"))


@pytest.fixture
def mine(draft: Declaration) -> Client:
    """The applicant's browser."""
    client = Client()
    client.force_login(draft.applicant.user)
    return client


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


def rows(declaration: Declaration, related: str, **changes: Any) -> dict[str, Any]:
    """The post of a page of rows as the browser would send it unchanged, then ``changes``."""
    manager = getattr(declaration, related)
    data = {f"{related}-TOTAL_FORMS": manager.count() + 1, f"{related}-INITIAL_FORMS": manager.count()}
    for number, row in enumerate(manager.all()):
        for field in row._meta.concrete_fields:
            value = getattr(row, field.attname)
            if field.name != "declaration" and value not in (None, False):
                data[f"{related}-{number}-{field.name}"] = value
    for field in manager.model._meta.concrete_fields:  # the empty row at the end, with what the selects stand on
        if isinstance(field.default, str):
            data[f"{related}-{manager.count()}-{field.name}"] = field.default
    return {"version": declaration.form_version, **data, **changes}


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


def test_hours_show_what_is_missing(mine: Client, draft: Declaration) -> None:
    data = {"version": draft.form_version, "y2025-professional": 54, "y2025-industry": 9, "y2025-general": 9}
    for year in (2023, 2024):
        row = draft.learning_hours.get(year=year)
        data |= {f"y{year}-{kind}": getattr(row, kind) for kind in ("professional", "industry", "general", "other")}
    mine.post(section(draft, "hours"), data | {"stay": "1"})
    page = mine.get(section(draft, "hours"), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "72 of 90 hours, 18 short" in page
    assert "class hours are missing" in page


# -- signing and submitting --------------------------------------------------------------------------------------------


def sign(client: Client, declaration: Declaration, password: str = PASSWORD) -> Any:
    page = client.get(url("my-undertaking", declaration.pk))
    return client.post(
        url("my-undertaking", declaration.pk), {"password": password, "text_sha256": page.context["text_sha256"]}
    )


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


# -- correction --------------------------------------------------------------------------------------------------------


def returned(world: World, seed: int = 3) -> Declaration:
    """Returned by the unit for one section."""
    city, _cycle = world
    declaration = a_submitted(*world, seed)
    clerk = city.user("unit_clerk", declaration.unit)
    slip = declaration.correction_slips.create(stage="unit", issued_by=clerk, content=canonical(declaration.content()))
    slip.items.create(item="person", reason="现任职务与原件不符")
    DECLARATION.fire(
        declaration, "return_by_unit", actor=clerk, reason="请更正", items={"person": "现任职务与原件不符"}, slip=slip
    )
    return declaration


def test_only_named_parts_are_open(world: World) -> None:
    declaration = returned(world)
    client = Client()
    client.force_login(declaration.applicant.user)
    page = client.get(url("my-fix", declaration.pk)).content.decode()
    assert "现任职务与原件不符" in page
    assert section(declaration, "person") in page
    assert client.get(section(declaration, "education")).status_code == 302
    shut = client.post(section(declaration, "education"), rows(declaration, "educations"))
    assert shut.status_code == 409
    data = {"version": declaration.form_version, "current_post": "技术负责人"}
    page = client.get(section(declaration, "person"))
    data = {k: v for k, v in page.context["page"].form.initial.items() if v not in (None, "")} | data
    assert client.post(section(declaration, "person"), data).status_code == 302
    refused = client.post(url("my-fix", declaration.pk))
    assert refused.status_code == 422  # the undertaking was voided by the return
    assert sign(client, declaration).status_code == 302
    assert client.post(url("my-fix", declaration.pk)).status_code == 302
    declaration.refresh_from_db()
    assert (declaration.status, open_slip(declaration)) == ("with_unit", None)
    assert declaration.correction_slips.get().items.get().after["current_post"] == "技术负责人"


def test_withdrawal_after_submission_needs_a_reason(world: World) -> None:
    declaration = a_submitted(*world, 4)
    client = Client()
    client.force_login(declaration.applicant.user)
    path = url("declaration-do", declaration.pk, "withdraw")
    assert client.post(path, {"seen_status": "with_unit", "reason": ""}).status_code == 422
    client.post(path, {"seen_status": "with_unit", "reason": "工作调动"})
    declaration.refresh_from_db()
    assert declaration.status == "withdrawn"


# -- who sees what -----------------------------------------------------------------------------------------------------

OWN_PAGES = ("my-detail", "my-undertaking", "my-check", "my-fix", "my-history")


def test_p17_somebody_elses_declaration_does_not_exist(world: World, draft: Declaration) -> None:
    stranger = Client()
    stranger.force_login(world[0].applicant(77))
    for name in OWN_PAGES:
        assert stranger.get(url(name, draft.pk)).status_code == 404
    material = Material.objects.filter(declaration=draft).first()
    for path in (
        section(draft, "person"),
        url("declaration-detail", draft.pk),
        url("declaration-photo", draft.pk),
        url("declaration-file", draft.pk, material.upload_id),
        url("declaration-paper", draft.pk, "2-1"),
    ):
        assert stranger.get(path).status_code == 404
    assert stranger.post(section(draft, "person"), {"version": 1, "ethnicity": "x"}).status_code == 404


def test_p17_a_file_opens_only_with_its_own_declaration(world: World, mine: Client, draft: Declaration) -> None:
    other = a_draft(*world, 5)
    upload = other.materials.first().upload_id
    assert mine.get(url("declaration-file", draft.pk, upload)).status_code == 404
    own = draft.materials.first().upload_id
    assert mine.get(url("declaration-file", draft.pk, own)).content.startswith(b"%PDF")


def test_p06_the_applicant_sees_no_internal_page(world: World) -> None:
    declaration = a_submitted(*world, 6)
    client = Client()
    client.force_login(declaration.applicant.user)
    for name in ("unit-declaration", "forwarder-declaration", "office-declaration"):
        assert client.get(url(name, declaration.pk)).status_code in (403, 404)


def test_a_unit_does_not_see_drafts(world: World, draft: Declaration) -> None:
    clerk = Client()
    clerk.force_login(world[0].user("unit_clerk", draft.unit))
    assert clerk.get(url("declaration-detail", draft.pk)).status_code == 404
    assert clerk.get(url("declaration-photo", draft.pk)).status_code == 404


# -- pages -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_in_both_languages(mine: Client, draft: Declaration, language: str) -> None:
    mine.cookies["django_language"] = language
    paths = [url("my-list"), url("my-new"), *(url(name, draft.pk) for name in OWN_PAGES)]
    paths += [section(draft, name) for name in drafts.SECTIONS]
    for path in paths:
        answer = mine.get(path, HTTP_ACCEPT_LANGUAGE=language)
        assert answer.status_code == 200, path
        assert "<style" not in answer.content.decode()
        assert " style=" not in answer.content.decode()


def test_papers_say_who_and_what(world: World) -> None:
    pypdf = pytest.importorskip("pypdf")
    declaration = a_submitted(*world, 7)  # 7: a rare character in the name
    client = Client()
    client.force_login(declaration.applicant.user)
    for code in ("2-1", "2-9", "receipt"):
        answer = client.get(url("declaration-paper", declaration.pk, code))
        assert answer.status_code == 200
        text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.content)).pages)
        assert declaration.number in text
        assert declaration.applicant.name in text
        assert declaration.applicant.id_number not in text


def test_list_needs_as_many_queries_for_three_as_for_one(
    world: World, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    declaration = a_draft(*world, 8)
    client = Client()
    client.force_login(declaration.applicant.user)
    client.get(url("my-list"))
    with django_assert_max_num_queries(12):
        client.get(url("my-list"))
    for status in ("withdrawn", "not_recommended"):
        declaration.pk, declaration._state.adding, declaration.status = None, True, status
        declaration.save(force_insert=True)
    with django_assert_max_num_queries(12):
        assert client.get(url("my-list")).status_code == 200
