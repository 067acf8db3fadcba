"""Names: one separator, nothing cut, nothing guessed."""

import pytest

from appraisal_portal.kernel.names import name_problems, normalise_name

DOTTED = "买买提·阿不都拉"


@pytest.mark.parametrize("separator", ["·", "•", "・", "．", "‧", ".", " ", " • ", "･", "。", "　"])
def test_every_separator_becomes_the_middle_dot(separator: str) -> None:
    name = f"买买提{separator}阿不都拉"
    assert normalise_name(name) == DOTTED
    assert name_problems(name) == []


@pytest.mark.parametrize(
    "name",
    [
        "张三",
        "𠮷䶮㛃",
        "\U0002a6d6一",
        "龦𬭎\U00030edd",
        "买" * 24,
        "阿" * 8 + "·" + "不" * 8 + "·" + "拉" * 6,
        "John A. Smith",
        "O'Neil-Marx",
    ],
)
def test_names_kept_as_they_are(name: str) -> None:
    assert normalise_name(name) == name
    assert name_problems(name) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Enter the name"),
        ("张 三", "Take the space out"),
        ("欧阳 娜娜", "Take the space out"),
        ("张三！", "do not belong"),
        ("张3", "do not belong"),
        ("张\u202e三", "U+202E"),
        ("·张三", "between two parts"),
        ("买" * 51, "at most 50"),
        ("<script>", "consists of letters"),
        ("12", "consists of letters"),
    ],
)
def test_refused_in_words(name: str, words: str) -> None:
    found = [str(problem) for problem in name_problems(name)]
    assert any(words in problem for problem in found), found


def test_composed_form() -> None:
    assert normalise_name("Jose\u0301") == "José"
