"""A page that is sent piece by piece, while what it tells of is still being read."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, override

from ..access import PageRequest

CUT = "<!-- the pieces -->"  # put where the template has `cut`


def streamed(
    request: PageRequest, template: str, context: Mapping[str, Any], pieces: Iterator[str]
) -> StreamingHttpResponse:
    """The page up to `cut` at once, each piece as soon as it is there, then the rest of the page; all of it
    in the person's language, which a middleware takes back before the pieces are rendered."""
    head, tail = render_to_string(template, {**context, "cut": CUT}, request).split(CUT)
    language = get_language() or ""

    def page() -> Iterator[str]:
        with override(language):
            yield head
            yield from pieces
            yield tail

    response = StreamingHttpResponse(page())
    response["X-Accel-Buffering"] = "no"  # nginx would keep the pieces until the last
    return response
