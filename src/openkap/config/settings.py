"""Settings, from the environment only.

Decided here: one settings file for every site. What a site is (demonstration or real) is written in
its database, not here; what is unsafe is named by `openkap check` (docs/adr/0011-settings.md).
"""

from __future__ import annotations

from pathlib import Path

from csp.constants import NONE, SELF

from openkap.config import logs
from openkap.config.environment import database, read

ENV = read()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = ENV.data
SECRET_KEY = ENV.secret_key
DEBUG = False
ALLOWED_HOSTS = ENV.hosts
PORT = ENV.port
# Where the server listens, and what seals it (commands/serve.py, reads/serving.py).
BIND = ENV.bind
TLS_CERT, TLS_KEY = ENV.tls_cert, ENV.tls_key
PROXY = ENV.proxy
# Process notes lie apart from everything else, under a key of their own (records/process_store.py).
PROCESS_STORE = ENV.process_store
PROCESS_KEY = ENV.process_key
PROCESS_KEY_FILE = ENV.process_key_file
# Backups (upkeep/): where, when, how many stay, and for which key they are sealed.
BACKUP_FOLDER = ENV.backups.folder
BACKUP_HOUR, BACKUP_KEEP, BACKUP_LATE_HOURS = ENV.backups.hour, ENV.backups.keep, ENV.backups.late_hours
BACKUP_RECIPIENT, BACKUP_KEY_FILE = ENV.backups.recipient, ENV.backups.key_file
CSRF_TRUSTED_ORIGINS = ENV.origins
ROOT_URLCONF = "openkap.config.urls"
ASGI_APPLICATION = "openkap.config.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "records.User"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_cotton",
    "django_htmx",
    "csp",
    "axes",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_tasks",
    "django_tasks_db",
    "openkap.records",
    "openkap.ui",
]

MIDDLEWARE = [
    "openkap.door.requests.Requests",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "openkap.door.packed.Packed",
    "openkap.door.trouble.Trouble",
    "openkap.door.headers.Headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "csp.middleware.CSPMiddleware",
    "axes.middleware.AxesMiddleware",
    "openkap.door.who.Who",
    "openkap.door.language.Speaks",
    "openkap.door.local_time.LocalTime",
    "openkap.door.same_law.SameLaw",
    "openkap.door.idle.Idle",
    "openkap.door.trouble.NeverEmpty",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": False,
        "DIRS": [*sorted((BASE_DIR / "desks").glob("*/templates")), BASE_DIR / "door" / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "django.templatetags.i18n",
                "openkap.ui.templatetags.addresses",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "openkap.door.context.page",
            ],
        },
    }
]

FORM_RENDERER = "openkap.ui.widgets.Widgets"

DATABASES = {"default": database(ENV)}

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/start/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "openkap.door.adapter.Staff"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_FORMS = {"login": "openkap.door.forms.SignIn"}
MFA_ADAPTER = "openkap.door.adapter.Factors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = ENV.insecure_origin
MFA_TOTP_ISSUER = "OpenKAP"

# Failed tries lock the pair of name and address: not a person everywhere, not an address for everyone.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_FORM_FIELD = "login"
AXES_USERNAME_CALLABLE = "openkap.door.adapter.name_tried"
AXES_LOCKOUT_CALLABLE = "openkap.door.trouble.locked_out"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

SESSION_ENGINE = "openkap.records.session_store"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = ENV.tls
CSRF_COOKIE_SECURE = ENV.tls
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
IDLE_MINUTES = ENV.idle_minutes
PATIENT_IDLE_MINUTES = ENV.patient_idle_minutes
JOURNAL_KEY_FILE = ENV.journal_key
TEXT_PACKS = ENV.text_packs
CRISIS_WORDS = ENV.crisis_words
CRISIS_NUMBER = ENV.crisis_number

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en-us"
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [BASE_DIR / "ui" / "locale"]
FORMAT_MODULE_PATH = ["openkap.ui.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_HANDLERS = ["openkap.door.uploads.InMemory"]

EMAIL_BACKEND = "openkap.exchange.mail.backend.SiteMail"
EMAIL_FILE_PATH = DATA_DIR / "outbox"
MAIL_SERVER = ENV.mail_server
DEFAULT_FROM_EMAIL = ENV.mail_from

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "report-uri": "/csp-report/",
    }
}
CSRF_FAILURE_VIEW = "openkap.door.trouble.bad_csrf"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if ENV.tls else 0

LOG = ENV.log
LOGGING = logs.configuration(ENV.log)
