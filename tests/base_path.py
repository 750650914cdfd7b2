"""A dashboard below a path of a host that serves other programs too (`BASE_PATH`), and what leads out of it."""

import re
import sys

from bs4 import BeautifulSoup
from django.urls import set_script_prefix

BASE = "/plusofon"
HEADERS = ("Location", "HX-Redirect", "HX-Location", "HX-Push-Url", "HX-Replace-Url", "Link")
OURS = re.compile(rf"(https?://testserver)?{BASE}(/|$)")


def moved_below(settings):
    """As the server sets it up for each request (`plusofon_admin/server.py`), for as long as a fixture lasts."""
    settings.BASE_PATH = settings.FORCE_SCRIPT_NAME = BASE
    settings.STATIC_URL = f"{BASE}/static/"
    set_script_prefix(f"{BASE}/")
    _forget_what_was_rendered()
    yield
    set_script_prefix("/")
    _forget_what_was_rendered()


def _forget_what_was_rendered():
    """Rows, icons and pages that are rendered once hold addresses, which in a process that serves stay."""
    for name, module in list(sys.modules.items()):
        if name.startswith("lists."):
            for found in vars(module).values():
                if hasattr(found, "cache_clear"):
                    found.cache_clear()


def addresses(answer):
    """What an answer names of this host: in its headers, and in any attribute of its markup."""
    yield from (answer.headers[name] for name in HEADERS if name in answer.headers)
    if answer.headers.get("Content-Type", "").startswith("text/html"):
        content = b"".join(answer) if answer.streaming else answer.content
        for element in BeautifulSoup(content, "html.parser").find_all(True):
            for value in element.attrs.values():
                if isinstance(value, str) and re.match(r"/|https?://testserver", value):
                    yield value


def astray(answer):
    """Addresses that lead out of the dashboard, and cookies that others on the host would get."""
    paths = [f"{cookie.key} for {cookie['path']}" for cookie in answer.cookies.values()]
    return [found for found in addresses(answer) if not OURS.match(found)] + [
        cookie for cookie in paths if not cookie.endswith(f" {BASE}/")
    ]
