"""Several lists written side by side, by threads over a real database."""

import time

from bs4 import BeautifulSoup

from .conftest import ACCOUNT

LISTS = 12
SLOW = 0.5  # seconds a call


def test_twelve_lists_take_the_time_of_three_and_are_told_in_order(stage):
    ids = [stage.sandbox.add_list(ACCOUNT, name=f"Рядом {n:02}") for n in range(LISTS)]
    for list_id in ids:
        for method in ("GET", "PUT"):
            stage.sandbox.before(
                method, f"contact-lists/{list_id}", lambda: time.sleep(SLOW), times=None
            )
    fields = {"numbers": "79991112233", "name": "Спам", "list": ids, "confirm": "1"}
    with stage.client("anna") as client:
        started = time.monotonic()
        answer = client.post("/block/", data=fields)
        took = time.monotonic() - started
    assert answer.status_code == 200
    assert (
        took < 0.6 * LISTS * 3 * SLOW
    )  # one after the other: each is read, replaced and read back
    report = BeautifulSoup(answer.text, "html.parser")
    names = [cell.text for cell in report.select("tbody th, tbody td") if "Рядом" in cell.text]
    assert [name.split("Рядом")[1][:3].strip() for name in names] == [
        f"{n:02}" for n in range(LISTS)
    ]
    written = [stage.contacts(list_id) for list_id in ids]
    assert written == [[{"name": "Спам", "phones": ["79991112233"]}]] * LISTS
    entries = [entry for entry in stage.journal() if entry["list_id"] in ids]
    assert [entry["outcome"] for entry in entries] == ["confirmed"] * LISTS
