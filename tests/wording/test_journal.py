"""What an entry of the journal says."""

import pytest
from django.utils import translation

from lists.changes import ContactChange, ListChange, TextChange
from lists.models import Action
from lists.plusofon.values import Contact
from lists.wording.journal import ACTIONS, sentence, wanted
from tests.factories import BlockRequestFactory, JournalEntryFactory

IVAN = Contact("Иван", ("79998887766",))
IVAN_WITH_TWO = Contact("Иван", ("79998887766", "101"))
PETER = Contact("Пётр", ("79998887766",))


def said(*contacts, action=Action.EDIT, **texts):
    change = ListChange(contacts=contacts, **texts)
    return sentence(JournalEntryFactory.build(action=action, list_change=change))


def test_every_action_has_a_name():
    assert set(ACTIONS) == set(Action)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (None, IVAN, "manager: добавлен номер +7 999 888-77-66 (Иван) в список «Чёрный список 1»"),
        (IVAN, None, "manager: убран номер +7 999 888-77-66 (Иван) из списка «Чёрный список 1»"),
        (
            None,
            Contact("Иван", ()),
            "manager: добавлен контакт «Иван» без номеров в список «Чёрный список 1»",
        ),
        (
            IVAN,
            PETER,
            "manager: контакт «Иван» переименован в «Пётр» в списке «Чёрный список 1»",
        ),
        (
            IVAN,
            IVAN_WITH_TWO,
            "manager: контакту «Иван» добавлен номер 101 в списке «Чёрный список 1»",
        ),
        (
            IVAN_WITH_TWO,
            IVAN,
            "manager: у контакта «Иван» убран номер 101 в списке «Чёрный список 1»",
        ),
        (
            IVAN_WITH_TWO,
            Contact("Пётр", ("102",)),
            "manager: номера +7 999 888-77-66, 101 (Иван) заменены на номер 102 (Пётр)"
            " в списке «Чёрный список 1»",
        ),
        (None, None, "manager: в списке «Чёрный список 1» ничего не изменено"),
    ],
)
def test_a_change_of_one_contact_says_what_it_was(before, after, words):
    assert said(ContactChange(before, after)) == words


def test_a_change_of_many_contacts_names_the_first_and_counts_all():
    many = [Contact(f"К{number}", ("101",)) for number in range(7)]
    added = [ContactChange(None, contact) for contact in many]
    assert said(*added, action=Action.ADD) == (
        "manager: добавлено 7 контактов в список «Чёрный список 1»: К0, К1, К2, К3, К4 …"
    )
    removed = [ContactChange(contact, None) for contact in many[:2]]
    assert said(*removed, action=Action.REMOVE) == (
        "manager: убрано 2 контакта из списка «Чёрный список 1»: К0, К1"
    )
    edited = [ContactChange(contact, IVAN) for contact in many[:2]]
    assert said(*edited) == "manager: изменено 2 контакта в списке «Чёрный список 1»: Иван, Иван"


def test_of_many_numbers_the_first_are_spelled_and_the_rest_counted():
    many = Contact("Иван", tuple(f"7999888{number:04}" for number in range(12)))
    words = said(ContactChange(None, many), action=Action.ADD)
    assert words.startswith("manager: добавлены номера +7 999 888-00-00, +7 999 888-00-01, ")
    assert words.endswith("+7 999 888-00-09 и ещё 2 (Иван) в список «Чёрный список 1»")


def test_a_list_that_is_renamed_or_gets_another_type_says_what_it_was():
    name, kind = TextChange("Старый", "Новый"), TextChange("black", "white")
    renamed = said(name=name, action=Action.RENAME)
    assert renamed == "manager: список «Старый» переименован в «Новый»"
    assert said(type=kind, action=Action.RENAME) == (
        "manager: изменён тип списка «Чёрный список 1»: был чёрный, стал белый"
    )
    both = said(name=name, type=kind, action=Action.RENAME)
    assert both == f"{renamed}, тип изменён: был чёрный, стал белый"


@pytest.mark.parametrize(
    ("action", "count", "words"),
    [
        (Action.CREATE, 0, "manager: создан список «Чёрный список 1»"),
        (Action.CREATE, 214, "manager: создан список «Чёрный список 1», в нём 214 контактов"),
        (Action.DELETE, 1, "manager: удалён список «Чёрный список 1», в нём был 1 контакт"),
        (
            Action.DELETE,
            214,
            "manager: удалён список «Чёрный список 1», в нём было 214 контактов",
        ),
    ],
)
def test_a_whole_list_that_came_or_went_is_told_with_its_size(action, count, words):
    entry = JournalEntryFactory.build(action=action, contacts_count=count, change="")
    assert sentence(entry) == words


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (
            Action.ASK,
            "manager: подана заявка на блокировку в списке «Чёрный список 1»"
            " — номер +7 999 111-22-33: угрожают",
        ),
        (
            Action.ACCEPT,
            "manager: принята заявка № 3 (support) на блокировку — номер +7 999 111-22-33",
        ),
        (
            Action.DECLINE,
            "manager: отклонена заявка № 3 (support) — номер +7 999 111-22-33: не он",
        ),
    ],
)
def test_what_became_of_a_request_is_told_with_its_number(action, words):
    asked = BlockRequestFactory.build(pk=3, reason="угрожают", answer="не он")
    entry = JournalEntryFactory.build(action=action, request=asked, contacts_count=0, change="")
    assert sentence(entry) == words


def test_a_name_that_nobody_can_read_to_its_end_is_cut():
    words = said(ContactChange(None, Contact("А" * 1000, ("101",))), action=Action.ADD)
    assert "А" * 200 + "…" in words
    assert len(words) < 300


def test_an_entry_speaks_the_language_of_whoever_reads_it():
    with translation.override("en"):
        assert said(ContactChange(None, IVAN), action=Action.ADD) == (
            "manager added the number +7 999 888-77-66 (Иван) to “Чёрный список 1”"
        )


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        (None, IVAN, "добавить номер +7 999 888-77-66 (Иван) в список «Чёрный список 1»"),
        (IVAN, None, "убрать номер +7 999 888-77-66 (Иван) из списка «Чёрный список 1»"),
        (IVAN, PETER, "переименовать контакт «Иван» в «Пётр» (список «Чёрный список 1»)"),
        (
            IVAN_WITH_TWO,
            IVAN,
            "заменить номера +7 999 888-77-66, 101 (Иван) на номер +7 999 888-77-66 (Иван)"
            " в списке «Чёрный список 1»",
        ),
    ],
)
def test_what_somebody_wanted_is_told_without_saying_that_it_was_done(before, after, words):
    change = ListChange(contacts=(ContactChange(before, after),))
    assert wanted(JournalEntryFactory.build(action=Action.EDIT, list_change=change)) == words


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        ({"name": TextChange("А", "Б")}, "переименовать список «А» в «Б»"),
        (
            {"type": TextChange("black", "white")},
            "сменить тип списка «Чёрный список 1» на белый",
        ),
        (
            {"name": TextChange("А", "Б"), "type": TextChange("white", "black")},
            "переименовать список «А» в «Б» и сменить его тип на чёрный",
        ),
    ],
)
def test_what_somebody_wanted_of_a_list_is_told_likewise(texts, words):
    entry = JournalEntryFactory.build(action=Action.RENAME, list_change=ListChange(**texts))
    assert wanted(entry) == words


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Action.CREATE, "создать список «Чёрный список 1»"),
        (Action.DELETE, "удалить список «Чёрный список 1»"),
    ],
)
def test_a_whole_list_that_somebody_wanted_or_not_is_named(action, words):
    entry = JournalEntryFactory.build(action=action, contacts_count=3, change="")
    assert wanted(entry) == words


def test_many_numbers_are_many_even_if_there_are_21_of_them():
    many = Contact("Иван", tuple(f"7999888{number:04}" for number in range(21)))
    words = said(ContactChange(many, None), action=Action.REMOVE)
    assert words.startswith("manager: убраны номера +7 999 888-00-00, ")
