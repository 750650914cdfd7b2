"""What a made-up desk does in a month, in its order. Contacts are named for the reason, as such desks do."""

import random
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from .person import Person

Act = Callable[[], None]

# What comes in every day: why, where it goes, and how often.
DAILY = (
    ("Спам", "Спам и роботы", 9),
    ("Мошенники", "Мошенники 2026", 6),
    ("Молчат в трубку", "Молчат и сбрасывают", 5),
    ("Навязывают кредит", "Микрозаймы и кредиты", 5),
    ("Представляются банком", "Мошенники 2026", 3),
    ("Бесплатная диагностика", "Медцентры, «бесплатная диагностика»", 3),
    ("Списание долгов", "Юристы по списанию долгов", 3),
    ("Навязывают окна", "Навязывают окна и фильтры", 3),
    ("Опрос", "Опросы и исследования", 2),
    ("Ложный заказ", "Интернет-магазин: ложные заказы", 2),
    ("Ложный адрес", "Доставка: ложные адреса", 2),
)
CODES = ("495", "499", "903", "909", "916", "925", "926", "962", "967", "977", "985")
UNSEEN = "79651180427"  # how its block ended nobody could read
ELSEWHERE = "Филиал Казань"  # whose people also work in the operator's own cabinet


def month(people: Mapping[str, Person]) -> list[Act]:
    """All until yesterday: what comes in every day, and in between, in its order, what is special."""
    chance = random.Random(4821)  # noqa: S311
    special, daily = _special(people), _daily(people, chance)
    count = len(special) + len(daily)
    places = set(chance.sample(range(count), len(special)))
    acts, calls = iter(special), iter(daily)
    return [next(acts if place in places else calls) for place in range(count)]


def _daily(people: Mapping[str, Person], chance: random.Random) -> list[Act]:
    reasons = [(name, into) for name, into, count in DAILY for _ in range(count)]
    chance.shuffle(reasons)
    numbers = _numbers(chance)
    acts: list[Act] = []
    for name, into in reasons:
        by = people[chance.choice(("manager", "manager", "manager2"))]
        called_from = [next(numbers) for _ in range(chance.choice((1, 1, 1, 1, 2)))]
        acts.append(partial(by.block, name, *called_from, into=[into]))
    return acts


def _numbers(chance: random.Random) -> Iterator[str]:
    while True:
        yield f"7{chance.choice(CODES)}{chance.randrange(2_000_000, 10_000_000)}"


def _special(people: Mapping[str, Person]) -> list[Act]:
    manager, manager2 = people["manager"], people["manager2"]
    support, support2 = people["support"], people["support2"]
    banks, threats = "«Служба безопасности банка»", "Угрозы (передано в полицию)"
    nights, orders = "Хулиганы — ночная смена", "Подозрительные заказы"
    return [
        partial(support.ask, "Спам", "79261347790", into="Спам и роботы"),
        partial(manager.accept, "79261347790", into="Спам и роботы"),
        partial(manager2.block, "Кричит на операторов", "79031158842", into=[nights]),
        partial(manager2.create, orders),
        partial(manager2.block, "Сорок букетов, не оплачены", "79689012277", into=[orders]),
        partial(support2.ask, "Представляются налоговой", "74994418820"),
        partial(manager.accept, "74994418820", into="Мошенники 2026"),
        # A slip of the finger: undone, and done right.
        partial(manager.block, "Молчат в трубку", "79104400312", into=["Молчат и сбрасывают"]),
        partial(manager.undo, "79104400312"),
        partial(manager.block, "Молчат в трубку", "79104400321", into=["Молчат и сбрасывают"]),
        partial(manager2.block, "Спам", "78432077415", into=[ELSEWHERE]),
        partial(support.ask, "Мошенники", "79168830452", into="Мошенники 2026"),
        partial(manager2.accept, "79168830452", into="Мошенники 2026"),
        partial(support.ask, "Просят код из СМС", "79686613304", "79686613305", into=banks),
        partial(manager2.accept, "79686613304", into=banks),
        partial(support.ask, "Грубит", "79859107736", into="Хулиганы — дневная смена"),
        partial(support.withdraw, "79859107736"),
        partial(manager.rename, "Отдел кадров: рассылки вакансий", "Рассылки вакансий"),
        partial(manager2.block, "Рассылка вакансий", "74952306618", into=["Рассылки вакансий"]),
        partial(support2.ask, "Молчат в трубку", "79037745120", into="Молчат и сбрасывают"),
        partial(manager.accept, "79037745120", into="Молчат и сбрасывают"),
        partial(support2.ask, "Звонят по пять раз в день", "74955550152", into="Спам и роботы"),
        partial(manager.decline, "74955550152", "Это наш поставщик, звонит по договору"),
        partial(support.ask_unblock, "Наш клиент, номер у него недавно", "79261347790"),
        partial(manager.accept_unblock, "79261347790", out_of="Спам и роботы"),
        partial(manager2.block, "Спам", "79162275540", into=["Спам и роботы"]),
        partial(manager2.move_last, 5, of="Мошенники 2025", into="Мошенники 2026"),
        partial(manager.block, "Ломится в офис после закрытия", "79175528064", into=[nights]),
        partial(
            manager2.edit,
            "79031158842",
            of=nights,
            name="Кричит на операторов",
            numbers=["79031158842", "79031158843"],
        ),
        partial(
            manager.block,
            "Угрожают уголовным делом",
            "79163320518",
            into=["Мошенники 2026", banks, threats],
        ),
        partial(support.ask, "Мошенники", "79774081956", into="Мошенники 2026"),
        partial(manager.accept, "79774081956", into="Мошенники 2026"),
        partial(support2.ask_unblock, "Просит разблокировать, обещает не ругаться", "79031158842"),
        partial(manager2.decline, "79031158842", "Три жалобы за неделю, оставляем"),
        partial(support2.ask, "Спам", "79252204476", into="Спам и роботы"),
        partial(manager.accept, "79252204476", into="Спам и роботы"),
        partial(manager2.remove_last, 3, of="Бывшие сотрудники"),
        partial(manager2.unblock, "79162275540", out_of="Спам и роботы"),
        partial(manager.block, "Названивает секретарю", "79372214090", into=[ELSEWHERE]),
        partial(support.ask, "Подменный номер, просит назвать адрес", "74996071153"),
        partial(manager2.accept, "74996071153", into="Мошенники 2026"),
        partial(manager.remove_last, 1, of="Хулиганы — дневная смена"),
        partial(support2.ask, "Навязывают кредит", "74957720816", into="Микрозаймы и кредиты"),
        partial(manager.accept, "74957720816", into="Микрозаймы и кредиты"),
        # Complaints: somebody has got the number of a nuisance.
        partial(manager.unblock, "79774081956", out_of="Мошенники 2026"),
        partial(
            manager.edit,
            "79104400321",
            of="Молчат и сбрасывают",
            name="Молчат в трубку, всегда в девять утра",
            numbers=["79104400321"],
        ),
        partial(support2.ask, "Спам", "79096675518", "79096675519", into="Спам и роботы"),
        partial(manager2.accept, "79096675518", into="Спам и роботы"),
        partial(manager.unblock, "74952306618", out_of="Рассылки вакансий"),
        partial(manager2.block, "Заказ на чужое имя", "79629340078", into=[orders]),
        partial(support.ask, "Молчат в трубку", "79629915304", into="Молчат и сбрасывают"),
        partial(manager.accept, "79629915304", into="Молчат и сбрасывают"),
        partial(support.ask, "Навязывают кредит", "79855043317", into="Микрозаймы и кредиты"),
        partial(manager.accept, "79855043317", into="Микрозаймы и кредиты"),
        partial(support.ask_unblock, "Ошиблись номером, это курьер", "79629340078"),
        partial(manager2.accept_unblock, "79629340078", out_of=orders),
        partial(manager2.unblock, "79175528064", out_of=nights),
        partial(manager.undo, "79175528064"),
        partial(manager.remove_last, 2, of="Возвраты — скандалы"),
        # Nobody has decided these two yet.
        partial(
            support2.ask,
            "Одна и та же запись с разных номеров",
            "79672240915",
            "79672240916",
            into="Спам и роботы",
        ),
        partial(manager2.unblock, "79686613305", out_of=banks),
        partial(support.ask_unblock, "Новый владелец номера, показал договор", "79163320518"),
        partial(support.ask, "Опрос", "78005553017", into="Опросы и исследования"),
        partial(support.look_at_decisions),
        partial(support2.look_at_decisions),
    ]


def today(people: Mapping[str, Person]) -> list[Act]:
    """What has happened since this morning."""
    manager, manager2, support = people["manager"], people["manager2"], people["support"]
    return [
        partial(manager2.block, "Спам", "79161902284", into=["Спам и роботы"]),
        partial(support.ask, "Угрожает, звонит с самого утра", "79099127760"),
        partial(manager.block, "Курьеры просят код от склада", UNSEEN, into=["Склад Химки"]),
        partial(manager.decline, "78005553017", "Это опрос нашего банка, мы сами его просили"),
        partial(manager2.block, "Навязывают кредит", "79779934052", into=["Микрозаймы и кредиты"]),
        partial(manager.block, "Мошенники", "79264471938", "79264471939", into=["Мошенники 2026"]),
    ]
