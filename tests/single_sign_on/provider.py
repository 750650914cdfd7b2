"""A small OpenID provider over real HTTP: it keeps the rules, and breaks one of them where a test asks for it.

Whoever comes to it is `person`.
"""

import hashlib
import json
import secrets
import threading
import time
from base64 import b64encode, urlsafe_b64encode
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "plusofon-admin", "provider-secret"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
STRANGE_KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PUBLIC_PEM = KEY.public_key().public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)
ANNA = {"sub": "7f3a", "preferred_username": "anna", "groups": ["plusofon-managers", "staff"]}


class Provider:
    """`asks`: whether it shows a page with a button before it vouches for somebody."""

    def __init__(self):
        self.url = ""
        self.person = dict(ANNA)
        self.asks = False
        self.is_signed_in = False
        self.codes = {}  # code -> what was asked for with it
        self.calls = []  # (path, fields)
        self.faults = {}  # path -> (status, body) instead of its answer
        self.document = {}  # what else its document says
        self.claims = {}  # of a token, instead of the right ones; None leaves one out
        self.info = {}  # of the userinfo, likewise
        self.sign = self.sign_as_agreed

    def sign_as_agreed(self, claims):
        return jwt.encode(claims, KEY, "RS256", headers={"kid": "1"})

    def discovery(self):
        names = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "userinfo_endpoint": "userinfo",
            "jwks_uri": "jwks",
            "end_session_endpoint": "logout",
        }
        own = {name: f"{self.url}/{path}" for name, path in names.items()}
        ways = ["client_secret_basic", "client_secret_post"]
        document = {"issuer": self.url, "token_endpoint_auth_methods_supported": ways, **own}
        return without_none(document | self.document)

    def authorize(self, asked, *, is_pressed=False):
        """Where the browser goes, or None to be asked first."""
        if self.asks and not self.is_signed_in and not is_pressed:
            return None
        self.is_signed_in = True
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent, authorization):
        asked = self.codes.pop(sent.get("code"), None)
        if asked is None:
            return 400, {"error": "invalid_grant"}
        basic = b64encode(f"{CLIENT_ID}:{CLIENT_SECRET}".encode()).decode()
        if f"Basic {basic}" != authorization and sent.get("client_secret") != CLIENT_SECRET:
            return 401, {"error": "invalid_client"}
        digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
        proof = urlsafe_b64encode(digest).rstrip(b"=").decode()
        if proof != asked["code_challenge"] or sent["redirect_uri"] != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        claims = {
            "iss": self.url,
            "aud": CLIENT_ID,
            "sub": self.person["sub"],
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
            "nonce": asked["nonce"],
        }
        id_token = self.sign(without_none(claims | self.claims))
        return 200, {"access_token": "access", "id_token": id_token, "token_type": "Bearer"}

    def jwks(self):
        jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
        return {"keys": [{**jwk, "kid": "1", "use": "sig", "alg": "RS256"}]}


def without_none(claims):
    return {name: value for name, value in claims.items() if value is not None}


class Handler(BaseHTTPRequestHandler):
    provider: Provider

    def log_message(self, *_):
        pass

    def do_GET(self):
        url = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(url.query).items()}
        self.answer(url.path, query)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.answer(self.path, {name: values[0] for name, values in parse_qs(body).items()})

    def answer(self, path, fields):
        provider = self.provider
        provider.calls.append((path, fields))
        if path in provider.faults:
            status, body = provider.faults[path]
            return self.send(status, body)
        if path == "/.well-known/openid-configuration":
            return self.send(200, provider.discovery())
        if path in ("/authorize", "/pressed"):
            to = provider.authorize(fields, is_pressed=path == "/pressed")
            return self.redirect(to) if to else self.ask(fields)
        if path == "/token":
            return self.send(*provider.token(fields, self.headers["Authorization"]))
        if path == "/jwks":
            return self.send(200, provider.jwks())
        if path == "/userinfo":
            return self.send(200, without_none(provider.person | provider.info))
        assert path == "/logout", path
        provider.is_signed_in = False
        return self.redirect(fields["post_logout_redirect_uri"])

    def ask(self, fields):
        html = f'<!DOCTYPE html><title>Provider</title><a href="/pressed?{urlencode(fields)}">It is me</a>'
        self.send(200, html, "text/html")

    def redirect(self, to):
        self.send_response(302)
        self.send_header("Location", to)
        self.end_headers()

    def send(self, status, body, content_type="application/json"):
        text = body if isinstance(body, str) else json.dumps(body)
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.end_headers()
        self.wfile.write(text.encode())


@contextmanager
def providing():
    """A provider that answers as long as the block lasts."""
    provider = Provider()
    handler = type("Handler", (Handler,), {"provider": provider})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        provider.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield provider
        server.shutdown()
        thread.join()
