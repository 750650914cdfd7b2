"""The commands of docs/operations.md, as somebody who operates a dashboard types them."""

import re

from .serving import ROOT

OPERATIONS = ROOT / "docs" / "operations.md"


def commands(heading, *, language="sh"):
    """The blocks of commands of a chapter, or of a part of one, in order."""
    text = OPERATIONS.read_text()
    level, chapter = re.search(
        rf"^(#+) {re.escape(heading)}\n(.*?)(?=^#{{1,3}} |\Z)", text, re.MULTILINE | re.DOTALL
    ).groups()
    assert level in ("##", "###")
    blocks = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", chapter, re.MULTILINE | re.DOTALL)
    assert blocks, heading
    return [re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in blocks]


def cron_lines():
    """The commands of the table for cron, with its `\\%` as cron hands it on."""
    (table,) = commands("Every night, every hour", language="cron")
    lines = [line for line in table.splitlines() if not re.match(r"[A-Z]+=", line)]
    jobs = [re.fullmatch(r"(?:[\d*]+ +){5}plusofon  (.+)", line) for line in lines]
    assert all(jobs)
    return [job[1].replace(r"\%", "%") for job in jobs]
