"""A demo for the judges, and the pages that they look at."""

import os
import re
import subprocess
import sys
from contextlib import contextmanager

import httpx

from tests.serving import ROOT, free_port

JUDGES = ROOT / "var" / "judges" / "node_modules"
STRANGER = ""
PASSWORD = "plusofon-demo"  # as the demo prints it

# who looks -> what they see, as far as it differs from what others see; {key} is a contact's
PAGES = {
    STRANGER: ["/login/"],
    "manager": [
        *("/lists/", "/lists/?page=3", "/lists/11/", "/lists/38/?page=7", "/lists/95/"),
        *("/lists/11/?q=999", "/lists/11/?q=никого", "/lists/new/", "/lists/11/edit/"),
        *("/lists/11/delete/", "/lists/11/contacts/new/", "/lists/11/contacts/{key}/edit/"),
        "/lists/11/contacts/{key}/delete/",
        *("/lookup/", "/lookup/?number=79998887766", "/lookup/?number=79990000000"),
        *("/lookup/?number=иванов", "/lookup/?number=555", "/lookup/many/"),
        "/lookup/many/?numbers=79998887766%0A79990000000",
        *("/block/", "/block/?number=79990000000", "/requests/", "/requests/new/"),
        *("/journal/", "/journal/?person=nobody", "/connection/", "/password/"),
    ],
    "support": [
        *("/lists/", "/lists/11/", "/lookup/?number=79998887766", "/lookup/?number=79990000000"),
        *("/requests/", "/requests/new/?number=79990000000", "/journal/"),
    ],
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
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        child.wait()


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
