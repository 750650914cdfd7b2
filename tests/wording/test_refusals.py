"""What is said of what Django refuses."""

import pytest
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import (
    BadRequest,
    DisallowedHost,
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)

from lists.wording import refusals


@pytest.mark.parametrize(
    ("exception", "status", "title"),
    [
        (DisallowedHost(), 400, "По этому адресу ничего нет"),
        (RequestDataTooBig(), 413, "Слишком много за один раз"),
        (TooManyFieldsSent(), 400, "Слишком много за один раз"),
        (TooManyFilesSent(), 400, "Слишком много за один раз"),
        (SessionInterrupted(), 400, "Сеанс завершился"),
        (BadRequest(), 400, "Не удалось прочитать запрос"),
    ],
)
def test_a_refusal_has_its_status_and_its_title(exception, status, title):
    refusal = refusals.refusal_of(exception)
    assert (refusal.status, str(refusal.title)) == (status, title)
    assert not refusal.may_retry
