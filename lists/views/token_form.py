"""Where a person enters their token: on the page of the connection, and wherever it turns out to be refused."""

from django.conf import settings
from django.contrib.auth.models import User
from django.http import QueryDict

from ..forms.connection import ConnectionForm
from ..services import credentials


def token_form(user: User, sent: QueryDict | None = None) -> ConnectionForm:
    """With the person's client code; a blank token keeps the stored one, where that can be read."""
    credential = credentials.credential_of(user)
    is_readable = credential is not None and credentials.is_readable(credential)
    code = credential.client_id if credential else settings.PLUSOFON_CLIENT_ID
    return ConnectionForm(sent, initial={"client_id": code}, has_token=is_readable)
