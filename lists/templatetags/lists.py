"""How lists and contacts look in every template."""

from typing import TYPE_CHECKING

from django import template

from .. import phones
from ..changes import list_digest
from ..forms import type_name
from ..plusofon.values import ContactList

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

register = template.Library()


@register.filter
def spell(number: str) -> str:
    return phones.spell(number)


@register.filter
def is_odd(number: str) -> bool:
    """Whether a number is stored in another way than we would store it."""
    return phones.normalise(number) != number


@register.filter
def type_title(code: str) -> "StrOrPromise":
    return type_name(code)


@register.filter
def digest(contact_list: ContactList) -> str:
    return list_digest(contact_list)
