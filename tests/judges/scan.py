"""`make scan`: what wapiti finds in a demo, signed in as each person and as nobody.

wapiti is given one page of each kind and attacks its address, its links and its forms, so that what it tries
is known and ends. What is explained in docs/security.md is named here and no finding; anything else fails.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.serving import ROOT

from .demo import PAGES, PASSWORD, STRANGER, browser, crawl, demo, pages

WAPITI = ROOT / "var" / "scanners" / "bin" / "wapiti"
MODULES = [
    *("cookieflags", "crlf", "csp", "csrf", "exec", "file", "htaccess", "http_headers", "methods"),
    *("permanentxss", "redirect", "shellshock", "sql", "upload", "xss", "xxe"),
]
SECONDS = int((sys.argv[1:] or [150])[0])  # of each module, for each person
# The demo is http on loopback, where HTTPS_ONLY is off.
EXPLAINED = {"Secure Flag cookie", "HTTP Strict Transport Security (HSTS)"}


def scan(url, person, folder):
    """What wapiti finds as that person: kind of finding -> its places; and in how many pages."""
    with browser(url, person) as client:
        paths = [path for path, _ in crawl(client, pages(client, person))]
    report = folder / f"{person or 'stranger'}.json"
    signing_in = (
        ("--form-user", person, "--form-password", PASSWORD, "--form-url", f"{url}/login/")
        if person != STRANGER
        else ()
    )
    subprocess.run(
        [
            *(WAPITI, "--url", f"{url}/", "--depth", "0", "--no-bugreport"),
            *(option for path in paths for option in ("--start", f"{url}{path}")),
            *("--exclude", f"{url}/logout/", "--exclude", f"{url}/logout/everywhere/"),
            *("--exclude", f"{url}/password/"),
            *("--module", ",".join(MODULES), "--max-attack-time", str(SECONDS)),
            *signing_in,
            *("--store-session", folder / "sessions", "--store-config", folder / "config"),
            *("--flush-session", "--format", "json", "--output", report),
        ],
        env={**os.environ, "HOME": str(folder)},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    told = json.loads(report.read_text())
    found = {
        kind: [f"{finding['path']}: {finding['info']}" for finding in findings]
        for part in ("vulnerabilities", "anomalies")
        for kind, findings in told[part].items()
        if findings
    }
    return found, len(paths)


def main():
    faults = 0
    with TemporaryDirectory() as name, demo() as url:
        for person in PAGES:
            found, total = scan(url, person, Path(name))
            counts = {kind: len(places) for kind, places in found.items()}
            print(f"{person or 'nobody'}: {total} pages, {counts or 'nothing'}", flush=True)
            for kind in found.keys() - EXPLAINED:
                faults += 1
                print(f"  {kind}", *found[kind][:10], sep="\n    ")
    sys.exit(bool(faults))


if __name__ == "__main__":
    main()
