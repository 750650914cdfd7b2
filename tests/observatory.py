"""How Mozilla's HTTP Observatory scores an answer: its published rules, as far as they read headers.

https://developer.mozilla.org/en-US/observatory/docs/tests_and_scoring: 100, less what is missing, and what
goes beyond is added from 90 on. What it looks up elsewhere (certificates, the list of preloaded hosts)
counts for nothing here; the most without that list is 140.
"""

from urllib.parse import urlsplit

from bs4 import BeautifulSoup

SIX_MONTHS = 15_768_000
BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
INLINE = {"'unsafe-inline'", "data:"}
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}


def score(headers, cookies=(), html="", *, is_secure=True):
    """`headers` with any case; `cookies`: http.cookies.Morsel, all that were set on the way."""
    headers = {name.lower(): value for name, value in headers.items()}
    csp = policy(headers.get("content-security-policy", ""))
    modifiers = [
        csp_modifier(csp),
        frame_modifier(headers, csp),
        hsts_modifier(headers) if is_secure else 0,
        cookies_modifier(cookies, is_kept_secure=hsts_modifier(headers) == 0),
        {"same-origin": 10, "same-site": 10, "cross-origin": 0, None: 0}.get(
            headers.get("cross-origin-resource-policy"), -5
        ),
        referrer_modifier(headers.get("referrer-policy")),
        0 if headers.get("x-content-type-options") == "nosniff" else -5,
        cors_modifier(headers),
        scripts_modifier(html),
    ]
    without_bonus = 100 + sum(modifier for modifier in modifiers if modifier < 0)
    bonus = sum(modifier for modifier in modifiers if modifier > 0)
    return max(0, without_bonus + (bonus if without_bonus >= 90 else 0))


def policy(text):
    directives = {}
    for directive in text.split(";"):
        name, *sources = directive.split() or [""]
        if name:
            directives.setdefault(name.lower(), {source.lower() for source in sources})
    return directives


def csp_modifier(csp):
    if not csp:
        return -25
    default = csp.get("default-src", {"*"})
    script, style = csp.get("script-src", default), csp.get("style-src", default)
    if script & (BROAD | INLINE) or csp.get("object-src", default) & BROAD:
        return -20
    passive = {"img-src", "media-src"}
    if any(is_insecure(sources) for name, sources in csp.items() if name not in passive):
        return -20
    if "'unsafe-eval'" in script | style or any(is_insecure(csp.get(name, ())) for name in passive):
        return -10
    if style & (BROAD | INLINE):
        return 0
    return 10 if default == {"'none'"} else 5


def is_insecure(sources):
    return any(source.startswith(("http:", "ftp:")) for source in sources)


def frame_modifier(headers, csp):
    if "frame-ancestors" in csp:
        return 5
    return 0 if headers.get("x-frame-options", "").lower() in {"deny", "sameorigin"} else -20


def hsts_modifier(headers):
    stated = headers.get("strict-transport-security", "").replace(" ", "").lower().split(";")
    seconds = [part.removeprefix("max-age=") for part in stated if part.startswith("max-age=")]
    if not seconds:
        return -20
    return 0 if int(seconds[0]) >= SIX_MONTHS else -10


def cookies_modifier(cookies, *, is_kept_secure):
    modifiers = [cookie_modifier(cookie, is_kept_secure=is_kept_secure) for cookie in cookies]
    worst = min(modifiers, default=0)
    restricted = all(cookie["samesite"].lower() in {"lax", "strict"} for cookie in cookies)
    return 5 if cookies and worst == 0 and restricted else worst


def cookie_modifier(cookie, *, is_kept_secure):
    is_session = "login" in cookie.key.lower() or "sess" in cookie.key.lower()
    if is_session and not cookie["httponly"]:
        return -30
    if "csrf" in cookie.key.lower() and not cookie["samesite"]:
        return -20
    if cookie["secure"]:
        return 0
    if is_session:
        return -10 if is_kept_secure else -40
    return -5 if is_kept_secure else -20


def referrer_modifier(stated):
    if stated is None:
        return 0
    return 5 if stated.split(",")[-1].strip().lower() in PRIVATE else -5


def cors_modifier(headers):
    shared = headers.get("access-control-allow-origin")
    return -50 if shared and "access-control-allow-credentials" in headers else 0


def scripts_modifier(html):
    """Scripts of another host would have to come with their digest."""
    sources = [script["src"] for script in BeautifulSoup(html, "html.parser").select("script[src]")]
    return -50 if any(urlsplit(source).netloc for source in sources) else 0
