"""Which of the company's groups make somebody what here (`SSO_MANAGERS`, `SSO_SUPPORT`)."""

import logging
from collections.abc import Set as AbstractSet

from django.conf import settings
from django.contrib.auth.models import Group, User

logger = logging.getLogger("lists.single_sign_on")

EVERYBODY = "*"


def mapped() -> dict[str, list[str]]:
    """Our groups that follow the company's, and which of those make somebody a member. A group of ours that is
    not in it, and any that an administrator has made, is left alone."""
    settled = {"Managers": settings.SSO_MANAGERS, "Support": settings.SSO_SUPPORT}
    return {role: names for role, names in settled.items() if names}


def roles_of(groups: AbstractSet[str]) -> frozenset[str]:
    """The names of our groups that members of these groups of the company's belong to."""
    return frozenset(
        role for role, names in mapped().items() if EVERYBODY in names or groups & {*names}
    )


def give(user: User, roles: AbstractSet[str]) -> None:
    """These roles and no other of those that are mapped."""
    has = {group.name: group for group in user.groups.filter(name__in=mapped())}
    new = Group.objects.filter(name__in=roles - has.keys())
    gone = [group for name, group in has.items() if name not in roles]
    if new:
        user.groups.add(*new)
        logger.info("%r is now in %s", user.get_username(), ", ".join(g.name for g in new))
    if gone:
        user.groups.remove(*gone)
        logger.info("%r is no longer in %s", user.get_username(), ", ".join(g.name for g in gone))
