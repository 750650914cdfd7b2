"""A demo for the judges, and the pages that they look at."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urljoin, urlsplit

import httpx
from bs4 import BeautifulSoup

from tests.serving import ROOT, free_port

JUDGES = ROOT / "var" / "judges" / "node_modules"
STRANGER = ""
PASSWORD = "plusofon-demo"  # as the demo prints it

# who looks -> what they see, as far as it differs from what others see; {key} is a contact's
PAGES = {
    STRANGER: ["/login/", "/limits/"],
    "manager": [
        *("/overview/", "/overview/?live=1"),
        *("/lists/", "/lists/?page=3", "/lists/11/", "/lists/38/?page=7", "/lists/95/"),
        *("/lists/11/?q=999", "/lists/11/?q=никого", "/lists/new/", "/lists/11/edit/"),
        *("/lists/11/delete/", "/lists/11/contacts/new/", "/lists/11/contacts/{key}/edit/"),
        "/lists/11/contacts/{key}/delete/",
        *(
            "/lists/?q=банк",
            "/lists/?sort=-count",
            "/lists/38/?sort=name&size=250",
            "/lists/merge/",
        ),
        *("/lists/import/", "/lists/11/import/", "/backup/", "/restore/"),
        *("/lookup/", "/lookup/?number=79998887766", "/lookup/?number=79990000000"),
        *("/lookup/?number=иванов", "/lookup/?number=555", "/lookup/many/"),
        "/lookup/many/?numbers=79998887766%0A79990000000",
        *("/block/", "/block/?number=79990000000", "/requests/", "/requests/new/"),
        *("/journal/", "/journal/?number=79990000009", "/connection/", "/password/"),
    ],
    "support": [
        *("/overview/", "/overview/?live=1"),
        *("/lists/", "/lists/11/", "/lookup/?number=79998887766", "/lookup/?number=79990000000"),
        *("/requests/", "/requests/new/?number=79990000000", "/journal/"),
        "/requests/new/unblock/?number=79998887766",
    ],
}
# What is done before they look: there are requests to decide, and an act over several lists.
PREPARED = {
    "support": {
        "/requests/new/?number=79990001122": {"reason": "Угрожает", "list": "manager"},
        "/requests/new/?number=79990001133": {"reason": "Спам", "list": "11"},
        "/requests/new/unblock/?number=79998887766": {"reason": "Клиент"},
    },
    "manager": {
        "/block/?number=79990002233": {"name": "Спам", "list": ["11", "12"], "confirm": "1"},
    },
}


@contextmanager
def demo():
    """The address of `make demo`, for as long as the block lasts."""
    port = free_port()
    child = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "SECRET_KEY": "not-used", "CREDENTIAL_KEYS": "not-used"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        for line in child.stdout:
            if "is ready" in line:
                break
        else:
            raise SystemExit("The demo did not start.")
        url = f"http://127.0.0.1:{port}"
        for person, forms in PREPARED.items():
            with browser(url, person) as client:
                for path, fields in forms.items():
                    _send(client, path, fields)
        yield url
    finally:
        child.terminate()
        child.wait()


def _send(client, path, fields):
    """The form of a page with these fields, and once more where the page first shows what is known."""
    answer = client.get(path)
    for _ in range(2):
        form = BeautifulSoup(answer.text, "html.parser").select_one("main form[method=post]")
        sent = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
        sent |= {area["name"]: area.text for area in form.select("textarea[name]")} | fields
        answer = client.post(urljoin(path, form.get("action", path)), data=sent)
        if answer.is_redirect:
            return
    raise SystemExit(f"{path} was not accepted: {answer.status_code}")


@contextmanager
def browser(url, person, *, language="ru"):
    """A browser in which that person is signed in, through the page for it."""
    headers = {"Accept-Language": language}
    with httpx.Client(base_url=url, headers=headers, trust_env=False, timeout=60) as client:
        if person != STRANGER:
            client.get("/login/")
            form = {
                "username": person,
                "password": PASSWORD,
                "csrfmiddlewaretoken": client.cookies["csrftoken"],
            }
            assert client.post("/login/", data=form).status_code == 302
        yield client


def pages(client, person):
    """The addresses of a person's pages, with a real contact in them."""
    paths = PAGES[person]
    if any("{key}" in path for path in paths):
        page = client.get("/lists/11/").text
        key = re.search(r"/lists/11/contacts/([^/\"]+)/edit/", page)[1]
        paths = [path.format(key=key) for path in paths]
    return paths


def kind_of(address):
    """Pages of one kind differ in an id, a key or a number: /lists/N/?q."""
    parts = urlsplit(address)
    names = sorted({pair.split("=")[0] for pair in parts.query.split("&")})
    path = re.sub(r"/contacts/(?!new/)[^/]+/", "/contacts/K/", re.sub(r"\d+", "N", parts.path))
    return path, *names


def crawl(client, starts) -> Iterator[tuple[str, str]]:
    """The address and the text of each page of HTML that can be reached by links, one of a kind."""
    waiting, known = list(starts), set(map(kind_of, starts))
    while waiting:
        path = waiting.pop(0)
        answer = client.get(path)
        is_page = answer.headers.get("Content-Type", "").startswith("text/html")
        if answer.is_redirect or not is_page:
            continue
        yield path, answer.text
        for found in re.findall(r'<a\b[^>]*\bhref="([^"]+)"', answer.text):
            link = urljoin(path, found.replace("&amp;", "&")).partition("#")[0]
            foreign = urlsplit(link).netloc or link.startswith(("/admin/", "/static/"))
            if not foreign and kind_of(link) not in known:
                known.add(kind_of(link))
                waiting.append(link)
