"""The icons of all pages, in one file."""

import re
from functools import cache

import brotli
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from .. import icons

_BROTLI = re.compile(r"\bbr\b")


@login_not_required
@require_safe
def sprite(request: HttpRequest, digest: str) -> HttpResponse:
    """Kept for a year under the digest that pages ask with; an older page's is given the new one, unkept."""
    response = HttpResponse(icons.sprite(), content_type="image/svg+xml")
    if _BROTLI.search(request.headers.get("Accept-Encoding", "")):
        response.content = _packed()
        response["Content-Encoding"] = "br"
    patch_vary_headers(response, ["Accept-Encoding"])
    if digest == icons.digest():
        response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


@cache
def _packed() -> bytes:
    """As small as can be, like the files beside it: the middleware has to be quick, and packs less."""
    packed: bytes = brotli.compress(icons.sprite().encode())
    return packed
