"""What pages say, named by the English sentence of the catalogue.

A behaviour test asserts which sentence stands on a page, not how it is worded today:
`assert says("Choose a list.") in text(page)`. A sentence that the catalogue has not fails loudly.
"""

import re
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from django.utils import translation

CATALOG = Path(__file__).parent.parent / "lists" / "locale" / "ru" / "LC_MESSAGES" / "django.po"
TAG = re.compile(r"</?\w[^>]*>")
COUNTS = (1, 2, 5)  # each takes another form in Russian
PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def says(sentence, *, context=None, language="ru", **values):
    """The sentence as a person reads it, filled in with exactly its placeholders' values."""
    return _filled(_translated(sentence, context, language), values)


def says_many(singular, plural, count, *, context=None, language="ru", **values):
    """Likewise, in the form for that count; a placeholder that is not named stands for the count."""
    words = _translated(singular, context, language, plural, count)
    unnamed = set(PLACEHOLDER.findall(words)) - set(values)
    return _filled(words, dict.fromkeys(unnamed, count) | values)


def saying(sentence, plural=None, count=None, *, context=None, language="ru", **values):
    """A pattern of it: what is not named stands for any text, and without a count any form does."""
    counts = [count] if plural is None or count is not None else COUNTS
    forms = {_translated(sentence, context, language, plural, each): None for each in counts}
    return re.compile("|".join(_pattern(words, values) for words in forms))


def saying_one_of(*sentences, language="ru"):
    """A pattern of any of these; a sentence that depends on a count is a pair."""
    pairs = [sentence if isinstance(sentence, tuple) else (sentence,) for sentence in sentences]
    return re.compile("|".join(saying(*pair, language=language).pattern for pair in pairs))


def catalog():
    """All messages that pages are made of, with their Russian."""
    with CATALOG.open("rb") as file:
        return read_po(file)


_known = cache(catalog)


def _translated(sentence, context, language, plural=None, count=None):
    message = _known().get(sentence, context)
    assert message, f"not in the catalogue: {sentence!r}, context {context!r}"
    asked = sentence if plural is None else (sentence, plural)
    assert message.id == asked, f"the catalogue has {message.id!r}, not {asked!r}"
    with translation.override(language):
        if plural is None:
            words = (
                translation.pgettext(context, sentence)
                if context
                else translation.gettext(sentence)
            )
        elif context:
            words = translation.npgettext(context, sentence, plural, count)
        else:
            words = translation.ngettext(sentence, plural, count)
    return TAG.sub("", words)


def _filled(words, values):
    names = set(PLACEHOLDER.findall(words))
    assert names == set(values), f"{words!r} is filled in with {values}"
    return words % values if names else words


def _pattern(words, values):
    pieces = PLACEHOLDER.split(words)
    names = pieces[1::2]
    assert set(values) <= set(names), f"{words!r} has no place for all of {values}"
    pieces[::2] = map(re.escape, pieces[::2])
    pieces[1::2] = [re.escape(str(values[name])) if name in values else ".+?" for name in names]
    return "".join(pieces)
