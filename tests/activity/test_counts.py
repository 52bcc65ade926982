"""Any stretch of a list is counted right from counters: the sum over periods is what looking at each entry says."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest

from research_hub.activity.counts import BETWEEN, cells_of, read_counts, within
from research_hub.activity.dates import PartialDate, Precision
from research_hub.activity.kinds import OWNERS
from research_hub.activity.models import EVERYTHING, List, Listing, PeriodCount
from research_hub.activity.sync import PLACE_COLUMNS, add_to_counters

pytestmark = pytest.mark.django_db

START = date(2015, 11, 1)


def some_date(chance: random.Random) -> PartialDate:
    day = START + timedelta(days=chance.randrange(800))
    last = day + timedelta(days=chance.choice([1, 5, 40, 366]))
    dates = [PartialDate.day(day)] * 3 + [PartialDate.days(day, last), PartialDate.month(day.year, day.month)]
    return chance.choice([*dates, PartialDate.year(day.year)])


def fill(number: int, chance: random.Random, n=300) -> list[PartialDate]:
    """Put n entries on a list, with their counters."""
    List.objects.get_or_create(pk=number)
    dates = [some_date(chance) for _ in range(n)]
    places = {
        (
            spell.sort_key(position), number, chance.choice([1, 2]), chance.choice([0, 1, 2]), chance.choice([1, 2, 3]),
            chance.choice([0, 0, 1, 3]), spell.hi.toordinal(), True,
            spell.precision == Precision.DAY and (spell.lo.year, spell.lo.month) != (spell.hi.year, spell.hi.month),
        )
        for position, spell in enumerate(dates, start=1)
    }  # fmt: skip
    Listing.objects.bulk_create([Listing(**dict(zip(PLACE_COLUMNS, place, strict=True))) for place in places])
    add_to_counters(cells_of(places))
    return dates


def days(chance: random.Random, dates: list[PartialDate]):
    """A first and a last day: within a month, at the ends of entries, months and years, far apart, or open."""
    first = chance.choice([START + timedelta(days=chance.randrange(-40, 1200)), chance.choice(dates).hi])
    last = first + timedelta(days=chance.choice([0, 1, 12, 45, 400, 900]))
    first = chance.choice([first, first.replace(day=1), date(first.year, 1, 1), None])
    last = chance.choice([last, date(last.year, 12, 31), None])
    return (first, last) if not (first and last and first > last) else (last, first)


@pytest.mark.parametrize("number", [EVERYTHING, "author"])
@pytest.mark.parametrize("seed", range(4))
def test_what_lies_between_two_days_is_counted_as_by_hand(seed, number):
    chance = random.Random(seed)
    number = number if number == EVERYTHING else 1 << 3 | OWNERS["author"].code
    dates = fill(number, chance)
    for _ in range(120):
        first, last = days(chance, dates)
        counted = +read_counts(number, True, first, last)[BETWEEN]
        by_hand = sum(
            spell.overlaps(first and PartialDate.day(first), last and PartialDate.day(last)) for spell in dates
        )
        assert counted.total() == by_hand, (first, last)
        rows = within(Listing.objects.filter(list_id=number), first, last)
        sorts = Counter(
            (kind, sort, languages, media > 0)
            for kind, sort, languages, media in rows.values_list("kind", "type", "languages", "media")
        )
        assert counted == sorts, (first, last)


def test_counters_that_are_taken_back_are_nothing():
    chance = random.Random(9)
    fill(EVERYTHING, chance)
    places = set(Listing.objects.values_list(*PLACE_COLUMNS))
    change = Counter()
    change.subtract(cells_of(places))
    add_to_counters(change)
    assert not PeriodCount.objects.exclude(n=0, carried=0).exists()
