import pytest

from lists.writing.write import write as write_list


@pytest.fixture
def write(black, by):
    """A change of the one list, by the manager."""
    return lambda intent: write_list(intent, black, by=by)


@pytest.fixture
def stored(sandbox, account, black):
    """The list as the stand-in has it."""
    return lambda: sandbox.lists(account)[black]


@pytest.fixture
def late(settings):
    """Nothing lands any more: what is in doubt may be settled at once."""

    def late():
        settings.PLUSOFON_LATE_WRITE = -60.0

    return late
