"""Putting the lists of an account in order: read, looked at, and written as one act (see `operations`)."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from .. import bulkhead
from ..connection import Connection
from ..findings import Finding, find
from ..intents import HaveNumbers
from ..mending import Mending
from ..models import Action, Operation
from ..plusofon.errors import NotFound
from ..plusofon.values import Contact, ContactList, ListEntry
from ..writing import operation
from ..writing.plans import Plan, Step
from . import lookup
from .lookup import Result, Search, Steps

EVERYTHING = Search(matches=lambda _contact: True, names_list=lambda _name: True)


def scan(*, by: Connection) -> Steps:
    """Read every list. Raises as `lookup.scan`."""
    return lookup.scan(EVERYTHING, by=by)


def lists_in(result: Result) -> list[ContactList]:
    """Those that were read."""
    unread = {one.list.id for one in result.unread}
    contacts = {entry: list[Contact]() for entry in result.lists if entry.id not in unread}
    for hit in result.hits:
        contacts[hit.list].append(hit.contact)
    return [
        ContactList(entry.id, entry.name, entry.type, tuple(found))
        for entry, found in contacts.items()
    ]


def read(list_ids: Iterable[int], *, by: Connection) -> list[ContactList]:
    """A call each, some at once; without those that are gone. Raises `PlusofonError` where one cannot be read,
    `BulkheadFull`."""
    api = by.api.scanning()

    def one(list_id: int) -> ContactList | None:
        try:
            return api.get_list(list_id)
        except NotFound:
            return None

    with (
        bulkhead.scans.enter(),
        ThreadPoolExecutor(api.calls_at_once, thread_name_prefix="cleanup") as pool,
    ):
        return [found for found in pool.map(one, list_ids) if found]


def chosen(lists: Iterable[ContactList], ids: Iterable[str], kinds: Iterable[str]) -> list[Finding]:
    """The mendable findings of these lists with these ids, and all of these kinds."""
    ids, kinds = set(ids), set(kinds)
    return [one for one in find(lists) if one.is_mendable and (one.kind in kinds or one.id in ids)]


def plan_for(mending: Mending) -> Plan:
    """A number leaves a white list once a list that blocks is confirmed to have it."""
    having = [Step(0, entry, HaveNumbers(contacts)) for entry, contacts in mending.kept.items()]
    changing = [
        Step(
            1 if one.loses else 0,
            ListEntry(one.list.id, one.list.name, one.list.type),
            one.change.as_found_in(one.list),
        )
        for one in mending.lists
    ]
    return (*having, *changing)


def begin(plan: Plan, *, by: Connection, form_token: str | None = None) -> Operation:
    return operation.begin(Action.CLEAN_UP, plan, by=by, form_token=form_token)
