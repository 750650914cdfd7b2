from lists.connection import CredentialMissing, CredentialUnreadable
from lists.plusofon.errors import Unauthenticated
from lists.wording.connection import why_not_connected


def test_each_reason_why_somebody_is_not_connected_has_its_words():
    assert why_not_connected(CredentialMissing()) == "Вы ещё не подключены к Плюсофону."
    assert "больше не читается" in why_not_connected(CredentialUnreadable())
    assert why_not_connected(Unauthenticated()) == "Плюсофон не принимает ваш токен."
