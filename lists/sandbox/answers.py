"""Whole answers, byte for byte as PHP, Laravel and nginx write them."""

import json
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

Json = dict[str, Any]

# What the vendor's page shows: links name a host that is not the API's.
ORIGIN = "http://localhost"


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, the headers that are particular to it, and the whole body."""

    status: int
    body: bytes
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()

    def with_header(self, name: str, value: str) -> "Answer":
        kept = tuple(pair for pair in self.headers if pair[0] != name)
        return replace(self, headers=(*kept, (name, value)))


def php_json(value: object) -> bytes:
    r"""As PHP's `json_encode` has it: no spaces, Cyrillic as \u0410, slashes as \/."""
    return json.dumps(value, separators=(",", ":")).replace("/", r"\/").encode("ascii")


def json_answer(body: object, status: int = 200) -> Answer:
    return Answer(status, php_json(body))


def words(status: int, message: str) -> Answer:
    """An error in Laravel's own form: `{"message": …}`."""
    return json_answer({"message": message}, status)


def refusal(status: int, message: str) -> Answer:
    """An error in the vendor's form: "success — признак успешно выполненного запроса, message"."""
    return json_answer({"success": False, "message": message}, status)


def no_access(what: str = "") -> Answer:
    """The vendor's help: "500 — нет доступа, см. message"."""
    return refusal(500, f"Нет доступа {what}".strip())


def no_such_list(segment: str) -> Answer:
    return words(404, rf"No query results for model [App\Models\ContactList] {segment}")


def method_not_allowed(method: str, allowed: str) -> Answer:
    message = f"The {method} method is not supported for this route. Supported methods: {allowed}."
    return words(405, message).with_header("Allow", allowed)


def invalid(errors: dict[str, list[str]]) -> Answer:
    """Laravel's 422. Its headline is English in every language."""
    return json_answer({"message": "The given data was invalid.", "errors": errors}, 422)


def created(list_id: int) -> Answer:
    """`POST contact-lists`: the new list's address is in `Location`, under the wrong host."""
    location = f"{ORIGIN}/api/v1/contact-lists/{list_id}"
    return replace(DONE, status=201).with_header("Location", location)


def nginx_page(status: int) -> Answer:
    """What a proxy in front of the API says when the API does not answer it."""
    title = f"{status} {HTTPStatus(status).phrase}"
    lines = (
        "<html>",
        f"<head><title>{title}</title></head>",
        "<body>",
        f"<center><h1>{title}</h1></center>",
        "<hr><center>nginx</center>",
        "</body>",
        "</html>",
        "",
    )
    return Answer(status, "\r\n".join(lines).encode(), content_type="text/html")


DONE = json_answer({"success": True})
