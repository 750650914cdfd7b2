"""What the dashboard cannot do: the page of `docs/` that it shows itself, to everybody."""

from functools import cache

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt

from ..access import PageRequest
from .page import render_page

FILES = {"ru": "limits.ru.md"}
ENGLISH = "limits.md"
# Pages that the text names by their titles, as `[Journal]`: links here, and plain words to who reads the file.
NAMED = {
    _("Overview"): "overview",
    _("Requests"): "requests",
    _("Journal"): "journal",
    _("Merge lists"): "lists-merge",
    _("Backup and restore"): "backup",
}


@login_not_required
@require_safe
def limits(request: PageRequest) -> HttpResponse:
    """In the person's language. Not found where somebody runs it without `docs/`."""
    try:
        text = rendered(get_language())
    except FileNotFoundError as error:
        raise Http404 from error
    return render_page(request, "limits.html", {"text": text})


@cache
def rendered(language: str | None) -> SafeString:
    """As HTML, made once. Raises `FileNotFoundError`."""
    path = settings.BASE_DIR / "docs" / FILES.get(language or "", ENGLISH)
    named = {
        str(title).upper(): {"href": reverse(name), "title": ""} for title, name in NAMED.items()
    }
    commonmark = MarkdownIt("commonmark", {"html": False})
    return SafeString(commonmark.render(path.read_text("utf-8"), {"references": named}))
