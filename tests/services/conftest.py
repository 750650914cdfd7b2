import pytest

from lists.services import editing


@pytest.fixture
def write(api, black, manager):
    """A change of the one list, by the manager."""
    return lambda change: editing.write(change, black, api=api, by=manager)


@pytest.fixture
def stored(sandbox, account, black):
    """The list as the stand-in has it."""
    return lambda: sandbox.lists(account)[black]
