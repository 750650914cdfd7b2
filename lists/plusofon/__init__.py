"""Plusofon's contact-list API, as a package that could be lifted out: it knows no Django.

What is imported from outside are its modules, since values and errors are also needed where nobody
calls the API: they come without the HTTP client. Modules that `__all__` does not name are its own affair.
"""

__all__ = [
    "breaker",  # Breaker: callers of an API that answers nothing are told so at once
    "calls",  # Call: how one ended, for whoever watches
    "client",  # Plusofon: the API's methods
    "errors",  # PlusofonError, and the tree below it
    "index",  # all pages of lists
    "permits",  # Permits: how many calls are under way at once
    "transport",  # the pool of connections that clients share
    "values",  # Contact, ContactList, ListEntry, ListType, Owner, Page
]
