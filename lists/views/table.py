"""The contacts of a list as a table: its rows, their addresses, and a row that is not there any more."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from ..access import PageRequest
from ..ordering import By, Order, contacts_in_order, read_order
from ..plusofon.values import Contact, ContactList
from ..sameness import contact_key
from ..services import filtering
from ..templatetags.rows import Row
from .page import page_number, render_page, to_notice, wants_piece
from .sorting import headings

TEMPLATE = "lists/list.html"


SIZES = (50, 100, 250)  # contacts a page
ORDERS = (By.NAME, By.NUMBER)


@dataclass(frozen=True, slots=True)
class View:
    """What of a list is shown, and how: it stands in the address. `order`: None as it is stored; `size`: contacts
    a page, None as many as is usual; `is_whole`: all of them at once."""

    query: str = ""
    page: int = 1
    order: Order | None = None
    size: int | None = None
    is_whole: bool = False


def view_of(request: PageRequest) -> View:
    """What the address asks for; what is odd in it counts for nothing."""
    asked = request.GET.get("size", "")
    return View(
        query=request.GET.get("q", ""),
        page=page_number(request),
        order=read_order(request.GET.get("sort", ""), ORDERS),
        size=int(asked) if asked in map(str, SIZES) else None,
    )


def table_of(found: ContactList, view: View | None = None) -> dict[str, Any]:
    """What the table of contacts shows: a page of them, or all of them at once."""
    view = view or View()
    matching = contacts_in_order(filtering.matching(found.contacts, view.query), view.order)
    size = view.size or settings.CONTACTS_PER_PAGE
    per_page = max(1, len(matching)) if view.is_whole else size
    shown = filtering.slice_of(matching, page=view.page, per_page=per_page)
    return {
        "list": found,
        "list_id": found.id,
        "total": len(found.contacts),
        "query": view.query,
        "order": view.order,
        "headings": headings(ORDERS, view.order),
        "size": size,
        "sizes": sorted({settings.CONTACTS_PER_PAGE, *SIZES}),
        "slice": shown,
        "rows": list(rows_of(found.id, shown.contacts)),
        "is_whole": view.is_whole,
    }


def rows_of(list_id: int, contacts: Iterable[Contact]) -> Iterator[Row]:
    """A contact that stands there twice has one key and two ids."""
    list_url = reverse("list", args=[list_id])
    seen: Counter[str] = Counter()
    for contact in contacts:
        key = contact_key(contact)
        seen[key] += 1
        row_id = f"contact-{key}" + (f"-{seen[key]}" if seen[key] > 1 else "")
        yield Row(contact, key, row_id, f"{list_url}contacts/{key}/")


def page_of(found: ContactList, contact: Contact) -> int:
    per_page: int = settings.CONTACTS_PER_PAGE
    return 1 + found.contacts.index(contact) // per_page


def address_of(found: ContactList, contact: Contact) -> str:
    """Where a contact stands in its list."""
    page = page_of(found, contact)
    query = f"?page={page}" if page > 1 else ""
    return f"{reverse('list', args=[found.id])}{query}#contact-{contact_key(contact)}"


def contact_gone(request: PageRequest, found: ContactList) -> HttpResponse:
    """The contact is not there any more: said, with the way back to its list."""
    context = {"list": found}
    page = render_page(request, "lists/contact_gone.html", context, piece="gone", status=404)
    return to_notice(page) if wants_piece(request) else page
