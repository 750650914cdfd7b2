"""The real settings, with the secrets of nobody."""

import os

from cryptography.fernet import Fernet

os.environ.update(
    {
        "DEBUG": "False",
        "SECRET_KEY": "tests-only-" + "x" * 50,
        "CREDENTIAL_KEYS": Fernet.generate_key().decode(),
        "HTTPS_ONLY": "False",
        "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
        "LOG_LEVEL": "WARNING",
        "PLUSOFON_API_URL": "http://127.0.0.1:9",
        "LANGUAGE_CODE": "ru",
    }
)
os.environ.setdefault("DATABASE_URL", "sqlite://:memory:")

from plusofon_admin.settings import *  # noqa: F403

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT = None  # type: ignore[assignment]  # nothing is collected: the finders serve it
WHITENOISE_USE_FINDERS = True
# Looks at the files when they are asked for, and not as each client begins.
WHITENOISE_AUTOREFRESH = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
