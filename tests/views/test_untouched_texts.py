"""What is stored and nobody touched is sent back byte for byte, through the form as a browser sends it."""

import pytest

from tests.client import fields

ODD = [
    *(
        "79991112233, 79994445566",
        "79991112233; 101",
        "79991112233 79994445566",
        "79998887700 (101)",
    ),
    *(
        "79991112233\n79994445566",
        "79991112233\r\n101",
        "101\t102",
        "доб. 12",
        " 101 ",
        "84961234567",
    ),
]


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("others", [[], ["79998887766", "8 (812) 333-44-55"]])
def test_an_edit_of_the_name_leaves_an_odd_text_alone(as_manager, sandbox, account, odd, others):
    phones = [odd, *others]
    black = sandbox.add_list(account, name="Спам", contacts=[{"name": "Ли", "phones": phones}])
    row = as_manager.get(f"/lists/{black}/").soup.select_one("#rows a[href$='/edit/']")["href"]
    sent = fields(as_manager.get(row), name="Ли Ван")
    sent["phones"] = sent["phones"].replace("\r\n", "\n").replace("\n", "\r\n")
    as_manager.post(row, sent)
    stored = sandbox.lists(account)[black]["contacts"]
    assert [(c["name"], c["phones"]) for c in stored] == [("Ли Ван", phones)]
