"""The icons of all pages, in one file."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from .. import icons


@login_not_required
@require_safe
def sprite(request: HttpRequest, digest: str) -> HttpResponse:
    """Kept for a year under the digest that pages ask with; an older page's is given the new one, unkept."""
    response = HttpResponse(icons.sprite(), content_type="image/svg+xml")
    if digest == icons.digest():
        response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response
