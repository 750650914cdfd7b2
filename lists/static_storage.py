"""Our style sheets and our scripts are written for who reads them; browsers get neither comments nor indents."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

HASH = 8  # hexadecimal digits
OWN = ("css/", "app.js", "choosing.js", "sending.js")
_COMMENTS = {
    ".css": re.compile(r"/\*.*?\*/", re.DOTALL),
    # Only whole lines: what looks like a comment behind code may stand in a text.
    ".js": re.compile(r"^\s*//.*$", re.MULTILINE),
}
_INDENTS = re.compile(r"\s*\n\s*")


class Storage(CompressedManifestStaticFilesStorage):
    def file_hash(self, name: str, content: Any = None) -> str | None:
        """Tells one version of a file from another; each page carries fifteen of them."""
        whole: str | None = super().file_hash(name, content)
        return whole and whole[:HASH]

    def post_process(self, paths: dict[str, Any], *args: Any, **options: Any) -> Iterator[Any]:
        """`paths`: where each file comes from, by name; ours from here, where they were just copied."""
        ours = [n for n in paths if n.startswith(OWN) and Path(n).suffix in _COMMENTS]
        for name in ours:
            _lighten(Path(self.path(name)))
        yield from super().post_process(
            {**paths, **{name: (self, name) for name in ours}}, *args, **options
        )


def _lighten(path: Path) -> None:
    text = _COMMENTS[path.suffix].sub("", path.read_text(encoding="utf-8"))
    path.write_text(_INDENTS.sub("\n", text).strip(), encoding="utf-8")
