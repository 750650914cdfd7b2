"""The day at a glance: what needs somebody, what was done, and how it stands at Plusofon."""

import re
from datetime import datetime, time, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from django.utils.formats import date_format

from lists import bulkhead, encryption
from lists.intents import AddContacts
from lists.models import Action, BlockRequest, Credential, JournalEntry, JournalName, Outcome
from lists.services import survey
from lists.views import overview
from lists.wording.times import hour
from lists.writing.write import write
from tests.calls import methods
from tests.people import ANNA
from tests.words import saying, says, says_many

from ..client import fields, in_english, signed_in, text, words
from ..factories import BlockRequestFactory, JournalEntryFactory

pytestmark = pytest.mark.django_db
OVERVIEW, NOW, SIZES = "/overview/", "/overview/now/", "/overview/lists/"
NONE_OUTSIDE = "No list is known to have been changed outside since it was saved here."
PEOPLE = ["manager", "support"]


@pytest.fixture
def client_of(request, sandbox, db):
    """A person's browser, by their name."""
    return lambda name: signed_in(request.getfixturevalue(name))


@pytest.fixture
def page_of(client_of):
    """A person's overview, by their name."""
    return lambda name: client_of(name).get(OVERVIEW)


def at(days_ago, hour_of_day=12):
    day = timezone.localdate() - timedelta(days=days_ago)
    return timezone.make_aware(datetime.combine(day, time(hour_of_day)))


def written(days_ago=0, action=Action.ADD, **fields):
    return JournalEntryFactory(started_at=at(days_ago), action=action, **fields)


def found_by(client, link):
    """How many entries the journal shows behind a link of the overview."""
    journal = client.get(link["href"])
    assert journal.status_code == 200
    return len(journal.soup.select("td.what"))


def rows(page, heading):
    """The links and numbers of a picture that is a table."""
    table = page.soup.select_one(f"table[aria-labelledby={heading}]")
    return [
        (row.select_one("th a"), [words(cell) for cell in row.select("td")])
        for row in (table.select("tbody tr") if table else ())
    ]


class TestTheWayThere:
    def test_the_root_and_the_sign_in_lead_here(self, as_manager, as_anonymous, manager):
        assert as_manager.get("/").url == OVERVIEW
        manager.set_password("secret-secret")
        manager.save()
        form = {"username": "manager", "password": "secret-secret"}
        assert as_anonymous.post("/login/", form).url == OVERVIEW

    def test_the_menu_and_the_name_of_the_house_lead_here(self, page_of):
        page = page_of("support")
        first = page.soup.select_one("nav.menu a")
        assert (first["href"], first.get("aria-current")) == (OVERVIEW, "page")
        assert page.soup.select_one("a.brand")["href"] == OVERVIEW


@pytest.mark.parametrize("name", PEOPLE)
class TestForEverybody:
    def test_comes_without_a_call_and_in_few_queries(
        self, client_of, name, sandbox, django_assert_max_num_queries
    ):
        written()
        client = client_of(name)
        client.get(OVERVIEW)
        with django_assert_max_num_queries(13):
            assert client.get(OVERVIEW).status_code == 200
        assert sandbox.calls == []

    def test_searches_for_one_and_for_many(self, page_of, name):
        page = page_of(name)
        field = page.soup.select_one("main #lookup-number")
        assert field.find_parent("form")["action"] == "/lookup/"
        assert page.soup.select_one("main search a")["href"] == "/lookup/many/"

    def test_tells_todays_last_changes_and_how_many_there_are(self, client_of, name):
        written(1, username="yesterday")
        for n in range(overview.LATEST + 1):
            written(username=f"person{n}")
        client = client_of(name)
        page = client.get(OVERVIEW)
        told = [re.match(r"\w+", words(line))[0] for line in page.soup.select(".today .what")]
        assert told == [f"person{n}" for n in range(overview.LATEST, 0, -1)]
        link = page.soup.select_one(".today .under a")
        assert words(link) == says_many("%(total)s entry", "%(total)s entries", 9)
        assert found_by(client, link) == 9
        assert page.soup.select_one(".today time").text == "12:00"
        assert not page.soup.select(".today form")

    def test_of_a_quiet_day_says_so(self, page_of, name):
        written(1)
        page = page_of(name)
        assert says("Nothing was changed today.") in text(page)
        assert not page.soup.select(".today .under a")

    def test_what_is_told_of_today_follows_what_becomes_of_it(self, page_of, name, manager):
        entry = written(outcome=Outcome.UNKNOWN)
        assert says("not known") in words(page_of(name).soup.select_one(".today .outcome"))
        entry.outcome = Outcome.CONFIRMED
        entry.save()
        assert not page_of(name).soup.select(".today .outcome")
        written(undoes=entry, action=Action.REMOVE)
        assert says("undone") in words(page_of(name).soup.select_one(".today .outcome"))

    def test_shows_nothing_of_another_account(self, page_of, name):
        written(account="another", username="alien")
        BlockRequestFactory(account="another", reason="Чужая причина")
        page = page_of(name)
        assert "alien" not in text(page)
        assert "Чужая" not in text(page)
        assert says("No request was made in these days.") in text(page)


class TestPictures:
    @pytest.fixture(autouse=True)
    def entries(self, manager):
        for days_ago in (0, 0, 3, 29):
            written(days_ago, username="anna")
        written(3, Action.REMOVE, username="вера & ко")
        written(3, Action.EDIT, username="вера & ко")
        for outcome in (Outcome.REFUSED, Outcome.UNKNOWN):
            written(3, outcome=outcome, list_id=None)

    def test_the_plot_has_a_column_a_day_and_leads_to_its_journal(self, as_manager):
        plot = as_manager.get(OVERVIEW).soup.select_one(".plot > svg")
        assert plot["aria-hidden"] == "true"
        links = plot.select("a")
        assert {link["tabindex"] for link in links} == {"-1"}
        titles = [words(link.title) for link in links]
        day = date_format(at(3), "j E")
        assert titles[1] == f"{day}: +1 −1"
        assert [found_by(as_manager, link) for link in links] == [1, 5, 2]

    def test_bars_stand_on_one_axis_and_fill_the_picture(self, as_manager):
        plot = as_manager.get(OVERVIEW).soup.select_one(".plot > svg")
        assert plot["viewbox"] == "0 0 300 101"
        assert [bar["d"] for bar in plot.select(".up")] == ["M5 67V33", "M265 67V33", "M295 67V0"]
        down = [bar["d"] for bar in plot.select(".down")]
        assert down == ["M5 67V67", "M265 67V101", "M295 67V67"]

    def test_its_sums_find_in_the_journal_exactly_what_was_counted(self, as_manager):
        caption = as_manager.get(OVERVIEW).soup.select_one(".plot figcaption")
        blocks, unblocks = caption.select("a")
        assert words(blocks) == f"{says('Blocks:')} 4"
        assert words(unblocks) == f"{says('Unblocks:')} 1"
        assert (found_by(as_manager, blocks), found_by(as_manager, unblocks)) == (4, 1)
        assert says("Most on %(day)s", day=date_format(at(0), "j E")) in words(caption)

    def test_behind_it_stands_a_table_of_every_day(self, as_manager):
        page = as_manager.get(OVERVIEW)
        days = rows(page, "days")
        assert len(days) == 30
        assert [cells for _, cells in days[:4]] == [["2", "0"], ["0", "0"], ["0", "0"], ["1", "1"]]
        today = timezone.localdate().isoformat()
        assert days[0][0]["href"] == f"/journal/?since={today}&until={today}"

    def test_who_did_what_leads_to_their_entries(self, as_manager):
        people = rows(as_manager.get(OVERVIEW), "people")
        assert [(words(link), cells) for link, cells in people] == [
            ("anna", ["3", "0", "3"]),
            ("вера & ко", ["0", "1", "2"]),
        ]
        assert [found_by(as_manager, link) for link, _ in people] == [3, 2]

    def test_bars_of_a_table_are_shares_of_the_longest(self, as_manager):
        page = as_manager.get(OVERVIEW)
        bars = page.soup.select("table[aria-labelledby=people] .bar")
        assert [bar.rect["width"] for bar in bars] == ["100%", "67%"]
        assert {bar["aria-hidden"] for bar in bars} == {"true"}

    def test_reasons_lead_to_the_requests_that_give_them(self, as_manager, as_support, black):
        for n, reason in enumerate(("Спам", "Звонит ночью", "СПАМ")):
            form = {"numbers": f"10{n}", "list": str(black), "reason": reason}
            as_support.post("/requests/new/", form | {"checked": f"10{n}"})
        given = rows(as_manager.get(OVERVIEW), "reasons")
        assert [(words(link), cells) for link, cells in given] == [
            ("СПАМ", ["2"]),
            ("Звонит ночью", ["1"]),
        ]
        assert [found_by(as_manager, link) for link, _ in given] == [2, 1]

    def test_a_reason_may_be_long_or_none_that_can_be_looked_for(self, as_manager):
        for reason in ("Мошенники " * 20, "123"):
            asked = BlockRequestFactory(reason=reason)
            entry = written(action=Action.ASK, request=asked, change="")
            JournalName.objects.create(entry=entry, name=reason.strip().casefold()[:200])
        (long, _), (short, _) = rows(as_manager.get(OVERVIEW), "reasons")
        assert found_by(as_manager, long) == 1
        assert short is None

    def test_empty_ones_say_so(self, as_manager):
        JournalEntry.objects.all().delete()
        page = text(as_manager.get(OVERVIEW))
        assert says("Nothing was blocked or unblocked in these days.") in page
        assert says("Nobody has changed anything in these days.") in page
        assert says("No request was made in these days.") in page

    def test_they_speak_the_readers_language(self, manager, as_manager):
        as_manager.get(OVERVIEW)
        english = text(in_english(manager).get(OVERVIEW))
        assert "Blocks: 4" in english
        assert "Who did what in 7 days" in english


class TestForManagers:
    def test_requests_that_wait_and_since_when(self, as_manager):
        assert says("No request is waiting.") in text(as_manager.get(OVERVIEW))
        BlockRequestFactory(asked_at=timezone.now() - timedelta(days=3, hours=5))
        BlockRequestFactory()
        page = as_manager.get(OVERVIEW)
        link = page.soup.select_one(".needs a")
        assert link["href"] == "/requests/"
        assert words(link) == says_many(
            "%(count)s request is waiting", "%(count)s requests are waiting", 2
        )
        age = words(page.soup.select_one(".needs .note"))
        assert age == says("the oldest for %(age)s", age="3\xa0дня").replace("\xa0", " ")

    def test_changes_that_are_not_settled_and_what_may_settle_them(self, as_manager):
        assert says("Every change of the last 30 days is settled.") in text(
            as_manager.get(OVERVIEW)
        )
        entries = [written(outcome=Outcome.UNKNOWN, list_id=n) for n in range(6)]
        page = as_manager.get(OVERVIEW)
        assert says_many(
            "%(total)s change is not settled", "%(total)s changes are not settled", 6
        ) in text(page)
        checks = [form["action"] for form in page.soup.select(".needs form")]
        assert checks == [f"/journal/{entry.pk}/check/" for entry in entries[:0:-1]]
        (link,) = page.soup.select(".needs .note a")
        assert found_by(as_manager, link) == 6

    def test_a_write_whose_sender_died_is_told_though_the_journal_has_no_word_for_it(
        self, as_manager
    ):
        long_ago = timezone.now() - timedelta(hours=1)
        written(outcome=Outcome.PENDING, sent_at=long_ago)
        page = as_manager.get(OVERVIEW)
        assert page.soup.select(".needs form[action$='/check/']")
        assert not page.soup.select(".needs .note a")

    def test_what_was_changed_outside_is_looked_for_later(self, as_manager):
        outside = as_manager.get(OVERVIEW).soup.select_one("#outside")
        assert words(outside) == says(
            "Which lists were changed outside is known once they are counted, below."
        )

    def test_their_own_requests_are_not_asked_for(self, as_manager):
        assert not as_manager.get(OVERVIEW).soup.select("#own")


class TestForSupport:
    @pytest.fixture
    def decided(self, support):
        """Three, of which the second is no news any more."""
        return [
            BlockRequestFactory(
                user=support,
                state="declined",
                answer=f"Потому {n}",
                is_seen=n == 1,
                decided_by="anna",
                decided_at=at(0),
                numbers=f"10{n}",
            )
            for n in range(3)
        ]

    def test_ones_own_requests_and_how_they_were_decided_the_news_first(
        self, as_support, support, decided
    ):
        BlockRequestFactory(user=support, numbers="200")
        BlockRequestFactory(username="other", numbers="300")
        page = as_support.get(OVERVIEW)
        lines = [words(row) for row in page.soup.select("table.requests tbody tr")]
        assert [re.search(r"\d{3}", line)[0] for line in lines] == ["102", "100", "101", "200"]
        assert "Потому 2" in lines[0]
        assert "anna" in lines[0]
        assert [says("new") in line for line in lines] == [True, True, False, False]
        assert says("not decided yet") in lines[3]

    def test_to_look_here_does_not_make_a_decision_old(self, as_support, decided):
        as_support.get(OVERVIEW)
        as_support.get(f"{OVERVIEW}?live=1")
        assert BlockRequest.objects.filter(is_seen=False).count() == 2

    def test_who_has_none_is_told_how_it_goes(self, as_support):
        page = as_support.get(OVERVIEW)
        words_of_none = "You submit a request, a manager decides. The decision appears here."
        assert says(words_of_none) in text(page)
        assert page.soup.select_one("main a[href='/requests/new/']")

    def test_what_managers_need_is_not_shown(self, as_support):
        written(outcome=Outcome.UNKNOWN)
        page = as_support.get(OVERVIEW)
        assert not page.soup.select(".needs, #outside")


class TestTheFirstDay:
    STEPS = {"manager": ["/lookup/", "/lists/new/"], "support": ["/lookup/", "/requests/new/"]}

    @pytest.mark.parametrize("name", PEOPLE)
    def test_who_is_not_connected_sees_what_will_be_here_and_the_first_steps(
        self, page_of, name, request
    ):
        request.getfixturevalue(name)
        Credential.objects.all().delete()
        page = page_of(name)
        assert page.status_code == 200
        assert says("First steps") in text(page)
        steps = [link["href"] for link in page.soup.select(".steps li a")]
        assert steps == [f"/connection/?next={OVERVIEW}", *self.STEPS[name]]
        assert not page.soup.select(".overview, #now, main search")

    @pytest.mark.parametrize("name", PEOPLE)
    def test_who_is_connected_sees_the_other_steps_until_something_was_done(self, page_of, name):
        page = page_of(name)
        assert [link["href"] for link in page.soup.select(".steps li a")] == self.STEPS[name]
        assert page.soup.select(".overview")
        written(40)
        assert not page_of(name).soup.select(".steps")

    @pytest.mark.parametrize("path", [NOW, SIZES])
    def test_the_pieces_say_that_too(self, as_support, path):
        Credential.objects.all().delete()
        piece = as_support.piece(path)
        assert piece.status_code == 200
        assert "HX-Redirect" not in piece.headers
        assert says("You are not connected to Plusofon yet.") in text(piece)
        assert piece.soup.select_one("a[href='/connection/']")


class TestWhetherPlusofonAnswers:
    def test_is_asked_once_the_page_is_there(self, as_support, sandbox):
        link = as_support.get(OVERVIEW).soup.select_one("#now a")
        assert link["hx-trigger"] == "load"
        piece = as_support.piece(link["hx-get"])
        assert saying("Plusofon answers: %(ms)s ms").search(text(piece))
        assert methods(sandbox) == ["GET"]

    @pytest.mark.parametrize(
        ("kind", "sentence"),
        [
            ("500", "Plusofon is not working right now"),
            ("429:60", "Too many calls to Plusofon"),
            ("401", "Plusofon does not accept your token."),
            ("no-access", "Plusofon does not allow this"),
        ],
    )
    def test_that_it_does_not_is_said_in_a_sentence(self, as_support, sandbox, kind, sentence):
        sandbox.fail(kind, times=None)
        piece = as_support.piece(NOW)
        assert piece.status_code == 200
        assert re.search(re.escape(says(sentence).removesuffix(".")) + r"\.[^.]", text(piece))
        assert piece.soup.select_one(f"a[hx-get='{NOW}']:not([hx-trigger])")

    def test_a_refused_token_is_noted_and_leads_to_where_it_is_mended(
        self, as_support, support, sandbox
    ):
        sandbox.fail("401", times=None)
        assert as_support.piece(NOW).soup.select_one("a[href='/connection/']")
        assert Credential.objects.get(user=support).refused_at

    @pytest.mark.parametrize("path", [NOW, SIZES, f"{OVERVIEW}?live=1"])
    def test_where_too_many_wait_for_it_the_page_stands(self, as_manager, monkeypatch, path):
        monkeypatch.setattr(bulkhead, "upstream", bulkhead.Bulkhead(0))
        page = as_manager.get(path) if path.startswith(f"{OVERVIEW}?") else as_manager.piece(path)
        assert page.status_code == 200
        assert says("Too many pages are waiting for Plusofon") in text(page)

    def test_a_token_that_cannot_be_read_is_said_to_be_so(self, as_manager, manager):
        other = encryption.seal("token", user_id=manager.pk + 1)
        Credential.objects.update(sealed_token=other)
        page = as_manager.get(f"{OVERVIEW}?live=1")
        assert page.status_code == 200
        assert says("Your saved token can no longer be read. Enter it again.") in text(page)


class TestListsBySize:
    @pytest.fixture
    def lists(self, sandbox, account):
        contact = {"name": "Анна", "phones": ["101"]}
        return [
            sandbox.add_list(account, name=f"Список {n}", contacts=[contact] * n)
            for n in range(1, 13)
        ]

    def test_are_counted_once_the_page_is_there_with_a_call_each(self, as_support, sandbox, lists):
        link = as_support.get(OVERVIEW).soup.select_one("#sizes a")
        assert link["hx-trigger"] == "load"
        assert sandbox.calls == []
        piece = as_support.piece(link["hx-get"])
        assert len(methods(sandbox)) == 1 + 12
        shown = [
            (words(row.select_one("th a")), words(row.select_one("td")))
            for row in piece.soup.select("tbody tr")
        ]
        assert shown == [(f"Список {n}", str(n)) for n in range(12, 2, -1)]
        assert says_many("%(total)s list", "%(total)s lists", 12) in text(piece)
        assert says_many("%(total)s contact", "%(total)s contacts", 78) in text(piece)
        first = [link["href"] for link in piece.soup.select_one("tbody tr").select("a")]
        assert first == [f"/lists/{lists[-1]}/", f"/journal/?list={lists[-1]}"]

    def test_are_known_for_five_minutes_and_counted_again_when_asked(
        self, as_support, as_manager, sandbox, lists
    ):
        piece = as_support.piece(SIZES)
        sandbox.clear_calls()
        assert text(as_manager.piece(SIZES)).startswith(text(piece)[:20])
        assert sandbox.calls == []
        again = piece.soup.select_one(f"a[hx-get='{SIZES}?anew=1']")
        assert as_support.piece(again["hx-get"]).soup.select_one("a[autofocus]")
        assert len(methods(sandbox)) == 1 + 12

    def test_those_that_could_not_be_read_are_told(self, as_manager, sandbox, lists):
        sandbox.fail("500", path=f"contact-lists/{lists[-1]}", times=None)
        piece = as_manager.piece(SIZES)
        unread = (
            "Only %(read)s of %(total)s lists could be read: a larger one may be among the others."
        )
        assert says(unread, read=11, total=12) in text(piece)
        part = "Of the lists that could be read, none is known to have been changed outside."
        assert says(part) in text(piece)

    def test_that_none_can_be_read_is_said_and_may_be_tried_again(self, as_manager, sandbox):
        sandbox.fail("500", times=None)
        piece = as_manager.piece(SIZES)
        assert piece.status_code == 200
        assert says("Plusofon is not working right now") in text(piece)
        unknown = "Which lists were changed outside is not known: they could not be read."
        assert says(unknown) in text(piece)
        assert piece.soup.select_one(f"a[hx-get='{SIZES}']:not([hx-trigger])")

    def test_no_lists_are_no_table(self, as_support):
        piece = as_support.piece(SIZES)
        assert not piece.soup.select("table")
        assert says_many("%(total)s list", "%(total)s lists", 0) in text(piece)

    def test_while_somebody_counts_the_page_looks_again_a_while_and_keeps_nobody_signed_in(
        self, as_support, account
    ):
        cache.add(f"survey:{account}:under-way", True)
        piece = as_support.piece(SIZES)
        assert says("The lists are being counted just now.") in text(piece)
        again = piece.soup.a
        assert again["hx-trigger"] == "click, load delay:3s"
        assert "X-Poll" in again["hx-headers"]
        for _ in range(overview.MOST_ASKED):
            again = as_support.piece(again["hx-get"]).soup.a
        assert "hx-trigger" not in again.attrs

    def test_where_lists_are_not_counted_unasked_neither_are_they_here(self, as_manager, settings):
        settings.CONTACT_COUNTS = False
        page = as_manager.get(OVERVIEW)
        link = page.soup.select_one("#sizes a")
        assert "hx-trigger" not in link.attrs
        below = "Which lists were changed outside is known once they are counted, below."
        assert says(below) in words(page.soup.select_one("#outside"))

    def test_meanwhile_it_is_not_known_what_was_changed_outside(self, as_manager, account):
        cache.add(f"survey:{account}:under-way", True)
        outside = as_manager.piece(SIZES).soup.select_one("hx-partial")
        assert words(outside) == says("Looking for lists that were changed outside…")


class TestChangedOutside:
    @pytest.fixture
    def changed(self, sandbox, account, black, by):
        write(AddContacts((ANNA,)), black, by=by)
        payload = sandbox.lists(account)[black]
        sandbox.put(account, black, {**payload, "contacts": payload["contacts"][1:]})
        return JournalEntry.objects.get()

    @pytest.fixture
    def outside(self, as_manager):
        """What the pieces put into the place for it."""
        return lambda: as_manager.piece(SIZES).soup.select_one("hx-partial[hx-target='#outside']")

    def test_names_the_lists_to_managers_and_since_when(self, outside, changed, black):
        told = outside()
        one, many = (
            "%(total)s list was changed outside this dashboard",
            "%(total)s lists were changed outside this dashboard",
        )
        assert says_many(one, many, 1) in words(told)
        assert says("since %(time)s", time=hour(changed.ended_at)) in words(told)
        assert told.select_one("a")["href"] == f"/lists/{black}/"

    def test_is_over_once_it_is_saved_here(self, outside, as_manager, changed, black):
        outside()
        form = as_manager.piece(f"/lists/{black}/contacts/new/")
        new = fields(form, name="Новый", phones="109")
        as_manager.piece(f"/lists/{black}/contacts/new/", new, post=True)
        assert words(outside()) == says(NONE_OUTSIDE)

    def test_is_not_for_support(self, as_support, changed):
        assert not as_support.piece(SIZES).soup.select("hx-partial")


class TestWithoutJavaScript:
    def test_one_page_has_it_all(self, as_manager, sandbox, black):
        link = as_manager.get(OVERVIEW).soup.select_one("#sizes a")
        page = as_manager.get(link["href"])
        assert len(methods(sandbox)) == 1 + 1 + 1
        assert saying("Plusofon answers: %(ms)s ms").search(words(page.soup.select_one("#now")))
        assert words(page.soup.select_one("#outside")) == says(NONE_OUTSIDE)
        assert "Чёрный список 1" in words(page.soup.select_one("#sizes"))
        again = page.soup.select_one("#sizes .read-at a")
        assert as_manager.get(again["href"]).status_code == 200
        assert len(methods(sandbox)) == 3 + 1 + 2

    def test_a_piece_opened_by_itself_leads_there(self, as_manager, sandbox):
        for path in (NOW, SIZES):
            assert as_manager.get(path).url == f"{OVERVIEW}?live=1"
        assert sandbox.calls == []

    def test_while_the_api_fails_the_page_stands(self, as_manager, sandbox):
        written()
        sandbox.fail("500", times=None)
        page = as_manager.get(f"{OVERVIEW}?live=1")
        assert page.status_code == 200
        assert page.soup.select(".today .what")
        assert text(page).count(says("Plusofon is not working right now")) == 2

    def test_while_somebody_counts_it_says_so(self, as_manager, account, black):
        cache.add(f"survey:{account}:under-way", True)
        page = as_manager.get(f"{OVERVIEW}?live=1")
        assert says("The lists are being counted just now.") in text(page)
        assert survey.UNDER_WAY_FOR > survey.LONGEST
