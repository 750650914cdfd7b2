"""What stands in the files that people download: titles and rows, as values."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from ..plusofon.values import Contact

MOST_IN_CELL = 30_000  # characters of numbers; a spreadsheet's cell takes 32,767


class Lines(tuple[str, ...]):
    """A cell of several lines."""

    __slots__ = ()


Row = tuple[str | Lines, ...]


def of_contacts(contacts: Iterable[Contact]) -> Iterator[Row]:
    """A row a contact, its numbers one below the other. One with more than a cell takes has several rows of its
    name: an import makes one contact of them again."""
    yield _("Name"), _("Numbers")
    for contact in contacts:
        for numbers in _cells(contact.phones):
            yield contact.name, numbers


def _cells(phones: Iterable[str]) -> Iterator[Lines]:
    part: list[str] = []
    size = 0
    for phone in phones:
        if part and size + len(phone) >= MOST_IN_CELL:
            yield Lines(part)
            part, size = [], 0
        part.append(phone)
        size += len(phone) + 1
    yield Lines(part)
