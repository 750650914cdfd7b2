"""The person whom the intranet's proxy names in a header (`SSO_HEADER`).

Believed only of connections from `SSO_PROXIES`: the address is the connection's own, not one that some header
tells. A header that came twice reads `a, b`, which is nobody's name (and of the groups the server refuses it,
`plusofon_admin.server`); one with underscores the server drops.
"""

import logging
from functools import cache, lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import NamedTuple

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, login
from django.contrib.auth.models import AnonymousUser, User
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from . import HEADER, people, roles
from .errors import NoRole, NotLetIn, UnusableName

logger = logging.getLogger("lists.single_sign_on")

ROLES = "roles_by_header"  # in the session: those that the header gave last


class Told(NamedTuple):
    name: str
    groups: frozenset[str]


def sign_in(request: HttpRequest) -> bool:
    """Sign in whom the header names; whether it names anybody. Raises `NotLetIn`."""
    told = _told(request)
    if told is None:
        return False
    user = people.arrive(told.name, told.groups)
    login(request, user, backend=HEADER)
    request.session[ROLES] = _in_order(told)
    return True


def still(request: HttpRequest, user: User | AnonymousUser) -> User | AnonymousUser:
    """The session's user. Or nobody, and the session's end, where the header made it and does not name them any
    more; roles that it has taken away meanwhile are gone with this request."""
    if not isinstance(user, User) or request.session[BACKEND_SESSION_KEY] != HEADER:
        return user
    try:
        told = _told(request)
        if told is not None and people.canonical(user.get_username()) == told.name:
            _follow(told, user, request.session)
            return user
    except NotLetIn:
        logger.info("the header no longer lets in %r", user.get_username())
    request.session.flush()
    return AnonymousUser()


def names_somebody(request: HttpRequest) -> bool:
    """Whether the proxy would sign them in again at once."""
    try:
        return _told(request) is not None
    except UnusableName:
        return True


def _follow(told: Told, user: User, session: SessionBase) -> None:
    """Asks the database only where the roles are others than with the last request."""
    if session.get(ROLES) == _in_order(told):
        return
    granted = roles.roles_of(told.groups)
    roles.give(user, granted)
    if not granted:
        raise NoRole(told.name)
    session[ROLES] = _in_order(told)


def _in_order(told: Told) -> list[str]:
    return sorted(roles.roles_of(told.groups))


def _told(request: HttpRequest) -> Told | None:
    """Raises `UnusableName`."""
    name = request.META.get(_key(settings.SSO_HEADER), "")
    if not name:
        return None
    address = request.META.get("REMOTE_ADDR", "")
    if not _is_believed(address):
        warn_of(address)
        return None
    groups = request.META.get(_key(settings.SSO_GROUPS_HEADER), "")
    try:
        told = people.canonical(_text(name))
        every = frozenset(group.strip() for group in _text(groups).split(","))
    except UnusableName:
        logger.warning("the header %s holds no usable name or groups", settings.SSO_HEADER)
        raise
    return Told(told, every - {""})


def _key(header: str) -> str:
    """Of `request.META`."""
    return f"HTTP_{header.upper().replace('-', '_')}"


def _text(value: str) -> str:
    """As it was sent: WSGI hands bytes over as if they were Latin-1 (PEP 3333), proxies send UTF-8."""
    try:
        return value.encode("latin-1").decode()
    except UnicodeError as error:
        raise UnusableName from error


def _is_believed(address: str) -> bool:
    try:
        ip = ip_address(address)
    except ValueError:  # who comes through a Unix socket has none
        return False
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    return any(ip in network for network in networks(tuple(settings.SSO_PROXIES)))


@cache
def networks(listed: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    """Raises `ValueError` for what is neither an address nor a network."""
    return tuple(ip_network(text) for text in listed)


@lru_cache(maxsize=1000)
def warn_of(address: str) -> None:
    """Once in a while for each address, without what the header says."""
    logger.warning(
        "%s came from %s, which SSO_PROXIES does not list: not believed",
        settings.SSO_HEADER,
        address or "no address",
    )
