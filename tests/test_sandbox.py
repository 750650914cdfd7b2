"""The stand-in answers as docs/api-facts.md says, and fails as it is told to."""

import http.client
import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import httpx
import phonenumbers
import pytest
from django.core.management import CommandError, call_command

from lists.sandbox import DEMO_TOKENS, KINDS, CutConnection, Sandbox, Server, serve, validation
from lists.sandbox.command_line import FaultOrder, parse_fault, parse_seconds
from lists.sandbox.demo import SPECIAL, unique_phones

LISTS = "/api/v1/contact-lists"
HEADERS = {"Accept": "application/json", "Client": "10553", "Authorization": "Bearer secret-token"}
IVAN = {"name": "Иван Иванов", "phones": ["79998887700", "79992223300"]}
PETR = {"name": "Петр Петров", "phones": ["79997776600", "79993334400"]}
ROBOTS = {"name": "Роботы", "type": "black", "contacts": [IVAN]}


def client_of(sandbox: Sandbox, **headers: str) -> httpx.Client:
    """In process: quick, and enough for everything but broken connections."""
    return httpx.Client(
        transport=httpx.WSGITransport(app=sandbox),
        base_url="http://sandbox",
        headers={**HEADERS, **headers},
    )


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    sandbox = Sandbox()
    sandbox.add_account("secret-token", owner={"id": 77})
    yield sandbox
    sandbox.release()


@pytest.fixture
def api(sandbox: Sandbox) -> Iterator[httpx.Client]:
    with client_of(sandbox) as client:
        yield client


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with serve(Sandbox()) as server:
        yield server


@pytest.fixture
def web(server: Server, sandbox: Sandbox) -> Iterator[httpx.Client]:
    """Over real HTTP, with one list, 15, in the sandbox."""
    server.app = sandbox
    sandbox.add_list(77, id=15, name="Old", contacts=[PETR])
    with httpx.Client(
        base_url=server.url, headers=HEADERS, verify=False, trust_env=False
    ) as client:
        yield client


@pytest.fixture(scope="module")
def seeded() -> Sandbox:
    return Sandbox.seeded()


# The vendor's page


def test_the_page_of_lists_is_the_vendors_example_byte_for_byte(
    sandbox: Sandbox, api: httpx.Client
) -> None:
    sandbox.add_list(77, id=17, name="Белый список 1", type="white")
    sandbox.add_list(77, id=11, name="Черный список 1")

    answer = api.get(LISTS)

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.content == (
        rb'{"current_page":1,"data":[{"id":11,"name":"\u0427\u0435\u0440\u043d\u044b\u0439'
        rb' \u0441\u043f\u0438\u0441\u043e\u043a 1","type":"black"},{"id":17,"name":'
        rb'"\u0411\u0435\u043b\u044b\u0439 \u0441\u043f\u0438\u0441\u043e\u043a 1","type":"white"}],'
        rb'"first_page_url":"http:\/\/localhost\/api\/v1\/contact-lists?page=1","from":1,'
        rb'"last_page":1,"last_page_url":"http:\/\/localhost\/api\/v1\/contact-lists?page=1",'
        rb'"next_page_url":null,"path":"http:\/\/localhost\/api\/v1\/contact-lists","per_page":15,'
        rb'"prev_page_url":null,"to":2,"total":2,"success":true}'
    )


def test_one_list_is_the_vendors_example_in_its_order(sandbox: Sandbox, api: httpx.Client) -> None:
    sandbox.add_list(77, id=19, name="Черный Список 1", contacts=[IVAN, PETR])

    expected = {
        "id": 19,
        "name": "Черный Список 1",
        "type": "black",
        "contacts": [IVAN, PETR],
        "success": True,
    }
    assert api.get(f"{LISTS}/19").text == json.dumps(expected, separators=(",", ":"))


def test_the_types_are_the_vendors_example(api: httpx.Client) -> None:
    expected = {
        "types": [{"type": "black", "title": "Черный"}, {"type": "white", "title": "Белый"}],
        "success": True,
    }
    assert api.get(f"{LISTS}/types").text == json.dumps(expected, separators=(",", ":"))


def test_a_list_is_created_and_its_address_names_the_wrong_host(
    sandbox: Sandbox, api: httpx.Client
) -> None:
    sandbox.add_list(77, id=40, name="Old")

    answer = api.post(LISTS, json=ROBOTS)

    assert (answer.status_code, answer.content) == (201, b'{"success":true}')
    assert answer.headers["Location"] == "http://localhost/api/v1/contact-lists/41"
    assert sandbox.lists(77)[41] == {"id": 41, **ROBOTS}


def test_a_list_is_replaced_whole(sandbox: Sandbox, api: httpx.Client) -> None:
    list_id = sandbox.add_list(77, name="Old", contacts=[PETR], colour="#000")

    answer = api.put(f"{LISTS}/{list_id}", json={**ROBOTS, "id": 999, "success": False})

    assert (answer.status_code, answer.content) == (200, b'{"success":true}')
    assert sandbox.lists(77) == {list_id: {"id": list_id, **ROBOTS}}


def test_a_replacement_without_contacts_empties_the_list(
    sandbox: Sandbox, api: httpx.Client
) -> None:
    list_id = sandbox.add_list(77, name="Old", contacts=[PETR])

    assert api.put(f"{LISTS}/{list_id}", json={"name": "New", "type": "black"}).is_success
    assert sandbox.lists(77)[list_id]["contacts"] == []


def test_a_list_is_deleted_and_its_id_is_not_given_again(
    sandbox: Sandbox, api: httpx.Client
) -> None:
    list_id = sandbox.add_list(77, name="Old")

    answer = api.delete(f"{LISTS}/{list_id}")

    assert (answer.status_code, answer.content) == (200, b'{"success":true}')
    assert sandbox.lists(77) == {}
    assert api.delete(f"{LISTS}/{list_id}").status_code == 404
    assert sandbox.add_list(77, name="Next") == list_id + 1


def test_fields_that_nobody_knows_are_kept(sandbox: Sandbox, api: httpx.Client) -> None:
    body = {**ROBOTS, "colour": "#000", "contacts": [{**IVAN, "note": {"by": ["Анна"]}}]}
    api.post(LISTS, json=body)

    assert api.get(f"{LISTS}/1").json() == {"id": 1, **body, "success": True}


def test_the_owner_is_told_without_a_word_of_success(sandbox: Sandbox, api: httpx.Client) -> None:
    owner = {"id": 5, "first_name": "Анна", "role": {"name": "client", "client_id": 5}}
    sandbox.add_account("annas", owner=owner)

    answer = api.get("/api/v1/authuser", headers={"Authorization": "Bearer annas"}).json()

    assert answer.keys() == {"user"}
    assert answer["user"] | owner == answer["user"]
    assert answer["user"].keys() == {
        *("id", "email", "phone", "first_name", "last_name", "middle_name", "role")
    }


def test_authuser_can_be_missing(sandbox: Sandbox, api: httpx.Client) -> None:
    sandbox.authuser_works = False

    answer = api.get("/api/v1/authuser")

    assert (answer.status_code, answer.json()) == (404, {"message": ""})


# Pages


@pytest.fixture
def many(sandbox: Sandbox) -> None:
    for n in range(1, 36):
        sandbox.add_list(77, name=f"List {n}")


@pytest.mark.usefixtures("many")
def test_pages_lead_to_each_other(api: httpx.Client) -> None:
    page = api.get(LISTS, params={"page": 2}).json()

    assert [row["id"] for row in page["data"]] == list(range(16, 31))
    assert (page["current_page"], page["last_page"], page["total"]) == (2, 3, 35)
    assert (page["from"], page["to"], page["per_page"]) == (16, 30, 15)
    assert page["prev_page_url"] == "http://localhost/api/v1/contact-lists?page=1"
    assert page["next_page_url"] == page["last_page_url"]
    assert page["last_page_url"] == "http://localhost/api/v1/contact-lists?page=3"


@pytest.mark.usefixtures("many")
def test_a_page_beyond_the_last_is_empty_not_an_error(api: httpx.Client) -> None:
    answer = api.get(LISTS, params={"page": 4})
    page = answer.json()

    assert answer.status_code == 200
    assert (page["data"], page["from"], page["to"]) == ([], None, None)
    assert (page["current_page"], page["last_page"], page["next_page_url"]) == (4, 3, None)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("page", ["0", "-1", "two", "1.5", "", "1e3", "99999999999999999999"])
def test_anything_but_a_positive_whole_number_is_page_one(api: httpx.Client, page: str) -> None:
    assert api.get(LISTS, params={"page": page}).json()["current_page"] == 1


@pytest.mark.usefixtures("many")
def test_the_size_of_a_page_is_the_servers_choice(sandbox: Sandbox, api: httpx.Client) -> None:
    sandbox.per_page = 10

    page = api.get(LISTS, params={"per_page": 100}).json()

    assert (len(page["data"]), page["per_page"], page["last_page"]) == (10, 10, 4)


def test_no_lists_are_one_empty_page(api: httpx.Client) -> None:
    page = api.get(LISTS).json()

    assert (page["data"], page["total"], page["last_page"]) == ([], 0, 1)


# Who may


@pytest.mark.parametrize("value", ["Bearer wrong", "Basic secret-token", "secret-token", ""])
def test_an_unknown_token_is_refused_as_laravel_does(sandbox: Sandbox, value: str) -> None:
    answer = client_of(sandbox, Authorization=value).get(LISTS)

    assert (answer.status_code, answer.json()) == (401, {"message": "Unauthenticated."})


@pytest.mark.parametrize("code", ["10554", "abc", ""])
def test_only_the_one_client_code_is_accepted(sandbox: Sandbox, code: str) -> None:
    answer = client_of(sandbox, Client=code).get(LISTS)

    assert answer.status_code == 403
    assert answer.json()["success"] is False
    assert "заголовок Client" in answer.json()["message"]


def test_colleagues_share_lists_and_strangers_do_not_see_them(sandbox: Sandbox) -> None:
    assert sandbox.add_account("colleague", owner={"id": 77}) == 77
    stranger = sandbox.add_account("stranger")
    list_id = sandbox.add_list(77, name="Ours")

    colleague = client_of(sandbox, Authorization="Bearer colleague")
    assert colleague.get(f"{LISTS}/{list_id}").json()["name"] == "Ours"
    assert stranger != 77
    for method in ("GET", "PUT", "DELETE"):
        outside = client_of(sandbox, Authorization="Bearer stranger")
        assert outside.request(method, f"{LISTS}/{list_id}", json=ROBOTS).status_code == 404
    assert sandbox.lists(77)[list_id]["name"] == "Ours"


ALL_ON_LISTS = [
    ("GET", LISTS),
    ("GET", f"{LISTS}/1"),
    ("GET", f"{LISTS}/types"),
    ("POST", LISTS),
    ("PUT", f"{LISTS}/1"),
    ("DELETE", f"{LISTS}/1"),
]


@pytest.mark.parametrize(("method", "path"), ALL_ON_LISTS)
def test_a_token_without_rights_hears_the_vendors_500(
    sandbox: Sandbox, method: str, path: str
) -> None:
    account = sandbox.add_account("locked-out", may_read_lists=False)
    sandbox.add_list(account, name="Old")

    with client_of(sandbox, Authorization="Bearer locked-out") as api:
        answer = api.request(method, path, json=ROBOTS)
        assert answer.status_code == 500
        assert answer.text == json.dumps(
            {"success": False, "message": "Нет доступа к спискам контактов"}, separators=(",", ":")
        )
        assert api.get("/api/v1/authuser").json()["user"]["id"] == account
    assert [stored["name"] for stored in sandbox.lists(account).values()] == ["Old"]


def test_a_token_may_read_and_not_write(sandbox: Sandbox) -> None:
    account = sandbox.add_account("reader", may_write=False)
    sandbox.add_list(account, name="Old")

    with client_of(sandbox, Authorization="Bearer reader") as api:
        statuses = {call: api.request(*call, json=ROBOTS).status_code for call in ALL_ON_LISTS}

    assert {method for (method, _), status in statuses.items() if status == 200} == {"GET"}
    assert {method for (method, _), status in statuses.items() if status == 500} == {
        *("POST", "PUT", "DELETE")
    }
    assert [stored["name"] for stored in sandbox.lists(account).values()] == ["Old"]


# Laravel around it


@pytest.mark.parametrize("segment", ["abc", "999", "1e3", "9" * 30])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_list_that_is_not_there_is_laravels_404(
    api: httpx.Client, method: str, segment: str
) -> None:
    answer = api.request(method, f"{LISTS}/{segment}", json=ROBOTS)

    assert answer.status_code == 404
    assert answer.json() == {
        "message": f"No query results for model [App\\Models\\ContactList] {segment}"
    }


def test_an_unknown_path_is_laravels_404(api: httpx.Client) -> None:
    answer = api.get("/api/v1/elsewhere")

    assert (answer.status_code, answer.json()) == (404, {"message": ""})


@pytest.mark.parametrize(
    ("path", "allowed"),
    [
        (LISTS, "GET, HEAD, POST"),
        (f"{LISTS}/1", "GET, HEAD, PUT, DELETE"),
        ("/api/v1/authuser", "GET, HEAD"),
    ],
)
def test_a_wrong_method_is_told_which_are_right(api: httpx.Client, path: str, allowed: str) -> None:
    answer = api.patch(path)

    assert (answer.status_code, answer.headers["Allow"]) == (405, allowed)
    assert answer.json()["message"].startswith("The PATCH method is not supported")


REQUIRED = "Поле {} обязательно для заполнения."


@pytest.mark.parametrize(
    ("change", "errors"),
    [
        ({"name": " "}, {"name": [REQUIRED.format("name")]}),
        ({"name": 5}, {"name": ["Поле name должно быть строкой."]}),
        (
            {"name": "я" * 256},
            {"name": ["Количество символов в поле name не может превышать 255."]},
        ),
        ({"type": None}, {"type": [REQUIRED.format("type")]}),
        ({"type": "red"}, {"type": ["Выбранное значение для type ошибочно."]}),
        ({"type": ["black"]}, {"type": ["Выбранное значение для type ошибочно."]}),
        ({"contacts": None}, {"contacts": ["Поле contacts должно быть массивом."]}),
        (
            {"contacts": [IVAN, {"phones": ["1"]}]},
            {"contacts.1.name": [REQUIRED.format("contacts.1.name")]},
        ),
        (
            {"contacts": [{"name": "x", "phones": []}]},
            {"contacts.0.phones": [REQUIRED.format("contacts.0.phones")]},
        ),
        (
            {"contacts": [{"name": "x", "phones": "112"}]},
            {"contacts.0.phones": ["Поле contacts.0.phones должно быть массивом."]},
        ),
        (
            {"contacts": [{"name": "x", "phones": ["112", "", 7]}]},
            {
                "contacts.0.phones.1": [REQUIRED.format("contacts.0.phones.1")],
                "contacts.0.phones.2": ["Поле contacts.0.phones.2 должно быть строкой."],
            },
        ),
        (
            {"contacts": ["Иван"]},
            {
                "contacts.0.name": [REQUIRED.format("contacts.0.name")],
                "contacts.0.phones": [REQUIRED.format("contacts.0.phones")],
            },
        ),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_bad_input_is_laravels_422_with_paths_into_the_body(
    sandbox: Sandbox,
    api: httpx.Client,
    method: str,
    change: dict[str, object],
    errors: dict[str, list[str]],
) -> None:
    sandbox.add_list(77, name="Old")
    before = sandbox.lists(77)

    answer = api.request(
        method, LISTS if method == "POST" else f"{LISTS}/1", json={**ROBOTS, **change}
    )

    assert answer.status_code == 422
    assert answer.json() == {"message": "The given data was invalid.", "errors": errors}
    assert sandbox.lists(77) == before


def test_a_name_may_have_255_characters(api: httpx.Client) -> None:
    assert api.post(LISTS, json={**ROBOTS, "name": "я" * 255}).status_code == 201


@pytest.mark.parametrize("phone", ["+79998887766", "8 (999) 888-77-66", "٣", "1" * 21, "112\n"])
def test_odd_spellings_are_refused_only_when_phones_are_strict(
    sandbox: Sandbox, api: httpx.Client, phone: str
) -> None:
    body = {**ROBOTS, "contacts": [{"name": "x", "phones": ["112", phone]}]}
    assert api.post(LISTS, json=body).status_code == 201

    sandbox.strict_phones = True
    answer = api.post(LISTS, json=body)

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["contacts.0.phones.1"]
    assert api.post(LISTS, json=ROBOTS).status_code == 201


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"{", "application/json"),
        (b"[1]", "application/json"),
        (json.dumps(ROBOTS).encode(), "text/plain"),
    ],
)
def test_a_body_that_is_no_json_object_has_no_fields(
    api: httpx.Client, content: bytes, content_type: str
) -> None:
    answer = api.post(LISTS, content=content, headers={"Content-Type": content_type})

    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["name", "type"]


def test_validation_can_be_switched_off(sandbox: Sandbox, api: httpx.Client) -> None:
    sandbox.validate = False
    sandbox.add_list(77, name="Old", contacts=[PETR])

    assert api.put(f"{LISTS}/1", json={"contacts": [{"name": ""}]}).is_success
    assert sandbox.lists(77)[1] == {
        "id": 1,
        "name": "Old",
        "type": "black",
        "contacts": [{"name": "", "phones": []}],
    }


def test_head_is_get_without_the_body(sandbox: Sandbox, web: httpx.Client) -> None:
    head, get = web.head(LISTS), web.get(LISTS)

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"]


# Quirks


@pytest.mark.parametrize(
    ("quirk", "stored"),
    [
        ("trim", {"name": "Роботы", "contacts": [("Яков", ["8 (999) 888-77-66", "112", "112"])]}),
        ("normalise", {"contacts": [(" Яков ", ["79998887766", "112", "112"])]}),
        ("dedupe", {"contacts": [(" Яков ", [" 8 (999) 888-77-66", "112"])]}),
    ],
)
def test_what_is_stored_need_not_be_what_was_sent(
    sandbox: Sandbox, api: httpx.Client, quirk: str, stored: dict[str, list[object]]
) -> None:
    sandbox.quirks = {quirk}
    contact = {"name": " Яков ", "phones": [" 8 (999) 888-77-66", "112", "112"]}
    api.post(LISTS, json={**ROBOTS, "name": " Роботы ", "contacts": [contact]})

    found = api.get(f"{LISTS}/1").json()

    assert found["name"] == stored.get("name", " Роботы ")
    assert [(c["name"], c["phones"]) for c in found["contacts"]] == stored["contacts"]


def test_the_service_may_reorder_and_drop_double_contacts(
    sandbox: Sandbox, api: httpx.Client
) -> None:
    sandbox.quirks = {"reorder", "dedupe", "normalise"}
    ivan = {"name": "Иван", "phones": ["+7 999 000-00-02", "9990000001"]}
    api.post(LISTS, json={**ROBOTS, "contacts": [{"name": "Яков", "phones": ["1"]}, ivan, ivan]})

    assert api.get(f"{LISTS}/1").json()["contacts"] == [
        {"name": "Иван", "phones": ["79990000001", "79990000002"]},
        {"name": "Яков", "phones": ["1"]},
    ]


def test_quirks_of_storing_leave_bodies_without_contacts_alone(
    sandbox: Sandbox, api: httpx.Client
) -> None:
    sandbox.quirks = {"reorder"}

    assert api.post(LISTS, json={"name": "Роботы", "type": "black"}).status_code == 201


@pytest.mark.parametrize(
    ("quirk", "path", "look", "odd"),
    [
        ("ints", f"{LISTS}/1", lambda body: body["contacts"][0]["phones"], [112, "+7"]),
        ("strings", f"{LISTS}/1", lambda body: body["id"], "1"),
        ("strings", LISTS, lambda body: (body["data"][0]["id"], body["total"]), ("1", "2")),
        ("null-contacts", f"{LISTS}/2", lambda body: body["contacts"], None),
        ("gaps", f"{LISTS}/1", lambda body: list(body["contacts"]), ["0", "2"]),
        ("odd-success", f"{LISTS}/types", lambda body: type(body["success"]), int),
        ("odd-success", "/api/v1/authuser", lambda body: "success" in body, False),
        ("last-page", LISTS, lambda body: (body["last_page"], body["total"]), (10**9, 2)),
        ("last-page", f"{LISTS}/1", lambda body: "last_page" in body, False),
        ("long-names", LISTS, lambda body: len(body["data"][1]["name"]), 50_005),
        ("long-names", f"{LISTS}/1", lambda body: len(body["name"].encode()) > 10**5, True),
        (
            "long-names",
            f"{LISTS}/1",
            lambda body: [len(contact["name"]) for contact in body["contacts"]],
            [50_002, 11],
        ),
        ("long-names", f"{LISTS}/types", lambda body: len(body["types"]), 2),
        ("many-contacts", f"{LISTS}/1", lambda body: len(body["contacts"]), 500_002),
        ("many-contacts", LISTS, lambda body: "contacts" in body, False),
    ],
)
def test_answers_can_be_odd(
    sandbox: Sandbox,
    api: httpx.Client,
    quirk: str,
    path: str,
    look: Callable[[dict[str, object]], object],
    odd: object,
) -> None:
    sandbox.add_list(77, name="Two", contacts=[{"name": "x", "phones": ["112", "+7"]}, IVAN])
    sandbox.add_list(77, name="None")
    stored = sandbox.lists(77)

    sandbox.quirks = {quirk}

    assert look(api.get(path).json()) == odd
    assert sandbox.lists(77) == stored


def test_a_misspelt_quirk_is_not_ignored(sandbox: Sandbox, api: httpx.Client) -> None:
    sandbox.quirks = {"normalize"}

    with pytest.raises(ValueError, match="normalize"):
        api.get(LISTS)


# Behind our back, and what was asked


def test_somebody_else_can_replace_and_drop(sandbox: Sandbox, api: httpx.Client) -> None:
    first, second = (sandbox.add_list(77, name=name) for name in ("First", "Second"))

    sandbox.put(77, first, {**sandbox.lists(77)[first], "name": "Theirs", "contacts": [PETR]})
    sandbox.drop(77, second)

    assert [row["name"] for row in api.get(LISTS).json()["data"]] == ["Theirs"]
    assert api.get(f"{LISTS}/{first}").json()["contacts"] == [PETR]
    with pytest.raises(KeyError):
        sandbox.put(77, second, ROBOTS)
    with pytest.raises(KeyError):
        sandbox.drop(77, second)


def test_somebody_else_can_change_a_list_as_it_is(sandbox: Sandbox, api: httpx.Client) -> None:
    list_id = sandbox.add_list(77, name="First", contacts=[IVAN])

    sandbox.edit(77, list_id, lambda found: {**found, "contacts": [*found["contacts"], PETR]})

    assert api.get(f"{LISTS}/{list_id}").json()["contacts"] == [IVAN, PETR]
    with pytest.raises(KeyError):
        sandbox.edit(77, list_id + 1, lambda found: found)


def test_what_a_test_holds_is_not_what_is_stored(sandbox: Sandbox) -> None:
    contact = {"name": "x", "phones": ["112"]}
    list_id = sandbox.add_list(77, name="Mine", contacts=[contact])

    contact["name"] = "y"
    sandbox.lists(77)[list_id]["contacts"][0]["phones"].append("101")

    assert sandbox.lists(77)[list_id]["contacts"] == [{"name": "x", "phones": ["112"]}]


def test_ids_of_lists_are_unique_and_those_of_owners_are_numbers(sandbox: Sandbox) -> None:
    sandbox.add_list(77, id=5, name="One")

    with pytest.raises(ValueError, match="list 5 exists"):
        sandbox.add_list(sandbox.add_account("other"), id=5, name="Two")
    with pytest.raises(TypeError):
        sandbox.add_account("third", owner={"id": "77"})


def test_a_hook_writes_between_a_read_and_a_replace(sandbox: Sandbox, api: httpx.Client) -> None:
    list_id = sandbox.add_list(77, name="Ours")
    seen: list[list[str]] = []

    def interfere() -> None:
        seen.append([call.method for call in sandbox.calls])
        sandbox.put(77, list_id, {"name": "Theirs", "contacts": [PETR]})

    sandbox.before("PUT", f"{LISTS}/{list_id}", interfere)
    sandbox.before("DELETE", re.compile(r"contact-lists$"), interfere)

    read = api.get(f"{LISTS}/{list_id}").json()
    api.put(f"{LISTS}/{list_id}", json=read)
    api.put(f"{LISTS}/{list_id}", json=read)
    api.delete(f"{LISTS}/{list_id}")

    assert seen == [["GET"]]


def test_calls_are_written_down_without_the_token(sandbox: Sandbox, api: httpx.Client) -> None:
    api.post(LISTS, json=ROBOTS)
    api.get(LISTS, params={"page": 2})

    post, get = sandbox.calls
    assert (post.method, post.path, post.query, post.status) == ("POST", LISTS, "", 201)
    assert json.loads(post.body) == ROBOTS
    assert (get.query, get.status, get.body) == ("page=2", 200, b"")
    assert get.headers["client"] == "10553"
    assert get.headers["authorization"] == "Bearer ***oken"
    assert post.headers["content-type"] == "application/json"
    assert "secret" not in repr(sandbox.calls)

    sandbox.clear_calls()
    assert sandbox.calls == []


def test_a_call_without_a_token_is_written_down_too(sandbox: Sandbox) -> None:
    with httpx.Client(transport=httpx.WSGITransport(app=sandbox)) as client:
        client.get(f"http://sandbox{LISTS}")

    assert [call.status for call in sandbox.calls] == [401]


def test_latency_comes_before_each_answer(sandbox: Sandbox, api: httpx.Client) -> None:
    sandbox.latency = 0.1
    started = time.monotonic()

    api.get(LISTS)

    assert 0.1 <= time.monotonic() - started < 0.5


# Faults that are answers


@pytest.mark.parametrize(
    ("kind", "status", "body"),
    [
        ("400", 400, {"success": False, "message": "Неверно указан параметр"}),
        ("401", 401, {"message": "Unauthenticated."}),
        ("403", 403, {"message": "This action is unauthorized."}),
        ("404", 404, {"message": "No query results for model [App\\Models\\ContactList] 15"}),
        ("404-error", 404, {"success": False, "error": "Список не найден"}),
        (
            "405",
            405,
            {
                "message": "The PUT method is not supported for this route. Supported methods: GET, HEAD."
            },
        ),
        (
            "422",
            422,
            {
                "message": "The given data was invalid.",
                "errors": {"contacts.0.phones.0": ["Неверный формат номера телефона."]},
            },
        ),
        ("429", 429, {"message": "Too Many Attempts."}),
        ("500", 500, {"message": "Server Error"}),
        ("no-access", 500, {"success": False, "message": "Нет доступа"}),
        ("503-json", 503, {"message": "Service Unavailable"}),
        ("not-object", 200, []),
        ("success-false", 200, {"success": False, "message": "Не удалось выполнить запрос"}),
    ],
)
def test_a_json_fault_is_answered_and_nothing_is_applied(
    sandbox: Sandbox, api: httpx.Client, kind: str, status: int, body: object
) -> None:
    sandbox.fail(kind)

    answer = api.post(LISTS, json=ROBOTS)

    assert (answer.status_code, answer.json()) == (status, body)
    assert answer.headers["Content-Type"] == "application/json"
    assert sandbox.lists(77) == {}
    assert [call.status for call in sandbox.calls] == [status]


@pytest.mark.parametrize(
    ("kind", "status", "words"),
    [
        ("401-html", 401, "<h1>401 Unauthorized</h1>"),
        ("403-html", 403, "<h1>403 Forbidden</h1>"),
        ("404-html", 404, "<h1>404 Not Found</h1>"),
        ("500-plain", 500, "Internal Server Error"),
        ("500-html", 500, "<h1>500 Internal Server Error</h1>"),
        ("502", 502, "<h1>502 Bad Gateway</h1>"),
        ("503", 503, "<h1>503 Service Unavailable</h1>"),
        ("504", 504, "<h1>504 Gateway Time"),
        ("html", 200, "Вход в личный кабинет"),
        ("empty", 200, ""),
        ("redirect", 302, ""),
    ],
)
def test_a_fault_that_is_no_json_is_answered_and_nothing_is_applied(
    sandbox: Sandbox, api: httpx.Client, kind: str, status: int, words: str
) -> None:
    sandbox.fail(kind)

    answer = api.post(LISTS, json=ROBOTS)

    assert answer.status_code == status
    assert words in answer.text
    assert bool(words) == bool(answer.text)
    assert sandbox.lists(77) == {}


def test_every_kind_of_answer_can_come_after_the_call_was_applied(
    sandbox: Sandbox, api: httpx.Client
) -> None:
    sandbox.fail("504-after")

    assert api.post(LISTS, json=ROBOTS).status_code == 504
    assert len(sandbox.lists(77)) == 1


@pytest.mark.parametrize(
    ("kind", "header", "value"),
    [
        ("429", "Retry-After", "1"),
        ("429:0", "Retry-After", "0"),
        ("429-after:7", "Retry-After", "7"),
        ("429:3", "X-RateLimit-Remaining", "0"),
        ("503:2", "Retry-After", "2"),
        ("405", "Allow", "GET, HEAD"),
        ("redirect", "Location", "http://localhost/elsewhere"),
    ],
)
def test_a_fault_has_its_header_once(
    sandbox: Sandbox, api: httpx.Client, kind: str, header: str, value: str
) -> None:
    sandbox.fail(kind)

    assert api.get(LISTS).headers.get_list(header) == [value]


@pytest.mark.parametrize(
    ("kind", "path", "look", "odd"),
    [
        ("success-string", f"{LISTS}/1", lambda body: body["success"], "false"),
        ("no-success", f"{LISTS}/1", lambda body: "success" in body, False),
        (
            "missing-contacts",
            f"{LISTS}/1",
            lambda body: list(body),
            ["id", "name", "type", "success"],
        ),
        ("null-contacts", f"{LISTS}/1", lambda body: body["contacts"], None),
        ("null-contacts", LISTS, lambda body: "contacts" in body, False),
        ("odd-page", LISTS, lambda body: (body["data"], body["total"]), (None, 1)),
    ],
)
def test_a_real_answer_is_spoiled(
    sandbox: Sandbox,
    api: httpx.Client,
    kind: str,
    path: str,
    look: Callable[[dict[str, object]], object],
    odd: object,
) -> None:
    sandbox.add_list(77, name="Old", contacts=[IVAN])
    sandbox.fail(kind)

    assert look(api.get(path).json()) == odd


def test_cut_json_comes_in_a_whole_answer_after_the_call_was_applied(
    sandbox: Sandbox, api: httpx.Client
) -> None:
    sandbox.fail("truncated-json")

    answer = api.post(LISTS, json=ROBOTS)

    assert (answer.status_code, answer.content) == (201, b'{"succes')
    assert len(sandbox.lists(77)) == 1


def test_an_unknown_kind_of_fault_is_refused_naming_those_there_are(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match=r"'418' is no kind.* 429, .*hang-after"):
        sandbox.fail("418")
    for kind in ("500:3", "429:soon", "429:"):
        with pytest.raises(ValueError, match="seconds"):
            sandbox.fail(kind)


# Which calls a fault hits


def statuses(api: httpx.Client, *calls: str) -> list[int]:
    return [api.request(*call.split()).status_code for call in calls]


def test_a_fault_hits_as_often_as_told_after_letting_some_pass(
    sandbox: Sandbox, api: httpx.Client
) -> None:
    sandbox.fail("503", times=2, skip=1)

    assert statuses(api, *[f"GET {LISTS}"] * 5) == [200, 503, 503, 200, 200]


def test_a_fault_can_stay_until_it_is_cleared(sandbox: Sandbox, api: httpx.Client) -> None:
    sandbox.fail("503", times=None)
    assert statuses(api, *[f"GET {LISTS}"] * 3) == [503, 503, 503]

    sandbox.clear_faults()
    assert statuses(api, f"GET {LISTS}") == [200]


def test_faults_queue_and_each_counts_only_what_reaches_it(
    sandbox: Sandbox, api: httpx.Client
) -> None:
    sandbox.fail("502")
    sandbox.fail("503", skip=1)

    assert statuses(api, *[f"GET {LISTS}"] * 4) == [502, 200, 503, 200]


@pytest.mark.parametrize(
    ("aim", "hit"),
    [
        ({"method": "DELETE"}, [False, False, True]),
        ({"method": "delete", "path": "contact-lists/"}, [False, False, True]),
        ({"path": "page=2"}, [False, True, False]),
        ({"path": re.compile(r"contact-lists$")}, [True, True, False]),
        ({"path": re.compile(r"lists/\d+$")}, [False, False, True]),
        ({"path": "authuser"}, [False, False, False]),
    ],
)
def test_a_fault_is_aimed_by_method_and_path(
    sandbox: Sandbox, api: httpx.Client, aim: dict[str, Any], hit: list[bool]
) -> None:
    sandbox.fail("503", times=None, **aim)

    answered = statuses(api, f"GET {LISTS}", f"GET {LISTS}?page=2", f"DELETE {LISTS}/1")

    assert [status == 503 for status in answered] == hit


# The connection


def put(client: httpx.Client, timeout: float = 3.0) -> httpx.Response:
    return client.put(f"{LISTS}/15", json=ROBOTS, timeout=timeout)


BROKEN = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)


@pytest.mark.parametrize(
    ("kind", "applied", "status"),
    [
        ("refuse", False, 0),
        ("cut", False, 200),
        ("cut-after", True, 0),
        ("truncated", True, 200),
    ],
)
def test_a_connection_breaks_before_or_after_the_call_is_applied(
    sandbox: Sandbox, web: httpx.Client, kind: str, applied: bool, status: int
) -> None:
    sandbox.fail(kind)

    with pytest.raises(BROKEN):
        put(web)

    assert (sandbox.lists(77)[15]["name"] == "Роботы") is applied
    assert [call.status for call in sandbox.calls] == [status]
    assert web.get(LISTS).status_code == 200


@pytest.mark.parametrize(("kind", "whole"), [("truncated", True), ("cut", False)])
def test_half_a_body_arrives_where_the_whole_was_promised(
    sandbox: Sandbox, web: httpx.Client, kind: str, whole: bool
) -> None:
    real = web.get(f"{LISTS}/15").content if whole else b'{"success":true}'
    sandbox.fail(kind)

    with web.stream("GET", f"{LISTS}/15") as answer:
        assert answer.headers["Content-Length"] == str(len(real))
        chunks = answer.iter_raw()
        body = next(chunks)
        with pytest.raises(httpx.RemoteProtocolError):
            next(chunks)

    assert body == real[: len(real) // 2]


def test_a_refused_call_never_had_its_body_read(sandbox: Sandbox, web: httpx.Client) -> None:
    sandbox.fail("refuse")

    with pytest.raises(BROKEN):
        web.put(f"{LISTS}/15", content=b" " * 5_000_000)

    assert [call.body for call in sandbox.calls] == [b""]


@pytest.mark.parametrize(("kind", "applied"), [("hang", False), ("hang-after", True)])
def test_a_hanging_call_outlasts_the_client(
    sandbox: Sandbox, web: httpx.Client, kind: str, applied: bool
) -> None:
    sandbox.fail(kind)

    with pytest.raises(httpx.ReadTimeout):
        put(web, timeout=0.15)

    assert (sandbox.lists(77)[15]["name"] == "Роботы") is applied
    assert [json.loads(call.body) for call in sandbox.calls] == [ROBOTS]


def test_a_hanging_call_ends_without_an_answer(sandbox: Sandbox, web: httpx.Client) -> None:
    sandbox.hang_seconds = 0.05
    sandbox.fail("hang")

    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        put(web)


@pytest.mark.parametrize("kind", ["hang", "hang-after", "drip", "endless"])
def test_releasing_ends_what_takes_for_ever(sandbox: Sandbox, web: httpx.Client, kind: str) -> None:
    sandbox.fail(kind)
    threading.Timer(0.15, sandbox.release).start()
    started = time.monotonic()

    if kind == "endless":
        size = len(web.get(LISTS).content)  # its end is the connection's
        assert size > 65536
    else:
        with pytest.raises(httpx.RemoteProtocolError):
            web.get(LISTS)

    assert 0.1 < time.monotonic() - started < 1.5
    assert web.get(LISTS).status_code == 200


def test_a_drip_is_the_real_answer_byte_by_byte(sandbox: Sandbox, web: httpx.Client) -> None:
    sandbox.fail("drip")
    started = time.monotonic()

    answer = put(web)

    assert answer.content == b'{"success":true}'
    assert 0.7 < time.monotonic() - started < 2
    assert web.get(LISTS).status_code == 200
    assert sandbox.lists(77)[15]["name"] == "Роботы"


def test_an_endless_body_goes_on_for_as_long_as_it_is_read(
    sandbox: Sandbox, web: httpx.Client
) -> None:
    sandbox.fail("endless")
    read = 0

    with web.stream("GET", LISTS) as answer:
        assert "Content-Length" not in answer.headers
        for chunk in answer.iter_raw():
            read += len(chunk)
            if read > 8_000_000:
                break

    assert web.get(LISTS).status_code == 200


def test_in_process_a_broken_connection_is_an_exception(
    sandbox: Sandbox, api: httpx.Client
) -> None:
    sandbox.hang_seconds = 0.01
    for kind in ("refuse", "cut", "cut-after", "truncated", "hang", "hang-after"):
        sandbox.fail(kind)
        with pytest.raises(CutConnection):
            api.get(LISTS)


# The server


def test_connections_are_kept_alive(sandbox: Sandbox, server: Server, web: httpx.Client) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=3)
    connection.connect()
    ours = connection.sock
    for path in (LISTS, "/nowhere", f"{LISTS}/15"):
        connection.request("GET", path, headers=HEADERS)
        answer = connection.getresponse()
        answer.read()
        assert answer.getheader("Content-Length")
        assert not answer.will_close
    assert connection.sock is ours
    connection.close()


def test_an_answer_does_not_wait_for_the_clients_acknowledgement(web: httpx.Client) -> None:
    web.get(LISTS)
    started = time.monotonic()

    for _ in range(20):
        web.get(LISTS)

    assert time.monotonic() - started < 20 * 0.03  # Nagle's delay is 0.04 each


def test_a_client_that_closes_is_told_that_the_server_does_too(
    sandbox: Sandbox, web: httpx.Client
) -> None:
    assert web.get(LISTS, headers={"Connection": "close"}).headers["Connection"] == "close"


def test_a_body_without_a_length_is_refused(sandbox: Sandbox, web: httpx.Client) -> None:
    answer = web.put(f"{LISTS}/15", content=iter([b"{}"]))

    assert (answer.status_code, answer.headers["Connection"]) == (411, "close")
    assert sandbox.calls == []
    assert web.get(LISTS).status_code == 200


def test_calls_are_answered_side_by_side(sandbox: Sandbox, web: httpx.Client) -> None:
    sandbox.latency = 0.2
    started = time.monotonic()
    threads = [threading.Thread(target=put, args=(web,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert time.monotonic() - started < 1.0
    assert [call.status for call in sandbox.calls] == [200] * 8


def test_a_new_app_ends_the_calls_that_hang_in_the_last_one(
    sandbox: Sandbox, server: Server, web: httpx.Client
) -> None:
    sandbox.fail("hang")
    threading.Timer(0.1, lambda: setattr(server, "app", Sandbox())).start()

    with pytest.raises(httpx.RemoteProtocolError):
        web.get(LISTS)

    assert web.get(LISTS).status_code == 401


def test_the_server_closes_promptly_while_calls_hang_and_connections_idle(
    sandbox: Sandbox,
) -> None:
    sandbox.fail("hang", path="/15")
    outcomes: list[type[Exception]] = []

    def hang(url: str) -> None:
        try:
            httpx.get(f"{url}{LISTS}/15", headers=HEADERS, trust_env=False, verify=False)
        except httpx.TransportError as error:
            outcomes.append(type(error))

    with serve(sandbox) as server, httpx.Client(trust_env=False, verify=False) as idle:
        idle.get(f"{server.url}{LISTS}", headers=HEADERS)
        thread = threading.Thread(target=hang, args=(server.url,))
        thread.start()
        while len(sandbox.calls) < 2:
            time.sleep(0.01)
        started = time.monotonic()
    thread.join()

    assert time.monotonic() - started < 1
    assert outcomes == [httpx.RemoteProtocolError]
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"{server.url}{LISTS}", trust_env=False, verify=False)


def test_a_client_that_leaves_is_no_error(
    server: Server, web: httpx.Client, capfd: pytest.CaptureFixture[str]
) -> None:
    split = urlsplit(server.url)
    with socket.create_connection((split.hostname or "", split.port or 0)) as left:
        left.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # leave by RST
        left.sendall(b"GET / HTTP/1.1\r\n")
        time.sleep(0.05)

    assert web.get(LISTS).status_code == 200
    assert capfd.readouterr() == ("", "")


def test_a_defect_in_a_hook_is_shown(
    sandbox: Sandbox, web: httpx.Client, capfd: pytest.CaptureFixture[str]
) -> None:
    sandbox.before("GET", LISTS, lambda: SimpleNamespace().missing)

    with pytest.raises(httpx.RemoteProtocolError):
        web.get(LISTS)

    assert "AttributeError" in capfd.readouterr().err


# The demo's data


def test_the_demo_has_forty_lists_of_which_two_share_a_name(seeded: Sandbox) -> None:
    stored = seeded.lists(4821)
    names = Counter(one["name"] for one in stored.values())

    assert len(stored) == 40
    assert list(stored) == sorted(stored)
    assert [name for name, count in names.items() if count > 1] == ["Коллекторы"]
    assert len(names) == 39
    assert stored[17]["name"] == "Белый список 1"
    assert {one["type"] for one in stored.values()} == {"black", "white"}
    assert [one["name"] for one in stored.values() if not one["contacts"]] == ["Новый список"]
    assert all(len(one["contacts"]) <= 120 for one in stored.values() if one["id"] != 38)


def digits(spelling: str) -> str:
    return re.sub(r"^8(?=\d{10}$)", "7", re.sub(r"\D", "", spelling))


def test_the_large_list_has_ten_thousand_people_with_valid_numbers_of_their_own(
    seeded: Sandbox,
) -> None:
    large = seeded.lists(4821)[38]
    phones = [phone for contact in large["contacts"] for phone in contact["phones"]]

    assert large["name"] == "Мошенники — общая база"
    assert len(large["contacts"]) == 10_000
    assert len(set(phones)) == len(phones)
    for phone in phones[::50]:
        assert phonenumbers.is_valid_number(phonenumbers.parse(f"+{phone}"))


def places_of_numbers(sandbox: Sandbox) -> dict[str, list[tuple[int, str]]]:
    """Where each number of the demo stands: the list's id, and the spelling."""
    places: dict[str, list[tuple[int, str]]] = {}
    for one in sandbox.lists(4821).values():
        for contact in one["contacts"]:
            for spelling in contact["phones"]:
                places.setdefault(digits(spelling), []).append((one["id"], spelling))
    return places


def test_the_pages_number_is_in_two_lists_and_no_made_up_number_is_twice(seeded: Sandbox) -> None:
    places = places_of_numbers(seeded)
    by_hand = {digits(phone) for rows in SPECIAL.values() for _, phones in rows for phone in phones}

    assert places["79998887766"] == [(11, "8 (999) 888-77-66"), (46, "79998887766")]
    assert {number for number, where in places.items() if len(where) > 1} <= by_hand


def test_numbers_of_the_demo_contradict_and_repeat_each_other(seeded: Sandbox) -> None:
    places = [[list_id for list_id, _ in where] for where in places_of_numbers(seeded).values()]
    contacts = {list_id: one["contacts"] for list_id, one in seeded.lists(4821).items()}

    assert [where for where in places if {17, 71} & {*where} and len(where) > 1] == [
        [17, 18],
        [71, 72],
    ]
    assert [19, 32, 90] in places  # in several lists
    assert [47, 47] in places  # in two contacts of one list
    assert [56, 56] in places  # twice in one contact
    assert contacts[83][0] == contacts[83][1]
    first, second = contacts[66][:2]
    assert first["name"] == second["name"]
    assert {*first["phones"]} < {*second["phones"]}


def test_only_two_lists_of_the_demo_cannot_be_saved_as_they_are(seeded: Sandbox) -> None:
    refused = {
        list_id: validation.errors(one, strict_phones=False)
        for list_id, one in seeded.lists(4821).items()
    }

    assert {list_id: [*errors] for list_id, errors in refused.items() if errors} == {
        97: ["contacts.0.phones"],
        108: ["contacts.0.name"],
    }


def test_names_agree_in_gender(seeded: Sandbox) -> None:
    contacts = seeded.lists(4821)[38]["contacts"]
    people = [contact["name"].split() for contact in contacts if "«" not in contact["name"]]
    women = {name[1] for name in people if name[0] in {"Анна", "Ольга", "Юлия", "Вера", "Нина"}}
    men = {name[1] for name in people if name[0] in {"Иван", "Пётр", "Илья", "Никита", "Юрий"}}

    assert {"Соколова", "Воробьёва", "Раевская", "Ким", "Шевченко"} <= women
    assert {"Соколов", "Воробьёв", "Раевский", "Ким", "Шевченко"} <= men
    assert men & women == {"Ким", "Шевченко", "Ткаченко"}


def test_a_number_that_was_given_is_not_given_again() -> None:
    class Stuck(random.Random):
        """Knows three numbers, and comes to the third by way of the first."""

        last = iter((5550107, 1, 1, 2))

        def random(self) -> float:
            return 0.0

        def choice(self, seq: Sequence[str]) -> str:  # type: ignore[override]
            return "958"

        def randrange(self, *_: int) -> int:  # type: ignore[override]
            return next(self.last)

    fresh = unique_phones(Stuck())

    assert [next(fresh), next(fresh)] == ["79580000001", "79580000002"]  # 79585550107 is in list 52


def test_old_spellings_and_unusual_contacts_are_there(seeded: Sandbox) -> None:
    contacts = seeded.lists(4821)[52]["contacts"]
    phones = {phone for contact in contacts for phone in contact["phones"]}

    assert {"+7 921 555-01-42", "89035550118", "8-800-555-01-99", "112", "101"} <= phones
    assert {"8 (812) 555-01-43", "49301234567"} <= phones
    assert {"7958*", "8 (958) xxx-xx-xx", "8 (916) 555-01-73, 8-916-555-01-74"} <= phones
    assert {"не звонить", "70005550160"} <= phones
    assert max(len(contact["phones"]) for contact in contacts) == 5
    assert any("🤖" in contact["name"] and '"' in contact["name"] for contact in contacts)
    assert any(len(contact["name"]) > 150 for contact in contacts)


@pytest.mark.parametrize(
    ("who", "owner", "lists"),
    [
        ("manager", 4821, 40),
        ("support", 4821, 40),
        ("stranger", 6037, 2),
        ("no-access", 7112, None),
    ],
)
def test_each_demo_token_opens_its_account(
    seeded: Sandbox, who: str, owner: int, lists: int | None
) -> None:
    with client_of(seeded, Authorization=f"Bearer {DEMO_TOKENS[who]}") as api:
        assert api.get("/api/v1/authuser").json()["user"]["id"] == owner
        assert api.get(LISTS).json().get("total") == lists


def test_seeding_is_quick_and_always_the_same(seeded: Sandbox) -> None:
    started = time.process_time()
    again = Sandbox.seeded()

    # Coverage's tracing costs a multiple.
    assert time.process_time() - started < (0.5 if sys.gettrace() is None else 5)
    assert again.lists(4821) == seeded.lists(4821)


# The command line


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("PUT 500", FaultOrder("500", method="PUT")),
        ("put cut-after*3", FaultOrder("cut-after", method="PUT", times=3)),
        ("drip", FaultOrder("drip")),
        (" 429:0*2 ", FaultOrder("429:0", times=2)),
    ],
)
def test_a_fault_is_ordered_in_a_few_words(text: str, order: FaultOrder) -> None:
    assert parse_fault(text) == order


@pytest.mark.parametrize("text", ["", "PUT", "PUT 500 3", "500*0", "500*x", "PUT 418"])
def test_a_fault_that_does_not_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"KIND|no kind"):
        parse_fault(text)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_can_be_ordered(kind: str) -> None:
    assert parse_fault(kind).kind == kind


@pytest.mark.parametrize(
    ("text", "seconds"), [("0.05", 0.05), ("50ms", 0.05), ("2s", 2.0), ("0", 0.0), ("1.5 s", 1.5)]
)
def test_a_duration_has_a_unit_or_is_in_seconds(text: str, seconds: float) -> None:
    assert parse_seconds(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "-1", "soon", "1m", "nan"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_seconds(text)


def command(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-W", "error::ResourceWarning", "manage.py", "sandbox", *arguments],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_the_command_serves_the_demo_until_it_is_told_to_stop() -> None:
    with command("--port", "0", "--latency", "10ms", "--fail", "DELETE 503*1") as process:
        assert process.stdout
        printed = [process.stdout.readline() for _ in range(1 + len(DEMO_TOKENS))]
        url = printed[0].split()[4].removesuffix("/api/v1")
        headers = {**HEADERS, "Authorization": f"Bearer {DEMO_TOKENS['manager']}"}
        with httpx.Client(base_url=url, headers=headers, trust_env=False, verify=False) as api:
            assert api.get(LISTS).json()["total"] == 40
            assert statuses(api, *[f"DELETE {LISTS}/11"] * 2) == [503, 200]
        process.send_signal(signal.SIGTERM)
        _, complaints = process.communicate(timeout=5)

    assert (process.returncode, complaints) == (0, "")
    assert [line.split() for line in printed[1:]] == [[*pair] for pair in DEMO_TOKENS.items()]


def test_the_command_says_what_is_wrong_with_its_options() -> None:
    with pytest.raises(CommandError, match=r"'nonsense' is no kind of fault. There are 400, 401,"):
        call_command("sandbox", "--fail", "PUT nonsense")
    with pytest.raises(CommandError, match="'soon' is no duration"):
        call_command("sandbox", "--latency", "soon")


def test_the_command_says_that_its_port_is_taken(server: Server) -> None:
    handler = signal.getsignal(signal.SIGTERM)
    try:
        with pytest.raises(CommandError, match=f"{server.server_port}: Address already in use"):
            call_command("sandbox", "--port", str(server.server_port))
    finally:
        signal.signal(signal.SIGTERM, handler)
