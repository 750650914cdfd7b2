"""Sentences in Russian stand in the tests of wording alone: others name them by `tests.words`."""

import ast
import re
from pathlib import Path

from tests.words import PLACEHOLDER, TAG, catalog

TESTS = Path(__file__).parent.parent
WORD = re.compile("[а-яё]+", re.IGNORECASE)
NAMES = {"Список", "Новый список", "Чёрный", "Белый", "Русский"}  # of lists and people
NAMES |= {"Имя", "Номера", "Ещё"}  # headings of tables that people send, and a contact
TRANSLATED = {
    TAG.sub("", words)
    for message in catalog()
    if message.id
    for words in (message.string if isinstance(message.string, tuple) else (message.string,))
}
PIECES = {
    piece.strip(" «».,:;")
    for words in TRANSLATED
    for piece in PLACEHOLDER.split(words)[::2]
    if len(WORD.findall(piece)) > 1
}
FILLED_IN = [
    [piece.strip(" .") for piece in PLACEHOLDER.split(words)[::2]]
    for words in TRANSLATED
    if "%(" in words and len(WORD.findall(PLACEHOLDER.sub("", words))) > 1
]
SINGLE_WORDS = {words for words in TRANSLATED if len(WORD.findall(words)) == 1}


def is_a_sentence_of_ours(text):
    text = " ".join(text.split())
    words = len(WORD.findall(text))
    if text in NAMES:
        return False
    if words < 2:
        return text in SINGLE_WORDS
    if any(piece in text or text in piece for piece in PIECES):
        return True
    return any(all(piece in text for piece in pieces) for pieces in FILLED_IN)


def literals(path):
    tree = ast.parse(path.read_text())
    notes = {node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)}  # docstrings
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in notes:
            yield node.lineno, node.value


def test_what_is_a_sentence_and_what_a_name():
    assert is_a_sentence_of_ours("Контакт «Анна» изменён")
    assert is_a_sentence_of_ours("уже есть в списке")
    assert is_a_sentence_of_ours("Удалить")
    assert not is_a_sentence_of_ours("Чёрный список 1")
    assert not is_a_sentence_of_ours("Иван Иванов")


def test_tests_of_behaviour_name_sentences_by_their_english():
    found = [
        f"{path.relative_to(TESTS)}:{line}: {text}"
        for path in sorted(TESTS.rglob("*.py"))
        if path.parent.name != "wording"
        for line, text in literals(path)
        if is_a_sentence_of_ours(text)
    ]
    assert found == []
