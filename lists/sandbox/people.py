"""Russian names that agree, and numbers that could be dialled."""

import random

from .answers import Json


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


MEN = _words(
    "Александр Алексей Анатолий Андрей Антон Артём Борис Вадим Валерий Василий Виктор Виталий"
    " Владимир Вячеслав Геннадий Георгий Григорий Даниил Денис Дмитрий Евгений Егор Иван Игорь Илья"
    " Кирилл Константин Максим Михаил Никита Николай Олег Павел Пётр Роман Руслан Сергей Станислав"
    " Тимур Фёдор Юрий Ярослав"
)
WOMEN = _words(
    "Алина Алла Анастасия Анна Валентина Валерия Вера Виктория Галина Дарья Евгения Екатерина Елена"
    " Жанна Зоя Инна Ирина Кира Кристина Ксения Лариса Лидия Людмила Маргарита Марина Мария Надежда"
    " Наталья Нина Оксана Ольга Полина Раиса Светлана София Тамара Татьяна Ульяна Элина Юлия"
)
SURNAMES = _words(
    "Абрамов Андреев Антонов Баранов Белов Беляев Богданов Борисов Быков Васильев Виноградов Воробьёв"
    " Гаврилов Герасимов Голубев Григорьев Гусев Давыдов Данилов Денисов Дмитриев Егоров Ершов Жуков"
    " Зайцев Захаров Зуев Иванов Ильин Исаев Казаков Калинин Карпов Киселёв Климов Ковалёв Козлов"
    " Комаров Королёв Крылов Кудрявцев Кузнецов Куликов Лебедев Логинов Макаров Максимов Медведев"
    " Мельников Миронов Морозов Назаров Никитин Новиков Орлов Осипов Павлов Панов Петров Поляков"
    " Пономарёв Романов Савельев Семёнов Сергеев Сидоров Смирнов Соболев Соколов Соловьёв Сорокин"
    " Тарасов Тимофеев Титов Фёдоров Филиппов Фомин Фролов Цветков Чернов Шестаков Щербаков Яковлев"
    " Белинский Вишневский Добровольский Загорский Раевский Шевченко Ткаченко Ким"
)
COMPANIES = (
    "ООО «Вектор-М»",
    "ООО «Контакт-Плюс»",
    "АО «Северный ветер»",
    "ООО «Займ за час»",
    "ООО «Ваше право»",
    "Кол-центр «Голос»",
    "ООО «Медгарант»",
    "ООО «ОкнаСтройСервис»",
    "ИП Рахимов Т. А.",
    "ООО «Центр водоочистки»",
)

# 999 is left to the numbers of the vendor's page.
MOBILE_CODES = _words(
    "900 901 902 903 904 905 906 908 909 910 911 912 913 914 915 916 917 918 919 920 921 922 923 924"
    " 925 926 927 928 929 930 931 932 937 938 950 951 952 953 960 961 962 963 964 965 966 967 968 977"
    " 978 980 981 982 983 984 985 986 987 988 989 995 996"
)
CITY_CODES = _words("343 383 495 499 812 831 843 846 861 863")


def full_name(chance: random.Random) -> str:
    """A first name and a surname of the same gender."""
    surname = chance.choice(SURNAMES)
    if chance.random() < 0.5:
        return f"{chance.choice(MEN)} {surname}"
    return f"{chance.choice(WOMEN)} {feminine(surname)}"


def feminine(surname: str) -> str:
    """Соколов → Соколова, Раевский → Раевская; Шевченко and Ким stay."""
    if surname.endswith("ский"):
        return surname.removesuffix("ий") + "ая"
    return f"{surname}а" if surname.endswith(("ов", "ев", "ёв", "ин")) else surname


def phone(chance: random.Random) -> str:
    """An 11-digit Russian number, mobile nine times in ten."""
    if chance.random() < 0.9:
        return f"7{chance.choice(MOBILE_CODES)}{chance.randrange(10_000_000):07}"
    return f"7{chance.choice(CITY_CODES)}{chance.randrange(2_000_000, 8_000_000)}"


def owner_of(account_id: int) -> Json:
    """The `user` of `GET authuser` for an account that nobody described: always the same one."""
    chance = random.Random(account_id)  # noqa: S311
    surname = chance.choice(SURNAMES)
    return {
        "id": account_id,
        "email": f"client{account_id}@example.ru",
        "phone": phone(chance),
        "first_name": chance.choice(MEN),
        "last_name": surname,
        "middle_name": chance.choice(("Александрович", "Викторович", "Олегович", "Сергеевич")),
        "role": {"name": "client", "client_id": account_id},
    }
