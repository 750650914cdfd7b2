"""Contacts as the rows of a file."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from ..plusofon.values import Contact
from .spreadsheet import Row


def contact_lines(contacts: Iterable[Contact]) -> Iterator[Row]:
    """Titles first; a contact a row, its numbers as they are stored."""
    yield _("Name"), _("Numbers")
    for contact in contacts:
        yield contact.name, ", ".join(contact.phones)
