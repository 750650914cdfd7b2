"""The version that a person saw: a form carries it as the precondition of the save."""

import json

from django.http import QueryDict

from ..plusofon.values import Contact, ContactList


def seen_as(thing: Contact | ContactList) -> str:
    """Serialise the version that the person saw."""
    if isinstance(thing, Contact):
        return json.dumps([thing.name, *thing.phones])
    return json.dumps([thing.name, thing.type])


def with_seen(post: QueryDict, thing: Contact | ContactList) -> QueryDict:
    """What was typed, on the version that stands there by now."""
    typed = post.copy()
    typed["seen"] = seen_as(thing)
    return typed


def read_seen(text: str) -> list[str]:
    """The words that `seen_as` wrote; none where this is not what a page sent."""
    try:
        words = json.loads(text or "[]")
        "".join(words).encode()
    except (ValueError, TypeError, RecursionError):
        return []
    return words if isinstance(words, list) else []
