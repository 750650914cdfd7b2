"""No lost update: many people, several processes, one list."""

import itertools
import random
import time
from concurrent.futures import ThreadPoolExecutor

from lists.plusofon.values import Contact
from lists.sameness import contact_key

from .conftest import ACCOUNT, PEOPLE

EDITS = 60


def key(contact):
    return contact_key(Contact(contact["name"], tuple(contact["phones"])))


def all_at_once(stage, requests):
    """Send every (path, fields) at the same moment, each from a person's own browser; who is told that too
    many others wait tries again."""

    def send(person, path, fields):
        with stage.client(person) as client:
            while (answer := client.post(path, data=fields)).status_code == 503:
                time.sleep(int(answer.headers["Retry-After"]) * random.uniform(0.1, 0.5))
            return answer

    with ThreadPoolExecutor(len(requests)) as pool:
        sent = [
            pool.submit(send, person, *request)
            for person, request in zip(itertools.cycle(PEOPLE), requests)
        ]
        return [answer.result() for answer in sent]


def test_sixty_edits_at_once_are_all_there_and_all_confirmed(stage):
    contacts = [{"name": f"Контакт {n}", "phones": [f"7999{n:07}"]} for n in range(EDITS)]
    list_id = stage.sandbox.add_list(ACCOUNT, name="Шестьдесят", contacts=contacts)
    requests = [
        (
            f"/lists/{list_id}/contacts/{key(contact)}/edit/",
            {"name": f"Правка {n}", "phones": f"7888{n:07}"},
        )
        for n, contact in enumerate(contacts)
    ]
    answers = all_at_once(stage, requests)
    assert [answer.status_code for answer in answers] == [302] * EDITS
    expected = [{"name": f"Правка {n}", "phones": [f"7888{n:07}"]} for n in range(EDITS)]
    assert stage.contacts(list_id) == expected
    entries = [entry for entry in stage.journal() if entry["list_id"] == list_id]
    assert [entry["outcome"] for entry in entries] == ["confirmed"] * EDITS
    assert {entry["username"] for entry in entries} == set(PEOPLE)


def test_adds_removes_edits_and_renames_at_once_agree_with_a_model(stage):
    contacts = [{"name": f"Был {n}", "phones": [f"7999{n:07}"]} for n in range(30)]
    list_id = stage.sandbox.add_list(ACCOUNT, name="Смесь", contacts=contacts)
    edited, removed, kept = contacts[:10], contacts[10:20], contacts[20:]
    requests = [
        (f"/lists/{list_id}/contacts/{key(c)}/edit/", {"name": f"Стал {n}", "phones": "102"})
        for n, c in enumerate(edited)
    ]
    requests += [(f"/lists/{list_id}/contacts/{key(c)}/delete/", {}) for c in removed]
    requests += [
        (f"/lists/{list_id}/contacts/new/", {"name": f"Новый {n}", "phones": f"7777{n:07}"})
        for n in range(10)
    ]
    requests.append(
        (
            f"/lists/{list_id}/edit/",
            {"name": "Смесь 2", "type": "black", "seen": '["Смесь", "black"]'},
        )
    )
    random.shuffle(requests)
    answers = all_at_once(stage, requests)
    assert {answer.status_code for answer in answers} == {302}
    model = [{"name": f"Стал {n}", "phones": ["102"]} for n in range(10)]
    model += kept
    model += [{"name": f"Новый {n}", "phones": [f"7777{n:07}"]} for n in range(10)]
    assert sorted(stage.contacts(list_id), key=str) == sorted(model, key=str)
    assert stage.sandbox.lists(ACCOUNT)[list_id]["name"] == "Смесь 2"
    entries = [entry for entry in stage.journal() if entry["list_id"] == list_id]
    assert [entry["outcome"] for entry in entries] == ["confirmed"] * len(requests)


def test_one_form_pressed_many_times_at_once_makes_one_list(stage):
    form = {
        "name": "Один раз",
        "type": "black",
        "once": "6a0c2d5e-5f0e-4b5c-9a55-0d6d3c1f7a11",
    }
    answers = all_at_once(stage, [("/lists/new/", form)] * 8)
    made = [k for k, found in stage.sandbox.lists(ACCOUNT).items() if found["name"] == "Один раз"]
    assert len(made) == 1
    assert {answer.headers["Location"] for answer in answers} == {f"/lists/{made[0]}/"}
