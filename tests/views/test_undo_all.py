"""Undoing several changes that were made one after the other, with one press."""

from lists.models import JournalEntry
from tests.client import text
from tests.words import saying, says


def remove_all(client, list_id):
    """Every contact is removed by itself. What the toast of each carries along."""
    carried = []
    while links := client.get(f"/lists/{list_id}/").soup.select("#rows a.danger"):
        page = client.post(links[0]["href"], follow=True)
        carried += [field["value"] for field in page.soup.select("#toasts [name=entry]")]
    return carried


def undo(client, entries, path):
    return client.post("/journal/undo/", {"entry": entries, "next": path}, follow=True)


def test_it_brings_back_whatever_was_removed(as_manager, sandbox, account, black):
    before = sandbox.lists(account)[black]["contacts"]
    entries = remove_all(as_manager, black)
    assert len(entries) == len(before) > 1
    page = undo(as_manager, entries, f"/lists/{black}/")
    assert says("Undone: %(count)s.", count=len(before)) in text(page)
    after = sandbox.lists(account)[black]["contacts"]
    assert sorted(c["name"] for c in after) == sorted(c["name"] for c in before)


def test_one_that_has_changed_since_keeps_none_of_the_others(as_manager, sandbox, account, black):
    entries = remove_all(as_manager, black)
    spoiled = [entries[0].split("-")[0] + "-0", *entries[1:]]
    page = undo(as_manager, spoiled, f"/lists/{black}/")
    assert saying("Not undone: %(what)s. It has changed since.").search(text(page))
    assert len(sandbox.lists(account)[black]["contacts"]) == len(entries) - 1


def test_where_plusofon_fails_the_rest_is_left_and_told(as_manager, sandbox, account, black):
    entries = remove_all(as_manager, black)
    sandbox.fail("500", times=None)
    page = as_manager.post("/journal/undo/", {"entry": entries, "next": "/journal/"}, follow=True)
    sandbox.clear_faults()
    assert saying("Not undone: %(what)s. %(why)s.").search(text(page))
    assert says(
        "Not undone yet: %(count)s. They are in the journal.", count=len(entries) - 1
    ) in text(page)
    assert sandbox.lists(account)[black]["contacts"] == []


def test_whose_end_is_unknown_stops_it(as_manager, sandbox, black):
    entries = remove_all(as_manager, black)
    sandbox.fail("500", method="PUT")
    sandbox.fail("500", method="GET", skip=1, times=None)
    page = undo(as_manager, entries, "/journal/")
    unseen = "We could not find out whether this was undone: %(what)s. Check it in the journal."
    assert saying(unseen).search(text(page))


def test_entries_that_are_none_are_nothing(as_manager, sandbox, black):
    page = undo(as_manager, ["", "x", "-", "999-a", "9" * 50, "²-1"], f"/lists/{black}/")
    assert page.status_code == 200
    assert not JournalEntry.objects.exists()
