"""Telling the cache in front of the site that the site has changed (CDN_PURGE_URL).

Every page may show a card, a name or a count of what was published, so a change ends the life of all of them there,
by the one key that all carry. Which version the cache was last told of is kept in the database: whatever prevents
the telling, publish_due makes up for it, and nobody who publishes waits.
"""

import json
import logging
import urllib.request
from threading import Lock, Thread

from django.conf import settings
from django.db import connection, transaction

from .models import ToldVersion
from .reader import stored_version

logger = logging.getLogger(__name__)

SITE_KEY = "site"
WAITS = 5  # seconds for the cache's answer

_one_at_a_time = Lock()


class NoDetour(urllib.request.HTTPRedirectHandler):
    """A redirect is an error: the token would go along to wherever it leads."""

    def redirect_request(self, *args, **kwargs):
        return None


ask = urllib.request.build_opener(NoDetour).open


def purge_later() -> None:
    """Once the transaction is committed, beside the answer to whoever changed something."""
    if settings.CDN_PURGE_URL:
        transaction.on_commit(lambda: Thread(target=_in_background, daemon=True).start(), robust=True)


def _in_background() -> None:
    try:
        purge()
    except OSError as error:
        logger.warning("The cache in front could not be told of a change; publish_due tells it again: %s", error)
    finally:
        connection.close()


def purge() -> bool:
    """Tell it, unless it knows; returns whether it was told. OSError where it does not answer."""
    if not settings.CDN_PURGE_URL:
        return False
    with _one_at_a_time:
        version = stored_version()
        told, _is_new = ToldVersion.objects.get_or_create(pk=ToldVersion.ONLY)
        if told.version >= version:
            return False
        _ask_to_forget(SITE_KEY)
        ToldVersion.objects.filter(pk=ToldVersion.ONLY, version__lt=version).update(version=version)
        return True


def _ask_to_forget(key: str) -> None:
    """In the words of most: Varnish and Fastly read the header, Cloudflare the body."""
    headers = {"Surrogate-Key": key, "Content-Type": "application/json"}
    if settings.CDN_PURGE_TOKEN:
        headers[settings.CDN_PURGE_HEADER] = settings.CDN_PURGE_TOKEN
    request = urllib.request.Request(
        settings.CDN_PURGE_URL, json.dumps({"tags": [key]}).encode(), headers, method=settings.CDN_PURGE_METHOD
    )
    with ask(request, timeout=WAITS):
        pass
