"""Django's settings. What differs between places is read by `environment`; the rest stands here."""

import sys
from typing import Any

import pgtrigger
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from entaxis.config import environment

ENVIRONMENT = environment.read()
MODE = ENVIRONMENT.mode
PRODUCTION = MODE == "production"
DATA = ENVIRONMENT.data_folder
CHECKOUT = environment.CHECKOUT

DEBUG = False
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
SECRET_KEY = ENVIRONMENT.secret_key.get_secret_value()

# --- regions served -------------------------------------------------------------------------------
REGION_HOSTS = ENVIRONMENT.region_hosts
DEFAULT_REGION = ENVIRONMENT.default_region
ALLOWED_HOSTS = [*REGION_HOSTS] if PRODUCTION else [*REGION_HOSTS, "localhost", "127.0.0.1", "[::1]"]
if MODE == "test":
    ALLOWED_HOSTS.append("testserver")

# --- rooms, lowest first --------------------------------------------------------------------------
INSTALLED_APPS = [
    "entaxis.core",
    "entaxis.vocabularies",
    "entaxis.geography",
    "entaxis.accounts",
    "entaxis.notifications",
    "entaxis.directory",
    "entaxis.sources",
    "entaxis.indicators",
    "entaxis.strategy",
    "entaxis.maps",
    "entaxis.portal",
    "entaxis.config",
    "wagtail.contrib.forms",
    "wagtail.contrib.redirects",
    "wagtail.contrib.settings",
    "wagtail.contrib.simple_translation",  # editors write both languages; nothing is sent elsewhere
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail.locales",
    "wagtail",
    "modelcluster",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django.contrib.gis",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "axes",
    "pgtrigger",
    "pghistory",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "entaxis.core.middleware.CompressionMiddleware",
    "csp.middleware.CSPMiddleware",
    "entaxis.portal.middleware.EditingPolicyMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "entaxis.geography.middleware.RegionMiddleware",
    "entaxis.core.languages.LocaleMiddleware",
    "entaxis.core.middleware.SafetyMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "entaxis.config.access.AccessMiddleware",
    "pghistory.middleware.HistoryMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "entaxis.config.urls"
WSGI_APPLICATION = "entaxis.config.wsgi.application"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "entaxis.core.context.site",
                "entaxis.notifications.context.notifications",
                "entaxis.portal.context.portal",
            ],
        },
    }
]

# --- database -------------------------------------------------------------------------------------
DATABASES: dict[str, Any] = {
    "default": ENVIRONMENT.connection
    | {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"options": "-c search_path=public -c statement_timeout=60000"},
    }
}
if ENVIRONMENT.database_role == "owner" or MODE == "test":
    DATABASES["default"]["OPTIONS"] = {"options": "-c search_path=public"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    # Counts of attempts are kept here: every process must see the same, so it lies in the database.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_cache",
        "TIMEOUT": 3600,  # a count that is raised (incr) lasts an hour from then
        "OPTIONS": {"MAX_ENTRIES": 20000},
    },
    # What is dear to make and the same for everybody: each process keeps its own.
    "local": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
    # What is small, the same for everybody and read at every page: half a minute (core.kept).
    "kept": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "kept",
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}

# --- people ---------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
] + [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    }
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_ADAPTER = "entaxis.accounts.adapter.AccountAdapter"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # a mail goes out either way: the time taken tells nothing
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PRODUCTION else "http"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_MAX_EMAIL_ADDRESSES = 2
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900  # seconds
ACCOUNT_RATE_LIMITS = {"joining": "20/h/ip,3/h/key"}  # mails that a visitor has sent to an address
ACCOUNT_SESSION_REMEMBER = False  # the session ends with the browser
ALLAUTH_TRUSTED_PROXY_COUNT = ENVIRONMENT.trusted_proxies
SOCIALACCOUNT_ADAPTER = "entaxis.accounts.gsis.adapter.SocialAccountAdapter"
GSIS_URL = ENVIRONMENT.gsis_url
GSIS_CLIENTS = ENVIRONMENT.gsis_clients  # door → id, secret; a door without a client is not shown
MFA_ADAPTER = "entaxis.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "entaxis.accounts.forms.AuthenticateForm",
    "reauthenticate": "entaxis.accounts.forms.ReauthenticateForm",
}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Entaxis"
MFA_TOTP_TOLERANCE = 1  # telephones' clocks are half a minute off
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
AXES_FAILURE_LIMIT = 8
AXES_COOLOFF_TIME = 0.5  # hours
AXES_LOCKOUT_PARAMETERS = "entaxis.accounts.locks.parameters"
AXES_USERNAME_CALLABLE = "entaxis.accounts.locks.username"
AXES_CLIENT_IP_CALLABLE = "entaxis.core.addresses.of_client"
AXES_LOCKOUT_TEMPLATE = "accounts/locked.html"
AXES_HTTP_RESPONSE_CODE = 429
AXES_SENSITIVE_PARAMETERS = ["login", "password", "email", "code", "username", "ip_address"]
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True  # who signed in when, from where, is kept nowhere
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# --- language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "el"
# Greek and English are complete. The others carry the pages a newcomer needs first (R7b).
LANGUAGES = [
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("sq", "Shqip"),
    ("ar", "العربية"),
    ("ru", "Русский"),
    ("uk", "Українська"),
]
# Addresses that have no language, by how they begin
UNTRANSLATED = (
    "/account/gsis/",
    "/api/",
    "/tiles/",
    "/health/",
    "/editing/",
    "/documents/",
    "/media/",
    "/static/",
)
COMPLETE_LANGUAGES = ("el", "en")
USE_I18N = True
TIME_ZONE = "Europe/Athens"
USE_TZ = True
FORMAT_MODULE_PATH = ["entaxis.core.formats"]
WAGTAIL_I18N_ENABLED = True
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_USER_TIME_ZONES = ["Europe/Athens"]  # the region's; of the others one is unknown to browsers

# --- tasks ----------------------------------------------------------------------------------------
# Two at a time: a long import does not hold up the mail. What is done leaves no row.
PROCRASTINATE_WORKER_DEFAULTS = {"concurrency": 2, "delete_jobs": "successful"}

# --- pages ----------------------------------------------------------------------------------------
WAGTAIL_SITE_NAME = "Entaxis"
WAGTAILADMIN_BASE_URL = "http://localhost:8000" if not PRODUCTION else f"https://{next(iter(REGION_HOSTS))}"
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_EMAIL_MANAGEMENT_ENABLED = False  # the address signs in: it is confirmed on our own pages
WAGTAILADMIN_LOGIN_URL = "account_login"  # one door, with its second factor and its lock-out
WAGTAILADMIN_PERMITTED_LANGUAGES = [("el", _("Greek")), ("en", _("English"))]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}
WAGTAILIMAGES_MAX_UPLOAD_SIZE = 8 * 1024 * 1024
WAGTAILIMAGES_MAX_IMAGE_PIXELS = 40_000_000
WAGTAILIMAGES_EXTENSIONS = ["jpg", "jpeg", "png", "webp", "gif"]  # no SVG: it may carry script
WAGTAILDOCS_EXTENSIONS = ["pdf", "docx", "xlsx", "csv", "odt", "ods", "zip"]
WAGTAILDOCS_SERVE_METHOD = "serve_view"
WAGTAILEMBEDS_FINDERS: list[dict[str, Any]] = []  # nothing is fetched from other hosts

# --- readiness: asked besides the database, each answers True when this process may serve ----------
READINESS = ("entaxis.accounts.checks.no_demonstration_people",)

# --- what rooms below ask of a room above: who answers --------------------------------------------
HELP_LINES = "entaxis.portal.queries.help_lines"
INDICATORS = "entaxis.indicators.queries.names"  # code and name of those that one may follow

# --- files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
MEDIA_URL = "/media/"
MEDIA_ROOT = DATA / "media"
_static = "django.contrib.staticfiles.storage.StaticFilesStorage"
if MODE != "test":
    _static = "whitenoise.storage.CompressedManifestStaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": _static},
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = MODE == "test"  # found when asked for, not at every start
WHITENOISE_MAX_AGE = 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_HANDLERS = [
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "entaxis.core.upload_handlers.BoundedUploadHandler",
]

# --- safety ---------------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Lax"
if PRODUCTION:
    SECURE_SSL_REDIRECT = True
    if TRUSTED_PROXIES:  # without one, anybody could claim to have come by https
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^health/"]
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ("/editing/",),  # Wagtail's own pages: see portal.middleware
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    },
}
# Wagtail's own pages carry inline style and script: their policy stands apart and reaches no public page.
EDITING_CONTENT_SECURITY_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-src 'self'; "
    "worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'self'"
)
CSRF_FAILURE_VIEW = "entaxis.portal.errors.csrf_failure"
PERMISSIONS_POLICY: dict[str, list[str]] = {
    name: [] for name in ("camera", "microphone", "payment", "usb", "display-capture", "accelerometer")
} | {"geolocation": ["self"]}

# GDAL reads no file from outside in this process: uploads are read by pyogrio in a bounded one.
SILENCED_SYSTEM_CHECKS = ["gis.W001"]

# --- history --------------------------------------------------------------------------------------
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
PGHISTORY_APPEND_ONLY = True
# One insert into the history for a statement, however many rows it wrote: an import writes thousands.
PGHISTORY_LEVEL = pgtrigger.Statement

# --- mail -----------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.email_from
EMAIL_BOUNCES = ENVIRONMENT.email_bounces  # where refusals come back to; a part "+…" names the mail
PUBLIC_PORT = ENVIRONMENT.public_port  # in links of mails, where it is not the usual one
if PRODUCTION:
    from entaxis.config.mail import smtp

    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    globals().update(smtp(ENVIRONMENT.email_url))
else:
    # Nothing leaves the machine: the demonstration's mail is a file one can read.
    EMAIL_BACKEND = "entaxis.notifications.catcher.Backend"
    EMAIL_FILE_PATH = DATA / "mail"

# --- logs: no address, no query string, no person -------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "filters": {"impersonal": {"()": "entaxis.core.logs.Impersonal"}},
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "stream": sys.stderr,
            "formatter": "line",
            "filters": ["impersonal"],
        }
    },
    "root": {"handlers": ["stderr"], "level": "INFO" if PRODUCTION else "WARNING"},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        "django.server": {"handlers": [], "propagate": True},
    },
}

if MODE == "test":
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # speed; no real person
    EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    MEDIA_ROOT = DATA / "test-media"

# --- sources --------------------------------------------------------------------------------------
PSEUDONYM_KEY: bytes = ENVIRONMENT.pseudonym_key.get_secret_value().encode()

# --- the directory --------------------------------------------------------------------------------
CONFIRM_AFTER_DAYS = ENVIRONMENT.confirm_after_days
