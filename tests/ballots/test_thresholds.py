"""B3: quorum and pass line against fractions; the cases of trust.md §3.3 and domain.md §2 as a person reads them."""

from fractions import Fraction

import pytest

from committees.reviews.rules.ballot import needed, passes, reaches

TWO_THIRDS = Fraction(2, 3)


def test_b3_every_triple_of_members_present_and_for() -> None:
    triples = 0
    for members in range(5, 61):
        for present in range(members + 1):
            quorum = Fraction(present, members) >= TWO_THIRDS
            assert reaches(present, members, 2, 3) == quorum
            for agree in range(present + 1):
                assert passes(agree, present, 2, 3) == (present > 0 and Fraction(agree, present) >= TWO_THIRDS)
                triples += 1
    assert triples == 39_676


@pytest.mark.parametrize(("members", "quorum"), [(13, 9), (25, 17), (15, 10), (11, 8)])
def test_quorum_counts_members(members: int, quorum: int) -> None:
    assert needed(members, 2, 3) == quorum
    assert reaches(quorum, members, 2, 3)
    assert not reaches(quorum - 1, members, 2, 3)


@pytest.mark.parametrize(
    ("present", "line"), [(9, 6), (10, 7), (11, 8), (12, 8), (13, 9), (17, 12), (8, 6), (7, 5), (16, 11)]
)
def test_pass_line_counts_the_entitled(present: int, line: int) -> None:
    assert needed(present, 2, 3) == line
    assert passes(line, present, 2, 3)
    assert not passes(line - 1, present, 2, 3)
