"""What it cannot do: each limit that has to be told is told in both languages."""

import pytest

from tests.client import signed_in

# What the page has to say, by the words of its headings.
LIMITS = [
    ("wildcards", "масок"),
    ("expiry", "срока действия"),
    ("hit counts", "счётчика звонков"),
    ("White lists", "Белые списки"),
    ("own cabinet", "Личный кабинет"),
    ("not in the journal", "в журнале нет"),
    ("without an answer", "без ответа"),
    ("does not answer", "не отвечает"),
    ("Several lists", "Несколько списков"),
    ("new number", "новым номером"),
    ("undone", "Отменить"),
    ("takes time", "занимает время"),
    ("of size", "размера"),
    ("may change all", "меняет любой"),
    ("one account", "один аккаунт"),
    ("by mail", "Писем"),
    ("second factor", "второго фактора"),
]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_every_limit_stands_on_both_pages_in_one_order(db, language):
    page = signed_in(headers={"Accept-Language": language}).get("/limits/")
    headings = [heading.text for heading in page.soup.select("main h2")]
    words = [limit[language == "ru"] for limit in LIMITS]
    assert len(headings) == len(words)
    assert [word for word, heading in zip(words, headings, strict=True) if word in heading] == words
