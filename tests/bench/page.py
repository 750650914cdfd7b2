"""docs/benchmarks.md, written from what was measured."""

import os
import platform
import sqlite3
from datetime import UTC, datetime

import django

SCALE = {"ms": 1000, "s": 1, "KB": 1e-3, "MB": 1e-6}
HEAD = """\
# Benchmarks

What the dashboard costs, each row a ratio: what we need ÷ what the same takes without us, both measured in one run.
`make bench` writes this page from what it measures; whatever is changed by hand is lost the next time.

**How it was measured.** {machine}; {busy:.1f} other programs were running as it began (the load average).
Where that is not near 0, the seconds, and what is missed, are theirs as much as ours. Plusofon is the stand-in (`lists/sandbox`), in a process of its own; “50 ms away” means
that each of its answers takes as long more. Both sides of a row take turns, so that they meet the same noise, after a few runs that
do not count. Ours and theirs are medians over the runs; the ratio is the median of the runs' own ratios, and half of the runs lie in
the span beside it.

**How to read it.** Below 1.00 we need less than what we are held against. Seconds belong to this machine, ratios travel.
“At most” is what we promise; where it is empty we promise nothing and only tell.

**How to repeat it.** `make bench` takes about {minutes:.0f} minutes and wants the machine for itself; `make bench TOPICS="lookup weight"` prints
some of it and writes nothing. Each section is a module of `tests/bench/`."""
COLUMNS = ("what", "÷", "ours", "theirs", "ratio", "half of the runs", "runs", "at most", "")


def measured_by(*, busy, minutes):
    """The machine, how many other programs it ran, and how long it took."""
    return {
        "machine": (
            f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()}, Python"
            f" {platform.python_version()}, Django {django.__version__}, SQLite {sqlite3.sqlite_version},"
            f" {datetime.now(UTC):%Y-%m-%d}"
        ),
        "busy": busy,
        "minutes": minutes,
    }


def document(sections, facts):
    lines = [HEAD.format(**facts), "", *missed(sections)]
    for one in sections:
        lines += ["", *section(one)]
    return "\n".join(lines) + "\n"


def missed(sections):
    """What is promised and does not hold, with the reason."""
    results = [result for one in sections for result in one.results if not result.holds]
    if not results:
        return ["**What does not hold.** Nothing: every ratio that is promised was kept."]
    return [
        "**What does not hold.**",
        "",
        *(
            f"- {result.row.what} ÷ {result.row.against}: {result.ratio:.2f} instead of"
            f" {result.row.bound:.2f}. {result.row.reason or 'Why is not known yet.'}"
            for result in results
        ),
    ]


def section(found):
    lines = [f"## {found.title}", "", found.about, "", line(COLUMNS)]
    lines.append(line(["---", "---", *["---:"] * 6, "---"]))
    return lines + [line(cells(result)) for result in found.results]


def cells(result):
    row = result.row
    low, high = result.spread
    bounded = ("", "") if row.bound is None else (f"{row.bound:.2f}", verdict(result))
    return (
        row.what,
        row.against,
        shown(result.ours, row.unit),
        shown(result.theirs, row.unit),
        f"**{result.ratio:.2f}**",
        f"{low:.2f} – {high:.2f}",
        str(len(result.pairs)),
        *bounded,
    )


def verdict(result):
    return "holds" if result.holds else "missed"


def shown(value, unit):
    scaled = value * SCALE[unit]
    digits = 2 if scaled < 10 else 1 if scaled < 100 else 0
    return f"{scaled:,.{digits}f} {unit}"


def line(texts):
    return f"| {' | '.join(texts)} |"
