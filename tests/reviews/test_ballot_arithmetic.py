"""Quorum and two-thirds in integers, against fractions as the oracle (domain.md §2, vote tests)."""

from fractions import Fraction

import pytest
from django.template import Context, Template

from appraisal_portal.kernel import pictures
from committees.reviews.rules.ballot import needed, passes, reaches


@pytest.mark.parametrize(("members", "quorum"), [(15, 10), (13, 9), (11, 8), (25, 17)])
def test_quorum_of_the_table(members, quorum):
    assert needed(members, 2, 3) == quorum
    assert reaches(quorum, members, 2, 3)
    assert not reaches(quorum - 1, members, 2, 3)


@pytest.mark.parametrize(
    ("present", "votes"), [(10, 7), (9, 6), (8, 6), (7, 5), (17, 12), (16, 11), (11, 8), (12, 8), (13, 9)]
)
def test_votes_of_the_table(present, votes):
    assert needed(present, 2, 3) == votes
    assert passes(votes, present, 2, 3)
    assert not passes(votes - 1, present, 2, 3)


def test_cases_of_the_domain():
    assert passes(8, 12, 2, 3)  # 8 for, 3 against, 1 blank
    assert not passes(7, 12, 2, 3)
    assert not passes(6, 12, 2, 3)  # a tie is not passed, nobody casts a deciding vote
    assert not reaches(9, 15, 2, 3)  # no quorum
    assert passes(8, 11, 2, 3)  # one of twelve stands back
    assert not passes(7, 11, 2, 3)
    assert not passes(0, 0, 2, 3)


@pytest.mark.parametrize(("num", "den"), [(2, 3), (1, 2), (3, 4), (3, 5), (1, 1)])
def test_all_triples_up_to_thirty_members(num, den):
    bar = Fraction(num, den)
    for members in range(1, 31):
        assert needed(members, num, den) == min(n for n in range(members + 1) if Fraction(n, members) >= bar)
        for present in range(1, members + 1):
            assert reaches(present, members, num, den) == (Fraction(present, members) >= bar)
            for agree in range(present + 1):
                assert passes(agree, present, num, den) == (Fraction(agree, present) >= bar)


def test_the_bar_of_a_vote_tells_abstained_invalid_and_not_cast_apart():
    drawn = Template("{% load portal %}{% vote_bar 7 3 1 8 1 2 %}").render(Context())
    words = " ".join(drawn.partition("<figcaption>")[2].split())
    assert words.startswith("赞成 7 · 反对 3 · 弃权 1 · 通过需要 8 · 无效 1 · 未投 2 ")
    assert "未投 2" in drawn.partition("aria-label")[2].partition(">")[0]
    assert pictures.vote(7, 3, 1, 8, invalid=1, missing=2)["line_x"] == round(8 / 14 * pictures.VOTE_WIDTH)
