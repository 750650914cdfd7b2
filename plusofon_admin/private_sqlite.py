"""A SQLite database that nobody but its owner may read, whatever the umask."""

import os
import sqlite3
from contextlib import suppress
from typing import Any


class Connection(sqlite3.Connection):
    """Makes the file before SQLite would, readable by all: its -wal and -shm get the same permissions
    (https://www.sqlite.org/src/file/src/os_unix.c, findCreateFileMode)."""

    def __init__(self, database: str, *args: Any, **kwargs: Any) -> None:
        if not database.startswith(("file:", ":memory:")):
            # Not by opening: closing a file of SQLite's drops all locks that this process has on it
            # (https://www.sqlite.org/howtocorrupt.html). What fails here SQLite says better.
            with suppress(OSError):
                os.mknod(database, mode=0o600)
        super().__init__(database, *args, **kwargs)
