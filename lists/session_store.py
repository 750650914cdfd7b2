"""Sessions whose keys the database does not know: whoever reads it, or a copy of it, is signed in as nobody.

Django's own, but that a row stands under a keyed digest of what the browser has (HMAC under SECRET_KEY).
"""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DjangoSessionStore
from django.contrib.sessions.base_session import AbstractBaseSession
from django.utils import timezone
from django.utils.crypto import salted_hmac


def stored_key(session_key: str) -> str:
    """Under which key the row of a session stands: 160 bits, as long as the column is."""
    return salted_hmac("lists.session_store", session_key, algorithm="sha256").hexdigest()[:40]


class SessionStore(DjangoSessionStore):
    def exists(self, session_key: str) -> bool:
        return super().exists(stored_key(session_key))

    def create_model_instance(self, data: dict[str, Any]) -> AbstractBaseSession:
        row = super().create_model_instance(data)
        row.session_key = stored_key(row.session_key)
        return row

    def delete(self, session_key: str | None = None) -> None:
        if key := session_key or self.session_key:
            super().delete(stored_key(key))

    def _get_session_from_db(self) -> AbstractBaseSession | None:
        rows = self.model.objects.filter(expire_date__gt=timezone.now())
        row = rows.filter(session_key=stored_key(self.session_key or "")).first()
        if row is None:
            self._session_key = None  # a browser never chooses the key of a new session
        return row
