"""What we rely on, asked of the stand-in; and of the real API where PLUSOFON_TOKEN opens an account.

The real run makes a list of its own, named below, and deletes it.
"""

import os

import pytest

from lists import connection
from lists.plusofon import errors
from lists.plusofon.values import Contact, ContactList

NAME = "Plusofon Admin: contract test"


@pytest.fixture(params=["the stand-in", "the real API"])
def contract_api(request, settings):
    token = os.environ.get("PLUSOFON_TOKEN", "")
    if request.param == "the stand-in":
        return request.getfixturevalue("api")
    if not token:
        pytest.skip("PLUSOFON_TOKEN is not set: the real API is not asked")
    settings.PLUSOFON_API_URL = "https://restapi.plusofon.ru"
    settings.PLUSOFON_TIMEOUT, settings.PLUSOFON_WRITE_TIMEOUT = 15.0, 30.0
    return connection.open_api(token=token, client_id="10553", account="contract")


def test_a_list_lives_from_its_creation_to_its_deletion(contract_api):
    new = ContactList(0, NAME, "black", (Contact("Иван", ("79990000001", "79990000002")),))
    list_id = contract_api.create_list(new)
    assert list_id is not None
    try:
        found = contract_api.get_list(list_id)
        assert (found.name, found.type, found.contacts) == (new.name, new.type, new.contacts)
        contract_api.replace_list(ContactList(list_id, f"{NAME} 2", "black", ()))
        found = contract_api.get_list(list_id)
        assert (found.name, found.contacts) == (f"{NAME} 2", ())
    finally:
        contract_api.delete_list(list_id)
    with pytest.raises(errors.NotFound):
        contract_api.get_list(list_id)


def test_a_page_of_lists_counts_itself(contract_api):
    page = contract_api.get_lists()
    assert page.number == 1
    assert len(page.entries) <= page.per_page
    assert contract_api.get_lists(page.last + 1).entries == ()


def test_black_can_be_created_and_the_owner_is_told(contract_api):
    assert "black" in {kind.code for kind in contract_api.get_list_types()}
    assert contract_api.get_owner().id
