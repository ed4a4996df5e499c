"""Django's settings. Everything works with none set; docs/settings.md lists the variables."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from console import changelog, env, keyring
from console.identity import *  # noqa: F403 - as Django wants them: names of this module
from console.identity import MAIL_FROM
from executor.ceilings import ceilings
from executor.contract import SESSION_COOKIE, cookie_name

BASE = Path(__file__).resolve().parent.parent
VERSION = changelog.version(BASE / "CHANGELOG.md")
DATA = env.folder("WEBTASKS_DATA", "var")
RUN = DATA / "run"

SECRET_KEY = env.secret("WEBTASKS_SECRET_KEY", DATA / keyring.KEY)
# Old keys still verify tokens, sessions and grants, and open what they sealed; they sign and seal nothing new.
SECRET_KEY_FALLBACKS = env.fallbacks("WEBTASKS_SECRET_KEY_FALLBACKS", DATA / keyring.OLD)
NODE_TOKEN = env.secret("WEBTASKS_NODE_TOKEN", DATA / "node_token")
DEBUG = env.flag("WEBTASKS_DEBUG", default=False)

# -- where people and executors find us -------------------------------------------------------------------------

HOST = env.text("WEBTASKS_HOST", "127.0.0.1")
PORT = env.whole("WEBTASKS_PORT", 8000, low=1, high=65535)
DOMAIN = env.host("WEBTASKS_DOMAIN", "localhost")
CONSOLE_HOST = env.host("WEBTASKS_CONSOLE_HOST", "localhost")
CONSOLE_ORIGIN = env.origin("WEBTASKS_CONSOLE_ORIGIN", f"http://{CONSOLE_HOST}:{PORT}")
EXECUTOR_URL = env.origin("WEBTASKS_EXECUTOR_URL", f"http://127.0.0.1:{PORT}")
CONSOLE_SOCKET = RUN / "console.sock"
DEFAULT_FROM_EMAIL = MAIL_FROM or f"Webtasks <webtasks@{CONSOLE_HOST}>"

ALLOWED_HOSTS = [CONSOLE_HOST, *env.hosts("WEBTASKS_INTERNAL_HOSTS", "console")]
CSRF_TRUSTED_ORIGINS = [CONSOLE_ORIGIN]
_secure = urlsplit(CONSOLE_ORIGIN).scheme == "https"

# -- the application --------------------------------------------------------------------------------------------

ROOT_URLCONF = "console.urls"
WSGI_APPLICATION = None
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "rest_framework",
    "drf_spectacular",
    "oauth2_provider",
    "console.jobs",
    "console.accounts",
    "console.webtasks",
    "console.storage",
    "console.schedules",
    "console.deliveries",
    "console.modules",
    "console.api",
    "console.protocol",
    "console.live",
    # Before allauth, whose templates ours replace.
    "console.web",
    "console.serve",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.github",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "console.web.csp.ContentSecurityPolicy",
    "console.web.renamed.PresentNames",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
APPEND_SLASH = False
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# -- people -----------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/signin"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

# Webtasks drop inbound cookies of this prefix; a cookie under another name would reach user code. Over https the name is
# one that no page of a webtask can set, on whatever host beside ours.
SESSION_COOKIE_NAME = cookie_name(SESSION_COOKIE, secure=_secure)
SESSION_COOKIE_SECURE = _secure
CSRF_COOKIE_NAME = cookie_name("webtasks_csrf", secure=_secure)
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = _secure
CSRF_FAILURE_VIEW = "console.web.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"

# -- the database -----------------------------------------------------------------------------------------------

DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATA / "webtasks.sqlite3",
        # Threads of the WSGI pools live as long as the process, so do their connections: 2-3x the requests.
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            # IMMEDIATE: a transaction that reads first and writes later would fail as "locked" otherwise.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA mmap_size=134217728;"
                "PRAGMA journal_size_limit=67108864; PRAGMA cache_size=-20000; PRAGMA foreign_keys=ON;"
            ),
        },
    }
}

# -- static files: built by Vite, whose names carry the hash of their content ------------------------------------

STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE / "console" / "static"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

WHITENOISE_IMMUTABLE_FILE_TEST = r"^.*/dist/assets/.+-[-\w]{8,}\.\w+$"

# How high teams may set their limits.
CEILINGS = ceilings(lambda name, default, low, high: env.whole(name, default, low=low, high=high))
# Code of the largest size with every character escaped, and some room.
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * CEILINGS.code_bytes + 2 * 1024 * 1024

# -- the API ----------------------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "console.api.authentication.Key",
        "console.api.authentication.Session",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_THROTTLE_CLASSES": ["console.api.rates.TokenRates"],
    "DEFAULT_PARSER_CLASSES": ["console.api.parsers.BoundedJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_SCHEMA_CLASS": "console.api.operation.Operation",
    "EXCEPTION_HANDLER": "console.api.problems.handle",
    # ?format= is a view's own to understand.
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Webtasks",
    "DESCRIPTION": "Write code in a browser, save it, call its URL.",
    "VERSION": VERSION,
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "COMPONENT_SPLIT_REQUEST": True,
    "SCHEMA_PATH_PREFIX": "/api/",
    "POSTPROCESSING_HOOKS": ["console.api.schema.add_problems"],
}

# -- people who sign in for a published client ------------------------------------------------------------------

CLIENT_LOGIN = env.flag("WEBTASKS_CLIENT_LOGIN", default=True)
LOGIN_SECONDS = 3600
OAUTH2_PROVIDER = {
    "OAUTH2_BACKEND_CLASS": "console.accounts.oauth.Backend",
    "OAUTH2_VALIDATOR_CLASS": "console.accounts.oauth.Validator",
    "SCOPES_BACKEND_CLASS": "console.accounts.oauth.Scopes",
    "ACCESS_TOKEN_GENERATOR": "console.accounts.logins.access_token",
    "REFRESH_TOKEN_GENERATOR": "oauthlib.oauth2.rfc6749.tokens.random_token_generator",
    "ACCESS_TOKEN_EXPIRE_SECONDS": LOGIN_SECONDS,
    "REFRESH_TOKEN_EXPIRE_SECONDS": 90 * 86_400,
    # A client that lost the answer to its refresh may ask again.
    "REFRESH_TOKEN_GRACE_PERIOD_SECONDS": 60,
    "REQUEST_APPROVAL_PROMPT": "force",
    "COMPLIANT_BCP_RFC9700_IMPLICIT_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PASSWORD_GRANT": True,
    "COMPLIANT_BCP_RFC9700_PKCE_METHOD": True,
    "COMPLIANT_BCP_RFC9700_ACCESS_TOKEN_TRANSPORT": True,
    "COMPLIANT_BCP_RFC9700_TOKEN_STORAGE": True,
}

# -- live and background ----------------------------------------------------------------------------------------

CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
BROKER_URL = "memory://localhost/"
KEEP_LOG_DAYS = env.whole("WEBTASKS_KEEP_LOG_DAYS", 14, low=1, high=3650)
KEEP_INVOCATION_DAYS = env.whole("WEBTASKS_KEEP_INVOCATION_DAYS", 30, low=1, high=3650)

# No less than console/accounts/append_only.py lets go.
KEEP_AUDIT_DAYS = env.whole("WEBTASKS_KEEP_AUDIT_DAYS", 365, low=30, high=3650)
KEEP_DELIVERY_DAYS = env.whole("WEBTASKS_KEEP_DELIVERY_DAYS", 7, low=1, high=3650)
# Of one person.
MAX_TEAMS = env.whole("WEBTASKS_MAX_TEAMS", 10, low=0, high=10_000)
# Of a team.
MAX_SCHEDULES = env.whole("WEBTASKS_MAX_SCHEDULES", 10, low=0, high=10_000)

# -- what it says -----------------------------------------------------------------------------------------------

LOG_LEVEL = env.choice("WEBTASKS_LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)-7s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "console": {"level": LOG_LEVEL},
        # Each 4xx is in the answer already; "Not Found: /favicon.ico" in the log is noise.
        "django.request": {"level": "ERROR"},
        "uvicorn": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
    },
}
