"""Settings of the single sign-on that contradict one another, said before the start (as `lists.checks` does)."""

import re
from collections.abc import Iterator
from importlib.util import find_spec
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution

from ..checks import SETTINGS
from . import is_on, roles

HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


@register(SETTINGS, Tags.security)
def one_way_to_sign_in(**kwargs: Any) -> list[CheckMessage]:
    if settings.SSO_HEADER and settings.OIDC_ISSUER:
        both = "SSO_HEADER and OIDC_ISSUER are both set: choose one way of signing in."
        return [Error(both, id="lists.E020")]
    if not settings.LOCAL_LOGIN and not is_on():
        nobody = (
            "LOCAL_LOGIN is False, and neither SSO_HEADER nor OIDC_ISSUER is set: nobody gets in."
        )
        return [Error(nobody, id="lists.E021")]
    return []


@register(SETTINGS, Tags.security)
def header_is_believed_from_somewhere(**kwargs: Any) -> list[CheckMessage]:
    return [Error(sentence, id="lists.E022") for sentence in _faults_of_header()]


@register(SETTINGS, Tags.security)
def provider_can_be_asked(**kwargs: Any) -> list[CheckMessage]:
    return [Error(sentence, id="lists.E023") for sentence in _faults_of_provider()]


@register(SETTINGS, Tags.security)
def somebody_has_a_role(**kwargs: Any) -> list[CheckMessage]:
    if not is_on():
        return []
    mapped = roles.mapped()
    if not mapped:
        nobody = "Neither SSO_MANAGERS nor SSO_SUPPORT names a group: nobody would be let in."
        hint = "Name the company's groups, or let everybody be support with SSO_SUPPORT=*."
        return [Error(nobody, hint=hint, id="lists.E024")]
    is_for_all = any(roles.EVERYBODY in names for names in mapped.values())
    if settings.SSO_HEADER and not settings.SSO_GROUPS_HEADER and not is_for_all:
        nobody = "SSO_GROUPS_HEADER is not set, so nobody is in any group: nobody would be let in."
        hint = "Name the header, or let everybody be support with SSO_SUPPORT=*."
        return [Error(nobody, hint=hint, id="lists.E024")]
    return []


@register(SETTINGS, Tags.security)
def signing_out_ends_both(**kwargs: Any) -> list[CheckMessage]:
    if not settings.SSO_HEADER:
        return []
    if not settings.SSO_LOGOUT_URL:
        again = "SSO_LOGOUT_URL is not set: who signs out is signed in again with the next page."
        return [Caution(again, id="lists.W020")]
    if not settings.SSO_LOGOUT_URL.startswith(("https://", "http://", "/")):
        wrong = "SSO_LOGOUT_URL is neither an address nor a path that begins with /."
        return [Error(wrong, id="lists.E025")]
    return []


def _faults_of_header() -> Iterator[str]:
    if not settings.SSO_HEADER:
        if settings.SSO_PROXIES or settings.SSO_GROUPS_HEADER:
            yield "SSO_PROXIES or SSO_GROUPS_HEADER is set, but SSO_HEADER is not."
        return
    for variable in ("SSO_HEADER", "SSO_GROUPS_HEADER"):
        name = getattr(settings, variable)
        if name and not HEADER_NAME.fullmatch(name):
            yield f"{variable} is “{name}”: a header's name has letters, digits and dashes only."
    if not settings.SSO_PROXIES:
        yield "SSO_HEADER is set, but SSO_PROXIES names no address from which it is believed."
    for listed in settings.SSO_PROXIES:
        if fault := _fault_of_network(listed):
            yield f"SSO_PROXIES has “{listed}”, which {fault}."


def _fault_of_network(text: str) -> str:
    try:
        network = ip_network(text)
    except ValueError:
        return "is neither an address nor a network, as 10.0.0.7 or 10.0.0.0/24"
    return "" if network.prefixlen else "is the whole world: anybody could claim any name"


def _faults_of_provider() -> Iterator[str]:
    if not settings.OIDC_ISSUER:
        if settings.OIDC_RP_CLIENT_ID or settings.OIDC_RP_CLIENT_SECRET:
            yield "OIDC_CLIENT_ID or OIDC_CLIENT_SECRET is set, but OIDC_ISSUER is not."
        return
    if not _is_issuer(settings.OIDC_ISSUER):
        yield "OIDC_ISSUER has to be https:// and what the provider calls itself, without ? or #."
    if not settings.OIDC_RP_CLIENT_ID:
        yield "OIDC_CLIENT_ID is not set: the provider tells it when you register the dashboard."
    if not settings.OIDC_RP_CLIENT_SECRET:
        yield "OIDC_CLIENT_SECRET is not set: the provider tells it when you register the dashboard."
    if "openid" not in settings.OIDC_RP_SCOPES.split():
        yield "OIDC_SCOPES has no “openid”, without which no provider tells who somebody is."
    if find_spec("mozilla_django_oidc") is None:
        yield (
            "OIDC_ISSUER is set, but mozilla-django-oidc is not installed: pip install"
            " --require-hashes -r requirements-oidc.txt"
        )


def _is_issuer(address: str) -> bool:
    try:
        url = urlsplit(address)
        host = url.hostname or ""
    except ValueError:
        return False
    is_plain = not (url.query or url.fragment or "@" in url.netloc or " " in address)
    return is_plain and bool(host) and (url.scheme == "https" or _is_own_machine(url.scheme, host))


def _is_own_machine(scheme: str, host: str) -> bool:
    try:
        return scheme == "http" and ip_address(host).is_loopback
    except ValueError:
        return False
