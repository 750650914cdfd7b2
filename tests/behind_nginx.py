"""The dashboard as deploy/ and compose.yaml have it: two processes on PostgreSQL behind nginx with TLS.

Of those files only this is changed: who listens on which port, and where certificate, secrets and logs are.
"""

import json
import os
import re
import shutil
import ssl
import subprocess
import time
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import httpx
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from .serving import ROOT, environment, free_port, prepare, served
from .signed_in import browser, sessions_of

DEPLOY = ROOT / "deploy"
PEOPLE = ["anna", "boris"]
PASSWORD = "a-password-of-nobody"
# She signs in as people do.
WITH_A_PASSWORD = """
from django.contrib.auth.models import Group, User
from lists.services import credentials
vera = User.objects.create_user("vera", password=%r)
vera.groups.add(Group.objects.get(name="Managers"))
credentials.connect(by=vera, token="anna-token", client_id="10553")
"""
# What every site of Debian's nginx lies in, as far as it matters here.
MAIN = """
daemon off;
%(user)s
worker_processes 1;
pid %(folder)s/nginx.pid;
error_log %(folder)s/error.log;
events {}
http {
    gzip on;
    include /etc/nginx/mime.types;
    client_body_temp_path %(folder)s/body;
    proxy_temp_path %(folder)s/proxy;
    fastcgi_temp_path %(folder)s/unused;
    uwsgi_temp_path %(folder)s/unused;
    scgi_temp_path %(folder)s/unused;
    include %(folder)s/nginx-upstream.conf;
    include %(folder)s/nginx.conf;
}
"""


def nginx():
    """The path of nginx, or None."""
    return shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/usr/local/sbin")


class Site:
    """`url` is where people come in, `plain` the same without TLS; `ports` those of the two processes."""

    def __init__(self, folder, env, sandbox_url, base):
        self.folder, self.env, self.base = folder, env, base
        self.sandbox_url = sandbox_url
        self.ports = [free_port(), free_port()]
        self.http, self.https = free_port(), free_port()
        self.url, self.plain = (
            f"https://127.0.0.1:{self.https}{base}",
            f"http://127.0.0.1:{self.http}{base}",
        )
        self.tls = ssl.create_default_context(cafile=make_certificate(folder))
        self.servers = {}
        self.running = ExitStack()

    def start(self, which):
        """Start that process, 0 or 1. Plusofon sees by the `Host` of a call which one asks."""
        if which in self.servers:
            self.servers[which].process.wait()
        folder = self.folder / f"app-{which}-{time.monotonic_ns()}"
        folder.mkdir()
        api = self.sandbox_url.replace("127.0.0.1", ("127.0.0.1", "localhost")[which])
        env = {**self.env, "PLUSOFON_API_URL": api}
        server = served(folder, env, port=self.ports[which])
        self.servers[which] = self.running.enter_context(server)

    def client(self, name=None, url=None, **options):
        """A browser of that person, or of a stranger."""
        url = url or self.url
        headers = {"Origin": re.match(r"\w+://[^/]+", url)[0], **options.pop("headers", {})}
        options |= {"headers": headers, "verify": self.tls, "timeout": 60}
        if name is None:
            return httpx.Client(base_url=url, trust_env=False, **options)
        return browser(url, self.sessions[name], **options)

    def directly(self, which, name):
        """That person's browser, sent to this process as nginx would."""
        headers = {"X-Forwarded-Proto": "https", "Host": f"127.0.0.1:{self.https}"}
        headers |= {"Origin": f"https://127.0.0.1:{self.https}"}
        url = f"http://127.0.0.1:{self.ports[which]}{self.base}"
        return self.client(name, url, headers=headers)

    def access_log(self):
        return (self.folder / "access.log").read_text()


@contextmanager
def site(folder, database_url, sandbox_url, base):
    env = environment_of_compose(folder, database_url, sandbox_url, base)
    running = Site(folder, env, sandbox_url, base)
    running.sessions = sessions_of(PEOPLE, env, first=WITH_A_PASSWORD % PASSWORD)
    with running.running, _nginx_of(running):
        running.start(0)
        running.start(1)
        yield running


def environment_of_compose(folder, database_url, sandbox_url, base):
    """What compose.yaml gives to a process, its secrets in files of their own; the database is migrated."""
    app = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]["app-1"]
    env = environment(folder, sandbox_url, DATABASE_URL=database_url)
    prepare(env)
    patient = {"PLUSOFON_TIMEOUT": "10", "PLUSOFON_WRITE_TIMEOUT": "10", "LOG_LEVEL": "INFO"}
    env |= {"HTTPS_ONLY": "True", "BASE_PATH": base, **patient}
    for name, value in app["environment"].items():
        env[name] = value
        if name.endswith("_FILE"):
            secret = folder / Path(value).name
            secret.write_text(env.pop(name.removesuffix("_FILE")))
            env[name] = str(secret)
    return env


@contextmanager
def _nginx_of(running):
    folder = running.folder
    site_file = (DEPLOY / "nginx.conf").read_text()
    for what, instead in {
        r"listen \[::\].*;\n": "",
        r"listen 80;": f"listen 127.0.0.1:{running.http};",
        r"listen 443": f"listen 127.0.0.1:{running.https}",
        r"/etc/ssl/(certs|private)": str(folder),
        r"/var/log/nginx": str(folder),
        **({r"location / ": f"location {running.base}/ "} if running.base else {}),
    }.items():
        site_file, times = re.subn(what, instead, site_file)
        assert times, what
    (folder / "nginx.conf").write_text(site_file)
    upstream = (DEPLOY / "nginx-upstream.conf").read_text()
    for port, ours in zip(("8001", "8002"), running.ports, strict=True):
        upstream = upstream.replace(f"127.0.0.1:{port}", f"127.0.0.1:{ours}")
    (folder / "nginx-upstream.conf").write_text(upstream)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "main.conf").write_text(MAIN % {"folder": folder, "user": user})
    with (folder / "nginx.out").open("wb") as output:
        command = [nginx(), "-c", str(folder / "main.conf")]
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        _wait_for(running, process)
        yield
    finally:
        process.terminate()
        process.wait()


def _wait_for(running, process):
    for _ in range(100):
        said = (running.folder / "nginx.out").read_text()
        assert process.poll() is None, said
        try:
            httpx.get(running.plain, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("nginx did not start")


def make_certificate(folder):
    """For 127.0.0.1, signed by itself, at the place that nginx.conf names; its path."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "plusofon.example.ru")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=12))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    path = folder / "plusofon-admin.pem"
    path.write_bytes(certificate.public_bytes(pem))
    (folder / "plusofon-admin.key").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


def calls_of(sandbox, method):
    return [call for call in sandbox.calls if call.method == method]


def asked_by(call):
    """Which process asked this of Plusofon, 0 or 1."""
    return int("localhost" in json.dumps(call.headers))
