"""The site as it is deployed, over plain http on this machine, with one address more: that of a page that breaks."""

from research_hub.settings import *  # noqa: F403

ROOT_URLCONF = "tests.web.urls"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGGING = {}  # of the page that breaks
