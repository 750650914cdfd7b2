"""Whatever a browser sends, nothing breaks: each answer is a page, a redirect or a refusal."""

import random
from urllib.parse import quote

import pytest
from django.test import Client

from lists.sameness import contact_key
from tests.factories import BlockRequestFactory
from tests.people import ATS

PLACE = '["999999999999999999999","a","b","79998887766"]'
ATS_KEY = contact_key(ATS)
PLACES = f'[[LIST,"Чёрный список 1",[["{ATS_KEY}","АТС",0,"7999*"]]]]'
ODD = [
    *(
        "",
        " ",
        "\x00",
        "a\x00b",
        "🤖",
        "'\"><script>",
        "%",
        "%00",
        "\u202e",
        "\u2028",
        "\r\n",
        "\\",
    ),
    *("-1", "1e9", "٣", "0x1", "+", "8", "7999*", "9" * 5000, "а" * 3000),
    *(
        "{}",
        "[]",
        "null",
        '["a"]',
        '["a","\\ud800"]',
        "[" * 3000,
        PLACE,
        '[[1e999,"a",[["0000000000000000","b",1e999]]]]',
        '[[1,"a",[["0000000000000000","b",0,"\\ud800"]]]]',
        "//evil.example",
        "javascript:1",
    ),
]
FIELDS = [
    *("name", "phones", "type", "seen", "q", "page", "next", "token", "client_id", "preview"),
    *("number", "numbers", "list", "contact", "offered", "reason", "once", "why"),
    *("confirm", "fill", "csv", "counts", "person", "action", "outcome", "since", "until"),
]
HEADERS = [
    {},
    {"HX-Request": "true"},
    {"HX-Request": "true", "HX-Current-URL": "http://["},
    {"HX-Request": "true", "HX-Current-URL": "http://testserver//evil.example/?q=%FF"},
    {"Accept-Language": "ru," * 50 + "zz;q=a"},
    {"Cookie": "theme=<x>; messages=zzz; django_language=../x"},
]


@pytest.mark.parametrize("seed", range(4))
def test_odd_input_never_breaks_a_page(manager, sandbox, black, seed):
    asked = f"/requests/{BlockRequestFactory(list_id=black).pk}"
    chance = random.Random(seed)
    client = Client(raise_request_exception=False)
    client.force_login(manager)
    for _ in range(200):
        list_id = chance.choice(
            [str(black), "999", "9" * 30, quote(chance.choice(ODD), safe="")[:99]]
        )
        key = chance.choice(["0" * 16, "x", quote(chance.choice(ODD), safe="")[:99]])
        contact = f"/lists/{list_id}/contacts/{key}"
        path = chance.choice(
            [
                *("/lists/", "/lists/new/", "/connection/", "/theme/", "/i18n/setlang/"),
                *(
                    f"/lists/{list_id}/",
                    f"/lists/{list_id}/edit/",
                    f"/lists/{list_id}/contacts/new/",
                ),
                *(f"{contact}/", f"{contact}/edit/", f"{contact}/delete/"),
                *("/lookup/", "/lookup/many/", "/block/", "/unblock/", "/lists/counts/"),
                *("/requests/", "/requests/new/", f"{asked}/accept/", f"{asked}/decline/"),
                *("/journal/", "/journal/journal.csv", "/journal/1/undo/"),
            ]
        )
        data = {field: chance.choice(ODD) for field in chance.sample(FIELDS, 6)}
        headers = chance.choice(HEADERS)
        send = chance.choice([client.get, client.post])
        answer = send(path, data, headers=headers)
        assert answer.status_code < 500, (path, data, headers)
        if answer.streaming:
            b"".join(answer)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(
    ("path", "sure"),
    [
        ("/block/", {"numbers": "101", "name": "Спам", "confirm": "1"}),
        (
            "/unblock/",
            {"number": "101", "offered": PLACES, "contact": f"LIST-{ATS_KEY}", "confirm": "1"},
        ),
        ("/requests/new/", {"numbers": "101", "reason": "Спам"}),
        ("/requests/{asked}/accept/", {"numbers": "101", "name": "Спам", "confirm": "1"}),
        ("/lookup/many/", {"numbers": "101", "csv": "1"}),
    ],
)
def test_one_odd_field_among_sound_ones_is_refused_or_kept(as_manager, black, path, sure, odd):
    """`sure`: what alone would be written."""
    path = path.format(asked=BlockRequestFactory(list_id=black).pk)
    sure = {field: text.replace("LIST", str(black)) for field, text in sure.items()}
    for field in [*sure, "list"]:
        answer = as_manager.post(path, {"list": black, **sure, field: odd})
        assert answer.status_code < 500, (field, odd)


def test_a_body_that_is_no_text_is_refused_like_any_other(as_manager, sandbox, black):
    path = f"/lists/{black}/contacts/new/"
    form = "application/x-www-form-urlencoded"
    answer = as_manager.generic("POST", path, b"name=%ff%fe&phones=%00", content_type=form)
    assert answer.status_code == 422
