"""Contacts and numbers in a sentence: the first of them, and how many more there are."""

from collections.abc import Collection
from itertools import islice

from django.utils.translation import gettext as _

from ..names import short
from ..phones import spell
from ..plusofon.values import Contact


def names(contacts: tuple[Contact, ...], most: int = 5) -> str:
    """ "“Иван”, “Анна” and 3 more" """
    first = [_("“%(name)s”") % {"name": short(contact.name)} for contact in contacts[:most]]
    return _and_more(first, len(contacts))


def some_numbers(numbers: Collection[str], most: int = 3) -> str:
    """ "+7 999 888-77-66, 101 and 3 more" """
    return _and_more([short(spell(number)) for number in islice(numbers, most)], len(numbers))


def few(stored: Collection[str], most: int = 10) -> str:
    """The first of a contact's numbers, as they are stored."""
    return _and_more([short(number) for number in islice(stored, most)], len(stored))


def _and_more(first: list[str], total: int) -> str:
    shown, more = ", ".join(first), total - len(first)
    return shown if more <= 0 else _("%(names)s and %(more)s more") % {"names": shown, "more": more}
