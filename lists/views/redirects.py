"""Where people come back to: only ever a page of ours."""

from urllib.parse import unquote, urlsplit

from django.http import HttpRequest, QueryDict
from django.urls import Resolver404, get_script_prefix, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from ..access import PageRequest


def page_behind(request: PageRequest) -> str:
    """The page of ours that htmx asks from: where to come back to. The list of lists if it is odd."""
    try:
        return request.htmx.current_url_abs_path or reverse("lists")
    except ValueError:
        return reverse("lists")


def query_behind(request: PageRequest) -> QueryDict:
    """What the page that htmx asks from has in its address: what it shows of a list."""
    return QueryDict(urlsplit(page_behind(request)).query)


def local_url(request: HttpRequest, url: str, default: str) -> str:
    """`url` if it is the path of a page of ours, so that no link can send people elsewhere or nowhere."""
    ours = url_has_allowed_host_and_scheme(url, {request.get_host()}, request.is_secure())
    return url if ours and url.startswith("/") and _leads_somewhere(url) else default


def _leads_somewhere(url: str) -> bool:
    path, prefix = unquote(urlsplit(url).path), get_script_prefix()
    if not path.startswith(prefix):
        return False
    try:
        resolve("/" + path.removeprefix(prefix))
    except (Resolver404, ValueError):
        return False
    return True
