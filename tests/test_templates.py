"""Templates and style sheets that people can read, and browsers keep."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
STYLES = sorted((ROOT / "static" / "css").glob("*.css"))
LONGEST_LINE = 120
STYLE = r"'css/(\w+\.css)'"


def name_of(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_no_line_of_a_template_is_too_long_to_read(path):
    lines = enumerate(path.read_text().splitlines(), 1)
    assert [number for number, line in lines if len(line) > LONGEST_LINE] == []


def _own_head(path):
    block = re.search(r"{% block scripts %}(.*?){% endblock %}", path.read_text(), re.DOTALL)
    return block[1] if block else ""


def test_every_style_sheet_is_linked_once_and_the_one_with_the_layers_first():
    """Those of all pages, and those that few pages have."""
    linked = re.findall(STYLE, (ROOT / "templates/components/styles.html").read_text())
    own = {name for path in TEMPLATES for name in re.findall(STYLE, _own_head(path))}
    assert sorted([*linked, *own]) == [path.name for path in STYLES]
    assert linked[0] == "base.css"
    assert "@layer base, layout, components, states;" in (STYLES[0].parent / linked[0]).read_text()


@pytest.mark.parametrize("path", STYLES, ids=name_of)
def test_every_rule_of_a_style_sheet_stands_in_a_declared_layer(path):
    source = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    outermost = re.findall(r"^\S[^\n]*\{$", source, re.MULTILINE)
    assert outermost
    assert {
        re.sub(r"@layer (base|layout|components|states) \{", "", line) for line in outermost
    } == {""}


def test_red_and_green_are_the_words_of_answers_alone():
    using = {path.name for path in STYLES if re.search(r"var\(--(blocked|free)", path.read_text())}
    assert using == {"lookup.css", "table.css"}
