"""Who shares locks, journal and requests with whom (docs/architecture.md#accounts-and-credentials)."""

import pytest
from django.contrib.auth.models import User

from lists import encryption
from lists.models import BlockRequest, Credential, JournalEntry, Outcome
from lists.plusofon.errors import TimedOut
from lists.plusofon.values import Owner
from lists.services import accounts, credentials
from lists.writing import journal, lock
from tests.trouble import just_before

from ..factories import (
    BlockRequestFactory,
    CredentialFactory,
    JournalEntryFactory,
    UserFactory,
)

OWNER = Owner(4821, "Орлова Анна", "orlova@example.ru")
MANAGERS, SUPPORTS = map(encryption.fingerprint, ("manager-token", "support-token"))


@pytest.fixture
def unknown(db):
    """Two colleagues with a token each, of whom Plusofon did not tell the owner."""
    people = []
    for name, token in (("manager", "manager-token"), ("support", "support-token")):
        user = UserFactory(username=name)
        account = encryption.fingerprint(token)
        CredentialFactory(user=user, token=token, account=account, owner_name="", owner_email="")
        people.append(user)
    return people


def learn(user):
    credentials.learn_owner(User.objects.get(pk=user.pk))


@pytest.mark.parametrize(
    ("account", "is_owners"),
    [("4821", True), ("9" * 18, True), (MANAGERS, False), ("1" * 32, False)],
)
def test_an_owners_id_is_never_taken_for_a_fingerprint(account, is_owners):
    assert accounts.is_owner_id(account) is is_owners


def test_colleagues_who_were_taken_for_strangers_share_everything_once_the_owner_is_told(
    unknown, sandbox
):
    for account in (MANAGERS, SUPPORTS, "4821", "777"):
        JournalEntryFactory(account=account)
        BlockRequestFactory(account=account)
    for user in unknown:
        learn(user)
    assert {c.account for c in Credential.objects.all()} == {"4821"}
    assert {c.owner_email for c in Credential.objects.all()} == {"orlova@example.ru"}
    for rows in (JournalEntry, BlockRequest):
        assert sorted(row.account for row in rows.objects.all()) == ["4821"] * 3 + ["777"]


def test_two_people_with_one_token_move_together(unknown, sandbox):
    twin = CredentialFactory(token="manager-token", account=MANAGERS)
    learn(unknown[0])
    twin.refresh_from_db()
    assert twin.account == "4821"


def test_a_form_that_was_sent_under_both_accounts_does_not_keep_them_apart(unknown, sandbox):
    for account in (MANAGERS, "4821"):
        JournalEntryFactory(account=account, form_token="one")
        JournalEntryFactory(account=account, form_token=None)
        BlockRequestFactory(account=account, form_token="two")
    learn(unknown[0])
    assert JournalEntry.objects.filter(account="4821").count() == 4
    assert BlockRequest.objects.filter(account="4821").count() == 2
    assert JournalEntry.objects.get(form_token="one").account == "4821"
    assert BlockRequest.objects.filter(form_token="two").count() == 1


def test_a_save_under_way_keeps_its_lock_while_its_account_gets_its_name(
    unknown, sandbox, api, black
):
    manager, support = unknown
    by = credentials.connection_of(manager)
    with lock.held(lock.OfList(black), by=by) as entry:
        journal.sending_whole(entry, "delete", api.get_list(black))
        learn(manager)
        learn(support)
        held = JournalEntry.objects.get(outcome=Outcome.PENDING)
        assert (held.pk, held.account, held.list_id) == (entry.pk, "4821", black)
        journal.confirm(entry)
    assert JournalEntry.objects.get().outcome == Outcome.CONFIRMED


def test_rows_that_cannot_move_just_now_all_stay_and_are_asked_for_again(unknown, sandbox):
    entry = JournalEntryFactory(account=MANAGERS, form_token="one")

    def sent_under_the_owners_id():
        """The same form, by somebody else."""
        JournalEntryFactory(account="4821", form_token="one")

    with just_before('UPDATE "lists_journalentry" SET "account"', sent_under_the_owners_id):
        learn(unknown[0])
    entry.refresh_from_db()
    assert entry.account == MANAGERS
    assert Credential.objects.get(user=unknown[0]).account == MANAGERS
    learn(unknown[0])
    assert Credential.objects.get(user=unknown[0]).account == "4821"


def test_an_owner_that_was_told_is_not_forgotten_when_it_is_told_no_more(manager, sandbox):
    sandbox.fail("404", path="authuser", times=None)
    connected = credentials.connect(by=manager, token="manager-token", client_id="10553")
    assert (connected.account, connected.owner_email) == ("4821", "orlova@example.ru")
    other = credentials.connect(by=manager, token="stranger-token", client_id="10553")
    assert other.account == encryption.fingerprint("stranger-token")
    assert (other.owner_name, other.owner_email) == ("", "")


def test_rows_written_under_a_fingerprint_follow_when_somebody_connects_again(manager, sandbox):
    """Of a request that was under way while its account became the owner's."""
    late = JournalEntryFactory(account=MANAGERS)
    credentials.connect(by=manager, token="manager-token", client_id="10553")
    late.refresh_from_db()
    assert late.account == "4821"


def test_an_owner_that_cannot_be_told_just_now_is_an_error_with_its_cause(unknown, sandbox, api):
    sandbox.hang_seconds = 5
    sandbox.fail("hang", path="authuser")
    with pytest.raises(accounts.OwnerUnknown) as raised:
        accounts.owner_of(api.hurried(0.1))
    assert isinstance(raised.value.cause, TimedOut)


def test_whoever_is_deactivated_while_the_owner_is_asked_for_breaks_nothing(
    unknown, api, monkeypatch
):
    def meanwhile(_api):
        Credential.objects.all().delete()
        return Owner(4821, "Анна", "")

    monkeypatch.setattr(accounts, "owner_of", meanwhile)
    accounts.learn_owner(unknown[0].credential, api=api)
    assert not Credential.objects.exists()


def test_adopting_names_longer_than_their_columns_cuts_them(unknown):
    accounts.adopt(Owner(4821, "А" * 300, "a" * 300), of={MANAGERS})
    moved = Credential.objects.get(account="4821")
    assert (len(moved.owner_name), len(moved.owner_email)) == (200, 200)
