"""Whatever a browser sends, nothing breaks: each answer is a page, a redirect or a refusal."""

import random
from urllib.parse import quote

import pytest
from django.test import Client

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
    *("{}", "[]", "null", '["a"]', '["a","\\ud800"]', "[" * 3000, "//evil.example", "javascript:1"),
]
FIELDS = ["name", "phones", "type", "seen", "q", "page", "next", "token", "client_id", "preview"]
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
    chance = random.Random(seed)
    client = Client(raise_request_exception=False)
    client.force_login(manager)
    for _ in range(150):
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
            ]
        )
        data = {field: chance.choice(ODD) for field in chance.sample(FIELDS, 4)}
        headers = chance.choice(HEADERS)
        send = chance.choice([client.get, client.post])
        answer = send(path, data, headers=headers)
        assert answer.status_code < 500, (path, data, headers)


def test_a_body_that_is_no_text_is_refused_like_any_other(as_manager, sandbox, black):
    path = f"/lists/{black}/contacts/new/"
    form = "application/x-www-form-urlencoded"
    answer = as_manager.generic("POST", path, b"name=%ff%fe&phones=%00", content_type=form)
    assert answer.status_code == 422
