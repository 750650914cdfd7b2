"""How the cost of a thing grows with its input: a thing that looks at each pair takes sixteen times as long for
four times as much, a straight one four. The best of several runs counts, in this thread's processor time, so that
neither a busy machine nor the threads that a test has beside it change much."""

import gc
import sys
import time

import pytest

MOST = 8  # times as long for four times as much
SLACK = 0.03  # seconds


def assert_linear(prepare, size, *, within):
    """`prepare(size)` gives what is timed, once it is called; `within`: seconds that twice `size` may take."""
    few, many = size // 2, 2 * size
    short = min(_timed(prepare(few)) for _ in range(3))
    for _ in range(5):
        long = _timed(prepare(many))
        if long <= MOST * short + SLACK and long < within:
            return
    pytest.fail(f"{short:.3f} s for {few}, {long:.3f} s for {many}")


def _timed(run):
    """Without the collector: it looks through whatever the tests before have left."""
    gc.collect()
    gc.disable()
    try:
        return seconds_of(run)[0]
    finally:
        gc.enable()


def seconds_of(run):
    """Processor time of what runs, and what it gives. Whatever counts the lines, and takes four times as long for
    it, does not see them."""
    tracing = sys.gettrace()
    sys.settrace(None)
    try:
        started = time.thread_time()
        given = run()
        return time.thread_time() - started, given
    finally:
        sys.settrace(tracing)
