"""Names of lists and contacts as pages show them. Pure."""

import re

LONGEST_SHOWN = 200  # characters; nobody reads more at a glance
ISOLATE, END_OF_ISOLATE = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
# Hebrew, Arabic and their like, and the marks that turn around what follows them.
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]"
)


def short(name: str) -> str:
    """The beginning of a name that is too long to be read: the API may store a hundred thousand characters,
    and a page names a list or a contact in several places. Only where it is edited the whole is shown."""
    return name if len(name) <= LONGEST_SHOWN else name[:LONGEST_SHOWN].rstrip() + "…"


def isolated(name: str) -> str:
    """The same for a sentence: a name that is written from right to left turns nothing around it."""
    shown = short(name)
    return f"{ISOLATE}{shown}{END_OF_ISOLATE}" if _RIGHT_TO_LEFT.search(shown) else shown


def folded(text: str) -> str:
    """For comparing names, whatever their case; Russians type е for ё."""
    return text.casefold().replace("ё", "е")
