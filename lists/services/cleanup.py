"""Putting the lists of an account in order: read, looked at, and written as one act (see `operations`)."""

from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass

from .. import bulkhead
from ..connection import Connection
from ..findings import Finding, Inspected, find, found_in, inspect
from ..intents import CheckNumbers, MendContacts
from ..mending import Mending
from ..models import Action, Operation
from ..plusofon.errors import NotFound, PlusofonError
from ..plusofon.values import Contact, ContactList, ListEntry
from ..threads import RequestThreads
from ..writing import operation
from ..writing.plans import Plan, Step
from . import lookup
from .lookup import Progress, Result, Search, Unread

EVERYTHING = Search(matches=lambda _contact: True, names_list=lambda _name: True)


@dataclass(frozen=True, slots=True)
class Order:
    """What was found in all lists that could be read; `result` tells which could not."""

    findings: Sequence[Finding]
    result: Result


Steps = Generator[Progress | Order, None, None]


def scan(*, by: Connection) -> Steps:
    """Yield progress until every list was read, then what was found. Each list is looked through while the others
    are on their way. Raises as `lookup.scan`."""
    return _looking_through(lookup.scan(EVERYTHING, by=by))


def _looking_through(steps: lookup.Steps) -> Steps:
    inspected: dict[int, Inspected] = {}
    with closing(steps):
        for step in steps:
            if isinstance(step, Result):
                yield Order(_findings(step, inspected), step)
                continue
            if step.hits:
                entry = step.hits[0].list
                inspected[entry.id] = _inspect(entry, (hit.contact for hit in step.hits))
            yield step


def _inspect(entry: ListEntry, contacts: Iterable[Contact]) -> Inspected:
    return inspect(ContactList(entry.id, entry.name, entry.type, tuple(contacts)))


def _findings(result: Result, inspected: Mapping[int, Inspected]) -> list[Finding]:
    """Of a list that was read and had nothing to show nothing is known yet but that it is empty."""
    unread = {one.list.id for one in result.unread}
    read = (entry for entry in result.lists if entry.id not in unread)
    return found_in(inspected.get(entry.id) or _inspect(entry, ()) for entry in read)


def order_of(steps: Steps) -> Order:
    """Run a scan to its end."""
    *_, order = steps
    assert isinstance(order, Order)
    return order


def read(list_ids: Iterable[int], *, by: Connection) -> tuple[list[ContactList], list[Unread]]:
    """A call each, some at once; without those that are gone. Raises `PlusofonError` where none can be read,
    `BulkheadFull`."""
    api = by.api.scanning()

    def one(list_id: int) -> ContactList | Unread | None:
        try:
            return api.get_list(list_id)
        except NotFound:
            return None
        except PlusofonError as error:
            return Unread(ListEntry(list_id, "", ""), error)

    with (
        bulkhead.scans.enter(),
        RequestThreads(api.calls_at_once, thread_name_prefix="cleanup") as pool,
    ):
        found = list(pool.map(one, list_ids))
    lists = [each for each in found if isinstance(each, ContactList)]
    unread = [each for each in found if isinstance(each, Unread)]
    if unread and not lists:
        raise unread[0].error
    return lists, unread


def chosen(lists: Iterable[ContactList], ids: Iterable[str], kinds: Iterable[str]) -> list[Finding]:
    """The mendable findings of these lists with these ids, and all of these kinds."""
    ids, kinds = set(ids), set(kinds)

    def is_chosen(one: Finding) -> bool:
        return one.is_mendable and (one.kind in kinds or (bool(ids) and one.id in ids))

    return [one for one in find(lists) if is_chosen(one)]


def plan_for(mending: Mending) -> Plan:
    """What is mended; then a number has to be blocked, before it leaves a white list."""
    changing = [
        Step(
            2 if one.loses else 0,
            one.list.entry,
            MendContacts(one.change.as_found_in(one.list), one.kept),
        )
        for one in mending.lists
    ]
    checking = [Step(1, entry, CheckNumbers(numbers)) for entry, numbers in mending.blocked.items()]
    return (*changing, *checking)


def begin(plan: Plan, *, by: Connection, form_token: str | None = None) -> Operation:
    changed = [step.list.name for step in plan if isinstance(step.act, MendContacts)]
    return operation.begin(Action.CLEAN_UP, plan, by=by, names=changed, form_token=form_token)
