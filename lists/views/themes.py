"""The theme that was chosen in this browser."""

from django.http import HttpRequest

THEMES = {"light", "dark"}


def theme_of(request: HttpRequest) -> str:
    """One of `THEMES`; "" where the system decides."""
    chosen = request.COOKIES.get("theme", "")
    return chosen if chosen in THEMES else ""
