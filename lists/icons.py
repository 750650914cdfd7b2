"""The icons of all pages, drawn once in one sprite that a browser keeps; a page only points into it.

They are drawn by the package `lucide`. A page names an icon by `{% icon "pencil" %}`.
"""

import hashlib
import re
from functools import cache

from lucide.templatetags.lucide import lucide

NAMES = (
    *("archive", "ban", "check", "chevron-down", "chevron-left", "chevron-right", "circle-check"),
    *(
        "circle-question-mark",
        "circle-user",
        "copy",
        "download",
        "hand",
        "history",
        "inbox",
        "info",
    ),
    *(
        "key-round",
        "list",
        "lock-open",
        "log-out",
        "merge",
        "monitor",
        "moon",
        "pencil",
        "phone-off",
        "plug",
    ),
    *("plus", "printer", "redo-2", "refresh-cw", "search", "sun", "trash-2", "triangle-alert"),
    *("undo-2", "upload", "x"),
)
_DRAWN = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
_SPRITE = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'
_SYMBOL = (
    '<symbol id="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2"'
    ' stroke-linecap="round" stroke-linejoin="round">{}</symbol>'
)


@cache
def sprite() -> str:
    """Every icon of `NAMES` as a `<symbol>` of its name (SVG 2, section 5.6)."""
    return _SPRITE.format("".join(_SYMBOL.format(name, _lines(name)) for name in NAMES))


@cache
def digest() -> str:
    """Tells one sprite from another, so that browsers may keep each for ever."""
    return hashlib.blake2b(sprite().encode(), digest_size=6).hexdigest()


def _lines(name: str) -> str:
    drawn = _DRAWN.fullmatch(lucide(name).strip())
    assert drawn
    return re.sub(r"\s+", " ", drawn[1]).strip()
