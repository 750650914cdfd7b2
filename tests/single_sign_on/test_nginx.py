"""The nginx of docs/operations.md before the dashboard, word for word but for ports and certificates."""

import re
import shutil
import subprocess
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tests.serving import ROOT, environment, free_port, prepare, serving

from . import BY_HEADER

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
FORGED = {"X-Remote-User": "mallory", "X_Remote_User": "mallory", "X-Remote-Groups": "managers"}
pytestmark = pytest.mark.skipif(not NGINX, reason="no nginx")


class WhoAsks(BaseHTTPRequestHandler):
    """The service beside nginx: knows people by their cookie, as oauth2-proxy does."""

    def log_message(self, *_):
        pass

    def do_GET(self):
        name = re.search(r"company=(\w+)", self.headers.get("Cookie", ""))
        if self.path != "/oauth2/auth":
            self.send_response(302)
            self.send_header(
                "Location", f"/at-the-company?{self.headers['X-Auth-Request-Redirect']}"
            )
        elif name:
            self.send_response(202)
            self.send_header("X-Auth-Request-Preferred-Username", name[1])
            self.send_header("X-Auth-Request-Groups", "staff,support")
        else:
            self.send_response(401)
        self.end_headers()


def documented():
    """The server block of the document."""
    text = (ROOT / "docs" / "operations.md").read_text()
    return re.search(r"```nginx\n(server \{.*?auth_request.*?\n\})\n```", text, re.DOTALL)[1]


@contextmanager
def nginx(folder, *, auth, dashboard):
    """Its address as long as the block lasts."""
    port = free_port()
    server = documented().replace("listen 443 ssl;", f"listen 127.0.0.1:{port};")
    server = server.replace("127.0.0.1:4180", f"127.0.0.1:{auth}")
    server = server.replace("http://127.0.0.1:8000", dashboard)
    places = "".join(
        f"{kind}_temp_path {folder};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"daemon off; pid {folder / 'pid'}; error_log {folder / 'error'};"
        f"events {{}} http {{ access_log off; {places}\n{server} }}"
    )
    child = subprocess.Popen([NGINX, "-c", str(config), "-p", str(folder)])
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", child)
        yield f"http://127.0.0.1:{port}"
    finally:
        child.terminate()
        child.wait()


def _wait_for(url, child):
    for _ in range(100):
        assert child.poll() is None
        try:
            httpx.get(url, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("nginx did not start")


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nginx")
    env = environment(
        folder,
        "http://127.0.0.1:9",
        **BY_HEADER,
        SSO_MANAGERS="managers",
        SSO_SUPPORT="support",
        ALLOWED_HOSTS="127.0.0.1",
    )
    prepare(env)
    with ThreadingHTTPServer(("127.0.0.1", 0), WhoAsks) as auth:
        threading.Thread(target=auth.serve_forever, daemon=True).start()
        with (
            serving(folder, env) as dashboard,
            nginx(folder, auth=auth.server_port, dashboard=dashboard) as url,
        ):
            yield url
        auth.shutdown()


def test_who_is_known_is_led_in_and_to_the_page(url):
    with httpx.Client(base_url=url, cookies={"company": "anna"}, trust_env=False) as browser:
        page = browser.get("/password/?from=intranet", follow_redirects=True)
    assert page.url.path == "/password/"
    assert "<bdi>anna</bdi>" in page.text


@pytest.mark.parametrize("path", ["/login/", "/overview/"])
def test_who_is_unknown_goes_to_the_company_whatever_headers_they_send(url, path):
    answer = httpx.get(f"{url}{path}?a=1&b=2", headers=FORGED, trust_env=False)
    assert answer.status_code == 302
    assert answer.headers["Location"].endswith(f"/at-the-company?{path}?a=1&b=2")


def test_nobody_adds_to_what_the_company_says_of_them(url):
    with httpx.Client(base_url=url, cookies={"company": "boris"}, trust_env=False) as browser:
        page = browser.get("/password/", headers=FORGED, follow_redirects=True)
        assert "<bdi>boris</bdi>" in page.text
        assert browser.get("/lists/new/").status_code == 403


def test_health_needs_no_account_and_believes_no_header(url):
    assert httpx.get(f"{url}/healthz", headers=FORGED, trust_env=False).status_code == 200
