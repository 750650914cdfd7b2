"""What types of lists are called."""

from typing import TYPE_CHECKING

from django.utils.translation import pgettext_lazy

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TYPE_NAMES = {
    "black": pgettext_lazy("list type", "Black"),
    "white": pgettext_lazy("list type", "White"),
}


def type_name(code: str, title: str = "") -> "StrOrPromise":
    """Our word for a type of list that we know, else the vendor's title, else its code."""
    return TYPE_NAMES.get(code) or title or code
