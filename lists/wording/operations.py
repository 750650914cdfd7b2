"""What an act over several lists says in the journal."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..changes import ListChange
from ..intents import AddContacts, BlockNumbers, MendContacts, UnblockNumber
from ..models import Action, JournalEntry
from ..names import isolated
from ..writing.entries import change_of
from ..writing.plans import Act, CreateList, DeleteList, UndoEntry
from .marks import PLAIN, Marks

Words = dict[str, object]

ACTIONS = {
    *(Action.BLOCK, Action.UNBLOCK, Action.MOVE, Action.COPY, Action.MERGE),
    *(Action.RESTORE, Action.CLEAN_UP, Action.UNDO),
}
MOST_NUMBERS = 10


def names_of_lists(entry: JournalEntry) -> list[str]:
    """As they were named then; the first of a move, a copy and a merge is the list that the others came into."""
    return [isolated(name) for name in entry.list_name.split("\n")]


def sentence(entry: JournalEntry, words: Words, marks: Marks) -> tuple[str, Words]:
    """Who did it, translated, and what is filled in."""
    names = names_of_lists(entry)
    count = entry.operation.lists_count
    lists = marks.join([marks.of_list(name, None) for name in names])
    words |= {"lists": lists, "lists_count": count, "what": _numbers(entry, marks)}
    words |= {"list": names[0], "source": ", ".join(names[1:]), "names": _contacts(entry)}
    match entry.action:
        case Action.MOVE:
            moved = ngettext(
                "%(who)s moved %(count)s contact from “%(source)s” to “%(list)s”: %(names)s",
                "%(who)s moved %(count)s contacts from “%(source)s” to “%(list)s”: %(names)s",
                entry.contacts_count,
            )
            return moved, words
        case Action.COPY:
            copied = ngettext(
                "%(who)s copied %(count)s contact from “%(source)s” to “%(list)s”: %(names)s",
                "%(who)s copied %(count)s contacts from “%(source)s” to “%(list)s”: %(names)s",
                entry.contacts_count,
            )
            return copied, words
        case Action.MERGE:
            words["lists_count"] = count - 1
            merged = ngettext(
                "%(who)s merged %(lists_count)s list into “%(list)s”: %(source)s",
                "%(who)s merged %(lists_count)s lists into “%(list)s”: %(source)s",
                count - 1,
            )
            return merged, words
    return _of_lists(entry.action, count), words


def _of_lists(action: str, count: int) -> str:
    match action:
        case Action.BLOCK:
            return ngettext(
                "%(who)s blocked %(what)s in %(lists_count)s list: %(lists)s",
                "%(who)s blocked %(what)s in %(lists_count)s lists: %(lists)s",
                count,
            )
        case Action.UNBLOCK:
            return ngettext(
                "%(who)s unblocked %(what)s in %(lists_count)s list: %(lists)s",
                "%(who)s unblocked %(what)s in %(lists_count)s lists: %(lists)s",
                count,
            )
        case Action.RESTORE:
            return ngettext(
                "%(who)s restored %(lists_count)s list from a backup: %(lists)s",
                "%(who)s restored %(lists_count)s lists from a backup: %(lists)s",
                count,
            )
        case Action.CLEAN_UP:
            return ngettext(
                "%(who)s put %(lists_count)s list in order: %(lists)s",
                "%(who)s put %(lists_count)s lists in order: %(lists)s",
                count,
            )
    return ngettext(
        "%(who)s undid a change of %(lists_count)s list: %(lists)s",
        "%(who)s undid a change of %(lists_count)s lists: %(lists)s",
        count,
    )


def _numbers(entry: JournalEntry, marks: Marks) -> str:
    """The numbers of the contact that it is about."""
    phones = [
        phone
        for change in change_of(entry).contacts
        if change.after
        for phone in change.after.phones
    ]
    shown = marks.join(map(marks.of_number, phones[:MOST_NUMBERS]))
    if (more := len(phones) - MOST_NUMBERS) > 0:
        shown = marks.fill(_("%(names)s and %(more)s more"), {"names": shown, "more": more})
    numbers = ngettext(
        "the number %(numbers)s", "the numbers %(numbers)s", 1 if len(phones) < 2 else 2
    )
    return marks.fill(numbers, {"numbers": shown})


def _contacts(entry: JournalEntry) -> str:
    changes = change_of(entry).contacts
    names = ", ".join(isolated(change.after.name) for change in changes if change.after)
    return names + (" …" if entry.contacts_count > len(changes) else "")


def moved_in_words(entry: JournalEntry) -> str:
    """What a move or a copy has done."""
    words: Words = {"count": entry.contacts_count, "list": names_of_lists(entry)[0]}
    if entry.action == Action.COPY:
        copied = ngettext(
            "%(count)s contact is copied to “%(list)s”.",
            "%(count)s contacts are copied to “%(list)s”.",
            entry.contacts_count,
        )
        return PLAIN.fill(copied, words)
    moved = ngettext(
        "%(count)s contact is moved to “%(list)s”.",
        "%(count)s contacts are moved to “%(list)s”.",
        entry.contacts_count,
    )
    return PLAIN.fill(moved, words)


def done_in_words(act: Act, part: JournalEntry | None) -> str:
    """What a step has done to its list; without a write of its own there was nothing to do."""
    match act, part:
        case CreateList() | UndoEntry(), JournalEntry(action=Action.CREATE, list_id=int(list_id)):
            return _("created anew; its new number: %(id)s") % {"id": list_id}
        case UndoEntry(), _:
            return _("undone")
        case CreateList(), _:
            return _("created")
        case DeleteList(), _:
            return _("deleted")
        case _, None:
            return _("nothing to change")
        case MendContacts(), JournalEntry(contacts_count=count):
            return ngettext(
                "%(count)s contact put in order", "%(count)s contacts put in order", count
            ) % {"count": count}
        case ListChange(), _:
            return _("restored")
        case BlockNumbers(), _:
            return _("blocked")
        case UnblockNumber(), _:
            return _("removed")
        case AddContacts(), JournalEntry(contacts_count=count):
            return ngettext("%(count)s contact came in", "%(count)s contacts came in", count) % {
                "count": count
            }
        case _, JournalEntry(contacts_count=count):
            return ngettext("%(count)s contact removed", "%(count)s contacts removed", count) % {
                "count": count
            }
