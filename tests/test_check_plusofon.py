"""`manage.py check_plusofon USER`: whether a token works, in sentences, and by reading alone."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from lists.models import Credential, JournalEntry, Outcome
from lists.services.checking import MOST_CALLS

from .conftest import MANAGER_TOKEN
from .factories import JournalEntryFactory
from .test_setup import manage


@pytest.fixture
def check(capsys):
    """What it says, and the sentence with which it ends, or ""."""

    def run(user="manager"):
        sentence = ""
        try:
            call_command("check_plusofon", user)
        except CommandError as error:
            sentence = str(error)
        return capsys.readouterr().out, sentence

    return run


def test_a_token_that_works_is_told_in_a_line_for_each_fact(check, manager, sandbox, black):
    said, sentence = check()
    assert sentence == ""
    lines = said.splitlines()
    assert lines[0].startswith("http://127.0.0.1:")
    assert lines[0].endswith(", client code 10553")
    assert [line.partition(":")[0] for line in lines[1:]] == [
        *("Account", "Lists", "Contacts", "List types", "Changing lists"),
    ]
    assert "no. 4821" in lines[1]
    assert "1 can be listed" in lines[2]
    assert "black, white" in lines[4]
    assert all(line.endswith(" ms") for line in lines[1:5])


def test_it_only_reads_and_calls_no_more_than_it_says(check, manager, sandbox, account, black):
    for _ in range(40):
        sandbox.add_list(account, name="Ещё один")
    before = list(Credential.objects.values())
    check()
    assert [call.method for call in sandbox.calls] == ["GET"] * MOST_CALLS
    assert list(Credential.objects.values()) == before
    assert not JournalEntry.objects.exists()


def test_an_account_without_lists_is_no_fault(check, manager, sandbox):
    said, sentence = check()
    assert (sentence, "Contacts" in said) == ("", False)
    assert "0 can be listed" in said


def test_whether_it_may_write_is_told_by_what_it_has_written(check, manager, sandbox, settings):
    settings.TIME_ZONE = "Europe/Moscow"
    assert "whether the token may was not tried" in check()[0]
    assert "Nothing was saved with this token yet." in check()[0]
    at = manager.credential.set_at + timedelta(minutes=1)
    own = {"user": manager, "sent_at": at}
    JournalEntryFactory(**own)
    for other in (
        {"outcome": Outcome.UNKNOWN},
        {"cause": "TimedOut"},
        {"sent_at": manager.credential.set_at - timedelta(days=1)},
        {"account": "another"},
        {"user": None},
    ):
        JournalEntryFactory(**{**own, "sent_at": at + timedelta(days=1), **other})
    expected = timezone.localtime(at).strftime("on %Y-%m-%d at %H:%M.")
    assert check()[0].endswith(f"Something was last saved with it {expected}\n")


def test_who_may_not_change_lists_here_is_said(check, support, sandbox):
    assert "support may not, in this dashboard." in check("support")[0]


@pytest.mark.parametrize("kind", ["404", "403", "no-access"])
def test_an_owner_that_is_not_told_is_no_fault(check, manager, sandbox, kind):
    sandbox.fail(kind, path="authuser", times=None)
    said, sentence = check()
    assert sentence == ""
    assert "Account: Plusofon does not tell whose it is" in said


@pytest.mark.parametrize(
    ("kind", "path", "words"),
    [
        ("401", "authuser", "Account: manager reads: “Plusofon does not accept your token. "),
        ("401", "contact-lists", "manager has to make a new token at lk.plusofon.ru"),
        ("403", "contact-lists", "“Plusofon does not allow this. "),
        ("no-access", "contact-lists", "The token needs the right to contact lists"),
        ("404", "contact-lists", "Lists: manager reads: “List not found"),
        ("429:0", "contact-lists", "“Too many calls to Plusofon. "),
        ("500", "contact-lists", "“Plusofon is not working right now. "),
        ("500-html", "authuser", "Account: manager reads: “Plusofon is not working right now. "),
        ("502", "contact-lists", "ask Plusofon."),
        ("html", "contact-lists", "“Plusofon's answer could not be understood. "),
        ("401-html", "contact-lists", "status 401, and not in the API's words"),
        ("odd-page", "contact-lists", "Or the API has changed (docs/operations.md)."),
        ("success-false", "contact-lists/types", "List types: manager reads: "),
        ("cut", "contact-lists", "“The connection to Plusofon was lost. "),
        ("hang", "authuser", "“Plusofon is taking too long. "),
    ],
)
def test_each_trouble_is_told_in_the_words_of_the_pages_with_what_to_do(
    check, manager, sandbox, black, settings, kind, path, words
):
    settings.PLUSOFON_TIMEOUT = 0.5
    sandbox.fail(kind, path=path, times=None)
    said, sentence = check()
    assert words in sentence
    assert "Changing lists" not in said
    assert MANAGER_TOKEN not in said + sentence


def test_what_can_still_be_tried_is_tried(check, manager, sandbox, black):
    sandbox.fail("500", path=f"contact-lists/{black}", times=None)
    sandbox.fail("html", path="authuser", times=None)
    said, sentence = check()
    assert [line.partition(":")[0] for line in sentence.splitlines()] == ["Account", "Contacts"]
    assert [line.partition(":")[0] for line in said.splitlines()[1:]] == ["Lists", "List types"]


@pytest.mark.parametrize("part", ["authuser", "contact-lists"])
def test_a_refused_token_is_not_tried_again(check, manager, sandbox, black, part):
    sandbox.fail("401", path=part, times=None)
    check()
    assert sandbox.calls[-1].path.endswith(part)


def test_an_api_that_stops_answering_is_not_waited_for_again(
    check, manager, sandbox, black, settings
):
    settings.PLUSOFON_TIMEOUT = 0.3
    sandbox.fail("hang", path=f"contact-lists/{black}", times=None)
    assert check()[1].startswith("Contacts: ")
    assert sandbox.calls[-1].path.endswith(str(black))


def test_an_api_that_cannot_be_reached_is_named_with_the_reason(check, manager, sandbox, settings):
    settings.PLUSOFON_API_URL = "http://127.0.0.1:9"
    settings.PLUSOFON_TIMEOUT = 1.0
    said, sentence = check()
    assert said.startswith("http://127.0.0.1:9, ")
    assert "“Plusofon cannot be reached. We could not connect. Nothing was sent.”" in sentence
    assert "refused" in sentence
    assert "Check PLUSOFON_API_URL" in sentence


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (
            lambda: Credential.objects.all().delete(),
            "“You are not connected to Plusofon yet.” manager",
        ),
        (
            lambda: Credential.objects.update(sealed_token="nonsense"),
            "“Your saved token can no longer be read. Enter it again.” .* a key is missing",
        ),
        (lambda: User.objects.update(is_active=False), "manager is deactivated: a token of theirs"),
        (lambda: User.objects.update(username="anna"), "There is nobody called manager."),
    ],
)
def test_who_has_no_usable_token_asks_nothing(check, manager, sandbox, spoil, words):
    spoil()
    said, sentence = check()
    assert said == ""
    assert re.search(words, sentence)
    assert sandbox.calls == []


def test_a_colleague_of_another_account_sees_their_own(check, stranger, manager, sandbox, black):
    assert "0 can be listed" in check("stranger")[0]


def test_it_ends_with_1_and_speaks_english_whatever_the_pages_do(db, tmp_path):
    url = f"sqlite:///{tmp_path / 'db.sqlite3'}"
    done = manage("check_plusofon", "manager", DATABASE_URL=url, LANGUAGE_CODE="ru")
    assert done.returncode == 1
    assert done.stderr.startswith(
        "CommandError: The dashboard's own database does not work just now"
    )
