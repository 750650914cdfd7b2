"""Russian and English are complete, and what is compiled is what was translated."""

import re
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).parent.parent
CATALOG = ROOT / "lists" / "locale" / "ru" / "LC_MESSAGES" / "django"
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
CYRILLIC = re.compile("[А-Яа-яЁё]")


def python_sources():
    for folder in ("lists", "plusofon_admin"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if not {"sandbox", "management"} & {*path.parts}:
                yield path, path.read_text()


def template_sources():
    for path in sorted((ROOT / "templates").rglob("*.html")):
        yield path, path.read_text()


def words_in_use():
    for _, source in python_sources():
        yield from extract("python", BytesIO(source.encode()), KEYWORDS)
    for _, source in template_sources():
        code = "\n".join(line.lstrip() for line in templatize(source).splitlines())
        yield from extract("python", BytesIO(code.encode()), KEYWORDS)


def test_every_sentence_has_its_russian():
    with CATALOG.with_suffix(".po").open("rb") as file:
        catalog = read_po(file)
    used = set()
    for _line, words, _comments, context in words_in_use():
        singular = words[0] if isinstance(words, tuple) else words
        message = catalog.get(singular, context)
        assert message is not None, f"not in the catalogue: {words}"
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(strings), f"not translated: {words}"
        assert not message.fuzzy, f"only guessed: {words}"
        used.add((singular, context))
    stale = {
        (m.id[0] if isinstance(m.id, tuple) else m.id, m.context) for m in catalog if m.id
    } - used
    assert stale == set()


def test_placeholders_survive_the_translation():
    placeholder = re.compile(r"%\(\w+\)s|</?\w+>")
    with CATALOG.with_suffix(".po").open("rb") as file:
        for message in read_po(file):
            if message.id:
                ids = message.id if isinstance(message.id, tuple) else (message.id,)
                strings = message.string if isinstance(message.string, tuple) else (message.string,)
                for string in strings:
                    assert set(placeholder.findall(string)) == set(placeholder.findall(ids[-1]))


def test_the_compiled_catalogue_is_the_translated_one():
    with CATALOG.with_suffix(".po").open("rb") as po, CATALOG.with_suffix(".mo").open("rb") as mo:
        written, compiled = read_po(po), GNUTranslations(mo)
    for message in written:
        if not message.id:
            continue
        if isinstance(message.id, tuple):
            found = tuple(compiled.ngettext(*message.id, count) for count in (1, 2, 5))
        elif message.context:
            found = compiled.pgettext(message.context, message.id)
        else:
            found = compiled.gettext(message.id)
        assert found == message.string, f"run `make messages`: {message.id}"


def test_no_template_and_no_module_speaks_russian_past_the_catalogue():
    for path, source in [*template_sources(), *python_sources()]:
        if path.name in ("phones.py", "columns.py"):  # what people write, and is read
            continue
        code = re.sub(r'"""[\s\S]*?"""|#.*', "", source)
        found = CYRILLIC.search(code.replace('"ё", "е"', ""))
        assert found is None, f"{path}: {found}"
