"""`make validate`: the Nu HTML checker (vnu) and html-validate find nothing on any page, in both languages.

Beside the pages of `demo.PAGES` it looks at whatever they link to, one page of each kind, and at refusals.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

from .demo import JUDGES, PAGES, browser, crawl, demo, pages

CONFIG = Path(__file__).with_name("htmlvalidate.mjs")
# vnu knows no attributes but HTML's own; htmx's are checked by our tests.
OF_HTMX = "Attribute “hx-[a-z:-]+” not allowed.*"
REFUSALS = ["/none/", "/lists/999999/", "/lists/11/contacts/none/edit/", "/theme/"]


def save(url, folder):
    """Each page in a file that is named after it. How many there are."""
    total = 0
    for person in PAGES:
        for language in ("ru", "en"):
            with browser(url, person, language=language) as client:
                starts = [*pages(client, person), *REFUSALS]
                for path, text in crawl(client, starts):
                    name = f"{person or 'stranger'} {language} {quote(path, safe='')[:150]}.html"
                    (folder / name).write_text(text)
                    total += 1
    return total


def main():
    with TemporaryDirectory() as name:
        folder = Path(name)
        with demo() as url:
            total = save(url, folder)
        vnu = subprocess.run(
            [
                *("java", "-jar", str(JUDGES / "vnu-jar" / "build" / "dist" / "vnu.jar")),
                *("--filterpattern", OF_HTMX, str(folder)),
            ],
            check=False,
        )
        html_validate = subprocess.run(
            [
                *("node", str(JUDGES / "html-validate" / "bin" / "html-validate.mjs")),
                *("--config", str(CONFIG), "--formatter", "text"),
                *map(str, folder.glob("*.html")),
            ],
            check=False,
        )
    print(f"{total} pages: vnu {vnu.returncode}, html-validate {html_validate.returncode}")
    sys.exit(vnu.returncode or html_validate.returncode)


if __name__ == "__main__":
    main()
