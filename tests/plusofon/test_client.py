"""The client over real HTTP to the stand-in, whatever the network does."""

import json
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from types import SimpleNamespace
from unittest.mock import Mock

import httpcore
import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from lists import connection
from lists.plusofon import errors
from lists.plusofon.client import Plusofon, Waits
from lists.plusofon.permits import Permits
from lists.plusofon.transport import PoolTransport, shared_transport
from lists.plusofon.values import Contact, ContactList
from tests.calls import methods

from .callers import in_use

LISTS = "contact-lists"


@pytest.fixture
def impatient(sandbox, settings):
    settings.PLUSOFON_TIMEOUT = settings.PLUSOFON_WRITE_TIMEOUT = 0.8
    sandbox.hang_seconds = 5
    return connection.open_api(token="manager-token", client_id="10553", account="4821")


def test_every_call_carries_the_client_code_and_the_bearer_token(api, sandbox, black):
    api.get_lists()
    api.get_list(black)
    for call in sandbox.calls:
        assert call.headers["client"] == "10553"
        assert call.headers["authorization"] == "Bearer ***oken"
        assert call.headers["accept"] == call.headers["content-type"] == "application/json"
        assert "cookie" not in call.headers


def test_lists_come_page_by_page(api, sandbox, account):
    for number in range(17):
        sandbox.add_list(account, name=f"Список {number}")
    first, second, beyond = api.get_lists(), api.get_lists(2), api.get_lists(9)
    assert (len(first.entries), first.number, first.last, first.total) == (15, 1, 2, 17)
    assert [entry.name for entry in second.entries] == ["Список 15", "Список 16"]
    assert beyond.entries == ()
    assert [call.query for call in sandbox.calls] == ["page=1", "page=2", "page=9"]


def test_a_list_is_created_read_replaced_and_deleted(api, sandbox, account):
    new = ContactList(0, "Спам", "black", (Contact("Иван", ("101",)),))
    list_id = api.create_list(new)
    assert list_id is not None
    assert api.get_list(list_id) == ContactList(list_id, "Спам", "black", new.contacts)
    api.replace_list(ContactList(list_id, "Спам 2", "white", ()))
    stored = sandbox.lists(account)[list_id]
    assert (stored["name"], stored["type"], stored["contacts"]) == ("Спам 2", "white", [])
    api.delete_list(list_id)
    with pytest.raises(errors.NotFound):
        api.get_list(list_id)


def test_a_replacement_always_carries_the_contacts(api, sandbox, black):
    api.replace_list(ContactList(black, "Пустой", "black", ()))
    assert json.loads(sandbox.calls[-1].body)["contacts"] == []


def test_types_and_the_owner_are_read(api):
    assert [kind.code for kind in api.get_list_types()] == ["black", "white"]
    assert (api.get_owner().id, api.get_owner().email) == (4821, "orlova@example.ru")


def test_whether_the_token_was_accepted_is_remembered(api, sandbox):
    assert api.accepted is None
    sandbox.fail("500")
    with pytest.raises(errors.PlusofonError):
        api.get_lists()
    assert api.accepted is None
    api.get_lists()
    assert api.accepted is True
    sandbox.fail("401")
    with pytest.raises(errors.Unauthenticated):
        api.get_lists()
    api.get_lists()
    assert api.accepted is False


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("400", errors.Invalid),
        ("401", errors.Unauthenticated),
        ("403", errors.NoAccess),
        ("404", errors.NotFound),
        ("401-html", errors.NotUnderstood),
        ("403-html", errors.NotUnderstood),
        ("404-html", errors.NotUnderstood),
        ("405", errors.Refused),
        ("422", errors.Invalid),
        ("500", errors.ServerError),
        ("no-access", errors.NoAccess),
        ("500-html", errors.Unavailable),
        ("html", errors.NotUnderstood),
        ("empty", errors.NotUnderstood),
        ("truncated-json", errors.NotUnderstood),
        ("not-object", errors.NotUnderstood),
        ("success-false", errors.Refused),
        ("success-string", errors.NotUnderstood),
        ("no-success", errors.NotUnderstood),
        ("missing-contacts", errors.NotUnderstood),
        ("null-contacts", errors.NotUnderstood),
        ("redirect", errors.NotUnderstood),
        ("truncated", errors.ConnectionCut),
    ],
)
def test_a_bad_answer_is_an_error_with_a_name(api, sandbox, black, kind, error):
    sandbox.fail(kind, times=None)
    with pytest.raises(error):
        api.get_list(black)


@pytest.mark.parametrize("kind", ["401-html", "html", "500", "success-false"])
def test_an_answer_that_is_not_what_was_asked_for_says_nothing_about_the_token(api, sandbox, kind):
    sandbox.fail(kind)
    with pytest.raises(errors.PlusofonError):
        api.get_lists()
    assert api.accepted is None


@pytest.mark.parametrize(
    ("kind", "may_still_land"),
    [("hang", True), ("cut-after", True), ("truncated", True), ("refuse", True), ("404", False)],
)
def test_a_write_that_left_and_got_no_answer_may_still_land(
    impatient, sandbox, black, kind, may_still_land
):
    sandbox.fail(kind, method="PUT")
    with pytest.raises(errors.PlusofonError) as raised:
        impatient.replace_list(ContactList(black, "А", "black", ()))
    assert raised.value.may_still_land is may_still_land


def test_a_write_that_never_left_does_not_land(settings):
    settings.PLUSOFON_API_URL = "http://127.0.0.1:9"
    api = connection.open_api(token="t", client_id="10553", account="nobody")
    with pytest.raises(errors.NotSent) as raised:
        api.delete_list(1)
    assert raised.value.may_still_land is False


@pytest.mark.parametrize("kind", ["502", "503", "504", "cut", "refuse", "429:0"])
def test_a_read_is_tried_three_times_where_waiting_may_help(api, sandbox, black, kind):
    sandbox.fail(kind, times=2)
    assert api.get_list(black).id == black
    sandbox.clear_calls()
    sandbox.fail(kind, times=None)
    with pytest.raises(errors.PlusofonError):
        api.get_list(black)
    assert kind == "refuse" or len(sandbox.calls) == 3


@pytest.mark.parametrize("kind", ["500", "no-access", "404", "html", "success-false"])
def test_a_read_is_not_tried_again_where_it_would_not_help(api, sandbox, black, kind):
    sandbox.fail(kind, times=None)
    with pytest.raises(errors.PlusofonError):
        api.get_list(black)
    assert len(sandbox.calls) == 1


@pytest.mark.parametrize(
    "kind", ["500", "502", "503", "429:0", "cut", "cut-after", "truncated", "html", "hang-after"]
)
def test_a_write_is_never_sent_twice(impatient, sandbox, black, kind):
    sandbox.fail(kind, method="PUT", times=None)
    with pytest.raises(errors.PlusofonError):
        impatient.replace_list(ContactList(black, "А", "black", ()))
    assert methods(sandbox) == ["PUT"]


def test_retry_after_is_honoured_up_to_a_few_seconds(api, sandbox, black):
    sandbox.fail("429:1")
    started = time.monotonic()
    api.get_list(black)
    assert time.monotonic() - started >= 1
    sandbox.fail("429:60")
    started = time.monotonic()
    with pytest.raises(errors.RateLimited) as limited:
        api.get_list(black)
    assert limited.value.retry_after == 60
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("kind", ["hang", "drip", "endless"])
def test_a_hang_a_drip_and_an_endless_body_end_with_the_time_budget(
    impatient, sandbox, black, kind
):
    sandbox.fail(kind, times=None)
    started = time.monotonic()
    with pytest.raises((errors.TimedOut, errors.NotUnderstood)):
        impatient.get_list(black)
    assert time.monotonic() - started < 1.5


def test_headers_that_drip_end_with_the_time_budget_too(settings, drip_headers):
    settings.PLUSOFON_API_URL = drip_headers
    settings.PLUSOFON_TIMEOUT = 0.4
    api = connection.open_api(token="t", client_id="10553", account="drip")
    started = time.monotonic()
    with pytest.raises(errors.TimedOut):
        api.get_lists()
    assert time.monotonic() - started < 1.5


@pytest.fixture
def drip_headers():
    """A server that sends its header one byte at a time, for ever."""
    server = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def drip():
        client, _ = server.accept()
        with client:
            client.sendall(b"HTTP/1.1 200 OK\r\nX: ")
            while not ended.wait(0.05):
                try:
                    client.sendall(b"x")
                except OSError:
                    return

    thread = threading.Thread(target=drip)
    thread.start()
    yield f"http://127.0.0.1:{server.getsockname()[1]}"
    ended.set()
    server.close()
    thread.join()


def plusofon(transport, **options):
    url = "http://api.example.ru"
    return Plusofon(url=url, token="t", client_id="1", transport=transport, **options)


def test_wrong_host_links_and_redirects_are_never_followed(api, sandbox, account):
    for number in range(17):
        sandbox.add_list(account, name=f"Список {number}")
    assert api.get_lists(2).number == 2
    sandbox.fail("redirect")
    with pytest.raises(errors.NotUnderstood, match="302"):
        api.get_lists()
    assert len(sandbox.calls) == 2


def test_nothing_listening_is_a_call_that_was_not_sent(settings):
    settings.PLUSOFON_API_URL = "http://127.0.0.1:9"
    api = connection.open_api(token="t", client_id="10553", account="nobody")
    with pytest.raises(errors.NotSent):
        api.get_lists()
    with pytest.raises(errors.NotSent):
        api.delete_list(1)


def test_no_time_left_is_a_call_that_was_not_sent(sandbox, sandbox_server):
    shared = shared_transport()
    api = Plusofon(url=sandbox_server.url, token="t", client_id="1", transport=shared, timeout=0)
    with pytest.raises(errors.NotSent):
        api.get_lists()
    shared.close()


def test_a_transport_without_a_deadline_waits_as_httpx_does(sandbox_server):
    with shared_transport() as shared, httpx.Client(transport=shared) as client:
        assert client.get(f"{sandbox_server.url}/api/v1/authuser").status_code == 401


def test_every_error_of_a_connection_is_one_that_httpx_knows():
    """httpx names its errors as httpcore does; what is only a base class is never raised itself."""
    errors_of = {
        kind
        for kind in vars(httpcore).values()
        if isinstance(kind, type) and issubclass(kind, Exception) and not kind.__subclasses__()
    }
    for kind in errors_of - {httpcore.ProxyError, httpcore.ConnectionNotAvailable}:
        pool = SimpleNamespace(handle_request=Mock(side_effect=kind("why")))
        with pytest.raises(httpx.TransportError, match="why") as raised:
            PoolTransport(pool).handle_request(httpx.Request("GET", "http://localhost/"))
        assert type(raised.value).__name__ == kind.__name__


def test_resolving_a_name_ends_with_the_time_budget(monkeypatch):
    answered = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answered.wait(5) and [])
    with shared_transport() as shared:
        api = plusofon(shared, timeout=0.2)
        started = time.monotonic()
        with pytest.raises(errors.NotSent) as raised:
            api.get_lists()
    assert time.monotonic() - started < 1
    assert raised.value.timed_out
    answered.set()


def test_a_name_that_nobody_knows_is_a_call_that_was_not_sent(monkeypatch):
    def unknown(*_, **__):
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with shared_transport() as shared, pytest.raises(errors.NotSent) as raised:
        plusofon(shared).get_lists()
    assert not raised.value.timed_out


def test_an_address_that_refuses_is_followed_by_the_next_of_the_name(
    sandbox, sandbox_server, monkeypatch
):
    port = int(sandbox_server.url.rpartition(":")[2])
    rows = [(2, 1, 6, "", (address, port)) for address in ("127.0.0.2", "127.0.0.1")]
    real = socket.getaddrinfo

    def resolve(host, *args, **options):
        return rows if host == "api.example.ru" else real(host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with shared_transport() as shared:
        api = Plusofon(
            url=f"http://api.example.ru:{port}", token="t", client_id="1", transport=shared
        )
        with pytest.raises(errors.Unauthenticated):
            api.get_lists()


def test_a_server_whose_certificate_nobody_vouches_for_is_not_spoken_to(self_signed):
    url, heard = self_signed
    api = connection.open_api(token="t", client_id="10553", account="tls")
    api._client.base_url = f"{url}/api/v1/"
    with pytest.raises(errors.NotSent):
        api.get_lists()
    assert heard == []


@pytest.fixture
def self_signed(tmp_path):
    """An https server with a certificate of its own making, and what it could read."""
    now = datetime.now(UTC)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=1))
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.PEM)
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (tmp_path / "pem").write_bytes(secret + certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "pem")
    heard = []
    server = socket.create_server(("127.0.0.1", 0))

    def listen():
        while True:
            try:
                plain, _ = server.accept()
            except OSError:
                return
            with plain:
                try:
                    with context.wrap_socket(plain, server_side=True) as secure:
                        heard.append(secure.recv(1000))
                except OSError:
                    pass

    thread = threading.Thread(target=listen)
    thread.start()
    yield f"https://127.0.0.1:{server.getsockname()[1]}", heard
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


def test_connections_are_kept_open_and_shared_between_people(sandbox, black, monkeypatch):
    with shared_transport() as transport:
        monkeypatch.setattr(connection, "_transport", transport)
        for _ in range(5):
            for token in ("manager-token", "support-token"):
                api = connection.open_api(token=token, client_id="10553", account="4821")
                api.get_list(black)
        assert len(transport._pool.connections) == 1


def test_one_persons_cookies_never_reach_another():
    seen = []

    def cookie_setter(environ, start_response):
        seen.append(environ.get("HTTP_COOKIE"))
        start_response("200 OK", [("Set-Cookie", "who=me")])
        return [b"{}"]

    shared = httpx.WSGITransport(cookie_setter)
    for _ in range(2):
        with pytest.raises(errors.NotUnderstood):
            plusofon(shared).get_lists()
    assert seen == [None, None]


def test_no_more_than_eight_calls_are_under_way_at_once_for_one_account(black, most_at_once):
    def read():
        api = connection.open_api(token="manager-token", client_id="10553", account="4821")
        api.get_list(black)

    threads = [threading.Thread(target=read) for _ in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 < most_at_once() <= 8


@pytest.fixture
def few(sandbox, sandbox_server):
    """The API with the permits and the patience that a test asks for."""
    with shared_transport() as transport:

        def few(permits, **options):
            url, token = sandbox_server.url, "manager-token"
            return Plusofon(
                url=url,
                token=token,
                client_id="10553",
                transport=transport,
                permits=permits,
                **options,
            )

        yield few


def test_a_call_that_gets_no_permit_is_not_sent(few, sandbox, black):
    permits = Permits(2)
    api = few(permits, waits=Waits(page=0.05, write=0.2, scan=0.2))
    with in_use(permits):
        started = time.monotonic()
        with pytest.raises(errors.NoPermit):
            api.get_list(black)
        assert time.monotonic() - started < 0.15
        for call in (api.scanning().get_lists, partial(api.delete_list, black)):
            started = time.monotonic()
            with pytest.raises(errors.NoPermit):
                call()
            assert time.monotonic() - started >= 0.2
    assert sandbox.calls == []


def test_waiting_for_a_permit_costs_nothing_of_the_time_budget(few, sandbox, black):
    permits = Permits(1)
    api = few(permits, timeout=0.4, write_timeout=0.4)
    sandbox.latency = 0.2
    for call in (api.get_list, api.delete_list):
        with in_use(permits) as (other,):
            threading.Timer(0.5, other.leave.set).start()
            call(black)


def test_the_pause_before_a_retry_leaves_its_permit_to_others(few, sandbox, black):
    api = few(Permits(1), waits=Waits(page=0.5))
    sandbox.fail("429:1")
    patient = threading.Thread(target=api.get_list, args=(black,))
    patient.start()
    while not sandbox.calls:
        time.sleep(0.01)
    assert api.get_list(black).id == black
    assert patient.is_alive()
    patient.join()


def test_a_reserved_permit_lasts_for_all_calls_of_a_block(few, sandbox, black):
    permits = Permits(4)
    api = few(permits, waits=Waits(page=0.05, write=0.05))
    with api.reserved(), api.reserved(), in_use(permits, free=1):
        found = api.get_list(black)
        api.replace_list(found)
        api.scanning().get_lists()
    with in_use(permits), pytest.raises(errors.NoPermit), api.reserved():
        pass
    with pytest.raises(errors.NotFound), api.reserved():
        api.get_list(404)
    with in_use(permits):
        pass  # each of them came back


def test_all_calls_of_a_page_end_together_and_later_ones_are_not_tried(few, sandbox, black):
    sandbox.latency = 0.15
    page = few(Permits(2), timeout=0.4).ending_in(0.4)
    page.get_list(black)
    page.get_list(black)
    started = time.monotonic()
    with pytest.raises(errors.TimedOut):
        page.get_list(black)
    for _ in range(1000):
        with pytest.raises(errors.OutOfTime):
            page.get_list(black)
    assert time.monotonic() - started < 0.3
    assert len(sandbox.calls) <= 3


def test_what_must_not_stop_half_way_is_not_begun_late_and_not_ended_early(few, sandbox, black):
    sandbox.latency = 0.2
    page = few(Permits(2)).ending_in(0.3)
    with page.reserved():
        found = page.get_list(black)
        page.replace_list(found)
        page.get_list(black)
    with pytest.raises(errors.OutOfTime), page.reserved():
        pass
    assert methods(sandbox) == ["GET", "PUT", "GET"]


def test_a_scan_has_a_time_of_its_own(few, sandbox, black):
    page = few(Permits(2)).ending_in(0)
    page.scanning(within=5).get_list(black)
    for late in (page.scanning(), page.scanning(within=0)):
        with pytest.raises(errors.OutOfTime):
            late.get_list(black)
        with page._permits.held(longest_wait=0), pytest.raises(errors.OutOfTime):
            late.get_list(black)


def test_a_scan_leaves_permits_to_others_and_shares_what_is_known_of_the_token(few, sandbox, black):
    api = few(Permits(8))
    scanning = api.scanning()
    assert (api.calls_at_once, scanning.calls_at_once) == (8, 6)
    scanning.get_list(black)
    assert api.accepted is True
    sandbox.fail("401")
    with pytest.raises(errors.Unauthenticated):
        scanning.get_list(black)
    assert api.accepted is False


@pytest.mark.parametrize(("read", "write"), [(0.2, 1.0), (1.0, 0.2)])
def test_reading_and_writing_have_a_time_budget_each(few, sandbox, black, read, write):
    api = few(Permits(1), timeout=read, write_timeout=write)
    sandbox.hang_seconds = 5
    sandbox.fail("hang", times=None)
    for call, seconds in ((api.get_list, read), (api.delete_list, write)):
        started = time.monotonic()
        with pytest.raises(errors.TimedOut):
            call(black)
        assert seconds <= time.monotonic() - started < seconds + 0.5


def test_how_many_calls_are_made_at_once_is_a_setting(settings, sandbox):
    settings.PLUSOFON_CALLS_AT_ONCE = 3
    api = connection.open_api(token="t", client_id="10553", account="a small one")
    assert api.calls_at_once == 3


def test_an_account_has_one_pool_of_permits_and_strangers_have_another(api):
    assert connection.permits_of("4821") is connection.permits_of("4821") is api._permits
    assert connection.permits_of("4822") is not api._permits


def test_what_can_as_well_be_read_another_time_ends_soon(few, sandbox, black):
    permits = Permits(1)
    hurried = few(permits).hurried(0.2)
    sandbox.hang_seconds = 5
    sandbox.fail("hang")
    started = time.monotonic()
    with pytest.raises(errors.TimedOut):
        hurried.get_owner()
    with in_use(permits), pytest.raises(errors.NoPermit):
        hurried.get_owner()
    assert 0.4 <= time.monotonic() - started < 1
    assert few(permits, timeout=0.1).hurried(5)._timeout == 0.1
