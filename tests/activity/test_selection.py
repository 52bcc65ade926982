"""The keys of a list, asked in SQL, are those that the rows of the list say, narrowed in any way."""

from itertools import product

import pytest

from research_hub.activity.dates import read_iso
from research_hub.activity.kinds import KINDS
from research_hub.activity.models import KEY_LIMIT, LANGUAGE_BITS, Listing
from research_hub.activity.selection import Facets, Selection
from tests.factories import make_author, make_event, make_publication, make_topic, on

pytestmark = pytest.mark.django_db

DATES = [("", ""), ("2017", ""), ("", "2017-06-15"), ("2017-02-10", "2017-12"), ("2016-12-31", "2017-01-01")]


@pytest.fixture
def lists():
    topic, author = make_topic(), make_author()
    for n, date in enumerate(["2016", "2016-12-31", "2017", "2017-01", "2017-02-10", "2017-06-15", "2018-03", "", ""]):
        spanish = {"title_es": f"N {n}", "summary_es": "R."} if n % 2 else {}
        authors, media = [author] * (n % 3 == 0), ["video"] * (n % 4 == 0)
        make_publication(f"N {n}", date=date, topics=[topic], authors=authors, media=media, **spanish)
    for year in (2016, 2017):
        make_event(f"E {year}", starts_at=on(read_iso(f"{year}-12-30").lo), hours=72, topics=[topic], speakers=[author])
    type_ = topic.publications.first().type_id
    return (topic.list_number, author.list_number), type_


def rows_of(selection):
    """The same by reading every row of its lists."""
    first, *others = selection.lists
    for row in Listing.objects.filter(list_id=first).order_by("-sort_key"):
        sort = row.kind, row.type, row.languages, row.media > 0
        on_all = all(Listing.objects.filter(list_id=number, sort_key=row.sort_key).exists() for number in others)
        if not on_all or not selection.facets.take(sort):
            continue
        since, until = selection.days
        first_day = row.sort_key >> 32
        within = (not since or row.last_day >= since.toordinal()) and (not until or first_day <= until.toordinal())
        if not selection.is_dated or (within if first_day else selection.undated):
            yield row.sort_key


def test_keys_are_those_of_the_rows(lists):
    (topic, author), type_ = lists
    found = 0
    facets = [
        Facets(),
        Facets(kind=KINDS["event"].code),
        Facets(type=type_, media=True),
        *(Facets(language=language) for language in LANGUAGE_BITS),
    ]
    for numbers, (since, until), undated, facet in product([(topic,), (author, topic)], DATES, [False, True], facets):
        dates = [read_iso(text) if text else None for text in (since, until)]
        selection = Selection(numbers, *dates, undated, facet)
        expected = list(rows_of(selection))
        counts = selection.counts()
        total, without = facet.total(counts.found), facet.total(counts.undated) if undated else 0
        assert total == len(expected)
        assert selection.keys(0, 20, total, without) == expected
        assert selection.keys(1, 3, total, without) == expected[1:3]
        assert selection.keys_below(KEY_LIMIT, 20) == expected
        if expected:
            assert selection.keys_below(expected[0], 2) == expected[1:3]
        found += len(expected)
    assert found
