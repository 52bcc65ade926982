"""Every setting of the site; what an operator may set is read from the environment (docs/settings.md)."""

import shlex
from datetime import timedelta
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from research_hub.operations import environment, logs

BASE_DIR = Path(__file__).resolve().parent.parent

env = ENVIRONMENT = environment.Environment()

# Operation
DEMO = env.bool("DEMO", False)
DEBUG = env.bool("DEBUG", False)
DEMO_KEY = "demo-only-" * 5  # is_strong would refuse it
SECRET_KEY = (
    env.str("SECRET_KEY", DEMO_KEY)
    if DEMO
    else env.str("SECRET_KEY", check=environment.is_strong, right=environment.STRONG_KEY)
)
SECRET_KEY_FALLBACKS = env.list(
    "SECRET_KEY_FALLBACKS", [], subcast=str.strip, check=environment.are_strong, right=environment.STRONG_KEY
)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["127.0.0.1", "localhost"], subcast=str.strip)
SITE_URL = env.str(
    "SITE_URL",
    "http://127.0.0.1:8000",
    check=environment.is_site,
    right="http:// or https:// and the name of the site, as https://hub.example, without a path",
).rstrip("/")
DATA_DIR = Path(env.str("DATA_DIR", "var"))
if not DATA_DIR.is_absolute():
    DATA_DIR = BASE_DIR / DATA_DIR

for _folder in ("static", "files"):
    _is_writable = environment.can_be_written(DATA_DIR / _folder)
    env.insist("DATA_DIR", _is_writable, "a folder that the site can write in", given=str(DATA_DIR))

# Operation: what it tells of itself (docs/operators.md)
LOG_FORMAT = env.str("LOG_FORMAT", logs.usual_form(env), among=logs.FORMS)
LOG_LEVEL = env.str("LOG_LEVEL", "INFO", among=("DEBUG", "INFO", "WARNING", "ERROR"))
LOG_REQUESTS = env.str("LOG_REQUESTS", "all", among=("all", "made", "none"))
SLOW_QUERY_MS = env.int("SLOW_QUERY_MS", 500, least=0)
ERROR_HANDLER = env.str("ERROR_HANDLER", "", check=environment.is_class, right="the dotted path of a logging.Handler")
METRICS_TOKEN = env.str(
    "METRICS_TOKEN", "", check=lambda token: len(token) >= 16, right="at least 16 characters, chosen at random"
)
METRICS_FROM = env.list(
    "METRICS_FROM", [], subcast=str.strip, check=environment.are_networks, right="networks, as 10.0.0.0/8,192.0.2.7"
)
PROMETHEUS_MULTIPROC_DIR = env.str("PROMETHEUS_MULTIPROC_DIR", "")  # prometheus-client reads the variable itself
if PROMETHEUS_MULTIPROC_DIR:
    _is_writable = environment.can_be_written(Path(PROMETHEUS_MULTIPROC_DIR))
    env.insist("PROMETHEUS_MULTIPROC_DIR", _is_writable, "a folder that the site can write in")
READY_NEEDS = env.list(
    "READY_NEEDS",
    ["database", "cache", "storage", "migrations", "schedule"],
    subcast=str.strip,
    check={"database", "cache", "storage", "migrations", "schedule"}.issuperset,
    right="some of database,cache,storage,migrations,schedule",
)
SCHEDULE_LATE_SECONDS = env.int("SCHEDULE_LATE_SECONDS", 300, least=10)

# The house: kernel first, then content, then the front door (tests/test_house.py draws the arrows)
INSTALLED_APPS = [
    "modeltranslation",
    "research_hub.accounts.admin_app.StaffAdmin",  # Django's admin, with doors of our own
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sitemaps",
    "django_filters",
    "django_htmx",
    "django_prose_editor",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "research_hub.languages",
    "research_hub.media",
    "research_hub.activity",
    "research_hub.editorial",
    "research_hub.accounts",
    "research_hub.translation",
    "topics",
    "publications",
    "events",
    "research_hub.importing",
    "research_hub.archive",
    "research_hub.operations",
    "research_hub",
]

MIDDLEWARE = [
    "research_hub.operations.middleware.Watched",  # the outermost: it names, times and counts all that is asked
    "research_hub.headers.Headers",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "research_hub.headers.known_methods",
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
    "axes.middleware.AxesMiddleware",
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
# Copies of it that follow, from which public pages are made (activity/reader.py)
_replicas = env.list(
    "DATABASE_REPLICA_URLS",
    [],
    subcast=environment.database_at,
    check=environment.are_databases,
    right="addresses separated by commas, each as postgres://user:password@host:5432/name",
)
DATABASE_REPLICAS = [f"replica{number}" for number, _replica in enumerate(_replicas, 1)]
for _alias, _replica in zip(DATABASE_REPLICAS, _replicas, strict=True):
    DATABASES[_alias] = _replica | {"TEST": {"MIRROR": "default"}}
DATABASE_ROUTERS = ["research_hub.activity.reader.Router"] if DATABASE_REPLICAS else []
_pool = env.int("DATABASE_POOL", 0, least=0, most=100)
for _database in DATABASES.values():
    _database["CONN_MAX_AGE"] = 0 if _pool else env.int("CONN_MAX_AGE", 60, least=0)
    _database["CONN_HEALTH_CHECKS"] = True
    if _database["ENGINE"].endswith("sqlite3"):
        # A writer waits for another instead of failing, and readers never wait: see docs/decisions.
        _database.setdefault("OPTIONS", {}).update(
            timeout=60, transaction_mode="IMMEDIATE", init_command="PRAGMA journal_mode=WAL"
        )
    else:
        _database.setdefault("OPTIONS", {}).setdefault("connect_timeout", 3)
        if _pool:
            _database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": _pool, "timeout": 5}
# How long a page waits, in seconds; commands wait as long as it takes (research_hub/wsgi.py)
DATABASE_STATEMENT_TIMEOUT = env.float("DATABASE_STATEMENT_TIMEOUT", 5, least=0)
DATABASE_LOCK_TIMEOUT = env.float("DATABASE_LOCK_TIMEOUT", 3, least=0)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Cache of whole public pages, by version
CACHES = {"default": env.dj_cache_url("CACHE_URL", "locmem://?MAX_ENTRIES=2000")}
if CACHES["default"]["BACKEND"].endswith("RedisCache"):
    CACHES["default"]["BACKEND"] = "research_hub.shared_cache.SharedCache"
    CACHES["default"]["KEY_PREFIX"] = env.str("CACHE_KEY_PREFIX", "research-hub")

# A shared cache in front, as Varnish or a CDN: what it may keep, and how it is told that the site changed
CDN_SECONDS = env.int("CDN_SECONDS", 0, least=0)
CDN_STALE_SECONDS = env.int("CDN_STALE_SECONDS", 86400, least=0)
CDN_PURGE_URL = env.str("CDN_PURGE_URL", "")
CDN_PURGE_METHOD = env.str("CDN_PURGE_METHOD", "POST")
CDN_PURGE_HEADER = env.str("CDN_PURGE_HEADER", "Authorization")
CDN_PURGE_TOKEN = env.str("CDN_PURGE_TOKEN", "")

# Languages
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LOCALE_PATHS = [BASE_DIR / "research_hub" / "locale"]
FORMAT_MODULE_PATH = "research_hub.languages.formats"
MODELTRANSLATION_DEFAULT_LANGUAGE = "en"
MODELTRANSLATION_LANGUAGES = ("en", "es")
MODELTRANSLATION_ENABLE_FALLBACKS = False  # a fallback must never be written back: languages/text.py falls back
TIME_ZONE = env.str(
    "TIME_ZONE", "America/Mexico_City", check=environment.is_zone, right="a zone of the IANA list, as Europe/Madrid"
)

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
STATIC_ROOT = Path(env.str("STATIC_DIR", str(DATA_DIR / "static")))
STATICFILES_DIRS = [BASE_DIR / "research_hub" / "static"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "research_hub.sheets.JoinedSheets",
]
MEDIA_URL = "/files/"
MEDIA_ROOT = DATA_DIR / "files"
WHITENOISE_USE_FINDERS = DEMO or DEBUG
FILES_BY_NGINX = env.str("FILES_BY_NGINX", "")
FILES_BUCKET = env.str("FILES_BUCKET", "")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
if FILES_BUCKET:
    STORAGES["default"] = {
        "BACKEND": "research_hub.media.bucket.Bucket",
        "OPTIONS": {
            "bucket_name": FILES_BUCKET,
            "endpoint_url": env.str("FILES_ENDPOINT", "") or None,
            "region_name": env.str("FILES_REGION", "") or None,
            "querystring_expire": env.int("FILES_LINK_SECONDS", 60, least=1, most=604800),
            "signature_version": "s3v4",
        },
    }
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a publication of 270 authors sends some 1,600
UPLOAD_MAX_BYTES = env.int("UPLOAD_MAX_MB", 50, least=1) * 1024 * 1024
UPLOAD_SCAN_COMMAND = shlex.split(env.str("UPLOAD_SCAN_COMMAND", ""))  # the virus scanner: media/scanning.py

PICTURES = {"PIXEL_DENSITIES": [1], "USE_PLACEHOLDERS": False}  # media/renditions.py says the rest

# What the site tells where it runs: operations/logs.py says how
LOGGING = logs.logging_of(LOG_FORMAT, LOG_LEVEL, ERROR_HANDLER)

# Safety: what a browser is told stands in headers.py, who the staff are and how they sign in in accounts/
SECURE_SITE = not (DEMO or DEBUG) and SITE_URL.startswith("https://")
SECURE_SSL_REDIRECT = SECURE_SITE
SECURE_HSTS_SECONDS = 31536000 if SECURE_SITE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE_SITE
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
FILE_HOSTS = env.list("FILE_HOSTS", [])  # other hosts that pages may show pictures from
SECURITY_CONTACT = env.list("SECURITY_CONTACT", [])  # /.well-known/security.txt
SECURITY_EXPIRES = env.str("SECURITY_EXPIRES", "")

# Proxies in front: whose word counts, and how many there are
BEHIND_PROXY = env.bool("BEHIND_PROXY", False)
PROXY_COUNT = env.int("PROXY_COUNT", 1, least=1, most=10)
_here = ["127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]
TRUSTED_PROXIES = env.list(
    "TRUSTED_PROXIES",
    _here,
    subcast=str.strip,
    check=environment.are_networks,
    right="networks, as 10.0.0.0/8,192.0.2.7",
)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None

# Cookies: the staff's only, as readers get none
SESSION_ENGINE = "research_hub.accounts.sessions"
SESSION_COOKIE_AGE = env.int("SESSION_HOURS", 12, least=1, most=744) * 3600  # from the log-in on, whatever is done
SESSION_IDLE_SECONDS = env.int("SESSION_IDLE_MINUTES", 120, least=1, most=44640) * 60
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SITE
CSRF_COOKIE_HTTPONLY = True
_cookie = "__Host-{}" if SECURE_SITE else "{}"
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = _cookie.format("sessionid"), _cookie.format("csrftoken")
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Passwords
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "research_hub.accounts.passwords.OurOwnWords"},
    {"NAME": "research_hub.accounts.passwords.Breached"},
]
PASSWORD_WORDS = env.list("PASSWORD_WORDS", [])  # no password may consist of, beside the names of the site
BREACHED_PASSWORDS = env.str("BREACHED_PASSWORDS", "")  # a file of SHA-1 sums in their order
PASSWORD_RESET_TIMEOUT = env.int("PASSWORD_LINK_HOURS", 24, least=1, most=168) * 3600

PAGES_MADE_PER_MINUTE = env.int("PAGES_MADE_PER_MINUTE", 0 if DEMO else 600, least=0)  # for one reader: limits.py

# Log-in: who guesses is stopped, for a while
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_HANDLER = "research_hub.accounts.throttling.Guard"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=env.int("LOCK_OUT_MINUTES", 15, least=1, most=1440))
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_CLIENT_IP_CALLABLE = "research_hub.editorial.proxies.client_address"
AXES_LOCKOUT_CALLABLE = "research_hub.accounts.throttling.locked_out"
AXES_ENABLE_ADMIN = AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True  # the audit log has it
LOCK_OUT_NAMES, LOCK_OUT_ADDRESSES = 30, 20  # one address that tries so many names; one name from so many addresses

# The second factor
SECOND_FACTOR_ROLES = env.list("SECOND_FACTOR_ROLES", [] if DEMO or DEBUG else ["administrator", "publisher"])
OTP_TOTP_ISSUER = SITE_NAME["en"]

env.refuse_wrong()
