"""Sessions of people who are signed in and connected, for dashboards in processes of their own.

So that sixty people, and a hundred tests, need not have a password checked first.
"""

import json
import secrets

import httpx

from .serving import manage

SESSION_OF = """
import json
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import Group, User
from lists.services import credentials
from lists.session_store import SessionStore
from lists.sessions import begin

def session_of(user):
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    begin(session)
    session.create()
    return session.session_key
"""
PREPARE = (
    SESSION_OF
    + """
sessions = {}
for name in %r:
    user = User.objects.create_user(name)
    user.groups.add(Group.objects.get(name="Managers"))
    credentials.connect(by=user, token=f"{name}-token", client_id="10553")
    sessions[name] = session_of(user)
print(json.dumps(sessions))
"""
)


def sessions_of(names, env, *, first=""):
    """Make these people managers, each with the token `NAME-token`. Their session keys, by name.

    What is `first` run, as Python, may make others.
    """
    return json.loads(manage(env, "shell", "-v0", "-c", first + PREPARE % (list(names),)))


def browser(url, session, **options):
    """A browser with that session, which may post."""
    token = secrets.token_hex(16)
    headers = {"X-CSRFToken": token, **options.pop("headers", {})}
    return httpx.Client(
        base_url=url,
        cookies={"sessionid": session, "csrftoken": token},
        headers=headers,
        trust_env=False,
        **options,
    )
