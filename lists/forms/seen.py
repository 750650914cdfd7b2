"""The version that a person saw: a form carries it as the precondition of the save."""

import json

from django.http import QueryDict

from ..names import short
from ..plusofon.values import Contact, ContactList
from ..sameness import digest_of


def seen_as(thing: Contact | ContactList) -> str:
    """Serialise the version that the person saw. A name that is too long to be shown whole comes along only
    in its own field: of a contact the key in the URL tells whether it is still that, of a list a digest."""
    if isinstance(thing, Contact):
        return json.dumps([short(thing.name), *thing.phones])
    if short(thing.name) != thing.name:
        return json.dumps([short(thing.name), thing.type, digest_of([thing.name])])
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
