"""Files with secrets, numbers or names in them: nobody but their owner may read them, whatever the umask."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """A new file in the same folder, which takes the name `path` when the block has ended well, and else goes.

    The disk has it before it gets its name: `path` is the old one or the new one, whatever happens. Raises
    `OSError`.
    """
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        beside = Path(file.name)
        try:
            yield file
            file.flush()
            os.fsync(file.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
