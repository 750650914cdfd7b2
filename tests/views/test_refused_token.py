"""A refused token is replaced where the work is; what was typed there stays, and nothing is sent by itself."""

import pytest

from lists.encryption import unseal
from lists.models import Credential
from tests.words import says

from ..calls import methods
from ..client import fields, text, words
from ..factories import JournalEntryFactory

NEW, WRONG = "support-token", "wrong-token"


@pytest.fixture(params=["refused", "missing", "unreadable"])
def token_trouble(request, sandbox, manager):
    """The stored token does not work any more."""
    match request.param:
        case "refused":
            sandbox.fail("401", times=1)
        case "missing":
            manager.credential.delete()
        case "unreadable":
            Credential.objects.update(sealed_token="nonsense")
    return request.param


def connect(client, form, token, *, piece=False):
    """Sends the form as it stands, with this token."""
    sent = {field["name"]: field.get("value", "") for field in form.select("input[name]")}
    assert sent.pop("token") == ""
    sent |= {"token": token}
    return (
        client.piece(form["action"], sent, post=True)
        if piece
        else client.post("/connection/", sent)
    )


def stored_token(manager):
    credential = Credential.objects.get(user=manager)
    return unseal(credential.sealed_token, user_id=manager.pk)


class TestInTheNotice:
    @pytest.fixture
    def notice(self, as_manager, black, token_trouble):
        data = {"name": "Анна", "phones": "102"}
        return as_manager.piece(f"/lists/{black}/contacts/new/", data, post=True)

    def test_it_asks_for_the_new_token(self, notice):
        assert notice.status_code == 403
        assert notice.headers["HX-Retarget"] == "#notice"
        form = notice.soup.select_one("form[action='/connection/'][hx-post]")
        assert form.select_one("[name=client_id]")["value"] == "10553"
        assert says("Nothing was sent. Enter your token here, then try again.") in text(notice)
        assert "manager-token" not in notice.content.decode()
        assert "Анна" not in notice.content.decode()  # it is on the page still

    def test_a_wrong_one_is_told_beside_the_field(self, as_manager, notice):
        answer = connect(as_manager, notice.soup.form, WRONG, piece=True)
        assert answer.status_code == 422
        assert "HX-Retarget" not in answer.headers
        assert says("Plusofon does not know this token. Nothing was saved.") in text(answer)
        assert answer.soup.select_one("#id_token_error")
        assert not answer.soup.select("h1, header")
        assert WRONG not in answer.content.decode()
        again = connect(as_manager, answer.soup.form, NEW, piece=True)
        assert again.status_code == 200

    def test_the_right_one_is_stored_and_the_person_presses_again(
        self, as_manager, manager, sandbox, notice
    ):
        answer = connect(as_manager, notice.soup.form, NEW, piece=True)
        assert (answer.status_code, answer.headers["HX-Retarget"]) == (200, "#notice")
        assert says("Nothing was sent yet: press the button once more.") in text(answer)
        assert "Орлова Анна" in text(answer)
        assert NEW not in answer.content.decode()
        assert stored_token(manager) == NEW
        assert "PUT" not in methods(sandbox)


class TestOnThePage:
    """Without JavaScript."""

    @pytest.fixture
    def path(self, black):
        return f"/lists/{black}/contacts/new/?number=1"

    @pytest.fixture
    def page(self, as_manager, path, token_trouble):
        return as_manager.post(path, {"name": "Анна & Я", "phones": "102\r\n103", "token": "x"})

    def test_what_was_typed_goes_along_until_it_can_be_sent_again(
        self, as_manager, manager, sandbox, account, black, page, path
    ):
        assert page.status_code == 403
        wrong = connect(as_manager, page.soup.select_one("[action='/connection/']"), WRONG)
        assert wrong.status_code == 422
        assert says("Plusofon does not know this token. Nothing was saved.") in text(wrong)
        assert says("What you typed is still here.") in text(wrong)
        right = connect(as_manager, wrong.soup.select_one("main form"), NEW)
        assert right.status_code == 200
        assert stored_token(manager) == NEW
        for answer in (page, wrong, right):
            content = answer.content.decode()
            assert WRONG not in content
            assert NEW not in content
        shown = [words(pair) for pair in right.soup.select("dl.about div")]
        assert shown == [f"{says('Name')} Анна & Я", f"{says('Numbers')} 102 103"]
        form = right.soup.select_one("main form")
        assert form["action"] == path
        assert "PUT" not in methods(sandbox)
        sent = fields(right)
        assert sent == {"name": "Анна & Я", "phones": "102\r\n103"}
        assert as_manager.post(form["action"], sent).status_code == 302
        assert sandbox.lists(account)[black]["contacts"][-1]["phones"] == ["102", "103"]

    def test_what_has_no_fields_can_be_sent_again_too(
        self, as_manager, sandbox, account, black, token_trouble
    ):
        page = as_manager.post(f"/lists/{black}/delete/")
        right = connect(as_manager, page.soup.select_one("[action='/connection/']"), NEW)
        form = right.soup.select_one("main form")
        assert as_manager.post(form["action"]).status_code == 302
        assert black not in sandbox.lists(account)

    def test_nothing_is_sent_elsewhere_and_no_secret_is_carried(self, as_manager, sandbox):
        sent = {"token": NEW, "client_id": "10553", "typed": "name=A&token=s1&password=s2"}
        elsewhere = as_manager.post("/connection/", {**sent, "next": "https://evil.example/"})
        assert (elsewhere.status_code, elsewhere.url) == (302, "/connection/")
        page = as_manager.post("/connection/", {**sent, "next": "/block/"})
        assert fields(page) == {"name": "A"}


def test_a_block_that_met_a_refused_token_is_told_in_words(as_manager, sandbox, black):
    JournalEntryFactory(list_id=18, list_name="Мошенники")
    sandbox.fail("401", times=None)
    data = {"numbers": "102, 103", "name": "Спам", "list": ["18", "19"], "confirm": "1"}
    page = as_manager.post("/block/", data)
    shown = [words(pair) for pair in page.soup.select("dl.about div")]
    assert shown == [
        f"{says('Numbers')} 102, 103",
        f"{says('Name')} Спам",
        f"{says('List')} Мошенники {says('no. %(id)s', id=19)}",
    ]


def test_a_request_that_met_a_refused_token_says_who_chooses_the_list(as_support, sandbox):
    sandbox.fail("401", times=None)
    data = {"numbers": "102", "reason": "Мешает", "list": "manager"}
    page = as_support.post("/requests/new/", data)
    assert f"{says('List')} {says('Let the manager choose')}" in text(page)
