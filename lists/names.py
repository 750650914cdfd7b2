"""Names of lists and contacts as pages show them. Pure."""

LONGEST_SHOWN = 200  # characters; nobody reads more at a glance


def short(name: str) -> str:
    """The beginning of a name that is too long to be read: the API may store a hundred thousand characters,
    and a page names a list or a contact in several places. Only where it is edited the whole is shown."""
    return name if len(name) <= LONGEST_SHOWN else name[:LONGEST_SHOWN].rstrip() + "…"


def folded(text: str) -> str:
    """For comparing names, whatever their case; Russians type е for ё."""
    return text.casefold().replace("ё", "е")
