"""Whoever follows a reference, in the code or in a document, finds what it names in this repository."""

import re

import pytest

from .test_setup import ROOT, tracked_files

DOCUMENTS = sorted(path for path in tracked_files() if path.suffix == ".md")
WRITTEN = {".py", ".html", ".css", ".js", ".md", ".toml", ".yaml", ".sh", ""}
NAMED = re.compile(r"(?<![\w/])(?:docs|tests)/[\w./-]*\w(?:#[\w-]+)?(?![\w*])")
CAPITALS = re.compile(r"\b[A-Z][A-Z-]{3,}\.md\b")
LINK = re.compile(r"\]\(([^)\s]+)\)")
# "design §6" and its kin: a section of a paper that nobody else has.
ELSEWHERE = re.compile(r"\b[Dd]esign,? §|\b(?:DESIGN|WORDING|FACTS)\b")


def name_of(path):
    return str(path.relative_to(ROOT))


def texts():
    """Everything that people wrote; this test names what it looks for."""
    for path in tracked_files():
        if (
            path.suffix in WRITTEN
            and path.name != "test_documents.py"
            and b"\0" not in (content := path.read_bytes())
        ):
            yield path, content.decode()


def anchors(document):
    """The fragments under which the headings of a document can be reached, as web pages of code make them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {
        re.sub(r"[^\w\- ]", "", heading).strip().lower().replace(" ", "-") for heading in headings
    }


def leads_nowhere(target, *, start):
    """Whether there is no such file, or no such heading in it."""
    path, _, fragment = target.partition("#")
    found = (start / path).resolve() if path else None
    if found is not None and not found.exists():
        return True
    return bool(fragment) and found is not None and fragment not in anchors(found)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_of_a_document_lead_to_files_and_headings(document):
    targets = LINK.findall(document.read_text())
    ours = [target for target in targets if not re.match(r"[a-z]+:", target)]
    assert not [target for target in ours if leads_nowhere(target, start=document.parent)]


def test_documents_and_tests_that_are_named_are_there():
    lost = {
        f"{name_of(path)}: {target}"
        for path, text in texts()
        for target in NAMED.findall(text)
        if leads_nowhere(target, start=ROOT)
    }
    lost |= {
        f"{name_of(path)}: {name}"
        for path, text in texts()
        for name in CAPITALS.findall(text)
        if not (ROOT / name).exists()
    }
    assert not lost


def test_nothing_refers_to_a_paper_that_is_not_here():
    found = [
        f"{name_of(path)}: {match[0]}"
        for path, text in texts()
        for match in ELSEWHERE.finditer(text)
    ]
    assert not found


def test_every_decision_says_why_and_what_follows():
    for document in (ROOT / "docs" / "decisions").glob("*.md"):
        text = document.read_text()
        assert re.fullmatch(r"\d{4}-[a-z0-9-]+\.md", document.name)
        assert "**Decided.**" in text, document.name
        assert re.search(r"\*\*(Why|Context)", text), document.name
