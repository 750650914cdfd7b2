"""What `manage.py sandbox` understands. Pure; ValueError carries a sentence for the terminal."""

import re
from dataclasses import dataclass

from .faults import kind_named

FAULT = re.compile(r"(?:(?P<method>[A-Za-z]+)\s+)?(?P<kind>[^\s*]+)(?:\*(?P<times>[1-9][0-9]*))?")
DURATION = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?)\s*(?P<unit>ms|s)?")


@dataclass(frozen=True, slots=True)
class FaultOrder:
    """A fault as a person orders it. `times` None: every matching call."""

    kind: str
    method: str | None = None
    times: int | None = None


def parse_fault(text: str) -> FaultOrder:
    """ "[METHOD ]KIND[*TIMES]": "PUT 500*3" is the next three PUTs, "drip" is every call."""
    found = FAULT.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} does not read as [METHOD ]KIND[*TIMES]")
    kind_named(found["kind"])
    return FaultOrder(
        kind=found["kind"],
        method=found["method"].upper() if found["method"] else None,
        times=int(found["times"]) if found["times"] else None,
    )


def parse_seconds(text: str) -> float:
    """ "0.05", "0.05s" and "50ms" are the same."""
    found = DURATION.fullmatch(text.strip())
    if not found:
        raise ValueError(f"{text!r} is no duration; say 0.05 or 50ms")
    return float(found["number"]) / (1000 if found["unit"] == "ms" else 1)
