"""Names of 100,000 characters break no page: nothing is wider than the window, no column a letter wide."""

import pytest

NAME = "Ю" * 100_000


@pytest.mark.parametrize("width", [360, 1280])
def test_a_page_of_long_names_is_no_wider_than_the_window(person, sandbox, width):
    contacts = [
        {"name": NAME, "phones": ["79990001122"]},
        {"name": "Иван Иванов", "phones": ["7" * 3000, "79990001123"]},
    ]
    long = sandbox.add_list(4821, name=NAME, contacts=contacts, id=90_000 + width)
    manager = person(width=width).sign_in("manager")
    page = manager.page
    for name, path in (
        ("lists", "/lists/"),
        ("list", f"/lists/{long}/"),
        ("delete", f"/lists/{long}/delete/"),
        ("lookup", "/lookup/?number=79990001122"),
        ("lookup-of-name", "/lookup/?number=ЮЮ"),
        ("many", "/lookup/many/?numbers=79990001122"),
        ("block", "/block/?number=79990001122"),
    ):
        manager.goto(path)
        page.wait_for_load_state("networkidle")
        manager.look(f"long-{name}")
    manager.goto(f"/lists/{long}/")
    assert page.locator("#rows .name").first.bounding_box()["width"] > 70
    assert page.locator("#rows tr").nth(1).bounding_box()["height"] < 600
