"""What an answer takes on the wire, and what a browser fetches with a page."""

import re

from backports import zstd
from bs4 import BeautifulSoup

# As Chromium asks over https; over plain http it leaves out the last two.
CHROMIUM = {"Accept-Encoding": "gzip, deflate, br, zstd", "Accept-Language": "ru"}


def head(first_line, headers):
    return len(first_line) + sum(len(name) + len(value) + 4 for name, value in headers.raw) + 4


def received(response):
    """Bytes of an answer, its head included."""
    return head("HTTP/1.1 200 OK", response.headers) + response.num_bytes_downloaded


def sent(response):
    """Bytes of the request, its head included."""
    request = response.request
    return head(f"POST {request.url.raw_path} HTTP/1.1", request.headers) + len(request.content)


def text_of(response):
    """httpx leaves alone what it has no decoder for."""
    is_zstd = response.headers.get("Content-Encoding") == "zstd"
    return zstd.decompress(response.content).decode() if is_zstd else response.text


def page(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response


def first_visit(client, path):
    """The page, and all files that it names."""
    answer = page(client, path)
    files = set(re.findall(r'(?:href|src)="(/(?:static|icons)/[^"#]+)[#"]', text_of(answer)))
    return [answer, *(page(client, name) for name in sorted(files))]


def open_edit(client, list_path, *, headers=None):
    """Open the first contact of a list where it stands: the answer, the address, and what its form would send."""
    whole = text_of(page(client, list_path))
    address = re.search(rf'"({list_path}contacts/[^/"]+/edit/)"', whole)[1]
    opened = client.get(address, headers=headers)
    form = BeautifulSoup(text_of(opened), "html.parser").select_one("form:has(textarea)")
    fields = {
        field["name"]: field["value"]
        for field in form.select("input[name]")
        if field["name"] != "csrfmiddlewaretoken"
    }
    return opened, address, fields | {"phones": form.textarea.text}


def inline_edit(client, list_path, name, *, htmx=True):
    """Open that contact and save it under another name. All answers: pieces, or whole pages."""
    pieces = {"HX-Request": "true", "HX-Current-URL": str(client.base_url.join(list_path))}
    headers = pieces if htmx else {}
    opened, address, fields = open_edit(client, list_path, headers=headers)
    saved = client.post(
        address, data=fields | {"name": name}, headers=headers, follow_redirects=True
    )
    assert name in text_of(saved)
    return [opened, *saved.history, saved]
