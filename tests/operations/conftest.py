import io
import json
import logging

import pytest

from research_hub.operations import readiness
from research_hub.operations.logs import JsonLines, WhatIsAsked


@pytest.fixture
def log(settings):
    """What the site writes to its log in a test, each line as what it says."""
    settings.LOG_REQUESTS = "all"
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    handler.addFilter(WhatIsAsked())
    logging.getLogger().addHandler(handler)
    handler.lines = lambda logger="": [
        line for line in map(json.loads, stream.getvalue().splitlines()) if line["logger"].startswith(logger)
    ]
    handler.text = stream.getvalue
    yield handler
    logging.getLogger().removeHandler(handler)


@pytest.fixture(autouse=True)
def _nothing_is_known_to_be_ready():
    readiness.within.cache_clear()
    readiness.is_migrated.cache_clear()
