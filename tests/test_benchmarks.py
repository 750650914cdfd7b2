"""docs/benchmarks.md says what was measured, and the committed one has every row that is measured today."""

import subprocess
import sys
from importlib import import_module

import pytest

from tests.bench import page
from tests.bench.__main__ import DOCUMENT
from tests.bench.rows import Result, Row, Section, alternating
from tests.bench.topics import TOPICS

from .test_setup import ROOT

SLOW = Row("a page", "the bare call", bound=1.15, reason="It is drawn by hand.")
QUICK = Row("a lookup", "the vendor's loop", "s", bound=0.5)
TOLD = Row("a visit", "the same uncompressed", "KB")
MEASURED = {"machine": "2 cores, Python 3.11.2, 2025-11-29", "busy": 0.25, "minutes": 6.6}


def written(*results):
    section = Section("Pages", "How it was measured.", list(results))
    return page.document([section], MEASURED)


def table_of(text):
    """The cells of each row below a heading of columns."""
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[2:]]


def test_a_row_says_both_sides_their_ratio_and_whether_it_holds():
    slow = Result(SLOW, [(0.060, 0.050), (0.065, 0.050), (0.100, 0.080)])
    quick = Result(QUICK, [(6.0, 33.0)])
    told = Result(TOLD, [(6_500, 65_000)])
    assert table_of(written(slow, quick, told)) == [
        # the middle of 1.20, 1.30 and 1.25, which no quotient of the medians is
        [
            "a page",
            "the bare call",
            "65.0 ms",
            "50.0 ms",
            "**1.25**",
            "1.23 – 1.27",
            "3",
            "1.15",
            "missed",
        ],
        [
            "a lookup",
            "the vendor's loop",
            "6.00 s",
            "33.0 s",
            "**0.18**",
            "0.18 – 0.18",
            "1",
            "0.50",
            "holds",
        ],
        [
            "a visit",
            "the same uncompressed",
            "6.50 KB",
            "65.0 KB",
            "**0.10**",
            "0.10 – 0.10",
            "1",
            "",
            "",
        ],
    ]


def test_a_missed_promise_stands_above_with_its_reason():
    head = written(Result(SLOW, [(0.060, 0.050)])).partition("## Pages")[0]
    assert "- a page ÷ the bare call: 1.20 instead of 1.15. It is drawn by hand." in head


def test_a_promise_that_is_kept_is_not_excused():
    text = written(Result(SLOW, [(0.0575, 0.050)]))
    assert "It is drawn by hand." not in text
    assert "every ratio that is promised was kept" in text


def test_the_page_says_what_measured_it_and_how_long_that_takes():
    text = written(Result(TOLD, [(1, 2)]))
    assert "2 cores, Python 3.11.2, 2025-11-29" in text
    assert "0.2 other programs were running" in text
    assert "about 7 minutes" in text


def test_both_sides_take_turns():
    order = []
    runs = alternating(
        lambda: order.append("a") or 1, lambda: order.append("b") or 2, runs=2, warm_up=1
    )
    assert order == ["a", "b"] * 3
    assert runs == [(1, 2)] * 2


@pytest.mark.parametrize("topic", TOPICS)
def test_the_committed_page_has_the_rows_and_promises_of_each_topic(topic):
    module = import_module(f"tests.bench.{topic}")
    text = DOCUMENT.read_text()
    about, _, rest = text.partition(f"\n## {module.TITLE}\n")[2].partition("\n| ")
    assert about.strip() == module.ABOUT
    section = f"| {rest}".partition("\n## ")[0]
    assert [(cells[0], cells[1], cells[7]) for cells in table_of(section)] == [
        (row.what, row.against, "" if row.bound is None else f"{row.bound:.2f}")
        for row in module.ROWS
    ]


def test_the_committed_page_has_no_other_sections():
    titles = [
        line.removeprefix("## ") for line in DOCUMENT.read_text().splitlines() if line[:3] == "## "
    ]
    assert titles == [import_module(f"tests.bench.{topic}").TITLE for topic in TOPICS]


def test_a_topic_that_is_not_there_is_refused_before_anything_is_measured():
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench", "weights"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "No such topic: weights. There are: pages," in done.stderr
