"""While the API answers nothing its callers are told so at once, and the desk is back soon after it is."""

import threading
import time

import pytest

from lists.plusofon import breaker, errors
from lists.plusofon.breaker import Breaker
from lists.plusofon.client import Plusofon
from lists.plusofon.permits import Permits
from lists.plusofon.transport import shared_transport
from lists.plusofon.values import ContactList

from .callers import in_use


@pytest.fixture
def api_of(sandbox, sandbox_server):
    """The API of a breaker: a call waits 0.3 s for an answer, enough to be sent on a busy machine."""
    sandbox.hang_seconds = 30
    with shared_transport() as transport:

        def api_of(breaker, **options):
            return Plusofon(
                url=sandbox_server.url,
                token="manager-token",
                client_id="10553",
                transport=transport,
                breaker=breaker,
                **{"timeout": 0.3, "write_timeout": 0.3, "permits": Permits(4), **options},
            )

        yield api_of


def time_out(api, times):
    for _ in range(times):
        with pytest.raises(errors.TimedOut):
            api.get_lists()


def test_after_three_time_outs_in_a_row_nothing_is_sent_for_a_while(api_of, sandbox):
    api = api_of(Breaker(trial_every=60))
    sandbox.fail("hang", times=None)
    time_out(api, 3)
    for call in (api.get_lists, api.scanning().get_lists, lambda: api.delete_list(1)):
        with pytest.raises(errors.CircuitOpen) as raised:
            call()
        assert 50 < raised.value.retry_after <= 60
        assert not raised.value.may_still_land
    assert len(sandbox.calls) == 3


@pytest.mark.parametrize("kind", ["500", "401", "html", "502"])
def test_any_answer_between_them_shows_that_the_api_is_there(api_of, sandbox, kind):
    one = Breaker(trial_every=60)
    patient = api_of(one, timeout=5)
    for _ in range(2):
        sandbox.fail("hang", times=2)
        time_out(api_of(one), 2)
        sandbox.fail(kind, times=3)
        with pytest.raises(errors.PlusofonError):
            patient.get_lists()
        sandbox.clear_faults()
    patient.get_lists()


def test_a_refused_connection_is_told_at_once_anyway_and_opens_nothing(api_of):
    one = Breaker(trips_after=1)
    api = api_of(one, timeout=5)
    api._client.base_url = "http://127.0.0.1:9"
    with pytest.raises(errors.NotSent):
        api.get_lists()
    assert not one.is_open


@pytest.mark.parametrize(
    "cut_short",
    [
        lambda api: api.ending_in(0.1),
        lambda api: api.scanning(within=0.1),
        lambda api: api.hurried(0.1),
    ],
    ids=["the end of a page", "the end of a scan", "hurry"],
)
def test_a_call_that_was_not_given_its_time_says_nothing_about_the_api(api_of, sandbox, cut_short):
    """Six calls of a scan end with it at the same moment, in the midst of answers that take a second."""
    one = Breaker(trips_after=1, trial_every=60)
    api = api_of(one, timeout=5)
    sandbox.latency = 0.3
    time_out(cut_short(api), 1)
    assert not one.is_open
    assert api.get_lists().number == 1


def test_a_call_that_the_end_of_its_page_cuts_by_a_moment_had_its_time(api_of, sandbox):
    one = Breaker(trips_after=1, trial_every=60)
    sandbox.fail("hang")
    time_out(api_of(one, timeout=0.5).ending_in(0.49), 1)
    assert one.is_open


def test_time_outs_of_calls_that_began_before_an_answer_open_nothing(api_of, sandbox):
    """When the API is back, those that hung are still to end: they tell of the past."""
    one = Breaker(trial_every=60)
    api = api_of(one, timeout=1, permits=Permits(8))
    sandbox.fail("hang", times=4)
    hanging = [threading.Thread(target=time_out, args=(api, 1)) for _ in range(4)]
    for thread in hanging:
        thread.start()
    while len(sandbox.calls) < 4:
        time.sleep(0.01)
    assert api_of(one, timeout=5).get_lists().number == 1
    for thread in hanging:
        thread.join()
    assert not one.is_open


def test_one_call_every_few_seconds_tries_whether_it_is_back(api_of, sandbox):
    api = api_of(Breaker(trips_after=1, trial_every=0.2))
    sandbox.fail("hang", times=None)
    time_out(api, 1)
    ends, tried, refused = time.monotonic() + 1.0, 0, 0
    while time.monotonic() < ends:
        try:
            api.get_lists()
        except errors.TimedOut:
            tried += 1
        except errors.CircuitOpen:
            refused += 1
    assert 2 <= tried <= 5
    assert refused > 100


def test_a_trial_that_hangs_does_not_keep_the_next_one_from_finding_the_api(api_of, sandbox):
    """One that waits for its trial to end would be as slow as the API was."""
    api = api_of(Breaker(trips_after=1, trial_every=0.1))
    sandbox.fail("hang", times=2)
    time_out(api, 1)
    patient = api_of(api._breaker, timeout=10)
    api._breaker._trials = breaker.PATIENT_TRIALS - 1
    time.sleep(0.15)
    hanging = threading.Thread(target=patient.get_lists)
    hanging.start()
    time.sleep(0.15)
    assert patient.get_lists().number == 1
    assert hanging.is_alive()
    api.get_lists()
    sandbox.release()
    hanging.join()


def test_a_trial_is_short_but_now_and_then(api_of, sandbox, monkeypatch):
    """An API that takes long for each answer is slow, and not dead."""
    monkeypatch.setattr(breaker, "SHORT_TRIAL", 0.5)
    one = Breaker(trips_after=1, trial_every=0)
    sandbox.fail("hang", times=1)
    time_out(api_of(one), 1)
    sandbox.latency = 2
    api = api_of(one, timeout=10)
    for _ in range(breaker.PATIENT_TRIALS - 1):
        began = time.monotonic()
        time_out(api, 1)
        assert time.monotonic() - began < 2
    assert api.get_lists().number == 1
    assert api.get_lists().number == 1


def test_a_write_is_no_trial(api_of, sandbox, black):
    """It would be in doubt if it hung."""
    one = Breaker(trips_after=1, trial_every=0)
    sandbox.fail("hang")
    time_out(api_of(one), 1)
    api = api_of(one, timeout=5)
    with pytest.raises(errors.CircuitOpen), api.reserved():
        pytest.fail("begun")
    with pytest.raises(errors.CircuitOpen):
        api.delete_list(black)
    api.get_lists()
    with api.reserved():
        api.get_list(black)


def test_an_act_that_has_begun_is_carried_through(api_of, sandbox, black):
    api = api_of(Breaker(trips_after=1, trial_every=60), timeout=5)
    new = ContactList(black, "А", "black", ())
    with api.reserved():
        sandbox.fail("hang-after", method="PUT")
        with pytest.raises(errors.TimedOut):
            api.replace_list(new)
        assert api._breaker.is_open
        assert api.get_list(black) == new
    assert not api._breaker.is_open


def test_who_waited_for_a_permit_as_it_opened_is_not_sent_after_the_others(api_of, sandbox):
    permits, one = Permits(1), Breaker(trips_after=1, trial_every=60)
    api, raised = api_of(one, permits=permits), []

    def wait():
        with pytest.raises(errors.CircuitOpen) as error:
            api.get_lists()
        raised.append(error)

    with in_use(permits):
        waiting = threading.Thread(target=wait)
        waiting.start()
        time.sleep(0.1)
        with pytest.raises(errors.TimedOut), one.watching():
            raise errors.TimedOut
    waiting.join()
    assert len(raised) == 1
    assert sandbox.calls == []
