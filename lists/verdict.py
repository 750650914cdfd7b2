"""What may be said of a number, once lists were read."""

from enum import StrEnum


class Verdict(StrEnum):
    """`NONE` only where every list was read, and nothing in them could mean the whole number; of a
    short one that is `ABSENT`, and of what seems to be a part of a number `DOUBTFUL`."""

    BLOCKED = "blocked"
    POSSIBLE = "possible"
    NONE = "none"
    ABSENT = "absent"
    DOUBTFUL = "doubtful"
    INCOMPLETE = "incomplete"
