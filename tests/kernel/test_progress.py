"""Counting rows for whoever listens."""

from appraisal_portal.kernel import progress


def test_rows_are_told_every_two_hundred_and_at_the_end():
    told = []
    with progress.told_to(lambda done, total: told.append((done, total))):
        progress.expect(450)
        assert list(progress.counted(range(250))) == list(range(250))
        assert list(progress.counted(range(200))) == list(range(200))
    assert told == [(0, 450), (200, 450), (250, 450), (400, 450), (450, 450)]


def test_without_a_listener_the_rows_only_pass():
    progress.expect(3)
    assert list(progress.counted("abc")) == ["a", "b", "c"]
