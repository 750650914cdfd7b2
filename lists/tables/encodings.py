"""The text of a file that does not say how it is encoded. Pure."""

import codecs
import re

from .table import MOST_ROWS, NotATable, OtherEncoding, TooManyRows

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Programs, pictures, archives, documents. A name may lie.
_NO_TEXT = (
    *(b"\x7fELF", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf"),
    *(b"\x1f\x8b", b"BZh", b"{\\rtf", b"\xfd7zXZ"),
)
_PROGRAM = b"MZ"  # of Windows: the numbers that follow have zeros, a name has not
_HEAD = 64  # bytes
_WINDOWS, _OLDER = "cp1251", ("koi8_r", "cp866")
# What a Russian text has none of: letters of others, frames, a capital within a word.
_STRANGE = re.compile(
    r"[^\x00-\x7f\u0401\u0410-\u044f\u0451\u2116\xab\xbb\u2018-\u201e\u2013\u2014\u2026\xa0\xb7]"
    r"|(?<=[\u0430-\u044f\u0451])[\u0401\u0410-\u042f]"
)
_SAMPLE = 20_000  # bytes: enough to tell how it is written
MOST_LINES = 10 * MOST_ROWS  # some are empty, and a cell may have several
_SOME = 8  # one sign in so many may be unreadable, at most


def text_of(content: bytes, encoding: str = "") -> str:
    """Raises `NotATable`, and `OtherEncoding` where it is not in the one that is named. Where none is, lines of
    different encodings, as when files were joined, are read each as it is."""
    if content.startswith(_NO_TEXT) or (content.startswith(_PROGRAM) and 0 in content[:_HEAD]):
        raise NotATable
    if encoding:
        return _decoded(content, encoding)
    try:
        for mark, marked in _MARKS:
            if content.startswith(mark):
                return content.decode(marked).removeprefix("\ufeff")
        if unmarked := _utf_16(content):
            return content.decode(unmarked)
    except UnicodeDecodeError:
        raise NotATable from None
    text = _of_lines(content)
    if _unreadable(text) * _SOME > len(text):
        raise NotATable
    return text


def _decoded(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        raise OtherEncoding from None
    if _unreadable(text) * _SOME > len(text):
        raise OtherEncoding
    return text


def _utf_16(content: bytes) -> str:
    """Which UTF-16 this is without a mark: every other byte of what is no letter is 0."""
    sample = content[:_SAMPLE]
    if len(content) % 2 or sample.count(0) * 20 < len(sample):
        return ""
    low, high = sample[0::2], sample[1::2]
    if high.count(0) > 4 * low.count(0):
        return "utf-16-le"
    return "utf-16-be" if low.count(0) > 4 * high.count(0) else ""


def _of_lines(content: bytes) -> str:
    try:
        return content.decode()
    except UnicodeDecodeError:
        pass
    if content.count(b"\n") > MOST_LINES:
        raise TooManyRows
    lines = [(line, _utf_8(line)) for line in content.split(b"\n")]
    encoding = _cyrillic(b"\n".join(line for line, text in lines if text is None))
    try:
        return "\n".join(line.decode(encoding) if text is None else text for line, text in lines)
    except UnicodeDecodeError:
        raise NotATable from None


def _utf_8(line: bytes) -> str | None:
    try:
        return line.decode()
    except UnicodeDecodeError:
        return None


def _cyrillic(content: bytes) -> str:
    """Windows' own, unless an older one is clearly less strange."""
    sample = content[:_SAMPLE]
    strange = {encoding: _strangeness(sample, encoding) for encoding in (_WINDOWS, *_OLDER)}
    best = min(_OLDER, key=lambda encoding: strange[encoding])
    return best if 2 * strange[best] < strange[_WINDOWS] else _WINDOWS


def _strangeness(content: bytes, encoding: str) -> int:
    return len(_STRANGE.findall(content.decode(encoding, "replace")))


def _unreadable(text: str) -> int:
    return sum(text.count(chr(sign)) for sign in (*range(9), *range(14, 32)))
