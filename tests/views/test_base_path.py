"""Below a path of a host that serves other programs too (`BASE_PATH`): everything stays below it."""

import pytest
from django.test import Client

from tests.base_path import BASE, addresses, astray, moved_below
from tests.test_access import EVERYTHING

HTMX = {"HX-Request": "true", "HX-Current-URL": f"http://testserver{BASE}/lists/?page=1"}


@pytest.fixture(autouse=True)
def _below(settings):
    yield from moved_below(settings)


@pytest.mark.parametrize("name", EVERYTHING)
def test_no_page_leads_out(name, black, manager, sandbox):
    path = EVERYTHING[name][0].format(list=black)
    client = Client()
    for headers in ({}, HTMX):
        for ask in (client.get, client.post):
            client.force_login(manager)
            answer = ask(path, headers=headers)
            assert answer.status_code < 500
            assert astray(answer) == []
            answer.close()
    assert astray(Client().get(path)) == []


def test_what_is_looked_at_is_there(as_manager, black):
    """A walk that finds no address proves nothing."""
    page = as_manager.get(f"/lists/{black}/")
    assert len(list(addresses(page))) > 40
    assert page.soup.select_one("link[rel=stylesheet]")["href"].startswith(f"{BASE}/static/")
    assert page.soup.select_one("use")["href"].startswith(f"{BASE}/icons/")


def test_a_deep_link_survives_the_login(as_anonymous, manager):
    manager.set_password("secret-secret")
    manager.save()
    login = as_anonymous.get("/lookup/", {"number": "79998887766"})
    assert login.url == f"{BASE}/login/?next={BASE}/lookup/%3Fnumber%3D79998887766"
    fields = {"username": "manager", "password": "secret-secret"}
    back = {"next": f"{BASE}/lookup/?number=79998887766"}
    answer = as_anonymous.post("/login/", fields | back)
    assert (answer.status_code, answer.url) == (302, back["next"])
    assert {cookie["path"] for cookie in answer.cookies.values()} == {f"{BASE}/"}


def test_signed_out_meanwhile_htmx_is_led_back_to_its_page(as_anonymous):
    answer = as_anonymous.get("/lists/counts/", headers=HTMX)
    assert answer.headers["HX-Redirect"] == f"{BASE}/login/?next=%2Fplusofon%2Flists%2F%3Fpage%3D1"


@pytest.mark.parametrize(
    ("sent", "leads"),
    [
        (f"{BASE}/journal/?page=2", f"{BASE}/journal/?page=2"),
        ("/journal/", f"{BASE}/"),  # of another program
        (f"{BASE}x/journal/", f"{BASE}/"),
        (f"{BASE}/nowhere/", f"{BASE}/"),
        ("", f"{BASE}/"),
    ],
)
def test_the_way_back_is_a_page_of_ours(as_manager, sent, leads):
    answer = as_manager.post("/theme/", {"theme": "dark", "next": sent})
    assert answer.url == leads
    assert answer.cookies["theme"]["path"] == f"{BASE}/"


def test_a_language_that_was_chosen_from_nowhere_leads_to_the_first_page(as_anonymous):
    answer = as_anonymous.post("/i18n/setlang/", {"language": "en"})
    assert answer.url == f"{BASE}/"
    assert answer.cookies["django_language"]["path"] == f"{BASE}/"


def test_a_message_for_the_next_page_is_for_no_other_program(as_manager, black, sandbox):
    answer = as_manager.post(f"/lists/{black}/edit/", {"name": "Другой", "type": "black"})
    assert answer.status_code == 302
    assert answer.cookies["messages"]["path"] == f"{BASE}/"


def test_a_cookie_of_another_program_does_not_pass_for_ours(as_manager):
    """It sets one of the same name for the whole host; the browser sends ours first."""
    ours = as_manager.cookies["sessionid"].value
    page = Client().get("/overview/", headers={"Cookie": f"sessionid={ours}; sessionid=theirs"})
    assert page.status_code == 200


def test_our_own_defect_leads_to_our_lists(manager, black, monkeypatch):
    def broken(*args, **kwargs):
        raise RuntimeError("bug")

    monkeypatch.setattr("lists.services.catalogue.wanted_lists", broken)
    client = Client(raise_request_exception=False)
    client.force_login(manager)
    answer = client.get("/lists/")
    assert answer.status_code == 500
    assert f"{BASE}/lists/" in addresses(answer)
    assert astray(answer) == []
