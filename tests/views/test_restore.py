"""An account made again what a backup says: nothing before it was shown, nothing that was not chosen, one undo."""

import io
import json
import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from lists import backup_file, uploads
from lists.models import Action, JournalEntry, Outcome
from lists.plusofon.values import ListEntry
from lists.services import backup, restoring
from lists.uploads import Kind
from lists.writing import lock
from lists.writing.plans import DeleteList, Step, UndoEntry, write_plan
from tests.client import signed_in, text
from tests.conftest import STRANGER_TOKEN
from tests.factories import CredentialFactory, JournalEntryFactory
from tests.test_backup_file import parts_of, resealed, zipped
from tests.words import saying, says, says_many

# How the page tells of contacts: of how many, and their names.
MISSING = "missing: %(count)s contact (%(names)s)", "missing: %(count)s contacts (%(names)s)"
ADDED = "added since: %(count)s contact (%(names)s)", "added since: %(count)s contacts (%(names)s)"
OTHERS = "changed: %(count)s contact (%(names)s)", "changed: %(count)s contacts (%(names)s)"
BACK = "%(count)s contact comes back: %(names)s", "%(count)s contacts come back: %(names)s"
REMOVED = "%(count)s contact is removed: %(names)s", "%(count)s contacts are removed: %(names)s"
CHANGED = [{"name": "Иван Петров", "phones": ["79998887766"]}, {"name": "Чужой", "phones": ["5"]}]


@pytest.fixture
def spam(sandbox, account):
    return sandbox.add_list(account, name="Спам", contacts=[{"name": "Спам", "phones": ["101"]}])


@pytest.fixture
def saved(by, black, spam):
    """A backup of the account: the file's bytes."""
    file = io.BytesIO()
    backup.write_backup(file, by=by)
    return file.getvalue()


@pytest.fixture
def changed(saved, sandbox, account, black, spam):
    """The account, of which a list is another and a list is gone since."""
    found = sandbox.lists(account)[black]
    sandbox.put(account, black, found | {"name": "Иначе", "contacts": CHANGED})
    return saved


@pytest.fixture
def folder(settings):
    return Path(settings.UPLOADS_DIR)


def upload(client, content, name="lists.zip"):
    return client.post("/restore/", {"file": SimpleUploadedFile(name, content)})


def sent_from(page, button, **changed):
    """What a browser sends of the page's form when this button is pressed."""
    form = page.soup.select_one("main form")
    sent = {}
    for field in form.select("input[name]"):
        if field["name"] == "csrfmiddlewaretoken":
            continue
        if field.get("type") == "checkbox" and not field.has_attr("checked"):
            continue
        sent.setdefault(field["name"], []).append(field["value"])
    return sent | {button: "1"} | changed


def press(client, page, button, **changed):
    return client.post("/restore/", sent_from(page, button, **changed), follow=True)


def boxes(page):
    return {int(box["value"]): box.has_attr("checked") for box in page.soup.select("[name=list]")}


def foreign_backup(*lists):
    file = io.BytesIO()
    backup_file.write(file, lists, account="777", made_at=datetime(2026, 11, 1, tzinfo=UTC))
    return file.getvalue()


def refusal(page):
    assert page.status_code == 422
    return page.soup.select_one("#restore-file_error").text.strip()


def test_the_page_asks_for_a_file_and_sends_nothing(as_manager, sandbox):
    page = as_manager.get("/restore/")
    assert page.soup.select_one("form[enctype='multipart/form-data'] input[type=file][name=file]")
    assert sandbox.calls == []


def test_what_is_as_in_the_backup_needs_nothing(as_manager, saved, folder):
    page = upload(as_manager, saved)
    assert says("as in the backup") in text(page)
    assert boxes(page) == {}
    assert not page.soup.select("[name=choose]")
    press(as_manager, page, "cancel")
    assert list(folder.iterdir()) == []


def test_it_is_told_list_by_list_what_differs(as_manager, changed, black):
    page = upload(as_manager, changed)
    told = text(page)
    assert says_many(*MISSING, 2, names="«Пётр Петров», «АТС»") in told
    assert says_many(*ADDED, 1, names="«Чужой»") in told
    assert says_many(*OTHERS, 1, names="«Иван Иванов»") in told
    assert says("its name is “%(name)s” now", name="Иначе") in told
    assert boxes(page) == {black: True}


def test_nothing_is_written_before_it_is_confirmed(as_manager, changed, sandbox, account, black):
    before = sandbox.lists(account)
    page = press(as_manager, upload(as_manager, changed), "choose")
    told = text(page)
    assert says_many(*BACK, 2, names="«Пётр Петров», «АТС»") in told
    assert says_many(*REMOVED, 1, names="«Чужой»") in told
    assert says("it is named “%(name)s” again", name="Чёрный список 1") in told
    assert sandbox.lists(account) == before
    assert not JournalEntry.objects.exists()


def test_confirmed_it_is_one_act_with_one_undo_and_the_file_is_gone(
    as_manager, changed, sandbox, account, black, folder
):
    preview = press(as_manager, upload(as_manager, changed), "choose")
    page = press(as_manager, preview, "confirm")
    assert says("Restored from the backup.") in text(page)
    found = sandbox.lists(account)[black]
    assert found["name"] == "Чёрный список 1"
    assert sorted(c["name"] for c in found["contacts"]) == ["АТС", "Иван Иванов", "Пётр Петров"]
    assert list(folder.iterdir()) == []
    (entry,) = JournalEntry.objects.filter(part_of=None)
    assert (entry.action, entry.outcome) == (Action.RESTORE, Outcome.CONFIRMED)
    as_manager.post(f"/journal/{entry.pk}/undo/")
    found = sandbox.lists(account)[black]
    assert found["name"] == "Иначе"
    assert sorted(c["name"] for c in found["contacts"]) == ["Иван Петров", "Чужой"]


def test_pressed_twice_it_is_one_act(as_manager, changed, sandbox, account):
    preview = press(as_manager, upload(as_manager, changed), "choose")
    sent = sent_from(preview, "confirm")
    as_manager.post("/restore/", sent)
    again = as_manager.post("/restore/", sent)
    (entry,) = JournalEntry.objects.filter(part_of=None)
    assert again.url == f"/journal/{entry.pk}/"


def test_a_list_that_is_gone_comes_back_and_its_new_id_is_said(
    as_manager, by, saved, sandbox, account, spam
):
    by.api.delete_list(spam)
    page = upload(as_manager, saved)
    assert says("gone: it will be created anew, under a new number") in text(page)
    assert boxes(page) == {spam: True}
    done = press(as_manager, press(as_manager, page, "choose"), "confirm")
    (back,) = [key for key, found in sandbox.lists(account).items() if found["name"] == "Спам"]
    assert back != spam
    assert says(
        "“%(name)s” was created anew. Its new number: %(id)s.", name="Спам", id=back
    ) in text(done)


def test_a_list_that_comes_back_without_its_contacts_is_not_said_to_be_done(
    as_manager, by, saved, sandbox, account, spam
):
    by.api.delete_list(spam)
    preview = press(as_manager, upload(as_manager, saved), "choose")
    sandbox.quirks = {"no-contacts"}
    page = press(as_manager, preview, "confirm")
    assert page.status_code == 207
    short = says("created, but not with all of its contacts")
    assert short in text(page)
    sandbox.quirks = set()
    entry = JournalEntry.objects.get(part_of=None)
    assert entry.outcome == Outcome.PARTLY
    assert short in text(as_manager.get(f"/journal/{entry.pk}/"))
    as_manager.post(f"/journal/{entry.pk}/go-on/")
    (back,) = [found for found in sandbox.lists(account).values() if found["name"] == "Спам"]
    assert back["contacts"] == [{"name": "Спам", "phones": ["101"]}]
    entry.refresh_from_db()
    assert entry.outcome == Outcome.CONFIRMED


def test_the_page_of_the_act_says_the_new_number(as_manager, by, saved, sandbox, account, spam):
    by.api.delete_list(spam)
    press(as_manager, press(as_manager, upload(as_manager, saved), "choose"), "confirm")
    (back,) = [key for key, found in sandbox.lists(account).items() if found["name"] == "Спам"]
    entry = JournalEntry.objects.get(part_of=None)
    page = as_manager.get(f"/journal/{entry.pk}/")
    assert says("created anew; its new number: %(id)s", id=back) in text(page)


def test_where_a_list_has_the_name_of_one_that_is_gone_it_is_not_chosen_at_first(
    as_manager, by, saved, sandbox, account, spam
):
    by.api.delete_list(spam)
    twin = sandbox.add_list(account, name="Спам")
    page = upload(as_manager, saved)
    assert boxes(page) == {spam: False}
    assert page.soup.select_one(f"main form a[href='/lists/{twin}/']")
    assert says("Lists that the backup does not have stay as they are:") in text(page)


def test_only_what_is_chosen_is_restored(as_manager, by, changed, sandbox, account, black, spam):
    by.api.delete_list(spam)
    page = upload(as_manager, changed)
    preview = press(as_manager, page, "choose", list=[str(spam)])
    press(as_manager, preview, "confirm")
    assert sandbox.lists(account)[black]["name"] == "Иначе"
    assert "Спам" in {found["name"] for found in sandbox.lists(account).values()}


def test_without_a_list_nothing_is_previewed(as_manager, changed, black):
    page = press(as_manager, upload(as_manager, changed), "choose", list=[])
    assert page.status_code == 422
    assert says("Choose at least one list.") in text(page)
    assert boxes(page) == {black: False}


def test_what_changed_since_the_preview_is_left_and_said(
    as_manager, by, changed, sandbox, account, black, spam
):
    by.api.delete_list(spam)
    preview = press(as_manager, upload(as_manager, changed), "choose")
    theirs = [{"name": "Клиент", "phones": ["79998887766"]}]
    sandbox.put(account, black, sandbox.lists(account)[black] | {"contacts": theirs})
    page = press(as_manager, preview, "confirm")
    assert says("not saved: somebody has changed this contact") in text(page)
    assert sandbox.lists(account)[black]["contacts"] == theirs
    assert "Спам" in {found["name"] for found in sandbox.lists(account).values()}


def test_a_list_that_cannot_be_read_is_not_offered(as_manager, saved, sandbox, black):
    sandbox.fail("no-access", path=f"contact-lists/{black}", times=None)
    page = upload(as_manager, saved)
    assert says("could not be read, and stays as it is:") in text(page)
    assert boxes(page) == {}


def test_a_backup_that_lacks_lists_says_which(as_manager, by, sandbox, black, spam):
    sandbox.fail("no-access", path=f"contact-lists/{spam}", times=None)
    file = io.BytesIO()
    backup.write_backup(file, by=by)
    sandbox.clear_faults()
    page = upload(as_manager, file.getvalue())
    notice = page.soup.select_one(".notice").text
    assert says("This backup is incomplete. It lacks:") in notice
    assert "Спам" in notice


def test_a_file_of_another_account_says_whose_it_is_and_asks_twice(
    as_manager, by, sandbox, account, spam
):
    theirs = by.api.get_list(spam)
    by.api.delete_list(spam)
    page = upload(as_manager, foreign_backup(theirs))
    told = text(page)
    assert (
        says(
            "It was made of account %(theirs)s; you work with account %(account)s.",
            theirs="777",
            account="4821",
        )
        in told
    )
    refused = press(as_manager, page, "choose")
    assert refused.status_code == 422
    assert says("Tick that you mean the backup of another account.") in text(refused)
    preview = press(as_manager, page, "choose", foreign="1")
    again = press(as_manager, preview, "confirm")
    assert again.status_code == 422
    assert says(
        "Confirm once more that the lists of another account shall come into yours."
    ) in text(again)
    assert sandbox.lists(account) == {}
    press(as_manager, again, "confirm", sure="1")
    assert [found["name"] for found in sandbox.lists(account).values()] == ["Спам"]


class TestRefused:
    def test_no_file_at_all(self, as_manager, sandbox):
        page = as_manager.post("/restore/", {})
        assert refusal(page) == says("Choose a file.")

    def test_an_empty_one(self, as_manager, sandbox):
        assert refusal(upload(as_manager, b"")) == says("This file is empty.")

    @pytest.mark.parametrize("content", [b"name;phones\n", b"MZ\x90\x00", zipped([("a", "b")])])
    def test_what_is_no_backup(self, as_manager, sandbox, content):
        not_one = says("This file is not a backup of this dashboard.")
        assert refusal(upload(as_manager, content)) == not_one

    def test_one_that_was_cut_in_half(self, as_manager, saved):
        damaged = says("This backup is damaged: a part of it is missing or cannot be read.")
        assert refusal(upload(as_manager, saved[: len(saved) // 2])) == damaged

    def test_one_of_a_newer_version(self, as_manager, sandbox):
        newer = (
            "This backup was made by a newer version (format %(version)s). Update the dashboard."
        )
        assert refusal(upload(as_manager, resealed(version=2))) == says(newer, version=2)

    def test_one_with_a_list_twice(self, as_manager, saved, black):
        with pytest.warns(UserWarning, match="Duplicate name"):
            twice = zipped([*parts_of(saved).items(), (f"lists/{black}.json", "{}")])
        sentence = "List no. %(id)s is twice in this file: it is not clear which one is meant."
        assert refusal(upload(as_manager, twice)) == says(sentence, id=black)

    def test_one_that_was_edited_by_hand(self, as_manager, saved, black):
        parts, name = parts_of(saved), f"lists/{black}.json"
        parts[name] = parts[name].replace(b"79998887766", b"79998887767")
        sentence = "This backup was changed after it was made: “%(part)s” is not as it was written."
        assert refusal(upload(as_manager, zipped(parts.items()))) == says(sentence, part=name)

    def test_one_that_is_too_large(self, as_manager, saved, monkeypatch):
        monkeypatch.setattr(backup_file, "MOST_PACKED", 10)
        too_large = says("This file is too large to be restored here.")
        assert refusal(upload(as_manager, saved)) == too_large

    def test_nothing_of_it_is_kept_and_nothing_is_asked(self, as_manager, sandbox, folder):
        upload(as_manager, b"name;phones\n")
        assert not folder.exists() or list(folder.iterdir()) == []
        assert sandbox.calls == []


@pytest.mark.parametrize("button", ["choose", "confirm"])
def test_a_file_that_is_gone_meanwhile_is_asked_for_again(as_manager, changed, folder, button):
    page = upload(as_manager, changed)
    if button == "confirm":
        page = press(as_manager, page, "choose")
    for path in folder.iterdir():
        path.unlink()
    answer = press(as_manager, page, button)
    gone = (
        "The file is no longer here: an hour has passed, or you have sent several others since. "
        "Nothing was changed; send it again."
    )
    assert says(gone) in text(answer)
    assert answer.redirect_chain == [("/restore/", 302)]


def test_whoever_opens_the_page_deletes_what_is_too_old(as_manager, anna, folder):
    uploads.keep(b"contacts", of=anna)
    (path,) = folder.iterdir()
    old = path.stat().st_mtime - uploads.KEPT_FOR - 1
    os.utime(path, (old, old))
    as_manager.get("/restore/")
    assert list(folder.iterdir()) == []


def test_somebody_elses_file_is_not_theirs_to_restore(as_manager, changed, anna):
    token = uploads.keep(changed, of=anna, kind=Kind.BACKUP)
    answer = as_manager.post("/restore/", {"upload": token, "list": "1", "choose": "1"})
    assert answer.url == "/restore/"


def test_two_who_confirm_the_same_restore_a_list_that_is_gone_once(
    as_manager, by, saved, sandbox, account, spam, anna
):
    by.api.delete_list(spam)
    as_anna = signed_in(anna)
    one, other = (
        (client, press(client, upload(client, saved), "choose")) for client in (as_manager, as_anna)
    )
    press(*one, "confirm")
    again = press(*other, "confirm")
    assert again.status_code == 409
    assert says("Something has changed.") in text(again)
    assert says("There is another list of this name:") in text(again)
    assert [found["name"] for found in sandbox.lists(account).values()].count("Спам") == 1
    press(as_anna, again, "confirm")  # as it is known now, it is wanted all the same
    assert [found["name"] for found in sandbox.lists(account).values()].count("Спам") == 2


@pytest.mark.parametrize("at", ["contact-lists?page=1", "contact-lists/{black}"])
def test_a_token_that_is_refused_is_asked_for_and_the_file_waits(
    as_manager, changed, sandbox, black, at
):
    sandbox.fail("401", path=at.format(black=black), times=None)
    answer = upload(as_manager, changed)
    assert answer.status_code == 403
    assert answer.soup.select_one("main a[href='/connection/']")
    sandbox.clear_faults()
    waiting = answer.soup.select_one("main [name=upload]")["value"]
    again = as_manager.post("/restore/", {"upload": waiting})
    assert boxes(again) == {black: True}
    assert again.soup.select_one("[name=upload]")["value"] == waiting


def test_where_nothing_could_be_compared_that_is_said(as_manager, saved, sandbox, black, spam):
    sandbox.fail("502", times=None)
    told = text(upload(as_manager, saved))
    assert says("Nothing could be compared, so nothing can be restored just now.") in told
    assert says("Nothing to restore: what could be compared is as in the backup.") not in told


class TestWhatPassesForAPlan:
    """A plan is what this page has written down itself, of what it has shown."""

    def test_a_file_that_was_sent_to_be_imported_is_none(
        self, as_manager, sandbox, black, stranger
    ):
        theirs = JournalEntryFactory(account="another", action=Action.DELETE)
        plan = write_plan([Step(0, ListEntry(0, "Их список", "black"), UndoEntry(theirs.pk))])
        record = {"account": "4821", "into": "4821", "plan": plan, "namesakes": []}
        forged = json.dumps(record).encode()
        file = SimpleUploadedFile("table.txt", forged)
        page = as_manager.post(f"/lists/{black}/import/", {"file": file})
        token = page.soup.select_one("[name=upload]")["value"]
        for sent in ({"plan": token, "confirm": "1"}, {"upload": token, "choose": "1", "list": 1}):
            assert as_manager.post("/restore/", sent).url == "/restore/"
        assert not JournalEntry.objects.filter(account="4821").exists()

    @pytest.mark.parametrize("act", [UndoEntry(1), DeleteList("")])
    def test_it_does_nothing_but_what_restoring_does(self, as_manager, manager, act):
        plan = restoring.Agreed("4821", "4821", (Step(0, ListEntry(1, "Спам", "black"), act),))
        token = uploads.keep(restoring.write_agreed(plan), of=manager, kind=Kind.PLAN)
        answer = as_manager.post("/restore/", {"plan": token, "confirm": "1"})
        assert answer.url == "/restore/"
        assert not JournalEntry.objects.exists()

    @pytest.mark.parametrize(
        "content", [b"", b"\xff", b"[]", b"{}", b'{"account": 1, "plan": "x"}']
    )
    @pytest.mark.parametrize("kind", [Kind.PLAN, Kind.BACKUP])
    def test_what_cannot_be_read_any_more_is_as_good_as_gone(
        self, as_manager, manager, content, kind
    ):
        token = uploads.keep(content, of=manager, kind=kind)
        name, button = ("plan", "confirm") if kind is Kind.PLAN else ("upload", "choose")
        answer = as_manager.post("/restore/", {name: token, button: "1", "list": "1"})
        assert answer.url == "/restore/"


def test_an_account_that_was_switched_since_the_preview_is_shown_anew(
    as_manager, by, changed, sandbox, manager, spam, stranger
):
    """What was agreed was agreed for the lists of another account."""
    by.api.delete_list(spam)
    preview = press(as_manager, upload(as_manager, changed), "choose", foreign="1")
    manager.credential.delete()
    CredentialFactory(user=manager, token=STRANGER_TOKEN, account="another")
    page = press(as_manager, preview, "confirm")
    assert page.status_code == 422
    assert says("Tick that you mean the backup of another account.") in text(page)
    again = press(as_manager, preview, "confirm", foreign="1")
    assert again.status_code == 409
    assert says("Something has changed.") in text(again)
    assert not JournalEntry.objects.exists()
    assert {call.method for call in sandbox.calls} == {"GET", "DELETE"}


def test_half_done_it_leads_to_the_page_of_the_act(as_manager, by, changed, sandbox, black, spam):
    by.api.delete_list(spam)
    preview = press(as_manager, upload(as_manager, changed), "choose")
    sandbox.fail("422", method="PUT", path=f"contact-lists/{black}")
    page = press(as_manager, preview, "confirm")
    assert page.status_code == 207
    entry = JournalEntry.objects.get(part_of=None)
    as_manager.post(f"/journal/{entry.pk}/go-on/")
    entry.refresh_from_db()
    assert entry.outcome == Outcome.CONFIRMED
    assert saying("restored").search(text(as_manager.get(f"/journal/{entry.pk}/")))


class TestOfSeveralLists:
    """One list's trouble keeps no other from being restored, and the rest is done later."""

    @pytest.fixture
    def five(self, sandbox, account):
        spam = [{"name": "Спам", "phones": ["101"]}]
        return [sandbox.add_list(account, name=f"Список {n}", contacts=spam) for n in range(5)]

    @pytest.fixture
    def preview(self, as_manager, by, five, sandbox, account):
        """What was in all of them is to come back."""
        file = io.BytesIO()
        backup.write_backup(file, by=by)
        for list_id in five:
            sandbox.put(account, list_id, {"contacts": []})
        return press(as_manager, upload(as_manager, file.getvalue()), "choose")

    @pytest.fixture
    def restored(self, sandbox, account):
        """Those that have their contacts again."""
        return lambda: [key for key, one in sandbox.lists(account).items() if one["contacts"]]

    def go_on(self, client):
        entry = JournalEntry.objects.get(part_of=None)
        client.post(f"/journal/{entry.pk}/go-on/")
        entry.refresh_from_db()
        return entry.outcome

    def test_the_api_fails_at_the_third(self, as_manager, preview, sandbox, five, restored):
        sandbox.fail("no-access", method="PUT", path=f"contact-lists/{five[2]}")
        page = press(as_manager, preview, "confirm")
        assert page.status_code == 207
        told = [row.select_one(".outcome") for row in page.soup.select("tbody tr")]
        assert ["confirmed" in one["class"] for one in told] == [True, True, False, True, True]
        assert "Нет доступа" in told[2].text
        assert restored() == [*five[:2], *five[3:]]
        sandbox.clear_calls()
        assert self.go_on(as_manager) == Outcome.CONFIRMED
        puts = [call.path for call in sandbox.calls if call.method == "PUT"]
        assert [path.rpartition("/")[2] for path in puts] == [str(five[2])]
        assert restored() == five

    def test_the_token_is_refused_in_the_middle(self, as_manager, preview, sandbox, five, restored):
        sandbox.fail("401", method="PUT", skip=2, times=None)
        page = press(as_manager, preview, "confirm")
        assert page.status_code == 207
        told = [row.select_one(".outcome") for row in page.soup.select("tbody tr")]
        assert ["confirmed" in one["class"] for one in told] == [True, True, False, False, False]
        assert restored() == five[:2]
        sandbox.clear_faults()
        assert self.go_on(as_manager) == Outcome.CONFIRMED
        assert restored() == five

    def test_a_list_is_deleted_by_then(self, as_manager, by, preview, five, restored):
        by.api.delete_list(five[0])
        page = press(as_manager, preview, "confirm")
        assert page.status_code == 207
        assert restored() == five[1:]

    def test_a_list_is_locked_by_then(self, as_manager, anna, preview, five, restored, monkeypatch):
        monkeypatch.setattr(lock, "LONGEST_WAIT", 0.1)
        JournalEntryFactory(
            user=anna,
            username="anna",
            list_id=five[0],
            outcome=Outcome.LOCKED,
            started_at=timezone.now(),
            ended_at=None,
        )
        page = press(as_manager, preview, "confirm")
        assert page.status_code == 207
        assert "anna" in text(page)
        assert restored() == five[1:]
