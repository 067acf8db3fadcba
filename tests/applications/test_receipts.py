"""Receipts (回执): one for each hand-in, permanent, and genuine or not for everybody who asks."""

import datetime as dt
import io
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from applications.models import Declaration, Receipt
from applications.services import receipts
from applications.workflow import DECLARATION
from appraisal_portal.accounts.models import LoginAttempt
from appraisal_portal.home.story.city import City
from appraisal_portal.home.story.cycle import Cycle
from appraisal_portal.kernel import clock
from appraisal_portal.kernel.approvals import canonical
from tests.applications.steps import sign, url
from tests.factories.applications import a_submitted

World = tuple[City, Cycle]


@pytest.fixture
def handed_in(world: World) -> Declaration:
    return a_submitted(*world, 1, line=world[1].line("forestry"))


def text_of(pdf: bytes) -> str:
    pypdf = pytest.importorskip("pypdf")
    return "".join("".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def correct(world: World, declaration: Declaration) -> None:
    """Returned for one item, changed, signed and handed in again an hour later."""
    city, _cycle = world
    clerk = city.user("unit_clerk", declaration.unit)
    content = canonical(declaration.content())
    slip = declaration.correction_slips.create(stage="unit", issued_by=clerk, content=content)
    slip.items.create(item="person", reason="民族有误")
    DECLARATION.fire(
        declaration, "return_by_unit", actor=clerk, reason="民族有误", items={"person": "民族有误"}, slip=slip
    )
    declaration.ethnicity = "畲族"
    declaration.save()
    client = Client()
    client.force_login(declaration.applicant.user)
    assert sign(client, declaration).status_code == 302
    DECLARATION.fire(declaration, "resubmit", actor=declaration.applicant.user)


def test_every_hand_in_has_a_receipt_of_its_own_that_stays(world: World, handed_in: Declaration) -> None:
    first = handed_in.receipts.get()
    assert (first.version, first.act, first.at) == (1, "submit", handed_in.submitted_at)
    mine = Client()
    mine.force_login(handed_in.applicant.user)
    paper = mine.get(url("my-receipt-paper", handed_in.pk, 1)).content
    with clock.travel(clock.now() + dt.timedelta(hours=1)):
        correct(world, handed_in)
        second = handed_in.receipts.get(version=2)
        assert (second.act, second.at) == ("resubmit", clock.now())
        assert second.snapshot.sha256 == handed_in.content_hash() != first.snapshot.sha256
        assert mine.get(url("my-receipt-paper", handed_in.pk, 1)).content == paper
        newer = mine.get(url("declaration-paper", handed_in.pk, "receipt")).content
        page = mine.get(url("my-receipt", handed_in.pk)).content.decode()
    assert "更正后再次提交" in text_of(newer)
    for receipt in (first, second):
        assert receipt.code in page
    said = text_of(paper)
    for words in (handed_in.number, first.code, first.snapshot.sha256, handed_in.applicant.name, "提交时间"):
        assert words in said
    assert handed_in.applicant.id_number not in said
    with pytest.raises(DatabaseError), transaction.atomic():
        Receipt.objects.filter(pk=first.pk).update(at=clock.now() + dt.timedelta(seconds=1))
    with pytest.raises(DatabaseError), transaction.atomic():
        first.delete()


def test_nobody_else_downloads_a_receipt(world: World, handed_in: Declaration) -> None:
    for user in (world[0].applicant("other"), world[0].user("unit_clerk", handed_in.unit)):
        client = Client()
        client.force_login(user)
        assert client.get(url("my-receipt-paper", handed_in.pk, 1)).status_code == 404
        assert client.get(url("declaration-paper", handed_in.pk, "receipt")).status_code == 404


def test_a_genuine_receipt_is_confirmed_without_anything_personal(handed_in: Declaration) -> None:
    receipt = handed_in.receipts.get()
    moment = f"{clock.local(receipt.at):%Y-%m-%d %H:%M}"
    typed = {"number": f" {handed_in.number} ", "code": receipt.code.upper()}
    for answer in (
        Client().post(url("receipt-check"), typed),
        Client().post(url("receipt-check"), typed | {"code": receipt.snapshot.sha256}),
        Client().get(url("receipt-code", handed_in.number, receipt.code)),
    ):
        page = answer.content.decode()
        assert "此回执真实有效" in page
        assert handed_in.number in page
        assert moment in page
        for personal in (handed_in.applicant.name, handed_in.unit.name, str(handed_in.title)):
            assert personal not in page
        assert answer["Cache-Control"] == "no-store"
        assert not answer.cookies


def test_a_replaced_receipt_stays_genuine_and_says_that_there_is_a_later_one(
    world: World, handed_in: Declaration
) -> None:
    with clock.travel(clock.now() + dt.timedelta(hours=1)):
        correct(world, handed_in)
        first, second = handed_in.receipts.order_by("version")
        assert receipts.check(handed_in.number, first.code).later
        assert not receipts.check(handed_in.number, second.code).later


def test_every_failure_has_one_answer(handed_in: Declaration) -> None:
    code = handed_in.receipts.get().code
    wrong = ("f" if code[0] != "f" else "0") + code[1:]
    pages = set()
    with clock.travel(clock.now()):
        for number, given in (
            (handed_in.number, wrong),
            (handed_in.number, code[:15]),
            (handed_in.number, "%' OR 1=1 --"),
            ("2026-9999", code),
            ("2026-9999", "没有"),
        ):
            assert receipts.check(number, given) is None
            page = Client().post(url("receipt-check"), {"number": number, "code": given}).content.decode()
            assert "没有这份回执" in page
            pages.add(page.split("<h1>")[0])
    assert len(pages) == 1


def test_more_questions_than_an_hour_allows_are_not_answered_and_lock_nobody_out(
    handed_in: Declaration, settings: Any
) -> None:
    settings.PORTAL_LOOKUPS_PER_ADDRESS = 3
    code = handed_in.receipts.get().code
    asked = {"number": handed_in.number, "code": code}
    pages = [Client().post(url("receipt-check"), asked).content.decode() for _ in range(5)]
    assert ["此回执真实有效" in page for page in pages] == [True] * 3 + [False] * 2
    assert "对同一网络连接，每小时只答复 3 次核验" in pages[-1]
    third = LoginAttempt.objects.order_by("pk").values_list("at", flat=True)[4]  # each counts by address and number
    assert f"{clock.local(third + dt.timedelta(hours=1)):%Y-%m-%d %H:%M}" in pages[-1]
    assert not LoginAttempt.objects.filter(from_address__isnull=False).exists()
    with clock.travel(clock.now() + dt.timedelta(minutes=61)):
        assert "此回执真实有效" in Client().post(url("receipt-check"), asked).content.decode()


def test_a_number_is_answered_so_often_a_day_from_whatever_address(handed_in: Declaration, settings: Any) -> None:
    settings.PORTAL_LOOKUPS_PER_NUMBER = 2
    allowed = [
        receipts.refused_until(address=str(n), number=text) is None
        for n, text in enumerate((handed_in.number, f" {handed_in.number}", handed_in.number))
    ]
    assert allowed == [True, True, False]


def test_an_empty_field_is_named(world: World) -> None:
    answer = Client().post(url("receipt-check"), {"number": "", "code": ""})
    assert answer.status_code == 422
    assert 'href="#id_number"' in answer.content.decode()
