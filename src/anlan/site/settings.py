"""Settings of the platform, read from top to bottom. docs/operations.md lists every ANLAN_* variable."""

from datetime import timedelta
from pathlib import Path

import dj_database_url
from django.utils.csp import CSP

from anlan.site import capabilities, environment

SOURCE = Path(__file__).resolve().parent.parent
HOME = environment.home()

# --- who may reach it -------------------------------------------------------------------------------------------
DEBUG = environment.flag("ANLAN_DEBUG", False)
SECRET_KEY = environment.text("ANLAN_SECRET_KEY", "") or environment.secret(HOME / "secret-key")
AUDIT_KEY = environment.text("ANLAN_AUDIT_KEY", "") or environment.secret(HOME / "audit-key")
ALLOWED_HOSTS = environment.words("ANLAN_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = environment.words("ANLAN_ORIGINS", "")
BEHIND_TLS = environment.flag("ANLAN_TLS", False)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_TLS else None
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SESSION_ENGINE = "anlan.desk.access.session_store"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_IDLE_SECONDS = environment.number("ANLAN_SESSION_IDLE_MINUTES", 30, 1, 1440) * 60
SESSION_COOKIE_AGE = environment.number("ANLAN_SESSION_HOURS", 12, 1, 72) * 3600
OFFLINE_DAYS = environment.number("ANLAN_OFFLINE_DAYS", 7, 1, 90)  # a phone without contact forgets after so many
SESSIONS_PER_USER = environment.number("ANLAN_SESSIONS_PER_USER", 3, 1, 50)
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "anlan.site.errors.untrusted"
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:", "blob:"],
    "worker-src": [CSP.SELF, "blob:"],
    "connect-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "object-src": [CSP.NONE],
    "base-uri": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

# --- what it is made of ------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",  # for its sign-in machinery; its groups and permissions are not used, posts decide
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_tasks_db",
    *capabilities.installed(),
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "anlan.desk.access.middleware.SignedIn",
    "anlan.desk.audit.middleware.Recorded",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
ROOT_URLCONF = "anlan.site.urls"
ASGI_APPLICATION = "anlan.site.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "anlan.site.shell.context",
            ],
        },
    }
]

# --- where it keeps things ----------------------------------------------------------------------------------------
DATABASE_URL = environment.text("ANLAN_DATABASE_URL", f"sqlite:///{HOME / 'anlan.sqlite3'}")
DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["CONN_MAX_AGE"] = None  # a new connection reads the whole schema first
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE: a transaction that will write waits for its turn at the start instead of failing in the middle.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;"
        " PRAGMA mmap_size=268435456;",
    }
    # Tests run on a file too: an in-memory database is locked as a whole where a file lets readers and a writer meet.
    DATABASES["default"]["TEST"] = {"NAME": str(HOME / "test.sqlite3")}
else:
    DATABASES["default"].setdefault("OPTIONS", {})["pool"] = {"min_size": 1, "max_size": 8}
AUDIT_SEALS = HOME / "audit-seals.log"
DOCUMENTS = HOME / "documents"
DOCUMENT_BYTES = environment.number("ANLAN_DOCUMENT_MB", 50, 1, 4096) * 1_000_000
PICTURE_TERM = timedelta(days=environment.number("ANLAN_PICTURE_DAYS", 90, 1, 36_500))
MEDIA_ROOT = DOCUMENTS
STATIC_URL = "/static/"
WEB_DIST = Path(environment.text("ANLAN_WEB_DIST", str(SOURCE.parent.parent / "web" / "dist")))
STATICFILES_DIRS = [("web", WEB_DIST)] if WEB_DIST.exists() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/web/assets/.+-[0-9A-Za-z_-]{8,}\..+$"
BASEMAP = HOME / "map" / "base.pmtiles"
ROADS = HOME / "map" / "roads.tar"
BASEMAPS = environment.text("ANLAN_BASEMAPS", "[]")
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
NATS_URL = environment.text("ANLAN_NATS_URL", "nats://127.0.0.1:4222")

# --- who signs in -------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "access.User"
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
AUTHENTICATION_BACKENDS = ["anlan.desk.access.backend.PasswordBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "anlan.desk.access.passwords.ThreeKindsValidator"},
    {"NAME": "anlan.desk.access.passwords.NotAgainValidator"},
]
PASSWORD_DAYS = environment.number("ANLAN_PASSWORD_DAYS", 90, 0, 3650)
LOCK_AFTER = environment.number("ANLAN_LOCK_AFTER", 5, 3, 100)
LOCK_MINUTES = environment.number("ANLAN_LOCK_MINUTES", 15, 1, 1440)
FAILURES_PER_ADDRESS = environment.number("ANLAN_FAILURES_PER_ADDRESS", 30, 3, 100_000)  # within ten minutes
SECOND_FACTOR = environment.flag("ANLAN_SECOND_FACTOR", True)

# --- telling people outside (docs/security.md; an empty address turns the channel off) ------------------------------
PUBLIC_URL = environment.text("ANLAN_URL", "").rstrip("/")
MAIL_URL = environment.text("ANLAN_MAIL_URL", "")
MAIL_FROM = environment.text("ANLAN_MAIL_FROM", "anlan@localhost")
SMS_GATEWAY = environment.text("ANLAN_SMS_GATEWAY", "")
BULLETIN_SOURCES = environment.text("ANLAN_BULLETIN_SOURCES", "")
WEBHOOK_URL = environment.text("ANLAN_WEBHOOK_URL", "")
WEBHOOK_SECRET = environment.text("ANLAN_WEBHOOK_SECRET", "")
ALARM_HOOKS = environment.text("ANLAN_ALARM_HOOKS", "").split()
RECEIPT_SECRET = environment.text("ANLAN_RECEIPT_SECRET", "")

# --- language and time --------------------------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [SOURCE / "site" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = environment.text("ANLAN_TIME_ZONE", "Asia/Shanghai")
REGION = environment.text("ANLAN_REGION", "")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    # A page that is not there is the visitor's matter, not the operator's.
    "loggers": {"django.request": {"level": "ERROR"}},
    "root": {"handlers": ["stderr"], "level": environment.text("ANLAN_LOG", "INFO")},
}
