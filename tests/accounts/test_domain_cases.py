"""Cases of domain.md §8 about names and documents, through the registration page a person uses."""

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from appraisal_portal.accounts.models import ContactProof, Person
from appraisal_portal.kernel import references
from tests.accounts.test_journey import typed

pytestmark = pytest.mark.django_db(transaction=True)
DOTTED = "买买提·阿不都拉"


def registered(**changes: str) -> Person:
    """Both steps of the registration; the stored person."""
    client = Client()
    client.post(reverse("accounts:register"), typed(41, **changes))
    assert mail.outbox, "the first step was refused"
    code = re.findall(r"[0-9]{6}", mail.outbox[-1].subject)[0]
    client.post(reverse("accounts:register-confirm"), {"code": code})
    return Person.objects.get()


def refused(**changes: str) -> str:
    """The page that refuses: nothing stored, nothing sent."""
    answer: Any = Client().post(reverse("accounts:register"), typed(41, **changes))
    assert answer.status_code == 422
    assert not ContactProof.objects.exists()
    assert not mail.outbox
    return str(answer.content.decode())


def with_check(body: str) -> str:
    return body + references.check_character(body)


@pytest.mark.parametrize("separator", ["\u2022", "\u30fb", "\uff0e", "\u2027", ".", " "])
def test_case_1_every_separator_is_stored_as_the_middle_dot(separator: str) -> None:
    assert registered(name=f"买买提{separator}阿不都拉").name == DOTTED


def test_case_1_other_punctuation_is_refused() -> None:
    assert "姓名中不能有这些字符：、" in refused(name="买买提、阿不都拉")


def test_case_2_a_name_of_24_hanzi_with_two_dots_is_kept_whole() -> None:
    name = "阿" * 8 + "·" + "不" * 8 + "·" + "拉" * 8
    assert registered(name=name).name == name


@pytest.mark.parametrize(
    "name", ["王\u4dae", "李\u9fd2", "张\U00020bb7", "陈\U0002c386", "吴\U00030edd", "郑\U0002a6d6"]
)
def test_case_3_rare_characters_are_stored_as_they_are(name: str) -> None:
    assert registered(name=name).name == name


@pytest.mark.parametrize(
    ("typed_in", "stored"),
    [
        ("11010519491231002x", "11010519491231002X"),
        ("34052419800101001\uff38", "34052419800101001X"),
        ("33110219900307001X", "33110219900307001X"),
    ],
)
def test_case_4_an_x_of_any_kind_is_the_capital(typed_in: str, stored: str) -> None:
    assert registered(id_number=typed_in).id_number == stored


def test_case_5_the_old_number_of_15_digits_is_refused() -> None:
    assert "请填写现行身份证上的 18 位号码" in refused(id_number="331102900307001")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"id_number": "331102199003070011"}, "末位校验码与前 17 位不符"),
        ({"id_number": with_check("33110219900230001")}, "1990-02-30 不是有效日期"),
        ({"id_number": with_check("33110220900307001")}, "晚于今天"),
        ({"id_number": "33110219900307001X", "gender": "female"}, "第 17 位为奇数，表示男性"),
    ],
    ids=["check digit", "30 February", "future birth", "gender"],
)
def test_case_6_a_number_that_contradicts_itself_is_refused_by_name(changes: dict[str, str], words: str) -> None:
    assert words in refused(**changes)


def test_case_6_a_withdrawn_region_code_is_accepted() -> None:
    number = with_check("33250119600229001")
    assert registered(id_number=number).id_number == number


def test_case_7_a_number_a_spreadsheet_has_spoilt_is_refused() -> None:
    assert "科学计数法" in refused(id_number="3.31102E+17")


@pytest.mark.parametrize("kind", ["hk_macao", "taiwan", "passport", "foreigner"])
def test_case_8_other_documents_have_no_check_digit_and_ask_for_birth_and_gender(kind: str) -> None:
    asked = refused(id_kind=kind, id_number="E12345678", birth_date="", gender="")
    assert "请按证件填写出生日期" in asked
    assert "请按证件选择性别" in asked
    person = registered(id_kind=kind, id_number="e12345678", birth_date="1988-02-29", gender="female")
    assert (person.id_number, person.birth_date.isoformat(), person.gender) == ("E12345678", "1988-02-29", "female")
