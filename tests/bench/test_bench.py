"""The bench works: figures judged by the rounds' ratios, a used port refused, a run from nothing to JSON lines."""

import json
import socket
import subprocess
import sys

import pytest
from django.conf import settings

from appraisal_portal.home.benchmark import server, workbooks
from appraisal_portal.home.benchmark.figures import BARS, JUDGED_ANEW, MAIN_PAGES, PUBLISHED, SUBMISSION, Taken, figures
from appraisal_portal.home.benchmark.load import HOST


def taken(rates: list[float], ms: list[float]) -> Taken:
    return Taken(rates, ms, [0.0] * len(ms))


def test_a_bar_is_judged_by_the_median_of_side_by_side_rounds():
    """In the second round the machine was busy: both sides were slow, the ratio is not."""
    found = {
        "hello": taken([1000, 400, 1000], [1, 1, 1]),
        "front page": taken([900, 360, 800], [1, 1, 1]),
        **{name: taken([840, 340, 1000], [1, 1, 1]) for name in PUBLISHED},
        "verification": taken([150, 80, 150], [1, 1, 1]),
        "reference": taken([10, 10, 10], [4, 8, 4]),
        "progress page": taken([10, 10, 10], [5, 10, 6]),
        SUBMISSION: taken([10, 10, 10], [6, 12, 7]),
        JUDGED_ANEW: taken([10, 10, 10], [8, 16, 9]),
        **{name: taken([10, 10, 10], [4, 8, 5]) for name in MAIN_PAGES},
    }
    front, *published = figures(found)[: 1 + len(PUBLISHED)]
    verification, progress, *others = figures(found)[1 + len(PUBLISHED) :]
    judged, informing = others[: len(MAIN_PAGES) + 2], others[len(MAIN_PAGES) + 2 :]
    assert (front.value, front.ok, front.bar) == (0.9, True, ">= 0.85")
    assert {(figure.value, figure.ok) for figure in published} == {(0.85, True)}
    assert (verification.value, verification.ok) == (0.15, False)
    assert (progress.value, progress.ok, progress.bar) == (1.25, True, "<= 1.25")
    assert all(figure.ok and figure.bar is None for figure in informing)
    assert [figure.value for figure in judged] == [1.0] * len(MAIN_PAGES) + [1.5, 2.0]
    assert all(figure.ok for figure in judged)
    assert len(BARS) == 5 + len(PUBLISHED) + len(MAIN_PAGES)


def test_the_readers_agree_and_the_ratio_is_told():
    found = workbooks.reading(rounds=1, rows=50)
    assert (found.name, found.bar) == ("workbook_of_openpyxl", "<= 0.15")
    assert found.value > 0


def test_a_port_in_use_is_refused():
    with socket.socket() as other:
        other.bind((HOST, 0))
        other.listen()
        with pytest.raises(server.ServerError, match="in use"):
            server.need_free(other.getsockname()[1])


@pytest.mark.slow
def test_quick_run_prints_a_json_line_for_each_figure():
    command = [sys.executable, "manage.py", "bench", "--quick"]
    environ = {"PATH": "/usr/bin:/bin:/usr/sbin:/sbin", "LANG": "C.UTF-8"}  # services of its own
    done = subprocess.run(
        command, cwd=settings.BASE_DIR, env=environ, capture_output=True, text=True, check=False, timeout=500
    )
    assert done.returncode == 0, done.stderr[-2000:]
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    before = ["workbook_of_openpyxl", "issue_of_naive", "signature_of_simple", "certificate_beside_photo",
              "worker_memory", "roster_of_openpyxl", "roster_of_xlsxwriter", "roster_memory",
              "publicities_of_by_hand"]  # fmt: skip
    pages = [*(bar.name for bar in BARS), "last_minute_unknown"]
    looked_up = ["lookup_of_select_1", "lookup_miss_of_hit", "verification_among_a_million_of_hello",
                 "verification_miss_of_hit", "check_by_hand_miss_from_hit_ms",
                 "check_by_hand_told_by_time"]  # fmt: skip
    work_list = ["work_list_of_reference", "work_list_in_words_of_reference", "work_list_growth",
                 "overview_of_reference"]  # fmt: skip
    assert [line["name"] for line in lines if line["bar"]] == [*before, *pages, *looked_up, *work_list]
    seconds, typst, measured, reading, sizes = 1, 1, 2 * (7 + len(PUBLISHED) + len(MAIN_PAGES)), 1, 3 * 3
    assert len([line for line in lines if not line["bar"]]) == seconds + typst + measured + reading + sizes
    assert {"name", "value", "bar", "ok", "detail"} == set(lines[0])
    assert {line["name"] for line in lines if not line["value"]} == {"last_minute_unknown"}
