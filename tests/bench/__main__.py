"""`python -m tests.bench [topic …]`: measure all topics or some; all of them make docs/benchmarks.md anew."""

import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from . import page
from .topics import TOPICS, measured

DOCUMENT = Path(__file__).parents[2] / "docs" / "benchmarks.md"


def main(chosen):
    if unknown := set(chosen) - set(TOPICS):
        sys.exit(f"No such topic: {', '.join(sorted(unknown))}. There are: {', '.join(TOPICS)}.")
    began, busy, sections = time.monotonic(), os.getloadavg()[0], []
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn, max_tasks_per_child=1) as pool:
        for section in pool.map(measured, chosen or TOPICS):
            sections.append(section)
            print("\n".join(page.section(section)), flush=True)
    print("\n".join(page.missed(sections)))
    if not chosen:
        minutes = (time.monotonic() - began) / 60
        facts = page.measured_by(busy=busy, minutes=minutes)
        DOCUMENT.write_text(page.document(sections, facts))


if __name__ == "__main__":
    main(sys.argv[1:])
