"""ID numbers: every mistake is named; the numbers are synthetic."""

import datetime as dt

import pytest

from appraisal_portal.kernel import identity, references

TODAY = dt.date(2026, 11, 25)


def problems(number: str) -> list[str]:
    return [str(problem) for problem in identity.id_number_problems(number, today=TODAY)]


def with_check(digits: str) -> str:
    return digits + references.check_character(digits)


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002X",
        "34052419800101001X",
        "33110219900307001X",
        "33110219900307001x",
        "３３１１０２１９９００３０７００１Ｘ",
        " 331102 19900307 001X ",
        with_check("33250119600229001"),  # a region code withdrawn in 2000
    ],
)
def test_possible_numbers(number: str) -> None:
    assert problems(number) == []
    assert identity.parse_id_number(number).number == identity.normalise_id_number(number)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("110105194912310021", "last character does not fit"),
        ("110105491231002", "15-digit"),
        ("3.31102E+17", "spreadsheet"),
        (with_check("33110219900230001"), "is not a date"),
        (with_check("33110220270101001"), "in the future"),
        (with_check("33110218990101001"), "before 1900"),
        ("33110219900307001", "18 characters; this one has 17"),
        ("3311021990030700AX", "17 digits"),
        ("", "has 0"),
    ],
)
def test_each_mistake_is_named(number: str, words: str) -> None:
    found = problems(number)
    assert len(found) == 1
    assert words in found[0]
    if words not in ("in the future", "before 1900"):
        with pytest.raises(ValueError, match="not a valid"):
            identity.parse_id_number(number)


def test_all_mistakes_at_once() -> None:
    assert len(problems("011102199002300019")) == 3


def test_what_a_number_says() -> None:
    facts = identity.parse_id_number("33110219900307001X")
    assert (facts.region, facts.birth_date, facts.gender) == ("331102", dt.date(1990, 3, 7), identity.MALE)
    assert identity.parse_id_number(with_check("33110219900307002")).gender == identity.FEMALE


def test_contradictions_name_both_sides() -> None:
    number = "33110219900307001X"
    assert identity.contradictions(number, birth_date=dt.date(1990, 3, 7), gender=identity.MALE) == []
    found = identity.contradictions(number, birth_date=dt.date(1990, 3, 8), gender=identity.FEMALE)
    assert "1990-03-08" in found[0]
    assert "1990-03-07" in found[0]
    assert "odd" in found[1]
    assert "even" in identity.contradictions(with_check("33110219900307002"), gender=identity.MALE)[0]


@pytest.mark.parametrize(
    ("number", "shown"),
    [("331124199003070013", "331124********0013"), ("H12345678", "H1*****78"), ("AB1", "***"), ("", "")],
)
def test_mask(number: str, shown: str) -> None:
    assert identity.mask(number) == shown
