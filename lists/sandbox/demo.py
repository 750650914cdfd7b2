"""The data of the demo: one Russian company with forty lists, a stranger, and somebody locked out.

What tests and guides may rely on:
    4821 is the account of "manager" and "support"; it has forty lists on three pages.
    79998887766 is in list 11, stored as "8 (999) 888-77-66", and in list 46, stored as it is. No mask covers it.
    Lists 17 (white), 38 (10,000 contacts), 52 (odd spellings) and 95 (empty) have names below.
    Whatever is not in order stands in `SPECIAL`: numbers that are there twice or contradict each other, texts that
    are no number, contacts without a name or a number. Two lists are called “Коллекторы”.
    Lists 97 and 108 cannot be saved until their contact without a number, or without a name, is mended.
"""

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol

from .answers import Json
from .people import COMPANIES, full_name, phone

DEMO_TOKENS = {
    "manager": "sandbox-manager-token",
    "support": "sandbox-support-token",
    "stranger": "sandbox-stranger-token",
    "no-access": "sandbox-no-access-token",
}
OWNER = {
    "id": 4821,
    "email": "a.sokolova@example.ru",
    "phone": "74955550148",
    "first_name": "Анна",
    "last_name": "Соколова",
    "middle_name": "Викторовна",
    "role": {"name": "client", "client_id": 4821},
}
STRANGER = {"id": 6037, "email": "office@example.com", "first_name": "Роман", "last_name": "Зуев"}
LOCKED_OUT = {
    "id": 7112,
    "email": "v.panova@example.ru",
    "first_name": "Вера",
    "last_name": "Панова",
}

LARGE, LARGE_SIZE, EMPTY, WHITE = 38, 10_000, 95, {17, 71}
NAMES = {
    11: "Чёрный список 1",
    12: "Чёрный список 2",
    17: "Белый список 1",
    18: "Спам и роботы",
    19: "Мошенники 2026",
    23: "Мошенники 2025",
    24: "Коллекторы",
    27: "Микрозаймы и кредиты",
    31: "Молчат и сбрасывают",
    32: "«Служба безопасности банка»",
    35: "Навязывают окна и фильтры",
    38: "Мошенники — общая база",
    40: "Медцентры, «бесплатная диагностика»",
    41: "Юристы по списанию долгов",
    44: "Опросы и исследования",
    46: "Хулиганы — ночная смена",
    47: "Хулиганы — дневная смена",
    52: "Перенос со старой АТС",
    53: "Филиал Казань",
    54: "Филиал Санкт-Петербург",
    55: "Филиал Екатеринбург",
    56: "Филиал Новосибирск",
    60: "Филиал Краснодар",
    61: "Склад Химки",
    66: "Отдел продаж: не звонить",
    67: "Отдел кадров: рассылки вакансий",
    71: "Поставщики (разрешённые)",
    72: "Бывшие подрядчики",
    78: "Бывшие сотрудники",
    80: "Недобросовестные покупатели",
    81: "Возвраты — скандалы",
    83: "Интернет-магазин: ложные заказы",
    84: "Доставка: ложные адреса",
    88: "Коллекторы",
    90: "Угрозы (передано в полицию)",
    93: "Конкуренты — разведка цен",
    95: "Новый список",
    97: "Временная блокировка, май",
    101: "Зарубежные номера",
    108: "Проверить и удалить",
}
LONG_NAME = (
    "Представился старшим следователем, просил перевести деньги на «безопасный счёт», звонит с"
    " разных номеров по нескольку раз в день, всегда между девятью и одиннадцатью утра"
)
# What has been typed over the years by many hands, and by other systems.
SPECIAL: dict[int, Sequence[tuple[str, list[str]]]] = {
    11: [("Иван Иванов", ["8 (999) 888-77-66"])],
    # In a white list and in a black one at once: 17 and 18, 71 and 72.
    17: [("Такси «Вираж»", ["79035550151"])],
    18: [("Робот предлагает такси", ["79035550151"])],
    71: [("ООО «Бумага-Сервис»", ["+7 (495) 555-01-52"])],
    72: [("Бумага-Сервис, сорвали поставку", ["74955550152"])],
    # In three lists.
    19: [("Лже-следователь", ["79165550153"])],
    32: [("«Следователь» Котов", ["8 916 555-01-53"])],
    90: [("Котов", ["79165550153"])],
    46: [("Иванов (после полуночи)", ["79998887766", "79992223300"])],
    # In two contacts of one list: of two names, of one name, and quite the same.
    47: [
        ("Подросток, смеётся в трубку", ["79265550154"]),
        ("Опять подросток", ["8 926 555-01-54"]),
    ],
    66: [
        ("Сергей Павлов", ["79855550155"]),
        ("Сергей Павлов", ["79855550155", "79855550156"]),
    ],
    83: [
        ("Заказывает цветы на чужой адрес", ["79055550157"]),
        ("Заказывает цветы на чужой адрес", ["79055550157"]),
    ],
    # Twice in one contact.
    56: [("Светлана Крюкова", ["79135550158", "8 (913) 555-01-58"])],
    52: [
        ("Виктор Орлов", ["+7 921 555-01-42"]),
        ("Галина Титова", ["89035550118"]),
        ("Роман Ершов", ["8 (916) 555-01-73, 8-916-555-01-74"]),
        ("Горячая линия «Выгода»", ["8-800-555-01-99"]),
        ("Опрос по телефону", ["88005550121"]),
        ("Салон на Невском", ["8 (812) 555-01-43"]),
        ("Салон на Лиговском", ["78125550144"]),
        ("Проверка пожарной тревоги", ["112"]),
        ("Пост охраны", ["101"]),
        ("Berlin Trade GmbH", ["49301234567"]),
        (
            "Пётр Мельников",
            ["79165550101", "79165550102", "79165550103", "79165550104", "74955550105"],
        ),
        ('🤖 Робот "Алёна" <звонок № 1 & № 2>', ["79585550106"]),
        (LONG_NAME, ["79585550107"]),
        ("Выгода, весь диапазон", ["7958*"]),
        ("Выгода, второй диапазон", ["8 (958) xxx-xx-xx"]),
        ("Бывший директор", ["не звонить"]),
        ("Подменный номер", ["70005550160"]),
    ],
    97: [("Перезвонить в июне", [])],
    101: [("Hotel Nord AB", ["+46 8 123 456 00"]), ("Минск, «лотерея»", ["375291234567"])],
    108: [("", ["79635550159"])],
}


class Seedable(Protocol):
    """What is needed of a `Sandbox`."""

    def add_account(
        self,
        token: str,
        *,
        owner: Mapping[str, object] | None = None,
        may_read_lists: bool = True,
    ) -> int: ...

    def add_list(
        self,
        account_id: int,
        *,
        name: str,
        type: str = "black",  # noqa: A002
        contacts: Sequence[Mapping[str, object]] = (),
        id: int | None = None,  # noqa: A002
        **unknown: Any,
    ) -> int: ...


def seed(sandbox: Seedable) -> None:
    """Fill an empty sandbox, the same way every time."""
    chance = random.Random(4821)  # noqa: S311
    fresh = unique_phones(chance)
    for person in ("manager", "support"):
        sandbox.add_account(token=DEMO_TOKENS[person], owner=OWNER)
    for list_id, name in NAMES.items():
        sandbox.add_list(
            4821,
            id=list_id,
            name=name,
            type="white" if list_id in WHITE else "black",
            contacts=[*_special(list_id), *_contacts(chance, fresh, _size(chance, list_id))],
        )
    stranger = sandbox.add_account(token=DEMO_TOKENS["stranger"], owner=STRANGER)
    for list_id, name in {202: "Чёрный список", 205: "Реклама"}.items():
        contacts = _contacts(chance, fresh, 7)
        sandbox.add_list(stranger, id=list_id, name=name, contacts=contacts)
    sandbox.add_account(token=DEMO_TOKENS["no-access"], owner=LOCKED_OUT, may_read_lists=False)


def _size(chance: random.Random, list_id: int) -> int:
    return {LARGE: LARGE_SIZE, EMPTY: 0}.get(list_id, chance.randint(1, 100))


def _special(list_id: int) -> list[Json]:
    return [{"name": name, "phones": phones} for name, phones in SPECIAL.get(list_id, ())]


def _contacts(chance: random.Random, fresh: Iterator[str], size: int) -> list[Json]:
    """Mostly people with one number; some companies, some second and third numbers."""
    return [
        {
            "name": chance.choice(COMPANIES) if chance.random() < 0.04 else full_name(chance),
            "phones": [next(fresh) for _ in range(chance.choice((1,) * 17 + (2, 2, 3)))],
        }
        for _ in range(size)
    ]


def unique_phones(chance: random.Random) -> Iterator[str]:
    """Numbers without end, none twice, and none of those that were typed by hand."""
    special = (spelling for rows in SPECIAL.values() for _, phones in rows for spelling in phones)
    known = {re.sub(r"\D", "", re.sub(r"^8", "7", spelling)) for spelling in special}
    while True:
        if (number := phone(chance)) not in known:
            known.add(number)
            yield number
