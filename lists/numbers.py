"""The numbers of a text area: as typed, and as they will be stored."""

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from . import phones
from .phones import NotANumber
from .plusofon.values import Contact

# Of a stored text that is known again among other numbers. One of more lines is hundreds of numbers, and
# each place of what was typed would be compared with all of them.
MOST_LINES = 20


@dataclass(frozen=True, slots=True)
class Number:
    """A number as typed and as it will be stored. `untouched`: as it stood there before."""

    typed: str
    stored: str
    untouched: bool = False
    is_repeated: bool = False

    @property
    def is_doubtful(self) -> bool:
        return not self.untouched and phones.is_doubtful(self.stored)


def read_numbers(text: str, before: Contact | None = None) -> list[Number | NotANumber]:
    """In the order in which they were typed. A stored text of `before` left as the page showed it
    stays as it is, however odd: several numbers, commas and line breaks in it included."""
    stored_texts = before.phones if before else ()
    shown = tuple(map(phones.spell, stored_texts))
    if stored_texts and _lines(text) == _lines("\n".join(shown)):
        return [
            Number(spelled, stored, untouched=True)
            for spelled, stored in zip(shown, stored_texts, strict=True)
        ]
    read: list[Number | NotANumber] = []
    pieces = list(_pieces(text, _Untouched(stored_texts, shown)))
    known = {phones.normalise(untouched) for _, untouched in pieces if untouched is not None}
    for typed, untouched in pieces:
        if untouched is not None:
            read.append(Number(typed, untouched, untouched=True))
            continue
        for piece in phones.apart(typed):
            try:
                stored = phones.parse(piece)
            except NotANumber as error:
                read.append(error)
                continue
            read.append(Number(piece, stored, is_repeated=stored in known))
            known.add(stored)
    return read


class _Untouched:
    """Stored texts that may stand in what was typed, each once: as stored, or as a page shows it."""

    def __init__(self, stored_texts: Sequence[str], shown: Sequence[str]) -> None:
        self._texts = stored_texts
        self._left = set(range(len(stored_texts)))
        self._places: defaultdict[tuple[str, ...], deque[int]] = defaultdict(deque)
        for place, texts in enumerate(zip(stored_texts, shown, strict=True)):
            for lines in {tuple(_lines(text)) for text in texts}:
                if len(lines) <= MOST_LINES:
                    self._places[lines].append(place)
        self.lengths = sorted({len(lines) for lines in self._places} | {1}, reverse=True)

    def take(self, lines: Sequence[str]) -> str | None:
        places = self._places.get(tuple(lines), deque())
        while places:
            place = places.popleft()
            if place in self._left:
                self._left.remove(place)
                return self._texts[place]
        return None


def _pieces(text: str, untouched: _Untouched) -> Iterator[tuple[str, str | None]]:
    """What was typed, cut into numbers; with the stored text where it is one as it was."""
    lines, place = _lines(text), 0
    while place < len(lines):
        for length in untouched.lengths:
            chunk = lines[place : place + length]
            if any(chunk) and (stored := untouched.take(chunk)) is not None:
                yield "\n".join(chunk), stored
                break
        else:
            length = 1
            yield from ((typed, untouched.take([typed])) for typed in phones.split(lines[place]))
        place += length


def _lines(text: str) -> list[str]:
    """However a browser ends them, and without the space around them, which forms cut off."""
    lines = text.strip().replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return [line.strip() for line in lines]
