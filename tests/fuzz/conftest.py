"""How much is tried: little and always the same, as in CI; or, with FUZZ_EXAMPLES, so many at random of each property,
and all of each list."""

import os
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, settings

from tests.factories import make_author, make_event, make_publication, make_region, make_series, make_topic

ASKED = int(os.environ.get("FUZZ_EXAMPLES", "0"))


def tries(few: int):
    """For a test by hypothesis."""
    return settings(
        max_examples=ASKED or few,
        derandomize=not ASKED,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def some_of(things, turn: int, few: int) -> list:
    """A few of many things, others at each turn, so that the turns together come upon all; where asked for, all."""
    things = list(things)
    return things if ASKED else [things[(turn * few + step) % len(things)] for step in range(few)]


@pytest.fixture
def small_site(db):
    """One of everything that has a page, in both languages."""
    topic, region, author, series = make_topic(), make_region(), make_author(), make_series()
    words = {"title_es": "Ríos", "summary_es": "Lo que dice."}
    where = {"topics": [topic], "regions": [region]}
    make_publication("Rivers", authors=[author], series=series, media=["video"], **words, **where)
    make_publication("Lakes", date="", topics=[topic])
    make_event("A Seminar", speakers=[author], starts_at=datetime(2030, 1, 1, 18, tzinfo=UTC), **words, **where)
    return {"topic": topic, "region": region, "author": author, "series": series}
