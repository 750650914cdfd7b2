"""Who that is here: the user for a name that the company tells, made on first sight."""

import logging
from collections.abc import Set as AbstractSet
from typing import NamedTuple
from unicodedata import normalize

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError

from ..models import OpenIDSubject
from . import roles
from .errors import Deactivated, HasPassword, NameTaken, NoRole, UnusableName

logger = logging.getLogger("lists.single_sign_on")

LONGEST = 150  # characters, as Django's column


class Subject(NamedTuple):
    """A person at an OpenID provider: never given to another, which a name may be.
    (https://openid.net/specs/openid-connect-core-1_0.html#ClaimStability)"""

    issuer: str
    subject: str


def canonical(name: str) -> str:
    """The one spelling of a name here: directories do not tell capital letters apart.

    Raises `UnusableName` for what Django's own form would not accept, and for letters that only look like
    others (ａ), which Django would store as those.
    """
    name = _folded(name)
    try:
        User.username_validator(name)
    except ValidationError as error:
        raise UnusableName from error
    if len(name) > LONGEST or normalize("NFKC", name) != name:
        raise UnusableName
    return name


def arrive(name: str, groups: AbstractSet[str], *, subject: Subject | None = None) -> User:
    """The user of this name, with the roles of these groups and no longer with those of before.

    Nobody is taken over, neither who has a password here nor whom the provider knows as somebody else: raises
    `HasPassword`, `NameTaken`; and `UnusableName`, `Deactivated`, `NoRole`, for whom nobody is made.
    """
    name = canonical(name)
    granted = roles.roles_of(groups)
    user = _known(name, subject)
    if user is None:
        if not granted:
            raise NoRole(name)
        user = _made(name)
    elif user.has_usable_password():
        raise HasPassword(name)
    roles.give(user, granted)
    if not user.is_active:
        raise Deactivated(name)
    if not granted:
        raise NoRole(name)
    if subject is not None:
        OpenIDSubject.objects.update_or_create(user=user, defaults=subject._asdict())
    return user


def _known(name: str, subject: Subject | None) -> User | None:
    if subject is not None:
        bound = OpenIDSubject.objects.filter(**subject._asdict()).select_related("user").first()
        if bound is not None:
            return bound.user
    # A database folds more letters into one another than a directory does (ı and i).
    same = [u for u in User.objects.filter(username__iexact=name) if _folded(u.username) == name]
    user = min(same, key=lambda user: user.username != name, default=None)
    if user and subject:
        others = OpenIDSubject.objects.filter(user=user, issuer=subject.issuer)
        if others.exists():
            raise NameTaken(name)
    return user


def _made(name: str) -> User:
    """Once, though two of their pages may come at the same moment."""
    logger.info("%r is here for the first time", name)
    defaults = {"password": make_password(None)}
    return User.objects.get_or_create(username=name, defaults=defaults)[0]


def _folded(name: str) -> str:
    return normalize("NFC", name).lower()
