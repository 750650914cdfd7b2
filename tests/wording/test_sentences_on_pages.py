"""The Russian itself, as pages show it: declension, plural forms, who did what to whom."""

import pytest

from lists.changes import ContactChange, ListChange, TextChange
from lists.models import Action
from lists.plusofon.values import Contact
from tests.client import text
from tests.factories import JournalEntryFactory
from tests.people import put


def one(name, *phones):
    return Contact(name, phones)


@pytest.mark.parametrize(
    ("change", "action", "sentence"),
    [
        (
            put(one("Иван Иванов", "79998887766"), None),
            Action.REMOVE,
            "manager: убран номер +7 999 888-77-66 (Иван Иванов) из списка «Чёрный список 1»",
        ),
        (
            put(None, one("Анна", "79991112233", "101")),
            Action.ADD,
            "manager: добавлены номера +7 999 111-22-33, 101 (Анна) в список «Чёрный список 1»",
        ),
        (
            put(one("Анна"), None),
            Action.REMOVE,
            "manager: убран контакт «Анна» без номеров из списка «Чёрный список 1»",
        ),
        (
            put(one("Анна", "101"), one("Анна", "101", "102")),
            Action.EDIT,
            "manager: контакту «Анна» добавлен номер 102 в списке «Чёрный список 1»",
        ),
        (
            put(one("Анна", "101", "102"), one("Анна", "101")),
            Action.EDIT,
            "manager: у контакта «Анна» убран номер 102 в списке «Чёрный список 1»",
        ),
        (
            put(one("Анна", "101"), one("Яна", "101")),
            Action.EDIT,
            "manager: контакт «Анна» переименован в «Яна» в списке «Чёрный список 1»",
        ),
        (
            put(one("Анна", "101"), one("Яна", "102")),
            Action.EDIT,
            "manager: номер 101 (Анна) заменён на номер 102 (Яна) в списке «Чёрный список 1»",
        ),
        (
            put(None, None),
            Action.EDIT,
            "manager: в списке «Чёрный список 1» ничего не изменено",
        ),
        (
            ListChange(contacts=tuple(ContactChange(None, one(n, "101")) for n in "абвгде")),
            Action.ADD,
            "manager: добавлено 6 контактов в список «Чёрный список 1»: а, б, в, г, д …",
        ),
        (
            ListChange(contacts=tuple(ContactChange(one(n, "101"), None) for n in "аб")),
            Action.REMOVE,
            "manager: убрано 2 контакта из списка «Чёрный список 1»: а, б",
        ),
        (
            ListChange(
                contacts=(
                    ContactChange(None, one("а", "101")),
                    ContactChange(one("б", "101"), None),
                )
            ),
            Action.EDIT,
            "manager: изменено 2 контакта в списке «Чёрный список 1»: а, б",
        ),
        (
            ListChange(name=TextChange("Спам", "Чёрный список 1")),
            Action.RENAME,
            "manager: список «Спам» переименован в «Чёрный список 1»",
        ),
        (
            ListChange(type=TextChange("black", "white")),
            Action.RENAME,
            "manager: изменён тип списка «Чёрный список 1»: был чёрный, стал белый",
        ),
        (
            ListChange(name=TextChange("А", "Б"), type=TextChange("white", "black")),
            Action.RENAME,
            "manager: список «А» переименован в «Б», тип изменён: был белый, стал чёрный",
        ),
    ],
)
def test_it_says_what_was_done_in_a_sentence(as_support, change, action, sentence):
    JournalEntryFactory(list_change=change, action=action)
    page = as_support.get("/journal/")
    assert " ".join(page.soup.select_one("td.what").text.split()) == sentence


@pytest.mark.parametrize(
    ("action", "count", "sentence"),
    [
        (Action.CREATE, 0, "manager: создан список «Чёрный список 1»"),
        (Action.CREATE, 5, "manager: создан список «Чёрный список 1», в нём 5 контактов"),
        (Action.DELETE, 1, "manager: удалён список «Чёрный список 1», в нём был 1 контакт"),
    ],
)
def test_it_says_what_became_of_whole_lists(as_support, action, count, sentence):
    JournalEntryFactory(change="", action=action, contacts_count=count)
    assert sentence in text(as_support.get("/journal/"))
