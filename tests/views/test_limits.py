"""What this cannot do: the page of docs/ that the footer leads to, in both languages."""

import re

import pytest
from django.conf import settings

from lists.forms.numbers import MOST_NUMBERS
from lists.plusofon.body import MOST_VALUES
from lists.services.requests import MOST_OPEN
from lists.tables.table import MOST_BYTES, MOST_ROWS
from lists.views.limits import rendered
from tests.client import signed_in, text
from tests.words import says

LANGUAGES = ["ru", "en"]
OF_A_CONTACT = 4  # values, with one number


@pytest.fixture(autouse=True)
def _made_anew():
    rendered.cache_clear()
    yield
    rendered.cache_clear()


def browser(language, person=None):
    return signed_in(person, headers={"Accept-Language": language})


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_limit_is_said_in_a_few_sentences(db, language):
    main = browser(language).get("/limits/").soup.main
    introduction, *limits = [paragraph.text for paragraph in main.select("p")]
    assert introduction
    assert len(limits) == len(main.select("h2"))
    for limit in limits:
        assert 2 <= len(re.findall(r"\.(?:\s|$)", limit)) <= 4, limit


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_numbers_are_those_that_hold(db, language):
    said = text(browser(language).get("/limits/"))
    numbers = set(re.findall(r"\d+", re.sub(r"(?<=\d)[\s,](?=\d{3})", "", said)))
    of_code = [MOST_NUMBERS, MOST_ROWS, MOST_BYTES // 1024**2, MOST_OPEN]
    of_code.append(MOST_VALUES // OF_A_CONTACT // 10_000 * 10_000)
    defaults = [int(settings.PLUSOFON_LATE_WRITE), settings.JOURNAL_KEEP_DAYS]
    assert set(map(str, of_code + defaults)) <= numbers


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_links_lead_to_pages_that_bear_their_names(manager, sandbox, language):
    client = browser(language, manager)
    page = client.get("/limits/")
    links = page.soup.select("main a")
    assert len(links) > 5
    for link in links:
        there = client.get(link["href"])
        assert there.status_code == 200
        assert link.text in there.soup.title.text
    assert not re.search(r"[\[\]]", page.soup.main.text)  # a name that leads nowhere


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_footer_of_every_page_leads_there_and_says_what_it_is_called(
    manager, sandbox, language
):
    stranger, client = browser(language), browser(language, manager)
    title = stranger.get("/limits/").soup.h1.text
    assert title == says("What this cannot do", language=language)
    pages = [stranger.get("/login/"), stranger.get("/limits/")]
    pages += [client.get(path) for path in ("/lists/", "/lookup/?number=101", "/none/", "/theme/")]
    for page in pages:
        links = page.soup.select("body > footer a[href='/limits/']")
        assert [link.text for link in links] == [title]


def test_a_piece_has_no_footer(as_manager, black):
    assert as_manager.piece(f"/lists/{black}/?q=101").soup.footer is None


def test_markup_in_the_document_is_shown_as_it_is_written(as_anonymous, settings, tmp_path):
    (tmp_path / "docs").mkdir()
    written = "# Чего нет\n\n<script>alert(1)</script> [x](javascript:alert(1))\n"
    (tmp_path / "docs" / "limits.ru.md").write_text(written, "utf-8")
    settings.BASE_DIR = tmp_path
    page = as_anonymous.get("/limits/")
    assert "<script>alert(1)</script>" in text(page)
    assert not page.soup.select("main script, main a")


def test_without_the_documents_there_is_no_such_page_and_all_others_are(
    as_manager, settings, tmp_path
):
    settings.BASE_DIR = tmp_path
    assert as_manager.get("/limits/").status_code == 404
    assert as_manager.get("/lists/").status_code == 200
