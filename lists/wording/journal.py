"""What an entry of the journal says, made when it is shown: in the reader's language."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..changes import ContactChange, ListChange
from ..models import Action, BlockRequest, JournalEntry
from ..names import short
from ..plusofon.values import Contact
from ..writing import journal
from .contacts import some_numbers
from .types import type_name

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Kind = BlockRequest.Kind
MOST_NAMES = 5
MOST_NUMBERS = 10

ACTIONS: "dict[str, StrOrPromise]" = {
    Action.ADD: gettext_lazy("Added"),
    Action.EDIT: gettext_lazy("Edited"),
    Action.REMOVE: gettext_lazy("Removed"),
    Action.RENAME: gettext_lazy("List renamed"),
    Action.CREATE: gettext_lazy("List created"),
    Action.DELETE: gettext_lazy("List deleted"),
    Action.ASK: gettext_lazy("Request made"),
    Action.ACCEPT: gettext_lazy("Request accepted"),
    Action.DECLINE: gettext_lazy("Request declined"),
    Action.WITHDRAW: gettext_lazy("Request withdrawn"),
}


def sentence(entry: JournalEntry) -> str:
    """Who did what, or tried to."""
    words = {"who": entry.username, "list": short(entry.list_name)}
    if entry.request:
        return _about(entry.request, entry, words)
    match entry.action:
        case Action.CREATE if entry.contacts_count:
            count = entry.contacts_count
            return ngettext(
                "%(who)s created the list “%(list)s” with %(count)s contact",
                "%(who)s created the list “%(list)s” with %(count)s contacts",
                count,
            ) % {**words, "count": count}
        case Action.CREATE:
            return _("%(who)s created the list “%(list)s”") % words
        case Action.DELETE:
            count = entry.contacts_count
            return ngettext(
                "%(who)s deleted the list “%(list)s”, %(count)s contact",
                "%(who)s deleted the list “%(list)s”, %(count)s contacts",
                count,
            ) % {**words, "count": count}
    if entry.contacts_count > 1:
        return _many(entry, words)
    change = journal.change_of(entry)
    if not change.contacts:
        return _renamed(change, words)
    return _one(change.contacts[0], words)


def _about(asked: BlockRequest, entry: JournalEntry, words: dict[str, str]) -> str:
    words = {
        **words,
        "what": _numbers(asked.numbers.splitlines()),
        "id": str(asked.pk),
        "asker": asked.username,
        "reason": asked.reason,
        "answer": asked.answer,
    }
    match entry.action, asked.kind:
        case Action.ASK, Kind.UNBLOCK:
            return _("%(who)s requested an unblock of %(what)s: %(reason)s") % words
        case Action.ASK, _kind if asked.list_id is None:
            return _("%(who)s requested a block of %(what)s: %(reason)s") % words
        case Action.ASK, _kind:
            return _("%(who)s asked to block %(what)s in “%(list)s”: %(reason)s") % words
        case Action.WITHDRAW, _kind:
            return _("%(who)s withdrew request no. %(id)s: %(what)s") % words
        case Action.ACCEPT, Kind.UNBLOCK:
            unblocked = _("%(who)s accepted request no. %(id)s of %(asker)s to unblock %(what)s")
            return unblocked % words
        case Action.ACCEPT, _kind:
            return _("%(who)s accepted request no. %(id)s of %(asker)s: %(what)s") % words
    return _("%(who)s declined request no. %(id)s of %(asker)s (%(what)s): %(answer)s") % words


def _renamed(change: ListChange, words: dict[str, str]) -> str:
    if change.name:
        words = {
            **words,
            "before": short(change.name.before),
            "after": short(change.name.after),
        }
    if change.type:
        words = {
            **words,
            "old_type": str(type_name(change.type.before)).lower(),
            "new_type": str(type_name(change.type.after)).lower(),
        }
    if change.name and change.type:
        return (
            _(
                "%(who)s renamed the list “%(before)s” to “%(after)s” and made it %(new_type)s, not %(old_type)s"
            )
            % words
        )
    if change.type:
        return _("%(who)s made the list “%(list)s” %(new_type)s, not %(old_type)s") % words
    return _("%(who)s renamed the list “%(before)s” to “%(after)s”") % words


def _one(change: ContactChange, words: dict[str, str]) -> str:
    before, after = change.before, change.after
    if before is None and after is not None:
        return _("%(who)s added %(what)s to “%(list)s”") % {**words, "what": _whole(after)}
    if before is not None and after is None:
        return _("%(who)s removed %(what)s from “%(list)s”") % {**words, "what": _whole(before)}
    if before is None or after is None:
        return _("%(who)s changed nothing in “%(list)s”") % words
    had, has = set(before.phones), set(after.phones)
    gone = [phone for phone in before.phones if phone not in has]
    new = [phone for phone in after.phones if phone not in had]
    words = {
        **words,
        "name": short(after.name),
        "before": short(before.name),
        "after": short(after.name),
    }
    if before.name != after.name and not gone and not new:
        return _("%(who)s renamed the contact “%(before)s” to “%(after)s” in “%(list)s”") % words
    if before.name == after.name and new and not gone:
        words["what"] = _numbers(new)
        return _("%(who)s gave the contact “%(name)s” %(what)s in “%(list)s”") % words
    if before.name == after.name and gone and not new:
        words["what"] = _numbers(gone)
        return _("%(who)s took from the contact “%(name)s” %(what)s in “%(list)s”") % words
    words |= {"before": _whole(before), "after": _whole(after)}
    return _("%(who)s replaced %(before)s by %(after)s in “%(list)s”") % words


def _many(entry: JournalEntry, words: dict[str, str]) -> str:
    contacts = [c.after or c.before for c in journal.first_of(entry, MOST_NAMES)]
    names = [short(contact.name) for contact in contacts if contact]
    count = entry.contacts_count
    shown = ", ".join(names) + (" …" if count > MOST_NAMES else "")
    values = {**words, "count": count, "names": shown}
    match entry.action:
        case Action.ADD:
            return (
                ngettext(
                    "%(who)s added %(count)s contact to “%(list)s”: %(names)s",
                    "%(who)s added %(count)s contacts to “%(list)s”: %(names)s",
                    count,
                )
                % values
            )
        case Action.REMOVE:
            return (
                ngettext(
                    "%(who)s removed %(count)s contact from “%(list)s”: %(names)s",
                    "%(who)s removed %(count)s contacts from “%(list)s”: %(names)s",
                    count,
                )
                % values
            )
    return (
        ngettext(
            "%(who)s changed %(count)s contact in “%(list)s”: %(names)s",
            "%(who)s changed %(count)s contacts in “%(list)s”: %(names)s",
            count,
        )
        % values
    )


def _whole(contact: Contact) -> str:
    """ "number +7 999 888-77-66 (Иван Иванов)" """
    if not contact.phones:
        return _("the contact “%(name)s” without numbers") % {"name": short(contact.name)}
    return _("%(numbers)s (%(name)s)") % {
        "numbers": _numbers(contact.phones),
        "name": short(contact.name),
    }


def _numbers(phones: Sequence[str]) -> str:
    return ngettext("the number %(numbers)s", "the numbers %(numbers)s", len(phones)) % {
        "numbers": some_numbers(phones, MOST_NUMBERS)
    }
