"""The headings of a table that sort it: links, so that an order is an address."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..ordering import By, Order

FROM_THE_MOST = {By.COUNT}  # what people look for there stands at the other end


@dataclass(frozen=True, slots=True)
class Heading:
    """`sort`: what the address says once it is pressed; `aria`: how the table is sorted by it just now."""

    sort: str
    aria: str = ""


def headings(possible: Iterable[By], order: Order | None) -> dict[str, Heading]:
    """By what each sorts. Pressed again, it sorts from the other end."""
    return {str(by): _heading(by, order) for by in possible}


def _heading(by: By, order: Order | None) -> Heading:
    if order is None or order.by is not by:
        return Heading(str(Order(by, by in FROM_THE_MOST)))
    aria = "descending" if order.is_reversed else "ascending"
    return Heading(str(Order(by, not order.is_reversed)), aria)
