"""Every URL × anonymous, support, manager × method × htmx: what is private, what is for
managers (docs/architecture.md#roles)."""

import re
from itertools import product
from urllib.parse import quote

import pytest
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import get_resolver
from django.utils.translation import get_language

from lists.sameness import contact_key
from tests.people import IVAN

from .conftest import signed_in

IVAN_KEY = contact_key(IVAN)
LOGIN, FORBIDDEN, NOT_FOUND, OK, SEE_OTHER = "login", 403, 404, 200, 302

# name -> (path, what a GET answers to: anonymous, support, manager)
PAGES = {
    "home": ("/", LOGIN, SEE_OTHER, SEE_OTHER),
    "overview": ("/overview/", LOGIN, OK, OK),
    "overview-now": ("/overview/now/", LOGIN, SEE_OTHER, SEE_OTHER),
    "overview-lists": ("/overview/lists/", LOGIN, SEE_OTHER, SEE_OTHER),
    "connection": ("/connection/", LOGIN, OK, OK),
    "lists": ("/lists/", LOGIN, OK, OK),
    "list-counts": ("/lists/counts/", LOGIN, SEE_OTHER, SEE_OTHER),
    "list-new": ("/lists/new/", LOGIN, FORBIDDEN, OK),
    "lists-import": ("/lists/import/", LOGIN, FORBIDDEN, OK),
    "list-import": ("/lists/{list}/import/", LOGIN, FORBIDDEN, OK),
    "lists-merge": ("/lists/merge/?list={list}", LOGIN, FORBIDDEN, OK),
    "list": ("/lists/{list}/", LOGIN, OK, OK),
    "list-edit": ("/lists/{list}/edit/", LOGIN, FORBIDDEN, OK),
    "list-delete": ("/lists/{list}/delete/", LOGIN, FORBIDDEN, OK),
    "list-export": ("/lists/{list}/export/", LOGIN, OK, OK),
    "contacts": ("/lists/{list}/contacts/", LOGIN, SEE_OTHER, SEE_OTHER),
    "contact-new": ("/lists/{list}/contacts/new/", LOGIN, FORBIDDEN, OK),
    "contact": (f"/lists/{{list}}/contacts/{IVAN_KEY}/", LOGIN, SEE_OTHER, SEE_OTHER),
    "contact-edit": (f"/lists/{{list}}/contacts/{IVAN_KEY}/edit/", LOGIN, FORBIDDEN, OK),
    "contact-delete": (f"/lists/{{list}}/contacts/{IVAN_KEY}/delete/", LOGIN, FORBIDDEN, OK),
    "lookup": ("/lookup/?number=101", LOGIN, OK, OK),
    "lookup-many": ("/lookup/many/", LOGIN, OK, OK),
    "block": ("/block/?number=101", LOGIN, FORBIDDEN, OK),
    "unblock": ("/unblock/?number=101", LOGIN, FORBIDDEN, SEE_OTHER),
    "requests": ("/requests/", LOGIN, OK, OK),
    "request-new": ("/requests/new/?number=101", LOGIN, OK, OK),
    "request-new-unblock": ("/requests/new/unblock/?number=101", LOGIN, OK, OK),
    "requests-waiting": ("/requests/waiting/", LOGIN, OK, OK),
    "request": ("/requests/1/", LOGIN, 404, 404),
    "request-accept": ("/requests/1/accept/", LOGIN, FORBIDDEN, 404),
    "request-accept-here": ("/requests/1/accept/here/", LOGIN, FORBIDDEN, 404),
    "request-withdraw": ("/requests/1/withdraw/", LOGIN, SEE_OTHER, SEE_OTHER),
    "request-decline": ("/requests/1/decline/", LOGIN, FORBIDDEN, 404),
    "journal": ("/journal/", LOGIN, OK, OK),
    "journal-export": ("/journal/journal.csv", LOGIN, OK, OK),
    "journal-export-xlsx": ("/journal/journal.xlsx", LOGIN, OK, OK),
    "journal-undo": ("/journal/1/undo/", LOGIN, FORBIDDEN, SEE_OTHER),
    "journal-undo-all": ("/journal/undo/", LOGIN, FORBIDDEN, SEE_OTHER),
    "journal-repeat": ("/journal/1/repeat/", LOGIN, FORBIDDEN, SEE_OTHER),
    "operation": ("/journal/1/", LOGIN, NOT_FOUND, NOT_FOUND),
    "operation-go-on": ("/journal/1/go-on/", LOGIN, FORBIDDEN, SEE_OTHER),
    "journal-check": ("/journal/1/check/", LOGIN, SEE_OTHER, SEE_OTHER),
    "backup": ("/backup/", LOGIN, FORBIDDEN, OK),
    "restore": ("/restore/", LOGIN, FORBIDDEN, OK),
    "cleanup": ("/cleanup/", LOGIN, FORBIDDEN, OK),
    "password": ("/password/", LOGIN, OK, OK),
    "logout-everywhere": ("/logout/everywhere/", LOGIN, 405, 405),
    "limits": ("/limits/", OK, OK, OK),
    "theme": ("/theme/", 405, 405, 405),
    "icons": ("/icons/0.svg", OK, OK, OK),
    "healthz": ("/healthz", OK, OK, OK),
    "readyz": ("/readyz", OK, OK, OK),
    "metrics": ("/metrics", NOT_FOUND, NOT_FOUND, NOT_FOUND),
    "login": ("/login/", OK, OK, OK),
    "company-begin": ("/login/company/", NOT_FOUND, NOT_FOUND, NOT_FOUND),
    "company-callback": ("/login/company/callback/", NOT_FOUND, NOT_FOUND, NOT_FOUND),
    "logout": ("/logout/", 405, 405, 405),
    "signed-out": ("/signed-out/", OK, OK, OK),
    "staff-login": ("/admin/login/", OK, OK, OK),
    "staff-logout": ("/admin/logout/", 405, 405, 405),
    "set_language": ("/i18n/setlang/", SEE_OTHER, SEE_OTHER, SEE_OTHER),
}
# Django's own: the second door, and a few of the rooms behind it.
ADMIN = {
    "admin:index": ("/admin/", SEE_OTHER, SEE_OTHER, SEE_OTHER),
    "admin:users": ("/admin/auth/user/", LOGIN, SEE_OTHER, SEE_OTHER),
    "admin:user": ("/admin/auth/user/1/change/", LOGIN, SEE_OTHER, SEE_OTHER),
    "admin:password": ("/admin/auth/user/1/password/", LOGIN, SEE_OTHER, SEE_OTHER),
    "admin:groups": ("/admin/auth/group/", LOGIN, SEE_OTHER, SEE_OTHER),
    "admin:own-password": ("/admin/password_change/", SEE_OTHER, SEE_OTHER, SEE_OTHER),
}
EVERYTHING = PAGES | ADMIN
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
CHANGING = [
    *("list-new", "list-edit", "list-delete", "list-import", "lists-import", "lists-merge"),
    *("contacts", "contact-new", "contact-edit", "contact-delete"),
    *("journal-undo", "journal-undo-all", "journal-repeat", "operation-go-on"),
    *("block", "unblock", "request-accept", "request-decline"),
    *("request-accept-here", "backup", "restore"),
    "cleanup",
]
PEOPLE = ["anonymous", "support", "manager"]


def named_urls(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            if pattern.namespace != "admin":
                yield from named_urls(pattern.url_patterns)
        else:
            yield pattern.name


def test_every_url_has_a_row_here():
    assert sorted(named_urls(get_resolver().url_patterns)) == sorted(PAGES)


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("name", EVERYTHING)
def test_a_page_opens_for_whom_it_is_meant(name, person, black, request, db):
    path, *answers = EVERYTHING[name]
    path = path.format(list=black)
    user = None if person == "anonymous" else request.getfixturevalue(person)
    response = signed_in(user).get(path)
    expected = answers[PEOPLE.index(person)]
    if expected == LOGIN:
        assert (response.status_code, response.url) == (302, f"/login/?next={quote(path)}")
    else:
        assert response.status_code == expected
    response.close()


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("name", EVERYTHING)
def test_no_method_and_no_header_opens_what_a_get_does_not(
    name, person, black, sandbox, request, db
):
    path, *answers = EVERYTHING[name]
    path, expected = path.format(list=black), answers[PEOPLE.index(person)]
    user = None if person == "anonymous" else request.getfixturevalue(person)
    login = r"(/admin)?/login/(\?next=.*)?"
    client = Client()  # another test lints what they load
    for method, htmx in product(METHODS, (False, True)):
        if not user:
            client.cookies.clear()
        elif SESSION_KEY not in client.session:
            client.force_login(user)
        headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/lists/"}
        answer = client.generic(method, path, headers=headers if htmx else {})
        where = (method, htmx, answer.status_code)
        assert answer.status_code < 500, where
        if expected == LOGIN:
            leads = answer.headers.get("HX-Redirect" if htmx else "Location", "")
            assert answer.status_code == (200 if htmx else 302), where
            assert re.fullmatch(login, leads), where
        elif expected == FORBIDDEN:
            assert answer.status_code in (403, 405), where
        assert not (htmx and "Location" in answer.headers), where
        assert not (expected in (LOGIN, FORBIDDEN) and sandbox.calls), where
        answer.close()


@pytest.mark.parametrize("person", ["anonymous", "support"])
@pytest.mark.parametrize("name", CHANGING)
def test_nobody_but_a_manager_changes_anything(name, person, black, sandbox, request, db):
    path = PAGES[name][0].format(list=black)
    user = None if person == "anonymous" else request.getfixturevalue(person)
    data = {"name": "Чужой", "type": "white", "phones": "101"}
    response = signed_in(user).post(path, data)
    assert response.status_code == (302 if person == "anonymous" else 403)
    assert sandbox.calls == []


def test_support_sees_no_way_to_change_anything(as_support, black):
    for path in ("/lists/", f"/lists/{black}/"):
        page = as_support.get(path).content.decode()
        for word in ("/edit/", "/delete/", "/new/"):
            assert word not in page


def test_the_admin_is_for_staff_only(as_manager, as_anonymous):
    assert as_manager.get("/admin/").status_code == 302
    assert as_anonymous.get("/admin/").status_code == 302


def test_a_deep_link_survives_the_login(as_anonymous, manager, black):
    manager.set_password("secret-secret")
    manager.save()
    path = f"/lists/{black}/?q=7999&page=1"
    login = as_anonymous.get(path)
    answer = as_anonymous.post(
        login.url, {"username": "manager", "password": "secret-secret", "next": path}
    )
    assert (answer.status_code, answer.url) == (302, path)


def test_a_wrong_password_says_so_and_keeps_the_name(as_anonymous):
    answer = as_anonymous.post("/login/", {"username": "manager", "password": "wrong"})
    assert answer.status_code == 200
    assert answer.soup.select_one("#id_username")["value"] == "manager"
    assert answer.soup.select_one(".errorlist")


def test_another_persons_lists_are_out_of_reach(as_manager, sandbox):
    stranger = sandbox.add_account(token="other")
    theirs = sandbox.add_list(stranger, name="Чужой список")
    assert as_manager.get(f"/lists/{theirs}/").status_code == 404


def test_the_language_is_chosen_before_signing_in(as_anonymous):
    chosen = {"language": "en", "next": "/login/?next=/journal/"}
    answer = as_anonymous.post("/i18n/setlang/", chosen)
    assert (answer.status_code, answer.url) == (302, chosen["next"])
    assert as_anonymous.get("/login/").soup.h1.text == "Sign in"


def test_managers_whose_group_has_lost_the_permission_read_on_and_change_nothing(
    as_manager, sandbox, account, black
):
    """As docs/operations.md#when-plusofons-api-changes-its-shape tells to make the dashboard read only."""
    before = sandbox.lists(account)[black]["contacts"]
    Group.objects.get(name="Managers").permissions.clear()
    assert as_manager.get(f"/lists/{black}/").status_code == 200
    sent = {"name": "Новый", "phones": "101"}
    assert as_manager.post(f"/lists/{black}/contacts/new/", sent).status_code == 403
    assert sandbox.lists(account)[black]["contacts"] == before


def test_the_language_of_a_request_ends_with_it(as_anonymous):
    assert as_anonymous.get("/login/", headers={"Accept-Language": "en"}).soup.h1.text == "Sign in"
    assert get_language() == settings.LANGUAGE_CODE
