"""What is said of each error: here, and only here, in its own words."""

from datetime import UTC, datetime

import pytest
from django.db import OperationalError
from django.utils import translation

from lists import bulkhead, database
from lists.plusofon import errors
from lists.plusofon.values import Contact, ContactList
from lists.wording.errors import ROWS, failure_of
from lists.writing import outcomes
from tests.factories import JournalEntryFactory

LIST = ContactList(11, "Чёрный список 1", "black", (Contact("Иван", ("79998887766",)),))


def at(hour, minute=0):
    return datetime(2026, 11, 28, hour, minute, tzinfo=UTC)  # Moscow is three hours ahead


def entry(**fields):
    return JournalEntryFactory.build(started_at=at(12), **fields)


def invalid(fields):
    return errors.Invalid("Данные неверны", status=422, fields=fields)


SAID = [
    (errors.NoPermit(), 503, "К Плюсофону сейчас слишком много обращений"),
    (errors.CircuitOpen(retry_after=2), 503, "Плюсофон сейчас не отвечает"),
    (errors.TooLarge(), 422, "Список стал бы слишком большим"),
    (errors.OutOfTime(), 503, "Плюсофон слишком долго не отвечает"),
    (errors.NotSent(), 503, "Плюсофон недоступен"),
    (errors.TimedOut(), 503, "Плюсофон слишком долго не отвечает"),
    (errors.ConnectionCut(), 503, "Связь с Плюсофоном оборвалась"),
    (errors.NotUnderstood(), 502, "Ответ Плюсофона не удалось разобрать"),
    (errors.Unavailable(), 503, "Плюсофон сейчас не работает"),
    (errors.ServerError(), 503, "Плюсофон сейчас не работает"),
    (errors.Refused(), 502, "Плюсофон отказал"),
    (errors.Unauthenticated(), 403, "Плюсофон не принимает ваш токен."),
    (errors.NoAccess(), 403, "Плюсофон этого не разрешает"),
    (errors.NotFound(), 404, "Этого списка больше нет"),
    (errors.Invalid(), 422, "Плюсофон отказал"),
    (errors.RateLimited(), 503, "Слишком много запросов к Плюсофону"),
    (outcomes.ListInvalid(invalid({}), LIST), 422, "Плюсофон отказал"),
    (outcomes.NotApplied(), 503, "Изменение не сохранено"),
    (outcomes.NotDeleted(), 503, "Список не удалён"),
    (outcomes.Busy(None), 503, "Этот список сейчас сохраняет кто-то другой"),
    (outcomes.Busy(entry()), 503, "manager сохраняет этот список с 15:00:00"),
    (
        outcomes.HeldInDoubt(None),
        503,
        "Пока неясно, сохранилось ли последнее изменение этого списка",
    ),
    (
        outcomes.HeldInDoubt(entry(list_id=None), at(13)),
        503,
        "Пока неясно, создан ли последний новый список",
    ),
    (outcomes.LockLost(), 503, "Плюсофон слишком долго не отвечает"),
    (outcomes.NotNoted(), 503, "Пока неясно, сохранится ли изменение"),
    (bulkhead.BulkheadFull(), 503, "Слишком много страниц ждут Плюсофон"),
    (OperationalError("disk is full"), 503, "Наша база данных сейчас не работает"),
]


@pytest.mark.parametrize(("error", "status", "title"), SAID, ids=lambda v: type(v).__name__)
def test_an_error_has_its_status_and_its_title(error, status, title):
    failure = failure_of(error)
    assert (failure.status, str(failure.title)) == (status, title)
    assert str(failure.advice)


def leaves(kind):
    children = kind.__subclasses__()
    return [leaf for child in children for leaf in leaves(child)] if children else [kind]


def of_ours():
    """Every error of the API and of a write that a page may have to tell of."""
    return {
        *leaves(errors.PlusofonError),
        *(kind for kind in vars(bulkhead).values() if is_error(kind)),
        *(kind for kind in vars(database).values() if is_error(kind)),
    }


def is_error(kind):
    return isinstance(kind, type) and issubclass(kind, Exception)


def test_every_leaf_of_the_error_tree_has_a_row_of_its_own():
    rooms = ("lists.plusofon.errors", "lists.writing.outcomes", "lists.bulkhead", "lists.database")
    ours = {kind for kind in of_ours() if kind.__module__ in rooms}
    assert len(ours) > 15
    assert ours - ROWS.keys() == set()


def test_every_row_is_tried_here():
    assert {type(error) for error, *_ in SAID} - {OperationalError} == {
        kind
        for kind in ROWS
        if kind is not errors.PlusofonError and kind.__module__ != "django.db.utils"
    }


def test_an_error_without_a_row_is_told_by_the_class_above():
    class Newer(errors.RateLimited):
        pass

    class Odd(errors.PlusofonError):
        pass

    assert failure_of(Newer()).title == "Слишком много запросов к Плюсофону"
    assert failure_of(Odd()).title == "Ответ Плюсофона не удалось разобрать"


def test_a_row_speaks_the_language_of_whoever_looks():
    failure = failure_of(errors.NotFound())
    with translation.override("en"):
        assert str(failure.title) == "List not found"
    assert str(failure.title) == "Этого списка больше нет"


@pytest.mark.parametrize(("error", "status", "title"), SAID, ids=lambda v: type(v).__name__)
def test_what_may_have_been_changed_is_not_sent_again(error, status, title):
    failure = failure_of(error)
    assert failure.was_sent == isinstance(error, outcomes.NotNoted)
    assert failure.may_retry == (not isinstance(error, outcomes.NotNoted | errors.NotFound))
    assert failure.is_of_token == isinstance(error, errors.Unauthenticated | errors.NoAccess)


def test_the_apis_words_are_quoted_but_for_a_refused_token():
    assert failure_of(errors.NoAccess("Нет прав")).words == "Нет прав"
    assert failure_of(errors.Unavailable("Работы")).words == "Работы"
    assert failure_of(errors.Unauthenticated("Unauthenticated.")).words == ""
    assert failure_of(errors.NotSent(detail="refused")).words == ""


def test_each_problem_names_the_contact_that_it_is_about():
    about = invalid({"contacts.0.phones.0": ("Неверный номер",), "name": ("Слишком длинное",)})
    words = failure_of(outcomes.ListInvalid(about, LIST)).words
    assert words == (
        "Плюсофон не принимает весь список из-за другого контакта — «Иван» (+7 999 888-77-66):"
        " Неверный номер Слишком длинное"
    )
    assert failure_of(outcomes.ListInvalid(invalid({}), LIST)).words == "Данные неверны"


class TestAListThatSomebodyHolds:
    def test_is_free_when_its_lock_lapses(self):
        advice = failure_of(outcomes.Busy(entry(), at(12, 30))).advice
        assert advice.endswith("Список освободится не позже 15:30:00.")
        assert "освободится" not in failure_of(outcomes.Busy(entry())).advice

    def test_in_doubt_says_by_whom_where_that_is_known(self):
        assert "manager" in failure_of(outcomes.HeldInDoubt(entry(), at(13))).advice
        nobody = failure_of(outcomes.HeldInDoubt(None, at(13))).advice
        assert "чьё-то изменение" in nobody
        assert "не позже 16:00:00" in nobody

    def test_in_doubt_of_a_creation_says_when_lists_can_be_created_again(self):
        held = outcomes.HeldInDoubt(entry(list_id=None), at(13))
        assert "Создавать списки снова можно будет не позже 16:00:00" in failure_of(held).advice
