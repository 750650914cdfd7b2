"""How lists and contacts look in every template."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.contrib.messages.storage.base import Message
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language, ngettext

from .. import icons, names, phones
from ..models import JournalEntry
from ..plusofon.values import ContactList
from ..sameness import list_digest
from ..undo_tags import undone_by
from ..wording import contacts as contact_words
from ..wording import times
from ..wording.journal import wanted as wanted_by
from ..wording.outcomes import outcome_name
from ..wording.types import type_name
from ..writing.entries import state_digest

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

register = template.Library()


@register.simple_tag
@cache
def icon(name: str, size: int = 16) -> str:
    """An icon beside words that say the same."""
    if name not in icons.NAMES:
        raise ValueError(f"{name} is none of the icons")
    address = f"{reverse('icons', args=[icons.digest()])}#{name}"
    return format_html(
        '<svg width="{0}" height="{0}" aria-hidden="true"><use href="{1}"/></svg>', size, address
    )


@register.simple_tag
def bar(value: int, most: int) -> str:
    """A picture of how much of the most it is, beside the number that says so."""
    drawn = '<svg class="bar" aria-hidden="true"><rect width="{}%" height="100%"/></svg>'
    return format_html(drawn, round(100 * value / max(1, most)))


@register.filter
def short(name: str) -> str:
    return names.short(name)


@register.filter
def isolated(name: str) -> str:
    """A name in a sentence; elsewhere it stands in a `bdi`."""
    return names.isolated(name)


@register.filter
def few(stored: Sequence[str]) -> str:
    """The first numbers of a contact as they are stored, and how many more it has."""
    return contact_words.few(stored)


@register.filter
def spell(number: str) -> str:
    return phones.spell(number)


@register.filter
def carried(number: str) -> str:
    """A number for a link of ours: one of another country keeps its plus on the way."""
    return phones.carry(phones.normalise(number))


@register.filter
def badge(code: str) -> str:
    """A list's type. Drawn once for each language: a page of lists shows many of two kinds."""
    return _badge(code, get_language())


@lru_cache(maxsize=64)
def _badge(code: str, language: str | None) -> str:
    return render_to_string("components/badge.html", {"type": code})


@register.filter
def grouped(number: int) -> str:
    """ "10,000" """
    return str(intcomma(number))


@register.filter
def contacts(total: int) -> str:
    """ "10,000 contacts" """
    return ngettext("%(total)s contact", "%(total)s contacts", total) % {"total": intcomma(total)}


@register.filter
def in_lists(total: int) -> str:
    """ "in 3 lists" """
    return ngettext("in %(total)s list", "in %(total)s lists", total) % {"total": intcomma(total)}


@register.filter
def moment(when: datetime) -> str:
    return times.moment(when)


@register.filter
def age(when: datetime) -> str:
    return times.age(when)


@register.filter
def since(when: datetime) -> str:
    return times.since(when)


@register.filter
def type_title(code: str) -> "StrOrPromise":
    return type_name(code)


@register.filter
def digest(contact_list: ContactList) -> str:
    return list_digest(contact_list)


@register.filter
def state(entry: JournalEntry) -> str:
    return state_digest(entry)


@register.filter
def wanted(entry: JournalEntry) -> str:
    """What the person wanted to do: "add the number 101 (Иван) to “Спам”"."""
    return wanted_by(entry)


@register.filter
def outcome(entry: JournalEntry) -> str:
    return outcome_name(entry)


@register.filter
def undoable(message: Message) -> dict[str, str]:
    """The `id`, `state` and `action` of the entry that a message's toast offers to undo; else empty."""
    return undone_by(message.extra_tags or "")
