"""A page that is sent piece by piece."""

import pytest
from django.template import engines
from django.utils.translation import get_language, gettext, override

from lists.views import streaming
from tests.words import says


@pytest.fixture
def page(rf, monkeypatch):
    """Streams a page of three words around pieces."""

    def render(template, context, request):
        return engines["django"].from_string(template).render(context, request)

    monkeypatch.setattr(streaming, "render_to_string", render)
    template = "before {{ word }} {{ cut|safe }} after"
    return lambda pieces, **context: streaming.streamed(rf.get("/"), template, context, pieces)


def test_the_head_comes_before_the_first_piece_is_made(page):
    made = []

    def pieces():
        made.append(1)
        yield "one"
        made.append(2)
        yield "two"

    sent = iter(page(pieces()).streaming_content)
    assert (next(sent), made) == (b"before  ", [])
    assert (next(sent), made) == (b"one", [1])
    assert (next(sent), made) == (b"two", [1, 2])
    assert list(sent) == [b" after"]


def test_pieces_speak_the_language_of_the_page_after_its_middleware_is_done(page):
    def pieces():
        yield gettext("Blocked")

    with override("ru"):
        answer = page(pieces())
    with override("en"):
        assert list(answer.streaming_content)[1].decode() == says("Blocked")
        assert get_language() == "en"


@pytest.mark.django_db
def test_leaving_ends_the_making_of_pieces(page):
    ended = []

    def pieces():
        try:
            yield "one"
            yield "two"
        finally:
            ended.append(True)

    answer = page(pieces())
    sent = iter(answer.streaming_content)
    next(sent), next(sent)
    answer.close()
    assert ended == [True]


def test_no_server_in_front_keeps_the_pieces(page):
    assert page(iter([]))["X-Accel-Buffering"] == "no"


def test_what_a_person_typed_cannot_be_taken_for_the_place_of_the_pieces(page):
    answer = page(iter(["one"]), word=streaming.CUT)
    assert answer.getvalue().count(b"one") == 1
