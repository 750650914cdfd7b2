"""Parallel guesses: a lock holds across threads and processes."""

import re
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.serving import environment, manage, prepare, serving

GUESSES = 40
PERSON = """
from django.contrib.auth.models import User
User.objects.create_user("anna", password="right")
"""


@pytest.fixture
def server(database, tmp_path):
    env = environment(tmp_path, "http://127.0.0.1:9", DATABASE_URL=database)
    prepare(env)
    manage(env, "shell", "-v0", "-c", PERSON)
    with serving(tmp_path, env, workers=2) as url:
        yield url, tmp_path / "log"


def guess(url, name, password):
    with httpx.Client(base_url=url, timeout=60, trust_env=False) as client:
        client.get("/login/")
        data = {"username": name, "password": password}
        token = {"X-CSRFToken": client.cookies["csrftoken"]}
        return client.post("/login/", data=data, headers=token).status_code


def test_of_forty_guesses_at_the_same_moment_at_most_five_passwords_are_looked_at(server):
    url, log = server
    with ThreadPoolExecutor(GUESSES) as pool:
        sent = [pool.submit(guess, url, "anna", f"wrong{n}") for n in range(GUESSES)]
        answers = [answer.result() for answer in sent]
    assert set(answers) <= {200, 429}
    lines = re.findall(r"sign-in (failed|refused): 'anna'", log.read_text())
    assert len(lines) == GUESSES
    assert lines.count("failed") <= 5  # two that count at once may both see the sixth
    assert guess(url, "anna", "right") == 429
