"""A backup beside the account as it is: what differs, list by list, and making it again what it was."""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

from .. import bulkhead
from ..backup_file import Backup
from ..changes import ListChange
from ..connection import Connection
from ..models import Action, Operation
from ..plusofon.errors import NotFound, PlusofonError, Unauthenticated
from ..plusofon.index import all_lists, read_index
from ..plusofon.values import ContactList, ListEntry
from ..reverting import change_back
from ..sameness import digest_of, list_digest
from ..threads import RequestThreads
from ..writing import operation
from ..writing.plans import CreateList, Plan, Step, read_plan, write_plan

NOTHING_TO_CHANGE = ListChange()
LONGEST = 55.0  # seconds that somebody waits for the comparison


class Standing(StrEnum):
    """How a list of the file stands to the account. Gone is also one that is on none of the pages of lists, if all
    of them were read, whatever the API answers of itself: it says "no access" of the ids of strangers."""

    SAME = "same"
    DIFFERS = "differs"
    GONE = "gone"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Compared:
    """One list of the file. `change`: what makes the account's list that of the file; `namesake`: of one that is
    gone, a list of its name that the file does not have; `error`: why it could not be read."""

    kept: ContactList
    standing: Standing
    change: ListChange = NOTHING_TO_CHANGE
    namesake: ListEntry | None = None
    error: PlusofonError | None = None

    @property
    def may_be_restored(self) -> bool:
        return self.standing in (Standing.DIFFERS, Standing.GONE)


@dataclass(frozen=True, slots=True)
class Comparison:
    """`listed`: the lists of the account; `others`: those that the file does not have, which stay as they are.
    `trouble`: why it is not known which lists the account has."""

    lists: tuple[Compared, ...]
    listed: tuple[ListEntry, ...]
    others: tuple[ListEntry, ...]
    trouble: PlusofonError | None

    @property
    def is_of_any(self) -> bool:
        """Whether anything is known of a list of the file, if it has one."""
        return not self.lists or any(one.standing is not Standing.UNREAD for one in self.lists)


@dataclass(frozen=True, slots=True)
class Agreed:
    """What a preview has shown. `account`: whose backup it is; `into`: the account that it was compared with;
    `namesakes`: the ids of its lists that had the name of one that is to be created."""

    account: str
    into: str
    plan: Plan
    namesakes: frozenset[int] = frozenset()


class NotAgreed(Exception):
    """Nothing that `write_agreed` writes of a restoring."""


def compare(backup: Backup, *, by: Connection) -> Comparison:
    """Every list of the file beside that of the account. Raises `BulkheadFull`, and `Unauthenticated`: with a
    token that is refused nothing can be said of any list."""
    api = by.api.scanning(within=LONGEST)
    with (
        bulkhead.scans.enter(),
        RequestThreads(api.calls_at_once, thread_name_prefix="restore") as pool,
    ):
        index = read_index(api=api, each=pool.map)
        if isinstance(index.trouble, Unauthenticated):
            raise index.trouble
        listed = set(index.ids)
        in_file = {kept.id for kept in backup.lists}
        others = tuple(entry for entry in index.entries if entry.id not in in_file)
        by_name = {entry.name.strip(): entry for entry in reversed(others)}

        def look(kept: ContactList) -> Compared:
            try:
                change = change_back(api.get_list(kept.id), kept)
            except Unauthenticated:
                raise
            except PlusofonError as error:
                is_listed = index.trouble is not None or kept.id in listed
                if is_listed and not isinstance(error, NotFound):
                    return Compared(kept, Standing.UNREAD, error=error)
                return Compared(kept, Standing.GONE, namesake=by_name.get(kept.name.strip()))
            return Compared(kept, Standing.SAME if change.is_empty else Standing.DIFFERS, change)

        lists = tuple(pool.map(look, backup.lists))
        return Comparison(lists, index.entries, others, index.trouble)


def chosen_of(backup: Backup, list_ids: Collection[int]) -> Backup:
    """The same with these lists alone."""
    return Backup(backup.manifest, tuple(one for one in backup.lists if one.id in list_ids))


def plan_of(compared: Iterable[Compared], *, newest: int = 0) -> Plan:
    """A step for each that can be restored: the others need nothing, or are not known. `newest`: the highest id of
    the account's lists."""
    return tuple(_step(one, newest) for one in compared if one.may_be_restored)


def _step(one: Compared, newest: int) -> Step:
    if one.standing is Standing.GONE:
        # Of two who have seen the same account, and confirm at the same moment, the second finds it made.
        once = f"gone-{digest_of([str(newest), str(one.kept.id), list_digest(one.kept)])}"
        return Step(0, ListEntry(0, one.kept.name, one.kept.type), CreateList(one.kept, once))
    return Step(0, one.kept.entry, one.change)


def agree(comparison: Comparison, *, of: str, by: Connection) -> Agreed:
    """What confirming it will do. `of`: whose backup it is."""
    newest = max((entry.id for entry in comparison.listed), default=0)
    plan = plan_of(comparison.lists, newest=newest)
    return Agreed(of, by.account, plan, _namesakes(_created(plan), comparison.listed))


def has_changed(agreed: Agreed, *, by: Connection) -> bool:
    """Whether the account is another, or one of the lists that were gone may be there again: by its id, or by its
    name, as another manager may just have restored it. What has changed within a list is a conflict of its own.

    Raises `PlusofonError` where that cannot be read; nothing was sent then.
    """
    if agreed.into != by.account:
        return True
    created = _created(agreed.plan)
    if not created:
        return False
    listed = all_lists(by.api.scanning())
    ids = {entry.id for entry in listed}
    is_back = any(one.id in ids for one in created)
    return is_back or not _namesakes(created, listed) <= agreed.namesakes


def _created(plan: Plan) -> list[ContactList]:
    return [step.act.whole for step in plan if isinstance(step.act, CreateList)]


def _namesakes(created: Iterable[ContactList], listed: Iterable[ListEntry]) -> frozenset[int]:
    names = {one.name.strip() for one in created}
    return frozenset(entry.id for entry in listed if entry.name.strip() in names)


def write_agreed(agreed: Agreed) -> bytes:
    record = {
        "account": agreed.account,
        "into": agreed.into,
        "plan": write_plan(agreed.plan),
        "namesakes": sorted(agreed.namesakes),
    }
    return json.dumps(record).encode()


def read_agreed(content: bytes) -> Agreed:
    """Raises `NotAgreed`."""
    try:
        record = json.loads(content)
        agreed = Agreed(
            record["account"],
            record["into"],
            read_plan(record["plan"]),
            frozenset(record["namesakes"]),
        )
    except (AssertionError, AttributeError, KeyError, TypeError, ValueError) as error:
        raise NotAgreed from error
    if not all(isinstance(step.act, CreateList | ListChange) for step in agreed.plan):
        raise NotAgreed
    return agreed


def begin(agreed: Agreed, *, by: Connection, form_token: str) -> Operation:
    """Note the restoring as one act (see `operations.begin`)."""
    return operation.begin(Action.RESTORE, agreed.plan, by=by, form_token=form_token)
