"""The twins of a list: the same entries as the page shows, with the same filter and in the same order, as files that
stand beside it. Further apps may register more (events/calendar.py)."""

from .base import TWINS, Twin, beside, listed, register_twin, since_ever
from .feeds import AtomFeed, JsonFeed, RssFeed
from .podcast import Podcast
from .table import Table

__all__ = ["TWINS", "Twin", "beside", "listed", "register_twin", "since_ever"]

for twin in (AtomFeed, RssFeed, JsonFeed, Podcast, Table):
    register_twin(twin)
