"""A name that has quotation marks of its own does not get the same ones once more."""

import pytest
from django.utils import translation

from lists.changes import ContactChange, ListChange, TextChange
from lists.models import Action
from lists.plusofon.values import Contact
from lists.wording.journal import linked, sentence, wanted
from tests.factories import JournalEntryFactory
from tests.wording.test_marks import read

# name of the list -> as it stands in a Russian sentence, and in an English one
NAMES = {
    "Спам": ("«Спам»", "“Спам”"),
    "«Спам»": ("«Спам»", "«Спам»"),
    '"Спам"': ('"Спам"', '"Спам"'),
    "“Spam”": ("“Spam”", "“Spam”"),
    "„Спам“": ("„Спам“", "„Спам“"),
    "ООО «Ромашка»": ("„ООО «Ромашка»“", "“ООО «Ромашка»”"),
    "«Ромашка» и «Лютик»": ("„«Ромашка» и «Лютик»“", "“«Ромашка» и «Лютик»”"),
    "Best “Spam”": ("«Best “Spam”»", "‘Best “Spam”’"),
    "«Спам": ("„«Спам“", "“«Спам”"),
    "Спам»": ("„Спам»“", "“Спам»”"),
    'Труба 5"': ('«Труба 5"»', '“Труба 5"”'),
    "«": ("„«“", "“«”"),
    '"': ('«"»', '“"”'),
    "": ("«»", "“”"),
    "<b>«": ("„<b>«“", "“<b>«”"),
    "«\N{HEBREW LETTER ALEF}»": (
        "\N{FIRST STRONG ISOLATE}«\N{HEBREW LETTER ALEF}»\N{POP DIRECTIONAL ISOLATE}",
    )
    * 2,
}
CREATED = {
    "ru": "manager: создан список {}",
    "en": "manager created the list {}",
}


def created(name):
    return JournalEntryFactory.build(
        action=Action.CREATE, change="", list_name=name, contacts_count=0, list_id=11
    )


@pytest.mark.parametrize("language", ["ru", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_marks_of_a_sentence_are_never_those_of_the_name(name, language):
    shown = NAMES[name][language == "en"]
    with translation.override(language):
        assert sentence(created(name)) == CREATED[language].format(shown)
        assert wanted(created(name)).endswith(shown)


@pytest.mark.parametrize("name", [name for name in NAMES if name])
def test_a_link_to_the_list_changes_nothing_of_it(name):
    assert read(linked(created(name))).text == sentence(created(name))


def test_both_names_of_a_list_and_those_of_contacts_are_fitted_each_by_itself():
    renamed = JournalEntryFactory.build(
        action=Action.RENAME, list_change=ListChange(name=TextChange("«А»", "Б"))
    )
    assert sentence(renamed) == "manager: список «А» переименован в «Б»"
    added = ListChange((ContactChange(None, Contact("«Иван»", ())),))
    entry = JournalEntryFactory.build(action=Action.ADD, list_change=added, list_name='"А"')
    assert sentence(entry) == 'manager: добавлен контакт «Иван» без номеров в список "А"'
