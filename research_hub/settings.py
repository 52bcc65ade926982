"""Every setting of the site; what an operator may set is read from the environment (docs/settings.md)."""

import shlex
from pathlib import Path

from django.utils.translation import gettext_lazy as _
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent

env = Env()

# Operation
DEMO = env.bool("DEMO", False)
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", "demo-only-" * 5) if DEMO else env.str("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost"])
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
DATA_DIR = Path(env.str("DATA_DIR", "var"))
if not DATA_DIR.is_absolute():
    DATA_DIR = BASE_DIR / DATA_DIR

for _folder in ("static", "files"):
    (DATA_DIR / _folder).mkdir(parents=True, exist_ok=True)

# The house: kernel first, then content, then the front door (tests/test_house.py draws the arrows)
INSTALLED_APPS = [
    "modeltranslation",
    "research_hub.editorial.admin_app.HubAdmin",  # Django's admin, which opens with the desk
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django_filters",
    "django_htmx",
    "django_prose_editor",
    "research_hub.languages",
    "research_hub.media",
    "research_hub.activity",
    "research_hub.editorial",
    "research_hub.translation",
    "topics",
    "publications",
    "events",
    "research_hub.importing",
    "research_hub.archive",
    "research_hub",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "research_hub.languages.middleware.LanguageOfTheAddress",
    "research_hub.finding.legacy.LegacyAddresses",
    "research_hub.api.door.OpenToAll",
    "django.middleware.common.CommonMiddleware",
    "research_hub.activity.caching.KeptPages",  # what every page needs stands above it
    "research_hub.limits.HasteIsLimited",  # and what none that is kept does, below
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]

ROOT_URLCONF = "research_hub.urls"
WSGI_APPLICATION = "research_hub.wsgi.application"

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
                "research_hub.site.site",
            ],
        },
    },
]

# Database: SQLite is embedded, PostgreSQL is for production
DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
_database = DATABASES["default"]
_database["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", 60)
_database["CONN_HEALTH_CHECKS"] = True
if _database["ENGINE"].endswith("sqlite3"):
    # A writer waits for another instead of failing, and readers never wait: see docs/decisions.
    _database.setdefault("OPTIONS", {}).update(
        timeout=60, transaction_mode="IMMEDIATE", init_command="PRAGMA journal_mode=WAL"
    )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Cache of whole public pages, by version
CACHES = {"default": env.dj_cache_url("CACHE_URL", "locmem://?MAX_ENTRIES=2000")}

# Languages
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "research_hub" / "locale"]
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_LANGUAGES = ("en", "es")
MODELTRANSLATION_ENABLE_FALLBACKS = False  # a fallback must never be written back: languages/text.py falls back
TIME_ZONE = env.str("TIME_ZONE", "America/Mexico_City")

# Whether who wrote on a translation may not approve it
TRANSLATIONS_NEED_OTHER_EYES = env.bool("TRANSLATIONS_NEED_OTHER_EYES", True)

# The site as its readers see it
SITE_NAME = {"en": env.str("SITE_NAME_EN", "Research Hub"), "es": env.str("SITE_NAME_ES", "Research Hub")}
SITE_TAGLINE = {
    "en": env.str("SITE_TAGLINE_EN", "Policy research in English and Spanish"),
    "es": env.str("SITE_TAGLINE_ES", "Investigación de políticas públicas en español e inglés"),
}

# Mail: the notices to the staff; where no server is named they are printed where the site runs
_mail = env.dj_email_url("EMAIL_URL", "console:")
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend" if DEMO else _mail["EMAIL_BACKEND"]
EMAIL_HOST, EMAIL_PORT = _mail["EMAIL_HOST"], _mail["EMAIL_PORT"]
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail["EMAIL_HOST_USER"], _mail["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail["EMAIL_USE_TLS"], _mail["EMAIL_USE_SSL"]
EMAIL_TIMEOUT = _mail["EMAIL_TIMEOUT"] or 10  # seconds: somebody waits for the page meanwhile
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "research-hub@localhost")

# Files
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "research_hub" / "static"]
MEDIA_URL = "/files/"
MEDIA_ROOT = DATA_DIR / "files"
WHITENOISE_USE_FINDERS = DEMO or DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a publication of 270 authors sends some 1,600
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_MB", 50) * 1024 * 1024
UPLOAD_SCAN_COMMAND = shlex.split(env.str("UPLOAD_SCAN_COMMAND", ""))  # the virus scanner: media/scanning.py

PICTURES = {"PIXEL_DENSITIES": [1], "USE_PLACEHOLDERS": False}  # media/renditions.py says the rest

# What goes wrong is told where the server runs, tracebacks included: Django alone would only mail it
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

# Safety
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PAGES_MADE_PER_MINUTE = env.int("PAGES_MADE_PER_MINUTE", 0 if DEMO else 600)  # for one reader: limits.py
LOGIN_REDIRECT_URL = "admin:index"
SECURE_SITE = not (DEMO or DEBUG) and SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = SECURE_SITE
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SITE
SECURE_HSTS_SECONDS = 31536000 if SECURE_SITE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SITE
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.bool("BEHIND_PROXY", False) else None
X_FRAME_OPTIONS = "DENY"
