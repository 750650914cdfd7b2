"""Every list of an account in one file."""

from collections.abc import Iterator, Sequence
from typing import IO

from django.utils import timezone

from .. import backup_file, bulkhead
from ..backup_file import Manifest, Missing
from ..connection import Connection
from ..plusofon.client import Plusofon
from ..plusofon.errors import NotFound, PlusofonError
from ..plusofon.index import read_index
from ..plusofon.values import ContactList, ListEntry
from ..threads import RequestThreads

LONGEST = 55.0  # seconds that somebody waits for a page; a proxy before us may end it after sixty
AT_A_TIME = 24  # lists that may be in memory


def write_backup(file: IO[bytes], *, by: Connection, within: float = LONGEST) -> Manifest:
    """Read every list and write it down. What could not be read is named in the manifest.

    Raises `PlusofonError` where not even a page of lists could be read (nothing was written then), `BulkheadFull`.
    """
    api = by.api.scanning(within=within)
    with (
        bulkhead.scans.enter(),
        RequestThreads(api.calls_at_once, thread_name_prefix="backup") as pool,
    ):
        index = read_index(api=api, each=pool.map)
        if index.trouble and not index.entries:
            raise index.trouble
        lists = _lists(index.entries, api, pool)
        trouble = [_missing(None, index.trouble)] if index.trouble else []
        return backup_file.write(
            file,
            (one for each in (lists, trouble) for one in each),
            account=by.account,
            made_at=timezone.now(),
        )


def _lists(
    entries: Sequence[ListEntry], api: Plusofon, pool: RequestThreads
) -> Iterator[ContactList | Missing]:
    """In their order. One that was deleted meanwhile is no longer one of the account."""

    def read(entry: ListEntry) -> ContactList | Missing | None:
        try:
            return api.get_list(entry.id)
        except NotFound:
            return None
        except PlusofonError as error:
            return _missing(entry, error)

    for start in range(0, len(entries), AT_A_TIME):
        found = pool.map(read, entries[start : start + AT_A_TIME])
        yield from (one for one in found if one is not None)


def _missing(entry: ListEntry | None, error: PlusofonError) -> Missing:
    entry_id, name = (entry.id, entry.name) if entry else (None, "")
    return Missing(entry_id, name, type(error).__name__, error.message)
