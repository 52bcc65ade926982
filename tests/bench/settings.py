"""The site as it is deployed, with a bare page beside it to measure by."""

import os

os.environ.setdefault("SECRET_KEY", "only-for-the-bench-0123456789-ABCDEFGHIJKLMNOPQRSTUVW")
os.environ.setdefault("DATA_DIR", "var/bench")
os.environ.setdefault("ALLOWED_HOSTS", "127.0.0.1")
os.environ.setdefault("LOG_REQUESTS", "none")  # a line for each would bury the tables
os.environ.setdefault("PAGES_MADE_PER_MINUTE", "0")  # all readers come from one address

from research_hub.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.urls"
