"""The site's own settings, with what a test run needs around them."""

import os
import tempfile
import zlib
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "only-for-tests-0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ")
os.environ.setdefault("DATA_DIR", "var/test")
os.environ.setdefault("SITE_URL", "https://hub.example")
os.environ.setdefault("ALLOWED_HOSTS", "testserver,localhost,127.0.0.1")
os.environ.setdefault("PAGES_MADE_PER_MINUTE", "0")  # a test run is one reader in haste
os.environ.setdefault("LOG_REQUESTS", "none")

from research_hub.settings import *  # noqa: F403
from research_hub.settings import BASE_DIR, DATABASES, STORAGES

# Two copies of the project may test side by side on one PostgreSQL server.
DATABASES["default"]["TEST"] = {"NAME": f"test_research_hub_{zlib.crc32(bytes(BASE_DIR)):08x}"}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, as in production: in memory, a page that is read while another is written would fail ("table is locked").
    _folder = tempfile.TemporaryDirectory(prefix="research-hub-tests-")
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder.name}/db.sqlite3"}
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SECURE_SSL_REDIRECT = False  # the test client speaks http
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "sessionid", "csrftoken"
SECOND_FACTOR_ROLES = []  # tests/accounts asks for it
SHARED_DATA = Path(BASE_DIR).parent / "shared" / "data"  # real records of others; absent in most places
