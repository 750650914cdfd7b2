"""What a write has to do with others: what it takes back or does again, and the act that it is a step of."""

from dataclasses import dataclass

from ..models import JournalEntry


@dataclass(frozen=True, slots=True)
class Links:
    """`part_of`: the entry of the operation; `step`: the number of this write in its plan."""

    undoes: JournalEntry | None = None
    repeats: JournalEntry | None = None
    part_of: JournalEntry | None = None
    step: int | None = None


ALONE = Links()
