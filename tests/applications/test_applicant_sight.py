"""The applicant's pages: corrections of named parts, who sees what, both languages, papers, query counts."""

import io
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from applications.models import Declaration, Material
from applications.rules.examination import open_slip
from applications.services import drafts
from applications.workflow import DECLARATION
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel.approvals import canonical
from tests.applications.steps import rows, section, sign, url
from tests.factories.applications import a_draft, a_submitted

pytestmark = pytest.mark.django_db
World = tuple[City, Cycle]


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


def test_p17_who_hands_in_for_somebody_else_is_refused_as_on_the_page(world: World, draft: Declaration) -> None:
    """Handing in asks under the lock whose it is (decision 79): staff are told why, another applicant finds nothing."""
    submitted = a_submitted(*world, 8)
    for user, status in ((world[0].user("unit_clerk", draft.unit), 403), (world[0].applicant(77), 404)):
        client = Client()
        client.force_login(user)
        for pk in (draft.pk, submitted.pk, 0):
            path = url("my-check", pk)
            answers = client.get(path), client.post(path, {"form_version": draft.form_version})
            assert [answer.status_code for answer in answers] == [status, status], path
    draft.refresh_from_db()
    assert (draft.status, draft.records.count(), submitted.records.count()) == ("draft", 0, 1)


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
    paths += [section(draft, name) for name in drafts.sections_of(draft)]
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
