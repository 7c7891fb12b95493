"""All settings, read from the environment; a bad value stops the start. docs/operations.md lists each."""

import re
import secrets
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# Where the portal keeps what it makes on this machine: embedded database, collected static files, secret key.
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
# Files of leads that people download later; served by the portal alone, to who asked for them.
EXPORTS_DIR = VAR_DIR / "exports"
# Files of leads that people have sent to be imported.
IMPORTS_DIR = VAR_DIR / "imports"


def _boolean(name: str, *, default: bool) -> bool:
    """Read a switch: 1/0, true/false, yes/no, on/off; anything else is refused."""
    words = {"1": True, "true": True, "yes": True, "on": True}
    words |= {"0": False, "false": False, "no": False, "off": False}
    value = env.str(name, default=str(default)).strip().lower()
    if value not in words:
        raise ImproperlyConfigured(f"{name} is {value!r}; write one of {', '.join(words)}.")
    return words[value]


def _secret_key() -> str:
    """Read SECRET_KEY, or keep a random one in VAR_DIR so that one machine runs without any set-up."""
    if key := env.str("SECRET_KEY", default=""):
        if len(key) < 50:
            raise ImproperlyConfigured("SECRET_KEY needs at least 50 characters.")
        return key
    path = VAR_DIR / "secret_key"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(64))
    return path.read_text().strip()


DEBUG = _boolean("DEBUG", default=False)
SECRET_KEY = _secret_key()

# Absolute links are built from this address alone, never from the Host header (security.md R29).
PORTAL_URL = env.str("PORTAL_URL", default="http://127.0.0.1:8000").rstrip("/")
_address = urlsplit(PORTAL_URL)
if _address.scheme not in {"http", "https"} or not _address.hostname:
    raise ImproperlyConfigured(
        f"PORTAL_URL is {PORTAL_URL!r}; write it like https://leads.example.com"
    )
ALLOWED_HOSTS = [_address.hostname, *env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost"])]
if any(host in {"*", ""} for host in ALLOWED_HOSTS):
    raise ImproperlyConfigured("ALLOWED_HOSTS must name hosts; * is refused.")
IS_HTTPS = _address.scheme == "https"

INSTALLED_APPS = [
    "leads",
    "templates_app",
    "accounts",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "crispy_bootstrap5",
    "django_filters",
    "django_htmx",
    "django_tables2",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ActorMiddleware",
    "leadportal.common.middleware.RefusalMiddleware",
]

ROOT_URLCONF = "leadportal.urls"
WSGI_APPLICATION = "leadportal.wsgi.application"
ASGI_APPLICATION = "leadportal.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "leadportal.navigation.shell",
            ],
            "libraries": {"portal": "leadportal.common.tags"},
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "leadportal.common.tags",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS += ["django.forms"]  # the renderer above looks for Django's own form templates
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"

# --- Database -----------------------------------------------------------------------------------

_url = env.str("DATABASE_URL", default="") or f"sqlite:///{VAR_DIR / 'portal.sqlite3'}"
DATABASES = {"default": env.db_url_config(_url)}
_database = DATABASES["default"]
IS_SQLITE = _database["ENGINE"] == "django.db.backends.sqlite3"
if IS_SQLITE:
    # IMMEDIATE: a transaction takes the write lock at its start, so that it waits instead of failing half-way.
    _database["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
            " PRAGMA recursive_triggers=ON; PRAGMA cache_size=-32000;"
        ),
    }
elif _database["ENGINE"] == "django.db.backends.postgresql":
    # jit and memoize off: measured in the specification (access.md section 1); time-outs: security.md R12.
    _database["OPTIONS"] = {
        **_database.get("OPTIONS", {}),
        "pool": {"min_size": 1, "max_size": env.int("DATABASE_POOL", default=8)},
        "options": (
            "-c jit=off -c enable_memoize=off -c lock_timeout=3s -c statement_timeout=30s"
            " -c idle_in_transaction_session_timeout=60s -c synchronous_commit=on"
        ),
    }
else:
    raise ImproperlyConfigured("DATABASE_URL must name a sqlite:// or postgres:// database.")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- People and sign-in ----------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.PortalBackend"]
_VALIDATION = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_VALIDATION}.UserAttributeSimilarityValidator"},
    {"NAME": f"{_VALIDATION}.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": f"{_VALIDATION}.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.PortalAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # people come by invitation, which proves the address
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)
SESSION_COOKIE_AGE = 8 * 60 * 60  # ux.md 4.2: signed out after 8 hours without activity
SESSION_SAVE_EVERY_REQUEST = False
INVITATION_DAYS = 14

# --- Mail: everything goes through the outbox table; the worker sends it (security.md R13) ----------

EMAIL_BACKEND = "accounts.mail.OutboxBackend"
MAIL_URL = env.str("MAIL_URL", default="consolemail://")
MAIL_SERVER = env.email_url_config(MAIL_URL)
DEFAULT_FROM_EMAIL = env.str("MAIL_FROM", default="Lead Portal <portal@localhost>")

# Where mails come in that are to become leads: "leads@in.example.com" (leads+<token>@… is handed over as well),
# or "@in.example.com" where the whole domain is. See docs/operations.md, "Mails that become leads".
INTAKE_MAIL = env.str("INTAKE_MAIL", default="").strip().lower()
if INTAKE_MAIL and not re.fullmatch(r"[a-z0-9._-]{0,20}@[a-z0-9.-]{1,190}", INTAKE_MAIL):
    raise ImproperlyConfigured(
        "INTAKE_MAIL must be leads@example.com or @example.com; 20 letters at most before the @."
    )

# --- What leaves by other ways: leadportal/common/outbound.py ------------------------------------------

# Receivers inside the operator's own network, as host:port; everything else must have a public address.
OUTBOUND_ALLOW = frozenset(one.strip().lower() for one in env.list("OUTBOUND_ALLOW", default=[]))
for _receiver in OUTBOUND_ALLOW:
    if not _receiver.rpartition(":")[0] or not _receiver.rpartition(":")[2].isdigit():
        raise ImproperlyConfigured(f"OUTBOUND_ALLOW names {_receiver!r}; write host:port.")

# --- Language, time, static files ------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "static/"
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)  # WhiteNoise warns on every start without the folder
STATICFILES_DIRS = [BASE_DIR / "static"]
if (BASE_DIR / "var" / "vendor").is_dir():
    STATICFILES_DIRS.append(BASE_DIR / "var" / "vendor")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

# --- Security ------------------------------------------------------------------------------------

SECURE_SSL_REDIRECT = IS_HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
if ALLAUTH_TRUSTED_PROXY_COUNT and IS_HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
# Every file that is sent goes to disk, and none beyond this size.
UPLOAD_MOST = 200 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["leadportal.common.uploads.LimitedUploadHandler"]
# How often one address may post one public form within an hour (security.md R27).
FORM_POSTS_PER_HOUR = env.int("FORM_POSTS_PER_HOUR", default=60)
if FORM_POSTS_PER_HOUR < 1:
    raise ImproperlyConfigured("FORM_POSTS_PER_HOUR must be 1 or more.")
# How long a notification stays after it was read.
INBOX_KEPT_DAYS = env.int("INBOX_KEPT_DAYS", default=90)
if not 1 <= INBOX_KEPT_DAYS <= 3650:
    raise ImproperlyConfigured("INBOX_KEPT_DAYS must be from 1 to 3650.")
# How many calls of the API one token may make within a minute.
API_CALLS_PER_MINUTE = env.int("API_CALLS_PER_MINUTE", default=600)
if API_CALLS_PER_MINUTE < 1:
    raise ImproperlyConfigured("API_CALLS_PER_MINUTE must be 1 or more.")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- API: JSON and tokens, nothing else ---------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["leads.api.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_PARSER_CLASSES": ["leads.api.bodies.BoundedJsonParser"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "EXCEPTION_HANDLER": "leads.api.errors.answer",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Lead Portal",
    "VERSION": "1",
    "DESCRIPTION": "Leads, their moves, notes, products, history; companies, catalogue, templates; exports.",
    "PATH_CONVERTER_OVERRIDES": {"lead": {"type": "string", "pattern": "^LD-[0-9]{9}$"}},
    "ENUM_NAME_OVERRIDES": {},
    "POSTPROCESSING_HOOKS": [],
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "ENABLE_DJANGO_DEPLOY_CHECK": False,
}

# --- Filters, logs ---------------------------------------------------------------------------------

FILTERS_DEFAULT_LOOKUP_EXPR = "exact"
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}
