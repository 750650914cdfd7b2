"""What an entry of the journal says, made when it is shown: in the reader's language."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from ..changes import ContactChange, ListChange
from ..models import Action, BlockRequest, JournalEntry
from ..names import isolated
from ..plusofon.values import Contact
from ..writing.entries import change_of, first_of
from . import operations
from .marks import PLAIN, Linked, Marks
from .times import moment
from .types import type_name

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Words = dict[str, object]
Sentence = tuple[str, Words]  # translated, and what is filled in

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
    Action.ASK: gettext_lazy("Request submitted"),
    Action.ACCEPT: gettext_lazy("Request accepted"),
    Action.DECLINE: gettext_lazy("Request declined"),
    Action.WITHDRAW: gettext_lazy("Request withdrawn"),
    Action.BLOCK: gettext_lazy("Blocked in several lists"),
    Action.UNBLOCK: gettext_lazy("Unblocked in several lists"),
    Action.MOVE: gettext_lazy("Moved"),
    Action.COPY: gettext_lazy("Copied"),
    Action.MERGE: gettext_lazy("Lists merged"),
    Action.RESTORE: gettext_lazy("Restored from a backup"),
    Action.CLEAN_UP: gettext_lazy("Put in order"),
    Action.UNDO: gettext_lazy("Several changes undone"),
}


def sentence(entry: JournalEntry) -> str:
    """Who did what, or tried to."""
    return PLAIN.fill(*_sentence(entry, PLAIN))


def linked(entry: JournalEntry, *, own: str = "") -> SafeString:
    """The same as HTML: lists and numbers are links, but for the number whose page it stands on (`own`)."""
    marks = Linked(own)
    return SafeString(marks.fill(*_sentence(entry, marks)))


def wanted(entry: JournalEntry) -> str:
    """What the person wanted to do, who is not told yet whether it is done: after "You wanted to:"."""
    words: Words = {"list": isolated(entry.list_name), "count": entry.contacts_count}
    if entry.action == Action.CREATE:
        return PLAIN.fill(_("create the list “%(list)s”"), words)
    if entry.action == Action.DELETE:
        return PLAIN.fill(_("delete the list “%(list)s”"), words)
    if entry.contacts_count > 1:
        many = ngettext(
            "change %(count)s contact in “%(list)s”",
            "change %(count)s contacts in “%(list)s”",
            entry.contacts_count,
        )
        return PLAIN.fill(many, words)
    change = change_of(entry)
    sentence = (_wanted_of_one if change.contacts else _wanted_of_list)(change, words)
    return PLAIN.fill(sentence, words)


def _wanted_of_one(change: ListChange, words: Words) -> str:
    before, after = change.contacts[0].before, change.contacts[0].after
    if before and after and before.name != after.name and before.phones == after.phones:
        words |= {"before": isolated(before.name), "after": isolated(after.name)}
        return _("rename the contact “%(before)s” to “%(after)s” in “%(list)s”")
    words["before"] = _whole(before, PLAIN) if before else ""
    words["after"] = _whole(after, PLAIN) if after else ""
    if not before:
        return _("add %(after)s to “%(list)s”")
    if not after:
        return _("remove %(before)s from “%(list)s”")
    return _("replace %(before)s with %(after)s in “%(list)s”")


def _wanted_of_list(change: ListChange, words: Words) -> str:
    if change.name:
        words |= {"before": isolated(change.name.before), "after": isolated(change.name.after)}
    if change.type:
        words["new_type"] = str(type_name(change.type.after)).lower()
    if change.name and change.type:
        return _("rename the list “%(before)s” to “%(after)s” and make it %(new_type)s")
    if change.type:
        return _("make the list “%(list)s” %(new_type)s")
    return _("rename the list “%(before)s” to “%(after)s”")


def origin(entry: JournalEntry | None, asked: BlockRequest | None) -> str:
    """Who put a number where it is, when, and for which request: None where the journal does not know."""
    if entry is None:
        return _("Entered elsewhere, or earlier")
    who = f"{entry.username}, {moment(entry.started_at)}"
    if asked is None:
        return who
    words = {"who": who, "id": asked.pk, "reason": asked.reason}
    return _("%(who)s, request no. %(id)s: %(reason)s") % words


def _sentence(entry: JournalEntry, marks: Marks) -> Sentence:
    is_gone = entry.action == Action.DELETE
    name = marks.of_list(isolated(entry.list_name), None if is_gone else entry.list_id)
    words = {"who": entry.username, "list": name, "count": entry.contacts_count}
    if entry.request:
        return _about(entry.request, entry.action, words, marks)
    if entry.action in operations.ACTIONS:
        return operations.sentence(entry, words, marks)
    match entry.action:
        case Action.CREATE | Action.DELETE:
            return _whole_list(entry, words)
        case _ if entry.contacts_count > 1:
            return _many(entry, words)
    change = change_of(entry)
    if not change.contacts:
        return _renamed(change, entry, words, marks)
    return _one(change.contacts[0], words, marks)


def _about(asked: BlockRequest, action: str, words: Words, marks: Marks) -> Sentence:
    words |= {
        "what": _numbers(asked.numbers.splitlines(), marks),
        "id": asked.pk,
        "asker": asked.username,
        "reason": asked.reason,
        "answer": asked.answer,
    }
    match action, asked.kind:
        case Action.ASK, Kind.UNBLOCK:
            return _("%(who)s requested an unblock of %(what)s: %(reason)s"), words
        case Action.ASK, _kind if asked.list_id is None:
            return _("%(who)s requested a block of %(what)s: %(reason)s"), words
        case Action.ASK, _kind:
            return _("%(who)s requested a block of %(what)s in “%(list)s”: %(reason)s"), words
        case Action.WITHDRAW, _kind:
            return _("%(who)s withdrew request no. %(id)s: %(what)s"), words
        case Action.ACCEPT, Kind.UNBLOCK:
            unblocked = _("%(who)s accepted request no. %(id)s by %(asker)s to unblock %(what)s")
            return unblocked, words
        case Action.ACCEPT, _kind:
            blocked = _("%(who)s accepted request no. %(id)s by %(asker)s to block %(what)s")
            return blocked, words
    return _("%(who)s declined request no. %(id)s by %(asker)s (%(what)s): %(answer)s"), words


def _whole_list(entry: JournalEntry, words: Words) -> Sentence:
    count = entry.contacts_count
    if entry.action == Action.DELETE:
        deleted = ngettext(
            "%(who)s deleted the list “%(list)s”, %(count)s contact",
            "%(who)s deleted the list “%(list)s”, %(count)s contacts",
            count,
        )
        return deleted, words
    if not count:
        return _("%(who)s created the list “%(list)s”"), words
    created = ngettext(
        "%(who)s created the list “%(list)s” with %(count)s contact",
        "%(who)s created the list “%(list)s” with %(count)s contacts",
        count,
    )
    return created, words


def _renamed(change: ListChange, entry: JournalEntry, words: Words, marks: Marks) -> Sentence:
    if change.name:
        words["before"] = isolated(change.name.before)
        words["after"] = marks.of_list(isolated(change.name.after), entry.list_id)
    if change.type:
        words["old_type"] = str(type_name(change.type.before)).lower()
        words["new_type"] = str(type_name(change.type.after)).lower()
    if change.name and change.type:
        return (
            _(
                "%(who)s renamed the list “%(before)s” to “%(after)s” and made it %(new_type)s,"
                " not %(old_type)s"
            ),
            words,
        )
    if change.type:
        return _("%(who)s made the list “%(list)s” %(new_type)s, not %(old_type)s"), words
    return _("%(who)s renamed the list “%(before)s” to “%(after)s”"), words


def _one(change: ContactChange, words: Words, marks: Marks) -> Sentence:
    match change.before, change.after:
        case None, None:
            return _("%(who)s changed nothing in “%(list)s”"), words
        case None, Contact() as added:
            words["what"] = _whole(added, marks)
            return _added(added.phones), words
        case Contact() as removed, None:
            words["what"] = _whole(removed, marks)
            return _removed(removed.phones), words
        case Contact() as before, Contact() as after:
            return _replaced(before, after, words, marks)
    raise AssertionError(change)


def _replaced(before: Contact, after: Contact, words: Words, marks: Marks) -> Sentence:
    had, has = set(before.phones), set(after.phones)
    gone = [phone for phone in before.phones if phone not in has]
    new = [phone for phone in after.phones if phone not in had]
    words["name"] = isolated(after.name)
    if before.name != after.name and not gone and not new:
        words |= {"before": isolated(before.name), "after": isolated(after.name)}
        return _("%(who)s renamed the contact “%(before)s” to “%(after)s” in “%(list)s”"), words
    if before.name == after.name and new and not gone:
        words["what"] = _numbers(new, marks)
        given = ngettext(
            "%(who)s added %(what)s to the contact “%(name)s” in “%(list)s”",
            "%(who)s added %(what)s to the contact “%(name)s” in “%(list)s”",
            _one_or_many(new),
        )
        return given, words
    if before.name == after.name and gone and not new:
        words["what"] = _numbers(gone, marks)
        taken = ngettext(
            "%(who)s removed %(what)s from the contact “%(name)s” in “%(list)s”",
            "%(who)s removed %(what)s from the contact “%(name)s” in “%(list)s”",
            _one_or_many(gone),
        )
        return taken, words
    words |= {"before": _whole(before, marks), "after": _whole(after, marks)}
    replaced = ngettext(
        "%(who)s replaced %(before)s with %(after)s in “%(list)s”",
        "%(who)s replaced %(before)s with %(after)s in “%(list)s”",
        _one_or_many(before.phones),
    )
    return replaced, words


def _added(phones: Sequence[str]) -> str:
    return ngettext(
        "%(who)s added %(what)s to “%(list)s”",
        "%(who)s added %(what)s to “%(list)s”",
        _one_or_many(phones),
    )


def _removed(phones: Sequence[str]) -> str:
    return ngettext(
        "%(who)s removed %(what)s from “%(list)s”",
        "%(who)s removed %(what)s from “%(list)s”",
        _one_or_many(phones),
    )


def _one_or_many(phones: Sequence[str]) -> int:
    """How many to decline for: numbers that are told one by one are many, be they 2 or 21."""
    return 1 if len(phones) < 2 else 2


def _many(entry: JournalEntry, words: Words) -> Sentence:
    count = entry.contacts_count
    contacts = [c.after or c.before for c in first_of(entry, MOST_NAMES)]
    names = ", ".join(isolated(contact.name) for contact in contacts if contact)
    words["names"] = names + (" …" if count > MOST_NAMES else "")
    match entry.action:
        case Action.ADD:
            text = ngettext(
                "%(who)s added %(count)s contact to “%(list)s”: %(names)s",
                "%(who)s added %(count)s contacts to “%(list)s”: %(names)s",
                count,
            )
        case Action.REMOVE:
            text = ngettext(
                "%(who)s removed %(count)s contact from “%(list)s”: %(names)s",
                "%(who)s removed %(count)s contacts from “%(list)s”: %(names)s",
                count,
            )
        case _:
            text = ngettext(
                "%(who)s changed %(count)s contact in “%(list)s”: %(names)s",
                "%(who)s changed %(count)s contacts in “%(list)s”: %(names)s",
                count,
            )
    return text, words


def _whole(contact: Contact, marks: Marks) -> str:
    """ "number +7 999 888-77-66 (Иван Иванов)" """
    name = isolated(contact.name)
    if not contact.phones:
        return marks.fill(_("the contact “%(name)s” without numbers"), {"name": name})
    words = {"numbers": _numbers(contact.phones, marks), "name": name}
    return marks.fill(_("%(numbers)s (%(name)s)"), words)


def _numbers(phones: Sequence[str], marks: Marks) -> str:
    shown = marks.join(map(marks.of_number, phones[:MOST_NUMBERS]))
    if (more := len(phones) - MOST_NUMBERS) > 0:
        shown = marks.fill(_("%(names)s and %(more)s more"), {"names": shown, "more": more})
    sentence = ngettext("the number %(numbers)s", "the numbers %(numbers)s", _one_or_many(phones))
    return marks.fill(sentence, {"numbers": shown})
