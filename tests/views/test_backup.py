"""The whole account as a download, and what is said where it is not whole."""

from urllib.parse import unquote

import pytest
from django.utils import timezone

from lists import backup_file, backup_reading
from tests.client import fields, text
from tests.words import says, says_many


@pytest.fixture
def spam(sandbox, account):
    return sandbox.add_list(account, name="Спам")


def downloaded(answer):
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    answer.close()
    return backup_reading.read(content)


def test_one_press_downloads_every_list(as_manager, black, spam):
    page = as_manager.get("/backup/")
    assert page.soup.select_one("main form button.primary").text.strip() == says(
        "Download a backup"
    )
    answer = as_manager.post("/backup/")
    name = unquote(answer["Content-Disposition"])
    assert f"{says('Plusofon lists')} 4821 {timezone.localdate()}.zip" in name
    assert {one.id for one in downloaded(answer).lists} == {black, spam}


def test_what_could_not_be_read_is_told_before_anything_is_downloaded(
    as_manager, sandbox, black, spam
):
    sandbox.fail("no-access", path=f"contact-lists/{spam}", times=None)
    page = as_manager.post("/backup/")
    assert page.status_code == 503
    told = text(page)
    assert says("Not all lists could be read, so nothing was downloaded yet.") in told
    assert "Спам" in told
    assert "Нет доступа" in told
    assert (
        says_many(
            "%(lists)s list could be read. Missing:", "%(lists)s lists could be read. Missing:", 1
        )
        in told
    )
    answer = as_manager.post("/backup/", {"incomplete": "1"})
    assert says("Plusofon lists, incomplete") in unquote(answer["Content-Disposition"])
    assert not downloaded(answer).manifest.is_complete


def test_one_that_is_too_large_to_be_restored_is_said_to_be_before_it_is_downloaded(
    as_manager, sandbox, black, spam, monkeypatch
):
    monkeypatch.setattr(backup_file, "MOST_UNPACKED", 10)
    page = as_manager.post("/backup/")
    assert says("This backup is too large to be restored here.") in text(page)
    assert page.soup.select_one("button.primary").text.strip() == says("Download all the same")
    answer = as_manager.post("/backup/", fields(page))
    monkeypatch.undo()
    assert {one.id for one in downloaded(answer).lists} == {black, spam}


def test_where_nothing_can_be_read_the_page_says_why(as_manager, sandbox, black):
    sandbox.fail("500", times=None)
    page = as_manager.post("/backup/")
    assert page.status_code == 503
    assert "Content-Disposition" not in page


def test_support_neither_sees_nor_opens_it(as_support, black):
    assert not as_support.get("/lists/").soup.select("a[href='/backup/']")
    assert as_support.post("/backup/").status_code == 403


def test_a_manager_finds_it_in_the_menu(as_manager, black):
    assert as_manager.get("/lists/").soup.select("a[href='/backup/']")
