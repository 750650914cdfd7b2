import json

import pytest

from lists.plusofon import errors, wire
from lists.plusofon.values import Contact, ContactList, ListEntry, ListType, Owner
from lists.plusofon.wire import Answer

LIST = {
    "id": 19,
    "name": "Черный Список 1",
    "type": "black",
    "contacts": [
        {"name": "Иван Иванов", "phones": ["79998887700", "79992223300"]},
        {"name": "Петр Петров", "phones": ["79997776600", "79993334400"]},
    ],
    "success": True,
}
PAGE = {
    "current_page": 1,
    "data": [{"id": 11, "name": "Черный список 1", "type": "black"}],
    "last_page": 3,
    "per_page": 15,
    "total": 31,
    "success": True,
}


def answer(body, status=200, **headers):
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Answer(status, {k.replace("_", "-"): v for k, v in headers.items()}, content)


def read_list(body, status=200):
    return wire.read_list(answer(body, status), list_id=19)


def without(body, *keys):
    return {key: value for key, value in body.items() if key not in keys}


def test_a_list_is_read_with_its_contacts():
    found = read_list(LIST)
    assert (found.id, found.name, found.type) == (19, "Черный Список 1", "black")
    assert found.contacts[1] == Contact("Петр Петров", ("79997776600", "79993334400"))


def test_a_page_of_lists_is_read_without_its_links():
    page = wire.read_page(answer({**PAGE, "next_page_url": "http://localhost/evil"}))
    assert page.entries == (ListEntry(11, "Черный список 1", "black"),)
    assert (page.number, page.last, page.per_page, page.total) == (1, 3, 15, 31)


def test_types_and_owner_are_read():
    types = {"types": [{"type": "black", "title": "Черный"}], "success": True}
    assert wire.read_types(answer(types)) == (ListType("black", "Черный"),)
    user = {"id": "4821", "email": "a@example.ru", "first_name": "Анна", "last_name": "Орлова"}
    owner = Owner(4821, "Орлова Анна", "a@example.ru")
    assert wire.read_owner(answer({"user": user})) == owner
    assert wire.read_owner(answer({"success": True, **user})) == owner


def test_unknown_fields_of_lists_and_contacts_go_back_as_they_came():
    body = {
        **LIST,
        "colour": {"hex": "#000", "n": None},
        "contacts": [{"name": "А", "phones": [], "x": 1}],
    }
    sent = json.loads(wire.write_list(read_list(body)))
    assert sent == {
        "colour": {"hex": "#000", "n": None},
        "name": "Черный Список 1",
        "type": "black",
        "contacts": [{"x": 1, "name": "А", "phones": []}],
    }


def test_a_list_without_contacts_is_sent_with_none_rather_than_without_the_field():
    sent = json.loads(wire.write_list(ContactList(0, "А", "black", ())))
    assert sent["contacts"] == []


def test_what_php_makes_of_values_is_read():
    body = {
        **LIST,
        "id": "19",
        "name": 112,
        "type": None,
        "contacts": {
            "0": {"name": None, "phones": [79998887766]},
            "2": {"name": "Б", "phones": {"1": "101"}},
        },
    }
    found = read_list(body)
    assert (found.name, found.type) == ("112", "")
    assert found.contacts == (Contact("", ("79998887766",)), Contact("Б", ("101",)))


@pytest.mark.parametrize(
    "body",
    [
        without(LIST, "contacts"),
        {**LIST, "contacts": None},
        {**LIST, "contacts": "none"},
        {**LIST, "contacts": {"a": 1}},
        {**LIST, "contacts": ["Иван"]},
        {**LIST, "contacts": [{"name": "Иван"}]},
        {**LIST, "contacts": [{"phones": []}]},
        {**LIST, "contacts": [{"name": "Иван", "phones": None}]},
        {**LIST, "contacts": [{"name": "Иван", "phones": "101"}]},
        {**LIST, "contacts": [{"name": "Иван", "phones": [None]}]},
        {**LIST, "contacts": [{"name": "Иван", "phones": [True]}]},
        {**LIST, "contacts": [{"name": ["Иван"], "phones": []}]},
        {**LIST, "id": True},
        {**LIST, "id": "1e1"},
        {**LIST, "id": 20},
        without(LIST, "name"),
        without(LIST, "success"),
        {**LIST, "success": "true"},
        {**LIST, "success": "false"},
        {**LIST, "success": 1},
        [],
        None,
        b"",
        b"<html>",
        b'{"id": 19, "name": "\xff"}',
        b'{"id": 19, "name": "\\ud800", "success": true}',
        b'{"id": NaN, "success": true}',
        json.dumps(LIST).encode()[:-20],
        b"[" * 100_000,
        b'{"id": ' + b"9" * 5000 + b"}",
    ],
)
def test_an_answer_of_another_shape_is_not_believed(body):
    with pytest.raises(errors.NotUnderstood):
        read_list(body)


def test_success_false_is_a_refusal_in_the_apis_words():
    with pytest.raises(errors.Refused, match="Список занят"):
        wire.read_done(answer({"success": False, "message": "Список занят"}))
    with pytest.raises(errors.Refused):
        wire.read_owner(answer({"success": False, "user": {"id": 1}}))


def test_an_owner_that_is_no_object_is_not_believed():
    with pytest.raises(errors.NotUnderstood):
        wire.read_owner(answer({"user": []}))


def test_an_emoji_that_php_wrote_as_a_surrogate_pair_is_text():
    body = json.dumps({**LIST, "name": "Спам 🤖"}).encode()
    assert b"\\ud83e" in body
    assert read_list(body).name == "Спам 🤖"


@pytest.mark.parametrize(
    ("location", "list_id"),
    [
        ("http://localhost/api/v1/contact-lists/57", 57),
        ("/api/v1/contact-lists/57/", 57),
        ("57?x=1", 57),
        ("http://localhost/api/v1/contact-lists/new", None),
        ("http://localhost/api/v1/contact-lists/" + "9" * 5000, None),
        ("http://[", None),
        ("", None),
    ],
)
def test_the_new_lists_id_is_the_last_segment_of_location(location, list_id):
    created = answer({"success": True}, status=201, location=location)
    assert wire.read_created(created) == list_id


@pytest.mark.parametrize(
    ("status", "body", "error", "words"),
    [
        (401, {"message": "Unauthenticated."}, errors.Unauthenticated, "Unauthenticated."),
        (403, {"message": "This action is unauthorized."}, errors.NoAccess, "This action"),
        (404, {"error": "Список не найден"}, errors.NotFound, "Список не найден"),
        (404, {"message": "", "error": None}, errors.NotFound, ""),
        (400, {"message": "Неверно"}, errors.Invalid, "Неверно"),
        (405, {"message": "Method"}, errors.Refused, "Method"),
        (422, {"errors": {}}, errors.Invalid, ""),
        (429, {"message": "Too Many Attempts."}, errors.RateLimited, "Too Many"),
        (429, b"<html>", errors.RateLimited, ""),
        (500, {"success": False, "message": "Нет доступа"}, errors.NoAccess, "Нет доступа"),
        (500, {"message": "Server Error"}, errors.ServerError, "Server Error"),
        (500, {"success": False}, errors.ServerError, ""),
        (500, b"<html>", errors.Unavailable, ""),
        (500, {"trace": "proxy"}, errors.Unavailable, ""),
        (502, b"<html>", errors.Unavailable, ""),
        (502, {"message": "Bad Gateway"}, errors.Unavailable, "Bad Gateway"),
        (503, {"message": "Service Unavailable"}, errors.Unavailable, "Service"),
        (302, b"", errors.NotUnderstood, ""),
        (302, {"message": "Found"}, errors.NotUnderstood, ""),
    ],
)
def test_each_status_has_its_error_with_the_apis_words(status, body, error, words):
    with pytest.raises(error) as raised:
        read_list(body, status)
    assert type(raised.value) is error
    assert raised.value.status == status
    assert words in raised.value.message


@pytest.mark.parametrize("body", [b"<html>", b"", b'{"message": "No que', [], {}, {"page": "404"}])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 422])
def test_a_refusal_that_is_not_in_the_apis_own_words_proves_nothing(status, body):
    """A proxy's page says neither that a list is gone nor that a token is wrong."""
    with pytest.raises(errors.NotUnderstood, match=str(status)) as raised:
        read_list(body, status)
    assert raised.value.status == status


@pytest.mark.parametrize(
    ("status", "body", "may_still_land"),
    [
        (200, {"success": False, "message": "Нет"}, False),
        (400, {"message": "Неверно"}, False),
        (401, {"message": "Unauthenticated."}, False),
        (403, {"message": "This action is unauthorized."}, False),
        (404, {"message": "No query results"}, False),
        (409, {"message": "Conflict"}, False),
        (422, {"message": "Неверно"}, False),
        (429, {"message": "Too Many Attempts."}, False),
        (500, {"message": "Server Error"}, False),
        (500, {"success": False, "message": "Нет доступа"}, False),
        (200, b"<html>", True),
        (200, b'{"success": tr', True),
        (200, {"done": True}, True),
        (302, b"", True),
        (404, b"<html>", True),
        (500, b"<html>", True),
        (502, b"<html>", True),
        (503, {"message": "Service Unavailable"}, True),
        (504, b"<html>", True),
    ],
)
def test_only_the_apis_own_answer_says_that_a_write_lands_no_more(status, body, may_still_land):
    with pytest.raises(errors.PlusofonError) as raised:
        wire.read_done(answer(body, status))
    assert raised.value.may_still_land is may_still_land


def test_a_refused_field_keeps_its_path_and_sentences():
    body = {
        "message": "The given data was invalid.",
        "errors": {"contacts.0.phones.0": ["Неверный номер."], "name": "Слишком длинное."},
    }
    with pytest.raises(errors.Invalid) as raised:
        wire.read_done(answer(body, 422))
    assert raised.value.fields == {
        "contacts.0.phones.0": ("Неверный номер.",),
        "name": ("Слишком длинное.",),
    }
    with pytest.raises(errors.Invalid) as raised:
        wire.read_done(answer({"errors": []}, 422))
    assert raised.value.fields == {}


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("2", 2.0), ("", None), ("Mon, 23 Nov", None), ("9" * 400, None), ("9" * 5000, None)],
)
def test_retry_after_is_read_in_seconds(header, seconds):
    limited = answer({}, 429, retry_after=header)
    assert wire.retry_after(limited) == seconds
    with pytest.raises(errors.RateLimited) as raised:
        wire.read_done(limited)
    assert raised.value.retry_after == seconds


def test_a_page_has_no_more_lists_than_a_page_would():
    """Sixty thousand would fit into an answer: all of them would be shown, and counted."""
    row = {"id": 1, "name": "", "type": "black"}
    body = {**PAGE, "data": [row] * 1001}
    with pytest.raises(errors.NotUnderstood, match="too many lists"):
        wire.read_page(answer(body))
