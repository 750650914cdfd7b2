"""Guessing passwords: at both doors, from one address, and behind a proxy (`lists.throttle`)."""

import logging
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db.models import F
from django.test import RequestFactory
from django.utils import timezone

from lists import throttle
from tests.words import saying, says

from .client import LintingClient, text
from .factories import UserFactory

DOORS = ["/login/", "/admin/login/"]
HERE, THERE = "203.0.113.7", "203.0.113.8"
LOCKED = (
    "Too many wrong passwords. Until %(time)s no password is accepted, not even the right one. If"
    " you cannot wait, ask the administrator of Plusofon Admin."
)
WRONG = "Пожалуйста, введите правильные"  # Django's own words


@pytest.fixture(autouse=True)
def people(db):
    UserFactory(username="anna", group="Support")
    UserFactory(username="boris", is_staff=True)


def guess(door="/login/", name="anna", password="wrong", *, address=HERE, language="ru", **headers):
    client = LintingClient(headers={"accept-language": language, **headers}, REMOTE_ADDR=address)
    return client.post(door, {"username": name, "password": password})


def guess_often(times, **how):
    return [guess(**how).status_code for _ in range(times)]


def let_pass(minutes):
    """As if every guess had been so much earlier."""
    earlier = F("attempt_time") - timedelta(minutes=minutes)
    AccessAttempt.objects.update(attempt_time=earlier)


@pytest.mark.parametrize("door", DOORS)
def test_the_fifth_wrong_password_locks_and_the_right_one_is_refused_too(door):
    assert guess_often(6, door=door, name="boris") == [200] * 4 + [429] * 2
    refused = guess(door, "boris", "secret")
    assert refused.status_code == 429
    assert 880 < int(refused.headers["Retry-After"]) <= 900
    assert "sessionid" not in refused.cookies


@pytest.mark.parametrize("door", DOORS)
def test_a_lock_says_when_it_ends_in_the_persons_language(door):
    guess_often(5, door=door)
    end = timezone.localtime(timezone.now() + timedelta(minutes=15, seconds=59))
    for language in ("ru", "en"):
        page = guess(door, language=language).content.decode()
        assert says(LOCKED, language=language, time=f"{end:%H:%M}") in page  # as everywhere else


def test_a_lock_is_shown_in_the_form_which_keeps_the_name(db):
    guess_often(5)
    page = guess()
    assert saying(LOCKED).search(page.soup.select_one(".errorlist.nonfield").text)
    assert WRONG not in text(page)
    assert page.soup.select_one("#id_username")["value"] == "anna"


def test_both_doors_count_together():
    assert guess_often(3, name="boris") + guess_often(3, name="boris", door="/admin/login/") == [
        *[200] * 4,
        *[429] * 2,
    ]


@pytest.mark.parametrize("door", DOORS)
def test_when_it_has_ended_the_right_password_works_and_all_guesses_are_new(door):
    guess_often(7, door=door, name="boris")
    let_pass(14.9)
    assert guess(door, "boris", "secret").status_code == 429
    let_pass(0.2)
    assert guess_often(1, door=door, name="boris") == [200]
    assert guess(door, "boris", "secret").status_code == 302


def test_to_knock_at_a_locked_door_does_not_keep_it_locked():
    guess_often(5)
    let_pass(10)
    guess_often(20)
    let_pass(5.1)
    assert guess(password="secret").status_code == 302


def test_the_right_password_forgets_the_wrong_ones():
    for _ in range(4):
        assert guess_often(4) == [200] * 4
        assert guess(password="secret").status_code == 302


def test_colleagues_at_one_address_and_strangers_at_another_lock_nobody_else_out():
    guess_often(9)
    assert guess(name="boris", password="secret").status_code == 302
    assert guess(password="secret", address=THERE).status_code == 302
    assert guess(password="secret").status_code == 429


def test_a_name_that_nobody_has_is_locked_no_differently():
    known, unknown = guess_often(6), guess_often(6, name="nobody")
    assert known == unknown


def test_an_address_that_tries_many_names_is_locked_for_all_of_them(settings):
    settings.LOGIN_ATTEMPTS_OF_ADDRESS = 12
    answers = [guess(name=f"name{n}").status_code for n in range(15)]
    assert answers == [200] * 11 + [429] * 4
    assert guess(password="secret").status_code == 429
    assert guess(password="secret", address=THERE).status_code == 302


def test_an_address_is_open_again_as_soon_as_the_oldest_guesses_are_over(settings):
    settings.LOGIN_ATTEMPTS_OF_ADDRESS = 6
    guess_often(3, name="early")
    let_pass(10)
    guess_often(3, name="late")
    locked = guess(name="boris", password="secret")
    assert 280 < int(locked.headers["Retry-After"]) <= 300
    let_pass(5)
    assert guess(name="boris", password="secret").status_code == 302


def test_one_persons_mistakes_never_lock_the_desk(settings):
    guess_often(60)
    assert guess(name="boris", password="secret").status_code == 302


@pytest.mark.parametrize(
    ("command", "lifted"),
    [
        (["axes_reset"], True),
        (["axes_reset_username", "anna"], True),
        (["axes_reset_ip", HERE], True),
        (["axes_reset_username", "boris"], False),
        (["axes_reset_ip", THERE], False),
    ],
)
def test_a_lock_is_lifted_by_a_command(command, lifted, capsys):
    guess_often(6)
    call_command(*command)
    assert guess(password="secret").status_code == (302 if lifted else 429)


def test_rows_that_no_longer_count_are_gone_with_the_next_guess_and_by_pruning():
    guess_often(3)
    let_pass(16)
    guess(name="boris")
    assert AccessAttempt.objects.count() == 1
    let_pass(16)
    assert throttle.prune() == 1
    assert not AccessAttempt.objects.exists()


class TestWhatIsKeptAndLogged:
    @pytest.fixture(autouse=True)
    def log(self, caplog):
        caplog.set_level(logging.INFO)
        self.caplog = caplog

    def lines(self):
        return [r.getMessage() for r in self.caplog.records if r.name == "lists.throttle"]

    def test_names_whom_it_was_about_and_from_where(self):
        guess_often(6)
        assert self.lines()[:4] == [f"sign-in failed: 'anna' from {HERE}"] * 4
        end = timezone.localtime(timezone.now() + timedelta(minutes=15))
        assert self.lines()[4].startswith(f"sign-in failed: 'anna' from {HERE}, locked until ")
        assert f"{end:%H:%M}" in self.lines()[4]
        assert self.lines()[5].startswith(f"sign-in refused: 'anna' from {HERE}, locked until ")

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\u2028", "\x1b[2K", "\x85"])
    def test_is_one_line_whatever_the_name(self, end):
        forged = f"a{end}2026-01-01 12:00:00 INFO lists: forged"
        User.objects.create(username=forged)
        guess(name=forged)
        guess(name="b" + forged)
        for line in self.lines():
            assert line.isprintable()
        assert "forged" in self.lines()[0]

    @pytest.mark.parametrize("name", ["Correct-Horse 7", "correcthorse"])
    def test_is_no_password_that_was_typed_into_the_wrong_field(self, name):
        guess(name=name)
        assert self.lines() == [
            f"sign-in failed: no such person, {name[:2]!r}… of {len(name)} characters from {HERE}"
        ]
        row = AccessAttempt.objects.get()
        kept = " ".join(str(getattr(row, field.name)) for field in row._meta.fields)
        assert name not in self.caplog.text + kept

    def test_is_no_password(self):
        guess(password="my-pa55word")
        guess("/admin/login/", password="my-pa55word")
        row = AccessAttempt.objects.get()
        kept = " ".join(str(getattr(row, field.name)) for field in row._meta.fields)
        assert "my-pa55word" not in self.caplog.text + kept


class TestAddress:
    FORGED = "198.51.100.1"

    @pytest.mark.parametrize(
        ("proxies", "told", "counted"),
        [
            (0, None, HERE),
            (0, FORGED, HERE),
            (1, None, HERE),
            (1, THERE, THERE),
            (1, f"{FORGED}, {THERE}", THERE),
            (2, f"{FORGED}, {THERE}, 10.0.0.1", THERE),
            (2, THERE, HERE),  # it came past one of them
            (1, "unknown", HERE),
            (1, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
            (1, "::1", "::"),
            (1, "::ffff:203.0.113.8", THERE),
        ],
    )
    def test_is_told_by_our_own_proxies_and_never_by_strangers(
        self, settings, proxies, told, counted
    ):
        settings.PROXY_COUNT = proxies
        headers = {"x-forwarded-for": told} if told else {}
        request = RequestFactory().get("/", REMOTE_ADDR=HERE, headers=headers)
        assert throttle.address_of(request) == counted

    def test_of_who_comes_through_a_unix_socket_is_none(self):
        request = RequestFactory().get("/", REMOTE_ADDR="")
        assert throttle.address_of(request) == throttle.NO_ADDRESS

    def test_that_is_made_up_for_each_guess_helps_nobody(self):
        headers = [{"x-forwarded-for": f"198.51.100.{n}"} for n in range(6)]
        assert [guess(**made_up).status_code for made_up in headers] == [200] * 4 + [429] * 2

    def test_behind_a_proxy_is_each_persons_own(self, settings):
        settings.PROXY_COUNT = 1
        for _ in range(6):
            guess(**{"x-forwarded-for": THERE})
        assert guess(password="secret", **{"x-forwarded-for": FORGED}).status_code == 302
        assert guess(password="secret", **{"x-forwarded-for": THERE}).status_code == 429


FORGED = TestAddress.FORGED


class TestHashes:
    @pytest.fixture(autouse=True)
    def production(self, settings):
        from plusofon_admin import settings as real

        settings.PASSWORD_HASHERS = real.PASSWORD_HASHERS

    def test_are_argon2_of_modest_memory(self):
        assert make_password("secret").startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")

    def test_that_are_old_become_argon2_as_their_owner_signs_in(self):
        old = make_password("secret", hasher="pbkdf2_sha256")
        User.objects.filter(username="anna").update(password=old)
        assert guess(password="secret").status_code == 302
        assert User.objects.get(username="anna").password.startswith("argon2$")
