"""Support asks for a block, a manager decides, who asked sees it. One decision each."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lists.conflicts import Overtaken
from lists.connection import CredentialMissing
from lists.intents import Planned
from lists.models import BlockRequest, JournalEntry
from lists.plusofon.values import Contact, ContactList, ListEntry
from lists.services import blocking, deciding, requests, steps
from lists.services.side_by_side import Done
from lists.writing import retention
from lists.writing.outcomes import AlreadyDone
from tests.calls import methods
from tests.client import fields, signed_in, text
from tests.factories import BlockRequestFactory, UserFactory
from tests.words import saying, says, says_many

NEW = "8 999 111-22-33"
State = BlockRequest.State

SPAM = ListEntry(11, "Спам", "black")
PLANNED = Planned(SPAM)
DONE = Done(SPAM, AlreadyDone(ContactList(11, "Спам", "black", ())))


def numbers(*spelled):
    """As sentences name them."""
    several = "the number %(numbers)s", "the numbers %(numbers)s"
    return says_many(*several, len(spelled), numbers=", ".join(spelled))


@pytest.fixture
def asked(support, black):
    """Two numbers, one of them blocked already."""
    return BlockRequestFactory(
        user=support, username="support", list_id=black, numbers="79991112233\n79998887766"
    )


def form(numbers, list_id, **more):
    """As a person sends it who has seen what is known of these numbers."""
    told = {"checked": "79991112233,101"}
    return {"numbers": numbers, "list": str(list_id), "reason": "Мешает работать", **told, **more}


def confirmed(asked, **changed):
    typed = {"numbers": asked.numbers, "name": asked.reason, "list": asked.list_id, "confirm": "1"}
    return typed | changed


def contacts(sandbox, account, list_id):
    return [(c["name"], c["phones"]) for c in sandbox.lists(account)[list_id]["contacts"]]


def waiting(page):
    mark = page.soup.select_one("header .waiting")
    return mark and mark.text.split()[-1]


def sentences(client):
    return [cell.select_one("bdi").text for cell in client.get("/journal/").soup.select(".what")]


# Asking


def test_a_lookup_leads_support_to_asking(as_support, as_manager, black):
    link = "a[href='/requests/new/?number=79991112233']"
    assert as_support.get("/lookup/?number=79991112233").soup.select(link)
    assert not as_manager.get("/lookup/?number=79991112233").soup.select(link)
    page = as_support.get("/requests/new/?number=79991112233")
    assert page.soup.select_one("#id_numbers").text.strip() == "79991112233"


def test_what_was_asked_waits_in_the_queue_and_stands_in_the_journal(
    as_support, as_manager, sandbox, black
):
    answer = as_support.post("/requests/new/", form(f"{NEW}\n101", black))
    assert (answer.status_code, answer.url) == (302, "/requests/")
    assert saying("Request no. %(id)s is sent to the managers.").search(
        text(as_support.get(answer.url))
    )
    page = as_manager.get("/requests/")
    assert says_many("%(count)s request is waiting", "%(count)s requests are waiting", 1) in text(
        page
    )
    assert (
        f"+7 999 111-22-33, 101 {says('in', context='a list')} Чёрный список 1 Мешает работать support"
        in text(page)
    )
    assert waiting(page) == "1"
    assert sentences(as_manager) == [
        says(
            "%(who)s requested a block of %(what)s in “%(list)s”: %(reason)s",
            who="support",
            what=numbers("+7 999 111-22-33", "101"),
            list="Чёрный список 1",
            reason="Мешает работать",
        )
    ]
    assert "PUT" not in methods(sandbox)
    found = as_manager.get("/journal/?number=8+999+111-22-33&action=ask")
    assert len(found.soup.select("tbody tr")) == 1
    assert not found.soup.select("form[action$='/undo/']")


def test_pressing_twice_asks_once(as_support, black):
    page = as_support.get("/requests/new/")
    sent = fields(page, **form(NEW, black))
    for _ in range(2):
        assert as_support.post("/requests/new/", sent).status_code == 302
    assert BlockRequest.objects.count() == JournalEntry.objects.count() == 1
    as_support.post("/requests/new/", form(NEW, black))
    as_support.post("/requests/new/", form(NEW, black))
    assert BlockRequest.objects.count() == 3


@pytest.mark.parametrize(
    ("changed", "field", "words"),
    [
        ({"numbers": ""}, "numbers", says("Enter at least one number.")),
        (
            {"numbers": "abc"},
            "numbers",
            says(
                "“%(text)s” is not a phone number: only digits, spaces, + - ( ) are allowed.",
                text="abc",
            ),
        ),
        ({"reason": ""}, "reason", says("Give a reason: a manager decides by it.")),
        ({"list": ""}, "list", says("Choose a list.")),
        ({"list": "999"}, "list", says("This list no longer exists. Choose another.")),
        ({"once": "x"}, None, None),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_kept(as_support, black, changed, field, words):
    answer = as_support.post("/requests/new/", form(NEW, black) | changed)
    assert answer.status_code == 422
    if field:
        assert words in answer.soup.select_one(f"#id_{field}_error").text
    kept = {"numbers": NEW} | changed
    assert answer.soup.select_one("#id_numbers").text.strip() == kept["numbers"]
    assert not BlockRequest.objects.exists()


def test_the_last_list_is_offered_first(as_support, sandbox, account, black):
    later = sandbox.add_list(account, name="Последний")
    as_support.post("/requests/new/", form(NEW, later))
    options = as_support.get("/requests/new/").soup.select("[name=list] option")
    assert [option["value"] for option in options] == [str(later), "manager", str(black)]


def test_without_lists_there_is_nothing_to_ask_for(as_support, sandbox):
    assert says("There are no lists in this account yet.") in text(as_support.get("/requests/new/"))


def test_many_numbers_are_asked_for_at_once(as_support, black):
    many = as_support.post("/lookup/many/", {"numbers": "79998887766\n79110000000\n103"})
    sent = {f["name"]: f["value"] for f in many.soup.select("form[action='/requests/new/'] input")}
    page = as_support.post("/requests/new/", {**sent, "fill": "1"})
    assert page.status_code == 200
    assert page.soup.select_one("#id_numbers").text.strip() == "79110000000, 103"


def test_a_lookup_tells_what_was_asked_already(as_support, as_manager, asked):
    told = as_support.get(f"/lookup/?number={NEW}")
    assert saying(
        "%(who)s has requested a block of this number in “%(list)s” (%(time)s): %(reason)s",
        who="support",
    ).search(text(told))
    assert not told.soup.select("a[href^='/requests/new/']")
    link = as_manager.get(f"/lookup/?number={NEW}").soup.select_one(".answer .notice.good a")
    assert link["href"] == f"/requests/{asked.pk}/accept/"
    assert not saying(
        "%(who)s has requested a block of this number in “%(list)s” (%(time)s): %(reason)s"
    ).search(text(as_support.get("/lookup/?number=79991112234")))


# Deciding


def test_accepting_shows_first_what_will_happen(as_manager, sandbox, asked):
    page = as_manager.get(f"/requests/{asked.pk}/accept/")
    assert page.status_code == 200
    assert saying(
        "%(who)s (%(time)s) asks to block in “%(list)s”: %(reason)s", who="support"
    ).search(text(page))
    assert [s.text for s in page.soup.select(".status")] == [
        says("will be blocked"),
        says("already there"),
    ]
    assert page.soup.select_one("#id_name")["value"] == asked.reason
    assert "PUT" not in methods(sandbox)


def test_an_accepted_request_is_blocked_and_told_to_who_asked(
    as_manager, as_support, sandbox, account, black, asked
):
    answer = as_manager.post(f"/requests/{asked.pk}/accept/", confirmed(asked))
    assert (answer.status_code, answer.url) == (302, "/requests/")
    assert contacts(sandbox, account, black)[-1] == ("Мешает", ["79991112233"])
    assert waiting(as_manager.get("/requests/")) is None
    assert waiting(as_support.get("/lists/")) == "1"
    page = as_support.get("/requests/")
    assert (
        f"{says('blocked')} {says('new')} {says('in', context='a list')} Чёрный список 1 manager"
        in text(page)
    )
    assert waiting(page) is None
    assert says("new") not in text(as_support.get("/requests/"))
    assert sentences(as_manager)[0] == (
        says(
            "%(who)s accepted request no. %(id)s by %(asker)s to block %(what)s",
            who="manager",
            id=asked.pk,
            asker="support",
            what=numbers("+7 999 111-22-33", "+7 999 888-77-66"),
        )
    )
    assert sentences(as_manager)[1].startswith(
        says_many(
            "%(who)s added %(what)s to “%(list)s”",
            "%(who)s added %(what)s to “%(list)s”",
            1,
            who="manager",
            what=says("%(numbers)s (%(name)s)", numbers=numbers("+7 999 111-22-33"), name="Мешает"),
            list="Чёрный список 1",
        )
    )


def test_what_the_manager_left_out_is_told(as_manager, as_support, asked):
    as_manager.post(f"/requests/{asked.pk}/accept/", confirmed(asked, numbers=NEW))
    assert f"{says('without:')} +7 999 888-77-66" in text(as_support.get("/requests/"))


def test_what_is_there_already_closes_the_request_without_a_write(
    as_manager, sandbox, support, black
):
    asked = BlockRequestFactory(user=support, list_id=black, numbers="79998887766")
    page = as_manager.get(f"/requests/{asked.pk}/accept/")
    assert says("Close the request: it is done") in text(page)
    as_manager.post(f"/requests/{asked.pk}/accept/", confirmed(asked))
    asked.refresh_from_db()
    assert asked.state == State.ACCEPTED
    assert "PUT" not in methods(sandbox)


def test_a_declined_request_says_why(as_manager, as_support, sandbox, asked):
    page = as_manager.get(f"/requests/{asked.pk}/decline/")
    assert "+7 999 111-22-33, +7 999 888-77-66" in text(page)
    empty = as_manager.post(f"/requests/{asked.pk}/decline/", {"why": ""})
    assert empty.status_code == 422
    assert says("Give a reason: the person who asked will read it.") in text(empty)
    answer = as_manager.post(f"/requests/{asked.pk}/decline/", {"why": "Это наш клиент"})
    assert (answer.status_code, answer.url) == (302, "/requests/")
    assert f"{says('declined')} {says('new')} Это наш клиент manager" in text(
        as_support.get("/requests/")
    )
    assert sentences(as_manager) == [
        says(
            "%(who)s declined request no. %(id)s by %(asker)s (%(what)s): %(answer)s",
            who="manager",
            id=asked.pk,
            asker="support",
            what=numbers("+7 999 111-22-33", "+7 999 888-77-66"),
            answer="Это наш клиент",
        )
    ]
    assert sandbox.calls == []


@pytest.mark.parametrize("path", ["accept", "decline"])
def test_who_comes_second_is_told_and_sends_nothing(as_manager, sandbox, asked, path, anna):
    deciding.decline(asked, "Клиент", by=anna)
    for answer in (
        as_manager.get(f"/requests/{asked.pk}/{path}/"),
        as_manager.post(f"/requests/{asked.pk}/{path}/", confirmed(asked, why="Нет")),
    ):
        assert answer.status_code == 409
        assert says(
            "Request no. %(id)s has already been decided. Nothing was sent.", id=asked.pk
        ) in text(answer)
        assert "anna" in text(answer)
    assert "PUT" not in methods(sandbox)
    assert JournalEntry.objects.count() == 1


@pytest.mark.parametrize("path", ["accept", "decline"])
def test_of_two_who_decide_at_once_one_wins(
    as_manager, sandbox, account, black, asked, monkeypatch, path, anna
):
    """The second comes while the first is being written."""
    second, answers, real = signed_in(anna), [], blocking.block

    def block(*args, **kwargs):
        if not answers:
            sent = confirmed(asked, why="Нет")
            answers.append(second.post(f"/requests/{asked.pk}/{path}/", sent))
        return real(*args, **kwargs)

    monkeypatch.setattr(blocking, "block", block)
    first = as_manager.post(f"/requests/{asked.pk}/accept/", confirmed(asked))
    assert (first.status_code, answers[0].status_code) == (302, 409)
    assert saying(
        "%(who)s is deciding request no. %(id)s right now. Nothing was sent.", who="manager"
    ).search(text(answers[0]))
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == (State.ACCEPTED, "manager")
    assert len(contacts(sandbox, account, black)) == 4


def test_a_claim_that_somebody_left_behind_lapses(as_manager, asked):
    asked.claimed_by, asked.claimed_at = "anna", timezone.now() - timedelta(minutes=1)
    asked.save()
    assert says("%(who)s is deciding it right now", who="anna") in text(
        as_manager.get("/requests/")
    )
    assert as_manager.post(f"/requests/{asked.pk}/decline/", {"why": "Нет"}).status_code == 409
    asked.claimed_at -= timedelta(minutes=5)
    asked.save()
    assert not saying("%(who)s is deciding it right now").search(text(as_manager.get("/requests/")))
    assert as_manager.post(f"/requests/{asked.pk}/decline/", {"why": "Нет"}).status_code == 302


def test_a_decision_made_after_the_claim_lapsed_stands(asked, manager, by, monkeypatch, anna):
    """Blocking took longer than anybody should: the other's word counts, the journal tells both."""

    def slow(*args, **kwargs):
        long_ago = timezone.now() - timedelta(minutes=6)
        BlockRequest.objects.update(claimed_at=long_ago)
        deciding.decline(asked, "Клиент", by=anna)
        return [DONE]

    monkeypatch.setattr(blocking, "block", slow)
    mine = requests.request_of(asked.pk, by=manager)
    deciding.accept(mine, Contact("Спам", ("101",)), [PLANNED], by=by)
    asked.refresh_from_db()
    assert (asked.state, asked.decided_by) == (State.DECLINED, "anna")
    assert [entry.action for entry in JournalEntry.objects.all()] == ["decline"]


def test_who_claims_again_is_not_disturbed_by_their_own_earlier_claim(asked, by, monkeypatch):
    later = timezone.now() + timedelta(seconds=1)

    def slow(*args, **kwargs):
        BlockRequest.objects.update(claimed_at=later)
        return [DONE]

    monkeypatch.setattr(blocking, "block", slow)
    deciding.accept(asked, Contact("Спам", ("101",)), [PLANNED], by=by)
    asked.refresh_from_db()
    assert (asked.state, asked.claimed_at) == (State.OPEN, later)


def test_what_is_decided_stays_decided_for_who_looked_before(asked, manager):
    seen_before = requests.request_of(asked.pk, by=manager)
    deciding.decline(asked, "Клиент", by=manager)
    BlockRequest.objects.update(claimed_at=timezone.now() - timedelta(days=1))
    with pytest.raises(requests.Taken):
        deciding.decline(seen_before, "Нет", by=manager)
    assert JournalEntry.objects.count() == 1


def test_trouble_leaves_the_request_in_the_queue_and_offers_the_rest(
    as_manager, sandbox, account, black, asked
):
    second = sandbox.add_list(account, name="Второй")
    sandbox.fail("422", method="PUT", path=f"contact-lists/{second}")
    path = f"/requests/{asked.pk}/accept/"
    answer = as_manager.post(path, confirmed(asked, list=[black, second]))
    assert answer.status_code == 207
    asked.refresh_from_db()
    assert (asked.state, asked.claimed_at) == (State.OPEN, None)
    rest = answer.soup.select_one(f"main form[action='{path}']")
    again = {f["name"]: f["value"] for f in rest.select("input")}
    assert as_manager.post(path, {**again, "confirm": "1"}).status_code == 302
    asked.refresh_from_db()
    assert asked.state == State.ACCEPTED


def test_an_unknown_end_is_no_acceptance(as_manager, sandbox, black, asked):
    sandbox.fail("500", method="GET", path=f"contact-lists/{black}", times=None, skip=1)
    answer = as_manager.post(f"/requests/{asked.pk}/accept/", confirmed(asked))
    assert answer.status_code == 207
    asked.refresh_from_db()
    assert asked.state == State.OPEN
    sandbox.clear_faults()
    as_manager.post(f"/requests/{asked.pk}/accept/", confirmed(asked))
    asked.refresh_from_db()
    assert asked.state == State.ACCEPTED


def test_a_list_that_is_gone_is_said_beside_the_lists(as_manager, sandbox, support, black):
    asked = BlockRequestFactory(user=support, list_id=999)
    page = as_manager.get(f"/requests/{asked.pk}/accept/")
    assert page.status_code == 422
    assert (
        says("This list no longer exists. Choose another.")
        in page.soup.select_one("#id_list_error").text
    )
    assert page.soup.select_one("#id_numbers").text.strip() == asked.numbers


# Whose


def test_requests_belong_to_an_account(as_manager, sandbox, asked):
    BlockRequest.objects.update(account="another")
    page = as_manager.get("/requests/")
    assert says("No request is waiting.") in text(page)
    assert waiting(page) is None
    for path in ("accept", "decline"):
        assert as_manager.get(f"/requests/{asked.pk}/{path}/").status_code == 404


def test_who_is_not_connected_is_led_to_the_connection(db, sandbox, black):
    user = UserFactory(group="Managers")
    assert requests.waiting(by=user) == 0
    with pytest.raises(CredentialMissing):
        requests.queue(by=user)
    answer = signed_in(user).get("/requests/")
    assert (answer.status_code, answer.url) == (302, "/connection/?next=%2Frequests%2F")


def test_support_sees_no_way_to_decide(as_support, asked):
    page = as_support.get("/requests/")
    assert "Мешает" in text(page)
    assert not page.soup.select("[href$='/accept/'], [href$='/decline/']")


def test_a_request_can_neither_be_undone_nor_checked(as_manager, asked):
    deciding.decline(asked, "Нет", by=asked.user)
    entry = JournalEntry.objects.get()
    for path in ("undo", "check"):
        assert as_manager.post(f"/journal/{entry.pk}/{path}/").status_code == 404


def test_decided_requests_are_paged(as_manager, manager, sandbox):
    BlockRequestFactory.create_batch(
        60, state=State.DECLINED, decided_by="anna", decided_at=timezone.now(), answer="Нет"
    )
    assert len(as_manager.get("/requests/").soup.select("tbody tr")) == 50
    assert len(as_manager.get("/requests/?page=2").soup.select("tbody tr")) == 10


def test_many_numbers_of_a_request_are_cut(as_manager, manager, sandbox):
    BlockRequestFactory(numbers="\n".join(map(str, range(101, 121))))
    page = text(as_manager.get("/requests/"))
    assert "105" in page
    assert says("and %(more)s more", more=15) in page
    assert "106" not in page


def test_a_request_stays_as_long_as_the_journal_tells_of_it(asked, manager, settings):
    deciding.decline(asked, "Нет", by=manager)
    long_ago = timezone.now() - timedelta(days=settings.JOURNAL_KEEP_DAYS + 1)
    BlockRequest.objects.update(decided_at=long_ago)
    waits = BlockRequestFactory()
    assert retention.prune() == 0
    assert BlockRequest.objects.count() == 2
    JournalEntry.objects.update(started_at=long_ago)
    assert retention.prune() == 1
    assert list(BlockRequest.objects.all()) == [waits]


def test_a_person_who_leaves_leaves_the_request(asked, as_manager):
    asked.user.delete()
    assert "support" in text(as_manager.get("/requests/"))


@pytest.mark.parametrize("lists", [1, 2])
def test_a_claim_that_lapsed_in_a_long_block_stops_it(asked, by, black, monkeypatch, lists, anna):
    """Somebody else decides by then. What was written until then is told."""
    real, written = steps.write, []

    def slow(intent, list_id, **kwargs):
        written.append(list_id)
        done = real(intent, list_id, **kwargs)
        BlockRequest.objects.update(claimed_at=timezone.now() - timedelta(minutes=6))
        deciding.decline(asked, "Клиент", by=anna)
        return done

    monkeypatch.setattr(steps, "write", slow)
    mine = requests.request_of(asked.pk, by=by.user)
    plans = [Planned(ListEntry(black, "Спам", "black"))] * lists
    done = deciding.accept(mine, Contact("Спам", ("105",)), plans, by=by).done
    assert [type(one.error) for one in done] == [type(None), Overtaken][:lists]
    assert len(written) == 1
    asked.refresh_from_db()
    assert asked.decided_by == "anna"


def test_a_claim_that_is_lost_before_anything_was_written_sends_nothing(
    asked, by, sandbox, monkeypatch
):
    real = blocking.block

    def overtaken(*args, **kwargs):
        BlockRequest.objects.update(claimed_by="anna")
        return real(*args, **kwargs)

    monkeypatch.setattr(blocking, "block", overtaken)
    with pytest.raises(requests.Taken):
        deciding.accept(asked, Contact("Спам", ("101",)), [PLANNED], by=by)
    assert sandbox.calls == []


class TestVeryManyRequests:
    """A page of them, whoever floods it; and each person a hundred at a time."""

    def test_are_shown_in_pages_with_few_queries(
        self, as_manager, black, django_assert_max_num_queries
    ):
        BlockRequestFactory.create_batch(120, list_id=black)
        BlockRequestFactory.create_batch(60, list_id=black, state=State.DECLINED, decided_by="m")
        BlockRequest.objects.filter(state=State.DECLINED).update(decided_at=timezone.now())
        with django_assert_max_num_queries(15):
            first = as_manager.get("/requests/")
        assert len(first.soup.select("tbody")[0].select("tr")) == 50
        assert says_many(
            "%(count)s request is waiting", "%(count)s requests are waiting", 120
        ) in text(first)
        assert waiting(first) == "120"
        last = as_manager.get("/requests/?page=2&waiting=3")
        queue, decided = last.soup.select("tbody")
        assert (len(queue.select("tr")), len(decided.select("tr"))) == (20, 10)
        back = [link["href"] for link in last.soup.select("nav.pager a[rel=prev]")]
        assert back == ["?page=2&waiting=2", "?page=1&waiting=3"]
        beyond = as_manager.get("/requests/?waiting=9")
        assert says(
            "There is no page %(number)s: the last one is %(last)s.", number=9, last=3
        ) in text(beyond)
        assert not saying("Page %(number)s of %(last)s", number=9).search(text(beyond))
        assert len(beyond.soup.select("table")) == 1
        beyond = as_manager.get("/requests/?page=9")
        assert says(
            "There is no page %(number)s: the last one is %(last)s.", number=9, last=2
        ) in text(beyond)
        assert beyond.soup.select_one(".empty a")["href"] == "?page=2"

    def test_are_no_more_than_a_manager_can_decide(self, as_support, support, black):
        others = BlockRequestFactory.create_batch(5, list_id=black)
        BlockRequestFactory.create_batch(requests.MOST_OPEN - 1, list_id=black, user=support)
        sent = form(NEW, black, once="11111111-1111-4111-8111-111111111111")
        assert as_support.post("/requests/new/", sent).status_code == 302
        refused = as_support.post("/requests/new/", form("101", black, reason="Ещё один"))
        assert refused.status_code == 422
        assert says(
            "You already have %(most)s open requests. Wait for a manager to decide; this one was"
            " not sent.",
            most=100,
        ) in text(refused)
        assert refused.soup.select_one("#id_numbers").text.strip() == "101"
        assert refused.soup.select_one("#id_reason")["value"] == "Ещё один"
        assert BlockRequest.objects.count() == requests.MOST_OPEN + len(others)
        again = as_support.post("/requests/new/", sent)  # pressed twice: it was sent
        assert again.status_code == 302
        BlockRequest.objects.filter(user=support).first().delete()
        assert as_support.post("/requests/new/", form("101", black)).status_code == 302

    def test_a_lookup_reads_only_those_about_its_number(self, support, black):
        numbers = "\n".join(f"7999{n:07}" for n in range(1000))
        BlockRequestFactory.create_batch(3, list_id=black, numbers=numbers)
        asked = BlockRequestFactory(list_id=black, numbers="101\n79991112233")
        BlockRequestFactory(list_id=black, numbers="799911122334")
        assert requests.open_about(NEW, by=support) == [asked]
