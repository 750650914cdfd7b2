"""One request in, one answer out: the methods of the vendor's page, and Laravel around them."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from . import accounts, answers, quirks, validation
from .accounts import Access, Accounts
from .answers import ORIGIN, Answer, Json
from .settings import Settings

CLIENT = "10553"  # the code of the application, the same for everybody


@dataclass(frozen=True, slots=True)
class Request:
    """A whole request. Header names are in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def input(self) -> Json:
        """What Laravel makes of the body: no field at all unless it is a JSON object that says so."""
        if "/json" not in self.headers.get("content-type", ""):
            return {}
        try:
            parsed = json.loads(self.body)
        except ValueError:
            return {}
        return parsed if isinstance(parsed, dict) else {}


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that was let in. `segment` is what stands for `{id}` in the path."""

    request: Request
    access: Access
    accounts: Accounts
    settings: Settings
    segment: str = ""

    @property
    def lists(self) -> dict[int, Json]:
        return self.access.account.lists

    @property
    def list_id(self) -> int | None:
        """None for a list that this account does not have, or that could be no list's id."""
        digits = self.segment.isascii() and self.segment.isdigit() and len(self.segment) < 19
        return int(self.segment) if digits and int(self.segment) in self.lists else None

    def success(self, body: Json) -> Answer:
        return answers.json_answer(
            quirks.as_answered({**body, "success": True}, self.settings.quirks)
        )


def answer(request: Request, accounts: Accounts, settings: Settings) -> Answer:
    """Apply the request, and say what the API says. Routes come before tokens, as in Laravel."""
    path = request.path.strip("/")
    matching = _matches(path)
    if not matching:
        return answers.words(404, "")
    method = "GET" if request.method == "HEAD" else request.method
    for allowed, segment, view in matching:
        if allowed == method:
            access = accounts.access(_bearer(request))
            if access is None:
                return answers.words(401, "Unauthenticated.")
            return _client_refusal(request) or view(
                Visit(request, access, accounts, settings, segment)
            )
    methods = dict.fromkeys(method for method, *_ in matching)
    return answers.method_not_allowed(
        request.method, ", ".join(methods).replace("GET", "GET, HEAD")
    )


def _matches(path: str) -> list[tuple[str, str, "View"]]:
    return [
        (method, (found.groups() or ("",))[0], view)
        for method, pattern, view in ROUTES
        if (found := re.fullmatch(pattern, path))
    ]


def _bearer(request: Request) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _client_refusal(request: Request) -> Answer | None:
    client = request.headers.get("client", "")
    if client == CLIENT:
        return None
    if not client:
        return answers.refusal(403, "Не указан обязательный заголовок Client")
    return answers.refusal(403, "Приложение с таким кодом (заголовок Client) не найдено")


def get_owner(visit: Visit) -> Answer:
    """`GET authuser`: whose account the token opens. It says nothing of success."""
    if not visit.settings.authuser_works:
        return answers.words(404, "")
    return answers.json_answer({"user": visit.access.account.owner})


def get_lists(visit: Visit) -> Answer:
    """`GET contact-lists`: "перечень всех созданных списков контактов", by pages."""
    if not visit.access.may_read_lists:
        return _not_for_reading()
    in_order = (row for _, row in sorted(visit.lists.items()))
    rows = [{key: row[key] for key in ("id", "name", "type")} for row in in_order]
    page, size = _page(visit.request.query), visit.settings.per_page
    shown = rows[(page - 1) * size : page * size]
    last = max(1, -(-len(rows) // size))
    path = f"{ORIGIN}/api/v1/contact-lists"
    return visit.success(
        {
            "current_page": page,
            "data": shown,
            "first_page_url": f"{path}?page=1",
            "from": (page - 1) * size + 1 if shown else None,
            "last_page": last,
            "last_page_url": f"{path}?page={last}",
            "next_page_url": f"{path}?page={page + 1}" if page < last else None,
            "path": path,
            "per_page": size,
            "prev_page_url": f"{path}?page={page - 1}" if page > 1 else None,
            "to": (page - 1) * size + len(shown) if shown else None,
            "total": len(rows),
        }
    )


def get_list(visit: Visit) -> Answer:
    """`GET contact-lists/{contact_list_id}`: "данные контактов из конкретного списка"."""
    if not visit.access.may_read_lists:
        return _not_for_reading()
    if (list_id := visit.list_id) is None:
        return answers.no_such_list(visit.segment)
    return visit.success(visit.lists[list_id])


def get_types(visit: Visit) -> Answer:
    """`GET contact-lists/types`: "перечень типов списков контактов, доступных для создания"."""
    if not visit.access.may_read_lists:
        return _not_for_reading()
    types = [{"type": code, "title": title} for code, title in validation.TYPES.items()]
    return visit.success({"types": types})


def create_list(visit: Visit) -> Answer:
    """`POST contact-lists`: "URL … созданного списка … в заголовке Location"."""
    if refused := _not_for_writing(visit) or _invalid(visit):
        return refused
    payload = quirks.as_stored(visit.request.input, visit.settings.quirks)
    list_id = visit.accounts.create(visit.lists, payload)
    return answers.DONE if "no-location" in visit.settings.quirks else answers.created(list_id)


def replace_list(visit: Visit) -> Answer:
    """`PUT contact-lists/{contact_list_id}`: "обновить состав конкретного списка контактов"."""
    if refused := _not_for_writing(visit):
        return refused
    if (list_id := visit.list_id) is None:
        return answers.no_such_list(visit.segment)
    if refused := _invalid(visit):
        return refused
    payload = quirks.as_stored(visit.request.input, visit.settings.quirks)
    accounts.replace(visit.lists, list_id, payload)
    return visit.success({})


def delete_list(visit: Visit) -> Answer:
    """`DELETE contact-lists/{contact_list_id}`: "удалить конкретный список контактов"."""
    if refused := _not_for_writing(visit):
        return refused
    if (list_id := visit.list_id) is None:
        return answers.no_such_list(visit.segment)
    del visit.lists[list_id]
    return visit.success({})


View = Callable[[Visit], Answer]

ROUTES: tuple[tuple[str, str, View], ...] = (
    ("GET", "api/v1/authuser", get_owner),
    ("GET", "api/v1/contact-lists", get_lists),
    ("POST", "api/v1/contact-lists", create_list),
    ("GET", "api/v1/contact-lists/types", get_types),
    ("GET", "api/v1/contact-lists/([^/]+)", get_list),
    ("PUT", "api/v1/contact-lists/([^/]+)", replace_list),
    ("DELETE", "api/v1/contact-lists/([^/]+)", delete_list),
)


def _page(query: str) -> int:
    """Anything that is not a positive whole number counts as 1, as Laravel's paginator has it."""
    value = parse_qs(query).get("page", [""])[-1]
    return int(value) if re.fullmatch(r"[1-9][0-9]{0,17}", value) else 1


def _not_for_reading() -> Answer:
    return answers.no_access("к спискам контактов")


def _not_for_writing(visit: Visit) -> Answer | None:
    if not visit.access.may_read_lists:
        return _not_for_reading()
    return None if visit.access.may_write else answers.no_access("к изменению списков контактов")


def _invalid(visit: Visit) -> Answer | None:
    if not visit.settings.validate:
        return None
    strict = visit.settings.strict_phones
    errors = validation.errors(visit.request.input, strict_phones=strict)
    return answers.invalid(errors) if errors else None
