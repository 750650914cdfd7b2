"""How Plusofon Admin is configured: every setting that an administrator may change is an
environment variable (or a line of `.env`), read here and nowhere else, listed in `.env.example`.
"""

import os
import re
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from . import __version__, private_sqlite
from .environment import Environment, log_format, log_level, time_zone

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()
if (BASE_DIR / ".env").exists() and not os.access(BASE_DIR / ".env", os.R_OK):
    raise ImproperlyConfigured(f"{BASE_DIR / '.env'} cannot be read by the user that starts this.")
env.read_env(BASE_DIR / ".env")


def secret(name: str, how: str) -> str:
    """The value of a variable that has no default anybody should rely on."""
    value = env.secret(name)
    if not value:
        raise ImproperlyConfigured(f"{name} is not set, nor is {name}_FILE. {how}")
    return value


DEBUG = env.bool("DEBUG", default=False)
SECRET_KEY = secret(
    "SECRET_KEY",
    "Make one with: python -c 'import secrets; print(secrets.token_urlsafe(50))'",
)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
# Where on its host the dashboard is, as /plusofon; "" is all of the host.
BASE_PATH = env.str("BASE_PATH", default="").strip().rstrip("/")
FORCE_SCRIPT_NAME = BASE_PATH or None
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

# The API
PLUSOFON_API_URL = env.str("PLUSOFON_API_URL", default="https://restapi.plusofon.ru")
PLUSOFON_CLIENT_ID = env.str("PLUSOFON_CLIENT_ID", default="10553")
PLUSOFON_TIMEOUT = env.float("PLUSOFON_TIMEOUT", default=15.0)
PLUSOFON_WRITE_TIMEOUT = env.float("PLUSOFON_WRITE_TIMEOUT", default=30.0)
PLUSOFON_LATE_WRITE = env.float("PLUSOFON_LATE_WRITE", default=60.0)
PLUSOFON_CALLS_AT_ONCE = env.int("PLUSOFON_CALLS_AT_ONCE", default=8)
# How the server serves, each process with so many threads (`manage.py serve`).
WORKERS = env.int("WORKERS", default=1)
THREADS = env.int("THREADS", default=16)
# While the stand-in answers instead of Plusofon, every page says so.
SANDBOX = env.bool("SANDBOX", default=False)
# The first key encrypts, all of them decrypt (`manage.py rotate_credentials`).
CREDENTIAL_KEYS = secret(
    "CREDENTIAL_KEYS",
    "Make one with: python -c 'from cryptography.fernet import Fernet;"
    " print(Fernet.generate_key().decode())'",
).split(",")

# Reads each list that the page of lists shows, after the page.
CONTACT_COUNTS = env.bool("CONTACT_COUNTS", default=True)
CONTACTS_PER_PAGE = env.int("CONTACTS_PER_PAGE", default=50)
# What `manage.py prune_journal` leaves; 0 keeps everything.
JOURNAL_KEEP_DAYS = env.int("JOURNAL_KEEP_DAYS", default=365)
# Where files that people send lie until they are applied, for an hour at most (`lists.uploads`). Empty means
# the default: all processes of a server share it.
UPLOADS_DIR = BASE_DIR / (env.str("UPLOADS_DIR", default="") or "var/uploads")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "axes",
    "csp",
    "django_htmx",
    "django_http_compression",
    "lucide",
    "template_partials",
    "lists",
]

MIDDLEWARE = [
    # Outermost what adds headers: files, errors and redirects go out with them too.
    "lists.middleware.HeadersMiddleware",
    "lists.middleware.CookiesMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Inside WhiteNoise, whose files are compressed already and may be asked for in ranges; outside whatever
    # still writes into an answer. Flushes a stream piece by piece (docs/decisions/0010-compression.md).
    "django_http_compression.middleware.HttpCompressionMiddleware",
    "lists.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "lists.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "lists.middleware.PersonalPagesMiddleware",
    "lists.middleware.HtmxMessagesMiddleware",
    "lists.middleware.HtmxRedirectMiddleware",
    "lists.middleware.SignInFirstMiddleware",
    "lists.middleware.ErrorPagesMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "plusofon_admin.urls"
WSGI_APPLICATION = "plusofon_admin.wsgi.application"

LOADERS = ["lists.template_loader.Loader", "django.template.loaders.app_directories.Loader"]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [("django.template.loaders.cached.Loader", LOADERS)],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "lists.context_processors.page",
            ],
        },
    },
]

FORM_RENDERER = "lists.forms.base.FieldRenderer"

if database := env.database("DATABASE_URL"):
    DATABASES = {"default": database}
else:
    try:
        (BASE_DIR / "var").mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"{BASE_DIR / 'var'} cannot be made ({error.strerror}). Make it, or set DATABASE_URL."
        ) from error
    DATABASES = {"default": env.db_url_config(f"sqlite:///{BASE_DIR / 'var' / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql":
    # A server that has gone without a word is noticed in seconds, not in the quarter of an hour that
    # the system goes on sending (https://www.postgresql.org/docs/current/libpq-connect.html).
    DATABASES["default"]["OPTIONS"] = {
        "connect_timeout": 5,
        "tcp_user_timeout": 10_000,  # ms
        **DATABASES["default"].get("OPTIONS", {}),
    }
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Write-ahead logging lets pages be read while somebody saves; IMMEDIATE makes a writer wait
    # for its turn instead of failing half-way (https://docs.djangoproject.com/en/5.2/ref/databases/#sqlite-notes).
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        "factory": private_sqlite.Connection,
        **DATABASES["default"].get("OPTIONS", {}),
    }
DATABASES["default"].update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
# The first hashes; the others still open, and give way to it when their owner signs in.
PASSWORD_HASHERS = [
    "lists.hashers.Argon2",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2SHA1PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
# The company's own accounts (`lists.single_sign_on`): by a header of the intranet's proxy …
SSO_HEADER = env.str("SSO_HEADER", default="")
SSO_GROUPS_HEADER = env.str("SSO_GROUPS_HEADER", default="")
SSO_PROXIES = env.list("SSO_PROXIES", default=[])
SSO_LOGOUT_URL = env.str("SSO_LOGOUT_URL", default="")
# … or by OpenID Connect, partly under the names that mozilla-django-oidc has for it.
OIDC_ISSUER = env.str("OIDC_ISSUER", default="")
OIDC_RP_CLIENT_ID = env.str("OIDC_CLIENT_ID", default="")
OIDC_RP_CLIENT_SECRET = env.secret("OIDC_CLIENT_SECRET")
OIDC_RP_SCOPES = env.str("OIDC_SCOPES", default="") or "openid profile email"
OIDC_USERNAME_CLAIM = env.str("OIDC_USERNAME_CLAIM", default="") or "preferred_username"
OIDC_GROUPS_CLAIM = env.str("OIDC_GROUPS_CLAIM", default="") or "groups"
OIDC_RP_SIGN_ALGO = "RS256"
OIDC_USE_PKCE = True
OIDC_TIMEOUT = 5  # seconds
OIDC_AUTHENTICATION_CALLBACK_URL = "company-callback"
# For either: which of the company's groups are what here.
SSO_MANAGERS = env.list("SSO_MANAGERS", default=[])
SSO_SUPPORT = env.list("SSO_SUPPORT", default=[])
LOCAL_LOGIN = env.bool("LOCAL_LOGIN", default=True)
# A session whose backend is not here any more opens nothing.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    *(["django.contrib.auth.backends.ModelBackend"] if LOCAL_LOGIN else []),
    *(["lists.single_sign_on.backends.Header"] if SSO_HEADER else []),
    *(["lists.single_sign_on.backends.OpenID"] if OIDC_ISSUER else []),
]
# Guessing passwords (`lists.throttle`): of one name from one address, and of all from one address.
LOGIN_ATTEMPTS = env.int("LOGIN_ATTEMPTS", default=5)
LOGIN_ATTEMPTS_OF_ADDRESS = env.int("LOGIN_ATTEMPTS_OF_ADDRESS", default=50)
LOGIN_LOCK_MINUTES = env.float("LOGIN_LOCK_MINUTES", default=15.0)
AXES_COOLOFF_TIME = timedelta(minutes=LOGIN_LOCK_MINUTES)
AXES_HANDLER = "lists.throttle.Handler"
AXES_LOCKOUT_CALLABLE = "lists.throttle.answer"
AXES_CLIENT_IP_CALLABLE = "lists.throttle.address_of"
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
SESSION_ENGINE = "lists.session_store"
# How long one stays signed in: in all, and without doing anything (`lists.sessions`).
SESSION_HOURS = env.float("SESSION_HOURS", default=12.0)
SESSION_IDLE_MINUTES = env.float("SESSION_IDLE_MINUTES", default=60.0)
SESSION_COOKIE_AGE = int(SESSION_HOURS * 3600)
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "overview"

LANGUAGES = [("ru", _("Russian")), ("en", _("English"))]
LANGUAGE_CODE = env.str("LANGUAGE_CODE", default="ru")
LOCALE_PATHS = [BASE_DIR / "lists" / "locale"]
TIME_ZONE = env.get_value("TIME_ZONE", cast=time_zone, default="Europe/Moscow")
USE_TZ = True

STATIC_URL = f"{BASE_PATH}/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Empty means the default: everything under this directory is served to everybody.
STATIC_ROOT = BASE_DIR / (env.str("STATIC_ROOT", default="") or "staticfiles")
if not DEBUG:
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "lists.static_storage.Storage"},
    }

# Security
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}
# Off only where nobody but this machine can listen: the demo, a first look.
HTTPS_ONLY = env.bool("HTTPS_ONLY", default=not DEBUG)
SECURE_SSL_REDIRECT = HTTPS_ONLY
SECURE_REDIRECT_EXEMPT = [rf"^({re.escape(BASE_PATH[1:])}/)?(healthz|readyz|metrics)$"]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS_ONLY
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS_ONLY else 0
# A host of an intranet says nothing about its company's other hosts unless told to.
SECURE_HSTS_INCLUDE_SUBDOMAINS = env.bool("HSTS_SUBDOMAINS", default=False)
SECURE_HSTS_PRELOAD = env.bool("HSTS_PRELOAD", default=False)
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]  # hence
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
# The largest form unblocks a number in 10,000 contacts: a field for each that is chosen, and some 200 bytes to
# show it again, percent-encoded. Ten thousand names and numbers of Cyrillic contacts arrive in 3 MB.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000 + 100
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
CSRF_FAILURE_VIEW = "lists.views.refusals.csrf_failure"
X_FRAME_OPTIONS = "DENY"
# What `SecurityMiddleware` does not know, or leaves out where it refuses a request itself.
RESPONSE_HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(
        f"{feature}=()"
        for feature in (
            *("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media"),
            *("fullscreen", "geolocation", "gyroscope", "hid", "idle-detection", "magnetometer"),
            *("microphone", "midi", "payment", "publickey-credentials-get", "screen-wake-lock"),
            *("serial", "usb", "xr-spatial-tracking"),
        )
    ),
    "Referrer-Policy": SECURE_REFERRER_POLICY,
    "X-Content-Type-Options": "nosniff",
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
# Only a proxy that always sets or removes these headers may be trusted with them.
PROXY_COUNT = 0
TRUST_PROXY = env.bool("TRUST_PROXY", default=False)
if TRUST_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    PROXY_COUNT = env.int("PROXY_COUNT", default=1)

LOG_LEVEL = env.get_value("LOG_LEVEL", cast=log_level, default="INFO")
LOG_FORMAT = env.get_value("LOG_FORMAT", cast=log_format, default="text")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {"()": "plusofon_admin.logs.Text", "zone": TIME_ZONE},
        "json": {"()": "plusofon_admin.logs.Json", "zone": TIME_ZONE},
    },
    "filters": {"said_once": {"()": "plusofon_admin.logs.SaidOnce"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": LOG_FORMAT,
            "filters": ["said_once"],
        }
    },
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # Each request's address is the API's business, and one's numbers are nobody's.
    "loggers": {
        "axes": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        # Whoever leaves, and each request that waits for a thread, is no news.
        "waitress": {"level": "WARNING"},
        "waitress.queue": {"level": "ERROR"},
    },
}

# What Prometheus reads at /metrics (`lists.telemetry.metrics`), with this token; details of /readyz too.
METRICS = env.bool("METRICS", default=False)
METRICS_TOKEN = env.secret("METRICS_TOKEN")
VERSION = __version__

# Variables that could not be read, in a sentence each: `lists.checks` stops the start with them.
UNREADABLE = env.unreadable
# What this machine's other users should not read: `lists.checks` says where they may.
SECRET_FILES = [BASE_DIR / ".env", *env.secret_files]
