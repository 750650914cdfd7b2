"""Names of lists and contacts as pages show them."""

import pytest

from lists.names import isolated, short


@pytest.mark.parametrize("name", ["ישראל ישראלי", "محمد", "\u202eсписок", "Анна עברית"])
def test_a_name_from_right_to_left_turns_nothing_of_its_sentence(name):
    assert isolated(name) == f"\u2068{name}\u2069"
    assert short(name) == name


@pytest.mark.parametrize("name", ["", "Иван", "ООО «Ромашка» & Co", "王小明", "👩‍🚒"])
def test_any_other_name_is_left_as_it_is(name):
    assert isolated(name) == name


def test_a_long_name_is_cut_before_it_is_isolated():
    assert isolated("א" * 500) == "\u2068" + "א" * 200 + "…\u2069"
