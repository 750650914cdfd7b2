"""How a write ended, and what became of each of several lists."""

from datetime import UTC, datetime

import pytest

from lists.conflicts import Conflict, Overtaken, PlanChanged
from lists.models import Outcome
from lists.plusofon import errors
from lists.plusofon.values import ContactList
from lists.wording.outcomes import OUTCOMES, Tone, Words, ended, failed, outcome_name
from lists.writing.outcomes import AlreadyDone, Confirmed, InDoubt, NotNoted, Unknown
from tests.factories import JournalEntryFactory

ENTRY = JournalEntryFactory.build()
LIST = ContactList(11, "Чёрный список 1", "black", ())
DONE = Confirmed(LIST, ENTRY, None)
WORDS = Words("уже был")


def test_every_outcome_has_a_name():
    assert set(OUTCOMES) == set(Outcome)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"outcome": Outcome.CONFIRMED}, "подтверждено"),
        ({"outcome": Outcome.REFUSED}, "не сохранено"),
        ({"outcome": Outcome.UNKNOWN}, "неизвестно"),
        ({"outcome": Outcome.CONFIRMED, "overwritten_by_id": 7}, "перезаписано"),
    ],
)
def test_an_entry_says_how_it_ended(fields, name):
    assert outcome_name(JournalEntryFactory.build(**fields)) == name


def test_a_list_that_was_written_says_what_its_type_makes_of_it():
    assert ended(DONE, list_type="black", words=WORDS) == (Tone.CONFIRMED, "заблокировано")
    kind, white = ended(DONE, list_type="white", words=WORDS)
    assert (kind, white) == (
        Tone.CONFIRMED,
        "добавлен; белые списки Плюсофон пока не использует",
    )
    assert ended(DONE, list_type="white", words=Words("", "убран")) == (Tone.CONFIRMED, "убран")


def test_a_list_with_nothing_to_do_says_so():
    found = ended(AlreadyDone(LIST), list_type="black", words=WORDS)
    assert found == (Tone.CONFIRMED, "уже был")


def test_what_is_not_known_says_until_when():
    until = datetime(2026, 11, 28, 12, tzinfo=UTC)
    doubt = InDoubt(errors.TimedOut(), ENTRY, until)
    kind, words = ended(doubt, list_type="black", words=WORDS)
    assert kind == Tone.UNKNOWN
    assert "15:00:00" in words
    unknown = ended(Unknown(None, ENTRY), list_type="black", words=WORDS)
    assert unknown == (Tone.UNKNOWN, "неизвестно")


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (PlanChanged(), Tone.REFUSED, "не сохранено: список изменился, пока вы смотрели"),
        (Conflict(), Tone.REFUSED, "не сохранено: кто-то уже изменил этот контакт"),
        (Overtaken(), Tone.REFUSED, "не отправлено: этим уже занят кто-то другой"),
        (NotNoted(), Tone.UNKNOWN, "неизвестно: проверьте журнал через минуту"),
        (errors.NoAccess("Нет прав"), Tone.REFUSED, "Плюсофон этого не разрешает: Нет прав"),
        (errors.NotSent(), Tone.REFUSED, "Плюсофон недоступен"),
    ],
)
def test_a_list_that_was_not_written_says_why(error, kind, words):
    assert failed(error) == (kind, words)
