"""The page of a list says that somebody has changed it elsewhere, until it is saved here again."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from lists.models import JournalEntry
from lists.sameness import contact_key
from lists.wording.times import hour, moment
from tests.calls import methods
from tests.people import IVAN, PETR
from tests.words import saying, says, says_many

from ..client import fields, in_english, signed_in, text, words

IVAN_KEY, PETR_KEY = contact_key(IVAN), contact_key(PETR)
SINCE = "Changed outside this dashboard since %(time)s."
COMPARED = (
    "Compared with how the list looked after"
    ' <a href="%(journal_url)s?list=%(list_id)s">the last save here</a>, %(moment)s.'
)
NEW_CONTACT = {"name": "Анна", "phones": "102"}


@pytest.fixture
def list_url(black):
    return f"/lists/{black}/"


@pytest.fixture
def saved(as_manager, list_url):
    """A contact was added here."""
    as_manager.post(f"{list_url}contacts/new/", NEW_CONTACT)
    return JournalEntry.objects.get()


@pytest.fixture
def changed(saved, sandbox, account, black):
    """And then somebody added another elsewhere."""
    payload = sandbox.lists(account)[black]
    payload["contacts"].append({"name": "Чужой", "phones": ["105"]})
    sandbox.put(account, black, payload)
    sandbox.clear_calls()
    return saved


def told(page):
    return words(page.soup.select_one("#outside"))


def test_a_list_that_is_as_we_left_it_says_nothing(as_manager, list_url, saved):
    assert told(as_manager.get(list_url)) == ""


@pytest.mark.parametrize("name", ["manager", "support"])
def test_everybody_reads_since_when_and_compared_with_what(request, name, list_url, changed, black):
    page = signed_in(request.getfixturevalue(name)).get(list_url)
    assert says(SINCE, time=hour(changed.ended_at)) in told(page)
    assert saying(COMPARED, moment=moment(changed.ended_at)).search(told(page))
    journal = page.soup.select_one("#outside a")
    assert journal["href"] == f"/journal/?list={black}"


def test_in_english_too_and_of_another_day_with_its_date(manager, list_url, changed):
    changed.ended_at = timezone.now() - timedelta(days=1)
    changed.save()
    page = in_english(manager).get(list_url)
    with translation.override("en"):
        since = moment(changed.ended_at)
    assert f"Changed outside this dashboard since {since}." in text(page)


def test_no_call_more_is_made_and_one_query(
    as_manager, list_url, changed, sandbox, django_assert_max_num_queries
):
    with django_assert_max_num_queries(10) as queries:
        as_manager.get(list_url)
    assert methods(sandbox) == ["GET"]
    assert sum('NOT ("lists_journalentry"."digest_after"' in q["sql"] for q in queries) == 1


def test_neither_a_piece_of_the_table_nor_the_page_to_print_looks(
    as_manager, list_url, changed, django_assert_max_num_queries
):
    assert not as_manager.piece(f"{list_url}?q=иван").soup.select("#outside")
    assert told(as_manager.get(f"{list_url}?page=all")) == ""


def emptied(piece):
    """Whether the piece takes back what the page says."""
    place = piece.soup.select_one("hx-partial[hx-target='#outside']")
    return place is not None and words(place) == ""


class TestWhatWasSaidIsTakenBackByASave:
    def test_of_an_edit(self, as_manager, list_url, changed):
        url = f"{list_url}contacts/{IVAN_KEY}/edit/"
        form = fields(as_manager.piece(url), name="Иван")
        assert emptied(as_manager.piece(url, form, post=True))
        assert told(as_manager.get(list_url)) == ""

    def test_but_not_by_one_that_had_nothing_to_do(self, as_manager, list_url, changed):
        url = f"{list_url}contacts/{IVAN_KEY}/edit/"
        form = fields(as_manager.piece(url))
        assert not emptied(as_manager.piece(url, form, post=True))

    def test_of_another_contact(self, as_manager, list_url, changed):
        piece = as_manager.piece(
            f"{list_url}contacts/new/", {"name": "Ещё", "phones": "107"}, post=True
        )
        assert emptied(piece)

    def test_of_a_removal(self, as_manager, list_url, changed):
        url = f"{list_url}contacts/{PETR_KEY}/delete/"
        form = fields(as_manager.piece(url))
        assert emptied(as_manager.piece(url, form, post=True))
        assert not emptied(as_manager.piece(url, form, post=True))  # it is gone already


def test_after_a_save_the_page_counts_what_others_brought(as_manager, list_url, changed):
    """Nothing of theirs is lost by ours."""
    url = f"{list_url}contacts/{IVAN_KEY}/edit/"
    as_manager.piece(url, fields(as_manager.piece(url), name="Иван"), post=True)
    assert says_many("%(total)s contact", "%(total)s contacts", 5) in text(as_manager.get(list_url))
