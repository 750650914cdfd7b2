"""The rows of tables of lists and of contacts, and the numbers in them: the same markup fifty times a page.

A template resolves its words and attributes anew each time, which took most of a page's time. So each of these
is rendered once for each language and role, with marks where a row's own values go, and then filled.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import quote

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from .. import names, phones
from ..plusofon.values import Contact, ListEntry
from ..search_input import LONGEST
from .lists import badge, grouped

register = template.Library()

REMEMBERED = 20_000  # numbers, of whatever list: as many as two long lists have
_EDGE = re.compile(
    r"(<t[hdr]\b[^>]*>) | (?=</t[hdr]>|>)"
)  # of a cell, a row or a tag: white space that nobody sees
LONGEST_REMEMBERED = 40  # characters; a number has 15 digits


@dataclass(frozen=True, slots=True)
class Row:
    """A contact as a row of the table. `key`: see `sameness.contact_key`; `url`: of the contact's own pages."""

    contact: Contact
    key: str
    id: str
    url: str


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list as a row of the table of lists. `count`: of its contacts, None where that is not known."""

    entry: ListEntry
    count: int | None


@register.simple_tag(takes_context=True)
def list_rows(context: Context, rows: Iterable[ListRow]) -> SafeString:
    """All rows of a page. From the context: `may_change`, `may_count`, `is_counted`."""
    may_change, may_count = bool(context.get("may_change")), bool(context.get("may_count"))
    pattern = _list_row(get_language() or "", may_change, may_count)
    filled = (
        pattern
        % {
            "id": row.entry.id,
            "url": reverse("list", args=[row.entry.id]),
            "name": escape(names.short(row.entry.name) or "—"),
            "badge": badge(row.entry.type),
            "count": list_count(context, row),
        }
        for row in rows
    )
    return mark_safe("".join(filled))  # noqa: S308 - filled with what is escaped


@register.simple_tag(takes_context=True)
def list_count(context: Context, row: ListRow) -> str:
    """How many contacts the list has; nothing where nobody counted (`is_counted`)."""
    if row.count is not None:
        return grouped(row.count)
    return _not_counted(get_language() or "") if context.get("is_counted") else ""


@register.simple_tag(takes_context=True)
def contact_rows(context: Context, rows: Iterable[Row]) -> SafeString:
    """All rows of a page."""
    return mark_safe("".join(contact_row(context, row) for row in rows))  # noqa: S308 - rows are escaped


@register.simple_tag(takes_context=True)
def contact_row(context: Context, row: Row) -> SafeString:
    """A contact as a row. From the context: `may_change`; `focus`, where it goes to the row's first action;
    `is_whole`, where nothing is chosen."""
    language = get_language() or ""
    may_change, focus = bool(context.get("may_change")), bool(context.get("focus"))
    pattern = _row(language, may_change, focus, bool(context.get("is_whole")))
    numbers = [
        f"<div>{_number(phone, language, is_link=True)}</div>" for phone in row.contact.phones
    ]
    return mark_safe(  # noqa: S308 - filled with what is escaped
        pattern
        % {
            "id": row.id,
            "url": row.url,
            "key": row.key,
            "name": escape(names.short(row.contact.name) or "—"),
            "numbers": "".join(numbers) or _no_numbers(language),
        }
    )


@register.simple_tag
def stored_number(phone: str) -> SafeString:
    """A number as people read it, and as it is stored where that is otherwise."""
    number = _number(phone, get_language() or "", is_link=False)
    return mark_safe(number)  # noqa: S308 - escaped


@register.simple_tag
def linked_number(phone: str, own: str = "") -> SafeString:
    """The same, leading to the number's page; not on that page. `own`: whose page it is, normalised."""
    is_link = phones.normalise(phone) != own
    number = _number(phone, get_language() or "", is_link=is_link)
    return mark_safe(number)  # noqa: S308 - escaped


def _number(phone: str, language: str, *, is_link: bool) -> str:
    if len(phone) > LONGEST_REMEMBERED:
        return _number_anew(phone, language, is_link)
    return _number_once(phone, language, is_link)


def _number_anew(phone: str, language: str, is_link: bool) -> str:
    normal, spelled = phones.normalise(phone), phones.spell(phone)
    is_odd = phone not in (normal, spelled)
    is_link = is_link and 0 < len(normal) <= LONGEST
    words = {
        "address": quote(phones.carry(normal)) if is_link else "",
        "spelled": escape(names.short(spelled)),
        "stored": escape(names.short(phone)),
    }
    return _number_pattern(language, is_odd, is_link) % words


_number_once = lru_cache(maxsize=REMEMBERED)(_number_anew)


@cache
def _list_row(language: str, may_change: bool, may_count: bool) -> str:
    context = {"may_change": may_change, "may_count": may_count}
    return _pattern("list_row", ("id", "url", "name", "badge", "count"), context)


@cache
def _not_counted(language: str) -> SafeString:
    return mark_safe(_pattern("not_counted", (), {}) % {})  # noqa: S308 - our own words


@cache
def _row(language: str, may_change: bool, focus: bool, is_whole: bool) -> str:
    context = {"may_change": may_change, "focus": focus, "is_whole": is_whole}
    return _pattern("contact_row", ("id", "url", "key", "name", "numbers"), context)


@cache
def _number_pattern(language: str, is_odd: bool, is_link: bool) -> str:
    slots = {"address": is_link, "spelled": True, "stored": is_odd}
    return _pattern("number", tuple(slot for slot in slots if slots[slot]), {})


@cache
def _no_numbers(language: str) -> str:
    return f'<span class="none">{escape(_("no numbers"))}</span>'


def _pattern(component: str, slots: tuple[str, ...], context: dict[str, bool]) -> str:
    """The component, to be filled by `%`: each slot is marked with signs that no text has (U+FDD0, U+FDD1)."""
    marks = {slot: f"\ufdd0{slot}\ufdd1" for slot in slots}
    markup = str(render_to_string(f"components/{component}.html", {**context, **marks}))
    in_one_line = " ".join(markup.split())  # indented fifty times it would be half of the page
    in_one_line = _EDGE.sub(r"\1", in_one_line)
    return in_one_line.replace("%", "%%").replace("\ufdd0", "%(").replace("\ufdd1", ")s")
